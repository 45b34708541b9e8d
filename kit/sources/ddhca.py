"""The 2020 Detailed DHC-A: people of detailed groups, with what is withheld kept as withheld."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.files import sha256
from kit.model.detail import DETAIL, meant
from kit.model.detail_data import ENTRIES, plain, spelled
from kit.model.frames import Source, Units
from kit.model.geoid import LEVELS, NATIONWIDE, State, place_of
from kit.model.geoid import level as find_level
from kit.settings import census_key, current
from kit.sources.acs_values import as_figures
from kit.sources.api_areas import GEOGRAPHY, geoids_of
from kit.sources.ddhca_files import (
    CELL,
    DDHCA_PATH,
    find_table,
    group_names,
    is_published,
    read_published,
    read_table,
    split_label,
)

YEAR = 2020
LEVELS_READ = ("state", "county", "tract", "place", "nation", "native_area")
WITHHELD = "withheld: the Census Bureau gives no number here"
NOT_THERE = "not published: no count of this group for this area, as where it is small"
NOISE = (
    "Privacy noise was drawn for each figure by itself, with nothing to make figures agree: areas do not add up to "
    "larger ones, groups not to regions, and sums are less accurate than published figures. Use the largest published "
    "area that answers the question."
)
MARGIN = (
    "The Census Bureau states the margin of error of this noise in the technical documentation; carry it beside the "
    "figure. No sampling is involved, so it is not comparable with a margin of the American Community Survey."
)
SUPPRESSED = (
    "A missing figure is not zero: the count was withheld or is not published for so small a group. Show it as not "
    "available."
)


def read_ddhca(
    groups: str | Sequence[str],
    place: str,
    *,
    year: int,
    level: str,
    source: str | os.PathLike[str] | None = None,
    labels: str | os.PathLike[str] | None = None,
) -> Units:
    """Read people of detailed Asian and NHPI groups, alone and alone or in any combination.

    Parameters
    ----------
    groups : str or sequence of str
        Ids of `kit.DETAIL` such as ``"hmong"`` or ``"south_asian"``, or names
        as published, such as ``"Palauan"``.
    place : str
        A State, the District of Columbia or Puerto Rico; ``"US"`` for the
        nation and for native areas.
    year : {2020}
        Census year.
    level : {"state", "county", "tract", "place", "nation", "native_area"}
        Level of geography; take the largest that answers the question.
    source : {"api", "bulk"} or path-like, optional
        ``"api"`` needs a key; ``"bulk"`` downloads the published zip of the
        whole country, which needs none. A path is that zip or its table
        ``ddhca_t01001.csv``, or a table of the groups, one row an area and
        group, as CSV or as a JSON reply. By default the zip where it is in
        the cache, else the API where there is a key, else the zip.
    labels : path-like, optional
        For the zip: the Bureau's list of race iterations, which says the code
        of each group (``.xlsx``), or the API's ``POPGROUP.json``; by default
        the list is fetched, or found in the cache.

    Returns
    -------
    Units
        ``.frame`` by GEOID, in people: ``hmong_alone`` and ``hmong_aoic`` for
        each group, each with ``_reason``, which says why a figure is missing,
        and ``_moe`` where the file has margins. ``.additive`` is False: adding
        areas is refused. From the API every area of the level is a row; from
        the zip every area that it has any group of, without names.

    Raises
    ------
    InputError
        Groups, place, year, level or source cannot be understood.
    NotPublished
        There is no such group, year or level; the message names the nearest.
    KeyMissing, Offline
        The API is needed, and there is no key or no network.
    SchemaError
        A file lacks columns, or has an area twice for one group.
    Corrupt
        A file or reply is damaged.

    Notes
    -----
    Counts of people (table T01001) only: ages by sex (T02001 to T02003) are
    published for fewer groups and areas the smaller these are, and are not
    read. Neither the API nor the zip has a margin for each figure; the
    technical documentation states them by kind of area and group, and a local
    table with a column ``moe`` carries its own. A district takes over a figure
    only where it is exactly one published area.

    References
    ----------
    U.S. Census Bureau, 2020 Census Detailed Demographic and Housing
    Characteristics File A, technical documentation.
    """
    what = find_level(level).name
    where = place_of(place, what, product="P.L. 94-171")
    if year != YEAR:
        raise NotPublished(f"the Detailed DHC-A is published for 2020, not for year={year!r}.")
    wanted = _wanted([groups] if isinstance(groups, str) else list(groups), what)
    rows, areas, facts = _read(_choose(source), wanted, where, what, None if labels is None else Path(labels))
    frame = _laid_out(rows, wanted, areas)
    made = Source(
        title=f"2020 Census Detailed Demographic and Housing Characteristics File A (Detailed DHC-A), {where.name}",
        publisher="U.S. Census Bureau",
        year=YEAR,
        tables="T01001",
        level=what,
        uncertainty="disclosure noise",
        note=f"{NOISE} {MARGIN}",
        license="public domain (U.S. Government work)",
        **facts,
    )
    return Units(frame, what, YEAR, (made,), notes=(NOISE, *_notes(frame, what)), additive=False)


@dataclass(frozen=True)
class _Group:
    """A group asked for."""

    name: str
    labels: frozenset[str]
    listed: bool


def _wanted(groups: list[str], level: str) -> list[_Group]:
    """Look groups up in the registry; a name it does not have is taken as published."""
    if level not in LEVELS_READ:
        raise NotPublished(
            f"the Detailed DHC-A is not published by {LEVELS[level].plural if level in LEVELS else level}; the nearest "
            "is level='tract', and the largest area that answers the question is the most accurate."
        )
    if not groups:
        raise InputError("groups is empty; give ids of kit.DETAIL, such as 'hmong', or names as published.")
    found = []
    for group in groups:
        text = str(group).strip()
        name = text if text in ENTRIES else DETAIL.find(text) or DETAIL.find(text, "nhpi")
        if name:
            DETAIL.require(name, source="ddhca", level=level, year=YEAR)
            found.append(_Group(name, frozenset(map(plain, ENTRIES[name].spellings)), listed=True))
        else:
            found.append(
                _Group(re.sub(r"\W+", "_", text.casefold()).strip("_"), frozenset({plain(text)}), listed=False)
            )
    return found


def _choose(source: str | os.PathLike[str] | None) -> str | Path:
    """Settle where to read from."""
    if source is not None:
        return str(source) if source in {"api", "bulk"} else Path(source)
    from kit.sources.download import cached_path

    kept = cached_path(DDHCA_PATH).exists()
    return "api" if not kept and (census_key() or current().offline) else "bulk"


def _read(
    origin: str | Path, wanted: list[_Group], where: State, level: str, labels: Path | None
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Read rows and areas from wherever, and say where that was."""
    if origin == "api":
        return _from_api(wanted, where, level)
    if origin == "bulk":
        from kit.sources.download import describe_file, fetch

        path = fetch(DDHCA_PATH, what="the Detailed DHC-A")
        facts = {**describe_file(path), "sha256": sha256(path)}
    else:
        path = Path(origin)
        facts = {"where": path.name, "sha256": sha256(path) if path.is_file() else ""}
    if origin == "bulk" or is_published(path):
        table = find_table(path)
        names = group_names(labels)
        _refuse_unknown(wanted, {split_label(label)[0] for label in names.values()}, "the list of groups")
        every = frozenset(label for group in wanted for label in group.labels)
        rows, ids = read_published(table, names, every, level=level, prefix=where.fips)
        return rows, pd.DataFrame(index=ids), facts
    if labels is not None:
        raise InputError(f"labels= is for the published zip, and {path.name} has labels of its own. Leave it out.")
    rows = read_table(path, level=level, prefix=where.fips)
    _refuse_unknown(wanted, set(rows["label"]), path.name)
    return rows, pd.DataFrame(index=pd.Index(sorted(rows["geoid"].unique()), dtype="str", name="GEOID")), facts


