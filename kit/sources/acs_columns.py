"""Plain columns of tables of the American Community Survey: which lines make each, with the margin of their sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from kit.model.acs_tables import FOREIGN, LESS, NATIVE, NATURALIZED, NOT_CITIZEN, TABLES
from kit.model.acs_tables import Path as LinePath
from kit.model.cvap import MOE
from kit.model.detail_data import AAPI_LANGUAGES, ENTRIES, SPEAKERS, plain, spelled
from kit.model.margin_sum import margin_of_sum
from kit.sources.acs_lines import Labels
from kit.sources.acs_values import whole

EIGHTEEN = "18 years"
Cells = tuple[str, ...]
"""Cells without their last letter, such as ``B05003D_009``."""


def recipes(tables: Mapping[str, Labels]) -> dict[str, Cells]:
    """Say which cells add up to each plain column.

    Parameters
    ----------
    tables : mapping of str to Labels
        Tables at hand, with the lines of their year.

    Returns
    -------
    dict of str to tuple of str
        Column → cells that do not overlap, such as ``("B05003D_009", …)``;
        the first table that has a column counts.
    """
    made: dict[str, Cells] = {}
    for labels in tables.values():
        for column, cells in _of_table(labels).items():
            made.setdefault(column, cells)
    for base in ("pop", "vap", "cvap"):
        parts = [made.get(f"{who}_alone_{base}") for who in ("asian", "nhpi")]
        if all(parts):
            made.setdefault(f"aapi_alone_{base}", (*(parts[0] or ()), *(parts[1] or ())))
    return made


def add_up(figures: pd.DataFrame, made: Mapping[str, Cells]) -> pd.DataFrame:
    """Add cells to plain columns, each with its margin.

    Parameters
    ----------
    figures : pandas.DataFrame
        Estimates and margins, as ``B02015_002E`` and ``B02015_002M``.
    made : mapping of str to tuple of str
        As `recipes` gives.

    Returns
    -------
    pandas.DataFrame
        Column and ``_moe`` for each; missing where a cell is missing. The
        margin is there where every cell has a column of margins.
    """
    columns: dict[str, Any] = {}
    for name, cells in made.items():
        estimates = [f"{cell}E" for cell in cells]
        if not set(estimates) <= set(figures.columns):
            continue
        values = figures[estimates].to_numpy(dtype=float)
        total = values.sum(axis=1)
        columns[name] = whole(total)
        margins = [f"{cell}M" for cell in cells]
        if set(margins) <= set(figures.columns):
            pooled = margin_of_sum(values, figures[margins].to_numpy(dtype=float))
            columns[f"{name}{MOE}"] = pd.Series(pooled, index=figures.index).where(~pd.isna(total)).to_numpy()
    return pd.DataFrame(columns, index=figures.index)


def _of_table(labels: Labels) -> dict[str, Cells]:
    facts = TABLES.get(labels.table)
    if facts is None:
        return {}
    if facts.holds == "language":
        return _languages(labels)
    if facts.holds:
        return _groups(labels)
    rules = _RULES.get(labels.table, {})
    found = {
        name: tuple(f"{labels.table}_{n:03d}" for n, path in labels.lines.items() if rule(path))
        for name, rule in rules.items()
    }
    return {name: cells for name, cells in found.items() if cells}


def _groups(labels: Labels) -> dict[str, Cells]:
    """Name detailed groups by label, and add those of a region where the table has all of it."""
    facts = TABLES[labels.table]
    known = spelled(facts.holds)
    lines: dict[str, list[str]] = {}
    for number, path in labels.lines.items():
        entry = known.get(path[-1]) if path else None
        if entry and ENTRIES[entry].kind != "race":
            lines.setdefault(entry, []).append(f"{labels.table}_{number:03d}")
    total = f"{facts.holds}_alone_pop" if facts.how == "alone" else f"{facts.holds}_groups_tallied"
    made: dict[str, Cells] = {total: (f"{labels.table}_001",)}
    if facts.how == "alone":
        made |= {f"{region}_alone": tuple(cells) for region, cells in _regions(lines).items()}
    for entry, cells in lines.items():
        if facts.how == "alone" or len(cells) == 1:
            made[f"{entry}_{facts.how}"] = tuple(cells)
    return made


def _regions(lines: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Add up the groups of each region that is there to its last residual."""
    found: dict[str, list[str]] = {}
    for entry, cells in lines.items():
        home = ENTRIES[entry].part_of
        if ENTRIES[home].kind == "region" and f"other_{home}" in lines and home not in lines:
            found.setdefault(home, []).extend(cells)
    return found


