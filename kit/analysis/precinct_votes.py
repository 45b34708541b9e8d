"""Votes by precinct, spread over the units of each precinct: every precinct keeps its votes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import precinct_words
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.i18n.messages import mark
from kit.model.frames import Units
from kit.model.returns import Returns
from kit.model.sentences import number_of
from kit.model.shared import Shared
from kit.model.source import Source

OUTSIDE = ("error", "report", "spread")
EVERYBODY, LAND, EQUAL = mark("all people"), mark("land area"), mark("equal parts")
LARGEST_ERROR = 1e-9
"""Votes of a precinct and the sum over its units differ by no more than this part of them."""
_PRECINCT, _CONTEST, _CANDIDATE = "precinct", "contest", "candidate"
_KEYS = [_CONTEST, _CANDIDATE]


@dataclass(frozen=True)
class UnitVotes:
    """Votes by unit, and an account of how those of each precinct were spread.

    Parameters
    ----------
    units : Units
        What the votes were spread over.
    precincts : pandas.Series
        GEOID of a unit → precinct (text); missing where it has none.
    shares : pandas.Series
        GEOID of a unit → which fraction of its precinct's votes it gets.
    weights : pandas.Series
        GEOID of a unit → the weight that was asked for.
    by_precinct : pandas.DataFrame
        Votes as returned: precincts with units, by ``contest`` and ``candidate``
        (two levels of columns). Missing where a precinct has no figure for every
        candidate of the contest: the contest was not held there, or not all of
        it is known.
    added : pandas.DataFrame
        The same for votes of no precinct that were spread over precincts; 0
        everywhere unless ``outside="spread"``.
    unplaced : pandas.DataFrame
        Votes that are in no precinct with units, such as votes by mail counted
        for a whole county: ``precinct``, ``contest``, ``candidate``, ``votes``
        and ``spread`` (whether they were spread).
    incomplete : pandas.DataFrame
        Precincts left out of a contest because a figure is missing:
        ``precinct``, ``contest`` and ``votes`` (of the candidates with figures).
    fallbacks : pandas.DataFrame
        How many precincts with votes were spread by which weight: ``weight``,
        ``fallback`` (whether it stood in for another), ``precincts``, ``votes``
        and ``first`` (ids).
    within : pandas.Series
        Precinct → the area over whose precincts its votes may have been spread.
    sources : tuple of Source
        Where votes and units came from.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    units: Units
    precincts: pd.Series = Shared()  # noqa: RUF009 — a descriptor
    shares: pd.Series = Shared()  # noqa: RUF009
    weights: pd.Series = Shared()  # noqa: RUF009
    by_precinct: pd.DataFrame = Shared()  # noqa: RUF009
    added: pd.DataFrame = Shared()  # noqa: RUF009
    unplaced: pd.DataFrame = Shared()  # noqa: RUF009
    incomplete: pd.DataFrame = Shared()  # noqa: RUF009
    fallbacks: pd.DataFrame = Shared()  # noqa: RUF009
    within: pd.Series = Shared()  # noqa: RUF009
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """Votes by unit, with fractions.

        Returns
        -------
        pandas.DataFrame
            Units by ``contest`` and ``candidate`` (two levels of columns);
            missing where the contest was not held or not all of it is known.
        """
        votes = self.by_precinct + self.added
        rows = votes.index.get_indexer(pd.Index(self.precincts.astype("object")))
        found = votes.to_numpy()[np.where(rows < 0, 0, rows)] * self.shares.to_numpy()[:, None]
        found[rows < 0] = np.nan
        return pd.DataFrame(found, index=self.units.frame.index, columns=votes.columns)


