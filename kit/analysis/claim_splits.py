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
from kit.model.claims import Claim
from kit.model.geoid import natural_key
from kit.model.groups import BASES, column
from kit.model.sentences import group_name, listed, people, percent
from kit.settings import current

SLIVER = 0.01
"""A piece under this share of an area's people is named as a sliver."""
MOSTLY = 0.9
"""A unit that is inside an area by at least this share of its surface is taken to have people of it."""
_NEEDED = ("community", "district", "people")
_NAMED = 6
_DOUBTED = ", with the doubts stated below"
_WHOLE = "Every piece needs a count of people, and one of them must have some."


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
        return refused(f"Some pieces of {claim.area} have no count of people, so they cannot be counted.", _WHOLE)
    held = held[held["people"].astype("float64") > 0]
    total = float(held["people"].sum())
    if not len(held):
        return refused(f"Nobody lives in {claim.area} as it is drawn, so it is in no district.", _WHOLE)
    shares = (held["people"].astype("float64") / total).sort_values(ascending=False, kind="stable")
    small = [str(label) for label in shares.index[shares < SLIVER]]
    doubts = _doubts(splits, claim, held, small, outside)
    tests = (*_lines(claim, held, small, doubts), *remarks_on_splits(splits, float(held["people"].min())))
    number = len(held)
    if number == 1 and not doubts:
        return refused(f"It is whole: all of its people are in district {shares.index[0]}.", *tests)
    named = _named(shares)
    kind = getattr(getattr(splits, "communities", None), "kind", "area")
    state = (
        f"The {kind} “{claim.area}” is split among {number} districts: {named} of its {people(total)} {_noun(claim)}"
    )
    state += f"{_sliver(shares[small])}{_group(claim, held, shares)}."
    title = f"{claim.area}: split among {number} districts, {named}"
    title = title if len(title) <= LONGEST - len(_DOUBTED) else f"{claim.area}: split among {number} districts"
    wanted = claim.n or 0
    fits = number >= wanted if claim.direction == "at_least" else number == wanted
    if doubts:
        why = f"It is not sure that these, and no others, are its pieces: {'; '.join(doubts)}."
    elif fits:
        why = f"People live in {number} of its pieces."
    else:
        why = f"The claim says {wanted} districts; people of it live in {number}."
    if number == 1:
        return refused(why, *tests)
    if doubts:
        state = f"{state.removesuffix('.')} ({'; '.join(doubts)})."
        title += _DOUBTED
    return Said("carried" if fits and not doubts else "weaker", state, title, why, tests)


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
    told = [f"{people(outside)} of its people lie in no district"] if outside else []
    table, placement = getattr(splits, "frame", None), getattr(splits, "placement", None)
    if table is not None and "unknown_units" in table.columns and claim.area in table.index:
        unknown = int(table.loc[claim.area, "unknown_units"])
        told += [f"{unknown:,} of its units are not at hand"] if unknown else []
    estimated = bool((held["people"] % 1 != 0).any())
    if placement is not None:
        members = splits.communities.membership
        mine = members.loc[members["community"] == claim.area, "GEOID"]
        cut = int(placement.split_units.index.isin(mine).sum())
        told += [f"district lines cut {cut:,} of its units, which were placed whole"] if cut else []
        told += _parts_only(splits, str(claim.area), held)
        estimated |= any(source.uncertainty in ESTIMATED for source in placement.units.sources)
    if estimated and small:
        told.append("the counts are estimates, and a piece as small as a sliver may be empty")
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
    where = f"district{'s' * (len(unsure) > 1)} {listed(unsure[:_NAMED])}"
    told = f"what it has in {where} is only parts of {placement.units.plural}"
    return [f"{told}, and whether any of its people live in those parts is not known"]


def _named(shares: pd.Series) -> str:
    """Name districts with their shares, largest first."""
    told = [f"{label} ({percent(share)})" for label, share in shares.items()]
    more = len(told) - _NAMED
    return listed(told) if more <= 0 else f"{', '.join(told[:_NAMED])} and {more} more"


def _noun(claim: Claim) -> str:
    return BASES[claim.base].noun if claim.base else "people"


def _sliver(small: pd.Series) -> str:
    """Say which pieces are slivers."""
    if not len(small):
        return ""
    one = len(small) == 1
    named = listed([str(label) for label in small.index[:_NAMED]])
    held = percent(float(small.sum()))
    return f" ({'one of them' if one else f'{len(small)} of them'}, {named}, hold{'s' * one} {held} together)".replace(
        " together)", ")" if one else " together)"
    )


def _group(claim: Claim, held: pd.DataFrame, shares: pd.Series) -> str:
    """Say how the group is split, in the same order."""
    if "group" not in held.columns or held["group"].isna().any() or not held["group"].sum():
        return ""
    of = held["group"].astype("float64").reindex(shares.index)
    who = f"people counted as “{group_name(claim.group)}”" if claim.group else "people of the group"
    if (held["people"] < current().small_base).any():
        # One share that is left out could be worked out from the others.
        few = f"a piece has fewer than {current().small_base} people"
        return f"; how its {people(float(of.sum()))} {who} are divided is not given, as {few}"
    return f"; of its {people(float(of.sum()))} {who}, {listed([percent(part) for part in of[:_NAMED] / of.sum()])}"


def _lines(claim: Claim, held: pd.DataFrame, small: list[str], doubts: list[str]) -> tuple[str, ...]:
    """Write what was counted."""
    told = [f"Districts with people of {claim.area}: {len(held)}."]
    if "group" in held.columns:
        told.append(f"Districts with people of the group: {int((held['group'].astype('float64') > 0).sum())}.")
    told.append(f"Pieces under {SLIVER:.0%} of its people: {', '.join(small) or 'none'}.")
    told += [f"{doubt[:1].upper()}{doubt[1:]}." for doubt in doubts]
    if (held["people"] % 1 != 0).any():
        told.append("The area cuts units; their people were shared out, so the counts are estimates.")
    told.append("No baseline was computed: how often plans drawn without regard to it would split it is not known.")
    return tuple(told)
