"""What a map of dots says of itself: the rule, the alternative text and the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.analysis import district_margins
from kit.i18n.messages import joined, say, term
from kit.maps.dot_places import overlapping
from kit.maps.record import Twin
from kit.model.crs import describe
from kit.model.groups import base_of, column, definition
from kit.model.sentences import RULE_WORDS, listed, people
from kit.model.things import singular
from kit.settings import current

if TYPE_CHECKING:
    from kit.maps.dot_ground import DotGround


def statement(ground: DotGround) -> str:
    """Say what a dot is and what it is not.

    Parameters
    ----------
    ground : DotGround
        What was drawn.

    Returns
    -------
    str
        Two sentences or three.
    """
    if ground.in_blocks:
        first = say(
            "Each dot stands for {per:,} people, placed at random in the inhabited blocks of its block group, where "
            "the people of all blocks were added up first; no dot is a home.",
            per=ground.per,
        )
    else:
        first = say(
            "Each dot stands for {per:,} people, placed at random within its {unit}; no dot is a home.",
            per=ground.per,
            unit=term(singular(ground.units.plural)),
        )
    rule = say(
        "In each district the dots of a group add up to its people divided by {per:,}, to the nearest whole number; "
        "in each place the dots are that quotient rounded up or down by chance (seed {seed}).",
        per=ground.per,
        seed=ground.seed,
    )
    return joined([first, rule])


def cautions(ground: DotGround) -> tuple[str, ...]:
    """Say what a reader must know of the dots.

    Parameters
    ----------
    ground : DotGround
        What was drawn.

    Returns
    -------
    tuple of str
        One note each; none empty.
    """
    noted: list[str] = []
    plural = term(ground.units.plural)
    if overlapping(ground.groups):
        noted.append(
            say("The groups drawn can overlap: a person who is counted in two of them is in the dots of both.")
        )
    if ground.missing.any():
        noted.append(
            say(
                "{count:,} {units} have no published count, which is not a count of none: they are hatched, have no "
                "dots and are in no figure.",
                count=int(ground.missing.sum()),
                units=plural,
            )
        )
    if not ground.watered:
        noted.append(say("Areas of water were not taken out of the {units}.", units=plural))
    elif ground.drowned:
        noted.append(
            say(
                "Water was taken out, except from {count:,} {units} that the layer shows as all water.",
                count=ground.drowned,
                units=plural,
            )
        )
    else:
        noted.append(say("Areas of water were taken out before dots were placed."))
    if len(ground.placement.split_units) and ground.placement.plan.geometry is not None:
        noted.append(
            say(
                "{count:,} {units} are cut by a district line and counted whole in one district; their dots stand in "
                "the part that lies in it.",
                count=len(ground.placement.split_units),
                units=plural,
            )
        )
    away = ground.everyone[(ground.labels == "") & ~ground.missing].sum()
    if away > 0:
        noted.append(
            say("{count:,} {noun} lie in no district; their groups are drawn too.", count=round(away),
                noun=term(base_of(ground.base).noun))
        )  # fmt: skip
    columns = [column(name, ground.base) for name in ground.groups]
    if district_margins.at_hand(ground.units, columns):
        noted.append(
            say("Counts are estimates with sampling error, which dots do not show; read the pattern, not single dots.")
        )
    return (*noted, *ground.placement.notes, *_hidden(ground))


def _small(ground: DotGround) -> pd.Series:
    """Tell which districts have too few people for a count of a group."""
    base = ground.by_district()["base"]
    return (base > 0) & (base < current().small_base)


def _hidden(ground: DotGround) -> tuple[str, ...]:
    """Say which districts have no count of the group for smallness."""
    small = _small(ground)
    if not small.any():
        return ()
    labels = [str(label) for label in small.index[small] if label]
    told = {"fewer": current().small_base, "noun": term(base_of(ground.base).noun)}
    if not labels:
        return (say("Groups are not counted in the table for fewer than {fewer:,} {noun} in no district.", **told),)
    return (
        say(
            "Groups are not counted in the table for districts of fewer than {fewer:,} {noun}: {districts}.",
            districts=listed(labels),
            **told,
        ),
    )


def district_table(ground: DotGround) -> pd.DataFrame:
    """Lay out one row a district, as the table of the map has it.

    Parameters
    ----------
    ground : DotGround
        What was drawn.

    Returns
    -------
    pandas.DataFrame
        ``district``, ``base``, ``units_missing``, and for each group its
        people, their margin of error where there is one, and its dots.
    """
    frame = ground.by_district()
    placed = ground.placement
    columns = {name: column(name, ground.base) for name in ground.groups}
    with_margins = [] if ground.missing.any() else district_margins.at_hand(ground.units, list(columns.values()))
    if with_margins:
        labels = pd.Index([label for label in frame.index if label], dtype="str")
        margins = district_margins.of_districts(placed, with_margins, labels)
        for name, of in columns.items():
            if of in margins:
                frame[f"{name}_moe"] = margins[of].reindex(frame.index)
    small = _small(ground)
    for name in ground.groups:
        frame[f"{name}_dots"] = frame[f"{name}_dots"].astype("Int64").mask(small)
        frame[name] = frame[name].mask(small)
    order = ["base", "units_missing"]
    order += [one for name in ground.groups for one in (name, f"{name}_moe", f"{name}_dots") if one in frame.columns]
    frame = frame[order].reset_index()
    if not ground.missing.any():
        frame = frame.drop(columns="units_missing")
    frame["district"] = frame["district"].where(frame["district"] != "", say("in no district"))
    return frame


def findings(ground: DotGround, table: pd.DataFrame) -> tuple[str, ...]:
    """Say where most of each group lives.

    Parameters
    ----------
    ground : DotGround
        What was drawn.
    table : pandas.DataFrame
        One row a district.

    Returns
    -------
    tuple of str
        One sentence a group.
    """
    told = []
    for name in ground.groups:
        who, total = term(definition(name).short), float(ground.people[name][~ground.missing].sum())
        known = table.dropna(subset=[name])
        known = known[known["district"].isin(list(ground.placement.plan.labels))]
        if not len(known) or total <= 0 or float(known[name].max()) <= 0:
            told.append(say("{group}: {count:,} people.", group=who, count=round(total)))
            continue
        top = known.loc[known[name].idxmax()]
        words = {"group": who, "count": round(total), "district": str(top["district"]), "most": round(float(top[name]))}
        if top[name] > total / 2:
            told.append(say("{group}: {count:,} people, most of them in district {district} ({most:,}).", **words))
        else:
            told.append(say("{group}: {count:,} people; the district with most is {district} ({most:,}).", **words))
    return tuple(told)


def alt_of(ground: DotGround, told: tuple[str, ...]) -> str:
    """Write the alternative text: what, where, main finding.

    Parameters
    ----------
    ground : DotGround
        What was drawn.
    told : tuple of str
        One sentence a group.

    Returns
    -------
    str
        Two sentences.
    """
    names = listed([str(term(definition(name).short)) for name in ground.groups])
    first = say(
        "Map of {dots:,} dots, one for {per:,} people ({groups}; {base}), with the district lines of {plan}.",
        dots=ground.number,
        per=ground.per,
        groups=names,
        base=term(base_of(ground.base).label),
        plan=ground.placement.plan.name,
    )
    return joined([first, told[0]])


def describe_dots(ground: DotGround, table: pd.DataFrame, alt: str) -> str:
    """Describe every district in full.

    Parameters
    ----------
    ground : DotGround
        What was drawn.
    table : pandas.DataFrame
        One row a district.
    alt : str
        Alternative text.

    Returns
    -------
    str
        Findings, districts, the rule, and how it was made.
    """
    noun = term(base_of(ground.base).noun)
    rows = []
    for row in table.to_dict("records"):
        parts = [
            say("{group}: {people} people, {dots} dots", group=term(definition(name).short), people=people(row[name]),
                dots=_dots(row[f"{name}_dots"]))
            for name in ground.groups
        ]  # fmt: skip
        told = {"figures": joined(parts, "; "), "people": people(row["base"]), "noun": noun}
        if row["district"] in ground.placement.plan.labels:
            rows.append(say("District {label}: {figures}, among {people} {noun}.", label=str(row["district"]), **told))
        else:
            rows.append(say("In no district: {figures}, among {people} {noun}.", **told))
    end = [ground.outside, say("Projection: {crs}.", crs=describe(ground.crs))]
    whole: list[str] = [
        alt, joined(findings(ground, table)), joined(rows, "\n"), joined([statement(ground), *cautions(ground)]),
        joined(end),
    ]  # fmt: skip
    return joined(whole, "\n\n")


def _dots(number: object) -> str:
    """Write a number of dots."""
    return people(np.nan) if pd.isna(number) else f"{number:,}"


def twins(ground: DotGround, table: pd.DataFrame, heading: str) -> tuple[Twin, ...]:
    """Lay out the table of the map.

    Parameters
    ----------
    ground : DotGround
        What was drawn.
    table : pandas.DataFrame
        One row a district.
    heading : str
        Title.

    Returns
    -------
    tuple of Twin
        One.
    """
    rules = [definition(name) for name in ground.groups]
    heads = [("district", say("District")), ("base", say("All {noun}", noun=term(base_of(ground.base).noun)))]
    if "units_missing" in table.columns:
        heads.append(("units_missing", say("{units:capital} without a count", units=term(ground.units.plural))))
    for name in ground.groups:
        who = term(definition(name).short)
        heads.append((name, who))
        if f"{name}_moe" in table.columns:
            heads.append((f"{name}_moe", say("Margin of error: {group}", group=who)))
        heads.append((f"{name}_dots", say("Dots: {group}", group=who)))
    labels = {
        "plan": ground.placement.plan.name,
        "definition": "; ".join(rule.name for rule in rules),
        "counted": "; ".join(rule.long for rule in rules),
        "universe": base_of(ground.base).label,
        "placement": f"{ground.units.plural} by {RULE_WORDS[ground.placement.rule]}",
        "dot": f"{ground.per} people",
        "seed": str(ground.seed),
    }
    notes = (statement(ground), *cautions(ground))
    sources = tuple(dict.fromkeys([*ground.placement.sources, *ground.more_sources]))
    return (Twin(heading, table, tuple(heads), notes, sources, labels),)
