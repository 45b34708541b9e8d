"""Real submissions: Wisconsin's 1,191 public ones, Districtr's own four exports, and neighbourhoods of five cities."""

from __future__ import annotations

import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from kit.analysis.community_places import locate_communities
from kit.analysis.consensus import consensus
from kit.analysis.mending import MendingRules, mend_communities
from kit.community_proof import round_trip
from kit.model.frames import Units
from kit.model.submissions import Submissions
from kit.sources.community_files import read_communities
from kit.sources.local import read_units

pytestmark = pytest.mark.real

PORTAL = "milwaukee_wi/coi_submissions/WI_20211202_phase_C_coi.shp"
HOW = {"id": "plan_id", "submitter": "plan_id", "submitter_pattern": r"(.+)-\d+", "consent": "public"}


@pytest.fixture(scope="module")
def portal(data_dir):
    return read_communities(data_dir / PORTAL, **HOW)


@pytest.fixture(scope="module")
def wards(data_dir):
    """Give Milwaukee County's wards with their adults of 2020."""
    rows = pd.read_csv(data_dir / "milwaukee_wi/Wards2022_VAP_2020.csv")
    table = rows.pivot_table(index="ward_2022", columns="group", values="count_2020", aggfunc="sum")
    shapes = gpd.read_file(data_dir / "milwaukee_wi/MilwaukeeCounty_2022.geojson").set_index("ward_name").geometry
    shapes = shapes[shapes.index.isin(table.index) & ~shapes.index.duplicated()]
    frame = pd.DataFrame({"total_vap": table["vap"], "asian_alone_vap": table["vap_asian"]}).loc[shapes.index]
    index = pd.Index(shapes.index.astype("str"), dtype="str", name="GEOID")
    return Units(frame.set_axis(index), level="vtd", year=2022, geometry=shapes.set_axis(index))


# --- 1,191 submissions -----------------------------------------------------------------------------------


def test_every_submission_is_accounted_for(portal):
    """1,046 of the 1,191 records hold no coordinates at all (shape type 0); 145 hold sound polygons."""
    assert len(portal) == 1191
    start = time.perf_counter()
    result = mend_communities(portal)
    assert time.perf_counter() - start < 20
    report = result.report
    assert len(report) == 1191
    assert report.index.tolist() == [one.id for one in portal]
    assert report["status"].value_counts().to_dict() == {"set aside": 1046, "as drawn": 145}
    assert set(report.loc[report["status"] == "set aside", "reason"]) == {"it has no shape and lists no units"}
    assert len(result.kept) + len(result.held) + len(result.aside) == 1191
    assert {one.id for part in (result.kept, result.held, result.aside) for one in part} == set(report.index)
    assert (report.loc[report["status"] == "as drawn", "change_km2"] == 0).all()
    assert result.summary().startswith(
        "Of 1,191 submissions: used as drawn 145, mended 0, held back 0, set aside 1,046."
    )


def test_the_records_without_a_shape_are_empty_in_the_file_itself(data_dir):
    """The format says so: a null shape is a record of four bytes."""
    data = (data_dir / PORTAL).read_bytes()
    place, lengths = 100, []
    while place < len(data):
        length = 2 * int.from_bytes(data[place + 4 : place + 8], "big")
        lengths.append(length)
        assert (int.from_bytes(data[place + 8 : place + 12], "little") == 0) == (length == 4)
        place += 8 + length
    assert (len(lengths), lengths.count(4)) == (1191, 1046)


def test_near_copies_and_whole_regions(portal):
    report = mend_communities(portal).report
    grouped = report[report["group"] > 0]
    assert (len(grouped), grouped["group"].max()) == (12, 6)
    assert (grouped["likeness"] > 1 - 1e-9).sum() == 10
    assert grouped["likeness"].min() == pytest.approx(0.947872, abs=1e-4)
    # A direct comparison of every pair, without the tree and without the sizes.
    kept = [one for one in portal if one.area is not None]
    flat = gpd.GeoSeries([one.area.shape for one in kept], crs=4269).to_crs(3071).to_numpy()
    area = shapely.area(flat)
    pairs = set()
    for i in range(len(flat)):
        common = shapely.area(shapely.intersection(flat[i], flat[i + 1 :]))
        near = common / (area[i] + area[i + 1 :] - common) >= 0.9
        pairs |= {frozenset((kept[i].id, kept[i + 1 + int(j)].id)) for j in np.flatnonzero(near)}
    told = {frozenset(group.index) for _, group in grouped.groupby("group")}
    assert pairs == told
    assert report["marks"].value_counts().to_dict() == {"": 1183, "larger than 10,000 km²": 8}
    # Areas agree with those of the State's own projection.
    mine = report.loc[[one.id for one in kept], "area_km2"].to_numpy()
    assert mine == pytest.approx(area / 1e6, rel=2e-3)


