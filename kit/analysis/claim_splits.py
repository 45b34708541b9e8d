"""Claims on named areas: among how many districts a community, a cluster or a region is split."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from kit.analysis.area_counts import at_level
from kit.analysis.claim_case import LONGEST, Said, refused
from kit.analysis.claim_evidence import ESTIMATED
from kit.analysis.claim_words import remarks_on_splits
from kit.errors import SchemaError, first_few
from kit.i18n.messages import joined, mark, say, term
from kit.model.claims import Claim
from kit.model.geoid import natural_key
from kit.model.groups import column
from kit.model.sentences import few, group_name, listed, noun, people, percent
from kit.settings import current

SLIVER = 0.01
"""A piece under this share of an area's people is named as a sliver."""
MOSTLY = 0.9
"""A unit that is inside an area by at least this share of its surface is taken to have people of it."""
_NEEDED = ("community", "district", "people")
_NAMED = 6
_DOUBTED = len(", with the doubts stated below")
_WHOLE = mark("Every piece needs a count of people, and one of them must have some.")


def judge_split(claim: Claim, splits: Any) -> Said:
    """Check among how many districts an area is split.

    Parameters
    ----------
    claim : Claim
        Of the kind ``split_into``.
    splits : object
        Its ``.pieces`` has one row for each area and district: ``community``,
        ``district``, ``base`` or ``people`` and, where known, ``count`` or ``group``.

    Returns
    -------
    Said
        What may be said.

    Raises
    ------
    SchemaError
        Columns are missing, or no area has that name.
    """
    held, outside = _pieces(splits, str(claim.area))
    if held["people"].isna().any() or math.isnan(outside):
        told = mark("Some pieces of {area} have no count of people, so they cannot be counted.")
        return refused(say(told, area=claim.area), term(_WHOLE))
    held = held[held["people"].astype("float64") > 0]
    total = float(held["people"].sum())
    if not len(held):
        told = mark("Nobody lives in {area} as it is drawn, so it is in no district.")
        return refused(say(told, area=claim.area), term(_WHOLE))
    shares = (held["people"].astype("float64") / total).sort_values(ascending=False, kind="stable")
    small = [str(label) for label in shares.index[shares < SLIVER]]
    doubts = _doubts(splits, claim, held, small, outside)
    tests = (*_lines(claim, held, small, doubts), *remarks_on_splits(splits, float(held["people"].min())))
    number = len(held)
    if number == 1 and not doubts:
        whole = mark("It is whole: all of its people are in district {district}.")
        return refused(say(whole, district=str(shares.index[0])), *tests)
    kind = getattr(getattr(splits, "communities", None), "kind", "area")
    values = {"area": claim.area, "number": number, "districts": _named(shares)}
    state = say(
        "The {kind} “{area}” is split among {number} districts: {districts} of its {people} {noun}",
        **values,
        kind=term(kind),
        people=people(total),
        noun=_noun(claim),
    )
    state = joined([joined([state, _sliver(shares[small])]), _group(claim, held, shares)], say("; "))
    title = say("{area}: split among {number} districts, {districts}", **values)
    if len(title) > LONGEST - _DOUBTED:
        title = say("{area}: split among {number} districts", **values)
    wanted = claim.n or 0
    fits = number >= wanted if claim.direction == "at_least" else number == wanted
    doubted = joined(doubts, say("; "))
    if doubts:
        why = say("It is not sure that these, and no others, are its pieces: {doubts}.", doubts=doubted)
    elif fits:
        why = say("People live in {number} of its pieces.", number=number)
    else:
        why = say("The claim says {wanted} districts; people of it live in {number}.", wanted=wanted, number=number)
    if number == 1:
        return refused(why, *tests)
    told = say("{told}.", told=state)
    if doubts:
        told = say("{told} ({doubts}).", told=state, doubts=doubted)
        title = say("{title}, with the doubts stated below", title=title)
    return Said("carried" if fits and not doubts else "weaker", told, title, why, tests)


def _pieces(splits: Any, area: str) -> tuple[pd.DataFrame, float]:
    """Give the pieces of one area by district, and how many of its people lie in none."""
    frame = splits.pieces
    if "people" not in frame.columns:
        frame = frame.rename(columns={"base": "people", "count": "group"})
    absent = [name for name in _NEEDED if name not in frame.columns]
    if absent:
        raise SchemaError(
            f"these pieces have no column {', '.join(absent)}; a claim on a split needs {', '.join(_NEEDED)} and group."
        )
    rows, table = frame[frame["community"].astype(str) == area], getattr(splits, "frame", None)
    if not len(rows) and (table is None or area not in table.index):
        names = table.index if table is not None else frame["community"].astype(str).unique()
        raise SchemaError(f"no area is called {area!r}; there are {first_few(names)}.")
    nowhere = rows["district"].isna()
    outside = float(rows.loc[nowhere, "people"].sum(skipna=False))
    if not nowhere.any() and table is not None and "unplaced" in table.columns and area in table.index:
        outside = float(table.loc[area, "unplaced"])
    kept = [name for name in ("people", "group") if name in rows.columns]
    found = rows[~nowhere]
    sums = found.groupby(found["district"].astype(str))[kept].sum(skipna=False)
    return sums.loc[sorted(sums.index, key=natural_key)], outside