# --- the API ----------------------------------------------------------------------------------------


def _from_api(wanted: list[_Group], where: State, level: str) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Find the groups' codes by label, then ask for each at the level."""
    from kit.sources import census_api

    session = census_api.ApiSession()
    wide = level in NATIONWIDE
    listed = _ask(session, "*", "nation" if wide else "state", where.fips)
    codes = {split_label(label): code for label, code in zip(listed["POPGROUP_LABEL"], listed["POPGROUP"], strict=True)}
    _refuse_unknown(wanted, {name for name, _ in codes}, f"the Detailed DHC-A for {where.name}")
    every = census_api.query("dec/dhc" if wide else "dec/pl", ["NAME"], year=YEAR, level=level, state=where.fips)
    parts = []
    for group in wanted:
        for (label, how), code in codes.items():
            if label in group.labels and how:
                got = _ask(session, code, level, where.fips)
                parts.append(pd.DataFrame({"geoid": got.index, "label": label, "how": how, "count": got[CELL]}))
    empty = pd.DataFrame(columns=["geoid", "label", "how", "count"], dtype="object")
    rows = pd.concat(parts, ignore_index=True) if parts else empty
    facts = {"where": f"{current().api_url}/{YEAR}/dec/ddhca", "retrieved": min(session.times, default="")}
    return rows, every.frame.rename(columns={"NAME": "name"}), facts


