"""Past elections replayed on a plan: who had the most votes in each district, and what rests on spreading votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from kit.analysis import replay_words
from kit.analysis.precinct_votes import UnitVotes, votes_by_unit
from kit.analysis.replay_counts import carries_for_certain, district_votes, in_order
from kit.analysis.replay_inputs import chosen_contests, kinds_of, plans_of, preferred_candidates
from kit.errors import InputError, first_few
from kit.model.frames import Placement
from kit.model.returns import Returns
from kit.model.shared import Shared
from kit.model.source import Source
from kit.progress import meter

HELD = 0.99
"""A contest counts in a district where at least this share of its weight lies in precincts with figures."""


@dataclass(frozen=True)
class Replay:
    """Results of past contests within the districts of one plan or several.

    Parameters
    ----------
    frame : pandas.DataFrame
        By ``plan``, ``contest``, ``district`` and ``candidate``: ``votes``,
        ``share`` (of the votes in the district), ``low`` and ``high`` (the
        fewest and the most votes that any spreading of split precincts could
        give). Missing where the contest was not held in the district.
    results : pandas.DataFrame
        By ``plan``, ``contest`` and ``district``: ``votes``, ``winner`` (who has
        the most votes; missing in a tie and where the contest does not count),
        ``margin_votes`` and ``margin`` (over the next candidate, as a share of
        votes), ``tie``, ``settled`` (whether the same candidate has the most
        votes however those of split precincts are spread), ``held`` (share of
        the district's weight in precincts with figures), ``counted``,
        ``whole_precincts`` and ``split_precincts`` (with votes), ``split_share``
        (share of the votes that come from split precincts, or that were spread
        from outside), and, of the group's preferred candidate, ``preferred``,
        ``carried`` and ``carried_settled`` (missing where there is none or the
        contest does not count).
    performance : pandas.DataFrame
        By ``plan``, ``kind`` and ``district``: of the contests with a preferred
        candidate, ``contests`` (counted), ``carried``, ``carried_for_certain``
        and ``lost_for_certain`` (however votes are spread), ``ties`` and
        ``not_held``. Without rows where no preferred candidates were given.
    contests, candidates : pandas.DataFrame
        Names, as in the returns.
    nowhere : pandas.DataFrame
        Votes in no district, contests by plan.
    votes : dict of str to UnitVotes
        Plan → how votes were spread.
    group : str
        Definition id of the group whose preferred candidates were given; empty
        where it was not said.
    held : float
        Share from which on a contest counts in a district.
    at_most : str
        Column that the votes of no part of a precinct exceed; empty for none.
    sources : tuple of Source
        Where votes, units and plans came from.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    results: pd.DataFrame = Shared()  # noqa: RUF009
    performance: pd.DataFrame = Shared()  # noqa: RUF009
    contests: pd.DataFrame = Shared()  # noqa: RUF009
    candidates: pd.DataFrame = Shared()  # noqa: RUF009
    nowhere: pd.DataFrame = Shared()  # noqa: RUF009
    votes: Mapping[str, UnitVotes] = field(default_factory=dict, repr=False)
    group: str = ""
    held: float = HELD
    at_most: str = ""
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def plans(self) -> pd.DataFrame:
        """Count districts by how many contests the preferred candidate carries, plans side by side.

        Returns
        -------
        pandas.DataFrame
            By ``plan`` and ``kind``: ``districts`` (with a contest that counts),
            ``all``, ``most`` (more than half, but not all), ``some`` (at least
            one, but no more than half) and ``none``.
        """
        table = self.performance
        table = table[table["contests"] > 0]
        part = table["carried"] / table["contests"]
        sorts = pd.DataFrame(
            {
                "districts": part.notna(),
                "all": part == 1,
                "most": (part > 0.5) & (part < 1),
                "some": (part > 0) & (part <= 0.5),
                "none": part == 0,
            }
        )
        return sorts.groupby(level=["plan", "kind"], sort=False).sum()

    def table(self, contest: str, *, plan: str | None = None) -> pd.DataFrame:
        """Lay out one contest in one plan for print.

        Parameters
        ----------
        contest : str
            Contest id.
        plan : str, optional
            Label of the plan; may be left out where there is one.

        Returns
        -------
        pandas.DataFrame
            Districts by the share of each candidate (under the candidate's
            name), ``winner``, ``margin``, ``split_share``, ``settled`` and ``held``.

        Raises
        ------
        InputError
            There is no such contest or plan, or several plans and none is named.
        """
        plans = list(self.votes)
        if plan is None and len(plans) > 1:
            raise InputError(f"say which plan: {first_few(plans)}.")
        chosen = plans[0] if plan is None else plan
        for name, known in ((chosen, plans), (contest, list(self.results.index.unique("contest")))):
            if name not in known:
                raise InputError(f"nothing was replayed under {name!r}; there are {first_few(known, 12)}.")
        share = self.frame.loc[(chosen, contest), "share"].unstack("candidate", sort=False)  # noqa: PD010
        share.columns = [replay_words.name_of(self.candidates, contest, str(one)) for one in share.columns]
        kept = ["winner", "margin", "split_share", "settled", "held"]
        return pd.concat([share, self.results.loc[(chosen, contest), kept]], axis=1)

    def summary(self) -> str:
        """Say how the preferred candidates fare in each plan, or who has the most votes.

        Returns
        -------
        str
            A few sentences a plan, then the notes.
        """
        return replay_words.summarise(self)


def replay(
    returns: Returns,
    placements: Placement | Sequence[Placement] | Mapping[str, Placement],
    *,
    precincts: str | pd.Series,
    weight: str,
    contests: Sequence[str] | None = None,
    group_preferred: Mapping[str, str] | None = None,
    group: str = "",
    kinds: Mapping[str, str] | None = None,
    held: float = HELD,
    at_most: str | None = None,
    outside: str = "error",
    within: Mapping[str, str] | None = None,
) -> Replay:
    """Count the votes of past contests within the districts of a plan.

    Parameters
    ----------
    returns : Returns
        Votes by precinct, contest and candidate.
    placements : Placement, or sequence or mapping of them
        Units in districts, from `kit.place`; several plans are shown side by
        side under their labels, or under the names of their plans.
    precincts : str or pandas.Series
        Column of the units with the precinct of each, or a series GEOID → precinct.
    weight : str
        Column of the units in proportion to which a precinct's votes are
        spread over them, such as ``"total_vap"`` or ``"total_cvap"``.
    contests : sequence of str, optional
        Contests to replay; all by default.
    group_preferred : mapping of str to str, optional
        Contest → the candidate whom the group preferred, as found elsewhere,
        for example with `kit.polarization`.
    group : str, optional
        Definition id of that group, such as ``"nh_aapi_alone"``.
    kinds : mapping of str to str, optional
        Contest → its kind, such as ``"this office"`` for contests for the very
        office whose districts are drawn; kinds are counted apart. By default
        the column ``kind`` of ``returns.contests``, or their stage where they
        have several: a primary and a general election are not added up.
    held : float, default 0.99
        Share of a district's weight that must lie in precincts with figures
        for a contest to count there.
    at_most : str, optional
        Column of the units, such as ``"total_vap"``, for narrower bounds: no part
        of a precinct has more votes than people in it.
    outside : {"error", "report", "spread"}
        What is done with votes in precincts without units, as in `kit.votes_by_unit`.
    within : mapping of str to str, optional
        Precinct → area in which such votes are spread.

    Returns
    -------
    Replay
        Votes, winners and margins by district, how far they rest on spreading
        votes, and how often the preferred candidate carries each district.

    Raises
    ------
    InputError
        A contest, a candidate or a group is not known, or two plans have one name.
    SchemaError
        Votes are negative or stand in two rows, or columns are missing.
    CoverageError
        Votes lie in precincts without units, or were not conserved.

    Notes
    -----
    A precinct is split where units with weight lie in more than one district.
    Its votes are known for the precinct and not for its parts, so each
    candidate has in a district at least the votes of whole precincts and at
    most those and all of its votes in the split ones; with `at_most`, no more
    than live in the part, and no less than do not fit elsewhere. A result is
    called settled where the same candidate has the most votes between these bounds whatever
    the spreading. To carry a district means to have more votes there than any
    other candidate; it is not a majority, and no such election was held.

    References
    ----------
    A. Becker, M. Duchin, D. Gold and S. Hirsch, "Computational redistricting and
    the Voting Rights Act", Election Law Journal 20 (2021).

    Examples
    --------
    >>> import pandas as pd
    >>> import kit
    >>> county = kit.load_sample("fictional_county")
    >>> rows = county.tables["votes"].set_index(["precinct", "contest", "candidate"])
    >>> returns = Returns(rows, pd.DataFrame(), pd.DataFrame())
    >>> placed = kit.place(county.units, county.plans["a"])
    >>> found = replay(
    ...     returns,
    ...     placed,
    ...     precincts="vtd",
    ...     weight="total_vap",
    ...     group_preferred={"school_board_2024": "Candidate Wren"},
    ... )
    >>> found.performance["carried"].groupby("district").sum().to_dict()
    {'1': 1, '2': 0, '3': 1, '4': 1}
    """
    plans, chosen = plans_of(placements), chosen_contests(returns, contests)
    preferred = preferred_candidates(returns, group_preferred, group)
    if not 0 < held <= 1:
        raise InputError(f"held is a share above 0 and at most 1, not {held!r}.")
    order = list(dict.fromkeys(chosen.frame.index.unique("contest") if contests is None else contests))
    made: dict[int, UnitVotes] = {}
    spread, tables, results, nowhere = {}, [], [], {}
    with meter("Replaying past contests", len(plans)) as bar:
        for label, placement in plans.items():
            units = placement.units
            if id(units) not in made:
                made[id(units)] = votes_by_unit(
                    chosen, units, precincts=precincts, weight=weight, outside=outside, within=within
                )
            spread[label] = made[id(units)]
            votes, found, nowhere[label] = district_votes(spread[label], placement, order, held=held, at_most=at_most)
            found = found.assign(**_carried(votes, found, preferred))
            tables.append(pd.concat({label: votes}, names=["plan"]))
            results.append(pd.concat({label: found}, names=["plan"]))
            bar.advance(1)
    result = in_order(pd.concat(results))
    sources = [source for one in spread.values() for source in one.sources]
    sources += [source for placement in plans.values() for source in placement.plan.sources]
    finished = Replay(
        frame=in_order(pd.concat(tables)),
        results=result,
        performance=_performance(result, kinds_of(chosen, kinds)),
        group=group,
        votes=spread,
        contests=chosen.contests,
        candidates=chosen.candidates,
        nowhere=pd.DataFrame(nowhere),
        held=held,
        at_most=at_most or "",
        sources=tuple(dict.fromkeys(sources)),
    )
    return replace(finished, notes=replay_words.notes(finished, plans))


# --- the preferred candidate -----------------------------------------------------------------------


def _carried(votes: pd.DataFrame, results: pd.DataFrame, preferred: Mapping[str, str]) -> dict[str, pd.Series]:
    """Tell where the preferred candidate has the most votes, and whether that holds for every spreading."""
    name = pd.Series([preferred.get(contest) for contest, _ in results.index], index=results.index, dtype="str")
    known = (results["counted"] & name.notna()).to_numpy(dtype=bool)
    carried = pd.Series((results["winner"] == name).to_numpy(dtype=bool), index=results.index, dtype="boolean")
    certain = np.zeros(len(results), dtype=bool)
    of = results.index.get_level_values("contest")
    for contest, part in votes.groupby(level="contest", sort=False):
        if contest in preferred:
            who = list(part.index.unique("candidate"))
            low, high = (part[bound].to_numpy(dtype=float).reshape(-1, len(who)) for bound in ("low", "high"))
            sure, lost = carries_for_certain(low, high, who.index(preferred[str(contest)]))
            certain[of == contest] = sure | lost
    settled = pd.Series(certain, index=results.index, dtype="boolean")
    return {"preferred": name, "carried": carried.where(known), "carried_settled": settled.where(known)}


def _performance(results: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Count the contests that the preferred candidate carries, by district and kind of contest."""
    rows = results[results["preferred"].notna()]
    kind = rows.index.get_level_values("contest").map(kinds)
    carried = rows["carried"].eq(other=True).fillna(value=False).astype(bool)
    certain = rows["carried_settled"].eq(other=True).fillna(value=False).astype(bool)
    counts = pd.DataFrame(
        {
            "contests": rows["counted"],
            "carried": carried,
            "carried_for_certain": carried & certain,
            "lost_for_certain": rows["counted"] & ~carried & certain,
            "ties": rows["tie"] & rows["counted"],
            "not_held": ~rows["counted"],
        }
    ).astype(np.int64)
    by = [rows.index.get_level_values("plan"), pd.Index(kind, name="kind"), rows.index.get_level_values("district")]
    return in_order(counts.groupby(by, sort=False).sum().rename_axis(["plan", "kind", "district"]))
