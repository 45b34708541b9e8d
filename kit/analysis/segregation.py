"""How unevenly a group lives over units: dissimilarity, isolation, interaction, location quotient, Theil's M and H."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis import district_margins
from kit.analysis.evenness import Theil, dissimilarity, interaction, isolation, theil
from kit.analysis.unit_words import are, some
from kit.errors import InputError, SchemaError, first_few
from kit.model.frames import Placement, Units
from kit.model.groups import BASES, DEFINITIONS, base_of, column, definition
from kit.model.sentences import PARTLY, group_name, people, percent
from kit.model.shared import Shared
from kit.model.source import Source
from kit.model.tables import RACE_CELLS

__all__ = ["Segregation", "Theil", "dissimilarity", "interaction", "isolation", "segregation", "theil"]

REST = "rest"


@dataclass(frozen=True)
class Segregation:
    """How unevenly a group lives over units or districts.

    Parameters
    ----------
    measures : pandas.Series
        ``dissimilarity``, ``isolation``, ``interaction``, ``theil_m``,
        ``theil_h``, ``entropy`` and ``share`` (of the group in the whole
        area). A measure of a group that nobody is counted in is missing.
    frame : pandas.DataFrame
        By unit or district: ``count``, ``base``, ``share``, ``against`` (people
        of the other group) and ``location_quotient``. Empty units are dropped.
    group, base : str
        Definition id and universe id.
    against : str
        ``"rest"``, a definition id, or a column.
    groups : tuple of str
        Groups that M, H and E are taken over.
    dropped : int
        Units where nobody of the base lives.
    plural : str
        What the units are called.
    sources : tuple of Source
        Where the counts came from.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    measures: pd.Series = Shared()  # noqa: RUF009 — a descriptor, not a default
    frame: pd.DataFrame = Shared()  # noqa: RUF009
    group: str = ""
    base: str = ""
    against: str = REST
    groups: tuple[str, ...] = ()
    dropped: int = 0
    plural: str = "units"
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say in plain sentences what the measures show.

        Returns
        -------
        str
            Dissimilarity, isolation and interaction in words, then the notes.
        """
        noun, name, value = base_of(self.base).noun, group_name(self.group), self.measures
        other = "everyone else" if self.against == REST else f"people counted as “{_called(self.against)}”"
        if pd.isna(value["isolation"]):
            return " ".join([f"No {noun} here are counted as “{name}”, so nothing can be measured.", *self.notes])
        told = []
        if pd.isna(value["dissimilarity"]):
            none = f"All {noun} here are in the group" if self.against == REST else f"No {noun} here are {other}"
            told.append(f"{none}, so dissimilarity cannot be given.")
        else:
            told.append(
                f"Dissimilarity is {value['dissimilarity']:.3f} over {len(self.frame):,} {self.plural}: "
                f"{percent(value['dissimilarity'])} of the {noun} counted as “{name}” would have to live in another "
                f"of the {self.plural} to be spread as {other}."
            )
        told.append(
            f"Among {noun}, the average person counted as “{name}” lives in a place where {percent(value['isolation'])}"
            f" are counted so, against {percent(value['share'])} in the whole area (isolation)."
        )
        told.append(f"There, {percent(value['interaction'])} are {other} (interaction).")
        return " ".join([*told, *self.notes])


def segregation(
    units: Units | Placement,
    *,
    group: str,
    base: str,
    against: str = REST,
    groups: Sequence[str] | None = None,
) -> Segregation:
    """Measure how unevenly a group lives over units, or over districts.

    Parameters
    ----------
    units : Units or Placement
        Units with counts; units placed in districts are measured by district.
    group : str
        Definition id, for example ``"aapi_aoic"``.
    base : str
        Universe id, for example ``"vap"``.
    against : str
        Whom the group is compared with: ``"rest"`` (everyone else in the base),
        a definition id, or a count column of the units such as one of people
        who are White alone.
    groups : sequence of str, optional
        Groups that do not overlap, as ids or columns, for Theil's M, H and E;
        people in none of them make up one more group. By default the two that
        are compared.

    Returns
    -------
    Segregation
        The measures, and a table by unit with location quotients.

    Raises
    ------
    InputError
        The group or the base is not in the vocabulary.
    SchemaError
        There are no such counts, a group outnumbers its base, or groups overlap.
    CoverageError
        The counts must not be added.

    Notes
    -----
    Isolation and interaction take everyone in the base as the whole, also
    where the comparison is with one other group. The location quotient is the
    group's share in a unit over its share in the whole area. Figures depend on
    the units: smaller ones give higher values, so compare like with like.

    References
    ----------
    D. S. Massey and N. A. Denton (1988), Social Forces 67(2), 281–315;
    H. Theil and A. J. Finizza (1971), Journal of Mathematical Sociology 1, 187–193.
    """
    if not isinstance(units, Units | Placement):
        raise InputError(f"segregation wants units or a placement, not a {type(units).__name__}.")
    where = units.units if isinstance(units, Placement) else units
    total_name = column("total", base_of(base).name)
    compared = (group, against)
    wanted = tuple(g for g in (compared if groups is None else groups) if g != REST)
    named = dict.fromkeys([definition(group).name, against, *wanted])
    names = {g: _column_of(where, g, base) for g in named if g != REST}
    _refuse_overlap([g for g in compared if g != REST])
    _refuse_overlap(list(wanted))
    if isinstance(units, Placement):
        table, plural = units.totals([total_name, *dict.fromkeys(names.values())]), "districts"
    else:
        where.require_additive("measures over units add the counts up")
        table = pd.DataFrame({name: where.column(name) for name in [total_name, *names.values()]})
        plural = where.plural
    table = table.astype("float64")
    empty = table[total_name] == 0
    table = table[~empty]
    total = table[total_name]
    a = table[names[group]]
    _refuse_excess(a if against == REST else a + table[names[against]], total, plural)
    b = (total - a).clip(lower=0) if against == REST else table[names[against]]
    whole = a.sum() / total.sum() if total.sum() else np.nan
    share = a / total
    frame = pd.DataFrame({"count": a, "base": total, "share": share, "against": b})
    frame["location_quotient"] = share / whole if whole else np.nan
    parts = table[[names[g] for g in wanted]]
    _refuse_excess(parts.sum(axis=1), total, plural)
    pair = groups is None and against != REST
    mixed = theil(parts if pair else parts.assign(rest=(total - parts.sum(axis=1)).clip(lower=0)))
    nobody = groups is None and not a.sum()
    measures = pd.Series(
        {
            "dissimilarity": dissimilarity(a, b),
            "isolation": isolation(a, total),
            "interaction": interaction(a, b, total),
            "theil_m": np.nan if nobody else mixed.m,
            "theil_h": np.nan if nobody else mixed.h,
            "entropy": np.nan if nobody else mixed.entropy,
            "share": whole,
        },
        dtype="float64",
    )
    over = wanted if pair else (*wanted, REST)
    notes = _notes(units, names, against=against, over=over, dropped=int(empty.sum()), plural=plural, base=base)
    return Segregation(measures, frame, group, base, against, over, int(empty.sum()), plural, units.sources, notes)


def _column_of(units: Units, group: str, base: str) -> str:
    """Name the column of a group that is given by its id or by a column."""
    if group in units.frame.columns and group not in DEFINITIONS:
        return group
    return column(group, base)


def _called(group: str) -> str:
    return group_name(group) if group in DEFINITIONS else group


def _refuse_overlap(groups: list[str]) -> None:
    """Refuse two groups that one person can belong to."""
    doubled = sorted({g for g in groups if groups.count(g) > 1})
    if doubled:
        raise InputError(f"the group {first_few(doubled)} is given twice; give each group once.")
    for one, other in itertools.combinations([g for g in groups if g in DEFINITIONS], 2):
        if any(DEFINITIONS[one].rule(races) and DEFINITIONS[other].rule(races) for races in RACE_CELLS.values()):
            raise InputError(
                f"people can be counted in both {one!r} and {other!r}; give groups that do not overlap, such as "
                "asian_alone and nhpi_alone."
            )


def _refuse_excess(parts: pd.Series, total: pd.Series, plural: str) -> None:
    """Refuse groups that outnumber everyone."""
    over = parts.index[parts > total + 1e-6]
    if len(over):
        raise SchemaError(
            f"in {len(over):,} {plural} the groups together outnumber their base, first {first_few(over)}. "
            "Take groups that do not overlap, of the same universe as the base."
        )


def _notes(
    units: Units | Placement,
    names: dict[str, str],
    *,
    against: str,
    over: tuple[str, ...],
    dropped: int,
    plural: str,
    base: str,
) -> tuple[str, ...]:
    """Write what a reader must know of the measures."""
    other = "everyone else" if against == REST else f"“{_called(against)}”"
    groups = ", ".join("everyone else" if g == REST else f"“{_called(g)}”" for g in over)
    told = [
        f"The group is compared with {other}; M, H and entropy are over {groups}.",
        (
            f"These measures depend on the size of the {plural}: smaller ones give higher values. "
            "They describe where people live, and are never a verdict on a plan."
        ),
    ]
    if dropped:
        told.append(f"{some(dropped, plural)} without {BASES[base].noun} {are(dropped)} left out.")
    where = units.units if isinstance(units, Placement) else units
    if district_margins.at_hand(where, list(names.values())):
        told.append(
            f"The counts are survey estimates; their sampling error makes {plural} look more different than they are, "
            "and no margin of error is given for these measures."
        )
    if isinstance(units, Placement):
        told += [note for note in units.notes if PARTLY in note]
        told += units.notes[-1:] if len(units.split_units) else ()
        lost = units.unassigned["people"].sum()
        if lost > 0:
            told.append(f"{people(lost)} people lie in no district and are in no figure here.")
    elif any(source.uncertainty == "disclosure noise" for source in units.sources):
        told.append(f"The Census Bureau's privacy noise makes small {plural} look more different than they are.")
    return tuple(told)
