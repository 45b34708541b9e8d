"""From a hearing file to a packet: the same bytes, whole or not at all, and nothing said that the figures do not carry."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from kit.errors import CoverageError, CRSError, InputError, KitError
from kit.hearing import build_hearing, check_build
from kit.hearing_exhibits import letter
from kit.hearing_file import load_hearing
from kit.hearing_new import new_hearing
from kit.report.packet_pace import count_words
from kit.settings import using

TEXT = """
body = "Fairwater County Board"
date = 2030-01-15
time = "18:30"
place = "County hall"
jurisdiction = "Fairwater County (fictional)"
speaker = "May Lee"
organisation = "Lantern Hill Neighbours"
contact = "may@example.org"
ask = "Keep Lantern Hill in one district."
groups = ["aapi_aoic"]
bases = ["vap"]
breaks = [0, 0.1, 0.3, 0.5, 1]
maps = []

[rules]
criteria = ["equal population", "communities of interest"]
forbidden = ["party"]
upload_limit_mb = 0.001

[rules.deadlines]
"written testimony" = 2030-01-10
"interpreter request" = 2030-01-08

[words]
community = "Lantern Hill shares two temples and one school."

[units]
source = "sample:fictional_county"

[[plans]]
path = "sample:a"
role = "before"

[[plans]]
path = "sample:b"
role = "after"

[[communities]]
file = "sample:communities"

[[exhibits]]
map = "share"
plan = "before"

[[exhibits]]
map = "share"
plan = "after"

[[exhibits]]
map = "compare"

[[claims]]
kind = "majority"
district = "2"
plan = "before"

[[claims]]
kind = "split_into"
area = "Reef Point church"
n = 3
plan = "before"

[[claims]]
kind = "largest"
district = "2"
plan = "before"

[[claims]]
kind = "gains"
district = "1"
"""

# One exhibit in place of three, for what the drawings have no part in.
LIGHT = TEXT.replace(
    """[[exhibits]]
map = "share"
plan = "after"

[[exhibits]]
map = "compare"

""",
    "",
)


def write(folder: Path, text: str = TEXT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "hearing.toml"
    path.write_text(text, encoding="utf-8")
    return path


def hashes(folder: Path) -> dict[str, str]:
    inside = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in inside}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the packet once; the tests below only read it."""
    folder = tmp_path_factory.mktemp("town")
    return build_hearing(write(folder))


@pytest.fixture
def mine(built, tmp_path):
    """Give a copy of the file and of its packet to work in."""
    shutil.copytree(built.folder.parent, tmp_path / "town")
    return tmp_path / "town"


# What is made


def test_the_packet_holds_exhibits_tables_plans_and_words(built):
    made = {path.relative_to(built.folder).as_posix() for path in built.paths}
    assert built.folder.name == "packet"
    assert {"MANIFEST.json", "packet.docx", "script.txt", "checklist.txt", "communities/communities.geojson"} <= made
    assert {f"exhibits/exhibit_{one}.pdf" for one in "abc"} <= made
    slug = "plan_2_fairwater-county-illustrative"
    assert {f"plans/{slug}.csv", f"plans/{slug}.geojson"} <= made
    assert {f"tables/{slug}_aapi_aoic_vap.{kind}" for kind in ("csv", "html", "geojson")} <= made
    assert {"tables/comparison.csv", "tables/swaps.csv"} <= made


def test_the_equivalency_file_and_the_shapes_are_the_plan(built):
    rows = pd.read_csv(built.folder / "plans/plan_2_fairwater-county-illustrative.csv", dtype="str")
    assert list(rows.columns) == ["BLOCKID", "DISTRICT"]
    assert len(rows) == rows["BLOCKID"].nunique() == 288
    shapes = gpd.read_file(built.folder / "plans/plan_2_fairwater-county-illustrative.geojson")
    assert list(shapes["DISTRICT"]) == sorted(rows["DISTRICT"].unique())
    areas = gpd.read_file(built.folder / "communities/communities.geojson")
    assert len(areas) == 4


def test_claims_are_carried_weakened_or_left_out(built):
    # In district 2 of plan A exactly one half of adults are counted, which is no majority.
    assert [verdict.status for verdict in built.verdicts][:2] == ["weaker", "refused"]
    weaker, refused = built.notes[0], built.notes[1]
    assert weaker.startswith("claims[0] (majority) is printed weaker: ")
    assert refused.startswith("claims[1] (split_into) is left out: ")
    script = (built.folder / "script.txt").read_text(encoding="utf-8")
    assert built.verdicts[0].statement.removeprefix("In ") in script
    assert "Reef Point church” is split" not in script
    page = (built.folder / "packet.html").read_text(encoding="utf-8")
    assert "a statement of the kind “split_into” on Reef Point church" in page
    assert "The ask rests on what the community shares and the criteria of this body." in page
    assert "No figure here counts parties, candidates or incumbents." in page
    # Under every definition of AAPI that the sample counts, in the district with the highest share.
    assert re.search(
        r"Under the others, district \d of .* goes from [\d.]+% \(\w*aapi\w+\) to [\d.]+% \(aapi_aoic\)", page
    )


