"""How unevenly a group lives over units: dissimilarity, isolation, interaction, location quotient, Theil's M and H."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis import district_margins
from kit.analysis.account import in_no_figure
from kit.analysis.evenness import Theil, dissimilarity, interaction, isolation, theil
from kit.analysis.unit_words import some
from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import each, joined, mark, say, term
from kit.model.frames import Placement, Units
from kit.model.groups import DEFINITIONS, base_of, column, definition
from kit.model.sentences import goes_beyond, group_name, noun, percent
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
        value, names = self.measures, {"noun": noun(self.base), "group": group_name(self.group)}
        other = say("everyone else")
        if self.against != REST:
            other = say("people counted as “{group}”", group=_called(self.against))
        if pd.isna(value["isolation"]):
            nobody = say("No {noun} here are counted as “{group}”, so nothing can be measured.", **names)
            return joined([nobody, *each(self.notes)])
        told: list[str] = []
        if not pd.isna(value["dissimilarity"]):
            told.append(
                say(
                    "Dissimilarity is {index:.3f} over {number:,} {units}: {share} of the {noun} counted as “{group}” "
                    "would have to live in another of the {units} to be spread as {other}.",
                    **names,
                    index=float(value["dissimilarity"]),
                    number=len(self.frame),
                    units=term(self.plural),
                    share=percent(value["dissimilarity"]),
                    other=other,
                )
            )
        elif self.against == REST:
            told.append(say("All {noun} here are in the group, so dissimilarity cannot be given.", **names))
        else:
            told.append(say("No {noun} here are {other}, so dissimilarity cannot be given.", **names, other=other))
        told.append(
            say(
                "Among {noun}, the average person counted as “{group}” lives in a place where {isolation} are counted "
                "so, against {share} in the whole area (isolation).",
                **names,
                isolation=percent(value["isolation"]),
                share=percent(value["share"]),
            )
        )
        told.append(say("There, {share} are {other} (interaction).", share=percent(value["interaction"]), other=other))
        return joined([*told, *each(self.notes)])


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
    words = {
        group: say("everyone else") if group == REST else say("“{group}”", group=_called(group))
        for group in (against, *over)
    }
    told: list[str] = [
        say(
            "The group is compared with {other}; M, H and entropy are over {groups}.",
            other=words[against],
            groups=joined([words[group] for group in over], say(", ")),
        ),
        say(
            "These measures depend on the size of the {units}: smaller ones give higher values. They describe where "
            "people live, and are never a verdict on a plan.",
            units=term(plural),
        ),
    ]
    if dropped:
        told.append(
            say(
                mark("{units} without {noun} is left out.")
                if dropped == 1
                else mark("{units} without {noun} are left out."),
                units=some(dropped, plural),
                noun=noun(base),
            )
        )
    where = units.units if isinstance(units, Placement) else units
    if district_margins.at_hand(where, list(names.values())):
        told.append(
            say(
                "The counts are survey estimates; their sampling error makes {units} look more different than they "
                "are, and no margin of error is given for these measures.",
                units=term(plural),
            )
        )
    if isinstance(units, Placement):
        told += goes_beyond(units.notes)
        told += units.notes[-1:] if len(units.split_units) else ()
        lost = units.unassigned["people"].sum()
        if lost > 0:
            told.append(in_no_figure(lost))
    elif any(source.uncertainty == "disclosure noise" for source in units.sources):
        noise = mark("The Census Bureau's privacy noise makes small {units} look more different than they are.")
        told.append(say(noise, units=term(plural)))
    return tuple(told)