def test_real_outlines_that_were_broken_are_mended(portal):
    """Loops and crossings put into the 145 real outlines: each is resolved, and the change is reported."""
    drawn = [one for one in portal if one.area is not None]
    broken = []
    for one in drawn:
        parts = shapely.get_parts(one.area.shape)
        largest = parts[np.argmax(shapely.area(parts))]
        points = shapely.get_coordinates(largest.exterior)
        quarter = len(points) // 4
        swapped = np.concatenate([points[:quarter], points[quarter : 2 * quarter][::-1], points[2 * quarter :]])
        broken.append(one.revised(area={"kind": "polygon", "shape": shapely.Polygon(swapped)}))
    result = mend_communities(Submissions(tuple(broken)))
    report = result.report
    invalid = [not one.area.shape.is_valid for one in broken]
    assert sum(invalid) > 130
    assert (report["status"] == "mended").tolist() == invalid
    assert all(one.area.shape.is_valid for one in result.kept)
    assert {one.area.shape.geom_type for one in result.kept} <= {"Polygon", "MultiPolygon"}
    changed = report.loc[report["status"] == "mended"]
    assert (changed["area_km2"] > 0).all()
    assert changed["change_km2"].to_numpy() == pytest.approx((changed["area_km2"] - changed["drawn_km2"]).to_numpy())
    assert changed["reason"].str.startswith("its rings were mended: ").all()


@pytest.mark.parametrize(
    ("file", "rows", "invalid"), [("minnesota/Geojson_MN.v06.zip", 4110, 30), ("nevada/Geojson_NV.v06.zip", 2102, 12)]
)
def test_precincts_with_rings_that_cross_are_mended(data_dir, file, rows, invalid):
    """Real rings that cross themselves, as published: each is resolved, and nothing else is touched."""
    found = read_communities(data_dir / file, consent="public")
    assert len(found) == rows
    result = mend_communities(found, rules=MendingRules(smallest_m2=0))
    report = result.report
    assert report["status"].value_counts().to_dict() == {"as drawn": rows - invalid, "mended": invalid}
    changed = report[report["status"] == "mended"]
    assert changed["reason"].str.startswith("its rings were mended: ").all()
    assert (changed["change_km2"].abs() <= 0.01 * changed["area_km2"]).all()
    assert (report.loc[report["status"] == "as drawn", "change_km2"] == 0).all()


def test_people_are_counted_where_the_wards_cover_an_area(portal, wards):
    result = mend_communities(portal, units=wards, rules=MendingRules(fewest_people=50))
    counted = result.report["people"].dropna()
    assert 5 < len(counted) < 145
    assert result.report["status"].value_counts().sum() == 1191
    total = wards.frame["total_vap"].sum()
    assert counted.max() <= total
    strict = mend_communities(portal, units=wards, rules=MendingRules(fewest_people=int(counted.min()) + 1))
    held = strict.report[strict.report["status"] == "held back"]
    assert len(held) == (counted <= counted.min()).sum()
    assert held["reason"].str.contains("people live in it, fewer than").all()
    again = mend_communities(
        portal, units=wards, rules=MendingRules(fewest_people=int(counted.min()) + 1), release=list(held.index)
    )
    assert len(again.held) == 0


def test_overlap_by_submitter_agrees_with_a_plain_count(portal, wards):
    kept = mend_communities(portal).kept
    result = consensus(kept, wards, group="asian_alone", base="vap")
    # The same by hand: cut every ward by the union of each submitter's areas.
    shapes = wards.geometry.to_crs(3071)
    areas = gpd.GeoDataFrame(
        {"who": [one.submitter for one in kept]}, geometry=[one.area.shape for one in kept], crs=4269
    ).to_crs(3071)
    count = pd.Series(0, index=shapes.index)
    for _, theirs in areas.groupby("who"):
        covered = np.zeros(len(shapes), dtype=bool)
        for area in theirs.geometry:
            covered |= shapes.intersection(area).area.to_numpy() >= 0.5 * shapes.area.to_numpy()
        count += covered
    expected = count[count > 0]
    mine = result.frame["submitters"].reindex(expected.index)
    assert set(result.frame.index) == set(expected.index)
    assert (mine == expected).mean() > 0.99
    # 93 of the 145 areas lie wholly outside the county; who drew only those is no voice here.
    near = areas[areas.intersects(shapes.union_all())]
    assert result.submitters == near["who"].nunique()
    assert result.sweep["base"].is_monotonic_decreasing
    assert result.sweep.loc[1, "base"] == result.frame["base"].sum()
    assert not len(result.narratives)


def test_portal_submissions_survive_every_format(portal, tmp_path):
    kept = mend_communities(portal).kept
    few = Submissions(kept.communities[:25], kept.sources)
    for name in ("a.geojson", "a.shp", "a.zip", "a.gpkg", "a.kml", "a.kmz"):
        found = read_communities(round_trip_file(few, tmp_path / name))
        assert [one.id for one in found] == [one.id for one in few]
        for one, back in zip(few, found, strict=True):
            assert back.area.shape.symmetric_difference(one.area.shape).area <= 1e-12 * one.area.shape.area
            assert back.submitter == one.submitter


