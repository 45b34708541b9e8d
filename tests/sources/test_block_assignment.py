"""Lists of blocks: the State's own file, the national one, and what is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

import kit
from kit.errors import Corrupt, InputError, NotPublished, Offline, SchemaError
from kit.settings import using
from kit.sources.block_assignment import KINDS, read_block_assignment

BAF = "/geo/docs/maps-data/data/baf2020/BlockAssign_ST15_HI.zip"
MAPPING = "/programs-surveys/decennial/rdo/mapping-files"
BLOCKS = ["150030001001000", "150030001001001", "150090301001000"]


def listed(header, rows, sign="|"):
    return "\n".join([header, *(sign.join(row) for row in rows)]) + "\n"


MEMBERS = {
    "BlockAssign_ST15_HI_SLDL.txt": listed("BLOCKID|DISTRICT", zip(BLOCKS, ["001", "002", "ZZZ"], strict=True)),
    "BlockAssign_ST15_HI_CD.txt": listed("BLOCKID|DISTRICT", zip(BLOCKS, ["01", "01", "02"], strict=True)),
    "BlockAssign_ST15_HI_VTD.txt": listed(
        "BLOCKID|COUNTYFP|DISTRICT", zip(BLOCKS, ["003", "003", "009"], ["000001"] * 3, strict=True)
    ),
    "BlockAssign_ST15_HI_INCPLACE_CDP.txt": listed("BLOCKID|PLACEFP", zip(BLOCKS, ["71550", "", ""], strict=True)),
    "BlockAssign_ST15_HI_AIANNH.txt": listed(
        "BLOCKID|AIANNHCE|COMPTYP", zip(BLOCKS, ["5000", "", "5001"], ["R", "", "R"], strict=True)
    ),
}


def packed(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as pack:
        for name, text in members.items():
            pack.writestr(name, text)
    return stream.getvalue()


@pytest.fixture
def hawaii(server):
    server.files[BAF] = packed(MEMBERS)
    return server


def test_districts_from_the_server_and_then_from_the_cache(hawaii):
    plan = read_block_assignment("HI", year=2020, kind="sldl")
    assert plan.labels == ("001", "002")
    assert plan.assignment.to_dict() == {BLOCKS[0]: "001", BLOCKS[1]: "002"}
    assert (plan.level, plan.year, plan.status, plan.jurisdiction) == ("block", 2020, "enacted", "Hawaii")
    assert plan.name == "Block Assignment Files 2020, state house districts, Hawaii"
    assert plan.notes[0].startswith("Districts in force when the 2020 census was taken, not those drawn from it")
    assert any("ZZZ: 1" in note for note in plan.notes)
    source = plan.sources[0]
    assert source.where == hawaii.root + BAF
    assert source.publisher == "U.S. Census Bureau"
    with using(offline=True):
        assert read_block_assignment("Hawaii", year=2020, kind="state_house").labels == plan.labels
        with pytest.raises(Offline, match="the file of Block Equivalency Files 2022"):
            read_block_assignment("HI", year=2022, kind="sldl")
    assert len(hawaii.asked) == 1


@pytest.mark.parametrize(
    ("kind", "labels", "count"),
    [
        ("cd", ("01", "02"), 3),
        ("vtd", ("003000001", "009000001"), 3),
        ("place", ("71550",), 1),
        ("native_area", ("5000", "5001"), 2),
    ],
)
def test_the_other_kinds(hawaii, kind, labels, count):
    plan = kit.read_block_assignment("HI", year=2020, kind=kind)
    assert plan.labels == labels
    assert len(plan.assignment) == count


def test_local_zip_folder_and_file(tmp_path):
    path = tmp_path / "BlockAssign_ST15_HI.zip"
    path.write_bytes(packed(MEMBERS))
    zipfile.ZipFile(path).extractall(tmp_path / "open")
    with using(offline=True):
        for given in (path, tmp_path / "open", tmp_path / "open" / "BlockAssign_ST15_HI_CD.txt"):
            plan = read_block_assignment("HI", year=2020, kind="cd", source=given)
            assert plan.labels == ("01", "02")
            assert plan.sources[0].where == given.name


def test_districts_drawn_after_the_census(server):
    own = listed("GEOID,SLDLST", zip(BLOCKS, ["001", "002", "002"], strict=True), ",")
    path = f"{MAPPING}/2023/2022-state-legislative-bef/sldl_2022.zip"
    server.files[path] = packed({"15_HI_SLDL22.txt": own, "National_SLDL22.txt": "GEOID,SLDLST\n"})
    plan = read_block_assignment("HI", year=2022, kind="sldl")
    assert plan.assignment.to_dict() == dict(zip(BLOCKS, ["001", "002", "002"], strict=True))
    assert plan.year == 2020
    assert plan.notes == ()
    national = listed("GEOID,CDFP", [["020130001001000", "00"], *([b, "01"] for b in BLOCKS)], ",")
    path = f"{MAPPING}/2025/119-congressional-district-befs/cd119.zip"
    server.files[path] = packed({"cd119/NationalCD119.txt": national, "cd119/36_NY_CD119.txt": "GEOID,CDFP\n"})
    assert len(read_block_assignment("HI", year=2024, kind="cd").assignment) == 3
    assert read_block_assignment("AK", year=2024, kind="cd").labels == ("00",)  # one district for the whole State
    with pytest.raises(NotPublished, match="has no blocks of Nevada"):
        read_block_assignment("NV", year=2024, kind="cd")


def test_the_national_list_in_a_folder(tmp_path):
    text = listed("GEOID,CDFP", [["020130001001000", "00"], *([b, "01"] for b in BLOCKS)], ",")
    (tmp_path / "National_CD118.txt").write_text(text)
    assert read_block_assignment("HI", year=2022, kind="cd", source=tmp_path).labels == ("01",)


@pytest.mark.parametrize(
    ("place", "year", "kind", "error", "message"),
    [
        (
            "HI",
            2021,
            "sldl",
            NotPublished,
            "read for 2010, 2020, 2022, 2024, not for year=2021. The nearest is year=2022",
        ),
        ("HI", 2022, "vtd", NotPublished, "voting districts are read for 2010, 2020, not for year=2022"),
        ("HI", "x", "cd", NotPublished, "not for year='x'. The nearest is year=2020"),
        ("HI", 2020, "ward", InputError, "no block assignment of kind 'ward'; kinds are cd, sldu"),
        ("NE", 2020, "sldl", NotPublished, "Nebraska has one chamber only; use kind='sldu'"),
        ("GU", 2020, "cd", NotPublished, "not published for Guam"),
        ("XX", 2020, "cd", InputError, "no State is called 'XX'"),
    ],
)
def test_requests_that_cannot_be_met(place, year, kind, error, message):
    with pytest.raises(error, match=message.replace(".", r"\.")):
        read_block_assignment(place, year=year, kind=kind)


def test_files_that_are_not_what_they_should_be(hawaii, tmp_path):
    with pytest.raises(
        NotPublished, match=r"has no list of state senate districts of Hawaii \(SLDU\); it has BlockAssign"
    ):
        read_block_assignment("HI", year=2020, kind="sldu")
    with pytest.raises(InputError, match="there is no file 'gone.zip'"):
        read_block_assignment("HI", year=2020, kind="cd", source=tmp_path / "gone.zip")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(packed(MEMBERS)[:100])
    with pytest.raises(Corrupt, match=r"cut\.zip is damaged or cut off"):
        read_block_assignment("HI", year=2020, kind="cd", source=cut)
    other = tmp_path / "cd.txt"
    other.write_text(listed("BLOCKID|DISTRICT", [["360610001001000", "10"], [BLOCKS[0], "01"]]))
    with pytest.raises(InputError, match=r"cd\.txt has 1 blocks that are not of Hawaii \(15\): 360610001001000"):
        read_block_assignment("HI", year=2020, kind="cd", source=other)
    other.write_text(listed("BLOCKID|DISTRICT", [["15003000100", "01"], ["15003000200", "02"]]))
    with pytest.raises(SchemaError, match=r"cd\.txt lists tract, not census blocks of 15 digits"):
        read_block_assignment("HI", year=2020, kind="cd", source=other)


def test_every_kind_has_a_code():
    assert all(plural and code for plural, code in KINDS.values())
