"""True plain sentences about clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.analysis import district_margins
from kit.analysis import local_statistics as statistics
from kit.analysis.permutation import benjamini_hochberg
from kit.analysis.unit_words import are, some
from kit.model.groups import base_of, column
from kit.model.sentences import group_name, people, percent

if TYPE_CHECKING:
    from kit.analysis.clusters import Clusters

MORAN_LABELS = {"HH": "high among high", "LL": "low among low", "HL": "high among low", "LH": "low among high"}
"""What the codes of local Moran mean."""

GI_LABELS = {"H": "high with its neighbours", "L": "low with its neighbours"}
"""What the codes of Getis–Ord mean."""

UNDEFINED = "undefined"
"""Label of every unit where all have the same value."""

PROMPT = (
    "A cluster is found by arithmetic: it is a prompt for a conversation with residents, and no community of interest "
    "until someone who lives there says it is."
)
"""What every text and map of clusters carries."""

_RULES = {"queen": "a border or a corner", "rook": "a border of some length"}
_NAMES = {"moran": "Local Moran's I", "gi": "Getis–Ord Gi*"}
_TOLD = 3


def notes_of(found: Clusters) -> tuple[str, ...]:
    """Write how the clusters were found and what that depends on.

    Parameters
    ----------
    found : Clusters
        What was found.

    Returns
    -------
    tuple of str
        One note a fact, with counts.
    """
    frame, plural = found.frame, found.units.plural
    tested = int(frame["p"].notna().sum())
    how = " ".join(statistics.notes(found.sides, found.permutations, found.seed))
    double = f"; as p is one-sided, up to {min(2 * found.q, 1):.3g} of those kept may be false findings"
    limit = f"is at most {found.q:g}{double if found.sides == 'one' else ''}"
    test = [
        f"{_NAMES[found.method]} of {some(tested, plural)}: {how}",
        f"Units are kept where p, corrected for {tested:,} tests (Benjamini–Hochberg), {limit}.",
    ]
    if found.overall.permutations != found.permutations:
        test.append(f"The p of Moran's I for the whole area is from {found.overall.permutations:,} shuffles.")
    told = [_neighbours(found), *(test if tested else ()), *_left_out(found)]
    if (frame["label"] == UNDEFINED).any():
        told.append(found.overall.notes[0])
    elif tested and found.sides == "one":
        told += _two_sided(found)
    least = (1 if found.sides == "one" else 2) / (found.permutations + 1)
    if tested and not (frame["code"] != "").any() and least * tested > found.q:
        told.append(
            f"With {found.permutations:,} shuffles no p is below {least:.2g}, so one unit alone cannot stand out among "
            f"{tested:,}; more shuffles could find more."
        )
    high = frame["code"].isin(["HH", "H"])
    lone = int((high & frame["cluster"].isna()).sum())
    if lone:
        of = f"{some(lone, f'high {plural}')} in {'a group' if lone == 1 else 'groups'}"
        told.append(f"{of} of fewer than {found.least_units} {are(lone)} in no cluster.")
    names = [column(found.group, found.base), column("total", found.base)]
    if district_margins.at_hand(found.units, names):
        told.append(
            "The counts are survey estimates, and their sampling error is not in p; kit.stability tells how often each "
            "unit keeps its class when the estimates move within their margins."
        )
    shapes = found.units.geometry
    if len(found.outlines) and (shapes is None or found.outlines.geometry.isna().any()):
        told.append(f"These {plural} have no polygons, so clusters have no outlines.")
    return (*told, *found.adjacency.notes, PROMPT)


def summarise(found: Clusters) -> str:
    """Say in plain sentences what was found.

    Parameters
    ----------
    found : Clusters
        What was found.

    Returns
    -------
    str
        Global Moran's I, how many units stand out, the largest clusters, and
        the notes.
    """
    frame, plural, noun = found.frame, found.units.plural, base_of(found.base).noun
    tested = int(frame["p"].notna().sum())
    told = [found.overall.summary() if tested else f"None of the {plural} could be tested, so there is no cluster."]
    if tested:
        counts = frame["label"][frame["code"] != ""].value_counts()
        out = "; ".join(f"{number:,} {label}" for label, number in counts.items())
        stand = int(counts.sum())
        does = f"{stand:,} stand{'s' * (stand == 1)} out: {out}" if stand else "none stands out"
        told.append(f"Of {some(tested, plural)} tested, {does}.")
    outlines = found.outlines
    if len(outlines):
        held = percent(outlines["share_of_group"].sum())
        join = "they form 1 cluster" if len(outlines) == 1 else f"they form {len(outlines):,} clusters"
        told.append(
            f"Where {found.least_units} or more high {plural} are neighbours {join}, home to {held} of the {noun} "
            f"counted as “{group_name(found.group)}”."
        )
        told += [_one(name, row, plural, noun) for name, row in outlines.head(_TOLD).iterrows()]
    elif tested:
        told.append(f"No {found.least_units} high {plural} are neighbours, so there is no cluster.")
    return " ".join([*told, *found.notes])


def _one(name: object, row: pd.Series, plural: str, noun: str) -> str:
    return (
        f"{name}: {some(row['units'], plural)}, {people(row['count'])} of {people(row['base'])} {noun} "
        f"({percent(row['share'])}), {percent(row['share_of_group'])} of the group."
    )


def _neighbours(found: Clusters) -> str:
    """Say who counts as a neighbour, which the result depends on."""
    adjacency, plural = found.adjacency, found.units.plural
    rule = _RULES.get(adjacency.rule, adjacency.rule)
    linked = int(np.asarray(adjacency.linked, dtype=bool).sum())
    links = (
        f", and {linked:,} pair{'' if linked == 1 else 's'} from a table of links such as bridges and ferries"
        if linked
        else ""
    )
    return (
        f"Neighbours are {plural} that share {rule} ({adjacency.rule}): {len(adjacency) - linked:,} pairs{links}. "
        "The result depends on this choice; each neighbour weighs the same."
    )


def _left_out(found: Clusters) -> list[str]:
    """Say which units were not tested, and why."""
    frame, plural, noun = found.frame, found.units.plural, base_of(found.base).noun
    alone = int((frame["label"] == "no neighbours").sum())
    told = []
    if found.smoothing is not None:
        empty = int((frame["base"] == 0).sum())
        also = f"; {some(empty, plural)} without {noun} {are(empty)} left out" if empty else ""
        told.append(f"Shares are smoothed by empirical Bayes (Marshall): small bases are drawn to the mean{also}.")
    else:
        small = frame["value"].isna()
        left = int(small.sum())
        if left:
            whole = people(frame["count"].sum())
            told.append(
                f"{some(left, plural)} with fewer than {max(found.minimum, 1):,} {noun} {are(left)} left out "
                f"({people(frame.loc[small, 'count'].sum())} of the {whole} people of the group)."
            )
    if alone:
        verb = "has" if alone == 1 else "have"
        told.append(f"{some(alone, plural)} {verb} no neighbours among those tested, and no class.")
    return told


def _two_sided(found: Clusters) -> list[str]:
    """Say how many units would stand out with p counted on both sides."""
    frame = found.frame
    kept = frame["code"] != ""
    doubled = benjamini_hochberg((2 * frame["p"]).clip(upper=1)) <= found.q
    if not kept.any():
        return []
    out = f"{int(kept.sum()):,} {found.units.plural} that stand out"
    return [f"With two-sided p, {int((doubled & kept).sum()):,} of the {out} would still do so."]
