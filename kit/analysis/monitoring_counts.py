"""Speakers with limited English, from survey tracts to precincts and polling places, with their margins and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import moe
from kit.analysis.allocation import Allocation, allocate
from kit.analysis.margin_terms import Terms, terms_of
from kit.errors import CoverageError, SchemaError, first_few
from kit.model.cvap import MOE
from kit.model.detail_data import SPEAKERS
from kit.model.frames import Placement, Units

LEP = f"{SPEAKERS}_lep"
SPOKEN, CITIZENS = "speakers", "citizens"
ADULT_CITIZENS = "lep_cvap_not_spanish"
"""Column of table B16008: voting-age citizens of limited English who speak another language than Spanish."""
_ROWS = 512
_NEARLY = 1e-9


@dataclass(frozen=True)
class Precincts:
    """Blocks by precinct, with estimates shared out to them.

    Parameters
    ----------
    allocation : Allocation
        Blocks with estimates, and what they were made from.
    labels : pandas.Index
        Precincts, in natural order.
    codes : numpy.ndarray
        Number of each block's precinct; -1 where it has none.
    columns : tuple of str
        What was shared out.
    """

    allocation: Allocation
    labels: pd.Index
    codes: Any
    columns: tuple[str, ...]

    def sums(self, pairs: pd.DataFrame | None = None, rows: int = 0) -> pd.DataFrame:
        """Add estimates up, with margins.

        Parameters
        ----------
        pairs : pandas.DataFrame, optional
            ``code`` (of a precinct) and ``row`` (number of the sum it is in);
            by default one sum a precinct.
        rows : int
            How many sums there are.

        Returns
        -------
        pandas.DataFrame
            A row for each sum: every column and its ``_moe``, in people.
        """
        size = rows if pairs is not None else len(self.labels)
        found = {}
        for name in self.columns:
            terms = terms_of(self.allocation.units, name, self.codes)
            if pairs is not None:
                terms = _regrouped(terms, pairs)
            parts = terms.estimate[terms.unit] * terms.share
            found[name] = np.bincount(terms.group, parts, minlength=size)
            found[f"{name}{MOE}"] = terms.by_group(size)
        return pd.DataFrame(found)

    def whole(self) -> dict[str, float]:
        """Add estimates up over all precincts, with margins.

        Returns
        -------
        dict of str to float
            Every column and its ``_moe``, in people.
        """
        found = {}
        for name in self.columns:
            terms = terms_of(self.allocation.units, name, np.where(self.codes >= 0, 0, -1))
            found[name] = float((terms.estimate[terms.unit] * terms.share).sum())
            found[f"{name}{MOE}"] = terms.whole()
        return found

    def people(self, column: str, pairs: pd.DataFrame | None = None, rows: int = 0) -> Any:
        """Add a column of the blocks up.

        Parameters
        ----------
        column : str
            Count column.
        pairs : pandas.DataFrame, optional
            As in `sums`.
        rows : int
            How many sums there are.

        Returns
        -------
        numpy.ndarray
            People; missing where a block's count is.
        """
        counts = self.allocation.units.frame[column].to_numpy(dtype=float, na_value=np.nan)
        inside = self.codes >= 0
        sums = np.bincount(self.codes[inside], counts[inside], minlength=len(self.labels))
        if pairs is None:
            return sums
        return np.bincount(pairs["row"], sums[pairs["code"]], minlength=rows)


def _regrouped(terms: Terms, pairs: pd.DataFrame) -> Terms:
    """Put the parts of precincts into sums of several, some of them into more than one."""
    table = pd.DataFrame({"unit": terms.unit, "code": terms.group, "share": terms.share}).merge(pairs, on="code")
    table = table.groupby(["row", "unit"], as_index=False, sort=True)["share"].sum()
    unit, row, share = (table[name].to_numpy() for name in ("unit", "row", "share"))
    return Terms(terms.estimate, terms.margin, unit, row, share)


def share_to_precincts(
    units: Units | Placement, survey: Units, *, precinct: str, weight: str, natural: Any
) -> tuple[Precincts, Units]:
    """Share estimates out to blocks and number their precincts.

    Parameters
    ----------
    units : Units or Placement
        Blocks with a column of precincts, or placed in precincts.
    survey : Units
        What `survey_columns` made.
    precinct : str
        Column of precincts; not used for a placement.
    weight : str
        Column of the blocks by which estimates are shared out.
    natural : callable
        Key by which precincts are put in order.

    Returns
    -------
    Precincts
        Blocks with estimates.
    Units
        The blocks as they came.

    Raises
    ------
    SchemaError
        There is no column of precincts, or none of weights.
    CoverageError
        No block has a precinct, or the units do not belong together.
    """
    blocks = units.units if isinstance(units, Placement) else units
    if isinstance(units, Placement):
        areas = units.assignment
    elif precinct in blocks.frame.columns:
        areas = blocks.frame[precinct]
    else:
        raise SchemaError(
            f"these {blocks.plural} have no column {precinct!r} of precincts; columns are "
            f"{first_few(blocks.frame.columns, 12)}. Pass precinct=, or place them in a plan of precincts."
        )
    names = areas.astype("object").where(areas.notna(), "").map(lambda value: str(value).strip())
    labels = pd.Index(sorted({one for one in names if one}, key=natural), dtype="str", name="precinct")
    if not len(labels):
        raise CoverageError(
            f"none of the {len(blocks):,} {blocks.plural} has a precinct. Check the column {precinct!r}."
        )
    kept = [c for c in (weight, "total_vap", "total_pop", "land_m2") if c in blocks.frame.columns]
    fine = replace(blocks, frame=blocks.frame[list(dict.fromkeys(kept))], shared_out=None)
    columns = [c for c in survey.frame.columns if not str(c).endswith(MOE)]
    made = allocate(survey, fine, weight=dict.fromkeys(columns, weight))
    return Precincts(made, labels, labels.get_indexer(names), tuple(columns)), blocks


def survey_columns(survey: Units, languages: Sequence[str], citizens: Units | None) -> tuple[Units, int]:
    """Take what is counted of each language, their sum, and an estimate of the voting-age citizens among them.

    Parameters
    ----------
    survey : Units
        Tracts with table C16001.
    languages : sequence of str
        Ids of its groups, such as ``"korean"``.
    citizens : Units, optional
        The same tracts with table B16008.

    Returns
    -------
    Units
        ``speakers``, one column a language, and ``citizens`` where they can be estimated, each with margins.
    int
        Tracts where B16008 has more people than C16001; their citizens were held to the speakers.

    Raises
    ------
    SchemaError
        Columns or margins are missing, or the two tables are of other tracts or years.
    """
    wanted = [f"{one}{LEP}" for one in languages]
    absent = [c for name in wanted for c in (name, f"{name}{MOE}") if c not in survey.frame.columns]
    if absent:
        known = [str(c).removesuffix(LEP) for c in survey.frame.columns if str(c).endswith(LEP)]
        raise SchemaError(
            f"these {survey.plural} have no column {first_few(absent)}; languages at hand: "
            f"{first_few(known, 15) or 'none'}. Read table C16001 with kit.read_acs."
        )
    counts = survey.frame[wanted].astype("float64")
    margins = survey.frame[[f"{name}{MOE}" for name in wanted]].astype("float64")
    made = {SPOKEN: counts.sum(axis=1, skipna=False), f"{SPOKEN}{MOE}": moe.sum(counts, margins, axis=1)}
    over = 0
    if citizens is not None:
        estimate, margin, over = _citizens(survey, citizens, made[SPOKEN], made[f"{SPOKEN}{MOE}"])
        made |= {CITIZENS: estimate, f"{CITIZENS}{MOE}": margin}
    for one, name in zip(languages, wanted, strict=True):
        made |= {one: counts[name], f"{one}{MOE}": margins[f"{name}{MOE}"]}
    return replace(survey, frame=pd.DataFrame(made, index=survey.frame.index), geometry=None, shared_out=None), over


def _citizens(survey: Units, citizens: Units, part: pd.Series, part_moe: pd.Series) -> tuple[pd.Series, pd.Series, int]:
    """Estimate voting-age citizens: as many of these speakers as of all who speak no Spanish and limited English."""
    _check_citizens(survey, citizens)
    others = [c for c in survey.frame.columns if str(c).endswith(LEP) and c != f"spanish{LEP}"]
    counts = survey.frame[others].astype("float64")
    margins = survey.frame[[f"{name}{MOE}" for name in others]].astype("float64")
    whole, whole_moe = counts.sum(axis=1, skipna=False), moe.sum(counts, margins, axis=1)
    table = citizens.frame.reindex(survey.frame.index)
    adult, adult_moe = (table[name].astype("float64") for name in (ADULT_CITIZENS, f"{ADULT_CITIZENS}{MOE}"))
    over = adult > whole
    adult = adult.where(~over, whole)
    share = part / whole.where(whole > 0)
    share_moe = moe.proportion(part, part_moe, whole, whole_moe)
    estimate = (share * adult).where(whole > 0, part)
    # Where nobody speaks such a language the margin is that of the speakers, among whom the citizens are.
    margin = moe.product(share, share_moe, adult, adult_moe).where(whole > 0, part_moe)
    known = adult.notna() & whole.notna()
    return estimate.where(known), margin.where(known), int(over.sum())


def _check_citizens(survey: Units, citizens: Units) -> None:
    """Both tables must be of the same tracts and years."""
    absent = [c for c in (ADULT_CITIZENS, f"{ADULT_CITIZENS}{MOE}") if c not in citizens.frame.columns]
    if absent:
        raise SchemaError(
            f"citizens= has no column {first_few(absent)}. Read table B16008 with kit.read_acs for the same tracts, "
            "and the survey from C16001."
        )
    missing = survey.frame.index.difference(citizens.frame.index)
    if len(missing) or survey.year != citizens.year:
        told = f", first {first_few(missing)}" if len(missing) else ""
        raise SchemaError(
            f"citizens= is of {citizens.year} and lacks {len(missing):,} of the {len(survey):,} {survey.plural} of the "
            f"survey of {survey.year}{told}. Read both for one place and year."
        )


def rank_intervals(values: pd.Series, margins: pd.Series) -> pd.DataFrame:
    """Rank estimates, and say which ranks sampling error leaves open.

    Parameters
    ----------
    values, margins : pandas.Series
        Estimates and their 90 per cent margins.

    Returns
    -------
    pandas.DataFrame
        ``rank`` (1 is the largest; equal estimates share one), and
        ``rank_low`` and ``rank_high`` (Int64), on the same index; missing
        where the estimate or its margin is.

    Notes
    -----
    The lowest open rank is one more than the number of estimates that are
    larger beyond sampling error (each pair tested at 90 per cent); the highest
    is the number of all less those that are smaller beyond it.
    """
    x, m = (series.to_numpy(dtype="float64") for series in (values, margins))
    above, below = np.zeros(len(x), dtype="int64"), np.zeros(len(x), dtype="int64")
    slack = _NEARLY * max(1.0, float(np.nanmax(np.abs(x), initial=0.0)))
    for start in range(0, len(x), _ROWS):
        here = slice(start, start + _ROWS)
        apart = x[np.newaxis, :] - x[here, np.newaxis]
        doubt = np.hypot(m[np.newaxis, :], m[here, np.newaxis]) + slack
        above[here], below[here] = (apart > doubt).sum(axis=1), (-apart > doubt).sum(axis=1)
    known = ~(np.isnan(x) | np.isnan(m))
    rank = pd.Series(x, index=values.index).round(6).rank(ascending=False, method="min")
    table = pd.DataFrame({"rank": rank, "rank_low": 1 + above, "rank_high": len(x) - below}, index=values.index)
    table = table.astype("Int64")
    table.loc[~known] = pd.NA
    return table