def _doubts(splits: Any, claim: Claim, held: pd.DataFrame, small: list[str], outside: float) -> list[str]:
    """Name what keeps the number of pieces from being exact."""
    told: list[str] = []
    if outside:
        told.append(say("{people} of its people lie in no district", people=people(outside)))
    table, placement = getattr(splits, "frame", None), getattr(splits, "placement", None)
    if table is not None and "unknown_units" in table.columns and claim.area in table.index:
        unknown = int(table.loc[claim.area, "unknown_units"])
        told += [say("{number:,} of its units are not at hand", number=unknown)] if unknown else []
    estimated = bool((held["people"] % 1 != 0).any())
    if placement is not None:
        members = splits.communities.membership
        mine = members.loc[members["community"] == claim.area, "GEOID"]
        cut = int(placement.split_units.index.isin(mine).sum())
        lines = mark("district lines cut {number:,} of its units, which were placed whole")
        told += [say(lines, number=cut)] if cut else []
        told += _parts_only(splits, str(claim.area), held)
        estimated |= any(source.uncertainty in ESTIMATED for source in placement.units.sources)
    if estimated and small:
        told.append(say("the counts are estimates, and a piece as small as a sliver may be empty"))
    return told


def _parts_only(splits: Any, area: str, held: pd.DataFrame) -> list[str]:
    """Name pieces without any unit that is in the area wholly or nearly: its people may live beyond the line."""
    placement = splits.placement
    rows, _ = at_level(splits.communities, placement.units.frame.index)
    rows = rows[(rows["community"] == area) & (rows["share"] >= MOSTLY)]
    people_ = placement.units.frame[column("total", splits.base)].reindex(rows["GEOID"])
    sure = set(placement.assignment.reindex(people_.index[people_ > 0]).dropna().astype(str))
    unsure = [str(label) for label in held.index if label not in sure]
    if not unsure or len(held) == 1:
        return []
    where = mark("district {districts}") if len(unsure) == 1 else mark("districts {districts}")
    return [
        say(
            "what it has in {districts} is only parts of {units}, and whether any of its people live in those parts "
            "is not known",
            districts=say(where, districts=listed(unsure[:_NAMED])),
            units=placement.units.plural,
        )
    ]


def _named(shares: pd.Series) -> str:
    """Name districts with their shares, largest first."""
    told = [say("{district} ({share})", district=label, share=percent(share)) for label, share in shares.items()]
    return listed(told) if len(told) <= _NAMED else few(told, _NAMED)


def _noun(claim: Claim) -> str:
    return noun(claim.base) if claim.base else say("people")


def _sliver(small: pd.Series) -> str:
    """Say which pieces are slivers."""
    if not len(small):
        return ""
    return say(
        mark("(one of them, {districts}, holds {share})")
        if len(small) == 1
        else mark("({number} of them, {districts}, hold {share} together)"),
        number=len(small),
        districts=listed([str(label) for label in small.index[:_NAMED]]),
        share=percent(float(small.sum())),
    )


def _group(claim: Claim, held: pd.DataFrame, shares: pd.Series) -> str:
    """Say how the group is split, in the same order."""
    if "group" not in held.columns or held["group"].isna().any() or not held["group"].sum():
        return ""
    of = held["group"].astype("float64").reindex(shares.index)
    who = say("people of the group")
    if claim.group:
        who = say("people counted as “{group}”", group=group_name(claim.group))
    if (held["people"] < current().small_base).any():
        # One share that is left out could be worked out from the others.
        return say(
            "how its {people} {group} are divided is not given, as a piece has fewer than {limit} people",
            people=people(float(of.sum())),
            group=who,
            limit=current().small_base,
        )
    parts = listed([percent(part) for part in of[:_NAMED] / of.sum()])
    return say("of its {people} {group}, {shares}", people=people(float(of.sum())), group=who, shares=parts)


def _lines(claim: Claim, held: pd.DataFrame, small: list[str], doubts: list[str]) -> tuple[str, ...]:
    """Write what was counted."""
    told = [say("Districts with people of {area}: {number}.", area=claim.area, number=len(held))]
    if "group" in held.columns:
        members = int((held["group"].astype("float64") > 0).sum())
        told.append(say("Districts with people of the group: {number}.", number=members))
    none = say("Pieces under {share:.0%} of its people: none.", share=SLIVER)
    named = joined(small, say(", "))
    told.append(say("Pieces under {share:.0%} of its people: {names}.", share=SLIVER, names=named) if small else none)
    told += [say("{told:capital}.", told=doubt) for doubt in doubts]
    if (held["people"] % 1 != 0).any():
        told.append(say("The area cuts units; their people were shared out, so the counts are estimates."))
    told.append(
        say("No baseline was computed: how often plans drawn without regard to it would split it is not known.")
    )
    return tuple(told)