def test_the_title_of_an_exhibit_is_a_checked_claim(built):
    told = json.loads((built.folder / "exhibits/exhibit_a.manifest.json").read_text(encoding="utf-8"))
    assert told["title"] == built.verdicts[0].title
    assert [claim["where"] for claim in told["claims"]] == ["title", "finding"]
    last = json.loads((built.folder / "exhibits/exhibit_c.manifest.json").read_text(encoding="utf-8"))
    assert last["title"] == built.verdicts[3].title


def test_the_script_is_counted(built):
    text = (built.folder / "script.txt").read_text(encoding="utf-8")
    spoken, count = text.rsplit("\n\n[", 1)
    words = count_words(spoken)
    assert words == built.words
    assert built.seconds == round(words / 130 * 60)
    assert count == f"{words} words, about {built.seconds} seconds; the limit is 120 seconds.]\n"
    assert spoken.startswith("My name is May Lee, and I speak for Lantern Hill Neighbours.\n\nLantern Hill shares")
    assert spoken.endswith(
        "I ask the Fairwater County Board for one thing. Keep Lantern Hill in one district.\n\nThank you."
    )


def test_the_checklist_has_deadlines_in_their_order(built):
    lines = (built.folder / "checklist.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "Fairwater County Board: Tuesday, 15 January 2030, 18:30, County hall"
    assert lines[2:4] == ["[ ] by 2030-01-08: interpreter request", "[ ] by 2030-01-10: written testimony"]
    assert "[ ] criterion 2: communities of interest" in lines
    assert "[ ] words to leave out: party" in lines


def test_files_over_the_upload_limit_are_named(built):
    assert built.notes[-1].startswith("Over the upload limit of 0.001 MB: ")


def test_the_manifest_lists_everything(built):
    told = json.loads((built.folder / "MANIFEST.json").read_text(encoding="utf-8"))
    found = hashes(built.folder)
    found.pop("MANIFEST.json")
    assert {one["file"]: one["sha256"] for one in told["outputs"]} == found
    inputs = [one["file"] for one in told["inputs"]]
    assert inputs == sorted(inputs)
    assert "hearing.toml" in inputs
    assert "sample:fictional_county/blocks.csv" in inputs
    assert told["command"] == "kit build hearing.toml"
    assert told["timestamp"] == "2030-01-15T00:00:00+00:00"
    assert told["seed"] == 20260701
    assert {"python", "matplotlib", "aapi-redistricting-kit"} <= set(told["versions"])
    assert [claim["status"] for claim in told["claims"]] == [verdict.status for verdict in built.verdicts]
    assert str(built.folder.parent) not in json.dumps(told)


# The same bytes


def test_the_same_inputs_give_the_same_bytes(built, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    again = build_hearing(write(tmp_path / "elsewhere"), tmp_path / "deep" / "er" / "out")
    assert hashes(again.folder) == hashes(built.folder)
    assert not [path for path in again.folder.parent.iterdir() if path != again.folder]


def test_a_packet_can_be_made_again(mine):
    found = check_build(mine / "packet")
    assert found.same
    assert found.summary() == "The packet was made again, byte for byte."


def test_a_check_names_what_changed(mine):
    path = mine / "hearing.toml"
    path.write_text(TEXT.replace("May Lee", "Mai Lee"), encoding="utf-8")
    (mine / "packet" / "script.txt").write_text("mine", encoding="utf-8")
    (mine / "packet" / "checklist.txt").unlink()
    (mine / "packet" / "notes.txt").write_text("mine", encoding="utf-8")
    listed = mine / "packet" / "MANIFEST.json"
    listed.write_text(re.sub(r'"numpy": "[^"]+"', '"numpy": "0.1"', listed.read_text(encoding="utf-8")), "utf-8")
    found = check_build(mine / "packet")
    assert not found.same
    assert found.inputs == ("hearing.toml",)
    assert found.edited == ("script.txt",)
    assert found.missing == ("checklist.txt",)
    assert found.extra == ("notes.txt",)
    assert len(found.versions) == 1
    assert found.versions[0].startswith("numpy 0.1 → ")
    assert {"script.txt", "exhibits/exhibit_a.pdf"} <= set(found.differing)
    assert "plans/plan_1_fairwater-county-illustrative.geojson" not in found.differing
    assert "Inputs that changed since the packet was built: hearing.toml." in found.summary()


def test_a_check_that_cannot_build_says_what_changed(mine):
    (mine / "hearing.toml").write_text(
        TEXT.replace('"largest"\ndistrict = "2"', '"largest"\ndistrict = "77"'), encoding="utf-8"
    )
    with pytest.raises(
        InputError, match=r"(?s)packet cannot be made again: .*claims\[2\].*Inputs that changed: hearing"
    ):
        check_build(mine / "packet")


def test_a_check_needs_a_packet_and_its_file(mine, tmp_path):
    with pytest.raises(InputError, match=r"is no packet: it has no MANIFEST.json"):
        check_build(tmp_path)
    (mine / "hearing.toml").rename(mine / "town.toml")
    with pytest.raises(InputError, match=r"there is no hearing.toml beside packet"):
        check_build(mine / "packet")
    (mine / "packet" / "MANIFEST.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"MANIFEST.json is damaged, or of another version"):
        check_build(mine / "packet")


# Whole or not at all


def test_a_build_that_fails_leaves_the_old_packet_whole(mine):
    before = hashes(mine / "packet")
    (mine / "hearing.toml").write_text(
        TEXT.replace('"largest"\ndistrict = "2"', '"largest"\ndistrict = "77"'), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"1 claim cannot be checked:\n- claims\[2\]: "):
        build_hearing(mine / "hearing.toml")
    assert hashes(mine / "packet") == before
    assert sorted(path.name for path in mine.iterdir()) == ["hearing.toml", "packet"]


def test_a_build_stopped_at_the_last_moment_leaves_the_old_packet_whole(mine, monkeypatch):
    before = hashes(mine / "packet")
    rename = Path.rename

    def stop(self, target):
        if self.parent.name.startswith(".kit-") and self.name == "packet":
            raise OSError(28, "No space left on device", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(OSError, match="No space left"):
        build_hearing(mine / "hearing.toml")
    assert hashes(mine / "packet") == before
    assert sorted(path.name for path in mine.iterdir()) == ["hearing.toml", "packet"]


def test_work_in_a_packet_is_not_lost(mine):
    (mine / "packet" / "script.txt").write_text("my own words", encoding="utf-8")
    (mine / "packet" / "notes.txt").write_text("mine", encoding="utf-8")
    told = r"would lose work: changed by hand: script.txt; added: notes.txt. .*pass --replace"
    with pytest.raises(InputError, match=told):
        build_hearing(mine / "hearing.toml")
    assert (mine / "packet" / "notes.txt").exists()
    build_hearing(mine / "hearing.toml", replace=True)
    assert not (mine / "packet" / "notes.txt").exists()


@pytest.mark.parametrize("replace", [True, False])
def test_a_folder_that_is_no_packet_is_not_touched(tmp_path, replace):
    path = write(tmp_path)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"x")
    with pytest.raises(InputError, match=r"'photos' holds 1 files or folders and no packet, first one.jpg"):
        build_hearing(path, tmp_path / "photos", replace=replace)
    with pytest.raises(InputError, match=r"'one.jpg' is a file; give a folder"):
        build_hearing(path, tmp_path / "photos" / "one.jpg", replace=replace)


# What is refused


def test_words_over_the_limit_are_refused_with_the_number(tmp_path):
    long = " ".join(["hill"] * 300)
    text = LIGHT.replace("[words]", f'[words]\neffect = "{long}"')
    with pytest.raises(InputError) as caught:
        build_hearing(write(tmp_path, text))
    found = re.search(r"the script has (\d+) words, (\d+) more than the 260 that 2 minutes hold", str(caught.value))
    assert found
    assert int(found[1]) - int(found[2]) == 260
    assert "words.effect 300" in str(caught.value)
    assert not (tmp_path / "packet").exists()


def test_findings_that_the_time_does_not_allow_are_left_out_and_named(tmp_path):
    text = LIGHT.replace("[rules]", "[rules]\nspeaking_minutes = 0.6")
    made = build_hearing(write(tmp_path, text))
    assert made.seconds <= 36
    left = [note for note in made.notes if note.startswith("Not in the speech, for want of time: ")]
    assert left
    script = (made.folder / "script.txt").read_text(encoding="utf-8")
    assert all(note.partition(": ")[2] not in script for note in left)


def test_what_is_not_to_be_spoken_is_not(tmp_path):
    text = LIGHT.replace('kind = "gains"', 'kind = "gains"\nspoken = false')
    made = build_hearing(write(tmp_path, text))
    assert made.verdicts[3].statement not in (made.folder / "script.txt").read_text(encoding="utf-8")


def test_findings_with_forbidden_words_are_refused(tmp_path):
    text = LIGHT.replace('forbidden = ["party"]', 'forbidden = ["illustrative"]')
    with pytest.raises(
        InputError, match=r"a finding says 'illustrative', which rules.forbidden rules out: (Under|From) "
    ):
        build_hearing(write(tmp_path, text))


def test_everything_missing_is_named_at_once(tmp_path, four_squares):
    units, plan = four_squares
    units.frame[["total_vap", "aapi_aoic_vap"]].to_csv(tmp_path / "blocks.csv")
    shapes = gpd.GeoDataFrame({"DISTRICT": ["1", "2"]}, geometry=plan.geometry.to_numpy(), crs=plan.geometry.crs)
    shapes.to_file(tmp_path / "plan.geojson")
    text = re.sub(r"(?s)\[units\].*", "", TEXT).replace('["vap"]', '["vap", "pop"]')
    text += '[units]\nsource = "blocks.csv"\nyear = 2020\n[[plans]]\npath = "plan.geojson"\nstatus = "enacted"\n'
    text += '[[plans]]\npath = "plan.geojson"\nname = "Other"\n'
    with pytest.raises(InputError) as caught:
        build_hearing(write(tmp_path, text))
    assert str(caught.value).splitlines() == [
        "the packet cannot be made: 4 things are missing:",
        "- units.shapes: missing; the maps need polygons of the units, as a file with a column of GEOIDs",
        (
            "- total_pop, aapi_aoic_pop (groups and bases): missing; the units do not count the total population so, "
            "and have total_vap, aapi_aoic_vap"
        ),
        "- plans[0].adopted: missing; the date of adoption of plan.geojson, such as 2022-06-03",
        "- plans[1].status: missing; 'enacted', 'adopted', 'proposed', 'draft' or 'illustrative'",
    ]


def test_files_of_ones_own_make_a_packet(tmp_path, four_squares):
    units, plan = four_squares
    units.frame.rename(columns={"aapi_aoic_vap": "AAPI18"}).to_csv(tmp_path / "blocks.csv")
    gpd.GeoDataFrame(geometry=units.geometry).reset_index().to_file(tmp_path / "blocks.shp")
    shapes = gpd.GeoDataFrame({"DISTRICT": ["1", "2"]}, geometry=plan.geometry.to_numpy(), crs=plan.geometry.crs)
    shapes.to_file(tmp_path / "plan.geojson")
    gpd.GeoDataFrame(
        {"who": ["West"]}, geometry=[units.geometry.iloc[[0, 2]].union_all()], crs=units.geometry.crs
    ).to_file(tmp_path / "areas.geojson")
    text = re.sub(r"(?s)\[units\].*", "", TEXT).replace("maps = []", 'maps = ["communities", "districts", "plans"]')
    text = text.replace("[rules]", '[rules]\nfile_formats = ["shapefile", "kml"]')
    text += """
[units]
source = "blocks.csv"
year = 2020
columns = { AAPI18 = "aapi_aoic_vap" }
shapes = "blocks.shp"
title = "Four squares"
publisher = "The tests"

[[plans]]
path = "plan.geojson"
name = "Two rows"
status = "proposed"

[[communities]]
file = "areas.geojson"
name = "who"

[[exhibits]]
map = "share"

[[claims]]
kind = "share"
district = "1"
value = 0.248

[[claims]]
kind = "split_into"
area = "West"
n = 2
"""
    made = build_hearing(write(tmp_path, text))
    assert [verdict.status for verdict in made.verdicts] == ["carried", "carried"]
    names = {path.relative_to(made.folder).as_posix() for path in made.paths}
    assert {f"plans/plan_1_two-rows{end}" for end in (".csv", ".geojson", ".zip", ".kml")} <= names
    assert {f"maps/communities_plan_1_two-rows.{kind}" for kind in ("pdf", "png", "svg", "txt")} <= names
    assert {"maps/districts_plan_1_two-rows.pdf", "maps/plans.pdf"} <= names
    assert "exhibits/exhibit_b.pdf" not in names
    script = (made.folder / "script.txt").read_text(encoding="utf-8")
    assert "“West” is split among 2 districts" in script
    assert "Under Two rows" not in script
    told = json.loads((made.folder / "MANIFEST.json").read_text(encoding="utf-8"))
    inputs = {one["file"] for one in told["inputs"]}
    assert inputs == {
        "hearing.toml", "blocks.csv", "blocks.shp", "blocks.shx", "blocks.dbf", "blocks.prj", "blocks.cpg",
        "plan.geojson", "areas.geojson",
    }  # fmt: skip


def test_people_in_no_district_name_the_plan(tmp_path, four_squares):
    units, plan = four_squares
    layer = gpd.GeoDataFrame(units.frame, geometry=units.geometry).reset_index()
    layer.to_file(tmp_path / "blocks.gpkg")
    half = gpd.GeoDataFrame({"DISTRICT": ["1"]}, geometry=plan.geometry.to_numpy()[:1], crs=plan.geometry.crs)
    half.to_file(tmp_path / "plan.geojson")
    text = re.sub(r"(?s)\[units\].*", "", TEXT)
    text += '[units]\nsource = "blocks.gpkg"\nyear = 2020\n[[plans]]\npath = "plan.geojson"\nstatus = "draft"\n'
    with pytest.raises(CoverageError, match=r"^plans\[0\]: 2 .*"):
        build_hearing(write(tmp_path, text))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"sample:b"', '"sample:z"', r"the sample has no plan 'sample:z'; its plans are sample:a, sample:b"),
        ('file = "sample:communities"', 'file = "sample:communities"\nname = "title"', r"communities\[0\].name: .* has no column 'title'; it has id, name"),
        ('area = "Reef Point church"', 'area = "Reef"', r"claims\[1\]: no area is called 'Reef'"),
    ],
)  # fmt: skip
def test_names_that_nothing_has(tmp_path, old, new, told):
    with pytest.raises(InputError, match=told):
        build_hearing(write(tmp_path, TEXT.replace(old, new)))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("not shapes at all", r"communities\[0\].file: areas.geojson cannot be read as a layer of shapes"),
        ("a,b\n1,2\n", r"communities\[0\].file: areas.csv is a table without shapes"),
    ],
)
def test_communities_that_are_no_shapes(tmp_path, content, told):
    name = "areas.csv" if "," in content else "areas.geojson"
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(KitError, match=told):
        build_hearing(write(tmp_path, TEXT.replace("sample:communities", name)))