def votes_by_unit(
    returns: Returns,
    units: Units,
    *,
    precincts: str | pd.Series,
    weight: str,
    outside: str = "error",
    within: Mapping[str, str] | None = None,
) -> UnitVotes:
    """Spread the votes of each precinct over its units.

    Parameters
    ----------
    returns : Returns
        Votes by precinct, contest and candidate.
    units : Units
        Units that make up whole precincts, such as census blocks. Where a unit
        is itself a precinct, its own id is its precinct.
    precincts : str or pandas.Series
        Column of the units with the precinct of each, or a series GEOID →
        precinct, spelled as in the returns.
    weight : str
        Column of the units in proportion to which votes are spread, such as
        ``"total_vap"`` (adults) or ``"total_cvap"``.
    outside : {"error", "report", "spread"}
        What is done with votes in a precinct that no unit belongs to, such as
        votes by mail counted for a whole county: an error, left out and
        listed, or spread over the precincts in proportion to each candidate's
        own votes there.
    within : mapping of str to str, optional
        Precinct → area, such as its county, for precincts with units and for
        those without: votes of the latter are spread within their area only.

    Returns
    -------
    UnitVotes
        ``.frame`` with votes by unit, and what was done.

    Raises
    ------
    InputError
        An option is not understood.
    SchemaError
        Votes are negative or stand in two rows, or columns are missing.
    CoverageError
        Votes lie in precincts without units, no precinct of the returns is
        known to the units, or a precinct did not keep its votes.

    Notes
    -----
    Where the units of a precinct have no weight at all, all people are used
    instead, then land area (column ``land_m2``), then equal parts; each use is
    counted in ``.fallbacks``. Fractions of votes are kept: nothing is rounded.
    That voters live where adults or citizens live is an assumption; how far a
    district's result rests on it is what `kit.replay` shows.

    Examples
    --------
    >>> import pandas as pd
    >>> from kit import Source, Units
    >>> ids = pd.Index(["980010001001000", "980010001001001", "980010001001002"], name="GEOID", dtype="str")
    >>> table = pd.DataFrame({"vtd": ["P1", "P1", "P2"], "total_vap": [30, 10, 50]}, index=ids)
    >>> units = Units(table, "block", 2020, (Source("Three blocks"),))
    >>> rows = [("P1", "mayor", "Heron", 40), ("P1", "mayor", "Plover", 20)]
    >>> rows += [("P2", "mayor", "Heron", 10), ("P2", "mayor", "Plover", 15)]
    >>> votes = pd.DataFrame(rows, columns=["precinct", "contest", "candidate", "votes"])
    >>> returns = Returns(votes.set_index(["precinct", "contest", "candidate"]), pd.DataFrame(), pd.DataFrame())
    >>> spread = votes_by_unit(returns, units, precincts="vtd", weight="total_vap")
    >>> spread.frame["mayor"]["Heron"].tolist()
    [30.0, 10.0, 10.0]
    """
    if outside not in OUTSIDE:
        raise InputError(f'outside is "error", "report" or "spread", not {outside!r}.')
    units.require_additive("votes would be spread over these units")
    homes = _homes(units, precincts)
    weights = units.column(weight).astype("float64")
    votes = _checked(returns.frame)
    known = pd.Index(homes.dropna().unique())
    votes, unplaced = _placed_only(votes, known, outside)
    wide, incomplete = _complete(votes)
    areas = _areas(within, wide.index, unplaced, outside)
    added = _added(wide, unplaced, areas) if outside == "spread" else wide * 0.0
    shares, rung = _shares(units, homes, weights, wide.index, weight)
    fallbacks = _told(wide + added, rung, weight)
    sources = (*(replace(source, uncertainty="allocation") for source in returns.sources), *units.sources)
    made = UnitVotes(
        units=units,
        precincts=homes,
        shares=shares,
        weights=weights,
        by_precinct=wide,
        added=added,
        unplaced=unplaced.assign(spread=outside == "spread"),
        incomplete=incomplete,
        fallbacks=fallbacks,
        within=areas,
        sources=tuple(dict.fromkeys(sources)),
    )
    _check_kept(made)
    notes = (*returns.notes, *units.notes, *precinct_words.notes(made, weight))
    return replace(made, notes=tuple(dict.fromkeys(notes)))


# --- what is where ---------------------------------------------------------------------------------


def _homes(units: Units, precincts: str | pd.Series) -> pd.Series:
    """Give each unit its precinct, as text."""
    if isinstance(precincts, str):
        if precincts not in units.frame.columns:
            raise SchemaError(
                f"these {units.plural} have no column {precincts!r} with the precinct of each; they have "
                f"{first_few(units.frame.columns, 12)}. Name it, or pass a series GEOID to precinct."
            )
        found = units.frame[precincts]
    elif isinstance(precincts, pd.Series):
        twice = precincts.index[precincts.index.duplicated()].unique()
        if len(twice):
            raise SchemaError(
                f"the precincts of {len(twice):,} units stand in more than one row, first {first_few(twice)}."
            )
        found = precincts.reindex(units.frame.index)
    else:
        raise InputError(
            "precincts is a column of the units or a pandas.Series from GEOID to precinct, "
            f"not a {type(precincts).__name__}."
        )
    there = found.dropna()
    if not len(there):
        raise CoverageError(
            f"none of the {len(units):,} {units.plural} has a precinct; check that GEOIDs are spelled alike."
        )
    if not isinstance(there.dtype, pd.StringDtype) and not there.map(lambda value: isinstance(value, str)).all():
        raise SchemaError(
            "precinct ids must be text, as in the returns; read the column as text, which keeps leading zeros."
        )
    return found.astype("str").rename(_PRECINCT)


