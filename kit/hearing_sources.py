"""Reading units from a sample or a table as a hearing file describes them, and what many people sent in."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kit.errors import InputError, KitError
from kit.hearing_file import Hearing
from kit.hearing_keys import SAMPLE, UnitsFrom
from kit.model.frames import Units
from kit.model.submissions import Submissions

if TYPE_CHECKING:
    from kit.samples import Sample


@lru_cache(maxsize=1)
def sample_of(word: str) -> Sample:
    """Load the sample that a word names, once for units, plans and communities.

    Parameters
    ----------
    word : str
        As it stands in the file, such as ``sample:fictional_county``.

    Returns
    -------
    Sample
        Loaded.
    """
    from kit.samples import load_sample

    return load_sample(word.removeprefix(SAMPLE))


def table_of(hearing: Hearing, given: UnitsFrom, key: str) -> Units:
    """Read a table of units, with the captions that the file gives it.

    Parameters
    ----------
    hearing : Hearing
        The file.
    given : UnitsFrom
        What it says of the table.
    key : str
        Where it says so, such as ``units``.

    Returns
    -------
    Units
        Counts by GEOID.

    Raises
    ------
    KitError
        The table cannot be read, or none of its columns is known.
    """
    from kit.sources.local import read_units
    from kit.sources.local_files import column_names

    path = hearing.path_of(given.source)
    columns = dict(given.columns)
    own = [name for name in column_names(path, None) if _is_ours(name) and name not in columns]
    columns |= {name: name for name in own if name not in columns.values()}
    if not columns:
        raise InputError(
            f"{key}.columns: missing; no column of {path.name} is named as the kit names them. "
            "Say what its columns are: columns = { TOTPOP = 'total_pop', … }."
        )
    units = read_units(
        path, id=given.id, columns=columns, level=given.level, year=given.year, crs=given.crs, adjusted=given.adjusted
    )
    sources = (
        replace(one, title=given.title or one.title, publisher=given.publisher or one.publisher)
        for one in units.sources
    )
    return replace(units, sources=tuple(sources))


def _is_ours(name: str) -> bool:
    """Tell whether a file's column already has a name of the kit."""
    from kit.model.groups import parse_column
    from kit.model.tables import canonical

    return name == "name" or bool(parse_column(name.removesuffix("_moe")) or canonical(name))


def read_submissions(hearing: Hearing) -> Submissions | None:
    """Read what many people sent in.

    Parameters
    ----------
    hearing : Hearing
        The file.

    Returns
    -------
    Submissions or None
        None where the file names none.

    Raises
    ------
    KitError
        They cannot be read.
    """
    given = hearing.submissions
    if given is None:
        return None
    if given.startswith(SAMPLE):
        if hearing.units.kind != "sample":
            raise InputError(f"submissions: {given!r} needs units of a sample.")
        return sample_of(hearing.units.source).submissions()
    from kit.sources.community_files import read_communities

    try:
        return read_communities(hearing.path_of(given))
    except KitError as error:
        raise type(error)(f"submissions: {error}") from None