def _ask(session: Any, code: str, level: str, fips: str) -> pd.DataFrame:
    """Ask for one population group, or with ``*`` for all."""
    asked = {"for": f"{level}:*", "in": f"state:{fips}"}
    if level in NATIONWIDE:
        asked = {"for": f"{GEOGRAPHY[level]}:{'1' if level == 'nation' else '*'}"}
    elif level == "state":
        asked = {"for": f"state:{fips}"}
    elif level == "tract":
        asked["in"] += " county:*"
    fields = f"NAME,POPGROUP_LABEL,{CELL},GEO_ID"
    url = f"{current().api_url}/{YEAR}/dec/ddhca"
    try:
        header, *rows = session.get(url, params={"get": fields, **asked, "POPGROUP": code}).json()
    except NotPublished:
        return pd.DataFrame(columns=["POPGROUP_LABEL", "POPGROUP", CELL], dtype="str")
    part = pd.DataFrame(rows, columns=header, dtype="object")
    if "POPGROUP" not in part.columns:
        raise Corrupt("the Census API's reply for the Detailed DHC-A does not say which group a row is of. Ask again.")
    if code == "*":
        return part
    return part.set_axis(geoids_of(part, level, asked["for"]))


# --- laying out -------------------------------------------------------------------------------------


def _refuse_unknown(wanted: list[_Group], labels: set[str], what: str) -> None:
    """A group that the registry does not have must at least be in the source."""
    from difflib import get_close_matches

    for group in wanted:
        if group.listed or group.labels & labels:
            continue
        text = next(iter(group.labels))
        near = meant(text) or get_close_matches(
            text, labels | set(spelled("asian")) | set(spelled("nhpi")), n=3, cutoff=0.6
        )
        hint = f"The nearest names: {', '.join(near)}." if near else "Names are as published; ids are in kit.DETAIL."
        raise NotPublished(f"{what} has no group called {text!r}. {hint}")


def _laid_out(rows: pd.DataFrame, wanted: list[_Group], areas: pd.DataFrame) -> pd.DataFrame:
    """Give each group and way of counting a column, and each missing figure a reason."""
    made: dict[str, Any] = {}
    for group in wanted:
        for how in ("alone", "aoic"):
            some = rows[rows["label"].isin(group.labels) & (rows["how"] == how)]
            twice = some["geoid"][some["geoid"].duplicated()]
            if len(twice):
                raise SchemaError(
                    f"{group.name} ({how}) stands in more than one row for {len(twice):,} areas, first "
                    f"{first_few(twice)}. Each area may have one count of a group."
                )
            name = f"{group.name}_{how}"
            mine = some.set_index("geoid")
            given = pd.Series(areas.index.isin(mine.index), index=areas.index)
            figures = as_figures(pd.DataFrame({"E": mine["count"]}, dtype="object"), name)["E"].reindex(areas.index)
            if (figures < 0).any():
                raise Corrupt(
                    f"{name} is negative in {first_few(figures.index[figures < 0])}: a code that the kit does not "
                    "know. Do not use the file before its meaning is known."
                )
            made[name] = figures.astype("Int64") if (figures.dropna() % 1 == 0).all() else figures
            reason = pd.Series("", index=areas.index, dtype="str")
            reason[figures.isna() & given] = WITHHELD
            reason[~given] = NOT_THERE
            if "moe" in rows.columns:
                margins = as_figures(pd.DataFrame({"M": mine["moe"]}, dtype="object"), name)["M"].reindex(areas.index)
                made[f"{name}_moe"] = margins.where(figures.notna())
            made[f"{name}_reason"] = reason
    frame = pd.DataFrame(made, index=areas.index)
    return frame.assign(name=areas["name"]) if "name" in areas.columns else frame


def _notes(frame: pd.DataFrame, level: str) -> list[str]:
    """Count what is missing."""
    told = []
    for column in frame.columns:
        if not column.endswith("_reason"):
            continue
        absent = int((frame[column] != "").sum())
        if absent:
            told.append(
                f"{column.removesuffix('_reason')}: missing in {absent:,} of {len(frame):,} {LEVELS[level].plural}."
            )
    return [*told, SUPPRESSED] if told else []
