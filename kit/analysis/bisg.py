"""How many people of a list are likely Asian American or Pacific Islander, from names and places: sums only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kit.analysis.name_shares import (
    NATIONAL,
    Floats,
    area_weights,
    clean_name,
    combine,
    first_weights,
    look_up,
    places_of,
)
from kit.errors import InputError, first_few
from kit.i18n.messages import Message, joined, say
from kit.model.frames import Units
from kit.model.names import NAME_GROUPS, NameTable
from kit.model.shared import Shared
from kit.model.source import Source
from kit.model.voters import SMALLEST
from kit.progress import meter

ROUND_TO = 5
"""Sums are rounded to this many people."""
_FEW, _ENOUGH = 50, 100
_GROUP = NAME_GROUPS.index("aapi")
_LEVELS = ("county", "tract", "block_group")
_STANDING = (
    "Counted by names: people of Asian or Pacific Islander groups who are not Hispanic and of one race, as a sum of "
    "likelihoods. Nobody is labeled. Filipino, Pacific Islander and South Asian people, married names and Spanish "
    "surnames are where names mislead most: Filipino names are often Spanish, many Pacific Islander names are shared "
    "with others, and some South Asian names are listed among other groups."
)


@dataclass(frozen=True)
class NameSums:
    """Sums of likelihoods by district, and rates weighted by them; nothing about a person.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by the values of the column that was asked for: ``people`` (on the
        list), ``expected`` (sum of likelihoods, rounded to 5; missing under 11,
        and where it could be worked out from the others), ``sd`` (standard
        deviation of that sum if every likelihood were exact), ``low`` and
        ``high`` (with a calibration only), ``unlisted`` (share of people whose
        surname is not listed), ``no_place`` (share whose place is not known);
        and with an outcome ``happened`` (people), ``rate``, ``rate_low`` and
        ``rate_high`` (what the rate can be, whatever the tie between name and outcome).
    total : pandas.Series
        The same for everybody.
    calibration : tuple of float or None
        Smallest and largest ratio of reported to expected people where race is reported.
    sources : tuple of Source
        Lists of names and counts of places.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    total: pd.Series = Shared()  # noqa: RUF009
    calibration: tuple[float, float] | None = None
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say what was found, and how far it can be trusted.

        Returns
        -------
        str
            A few sentences.
        """
        all_of = self.total
        if np.isnan(all_of["expected"]):
            first: Message = say(
                "Of {people:,} people on the list, too few are expected to be counted.", **_people(all_of)
            )
        else:
            first = say(
                "Of {people:,} people on the list, about {expected:,.0f} are expected to be Asian or Pacific Islander, "
                "from surnames and places.",
                expected=float(all_of["expected"]),
                **_people(all_of),
            )
        return joined([first, *self.notes])


def _people(row: pd.Series) -> dict[str, int]:
    """Give the number of people for a sentence."""
    return {"people": int(row["people"])}


def bisg(
    people: pd.DataFrame | Iterable[pd.DataFrame],
    *,
    surnames: NameTable,
    areas: Units,
    surname: str,
    geoid: str,
    by: str,
    year: int,
    first_names: NameTable | None = None,
    first: str | None = None,
    outcome: str | None = None,
    calibration: tuple[float, float] | None = None,
) -> NameSums:
    """Sum the likelihoods that people of a list are Asian or Pacific Islander (BISG, BIFSG).

    Parameters
    ----------
    people : pandas.DataFrame or iterable of them
        One row a person; pieces of a long file one after the other.
    surnames : NameTable
        From `kit.read_surnames`.
    areas : Units
        Census tracts, block groups or counties with the cells of table P2.
    surname, geoid, by : str
        Columns of `people`: surname, census place (text, at least as long as the
        GEOIDs of `areas`; missing where not known), and what sums are taken by, such as the district.
    year : {2010, 2020}
        Census of `areas`; chooses the national totals.
    first_names : NameTable, optional
        From `kit.read_first_names`, for likelihoods with first names.
    first : str, optional
        Column of first names; goes with `first_names`.
    outcome : str, optional
        Column that says whether something happened, such as voting: true or false, or 1 or 0.
    calibration : tuple of float, optional
        From `calibrate_names`, made where people report their race.

    Returns
    -------
    NameSums
        Sums and rates by `by`.

    Raises
    ------
    InputError
        Columns or cells are missing, the places are blocks (too noisy for
        this), the outcome is neither yes nor no, or only one of `first` and `first_names` is given.

    Notes
    -----
    P(group | surname, place) is proportional to P(group | surname) times
    P(place | group), the people of the group in the place over those in the
    nation; with first names also times P(first name | group). It takes names
    and places to be independent within a group, which holds worst for Asian
    Americans. The binomial deviation is not the main error.

    References
    ----------
    Elliott et al. (2009), Health Services and Outcomes Research Methodology 9:69–83.
    Voicu (2018), Statistics and Public Policy 5:1–13.
    """
    if areas.level not in _LEVELS:
        raise InputError(
            f"likelihoods by place take {', '.join(_LEVELS)}, and these are {areas.plural}: counts of blocks are too "
            "noisy. Read tracts or block groups."
        )
    if year not in NATIONAL:
        raise InputError(f"year={year!r}: national totals are known for {' and '.join(map(str, NATIONAL))}.")
    if (first is None) != (first_names is None):
        raise InputError("give both first= (the column) and first_names= (the list), or neither.")
    nation = np.array(NATIONAL[year], dtype="float64")
    likelihoods = _Likelihoods(surnames, *area_weights(areas, nation), nation, first_names)
    wanted = {"surname": surname, "geoid": geoid, "by": by, **({"first": first} if first else {})}
    if outcome:
        wanted["outcome"] = outcome
    pieces = [people] if isinstance(people, pd.DataFrame) else people
    cells: list[pd.DataFrame] = []
    with meter("Names", None) as bar:
        for piece in pieces:
            cells.append(_cells(piece, wanted, likelihoods))
            bar.advance(len(piece))
    return _gathered(cells, outcome=outcome is not None, calibration=calibration, sources=_sources(likelihoods, areas))


def calibrate_names(sums: NameSums, reported: pd.Series) -> tuple[float, float]:
    """Compare sums by names with what people report, where a State's list asks for race.

    Parameters
    ----------
    sums : NameSums
        From `bisg`, by county or district.
    reported : pandas.Series
        People of the list who report that they are Asian or Pacific Islander,
        by the same values; people who report nothing are in neither.

    Returns
    -------
    tuple of float
        Smallest and largest ratio of reported to expected people, over places
        with at least 100 expected.

    Raises
    ------
    InputError
        The places differ, or fewer than three have 100 expected people.

    Notes
    -----
    The range is of one State's list. It says nothing certain about another
    State, or about another year.
    """
    expected = sums.frame["expected"]
    other = expected.index.symmetric_difference(reported.index)
    if len(other):
        raise InputError(f"{len(other):,} places are in one of the two only, first {first_few(list(map(str, other)))}.")
    enough = expected[expected >= _ENOUGH]
    if len(enough) < 3:
        raise InputError(f"{len(enough)} places have {_ENOUGH} expected people or more; at least 3 are needed.")
    ratio = reported.loc[enough.index] / enough
    return float(ratio.min()), float(ratio.max())


@dataclass(frozen=True)
class _Likelihoods:
    """What a person is looked up in."""

    surnames: NameTable
    index: pd.Index
    weights: Floats
    nation: Floats
    first_names: NameTable | None = None

    def of(
        self, piece: pd.DataFrame, wanted: dict[str, str]
    ) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Give each person's shares, whether the surname is listed, and whether the place is known."""
        names, listed = look_up(piece[wanted["surname"]], self.surnames)
        places, known = places_of(piece[wanted["geoid"]], self.index, self.weights)
        none = np.isnan(names).any(axis=1)
        # Without a surname the place alone is left: the shares of the nation, which the place then moves.
        names[none] = self.nation / self.nation.sum()
        factors = [places]
        if self.first_names is not None:
            factors.append(_first_of(piece[wanted["first"]], self.first_names))
        shares = combine(names, *factors)
        odd = np.isnan(shares).any(axis=1)
        shares[odd] = names[odd]
        return shares, listed, known & ~odd


