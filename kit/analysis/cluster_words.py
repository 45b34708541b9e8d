"""True plain sentences about clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.analysis import district_margins
from kit.analysis import local_statistics as statistics
from kit.analysis.permutation import benjamini_hochberg
from kit.analysis.unit_words import some
from kit.i18n.messages import Message, each, joined, mark, say, term
from kit.model.groups import column
from kit.model.sentences import group_name, noun, people, percent

if TYPE_CHECKING:
    from kit.analysis.clusters import Clusters

MORAN_LABELS = {
    "HH": mark("high among high"),
    "LL": mark("low among low"),
    "HL": mark("high among low"),
    "LH": mark("low among high"),
}
"""What the codes of local Moran mean."""

GI_LABELS = {"H": mark("high with its neighbours"), "L": mark("low with its neighbours")}
"""What the codes of Getis–Ord mean."""

UNDEFINED = mark("undefined")
"""Label of every unit where all have the same value."""

PROMPT = mark(
    "A cluster is found by arithmetic: it is a prompt for a conversation with residents, and no community of interest "
    "until someone who lives there says it is."
)
"""What every text and map of clusters carries."""

_RULES = {"queen": mark("a border or a corner"), "rook": mark("a border of some length")}
_NAMES = {"moran": mark("Local Moran's I"), "gi": mark("Getis–Ord Gi*")}
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
    test: list[str] = [
        say(
            "{statistic} of {units}: {how}",
            statistic=term(_NAMES[found.method]),
            units=some(tested, plural),
            how=joined(statistics.notes(found.sides, found.permutations, found.seed)),
        ),
        say(
            mark(
                "Units are kept where p, corrected for {tested:,} tests (Benjamini–Hochberg), is at most {q:g}; as p "
                "is one-sided, up to {double:.3g} of those kept may be false findings."
            )
            if found.sides == "one"
            else mark("Units are kept where p, corrected for {tested:,} tests (Benjamini–Hochberg), is at most {q:g}."),
            tested=tested,
            q=found.q,
            double=min(2 * found.q, 1),
        ),
    ]
    if found.overall.permutations != found.permutations:
        other = mark("The p of Moran's I for the whole area is from {number:,} shuffles.")
        test.append(say(other, number=found.overall.permutations))
    told = [_neighbours(found), *(test if tested else ()), *_left_out(found)]
    if (frame["label"] == UNDEFINED).any():
        told.append(found.overall.notes[0])
    elif tested and found.sides == "one":
        told += _two_sided(found)
    least = (1 if found.sides == "one" else 2) / (found.permutations + 1)
    if tested and not (frame["code"] != "").any() and least * tested > found.q:
        told.append(
            say(
                "With {shuffles:,} shuffles no p is below {least:.2g}, so one unit alone cannot stand out among "
                "{tested:,}; more shuffles could find more.",
                shuffles=found.permutations,
                least=least,
                tested=tested,
            )
        )
    high = frame["code"].isin(["HH", "H"])
    lone = int((high & frame["cluster"].isna()).sum())
    if lone:
        told.append(
            say(
                mark("1 of the high {units} in a group of fewer than {least} is in no cluster.")
                if lone == 1
                else mark("{number:,} high {units} in groups of fewer than {least} are in no cluster."),
                number=lone,
                units=plural,
                least=found.least_units,
            )
        )
    names = [column(found.group, found.base), column("total", found.base)]
    if district_margins.at_hand(found.units, names):
        told.append(
            say(
                "The counts are survey estimates, and their sampling error is not in p; kit.stability tells how often "
                "each unit keeps its class when the estimates move within their margins."
            )
        )
    shapes = found.units.geometry
    if len(found.outlines) and (shapes is None or found.outlines.geometry.isna().any()):
        told.append(say("These {units} have no polygons, so clusters have no outlines.", units=plural))
    return (*told, *found.adjacency.notes, term(PROMPT))


# None, one, several.
_STAND = (
    mark("Of {units} tested, none stands out."),
    mark("Of {units} tested, {number:,} stands out: {labels}."),
    mark("Of {units} tested, {number:,} stand out: {labels}."),
)


def summarise(found: Clusters) -> Message:
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
    frame, plural, who = found.frame, found.units.plural, noun(found.base)
    tested = int(frame["p"].notna().sum())
    none = say("None of the {units} could be tested, so there is no cluster.", units=plural)
    told: list[str] = [found.overall.summary() if tested else none]
    if tested:
        counts = frame["label"][frame["code"] != ""].value_counts()
        out = joined(
            [say("{number:,} {label}", number=int(number), label=term(str(label))) for label, number in counts.items()],
            say("; "),
        )
        stand = int(counts.sum())
        told.append(say(_STAND[min(stand, 2)], units=some(tested, plural), number=stand, labels=out))
    outlines = found.outlines
    if len(outlines):
        told.append(
            say(
                mark(
                    "Where {least} or more high {units} are neighbours they form 1 cluster, home to {share} of the "
                    "{noun} counted as “{group}”."
                )
                if len(outlines) == 1
                else mark(
                    "Where {least} or more high {units} are neighbours they form {number:,} clusters, home to {share} "
                    "of the {noun} counted as “{group}”."
                ),
                least=found.least_units,
                units=plural,
                number=len(outlines),
                share=percent(outlines["share_of_group"].sum()),
                noun=who,
                group=group_name(found.group),
            )
        )
        told += [_one(name, row, plural, who) for name, row in outlines.head(_TOLD).iterrows()]
    elif tested:
        no = mark("No {least} high {units} are neighbours, so there is no cluster.")
        told.append(say(no, least=found.least_units, units=plural))
    return joined([*told, *each(found.notes)])


def cluster_name(name: str) -> str:
    """Say what a cluster is called.

    Parameters
    ----------
    name : str
        As in the table of outlines, such as ``"Cluster 1"``.

    Returns
    -------
    str
        In the language in force.
    """
    number = name.removeprefix("Cluster ")
    return say("Cluster {number}", number=number) if number.isdigit() and number != name else name


def _one(name: object, row: pd.Series, plural: str, who: str) -> Message:
    return say(
        "{cluster}: {units}, {count} of {base} {noun} ({share}), {of_group} of the group.",
        cluster=cluster_name(str(name)),
        units=some(int(row["units"]), plural),
        count=people(row["count"]),
        base=people(row["base"]),
        noun=who,
        share=percent(row["share"]),
        of_group=percent(row["share_of_group"]),
    )


def _neighbours(found: Clusters) -> Message:
    """Say who counts as a neighbour, which the result depends on."""
    adjacency, plural = found.adjacency, found.units.plural
    linked = int(np.asarray(adjacency.linked, dtype=bool).sum())
    return say(
        _LINKED[min(linked, 2)],
        units=plural,
        border=term(_RULES.get(adjacency.rule, adjacency.rule)),
        rule=adjacency.rule,
        pairs=len(adjacency) - linked,
        linked=linked,
    )


# No pair, one, several come from a table.
_LINKED = (
    mark(
        "Neighbours are {units} that share {border} ({rule}): {pairs:,} pairs. The result depends on this choice; each "
        "neighbour weighs the same."
    ),
    mark(
        "Neighbours are {units} that share {border} ({rule}): {pairs:,} pairs, and 1 pair from a table of links such "
        "as bridges and ferries. The result depends on this choice; each neighbour weighs the same."
    ),
    mark(
        "Neighbours are {units} that share {border} ({rule}): {pairs:,} pairs, and {linked:,} pairs from a table of "
        "links such as bridges and ferries. The result depends on this choice; each neighbour weighs the same."
    ),
)


# No unit is left out, one, several.
_SMOOTHED = (
    mark("Shares are smoothed by empirical Bayes (Marshall): small bases are drawn to the mean."),
    mark(
        "Shares are smoothed by empirical Bayes (Marshall): small bases are drawn to the mean; {units} without {noun} "
        "is left out."
    ),
    mark(
        "Shares are smoothed by empirical Bayes (Marshall): small bases are drawn to the mean; {units} without {noun} "
        "are left out."
    ),
)


def _left_out(found: Clusters) -> list[str]:
    """Say which units were not tested, and why."""
    frame, plural, who = found.frame, found.units.plural, noun(found.base)
    alone = int((frame["label"] == "no neighbours").sum())
    told: list[str] = []
    if found.smoothing is not None:
        empty = int((frame["base"] == 0).sum())
        told.append(say(_SMOOTHED[min(empty, 2)], units=some(empty, plural), noun=who))
    else:
        small = frame["value"].isna()
        left = int(small.sum())
        if left:
            whole = people(frame["count"].sum())
            told.append(
                say(
                    mark(
                        "{units} with fewer than {least:,} {noun} is left out ({people} of the {whole} people of the "
                        "group)."
                    )
                    if left == 1
                    else mark(
                        "{units} with fewer than {least:,} {noun} are left out ({people} of the {whole} people of the "
                        "group)."
                    ),
                    units=some(left, plural),
                    least=max(found.minimum, 1),
                    noun=who,
                    people=people(frame.loc[small, "count"].sum()),
                    whole=whole,
                )
            )
    if alone:
        has = mark("{units} has no neighbours among those tested, and no class.")
        have = mark("{units} have no neighbours among those tested, and no class.")
        told.append(say(has if alone == 1 else have, units=some(alone, plural)))
    return told


def _two_sided(found: Clusters) -> list[str]:
    """Say how many units would stand out with p counted on both sides."""
    frame = found.frame
    kept = frame["code"] != ""
    doubled = benjamini_hochberg((2 * frame["p"]).clip(upper=1)) <= found.q
    if not kept.any():
        return []
    return [
        say(
            "With two-sided p, {still:,} of the {number:,} {units} that stand out would still do so.",
            still=int((doubled & kept).sum()),
            number=int(kept.sum()),
            units=found.units.plural,
        )
    ]