def _checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Refuse rows that stand twice, and votes that cannot be."""
    levels = [_PRECINCT, *_KEYS]
    if "votes" not in frame.columns or list(frame.index.names) != levels:
        raise SchemaError(
            "returns have one column 'votes' and are indexed by precinct, contest and candidate; read them with "
            "kit.read_returns."
        )
    if not len(frame):
        raise SchemaError("the returns have no rows; check the file and its filters.")
    twice = frame.index[frame.index.duplicated()].unique()
    if len(twice):
        raise SchemaError(
            f"{len(twice):,} votes stand in more than one row (precinct, contest, candidate), first "
            f"{first_few([', '.join(map(str, key)) for key in twice], 3)}. Add the rows up, or drop one."
        )
    votes = frame["votes"]
    if not pd.api.types.is_numeric_dtype(votes) or pd.api.types.is_bool_dtype(votes):
        raise SchemaError(f"votes are numbers, not {votes.dtype}; read them with kit.read_returns.")
    bad = votes.index[((votes < 0) | (votes == np.inf)).to_numpy(dtype=bool, na_value=False)]
    if len(bad):
        raise SchemaError(
            f"{len(bad):,} of {len(votes):,} votes are negative or endless, first "
            f"{first_few([', '.join(map(str, key)) for key in bad], 3)}. Leave unknown votes empty."
        )
    return frame.assign(votes=votes.astype("Float64"))


def _placed_only(votes: pd.DataFrame, known: pd.Index, outside: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set votes of precincts without units apart."""
    of = votes.index.get_level_values(_PRECINCT)
    inside = of.isin(known)
    if not inside.any():
        raise CoverageError(
            f"no precinct of the returns, first {first_few(of.unique(), 3)}, is a precinct of the units, first "
            f"{first_few(known, 3)}. Spell both alike."
        )
    lost = votes[~inside].dropna()
    lost = lost[lost["votes"] > 0]
    if len(lost) and outside == "error":
        ids = lost.index.get_level_values(_PRECINCT).unique()
        raise CoverageError(
            f"{number_of(len(ids), 'precincts')} of the returns ({lost['votes'].sum():,.0f} votes) without units: "
            f"{first_few(ids)}.\nSpell them as the units do; where they are no places, such as votes by mail, leave "
            'them out with outside="report", or pass outside="spread".'
        )
    return votes[inside], lost.astype("float64").reset_index()