def test_communities_without_coordinates_are_refused(tmp_path, four_squares):
    units, _ = four_squares
    layer = gpd.GeoDataFrame({"name": ["West"]}, geometry=units.geometry.to_numpy()[:1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layer.to_file(tmp_path / "areas.shp")
    with pytest.raises(CRSError, match=r"communities\[0\].file: areas.shp does not say its coordinates"):
        build_hearing(write(tmp_path, TEXT.replace("sample:communities", "areas.shp")))


def test_clusters_are_found_with_the_seed_of_the_file(tmp_path):
    text = LIGHT.replace("maps = []", 'maps = ["clusters"]') + "[build]\nseed = 5\n"
    made = [build_hearing(write(tmp_path / name, text)) for name in ("one", "two")]
    one, two = (hashes(each.folder / "maps") for each in made)
    assert one == two
    assert "clusters.pdf" in one
    words = (made[0].folder / "maps" / "clusters.txt").read_text(encoding="utf-8")
    assert "no community of interest until someone who lives there says it is" in words


def test_a_packet_is_built_from_a_file_only(tmp_path):
    hearing = load_hearing(write(tmp_path))
    hearing.file.unlink()
    with pytest.raises(InputError, match=r"a packet is built from a file, so that it can be built again"):
        build_hearing(hearing)


def test_a_split_without_communities_cannot_be_checked(tmp_path):
    text = TEXT.replace('[[communities]]\nfile = "sample:communities"', "")
    with pytest.raises(InputError, match=r"claims\[1\]: a claim on a split needs \[\[communities\]\]"):
        build_hearing(write(tmp_path, text))


def test_progress_is_shown_where_it_is_asked_for(tmp_path, capsys):
    text = LIGHT
    with using(progress=True):
        build_hearing(write(tmp_path, text))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")])
def test_letters_go_on_after_z(number, name):
    assert letter(number) == name


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Keep us — whole.", 3), ("41.2% (of 7)", 3), ("Monterey Park–Alhambra", 2), ("“ ”", 0)],
)
def test_words_are_counted_as_they_are_said(text, count):
    assert count_words(text) == count


def test_a_new_file_builds_at_once(tmp_path):
    path = new_hearing(tmp_path)
    made = build_hearing(path)
    assert made.seconds <= load_hearing(path).rules.speaking_minutes * 60
    assert {verdict.status for verdict in made.verdicts} <= {"carried", "weaker"}
    assert made.notes[0].startswith("claims[0] (loses) is printed weaker: ")
