"""What the command line says when something is wrong, and what it refuses to write over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit.cli_inputs import SAMPLE
from kit.errors import InputError

# Advice as the functions give it → as the command line takes it.
_OPTIONS = (
    (
        "Read voting districts, or a plan with polygons.",
        "If the units are voting districts, say --level vtd; else read a plan with polygons.",
    ),
    ('use rule="point", or add their polygons', "use --areas-by point, or add their polygons"),
    ("Pass complete=True if they are.", "Pass --complete if they are."),
    ("Pass the one that names them as name=.", "Name it with --name-column."),
    ("pass that as name=", "name that with --name-column"),
    (" (shapes.dissolve(by=...))", ""),
    ("method=", "--method "),
    ("minimum=", "--minimum "),
    ("permutations=", "--permutations "),
    ("rule='", "--neighbours '"),
    ('outside="report"', "--outside report"),
    ('rule="assignment"', "--rule assignment"),
    ('rule="point"', "--rule point"),
    ('rule="area"', "--rule area"),
    ('crs="EPSG:4269"', "--plan-crs EPSG:4269"),
    ("units.with_geometry(...)", "--shapes FILE"),
    ('Pass id="row"', "Pass --plan-id row"),
    ("Pass one of them as id=", "Name one of them with --plan-id"),
    ("Pass another column as id=", "Name another column with --plan-id"),
    ('level="block"', "--level block"),
    ("give level=", "give --level"),
    ("pass another column as id=", "name another column with --plan-id"),
    ("or pass id=.", "or name it with --plan-id."),
    ("pass crs= with", "pass --plan-crs with"),
    ("pass the right crs=", "pass the right --plan-crs"),
    ("Leave crs= out", "Leave --plan-crs out"),
    ("pass it as source=", "name it as UNITS"),
)


def in_words_of_the_command_line(message: str) -> str:
    """Put advice that names arguments of Python functions in the words of the command line.

    Parameters
    ----------
    message : str
        An error of the kit.

    Returns
    -------
    str
        The same, with options instead of arguments.

    Examples
    --------
    >>> in_words_of_the_command_line('check the list, or pass outside="report".')
    'check the list, or pass --outside report.'
    """
    for theirs, ours in _OPTIONS:
        message = message.replace(theirs, ours)
    if "kit.GROUPS" in message:
        from kit.model.groups import DEFINITIONS

        message = message.replace("kit.GROUPS", ", ".join(name for name in DEFINITIONS if name != "total"))
    return message


def refuse_overwriting(read: Sequence[str | None], written: Sequence[Path]) -> None:
    """Refuse to write a file over one that is to be read.

    Parameters
    ----------
    read : sequence of str or None
        Units, plan and shapes as typed.
    written : sequence of pathlib.Path
        Files that are to be made.

    Raises
    ------
    InputError
        A file to be made is one of those to be read.
    """
    sources = {Path(word).expanduser().resolve() for word in read if word and not word.startswith(SAMPLE)}
    for path in written:
        if path.expanduser().resolve() in sources:
            raise InputError(
                f"{path.name} would be written over the file it is made from. Give the output another name."
            )


def trouble_with_a_file(error: OSError) -> str:
    """Say in one line what kept a file from being read or written.

    Parameters
    ----------
    error : OSError
        What the system said.

    Returns
    -------
    str
        The file or folder, the reason, and what to check.
    """
    reason = error.strerror or type(error).__name__
    if not error.filename:
        return f"a file cannot be read or written: {reason}. Check the disk and the path."
    path = Path(str(error.filename))
    # A name with a dot is that of the temporary file beside the one asked for.
    what = f"the folder {path.parent.name!r}" if path.name.startswith(".") else repr(path.name)
    return f"{what} cannot be read or written: {reason}. Check that it exists, and that you may write there."
