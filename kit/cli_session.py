"""What every command does around its work: show progress, tell notes and sources, turn errors into one line."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from kit.cli_words import in_words_of_the_command_line, trouble_with_a_file
from kit.errors import DataQualityWarning, KitError

if TYPE_CHECKING:
    from rich.console import Console

    from kit.model.source import Source


def epilog(*examples: str) -> str:
    """Write examples so that each keeps a line of its own.

    Parameters
    ----------
    *examples : str
        Commands.

    Returns
    -------
    str
        The end of a help text.
    """
    return "\n\n".join(["[bold]Examples[/bold]", *(f"  {example}" for example in examples)])


def open_console(*, stderr: bool = False) -> Console:
    """Make a console that writes text as it is.

    Parameters
    ----------
    stderr : bool
        Write to standard error.

    Returns
    -------
    rich.console.Console
        No markup, no colours of its own, long lines left whole.
    """
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)


@contextmanager
def session() -> Iterator[Console]:
    """Show progress and notes, and turn deliberate errors into one line and a status.

    Yields
    ------
    rich.console.Console
        Where results are written.

    Raises
    ------
    typer.Exit
        With status 1 after a deliberate error, 130 when stopped by hand.
    """
    from kit.settings import using

    errors = open_console(stderr=True)

    def note(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
        words = in_words_of_the_command_line(str(message))
        errors.print(f"Note: {words}" if issubclass(category, DataQualityWarning) else f"Warning: {words}")

    try:
        with warnings.catch_warnings(), using(progress=True):
            warnings.simplefilter("always", DataQualityWarning)
            warnings.showwarning = note
            yield open_console()
    except KitError as error:
        errors.print(f"Error: {in_words_of_the_command_line(str(error))}")
        raise typer.Exit(1) from None
    except BrokenPipeError:  # The reader of our output has gone, as `| head` does.
        raise
    except OSError as error:
        errors.print(f"Error: {trouble_with_a_file(error)}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        errors.print("Stopped. Files that were being written are as they were before.")
        raise typer.Exit(130) from None


def check_words(group: str, base: str) -> None:
    """Refuse a misspelt group or base before long work begins.

    Parameters
    ----------
    group, base : str
        Definition id and universe id.

    Raises
    ------
    InputError
        One of them is not in the vocabulary.
    """
    from kit.model.groups import base_of, definition

    definition(group)
    base_of(base)


def tell_notes(console: Console, notes: Iterable[str]) -> None:
    """Write notes, one a line, each once.

    Parameters
    ----------
    console : rich.console.Console
        Where to.
    notes : iterable of str
        What a reader must know.
    """
    for note in dict.fromkeys(notes):
        console.print(f"- {in_words_of_the_command_line(note)}")


def tell_sources(console: Console, sources: Iterable[Source]) -> None:
    """Write sources, and say that sample data is sample data.

    Parameters
    ----------
    console : rich.console.Console
        Where to.
    sources : iterable of Source
        Where figures came from.
    """
    each = tuple(dict.fromkeys(sources))
    console.print("Sources:")
    for source in each:
        console.print(f"- {source.citation()} {source.note if not source.sample else ''}".rstrip())
    stamp(console, each)


def stamp(console: Console, sources: Iterable[Source]) -> None:
    """Say that sample data is sample data.

    Parameters
    ----------
    console : rich.console.Console
        Where to.
    sources : iterable of Source
        Where figures came from.
    """
    if any(source.sample for source in sources):
        from kit.samples import STAMP

        console.print(f"{STAMP[:1].upper()}{STAMP[1:]}.")