def round_trip_file(found, path):
    from kit.sources.community_write import write_communities

    return write_communities(found, path)


# --- other tools' real files ------------------------------------------------------------------------------

ST_LOUIS = "coi_formats/stlouis_5217364c"


def test_one_districtr_community_in_its_four_exports(data_dir):
    """Districtr's own example: the JSON, the CSV, the GeoJSON and the shapefile name the same block groups."""
    found = {path.name: read_communities(path) for path in sorted((data_dir / ST_LOUIS).iterdir())}
    assert len(found) == 4
    lists = {name: sorted(one.area.geoids for one in each) for name, each in found.items()}
    assert len({str(value) for value in lists.values()}) == 1
    assert [len(ids) for ids in next(iter(lists.values()))] == [7, 2]
    assert {one.area.level for each in found.values() for one in each} == {"block_group"}
    plan = next(each for name, each in found.items() if name.endswith(".json"))
    kinloch = plan["Kinloch"]
    assert kinloch.in_common.other.startswith("- education")
    assert kinloch.landmarks[0].name == "Airport Elementary School"
    assert kinloch.area.year == 2010
    # The second community has units and was never named.
    assert [one.name for one in plan] == ["Kinloch", "Community 2"]
    shapes = next(each for name, each in found.items() if "shp" in name)
    assert [one.name for one in shapes] == ["Kinloch", "Berkeley"]
    assert shapes["Kinloch"].landmarks[0].point == pytest.approx((-90.32651, 38.75154), abs=1e-4)


def test_a_blank_districtr_file(data_dir):
    with pytest.raises(ValueError, match="empty Districtr file: nobody drew a community in it"):
        read_communities(data_dir / "coi_formats/michigan_blank_coi.json")


@pytest.mark.parametrize(
    ("name", "count"), [("neighborhoods", 20), ("reporting_areas", 53), ("city_clerk_neighborhoods", 91)]
)
def test_neighbourhoods_of_seattle_are_lists_of_blocks(data_dir, tmp_path, name, count):
    path = data_dir / f"seattle_wa/coi/{name}.csv"
    rows = pd.read_csv(path, dtype={"GEOID20": "str"})
    found = read_communities(path, consent="public")
    assert len(found) == count
    assert sum(len(one.area.geoids) for one in found) == len(rows)
    stated = rows.drop_duplicates("Name").set_index("Name")["total_TAPERSONS"].astype(str).to_dict()
    assert {one.name: dict(one.extra)["total_TAPERSONS"] for one in found} == stated
    frame = rows.drop_duplicates("GEOID20").set_index("GEOID20")[["TAPERSONS"]].set_axis(["total_pop"], axis=1)
    units = Units(frame.rename_axis("GEOID"), level="block", year=2020)
    located = locate_communities(found, units)
    people = located.membership.groupby("community")["GEOID"].agg(lambda ids: frame.loc[ids, "total_pop"].sum())
    assert {k: str(v) for k, v in people.items()} == stated
    for kind, file in (
        ("csv", "o.csv"),
        ("block_equivalency", "b.csv"),
        ("districtr", "o.json"),
        ("geojson", "o.geojson"),
    ):
        proof = round_trip(found, tmp_path / file, units, format=kind)
        assert proof.same_blocks, kind
        assert proof.dropped == proof.changed == (), kind


def test_eleven_neighbourhoods_of_lowell_are_proved_in_every_format(data_dir, tmp_path):
    units = read_units(
        data_dir / "lowell_ma/Lowell_blocks.zip", id="GEOID10", columns={"P0010001": "total_pop"}, year=2010
    )
    found = read_communities(data_dir / "lowell_ma/neighborhoods.zip", consent="public")
    assert len(found) == 11
    for name in ("o.geojson", "o.shp", "o.zip", "o.gpkg", "o.kml", "o.kmz", "o.csv", "o.json"):
        proof = round_trip(found, tmp_path / name, units)
        assert proof.same_blocks, name
        assert proof.dropped == proof.changed == (), name
    proof = round_trip(found, tmp_path / "bef.csv", units, format="block_equivalency")
    assert proof.same_blocks


def test_new_york_s_neighbourhoods_and_hawaii_s_home_lands(data_dir):
    nta = read_communities(data_dir / "nyc/coi/nta2020.topojson", crs="EPSG:4326", consent="public")
    assert len(nta) == 262
    lands = read_communities(data_dir / "hawaii/coi_hawaiian_home_lands.geojson", consent="public")
    assert len(lands) == 75
    report = mend_communities(lands).report
    assert report["status"].value_counts().sum() == 75
    assert (report["parts"].dropna() >= 1).all()
