"""Readers of the real data that several tests share."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd

from kit.model.frames import Units
from kit.sources.local import read_units

NYC_COLUMNS = {
    "pop20_total": "total_pop",
    "pop20_asian": "asian_alone_pop",
    "vap20_total": "total_vap",
    "vap20_asian": "asian_alone_vap",
}
# The columns of the block and precinct tables that count people not Hispanic and of one race.
NH_COLUMNS = {
    "pop": "total_pop",
    "pop_asian": "nh_asian_alone_pop",
    "pop_nhpi": "nh_nhpi_alone_pop",
    "vap": "total_vap",
    "vap_asian": "nh_asian_alone_vap",
    "vap_nhpi": "nh_nhpi_alone_vap",
}


@cache
def nyc_blocks(data_dir: Path, census: int = 2020) -> Units:
    """Read New York City's 37,984 blocks of 2020, with the counts of either census on them."""
    columns = {name.replace("20_", f"{census % 100}_"): kit_name for name, kit_name in NYC_COLUMNS.items()}
    return read_units(data_dir / "nyc/blocks_race_2010on2020_2020.csv", id="GEOID", columns=columns, year=2020)


@cache
def nyc_block_groups(data_dir: Path) -> Units:
    """Read 6,806 block groups: shapes of one file, people of the blocks file summed to 12 digits."""
    import geopandas as gpd

    shapes = gpd.read_file(data_dir / "nyc/bg2020_simplified_wgs84.topojson").set_crs(4326)
    shapes = shapes.set_index(shapes["d"].str.partition(",")[0].rename("GEOID"))
    blocks = nyc_blocks(data_dir)
    sums = blocks.frame.groupby(blocks.frame.index.str[:12]).sum()
    frame = sums.loc[sums.index.isin(shapes.index)]
    frame.index = pd.Index(frame.index, dtype="str", name="GEOID")
    return Units(frame, level="block_group", year=2020, sources=blocks.sources).with_geometry(shapes)


def nyc_block_group_cells(data_dir: Path) -> pd.DataFrame:
    """Read the table that the same file carries in one text field a shape."""
    import io

    import geopandas as gpd

    shapes = gpd.read_file(data_dir / "nyc/bg2020_simplified_wgs84.topojson")
    names = next(list(row) for row in shapes["fields"] if row is not None and len(row))
    text = "\n".join([",".join(map(str, names)), *shapes["d"]])
    return pd.read_csv(io.StringIO(text), dtype={"GEOID": "str"}).set_index("GEOID")


def dra_shapes(archive: Path):
    """Read a zipped layer whose counts are nested by dataset: shapes, and one table a dataset."""
    import zipfile

    import geopandas as gpd
    from shapely.geometry import shape

    with zipfile.ZipFile(archive) as packed:
        name = next(n for n in packed.namelist() if n.endswith("datasets.geojson"))
        features = json.loads(packed.read(name))["features"]
    ids = pd.Index([f["properties"]["id"] for f in features], dtype="str", name="GEOID")
    shapes = gpd.GeoSeries([shape(f["geometry"]) for f in features], index=ids, crs="OGC:CRS84")
    first = features[0]["properties"]["datasets"]
    tables = {key: pd.DataFrame([f["properties"]["datasets"][key] for f in features], index=ids) for key in first}
    return shapes, tables


NYC_SENATE = """
[units]
source = "groups.gpkg"
year = 2020
level = "block_group"
title = "2020 Census blocks of New York City, added up"
publisher = "U.S. Census Bureau"

[[plans]]
path = "{plans}/SEN22_June_03_2022.zip"
name = "Senate plan of June 2022"
status = "adopted"
adopted = 2022-06-03
outside = "report"

[[plans]]
path = "{plans}/latfor_senate22"
name = "LATFOR draft"
status = "draft"
role = "before"
outside = "report"

[[plans]]
path = "{plans}/senate_unity_20211118.geojson"
name = "Unity Map"
status = "proposed"
role = "after"
outside = "report"
"""


def nyc_senate_plans(data_dir: Path) -> str:
    """Give the part of a hearing file that names the city's block groups and its three Senate plans."""
    return NYC_SENATE.format(plans=(data_dir / "nyc" / "plans").resolve().as_posix())
