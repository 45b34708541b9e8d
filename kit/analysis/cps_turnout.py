"""Turnout and registration that people report to the Current Population Survey, for the nation or a State."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kit.analysis import cps_words
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.model.cps import CODES, CpsTable
from kit.model.geoid import State, state
from kit.model.shared import Shared
from kit.model.source import Source

Floats = npt.NDArray[np.float64]

WEIGHTS = ("census", "hur_achen")
Z = 1.645
"""Margins are of 90 per cent, as those of the Census Bureau."""
FEWEST = 50
"""A group with fewer respondents gives no figure."""
EVERYBODY = "total"
MEASURES = ("voted", "registered")
_NOT_HISPANIC = "nh_"


@dataclass(frozen=True)
class CpsTurnout:
    """Reported turnout and registration of a group, beside those of everybody.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by ``group`` (the group; of a combined one also its Asian and its
        NHPI part where enough of them were asked; and ``total``) and ``measure`` (``"voted"``
        and ``"registered"``): ``share`` (of citizens of 18 or more), ``se``
        (standard error), ``moe`` (of 90 per cent), ``low`` and ``high`` (bounds of
        90 per cent, by Wilson's formula), ``respondents`` (people whose answers
        count), ``n_effective`` (how many respondents of equal weight would be
        as sure) and ``no_answer`` (share of those asked who did not say, by weight).
    group : str
        Definition id.
    years : tuple of int
        Years of the elections; several are pooled.
    place : str
        Name of the State, or ``"the United States"``.
    weights : {"census", "hur_achen"}
        How people who did not answer are treated.
    error : {"replicates", "generalized", "weights"}
        How the standard error was made.
    partial : bool
        Whether the file holds a part of the survey only.
    sources : tuple of Source
        Where the answers came from.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    group: str = ""
    years: tuple[int, ...] = ()
    place: str = ""
    weights: str = "census"
    error: str = "weights"
    partial: bool = False
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say what people reported, with its margin.

        Returns
        -------
        str
            Two sentences, then the notes.
        """
        return cps_words.summarise(self)


def cps_turnout(
    table: CpsTable,
    *,
    year: int | Sequence[int],
    group: str,
    place: str | None = None,
    weights: str,
    b: float | None = None,
    design_effect: float = 1.0,
    fewest: int = FEWEST,
) -> CpsTurnout:
    """Estimate what share of a group's citizens say that they voted and that they were registered.

    Parameters
    ----------
    table : CpsTable
        From `kit.read_cps`.
    year : int or sequence of int
        Year of the election; several are pooled, each with its own weights.
    group : str
        ``asian_alone``, ``nhpi_alone``, ``aapi_alone``, ``asian_aoic``,
        ``nhpi_aoic`` or ``aapi_aoic``, also with ``nh_`` before it, or ``total``.
    place : str, optional
        A State; by default the nation. Nothing smaller is taken: the survey's
        sample is not drawn for it.
    weights : {"census", "hur_achen"}
        ``census``: people who did not answer count as people who did not vote,
        as in the tables of the Census Bureau. ``hur_achen``: they are left out,
        and the others are weighted so that the turnout of each State is the
        official one.
    b : float, optional
        Parameter b of the survey's source and accuracy statement for this group
        and year, for standard errors by its formula.
    design_effect : float, default 1.0
        By how much the sample's design makes variances larger than those from
        weights alone; used where neither replicate weights nor `b` are at hand.
    fewest : int, default 50
        A group with fewer respondents is refused.

    Returns
    -------
    CpsTurnout
        Shares with margins, the group's beside everybody's.

    Raises
    ------
    InputError
        The place is no State, or the year, the group or the weights are not understood.
    SchemaError
        The file does not tell this group apart, or has nothing for these weights.
    CoverageError
        Too few people of the group were asked.

    Notes
    -----
    With replicate weights the standard error is that of successive differences:
    4 ÷ R times the sum of squared differences of the R estimates from the full
    one. With `b` it is the root of b ÷ x · p (1 − p), x being the people of the
    base. Without either it rests on the weights alone (Kish's effective number
    of respondents, divided by `design_effect`) and is too small: people of one
    household vote alike, and households were drawn in clusters.

    References
    ----------
    A. Hur and C. H. Achen, "Coding voter turnout responses in the Current
    Population Survey", Public Opinion Quarterly 77 (2013).

    Examples
    --------
    >>> import pandas as pd
    >>> one = {"year": 2018, "state": "HI", "race": "asian", "hispanic": False, "weight": 1500.0, "registered": "yes"}
    >>> people = pd.DataFrame([one | {"voted": "yes"}] * 30 + [one | {"voted": "no"}] * 30)
    >>> table = CpsTable(people, pd.DataFrame({"weight": [90_000.0]}, index=[2018]), pd.DataFrame())
    >>> found = cps_turnout(table, year=2018, group="asian_alone", weights="census")
    >>> found.frame.loc["asian_alone", "share"].to_dict()
    {'voted': 0.5, 'registered': 1.0}
    """
    if not isinstance(table, CpsTable):
        raise InputError(f"the table is from kit.read_cps, not a {type(table).__name__}.")
    where = _place(place)
    years = _years(table, year)
    if weights not in WEIGHTS:
        raise InputError(f'weights is "census" or "hur_achen", not {weights!r}.')
    _numbers(fewest, design_effect, b)
    asked = table.frame[table.frame["year"].isin(years)]
    frame = _reweighted(table, asked) if weights == "hur_achen" else asked
    if where is not None:
        asked, frame = (part[part["state"] == where.abbr] for part in (asked, frame))
    error = "replicates" if table.replicates else "weights" if b is None else "generalized"
    rows: dict[tuple[str, str], dict[str, float]] = {}
    missing: list[str] = []
    for name in dict.fromkeys((group, *_parts(group), EVERYBODY)):
        made = {}
        try:
            whole, people = (part[_members(part, name)] for part in (asked, frame))
            for measure in MEASURES:
                kept = _enough(_kept(people, measure, weights), name, years, where, fewest)
                made[name, measure] = {
                    **_estimate(kept, measure, table.replicates, b=b, effect=design_effect),
                    "no_answer": _silent_share(whole, measure),
                }
        except (CoverageError, SchemaError):
            if name in {group, EVERYBODY}:
                raise
            missing.append(name)
        else:
            rows |= made
    found = pd.DataFrame.from_dict(rows, orient="index").astype({"respondents": "int64"})
    found.index = pd.MultiIndex.from_tuples(found.index, names=["group", "measure"])
    result = CpsTurnout(
        frame=found,
        group=group,
        years=years,
        place=where.name if where else cps_words.NATION,
        weights=weights,
        error=error,
        partial=cps_words.is_part(table, years),
        sources=table.sources,
    )
    return cps_words.with_notes(result, table, asked, missing, design_effect=design_effect, b=b)


# --- what was asked for ----------------------------------------------------------------------------


def _place(place: object) -> State | None:
    """Take the nation or a State, and nothing else."""
    if place is None:
        return None
    try:
        if isinstance(place, str):
            return state(place)
    except InputError:
        pass
    raise InputError(
        f"the survey is a sample of the nation and of States: it says nothing of {place!r:.60}, and may never be "
        "applied to a district, a county or a city. Leave place out, give a State, or count voters there with "
        "kit.participation."
    )


def _numbers(fewest: int, effect: float, b: float | None) -> None:
    """Refuse numbers that make no sense."""
    if isinstance(fewest, bool) or not isinstance(fewest, (int, np.integer)) or fewest < 1:
        raise InputError(f"fewest is a whole number from 1 on, not {fewest!r}.")
    if not 1 <= effect < np.inf or (b is not None and not 0 < b < np.inf):
        raise InputError(f"design_effect is at least 1 and b is above 0, not {effect!r} and {b!r}.")


def _years(table: CpsTable, year: int | Sequence[int]) -> tuple[int, ...]:
    """Give the years asked for, each of them in the table."""
    wanted = (year,) if isinstance(year, (int, np.integer)) else tuple(year)
    known = [int(one) for one in table.years.index]
    absent = [one for one in wanted if one not in known]
    if absent or not wanted:
        raise InputError(f"the table has nothing of {first_few(absent) or 'no year'}; it has {first_few(known, 20)}.")
    return tuple(sorted({int(one) for one in wanted}))


def _parts(group: str) -> tuple[str, ...]:
    """Name the Asian and the NHPI part of a combined group, which are always shown apart too."""
    return tuple(group.replace("aapi", part) for part in ("asian", "nhpi")) if "aapi" in group else ()


def _enough(people: pd.DataFrame, group: str, years: tuple[int, ...], where: State | None, fewest: int) -> pd.DataFrame:
    """Refuse groups of which too few people were asked."""
    if len(people) < fewest:
        raise CoverageError(
            f"only {len(people):,} respondents counted as {group!r} answered in {first_few(years)}"
            f"{f' in {where.name}' if where else ''}; at least {fewest:,} are needed for a figure. Pool several years, "
            "or take the nation."
        )
    return people


def _members(frame: pd.DataFrame, group: str) -> pd.Series:
    """Tell who counts as a member of a group."""
    if group == EVERYBODY:
        return pd.Series(data=True, index=frame.index)
    bare = group.removeprefix(_NOT_HISPANIC)
    if bare not in CODES:
        names = [EVERYBODY, *CODES, *(f"{_NOT_HISPANIC}{name}" for name in CODES)]
        raise InputError(f"{group!r} cannot be told from the survey's codes; choose among {first_few(names, 13)}.")
    if (frame["race"] == "asian_or_nhpi").any() and bare != "aapi_alone":
        raise SchemaError(
            f"in this file one code stands for Asian and for Pacific Islander people of one race, so {group!r} cannot "
            "be told; take aapi_alone or nh_aapi_alone, or the public-use file of 2004 or later."
        )
    found = frame["race"].isin(CODES[bare])
    if group.startswith(_NOT_HISPANIC):
        found &= frame["hispanic"].eq(other=False).fillna(value=False).astype(bool)
    return found


# --- weights ---------------------------------------------------------------------------------------


def _reweighted(table: CpsTable, frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out who did not answer, and weight the others to the official turnout of their State."""
    answered = frame[frame["voted"].isin(["yes", "no"])]
    said = answered["voted"].to_numpy() == "yes"
    if len(table.rates):
        keys = pd.MultiIndex.from_frame(answered[["year", "state"]])
        absent = keys[table.rates.index.get_indexer(keys) < 0].unique()
        if len(absent):
            raise SchemaError(
                f"the official turnout has nothing for {first_few([f'{s} {y}' for y, s in absent])}. Complete the file "
                "of rates that kit.read_cps was given."
            )
        factor = _factors(table.rates.reindex(keys), answered, said)
        columns = ["weight", *table.replicates]
        return answered.assign(**{name: answered[name] * factor for name in columns})
    if "turnout_weight" in answered.columns:
        if answered["turnout_weight"].isna().any() or table.replicates:
            raise SchemaError(
                "turnout_weight is missing for some people; pass official turnout to kit.read_cps(rates=…)."
            )
        return answered.assign(weight=answered["turnout_weight"])
    raise SchemaError(
        'weights="hur_achen" needs the official turnout of each State: pass a file with YEAR, STATE and vep_turnout '
        "to kit.read_cps(rates=…)."
    )