def _languages(labels: Labels) -> dict[str, Cells]:
    known = spelled("language")
    made: dict[str, Cells] = {"people_5_and_over": (f"{labels.table}_001",)}
    less: list[str] = []
    ours: list[str] = []
    for number, path in labels.lines.items():
        cell = f"{labels.table}_{number:03d}"
        if path == ("speak only english",):
            made["only_english_speakers"] = (cell,)
        entry = known.get(path[0]) if path else None
        if path[1:] == (LESS,):
            less.append(cell)
            if entry and (entry.removesuffix(SPEAKERS) in AAPI_LANGUAGES):
                ours.append(cell)
        if entry and len(path) == 1:
            made[entry] = (cell,)
        elif entry and path[1:] == (LESS,):
            made[f"{entry}_lep"] = (cell,)
    made["lep"] = tuple(less)
    if labels.table == "C16001":
        made["asian_pacific_languages_lep"] = tuple(ours)
    return {name: cells for name, cells in made.items() if cells}


# --- rules: which lines make a column ---------------------------------------------------------------

Rule = Callable[[LinePath], bool]


def _at(*path: str) -> Rule:
    return lambda line: line == path


def _ends(*ends: str, age: str = "") -> Rule:
    """Take lines of either sex with one of these last labels, of one age or of both."""

    def rule(line: LinePath) -> bool:
        return len(line) > 2 and line[-1] in ends and line[1].startswith(age)

    return rule


def _citizens(who: str) -> dict[str, Rule]:
    """Lay out a table of citizenship by sex and age."""
    counts: dict[str, Rule] = {
        "pop": _at(),
        "vap": lambda line: len(line) == 2 and line[1].startswith(EIGHTEEN),
        "cvap": _ends(NATIVE, NATURALIZED, age=EIGHTEEN),
    }
    named = {f"{who}_{base}": rule for base, rule in counts.items()}
    more = {
        "native_born": _ends(NATIVE),
        "foreign_born": _ends(FOREIGN),
        "naturalized": _ends(NATURALIZED),
        "not_citizens": _ends(NOT_CITIZEN),
    }
    return named | {f"{who}_{name}": rule for name, rule in more.items()}


def _adult_citizens(*abilities: str, tongues: tuple[str, ...] = ("speak spanish", "speak other")) -> Rule:
    """Take adult citizens of table B16008 by language and ability."""

    def rule(line: LinePath) -> bool:
        start = (NATIVE,) if line[:1] == (NATIVE,) else (FOREIGN, NATURALIZED)
        age, rest = line[len(start) :][:1], line[len(start) + 1 :]
        if line[: len(start)] != start or not age or not age[0].startswith(EIGHTEEN):
            return False
        return rest == () if not abilities else len(rest) == 2 and rest[0] in tongues and rest[1] in abilities

    return rule


_LIMITED = "limited english speaking household"
_RULES: dict[str, dict[str, Rule]] = {
    "B02001": {
        "total_pop": _at(),
        "asian_alone_pop": _at("asian alone"),
        "nhpi_alone_pop": _at(plain("Native Hawaiian and Other Pacific Islander alone")),
    },
    "B02011": {"asian_aoic_pop": _at()},
    "B02012": {"nhpi_aoic_pop": _at()},
    "B05001": {
        "total_pop": _at(),
        "total_foreign_born": lambda line: line in {("u.s. citizen by naturalization",), (NOT_CITIZEN,)},
        "total_naturalized": _at("u.s. citizen by naturalization"),
        "total_not_citizens": _at(NOT_CITIZEN),
    },
    "B05003": _citizens("total"),
    "B05003D": _citizens("asian_alone"),
    "B05003E": _citizens("nhpi_alone"),
    "B16008": {
        "total_cvap": _adult_citizens(),
        "lep_cvap": _adult_citizens(LESS),
        "lep_cvap_not_spanish": _adult_citizens(LESS, tongues=("speak other",)),
    },
    "C16002": {
        "households": _at(),
        "limited_english_households": lambda line: line[-1:] == (_LIMITED,),
        "limited_english_asian_pacific_households": _at("asian and pacific island", _LIMITED),
    },
}
