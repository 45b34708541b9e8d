"""Adults and citizens that voters are set against, whatever they come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from kit.analysis import moe
from kit.analysis.concentration import concentration
from kit.analysis.cvap import cvap_bracket
from kit.analysis.margins import numbers
from kit.errors import InputError, first_few
from kit.i18n.messages import say
from kit.model.cvap import BRACKET_NOTE, HIGH, LOW, MOE
from kit.model.frames import DistrictTable, Placement, Units
from kit.model.groups import DEFINITIONS, base_of, parse_column
from kit.model.source import Source
from kit.model.voters import EVERYBODY, VoterCounts

Bases: TypeAlias = DistrictTable | Placement | Units | pd.DataFrame
"""What adults and citizens can be given as."""

ALL = "all"
ENDS = ("low", "high")
COLUMNS = ("count", "count_moe", "low", "low_moe", "high", "high_moe", "base", "base_moe")
BRACKETED = frozenset(f"{prefix}aapi_{kind}" for prefix in ("", "nh_") for kind in ("doj", "doj_sor", "aoic"))
"""Definitions whose citizens lie between the two counts that the tabulation of citizens allows."""


@dataclass(frozen=True)
class Denominators:
    """Adults or citizens by area.

    Parameters
    ----------
    frame : pandas.DataFrame
        Areas and ``all`` by `COLUMNS`, people; missing where there are none.
    sources : tuple of Source
        Where they came from.
    notes : tuple of str
        What a reader must know of them.
    """

    frame: pd.DataFrame
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()


def definition_for(counts: VoterCounts, group: str, matches: Mapping[str, str] | None, *, needed: bool) -> str:
    """Choose the definition of the adults and citizens that belong to a group of voters.

    Parameters
    ----------
    counts : VoterCounts
        Voters.
    group : str
        Group of theirs.
    matches : mapping of str to str, optional
        Groups told apart by names, and the definitions to set them against.
    needed : bool
        Whether there are adults or citizens to set them against.

    Returns
    -------
    str
        Definition id.

    Raises
    ------
    InputError
        The group's own id is no definition and nothing else was said, or another definition was asked for.
    """
    if matches is not None and not isinstance(matches, Mapping):
        raise InputError(
            f"matches={matches!r}: name group and definition, such as matches={{{group!r}: 'nh_asian_alone'}}."
        )
    known = list(dict.fromkeys(counts.frame.index.get_level_values("group")))
    odd = [name for name in matches or {} if name not in known]
    if odd:
        raise InputError(f"matches= speaks of {first_few(odd)}, and the voters are counted as {first_few(known, 8)}.")
    wanted = (matches or {}).get(group, group)
    if wanted not in DEFINITIONS and (matches or needed):
        raise InputError(
            f"voters are counted as {group!r}, which is no definition of adults and citizens. If you mean to set them "
            f'against one all the same, name it: matches={{{group!r}: "nh_asian_alone"}}; the result will say so.'
        )
    if wanted == EVERYBODY:
        raise InputError(
            f"matches= sets {group!r} against everybody: a rate must count one group above and below the line. Name "
            f"the group's own definition, such as matches={{{group!r}: 'nh_asian_alone'}}."
        )
    if wanted != group and group in DEFINITIONS:
        raise InputError(
            f"voters counted as {group!r} cannot be set against {wanted!r}: numerator and denominator of a rate must "
            f"have one definition. Count both as {group!r}; matches= is for groups told apart by names."
        )
    return str(wanted)


def denominators(given: Bases | None, *, group: str, base: str, areas: Sequence[str]) -> Denominators:
    """Bring adults or citizens into one form.

    Parameters
    ----------
    given : DistrictTable, Placement, Units, pandas.DataFrame or None
        Counts by area.
    group, base : str
        Definition id, and ``"vap"`` or ``"cvap"``.
    areas : sequence of str
        Areas of the voters.

    Returns
    -------
    Denominators
        Rows for `areas` and ``all``.

    Raises
    ------
    InputError
        The definition or the universe is another one, an area is lacking, or counts are broken.
    """
    empty = pd.DataFrame(np.nan, index=[*areas, ALL], columns=list(COLUMNS))
    if given is None:
        return Denominators(empty)
    if not isinstance(given, Bases):
        raise InputError(
            f"{base_of(base).label}: a {type(given).__name__} was given; pass a placement, a table of districts, units "
            "or a table by area."
        )
    by_area = _of_placement(given, group, base) if isinstance(given, Placement) else given
    if isinstance(by_area, DistrictTable):
        return _fitted(_of_table(by_area, group, base), empty, base)
    if isinstance(by_area, Units):
        columns = _of_columns(by_area.frame, group, base)
        return _fitted(Denominators(columns, by_area.sources, by_area.notes), empty, base)
    return _fitted(Denominators(_of_columns(by_area, group, base)), empty, base)


def _of_placement(placement: Placement, group: str, base: str) -> DistrictTable | Units:
    """Add units up by district; a wider definition of citizens is bracketed."""
    exact = f"{group}_{base}" in placement.units.frame.columns
    if exact or base != "cvap" or group not in BRACKETED:
        _require(placement.units.frame, group, base)
        return concentration(placement, group=group, base=base)
    found = cvap_bracket(placement)
    names = {"low": LOW, "high": HIGH, "total": "total_cvap"}
    made = pd.DataFrame({names[k]: found[k] for k in names})
    for short, name in names.items():
        if f"{short}{MOE}" in found.columns:
            made[f"{name}{MOE}"] = found[f"{short}{MOE}"]
    return Units(made, level="district", sources=placement.sources, notes=placement.notes[-1:])


def _of_table(table: DistrictTable, group: str, base: str) -> Denominators:
    """Take a table of districts, of the right definition."""
    if (table.group, table.base) != (group, base):
        raise InputError(
            f"voters are set against {group!r} in the {base_of(base).label}, but the table given counts "
            f"{table.group!r} in the {base_of(table.base).label}: a rate must have one definition above and below the "
            f"line. Make the table with group={group!r}, base={base!r}."
        )
    frame = pd.concat([table.frame, table.total.to_frame(ALL).T]).reindex(columns=list(COLUMNS))
    return Denominators(frame.astype("float64"), table.sources, table.notes)


def _require(frame: pd.DataFrame, group: str, base: str) -> None:
    """Say which definitions there are where the right one is lacking."""
    absent = [f"{who}_{base}" for who in (group, "total") if f"{who}_{base}" not in frame.columns]
    if absent:
        pairs = [parse_column(str(name)) for name in frame.columns]
        have = [pair[0] for pair in pairs if pair and pair[1] == base and pair[0] != "total"]
        raise InputError(
            f"voters are counted as {group!r}, and the {base_of(base).label} given has no column {first_few(absent)}; "
            f"it counts {first_few(have, 8) or 'no group'}. Numerator and denominator must have one definition."
        )


def _of_columns(frame: pd.DataFrame, group: str, base: str) -> pd.DataFrame:
    """Take the columns of one definition out of a table by area."""
    bracketed = base == "cvap" and group in BRACKETED and {LOW, HIGH, "total_cvap"} <= set(frame.columns)
    exact = f"{group}_{base}" in frame.columns
    if exact or not bracketed:
        _require(frame, group, base)
    names = {"base": f"total_{base}"} | ({"count": f"{group}_{base}"} if exact else {"low": LOW, "high": HIGH})
    twice = frame.index[frame.index.duplicated()]
    if len(twice):
        raise InputError(f"{len(twice):,} areas stand in more than one row, first {first_few(twice)}. Give each once.")
    made = pd.DataFrame(index=frame.index.astype("str"))
    for short, name in names.items():
        made[short] = numbers(frame[name], name)
        if f"{name}{MOE}" in frame.columns:
            made[f"{short}{MOE}"] = numbers(frame[f"{name}{MOE}"], f"{name}{MOE}", margin=True)
    negative = made.index[(made < 0).any(axis=1)]
    if len(negative):
        raise InputError(f"{len(negative):,} areas have negative counts, first {first_few(negative)}.")
    return made.reindex(columns=list(COLUMNS))


def _fitted(found: Denominators, empty: pd.DataFrame, base: str) -> Denominators:
    """Bring counts to the areas of the voters, and add them up for the whole place where that is not given."""
    areas = empty.index[:-1]
    frame = found.frame
    lacking = areas.difference(frame.index)
    if len(lacking):
        raise InputError(
            f"{len(lacking):,} areas of the voters are not in the {base_of(base).label} given, first "
            f"{first_few(lacking)}; it has {first_few([name for name in frame.index if name != ALL])}. Name the areas "
            "alike in both."
        )
    beyond = frame.index.difference(areas).difference([ALL])
    made = frame.reindex(areas)
    if ALL in frame.index and not len(beyond):
        made = pd.concat([made, frame.loc[[ALL]]])
    else:
        made.loc[ALL] = {name: made[name].sum(skipna=False) for name in COLUMNS if not name.endswith(MOE)}
        for name in (name for name in COLUMNS if not name.endswith(MOE)):
            made.loc[ALL, f"{name}{MOE}"] = moe.sum(made[name].iloc[:-1], made[f"{name}{MOE}"].iloc[:-1])
    notes = list(found.notes)
    if len(beyond):
        told = say("{number:,} areas have no counts of voters and are in no figure.", number=len(beyond))
        notes.append(told)
    if made["low"].notna().any():
        notes.append(say(BRACKET_NOTE))
    return Denominators(made.astype("float64"), found.sources, tuple(dict.fromkeys(notes)))
