"""How the Census API calls levels of geography, and the GEOIDs of its replies."""

from __future__ import annotations

import pandas as pd

from kit.errors import Corrupt, first_few
from kit.model.geoid import LEVELS, NATIONWIDE, NESTED

GEOGRAPHY = {
    "state": "state",
    "county": "county",
    "tract": "tract",
    "block_group": "block group",
    "block": "block",
    "county_subdivision": "county subdivision",
    "place": "place",
    "congressional_district": "congressional district",
    "state_senate": "state legislative district (upper chamber)",
    "state_house": "state legislative district (lower chamber)",
    "nation": "us",
    "native_area": "american indian area/alaska native area/hawaiian home land",
}
"""Level → its name in a question."""


def _columns(level: str) -> list[str]:
    """Name the columns of a reply that make up the GEOID."""
    if level in NATIONWIDE:
        return [GEOGRAPHY[level]]
    if level not in NESTED:
        return ["state", *(["county"] if level == "county_subdivision" else []), GEOGRAPHY[level]]
    names = NESTED[: NESTED.index(level) + 1]
    return [GEOGRAPHY[name] for name in names if level != "block" or name != "block_group"]


def geoids_of(part: pd.DataFrame, level: str, asked: str) -> pd.Index:
    """Compose GEOIDs from the geography columns and hold them against GEO_ID.

    Parameters
    ----------
    part : pandas.DataFrame
        Text of a reply, with its geography columns.
    level : str
        Level of geography.
    asked : str
        The question, for messages.

    Returns
    -------
    pandas.Index
        GEOIDs as text, in the order of the rows.

    Raises
    ------
    Corrupt
        A column is missing, ids are unusable or doubled, or they disagree.
    """
    columns = _columns(level)
    absent = [name for name in columns if name not in part.columns]
    if absent:
        raise Corrupt(f"the Census API's reply for {asked} lacks the column {first_few(absent)}.")
    ids = part[columns[0]]
    for name in columns[1:]:
        ids = ids + part[name]
    if level == "nation":
        ids = ids.mask(ids == "1", "US")
    elif "GEO_ID" in part.columns and not (part["GEO_ID"].str.replace(r"^.*US", "", regex=True) == ids).all():
        raise Corrupt(f"GEO_ID and the geography columns disagree in the Census API's reply for {asked}.")
    digits = LEVELS[level].digits or 4  # Native areas have four.
    bad = ids[~ids.str.fullmatch(rf"{'[0-9]' if level in NESTED else '[0-9A-Z]'}{{{digits}}}")]
    if len(bad) or ids.duplicated().any():
        odd = bad if len(bad) else ids[ids.duplicated()]
        raise Corrupt(f"the Census API's reply for {asked} has unusable or doubled ids: {first_few(odd)}.")
    return pd.Index(ids.to_numpy(), dtype="str", name="GEOID")
