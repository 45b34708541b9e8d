"""The commands ``kit new hearing`` and ``kit build``: one file, one packet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.cli_session import epilog, session

NEW_EXAMPLES = (
    "kit new hearing",
    'kit new hearing city_hall --body "City Council" --date 2030-01-15 --speaker "May Lee" --contact may@example.org',
)
BUILD_EXAMPLES = (
    "kit build hearing.toml",
    "kit build hearing.toml --out packet_for_the_council",
    "kit build --check packet",
)
new = typer.Typer(help="Write a file to begin with.", no_args_is_help=True, rich_markup_mode="rich")


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    """
    app.add_typer(new, name="new")
    app.command("build", epilog=epilog(*BUILD_EXAMPLES))(_build)


@new.callback()
def _new() -> None:
    """Write a file to begin with."""


@new.command("hearing", epilog=epilog(*NEW_EXAMPLES))
def _new_hearing(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Folder of hearing.toml.")] = Path(),
    *,
    body: Annotated[str | None, typer.Option(help="Who holds the hearing.")] = None,
    date: Annotated[str | None, typer.Option(help="Date of the hearing, such as 2030-01-15.")] = None,
    time: Annotated[str | None, typer.Option(help="When it begins.")] = None,
    place: Annotated[str | None, typer.Option(help="Where it is held.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Whose districts are drawn.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Who speaks.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Who the speaker stands for.")] = None,
    contact: Annotated[str | None, typer.Option(help="How to reach the speaker.")] = None,
    ask: Annotated[str | None, typer.Option(help="What is asked for, in one sentence.")] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Language of the packet, such as vi; again for a further one.")
    ] = None,
) -> None:
    """Write a commented hearing.toml that builds at once on the sample.

    On a terminal it asks for what no option says; an empty answer keeps what stands there.
    """
    with session() as console:
        from dataclasses import replace

        from kit.hearing_new import QUESTIONS, Answers, new_hearing, require_new

        require_new(folder)
        given = {
            "body": body,
            "date": date,
            "time": time,
            "place": place,
            "jurisdiction": jurisdiction,
            "speaker": speaker,
            "organisation": organisation,
            "contact": contact,
            "ask": ask,
        }
        said: dict[str, Any] = {key: word for key, word in given.items() if word is not None}
        answers = replace(Answers(languages=tuple(language or ("en",))), **said)
        if sys.stdin.isatty():
            asked = {key: text for key, text in QUESTIONS.items() if given[key] is None}
            told: dict[str, Any] = {
                key: typer.prompt(text, default=getattr(answers, key)) for key, text in asked.items()
            }
            answers = replace(answers, **told)
        path = new_hearing(folder, answers)
        console.print(f"Wrote {path}\nIt builds at once on sample data. Edit it, then: kit build {path}")


def _build(
    hearing: Annotated[
        Path | None, typer.Argument(metavar="HEARING.TOML", help="The hearing file.", show_default=False)
    ] = None,
    *,
    out: Annotated[Path | None, typer.Option(help="Folder of the packet; else packet beside the file.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a packet though files in it were changed or added.")
    ] = False,
    check: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Make this packet again, and say what differs.")
    ] = None,
) -> None:
    """Make the whole packet of a hearing, or prove that an old one can be made again.

    With --check: status 1 when an input or a file differs.
    """
    with session() as console:
        from kit.errors import InputError
        from kit.hearing import build_hearing, check_build

        if check is not None:
            if out is not None or replace:
                raise InputError("--check compares and writes nothing; leave --out and --replace out.")
            found = check_build(check, hearing)
            console.print(found.summary())
            if not found.same:
                raise typer.Exit(1)
            return
        if hearing is None:
            raise InputError("say which hearing: kit build hearing.toml. `kit new hearing` writes one.")
        made = build_hearing(hearing, out, replace=replace)
        for path in made.paths:
            console.print(str(path.relative_to(made.folder)))
        console.print(f"\n{made.folder}: {made.summary()}")