def _first_of(names: pd.Series, table: NameTable) -> Floats:
    """Give P(first name | group) of each person; ones where the name is not listed."""
    weights = first_weights(table)
    codes, unique = pd.factorize(names)
    rows = pd.Series(np.arange(len(table.frame)), index=table.frame.index)
    chosen = [next((part for part in clean_name(str(name)) if part in rows.index), "") for name in unique]
    at = rows.reindex(chosen).fillna(-1).to_numpy(dtype="intp")
    found = np.where((at < 0)[:, None], 1.0, weights[at])
    return np.asarray(np.vstack([found, np.ones(weights.shape[1])])[codes])


def _cells(piece: pd.DataFrame, wanted: dict[str, str], likelihoods: _Likelihoods) -> pd.DataFrame:
    """Add one piece of a list up, by district and place."""
    missing = sorted({name for name in wanted.values() if name not in piece.columns})
    if missing:
        raise InputError(
            f"the list has no column {first_few(missing)}; it has {first_few(list(map(str, piece.columns)))}."
        )
    shares, listed, known = likelihoods.of(piece, wanted)
    mine = shares[:, _GROUP]
    length = len(str(likelihoods.index[0]))
    told = pd.DataFrame(
        {
            "by": piece[wanted["by"]].to_numpy(),
            "place": piece[wanted["geoid"]].astype("str").str[:length].to_numpy(),
            "people": 1,
            "expected": mine,
            "variance": mine * (1 - mine),
            "unlisted": ~listed,
            "no_place": ~known,
        }
    )
    if "outcome" in wanted:
        happened = _yes_or_no(piece[wanted["outcome"]], wanted["outcome"])
        told["happened"] = happened
        told["expected_happened"] = mine * happened
    return told.groupby(["by", "place"], dropna=False).sum()


