"""Outlines of clusters: which high units join up, what they are called, and their shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.permutation import subset
from kit.model.adjacency import Adjacency
from kit.model.frames import Units

HIGH = ("HH", "H")
"""Codes of the units that clusters are made of."""


def name_clusters(
    frame: pd.DataFrame, adjacency: Adjacency, *, least_units: int
) -> tuple[pd.Series, dict[str, list[str]]]:
    """Join high units that are neighbours, and name what they form.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``code`` and ``count`` by unit.
    adjacency : Adjacency
        Neighbours among the same units.
    least_units : int
        Fewest units that are called a cluster.

    Returns
    -------
    names : pandas.Series
        Name of each unit's cluster; missing for the others.
    members : dict of str to list of str
        Name → GEOIDs, most people of the group first.
    """
    from scipy.sparse.csgraph import connected_components

    high = frame["code"].isin(HIGH).reindex(adjacency.ids).to_numpy(dtype=bool)
    pairs = subset(adjacency, high)
    names = pd.Series(pd.NA, index=frame.index, dtype="str")
    if not high.any():
        return names, {}
    _, part = connected_components(pairs.matrix(), directed=False)
    rows = pd.DataFrame({"part": part, "count": frame["count"].reindex(pairs.ids).to_numpy(), "id": pairs.ids})
    sizes = rows.groupby("part").agg(units=("id", "size"), count=("count", "sum"), first=("id", "min"))
    sizes = sizes[sizes["units"] >= least_units].sort_values(
        ["count", "units", "first"], ascending=[False, False, True]
    )
    members = {}
    for number, which in enumerate(sizes.index, 1):
        ids = sorted(rows.loc[rows["part"] == which, "id"])
        members[f"Cluster {number}"] = ids
        names[ids] = f"Cluster {number}"
    return names, members


def outline(members: dict[str, list[str]], frame: pd.DataFrame, units: Units) -> Any:
    """Count the people of each cluster and unite its units.

    Parameters
    ----------
    members : dict of str to list of str
        Name → GEOIDs.
    frame : pandas.DataFrame
        ``count`` and ``base`` by unit.
    units : Units
        Units, with or without polygons.

    Returns
    -------
    geopandas.GeoDataFrame
        By name: ``units``, ``count``, ``base``, ``share``, ``share_of_group``
        and ``geometry``, in the units' CRS.
    """
    import geopandas

    everyone = frame["count"].sum()
    rows = []
    for ids in members.values():
        count, base = frame.loc[ids, ["count", "base"]].sum()
        whole = count / everyone if everyone else np.nan
        rows.append({"units": len(ids), "count": count, "base": base, "share": count / base, "share_of_group": whole})
    table = pd.DataFrame(rows, index=pd.Index(list(members), dtype="str", name="cluster"), columns=_COLUMNS)
    table = table.astype({"units": "int64", "count": frame["count"].dtype, "base": frame["base"].dtype})
    shapes = units.geometry
    drawn = shapes is not None and shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    united = [_unite(shapes[ids]) if drawn else None for ids in members.values()]
    geometry = geopandas.GeoSeries(united, index=table.index, crs=None if shapes is None else shapes.crs)
    return geopandas.GeoDataFrame(table, geometry=geometry)


_COLUMNS = ["units", "count", "base", "share", "share_of_group"]


def empty(units: Units) -> Any:
    """Make the table of no clusters.

    Parameters
    ----------
    units : Units
        Units, for the CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        No rows, the columns of `outline`.
    """
    import geopandas

    index = pd.Index([], dtype="str", name="cluster")
    crs = None if units.geometry is None else units.geometry.crs
    table = pd.DataFrame(index=index, columns=_COLUMNS, dtype="float64")
    return geopandas.GeoDataFrame(table, geometry=geopandas.GeoSeries([], index=index, crs=crs))


def _unite(shapes: Any) -> Any:
    """Unite polygons; those that cross themselves are repaired first."""
    broken = ~shapes.is_valid
    return (shapes.where(~broken, shapes.make_valid()) if broken.any() else shapes).union_all()
