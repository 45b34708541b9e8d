"""Connecticut's planning regions: survey codes of 2022 and later, back to the counties of the 2020 census."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.i18n.messages import mark, say
from kit.model.frames import Units

STATE = "09"
REGIONS = frozenset(f"{STATE}{number}" for number in range(110, 200, 10))


def in_regions(ids: pd.Index) -> bool:
    """Tell whether ids are in planning regions.

    Parameters
    ----------
    ids : pandas.Index
        GEOIDs of counties or smaller areas.

    Returns
    -------
    bool
        True when any of them is.
    """
    return bool(ids.str[:5].isin(list(REGIONS)).any())


def to_counties(units: Units, like: Units, *, table: Mapping[str, str] | None = None) -> Units:
    """Give Connecticut tracts or block groups the county codes of the 2020 census.

    Parameters
    ----------
    units : Units
        Tracts or block groups; those in planning regions are recoded.
    like : Units
        Units of the 2020 census with county codes, the same size or smaller,
        such as the blocks to allocate to.
    table : mapping of str to str, optional
        GEOID with a planning region → GEOID with a county, where the number
        of the tract alone does not tell.

    Returns
    -------
    Units
        The same counts under county codes. Areas without people that cannot
        be told apart, such as water, are left out; the notes say how many.

    Raises
    ------
    InputError
        The units are not tracts or block groups, or there are no regions.
    CoverageError
        An area with people has no county, or could be in two.
    SchemaError
        Two areas would get one code.

    Notes
    -----
    Tract numbers are unique within the State, save for those of water; the
    number of the tract and of the block group thus tells the county.
    """
    if units.level not in {"tract", "block_group"}:
        raise InputError(f"only tracts and block groups are recoded, not {units.plural}.")
    ids = units.frame.index
    if not in_regions(ids):
        raise InputError(
            f"none of these {units.plural} is in a planning region of Connecticut, first {first_few(ids)}."
        )
    digits = 11 if units.level == "tract" else 12
    old = pd.Index(like.frame.index.str[:digits].unique())
    old = old[old.str.startswith(STATE) & ~old.str[:5].isin(list(REGIONS))]
    codes = pd.Series(old, index=old.str[5:])
    single = codes[~codes.index.duplicated(keep=False)]
    moving = ids.str[:5].isin(list(REGIONS))
    found = pd.Series(ids, index=ids, dtype=object)
    found[moving] = single.reindex(ids[moving].str[5:]).to_numpy()
    if table is not None:
        given = found.index.map(table.get).to_series(index=found.index)
        found = given.where(given.notna(), found)
    counts = units.frame.select_dtypes("number")
    empty = (counts == 0) | counts.columns.str.endswith("_moe")
    nobody = empty.all(axis=1) & counts.notna().all(axis=1)
    unknown = found.isna()
    if (unknown & ~nobody).any():
        lost = ids[(unknown & ~nobody).to_numpy()]
        twice = int(lost.str[5:].isin(codes.index).sum())
        raise CoverageError(
            f"{len(lost):,} {units.plural} with people have no one county in 2020, first {first_few(lost)}: {twice:,} "
            f"have a number that stands in several counties, the others in none. Pass table= with their county codes."
        )
    kept = found[~unknown]
    doubled = kept[kept.duplicated(keep=False)]
    if len(doubled):
        raise SchemaError(f"{len(doubled):,} {units.plural} would share a code: {first_few(doubled.unique())}.")
    frame = units.frame.loc[kept.index].set_axis(pd.Index(kept.to_numpy(), dtype="str", name=ids.name))
    moved = int((moving & ~unknown.to_numpy()).sum())
    notes = [say("{number:,} {units} of Connecticut got county codes of 2020.", number=moved, units=units.plural)]
    if unknown.any():
        told = mark("{number:,} without people could not be placed and were left out.")
        notes.append(say(told, number=int(unknown.sum())))
    shapes = None if units.geometry is None else units.geometry.loc[kept.index].set_axis(frame.index)
    return replace(units, frame=frame, geometry=shapes, notes=(*units.notes, *notes), shared_out=None)
