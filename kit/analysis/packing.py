"""Indicators of packing and cracking: descriptions of a plan, and never a verdict on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.area_counts import AreaCounts, at_level, count_by_area, elsewhere, elsewhere_note, plural
from kit.analysis.concentration import concentration, unit_shares
from kit.analysis.packing_words import cautions, summarise
from kit.analysis.splits import split_measures
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.model.adjacency import Adjacency
from kit.model.communities import Communities
from kit.model.frames import Placement
from kit.model.shared import Shared
from kit.model.source import Source

AREA_INDICATORS = (
    "effective_districts", "effective_districts_group", "largest_share", "largest_share_group",
    "districts_at_floor", "best_share",
)  # fmt: skip
"""Indicators of an area that depend on the plan, and so can be set against other plans."""
# Sums of parts of people are rounded in the last digit; a floor that is met exactly counts as met.
_EXACT = 1e-12


@dataclass(frozen=True)
class Packing:
    """Indicators of packing and cracking of one plan.

    Parameters
    ----------
    plan : pandas.Series
        ``districts``, ``base`` and ``count`` (people), ``share``,
        ``ideal`` (people in a district of the right size),
        ``proportional`` (share × districts), and where a threshold was given
        ``districts_above`` (share strictly more than it), ``surplus_people``
        and ``surplus`` (as a fraction of the group); missing without one.
    districts : pandas.DataFrame
        By district: ``count``, ``base``, ``share``, and where a threshold was
        given ``above``, ``distance`` (share minus threshold) and
        ``surplus_people`` (members of the group beyond the threshold).
    areas : pandas.DataFrame or None
        By named area: ``base``, ``count``, ``share``,
        ``effective_districts``, ``largest_share``, ``largest_district``
        (everyone; and with ``_group``), ``districts_at_floor`` (districts that
        hold at least the floor of its people), ``best_share`` and
        ``best_district`` (the highest share of the group among these), and the
        illustrative ``kept_whole_share`` with ``neighbours`` (units) and
        ``neighbour_share`` that it was worked out from.
    percentiles : pandas.DataFrame or None
        With a baseline, by indicator: ``value``, ``plans`` (simulated plans
        that have it), ``below``, ``equal`` and ``percentile`` ((below + ½
        equal) ÷ plans, as a fraction).
    group, base : str
        Definition id and universe id.
    tau : float or None
        The threshold of share.
    floor : float
        Least part of an area that counts.
    hops : int
        How far neighbours reach.
    placement : Placement
        Units in districts.
    communities : Communities or None
        The named areas.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    plan: pd.Series = Shared()  # noqa: RUF009 — a descriptor, not a default
    districts: pd.DataFrame = Shared()  # noqa: RUF009
    areas: pd.DataFrame | None = Shared()  # noqa: RUF009
    percentiles: pd.DataFrame | None = Shared()  # noqa: RUF009
    group: str = ""
    base: str = ""
    tau: float | None = None
    floor: float = 0.05
    hops: int = 1
    placement: Placement = None  # type: ignore[assignment]
    communities: Communities | None = None
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the units, of the plan and of the areas.

        Returns
        -------
        tuple of Source
            Each once.
        """
        areas = () if self.communities is None else self.communities.sources
        return tuple(dict.fromkeys((*self.placement.sources, *areas)))

    @property
    def indicators(self) -> pd.Series:
        """Indicators that depend on the plan, in one row.

        Returns
        -------
        pandas.Series
            ``districts_above`` and ``surplus`` where a threshold was given,
            and for each area ``<indicator> | <area>``. Rows of this kind, one
            for each simulated plan, make a baseline.
        """
        return _indicators(self.plan, self.areas, self.tau)

    def summary(self) -> str:
        """Say in plain sentences what the indicators are.

        Returns
        -------
        str
            Descriptions, the disclaimers they need, and cautions.
        """
        return summarise(self)


def packing(
    placement: Placement,
    *,
    group: str,
    base: str,
    areas: Communities | None = None,
    tau: float | None = None,
    floor: float = 0.05,
    adjacency: Adjacency | None = None,
    hops: int = 1,
    baseline: pd.DataFrame | None = None,
) -> Packing:
    """Describe how a group is gathered in districts, and how named areas are divided.

    Parameters
    ----------
    placement : Placement
        Units in districts.
    group : str
        Definition id, for example ``"aapi_aoic"``.
    base : str
        Universe id, for example ``"vap"``.
    areas : Communities, optional
        Named communities or clusters.
    tau : float, optional
        A share. Districts above it are counted, strictly, with the members of
        the group beyond it. There is no default: which share matters is a
        judgement, to be stated.
    floor : float, default 0.05
        A district counts for an area when it holds at least this part of it.
    adjacency : Adjacency, optional
        Which units are neighbours, for the kept-whole yardstick.
    hops : int, default 1
        How many steps from an area its neighbours reach.
    baseline : pandas.DataFrame, optional
        `Packing.indicators` of simulated plans of the same number of
        districts, one row a plan. Without it a note says that no baseline was
        computed.

    Returns
    -------
    Packing
        Indicators by plan, district and area.

    Raises
    ------
    InputError
        The group, the base, a threshold or the number of hops is unknown.
    SchemaError
        The units have no such counts, or the baseline has none of the
        indicators or values that are not numbers.
    CoverageError
        Neighbours are of other units, or no unit of the areas is at hand.

    Notes
    -----
    The kept-whole yardstick is the share that a district of ideal size would
    have if it held the whole area and were filled up with people like those
    within `hops` steps of it: (G + s(I − T)) ÷ I. It is illustrative, is no
    district, and is not defined for areas larger than a district.
    """
    _check(tau, floor, hops)
    table = concentration(placement, group=group, base=base)
    inside = ~table.frame.index.isin(elsewhere(placement))
    districts, totals = _of_districts(table.frame.loc[inside, ["count", "base", "share"]], tau)
    frame, notes = None, list(dict.fromkeys([*table.notes, *elsewhere_note(placement)]))
    if areas is not None:
        counted = count_by_area(areas, placement, group=group, base=base)
        frame = _of_areas(counted, floor)
        if adjacency is not None:
            frame = _yardstick(frame, areas, placement, adjacency, (group, base, hops, totals["ideal"]))
        notes += [note for note in counted.notes if note not in notes]
    percentiles = None if baseline is None else _percentiles(_indicators(totals, frame, tau), baseline)
    result = Packing(totals, districts, frame, percentiles, group, base, tau, floor, hops, placement, areas)
    words = cautions(result, adjacency=adjacency, several="" if areas is None else plural(areas))
    return Packing(
        totals, districts, frame, percentiles, group, base, tau, floor, hops, placement, areas, (*words, *notes)
    )


def _check(tau: float | None, floor: float, hops: int) -> None:
    """Refuse settings that mean nothing."""
    if tau is not None and not 0 < tau < 1:
        raise InputError(f"tau is a share between 0 and 1, such as 0.3; it is {tau!r}.")
    if not 0 < floor <= 1:
        raise InputError(f"floor is a share above 0 and up to 1, such as 0.05; it is {floor!r}.")
    if isinstance(hops, bool) or not isinstance(hops, int) or hops < 1:
        raise InputError(f"hops is a whole number from 1; it is {hops!r}.")


def _of_districts(frame: pd.DataFrame, tau: float | None) -> tuple[pd.DataFrame, pd.Series]:
    """Count districts above the threshold and the members of the group beyond it."""
    count, base = float(frame["count"].sum()), float(frame["base"].sum())
    share = count / base if base else np.nan
    totals = {
        "districts": float(len(frame)), "base": base, "count": count, "share": share,
        "ideal": base / len(frame), "proportional": share * len(frame),
        "districts_above": np.nan, "surplus_people": np.nan, "surplus": np.nan,
    }  # fmt: skip
    if tau is not None:
        known = frame["share"].notna()
        above = (frame["share"] > tau).astype("boolean").where(known)
        beyond = (frame["count"] - tau * frame["base"]).where(above.eq(True), 0.0)  # noqa: FBT003
        frame = frame.assign(above=above, distance=frame["share"] - tau, surplus_people=beyond)
        people = float(beyond.sum())
        totals |= {
            "districts_above": float(above.sum()),
            "surplus_people": people,
            "surplus": people / count if count else np.nan,
        }
    return frame, pd.Series(totals, dtype="float64")


def _of_areas(counted: AreaCounts, floor: float) -> pd.DataFrame:
    """Describe how each area is divided and the highest share among its districts."""
    everyone, members = split_measures(counted.base), split_measures(counted.count)
    lost = counted.lost
    known = lost["units"] > 0
    frame = pd.DataFrame(
        {
            "base": (everyone["people"] + lost["unplaced"]).where(known),
            "count": (members["people"] + lost["unplaced_group"]).where(known),
        }
    )
    lived = frame["base"].where(frame["base"] > 0)
    frame["share"] = frame["count"] / lived
    for name in ("effective_districts", "largest_share", "largest_district"):
        frame[name], frame[f"{name}_group"] = everyone[name], members[name]
    holding = counted.base.div(lived, axis=0) >= floor - _EXACT
    frame["districts_at_floor"] = holding.sum(axis=1).astype("Int64").where(lived.notna())
    sizes = counted.districts["base"]
    shares = counted.districts["count"] / sizes.where(sizes > 0)
    reached = holding.mul(1.0).where(holding).mul(shares, axis=1)
    frame["best_share"] = reached.max(axis=1)
    some = frame["best_share"].notna()
    frame["best_district"] = pd.Series(pd.NA, index=frame.index, dtype="str")
    frame.loc[some, "best_district"] = reached[some].idxmax(axis=1)
    return frame


def _yardstick(
    frame: pd.DataFrame,
    areas: Communities,
    placement: Placement,
    adjacency: Adjacency,
    how: tuple[str, str, int, float],
) -> pd.DataFrame:
    """Work out the share of a district that held an area whole, filled up from its neighbours."""
    from scipy.sparse import csr_array

    group, base, hops, ideal = how
    ids = placement.units.frame.index
    at = adjacency.ids.get_indexer(ids)
    if (at < 0).any():
        raise CoverageError(
            f"{int((at < 0).sum()):,} of {len(ids):,} {placement.units.plural} are not among the units of the "
            f"neighbours, first {first_few(ids[at < 0])}. Find neighbours of the same units."
        )
    links = adjacency.matrix()[at, :][:, at]
    rows = _membership(areas, ids)
    size = (len(areas), len(ids))
    held = csr_array((rows["share"], (rows["area"], rows["unit"])), shape=size)
    reach = (held > 0).astype("float64")
    for _ in range(hops):
        reach = ((reach + reach @ links) > 0).astype("float64")
    # What lies within reach and outside the area: whole neighbours, and the rest of units that it cuts.
    around = reach - held
    around.data = np.where(around.data > 1e-9, around.data, 0.0)
    around.eliminate_zeros()
    counts = unit_shares(placement.units, group=group, base=base)
    people = around @ counts["base"].to_numpy(dtype="float64")
    members = around @ counts["count"].to_numpy(dtype="float64")
    share = np.divide(members, people, out=np.full(len(areas), np.nan), where=people > 0)
    room = ideal - frame["base"].to_numpy(dtype="float64")
    filled = np.where(room == 0, 0.0, share * room)
    defined = (room >= 0) & (frame["base"] > 0).to_numpy()
    whole = np.where(defined, (frame["count"].to_numpy(dtype="float64") + filled) / ideal if ideal else np.nan, np.nan)
    return frame.assign(neighbours=np.diff(around.indptr), neighbour_share=share, kept_whole_share=whole)


def _membership(areas: Communities, ids: pd.Index) -> pd.DataFrame:
    """Give positions of areas and units, for those at hand."""
    rows, _ = at_level(areas, ids)
    found = pd.DataFrame(
        {
            "area": pd.Index(areas.names).get_indexer(rows["community"]),
            "unit": ids.get_indexer(rows["GEOID"]),
            "share": rows["share"].to_numpy(),
        }
    )
    return found[found["unit"] >= 0]


def _indicators(plan: pd.Series, areas: pd.DataFrame | None, tau: float | None) -> pd.Series:
    """Lay the indicators that depend on the plan out in one row."""
    found = {} if tau is None else {name: plan[name] for name in ("districts_above", "surplus")}
    if areas is not None:
        for name in AREA_INDICATORS:
            for area, value in areas[name].items():
                found[f"{name} | {area}"] = np.nan if pd.isna(value) else float(value)
    return pd.Series(found, dtype="float64")


def _percentiles(values: pd.Series, baseline: pd.DataFrame) -> pd.DataFrame:
    """Set each indicator against the simulated plans: below plus half of equal."""
    shared = [name for name in values.index if name in baseline.columns]
    if not len(baseline) or not shared:
        raise SchemaError(
            f"the baseline has {len(baseline):,} plans and none of the indicators, such as "
            f"{first_few(values.index, 2) or 'those of tau or areas'}. Make it of Packing.indicators, one row a plan."
        )
    rows = {}
    for name in shared:
        if not pd.api.types.is_numeric_dtype(baseline[name]):
            raise SchemaError(f"the baseline's column {name!r} is not numbers; make it of Packing.indicators.")
        simulated = baseline[name].dropna().to_numpy(dtype="float64")
        value = values[name]
        equal = np.isclose(simulated, value, rtol=1e-9, atol=1e-12)
        below = (simulated < value) & ~equal
        known = len(simulated) > 0 and not np.isnan(value)
        percentile = (below.sum() + equal.sum() / 2) / len(simulated) if known else np.nan
        rows[name] = (value, len(simulated), int(below.sum()), int(equal.sum()), percentile)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "plans", "below", "equal", "percentile"])
    return frame.rename_axis("indicator")
