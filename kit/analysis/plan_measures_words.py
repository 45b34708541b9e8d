"""True plain sentences about the measures of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kit.i18n.messages import Message, capital, each, figure, joined, mark, say, term
from kit.model.groups import parse_column
from kit.model.sentences import listed, noun, people, percent

if TYPE_CHECKING:
    from kit.analysis.plan_measures import PlanMeasures

# More districts or regions than this are counted, not named.
_NAMED = 6
# Deviations nearer than this differ by the rounding of a division only.
_ROUNDING = 1e-12
# Scores nearer than this are one score, measured on equal shapes in two places of one projection.
_ALIKE = 5e-7
_SCORES = {
    "polsby_popper": mark("Polsby–Popper"),
    "reock": mark("Reock"),
    "convex_hull": mark("Convex hull"),
    "population_polygon": mark("Population polygon"),
}
_PLURALS = {"county": mark("counties"), "municipal": mark("municipalities"), "precinct": mark("precincts")}


def summarise(measures: PlanMeasures) -> Message:
    """Say what the measures of a plan are.

    Parameters
    ----------
    measures : PlanMeasures
        Figures by district, for the plan and by region.

    Returns
    -------
    str
        A few sentences, one fact each, then cautions.
    """
    told = [*_population(measures), *_contiguity(measures), *_compactness(measures), *_splits(measures)]
    end = say("These measures describe the plan; no baseline was computed and they are not a verdict.")
    return joined([*told, end, *each(measures.notes)])


def _counted(column: str) -> Message:
    """Say who is counted: people, or for example adults where districts are measured by them."""
    parsed = parse_column(column)
    if parsed is None or parsed == ("total", "pop"):
        return say("people")
    return noun(parsed[1]) if parsed[0] == "total" else say("people of {column}", column=column)


def _districts(count: int, seats: int) -> Message:
    """Write how many districts there are, and seats where these are others."""
    if count == seats:
        return say("1 district") if count == 1 else say("{count:,} districts", count=count)
    if count == 1:
        return say("1 district with {seats:,} seats", seats=seats)
    return say("{count:,} districts with {seats:,} seats", count=count, seats=seats)


def _population(measures: PlanMeasures) -> list[str]:
    """Write how equal the districts are."""
    plan, frame, who = measures.plan, measures.frame, _counted(measures.population)
    begin = {
        "plan": measures.placement.plan.name,
        "districts": _districts(plan["districts"], plan["seats"]),
        "people": people(plan["population"]),
        "noun": who,
    }
    if pd.isna(plan["population_range_share"]):
        return [say("{plan} has {districts} and {people} {noun}.", **begin)]
    ideal = plan["ideal"]
    ideal_words = figure(f"{ideal:,.{0 if float(ideal).is_integer() else 1}f}")
    told: list[str] = [
        say(
            "{plan} has {districts} and {people} {noun}; the ideal is {ideal} {noun} a seat.",
            **begin,
            ideal=ideal_words,
        )
    ]
    if len(frame) == 1:
        return told
    away = frame["deviation"]
    if away.max() - away.min() < _ROUNDING:
        return [*told, say("Every district has the same population for its seats.")]
    told += [_extreme(frame, away.max(), who, most=True), _extreme(frame, away.min(), who, most=False)]
    told.append(
        say(
            "The overall range is {range} {noun} a seat, {share} of the ideal; the mean deviation is {mean}.",
            range=_whole(plan["population_range"]),
            noun=who,
            share=percent(plan["population_range_share"], 2),
            mean=percent(plan["mean_absolute_deviation"], 2),
        )
    )
    return told


# Whether it is the most populous, and on which side of the ideal it lies.
_EXTREMES = {
    (True, ""): mark("The most populous for its seats is {districts}, at the ideal."),
    (True, "over"): mark("The most populous for its seats is {districts}, {people} {noun} ({share}) over the ideal."),
    (True, "under"): mark("The most populous for its seats is {districts}, {people} {noun} ({share}) under the ideal."),
    (False, ""): mark("The least populous for its seats is {districts}, at the ideal."),
    (False, "over"): mark("The least populous for its seats is {districts}, {people} {noun} ({share}) over the ideal."),
    (False, "under"): mark(
        "The least populous for its seats is {districts}, {people} {noun} ({share}) under the ideal."
    ),
}


def _extreme(frame: pd.DataFrame, value: float, who: str, *, most: bool) -> Message:
    """Write which district is farthest from the ideal on one side."""
    at = frame.index[(frame["deviation"] - value).abs() < _ROUNDING]
    over = frame.loc[at[0], "deviation_people"]
    side = "" if abs(value) < _ROUNDING else "over" if over > 0 else "under"
    one = say("district {district}", district=at[0])
    return say(
        _EXTREMES[most, side],
        districts=one if len(at) == 1 else say("{number} districts", number=len(at)),
        people=_whole(abs(over)),
        noun=who,
        share=percent(abs(value), 2),
    )


def _whole(count: float) -> Message:
    """Write people, with a decimal where an ideal is no whole number."""
    return figure(f"{count:,.0f}" if float(count).is_integer() else f"{count:,.1f}")


def _contiguity(measures: PlanMeasures) -> list[str]:
    """Write which districts are in several parts, and how many borders are cut."""
    frame, plan = measures.frame, measures.plan
    told: list[str] = []
    parts = frame["parts"].dropna()
    parts = parts[parts > 0]
    broken = parts[parts > 1]
    if len(parts):
        if not len(broken):
            one = say("The district is in one part.")
            told.append(say("Every district is in one part.") if len(parts) > 1 else one)
        elif len(broken) <= _NAMED:
            some = [
                say("district {district} is in {number} parts", district=label, number=int(n))
                for label, n in broken.items()
            ]
            told.append(say("{told}.", told=capital(listed(some))))
        else:
            told.append(
                say("{broken} of {number} districts are in several parts.", broken=len(broken), number=len(parts))
            )
    holed = [str(label) for label in frame.index[(frame["holes"] > 0).eq(True).fillna(False)]]  # noqa: FBT003
    if len(holed) == 1:
        told.append(say("District {district} goes around a hole.", district=holed[0]))
    elif holed:
        named = say("Districts {districts} go around a hole.", districts=listed(holed))
        many = say("{number} districts go around a hole.", number=len(holed))
        told.append(named if len(holed) <= _NAMED else many)
    if pd.notna(plan["cut_edges"]) and plan["edges"]:
        told.append(
            say(
                "{cut:,} of {edges:,} pairs of neighbouring {units} ({share}) lie in different districts.",
                cut=plan["cut_edges"],
                edges=plan["edges"],
                units=measures.placement.units.plural,
                share=percent(plan["cut_edge_share"]),
            )
        )
    return told


def _compactness(measures: PlanMeasures) -> list[str]:
    """Write the range of the scores that readers ask for."""
    told: list[str] = []
    for name, words in _SCORES.items():
        score = measures.frame[name].dropna()
        if not len(score):
            continue
        if score.max() - score.min() < _ALIKE:
            one = len(score) == 1
            same = mark("{measure} is {score:.3f}.") if one else mark("{measure} is {score:.3f} in each district.")
            told.append(say(same, measure=term(words), score=float(score.max())))
            continue
        told.append(
            say(
                "{measure} goes from {low:.3f} (district {lowest}) to {high:.3f} (district {highest}), mean "
                "{mean:.3f}.",
                measure=term(words),
                low=float(score.min()),
                lowest=score.idxmin(),
                high=float(score.max()),
                highest=score.idxmax(),
                mean=float(score.mean()),
            )
        )
    return told


def _splits(measures: PlanMeasures) -> list[str]:
    """Write how many regions are split."""
    told: list[str] = []
    plan = measures.plan
    for name, table in measures.regions.items():
        number, split = len(table), int(plan[f"{name}_splits"])
        if number == 1:
            pieces = int(plan[f"{name}_pieces"])
            whole = say("The one {region} is not split.", region=term(name))
            told.append(
                say("The one {region} is in {number} districts.", region=term(name), number=pieces) if split else whole
            )
            continue
        names = [str(region) for region in table.index[table["split"]]]
        forced = plan[f"{name}_forced"]
        must = bool(pd.notna(forced) and forced)
        told.append(
            say(
                "{split}; {forced}.",
                split=_split(measures, name, names, split),
                forced=_forced(measures, name, int(forced)),
            )
            if must
            else say("{told}.", told=_split(measures, name, names, split))
        )
    return told


def _split(measures: PlanMeasures, name: str, names: list[str], split: int) -> Message:
    """Write how many of several regions are split, without a full stop."""
    values = {
        "number": len(measures.regions[name]),
        "regions": term(_PLURALS[name]) if name in _PLURALS else say("{name} regions", name=name),
        "split": split,
    }
    if not split:
        return say("Of {number:,} {regions} {split:,} are split", **values)
    values |= {"pieces": int(measures.plan[f"{name}_split_pieces"]), "names": listed(names)}
    if split == 1:
        return say("Of {number:,} {regions} {split:,} is split ({names}), into {pieces:,} pieces", **values)
    if split <= _NAMED:
        return say("Of {number:,} {regions} {split:,} are split ({names}), into {pieces:,} pieces", **values)
    return say("Of {number:,} {regions} {split:,} are split, into {pieces:,} pieces", **values)


def _forced(measures: PlanMeasures, name: str, forced: int) -> Message:
    """Write how many regions are too large for one district."""
    return say(
        mark(
            "{forced:,} has more {noun} than the ideal district, and equal districts would cut it into at least "
            "{pieces:,} pieces"
        )
        if forced == 1
        else mark(
            "{forced:,} have more {noun} than the ideal district, and equal districts would cut these into at least "
            "{pieces:,} pieces"
        ),
        forced=forced,
        noun=_counted(measures.population),
        pieces=int(measures.plan[f"{name}_forced_pieces"]),
    )
