"""What a replay of past elections was asked for, checked: plans, contests, preferred candidates and kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kit.analysis.replay_words import OTHER_KIND
from kit.errors import InputError, first_few
from kit.model.frames import Placement
from kit.model.groups import DEFINITIONS
from kit.model.returns import Returns


def plans_of(placements: Placement | Sequence[Placement] | Mapping[str, Placement]) -> dict[str, Placement]:
    """Give each placement its label.

    Parameters
    ----------
    placements : Placement, or sequence or mapping of them
        One plan or several.

    Returns
    -------
    dict of str to Placement
        Label → placement.

    Raises
    ------
    InputError
        Something else was given, there is none, or two plans have one name.
    """
    if isinstance(placements, Placement):
        placements = [placements]
    if isinstance(placements, Mapping):
        labelled = dict(placements)
    else:
        labelled = {one.plan.name: one for one in placements if isinstance(one, Placement)}
        if len(labelled) < len(placements):
            raise InputError(
                "placements are from kit.place and each plan has a name of its own; where two are called alike, pass "
                "a mapping of labels to placements."
            )
    wrong = [label for label, one in labelled.items() if not isinstance(one, Placement)]
    if wrong or not labelled:
        raise InputError(f"placements are from kit.place; {first_few(wrong) or 'there is none'}.")
    return labelled


def chosen_contests(returns: Returns, contests: Sequence[str] | None) -> Returns:
    """Keep the contests that were asked for.

    Parameters
    ----------
    returns : Returns
        Votes.
    contests : sequence of str or None
        Contest ids; None for all.

    Returns
    -------
    kit.model.returns.Returns
        With these contests only.

    Raises
    ------
    InputError
        A contest is not in the returns.
    """
    if not isinstance(returns, Returns):
        raise InputError(f"returns are from kit.read_returns, not a {type(returns).__name__}.")
    if contests is None:
        return returns
    there = returns.frame.index.get_level_values("contest")
    absent = [name for name in contests if name not in set(there)]
    if absent or not len(contests) or isinstance(contests, str):
        raise InputError(
            f"the returns have no contest {first_few(absent) or 'of an empty list'}; they have "
            f"{first_few(there.unique(), 12)}."
        )
    return replace(returns, frame=returns.frame[there.isin(list(contests))])


def preferred_candidates(returns: Returns, given: Mapping[str, str] | None, group: str) -> dict[str, str]:
    """Check that the preferred candidates stood.

    Parameters
    ----------
    returns : Returns
        Votes in every contest.
    given : mapping of str to str or None
        Contest → candidate.
    group : str
        Definition id, or empty.

    Returns
    -------
    dict of str to str
        Contest → candidate.

    Raises
    ------
    InputError
        A candidate did not stand in the contest, or the group is not known.
    """
    if group and group not in DEFINITIONS:
        raise InputError(f"{group!r} is not a definition of the kit; choose among {first_few(DEFINITIONS, 8)}.")
    stood = set(returns.frame.index.droplevel("precinct").unique())
    wrong = [
        f"{candidate} in {contest}" for contest, candidate in (given or {}).items() if (contest, candidate) not in stood
    ]
    if wrong:
        known = [f"{candidate} in {contest}" for contest, candidate in sorted(stood)]
        raise InputError(
            f"these preferred candidates did not stand: {first_few(wrong)}. In the returns are {first_few(known, 8)}."
        )
    return dict(given or {})


def kinds_of(returns: Returns, given: Mapping[str, str] | None) -> dict[str, str]:
    """Give contests their kinds, which are counted apart.

    Parameters
    ----------
    returns : Returns
        Votes in the contests that are replayed.
    given : mapping of str to str or None
        Contest → kind; None to take the kind or the stage that the returns name.

    Returns
    -------
    dict of str to str
        Contest → kind; empty words where all are of one kind.

    Raises
    ------
    InputError
        A contest is not replayed.
    """
    names = returns.frame.index.get_level_values("contest").unique()
    facts = returns.contests[returns.contests.index.isin(names)]
    if given is not None:
        told = dict(given)
        absent = [name for name in told if name not in set(names)]
        if absent:
            raise InputError(f"kinds names contests that are not replayed: {first_few(absent)}.")
    else:
        by = "kind" if "kind" in facts.columns else "stage"
        told = facts[by].dropna().to_dict() if by in facts.columns else {}
        told = {name: kind for name, kind in told.items() if kind}
        if by == "stage" and len({told.get(name) for name in names}) == 1:
            told = {}
    return {str(name): str(told.get(name, OTHER_KIND if told else "")) for name in names}
