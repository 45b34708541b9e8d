"""True plain sentences about how several plans stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.i18n.messages import Message, each, joined, say
from kit.model.sentences import group_name, noun, percent

if TYPE_CHECKING:
    from kit.analysis.rank_plans import PlanRanking


def summarise(ranking: PlanRanking) -> Message:
    """Say how the plans stand.

    Parameters
    ----------
    ranking : PlanRanking
        Plans in order.

    Returns
    -------
    str
        A few sentences, then cautions.
    """
    return joined([*_sentences(ranking), *each(ranking.notes)])


def _sentences(ranking: PlanRanking) -> list[str]:
    """Write how the plans stand."""
    frame = ranking.frame
    one = say("One plan is listed, {plan}.", plan=frame.index[0])
    told: list[str] = [one if len(frame) == 1 else say("{number:,} plans are compared.", number=len(frame))]
    if ranking.group is None:
        return told
    known = frame.dropna(subset="highest_share").sort_values("highest_share", ascending=False, kind="stable")
    if not len(known):
        return told
    best, least = (
        say(
            "{share} in {plan} (district {district})",
            share=percent(row["highest_share"]),
            plan=str(label),
            district=row["highest_district"],
        )
        for label, row in (known.iloc[[0, -1]]).iterrows()
    )
    whose = {"noun": noun(ranking.base), "group": group_name(ranking.group)}
    high, low = known["highest_share"].iloc[[0, -1]]
    if len(known) > 1 and high == low:
        told.append(
            say(
                "The highest share of {noun} counted as “{group}” in any one district is {share} in each of them.",
                **whose,
                share=percent(high),
            )
        )
    elif len(known) > 1:
        told.append(
            say(
                "The highest share of {noun} counted as “{group}” in any one district is {best}; the plan where it is "
                "lowest has {least}.",
                **whose,
                best=best,
                least=least,
            )
        )
    else:
        told.append(
            say("The highest share of {noun} counted as “{group}” in any one district is {best}.", **whose, best=best)
        )
    return told