def _factors(rates: pd.DataFrame, answered: pd.DataFrame, said: npt.NDArray[np.bool_]) -> Floats:
    """Give each person the factor of the file, or the one that brings the State to its official turnout."""
    if "yes" in rates.columns:
        found: Floats = np.where(said, rates["yes"].to_numpy(dtype=float), rates["no"].to_numpy(dtype=float))
        return found
    official = rates["official"].to_numpy(dtype=float)
    by = [answered["year"], answered["state"]]
    whole = answered["weight"].groupby(by).transform("sum").to_numpy(dtype=float)
    yes = (answered["weight"] * said).groupby(by).transform("sum").to_numpy(dtype=float)
    one_sided = (yes <= 0) | (yes >= whole)
    if one_sided.any():
        who = answered.loc[one_sided, ["state", "year"]].drop_duplicates()
        raise SchemaError(
            f"in {first_few([' '.join(map(str, one)) for one in who.to_numpy()])} everybody or nobody says they voted, "
            "so the official turnout cannot be reached; use the whole survey, or a file of rates with reweight."
        )
    reached: Floats = np.where(said, official * whole / yes, (1 - official) * whole / (whole - yes))
    return reached


# --- estimates -------------------------------------------------------------------------------------


def _yes(people: pd.DataFrame, measure: str) -> pd.Series:
    """Tell who says yes; who voted was registered, and was not asked about it."""
    voted = people["voted"].eq("yes")
    return voted if measure == "voted" else voted | people["registered"].eq("yes")


