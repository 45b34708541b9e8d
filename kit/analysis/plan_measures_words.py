"""True plain sentences about the measures of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kit.model.groups import base_of, parse_column
from kit.model.sentences import listed, people, percent

if TYPE_CHECKING:
    from kit.analysis.plan_measures import PlanMeasures

# More districts or regions than this are counted, not named.
_NAMED = 6
# Deviations nearer than this differ by the rounding of a division only.
_ROUNDING = 1e-12
# Scores nearer than this are one score, measured on equal shapes in two places of one projection.
_ALIKE = 5e-7
_SCORES = {
    "polsby_popper": "Polsby–Popper",
    "reock": "Reock",
    "convex_hull": "Convex hull",
    "population_polygon": "Population polygon",
}
_PLURALS = {"county": "counties", "municipal": "municipalities", "precinct": "precincts"}


def summarise(measures: PlanMeasures) -> str:
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
    end = "These measures describe the plan; no baseline was computed and they are not a verdict."
    return " ".join([*told, end, *measures.notes])


def _counted(column: str) -> str:
    """Say who is counted: people, or for example adults where districts are measured by them."""
    parsed = parse_column(column)
    if parsed is None or parsed == ("total", "pop"):
        return "people"
    return base_of(parsed[1]).noun if parsed[0] == "total" else f"people of {column}"


def _population(measures: PlanMeasures) -> list[str]:
    """Write how equal the districts are."""
    plan, frame, who = measures.plan, measures.frame, _counted(measures.population)
    count, seats = plan["districts"], plan["seats"]
    what = f"{count:,} district{'s' * (count != 1)}"
    what += f" with {seats:,} seats" if seats != count else ""
    begin = f"{measures.placement.plan.name} has {what} and {people(plan['population'])} {who}"
    if pd.isna(plan["population_range_share"]):
        return [f"{begin}."]
    ideal = plan["ideal"]
    told = [f"{begin}; the ideal is {ideal:,.{0 if float(ideal).is_integer() else 1}f} {who} a seat."]
    if len(frame) == 1:
        return told
    away = frame["deviation"]
    if away.max() - away.min() < _ROUNDING:
        return [*told, "Every district has the same population for its seats."]
    told += [
        _extreme(frame, word, value, who)
        for word, value in (("most populous", away.max()), ("least populous", away.min()))
    ]
    told.append(
        f"The overall range is {_whole(plan['population_range'])} {who} a seat, "
        f"{percent(plan['population_range_share'], 2)} of the ideal; the mean deviation is "
        f"{percent(plan['mean_absolute_deviation'], 2)}."
    )
    return told


def _extreme(frame: pd.DataFrame, word: str, value: float, who: str) -> str:
    """Write which district is farthest from the ideal on one side."""
    at = frame.index[(frame["deviation"] - value).abs() < _ROUNDING]
    over = frame.loc[at[0], "deviation_people"]
    side = "over" if over > 0 else "under"
    named = f"district {at[0]}" if len(at) == 1 else f"{len(at)} districts"
    if abs(value) < _ROUNDING:
        return f"The {word} for its seats is {named}, at the ideal."
    return (
        f"The {word} for its seats is {named}, {_whole(abs(over))} {who} ({percent(abs(value), 2)}) {side} the ideal."
    )


def _whole(count: float) -> str:
    """Write people, with a decimal where an ideal is no whole number."""
    return f"{count:,.0f}" if float(count).is_integer() else f"{count:,.1f}"


def _contiguity(measures: PlanMeasures) -> list[str]:
    """Write which districts are in several parts, and how many borders are cut."""
    frame, plan = measures.frame, measures.plan
    told = []
    parts = frame["parts"].dropna()
    parts = parts[parts > 0]
    broken = parts[parts > 1]
    if len(parts):
        if not len(broken):
            told.append("Every district is in one part." if len(parts) > 1 else "The district is in one part.")
        elif len(broken) <= _NAMED:
            each = [f"district {label} is in {n} parts" for label, n in broken.items()]
            told.append(f"{listed(each)[:1].upper()}{listed(each)[1:]}.")
        else:
            told.append(f"{len(broken)} of {len(parts)} districts are in several parts.")
    holed = frame.index[(frame["holes"] > 0).eq(True).fillna(False)]  # noqa: FBT003
    if len(holed):
        named = listed([str(label) for label in holed]) if len(holed) <= _NAMED else ""
        told.append(
            f"District{'s' * (len(holed) > 1)} {named} go{'es' * (len(holed) == 1)} around a hole."
            if named
            else f"{len(holed)} districts go around a hole."
        )
    if pd.notna(plan["cut_edges"]) and plan["edges"]:
        told.append(
            f"{plan['cut_edges']:,} of {plan['edges']:,} pairs of neighbouring {measures.placement.units.plural} "
            f"({percent(plan['cut_edge_share'])}) lie in different districts."
        )
    return told


def _compactness(measures: PlanMeasures) -> list[str]:
    """Write the range of the scores that readers ask for."""
    told = []
    for name, words in _SCORES.items():
        score = measures.frame[name].dropna()
        if not len(score):
            continue
        if score.max() - score.min() < _ALIKE:
            told.append(f"{words} is {score.max():.3f}{' in each district' * (len(score) > 1)}.")
            continue
        told.append(
            f"{words} goes from {score.min():.3f} (district {score.idxmin()}) to {score.max():.3f} "
            f"(district {score.idxmax()}), mean {score.mean():.3f}."
        )
    return told


def _splits(measures: PlanMeasures) -> list[str]:
    """Write how many regions are split."""
    told, plan = [], measures.plan
    for name, table in measures.regions.items():
        number, split = len(table), int(plan[f"{name}_splits"])
        plural = _PLURALS.get(name, f"{name} regions")
        if number == 1:
            verb = f"in {int(plan[f'{name}_pieces'])} districts" if split else "not split"
            told.append(f"The one {name} is {verb}.")
            continue
        sentence = f"Of {number:,} {plural} {split:,} {'is' if split == 1 else 'are'} split"
        names = [str(region) for region in table.index[table["split"]]]
        if 0 < split <= _NAMED:
            sentence += f" ({listed(names)})"
        if split:
            sentence += f", into {int(plan[f'{name}_split_pieces']):,} pieces"
        forced = plan[f"{name}_forced"]
        if pd.notna(forced) and forced:
            pieces = int(plan[f"{name}_forced_pieces"])
            sentence += (
                f"; {int(forced):,} {'has' if forced == 1 else 'have'} more {_counted(measures.population)} than the "
                f"ideal district, and equal districts would cut {'it' if forced == 1 else 'these'} into at least "
                f"{pieces:,} pieces"
            )
        told.append(f"{sentence}.")
    return told