def _yes_or_no(values: pd.Series, name: str) -> Floats:
    """Read an outcome."""
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64")
    odd = ~np.isin(found, (0.0, 1.0))
    if odd.any():
        raise InputError(
            f"{name!r} must be true or false, or 1 or 0, for everybody; {odd.sum():,} rows are otherwise, first "
            f"{first_few(list(map(repr, values[odd].unique())))}."
        )
    answers: Floats = found
    return answers


def _gathered(
    cells: list[pd.DataFrame], *, outcome: bool, calibration: tuple[float, float] | None, sources: tuple[Source, ...]
) -> NameSums:
    """Add the pieces up, bound the rates cell by cell, and hide what is small."""
    if not cells:
        raise InputError("the list of people is empty.")
    whole = pd.concat(cells).groupby(level=["by", "place"], dropna=False).sum()
    if outcome:
        rest = whole["people"] - whole["happened"]
        whole["least"] = (whole["expected"] - rest).clip(lower=0)
        whole["most"] = np.minimum(whole["expected"], whole["happened"])
    sums = whole.groupby(level="by", dropna=False).sum()
    total = whole.sum()
    frame = _shown(sums, outcome=outcome, calibration=calibration)
    all_of = _shown(total.to_frame().T, outcome=outcome, calibration=calibration).iloc[0]
    while 0 < (hidden := frame["expected"].isna()).sum() < len(frame):
        if hidden.sum() > 1 and sums.loc[hidden, "expected"].sum() >= SMALLEST:
            break
        # What is hidden could be worked out from the total, or nearly: the next smallest goes with it.
        frame.loc[frame["expected"].idxmin(), _figures(frame)] = np.nan
    notes = [say(_STANDING)]
    count = int(frame["expected"].isna().sum())
    if count:
        notes.append(
            say(
                "Not shown: {count:,} sums under {smallest} people, or with which such a sum could be worked out.",
                count=count,
                smallest=SMALLEST,
            )
        )
    notes.append(
        say("The error of the model is not quantified here; it does not shrink with more people.")
        if calibration is None
        else say(
            "Where people report their race, reported people were {low:.2f} to {high:.2f} times those expected; the "
            "range shown is that wide.",
            low=calibration[0],
            high=calibration[1],
        )
    )
    return NameSums(frame, all_of, calibration, sources, tuple(notes))


def _figures(frame: pd.DataFrame) -> list[str]:
    """Name the columns that tell of the group."""
    return [name for name in frame.columns if name not in ("people", "unlisted", "no_place", "happened")]


def _shown(sums: pd.DataFrame, *, outcome: bool, calibration: tuple[float, float] | None) -> pd.DataFrame:
    """Turn exact sums into what may be shown."""
    expected = sums["expected"]
    frame = pd.DataFrame({"people": sums["people"].astype("int64")})
    frame["expected"] = (expected / ROUND_TO).round() * ROUND_TO
    frame["sd"] = np.sqrt(sums["variance"])
    if calibration is not None:
        frame["low"] = (expected * calibration[0] / ROUND_TO).round() * ROUND_TO
        frame["high"] = (expected * calibration[1] / ROUND_TO).round() * ROUND_TO
    if outcome:
        frame["rate"] = (sums["expected_happened"] / expected).where(expected >= _FEW)
        frame["rate_low"] = (sums["least"] / expected).where(expected >= _FEW)
        frame["rate_high"] = (sums["most"] / expected).where(expected >= _FEW)
    frame.loc[expected < SMALLEST, _figures(frame)] = np.nan
    if outcome:
        frame["happened"] = sums["happened"].astype("int64")
    frame["unlisted"] = sums["unlisted"] / sums["people"]
    frame["no_place"] = sums["no_place"] / sums["people"]
    return frame


def _sources(likelihoods: _Likelihoods, areas: Units) -> tuple[Source, ...]:
    """List what the likelihoods rest on."""
    more = likelihoods.first_names.sources if likelihoods.first_names is not None else ()
    return tuple(dict.fromkeys((*likelihoods.surnames.sources, *more, *areas.sources)))