def _complete(votes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each contest a column for each candidate, without precincts where a figure is missing."""
    wide = votes["votes"].astype("float64").unstack(_KEYS).sort_index(axis=1)  # noqa: PD010
    lacking = []
    for contest in wide.columns.get_level_values(_CONTEST).unique():
        some = wide[contest].notna()
        part = some.any(axis=1) & ~some.all(axis=1)
        if some.any(axis=None) and not some.all(axis=1).any():
            raise CoverageError(
                f"in the contest {contest!r} no precinct has votes for every one of its {some.shape[1]:,} candidates. "
                "Where it stands for several seats, give each seat a contest of its own; where a candidate without "
                "votes was left out of the file, write 0."
            )
        rows = wide.loc[part, [contest]].sum(axis=1)
        lacking.append(pd.DataFrame({_PRECINCT: rows.index, _CONTEST: contest, "votes": rows.to_numpy()}))
        wide.loc[part, [contest]] = np.nan
    return wide, pd.concat(lacking, ignore_index=True)


def _areas(within: Mapping[str, str] | None, precincts: pd.Index, unplaced: pd.DataFrame, outside: str) -> pd.Series:
    """Give each precinct, with or without units, the area within which its votes may be spread."""
    every = pd.Index([*precincts, *unplaced[_PRECINCT].unique()], dtype="object")
    if within is None or outside != "spread":
        return pd.Series("", index=every, name="area", dtype="str")
    absent = [name for name in unplaced[_PRECINCT].unique() if name not in within]
    if absent:
        raise InputError(
            f"within names no area for {len(absent):,} precincts without units, first {first_few(absent)}. Give each "
            "its area, such as its county."
        )
    return pd.Series([within.get(name) for name in every], index=every, name="area", dtype="object")


def _added(wide: pd.DataFrame, unplaced: pd.DataFrame, areas: pd.Series) -> pd.DataFrame:
    """Spread votes of no precinct over the precincts of their area, as each candidate's own votes lie there."""
    added = wide * 0.0
    homes = areas.reindex(wide.index).to_numpy()
    rows = unplaced.assign(area=areas.reindex(unplaced[_PRECINCT]).to_numpy())
    for (contest, candidate, area), votes in rows.groupby([*_KEYS, "area"], sort=False)["votes"].sum().items():
        if (contest, candidate) not in wide.columns:
            raise CoverageError(
                f"{candidate!r} has {votes:,.0f} votes in the contest {contest!r} outside the precincts and none "
                'inside, so they cannot be spread. Pass outside="report".'
            )
        here = wide[(contest, candidate)].where(homes == area)
        whole = here.sum()
        if not whole > 0:  # the candidate has no votes there: as all votes of the contest lie
            here = wide[contest].sum(axis=1, min_count=1).where(homes == area)
            whole = here.sum()
        if not whole > 0:
            raise CoverageError(
                f"{votes:,.0f} votes for {candidate!r} in the contest {contest!r} cannot be spread: no precinct"
                f'{f" of {area}" if area else ""} has votes in it. Check within, or pass outside="report".'
            )
        added[(contest, candidate)] += (here / whole * votes).where(here.notna(), added[(contest, candidate)] * 0)
    return added


# --- spreading -------------------------------------------------------------------------------------


def _shares(
    units: Units, homes: pd.Series, weights: pd.Series, voting: pd.Index, asked: str
) -> tuple[pd.Series, pd.Series]:
    """Give each unit its fraction of its precinct's votes, and each precinct the weight that was used."""
    code = voting.get_indexer(pd.Index(homes.astype("object")))
    inside = code >= 0
    part = np.zeros(len(homes))
    rung = np.full(len(voting), "", dtype=object)
    for name, values in _ladder(units, weights, asked):
        sums = np.bincount(code[inside], values[inside], len(voting))
        new = (rung == "") & (sums > 0)
        rung[new] = name
        here = inside & new[np.where(inside, code, 0)]
        part[here] = values[here] / sums[code[here]]
    return pd.Series(part, index=homes.index, name="share"), pd.Series(rung, index=voting)


def _ladder(units: Units, weights: pd.Series, asked: str) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """List what is used, in order, where the weight is 0 in the whole precinct."""
    found = [(asked, weights.to_numpy(dtype=float))]
    for name, column in ((EVERYBODY, "total_pop"), (LAND, "land_m2")):
        if column in units.frame.columns and column != asked:
            found.append((name, units.column(column).to_numpy(dtype=float)))
    return [*found, (EQUAL, np.ones(len(units)))]


def _told(votes: pd.DataFrame, rung: pd.Series, asked: str) -> pd.DataFrame:
    """Count the precincts with votes by the weight that was used for them."""
    cast = votes.sum(axis=1)
    rows = []
    for name in dict.fromkeys((asked, EVERYBODY, LAND, EQUAL)):
        here = cast[(rung == name) & (cast > 0)]
        if len(here) or name == asked:
            rows.append((name, name != asked, len(here), float(here.sum()), first_few(here.index)))
    return pd.DataFrame(rows, columns=["weight", "fallback", "precincts", "votes", "first"])


def _check_kept(made: UnitVotes) -> None:
    """Every precinct keeps its votes."""
    votes = made.by_precinct + made.added
    sums = made.frame.groupby(made.precincts).sum(min_count=1).reindex(votes.index)
    off = ~np.isclose(sums, votes, rtol=LARGEST_ERROR, atol=LARGEST_ERROR, equal_nan=True)
    given = made.unplaced.loc[made.unplaced["spread"], "votes"].sum()
    if off.any():
        rows = off.any(axis=1)
        raise CoverageError(
            f"votes are not conserved in {int(rows.sum()):,} precincts, first {first_few(votes.index[rows])}."
        )
    if not np.isclose(made.added.sum().sum(), given, rtol=LARGEST_ERROR, atol=LARGEST_ERROR):
        raise CoverageError(f"{given:,} votes of no precinct were to be spread and {made.added.sum().sum():,} were.")