def _silent(people: pd.DataFrame, measure: str) -> pd.Series:
    """Tell who did not say."""
    if measure == "voted":
        return people["voted"].eq("unknown")
    return ~_yes(people, measure) & people["registered"].isin(["unknown", "not_asked"])


def _silent_share(people: pd.DataFrame, measure: str) -> float:
    """Give the share of those asked who did not say, by the survey's own weights."""
    return float(people.loc[_silent(people, measure), "weight"].sum() / people["weight"].sum())


def _kept(people: pd.DataFrame, measure: str, weights: str) -> pd.DataFrame:
    """Leave out who did not say, unless they count as a no."""
    return people if weights == "census" else people[~_silent(people, measure)]


def _estimate(
    people: pd.DataFrame, measure: str, replicates: tuple[str, ...], *, b: float | None, effect: float
) -> dict[str, float]:
    """Estimate one share, and how sure it is."""
    said = _yes(people, measure).to_numpy(dtype=float)
    weight = people["weight"].to_numpy(dtype=float)
    share = float(weight @ said / weight.sum())
    equal = float(weight.sum() ** 2 / (weight**2).sum()) / effect if b is None else float(weight.sum()) / b
    se = float(np.sqrt(share * (1 - share) / equal))
    if replicates:
        repeated = people[list(replicates)].to_numpy(dtype=float)
        estimates = said @ repeated / repeated.sum(axis=0)
        se = float(np.sqrt(4 / len(estimates) * ((estimates - share) ** 2).sum()))
        equal = share * (1 - share) / se**2 if se > 0 else equal
    low, high = _wilson(share, equal)
    return {
        "share": share,
        "se": se,
        "moe": Z * se,
        "low": low,
        "high": high,
        "respondents": len(people),
        "n_effective": equal,
    }


def _wilson(share: float, number: float) -> tuple[float, float]:
    """Give the bounds of 90 per cent of a share among so many."""
    middle = (share + Z**2 / (2 * number)) / (1 + Z**2 / number)
    half = Z / (1 + Z**2 / number) * np.sqrt(share * (1 - share) / number + Z**2 / (4 * number**2))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
