"""Clusters: units that stand out together with their neighbours, and the outlines they form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import local_statistics as statistics
from kit.analysis.cluster_outlines import empty, name_clusters, outline
from kit.analysis.cluster_words import GI_LABELS, MORAN_LABELS, PROMPT, UNDEFINED, notes_of, summarise
from kit.analysis.concentration import unit_shares
from kit.analysis.moran import Moran, moran
from kit.analysis.permutation import SEED, benjamini_hochberg, check_permutations, check_sides, generator
from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import english, mark
from kit.model.adjacency import Adjacency
from kit.model.communities import Communities
from kit.model.frames import Units
from kit.model.groups import base_of
from kit.model.shared import Shared
from kit.model.source import Source

METHODS = ("moran", "gi")
SMOOTHINGS = (None, "empirical_bayes")
NOT_SIGNIFICANT = mark("not significant")
ALONE = mark("no neighbours")


@dataclass(frozen=True)
class Clusters:
    """Which units stand out with their neighbours, and where they join up.

    Parameters
    ----------
    frame : pandas.DataFrame
        By unit (GEOID): ``count`` and ``base`` (people), ``share``, ``value``
        (what was tested: the share, or the smoothed share), ``neighbours``,
        ``lag`` (mean of the neighbours' values), ``statistic``, ``z``, ``p``,
        ``p_adjusted`` (Benjamini–Hochberg), ``code`` (``HH``, ``LL``, ``HL``,
        ``LH``; ``H``, ``L`` for Getis–Ord; else empty), ``label`` in words and
        ``cluster``, the name of the outline it belongs to, or missing.
    outlines : geopandas.GeoDataFrame
        By name (``Cluster 1`` has most people of the group): ``units``,
        ``count``, ``base``, ``share`` (of the cluster), ``share_of_group``
        (that live there) and its shape, in the units' CRS; without shape where
        the units have no polygons.
    communities : Communities
        The same clusters as lists of units, of kind ``"cluster"``.
    overall : Moran
        Global Moran's I of the same values.
    units : Units
        What was tested.
    adjacency : Adjacency
        Who is whose neighbour.
    group, base : str
        Definition id and universe id.
    method : str
        ``"moran"`` or ``"gi"``.
    permutations : int
        Random draws for each unit.
    seed : int or None
        Their seed; None where the caller gave a generator.
    sides : str
        ``"one"`` or ``"two"``.
    q : float
        Accepted share of false findings among the units kept.
    minimum : int
        Units with a smaller base were left out, unless shares were smoothed.
    smoothing : str or None
        ``"empirical_bayes"`` or None.
    least_units : int
        Fewest units that are called a cluster.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    outlines: Any = Shared()  # noqa: RUF009
    communities: Communities = None  # type: ignore[assignment]
    overall: Moran = None  # type: ignore[assignment]
    units: Units = None  # type: ignore[assignment]
    adjacency: Adjacency = None  # type: ignore[assignment]
    group: str = ""
    base: str = ""
    method: str = "moran"
    permutations: int = 9999
    seed: int | None = SEED
    sides: str = "two"
    q: float = 0.05
    minimum: int = 50
    smoothing: str | None = None
    least_units: int = 2
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources behind the figures.

        Returns
        -------
        tuple of Source
            Those of the units.
        """
        return self.units.sources

    def summary(self) -> str:
        """Say in plain sentences what was found.

        Returns
        -------
        str
            Global Moran's I, how many units stand out, the largest clusters,
            and the notes.
        """
        return summarise(self)


def clusters(
    units: Units,
    *,
    group: str,
    base: str,
    adjacency: Adjacency,
    method: str = "moran",
    permutations: int = 9999,
    rng: int | np.random.Generator = SEED,
    q: float = 0.05,
    minimum: int = 50,
    smoothing: str | None = None,
    sides: str = "two",
    least_units: int = 2,
) -> Clusters:
    """Find units where a group's share is high, or low, together with their neighbours'.

    Parameters
    ----------
    units : Units
        Units with counts; with polygons the clusters get outlines.
    group : str
        Definition id, for example ``"aapi_aoic"``.
    base : str
        Universe id, for example ``"vap"``.
    adjacency : Adjacency
        Neighbours among the same units, as `kit.adjacency` finds them.
    method : {"moran", "gi"}
        Local Moran's I, or Getis–Ord Gᵢ*.
    permutations : int
        Random draws of neighbours for each unit.
    rng : int or numpy.random.Generator
        Seed, or a generator of the caller's.
    q : float
        Accepted share of false findings, between 0 and 1 (Benjamini–Hochberg).
    minimum : int
        Units whose base is smaller are left out: a share of a few people says
        nothing. Not used where shares are smoothed.
    smoothing : {"empirical_bayes"}, optional
        Draw the shares of small units towards the share of the whole area
        instead of leaving them out (`smooth`).
    sides : {"one", "two"}
        ``"one"``: p of the nearer tail, as common software gives it; ``"two"``:
        twice that.
    least_units : int
        Fewest neighbouring units that are called a cluster.

    Returns
    -------
    Clusters
        Classes by unit, outlines of connected high units, and notes.

    Raises
    ------
    InputError
        An option is not one of those named.
    SchemaError
        The units have no such counts, or neighbours are of other units.

    Notes
    -----
    A cluster is found by arithmetic. It is a prompt for a conversation with
    residents, and no community of interest until someone says it is.

    References
    ----------
    L. Anselin (1995), Geographical Analysis 27(2), 93–115; J. K. Ord and
    A. Getis (1995), Geographical Analysis 27(4), 286–306.
    """
    if not isinstance(units, Units) or not isinstance(adjacency, Adjacency):
        raise InputError(
            "clusters are found among units, with adjacency=kit.adjacency(units); got "
            f"a {type(units).__name__} and a {type(adjacency).__name__}."
        )
    _check(method, q, minimum, smoothing, least_units)
    check_permutations(permutations)
    check_sides(sides)
    random, seed = generator(rng)
    shares = unit_shares(units, group=group, base=base)
    if set(adjacency.ids) != set(shares.index) or len(adjacency.ids) != len(shares):
        strange = shares.index.symmetric_difference(adjacency.ids)
        raise SchemaError(
            f"the neighbours are of other units: {len(strange):,} stand in one of the two only, first "
            f"{first_few(strange)}. Pass adjacency=kit.adjacency(units) of the same units."
        )
    options = {
        "group": group, "base": base, "method": method, "permutations": permutations, "seed": seed,
        "sides": sides, "q": q, "minimum": minimum, "smoothing": smoothing, "least_units": least_units,
    }  # fmt: skip
    value = values_of(shares, minimum=minimum, smoothing=smoothing)
    frame = classify(shares, value, adjacency, random if seed is None else seed, options)
    overall = moran(value, adjacency, rng=random if seed is None else seed, sides=sides)
    frame["cluster"], members = name_clusters(frame, adjacency, least_units=least_units)
    outlines = outline(members, frame, units) if members else empty(units)
    found = Clusters(frame, outlines, None, overall, units, adjacency, **options)  # type: ignore[arg-type]
    notes = notes_of(found)
    areas = Communities.of_units(members, kind="cluster", sources=units.sources, notes=(PROMPT, *notes))
    return replace(found, communities=areas, notes=notes)


def smooth(count: pd.Series, base: pd.Series) -> pd.Series:
    """Draw the shares of small units towards the share of the whole area.

    Parameters
    ----------
    count, base : pandas.Series
        People of the group and of the base, by unit.

    Returns
    -------
    pandas.Series
        Smoothed shares; missing where nobody lives.

    Notes
    -----
    Marshall's global empirical Bayes: wᵢ (cᵢ / bᵢ) + (1 − wᵢ) m, where m is the
    share of the whole area, wᵢ = v / (v + m / bᵢ), and v is the variance of the
    shares, weighted by base, less m over the mean base. A v below 0 counts as 0.

    References
    ----------
    R. J. Marshall (1991), Applied Statistics 40(2), 283–294.

    Examples
    --------
    >>> smooth(pd.Series([0, 50]), pd.Series([10, 100])).round(4).tolist()
    [0.3571, 0.4878]
    """
    lived = base > 0
    c, b = count[lived].astype("float64"), base[lived].astype("float64")
    if not len(b):
        return pd.Series(np.nan, index=base.index, dtype="float64")
    mean, share = c.sum() / b.sum(), c / b
    spread = max(float((b * (share - mean) ** 2).sum() / b.sum() - mean / b.mean()), 0.0)
    weight = spread / (spread + mean / b) if mean else share * 0.0
    return (weight * share + (1 - weight) * mean).reindex(base.index)


def values_of(shares: pd.DataFrame, *, minimum: int, smoothing: str | None) -> pd.Series:
    """Choose the values to test.

    Parameters
    ----------
    shares : pandas.DataFrame
        ``count``, ``base`` and ``share`` by unit.
    minimum : int
        Smallest base that is tested, where shares are not smoothed.
    smoothing : str or None
        ``"empirical_bayes"`` or None.

    Returns
    -------
    pandas.Series
        Shares; missing for units that are left out.
    """
    if smoothing is not None:
        return smooth(shares["count"], shares["base"])
    return shares["share"].where((shares["base"] >= minimum) & (shares["base"] > 0))


def classify(
    shares: pd.DataFrame,
    value: pd.Series,
    adjacency: Adjacency,
    rng: int | np.random.Generator,
    options: dict[str, Any],
) -> pd.DataFrame:
    """Test each unit and put it into a class.

    Parameters
    ----------
    shares : pandas.DataFrame
        ``count``, ``base`` and ``share`` by unit.
    value : pandas.Series
        What is tested, missing for units left out.
    adjacency : Adjacency
        Neighbours.
    rng : int or numpy.random.Generator
        Seed, or a generator.
    options : dict
        The options of `clusters`.

    Returns
    -------
    pandas.DataFrame
        The columns of `Clusters.frame`, less the last.
    """
    test = statistics.local_moran if options["method"] == "moran" else statistics.getis_ord
    local = test(value, adjacency, permutations=options["permutations"], rng=rng, sides=options["sides"]).frame
    local = local.reindex(shares.index)
    frame = shares[["count", "base", "share"]].join(local)
    frame["value"] = value
    frame["p_adjusted"] = benjamini_hochberg(frame["p"])
    kept = (frame["p_adjusted"] <= options["q"]) & (frame["code"] != "")
    words = MORAN_LABELS if options["method"] == "moran" else GI_LABELS
    label = frame["code"].map(words).where(kept, NOT_SIGNIFICANT).astype(object)
    tested, left_out = frame["p"].notna(), frame["value"].isna()
    label[~tested & ~left_out] = UNDEFINED if _flat(value) else ALONE
    if options["smoothing"] is None:
        label[left_out] = f"base under {options['minimum']}"
    label[shares["base"] == 0] = f"no {english(base_of(options['base']).noun)}"
    frame["code"] = frame["code"].where(kept, "")
    frame["label"] = label.astype("str")
    order = [
        "count",
        "base",
        "share",
        "value",
        "neighbours",
        "lag",
        "statistic",
        "z",
        "p",
        "p_adjusted",
        "code",
        "label",
    ]
    return frame[order]


def _flat(value: pd.Series) -> bool:
    known = value.dropna()
    return len(known) == 0 or bool(np.ptp(known.to_numpy()) <= statistics.FLAT * max(1.0, float(known.abs().max())))


def _check(method: str, q: float, minimum: int, smoothing: str | None, least_units: int) -> None:
    """Refuse options that mean nothing."""
    if method not in METHODS:
        raise InputError(f'method={method!r}; pass "moran" (local Moran\'s I) or "gi" (Getis–Ord Gi*).')
    if smoothing not in SMOOTHINGS:
        raise InputError(f'smoothing={smoothing!r}; pass "empirical_bayes", or None to leave small units out.')
    if isinstance(q, bool) or not isinstance(q, int | float | np.number) or not 0 < q < 1:
        raise InputError(f"q={q!r}; pass the accepted share of false findings, between 0 and 1, such as 0.05.")
    if isinstance(minimum, bool) or not isinstance(minimum, int | float | np.number) or not minimum >= 0:
        raise InputError(f"minimum={minimum!r}; pass the smallest base that is tested, 0 or more people.")
    if isinstance(least_units, bool) or not isinstance(least_units, int) or least_units < 1:
        raise InputError(f"least_units={least_units!r}; pass the fewest units that are called a cluster, 1 or more.")
