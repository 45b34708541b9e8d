"""Districts in force, fetched into a plan folder: whole or not at all, and never over another file."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import kit
from kit.errors import Corrupt, InputError, NotPublished, Offline
from kit.settings import using
from kit.sources.plan_record import read_source_toml
from kit.sources.tiger_plan import fetch_plan

_spec = importlib.util.spec_from_file_location("_tiger_maker", Path(__file__).with_name("tiger_maker.py"))
maker = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(maker)

HOUSE = "/geo/tiger/TIGER2022/SLDL/tl_2022_15_sldl.zip"


@pytest.fixture
def house(server):
    server.files[HOUSE] = maker.zipped(maker.districts(["001", "002", "ZZZ"]), "tl_2022_15_sldl")
    return server


def test_a_folder_that_read_plan_reads(house, tmp_path):
    folder = fetch_plan("sldl", "HI", year=2022, folder=tmp_path / "shapefiles")
    assert folder == tmp_path / "shapefiles" / "hi_state_house_2022"
    assert sorted(p.name for p in folder.iterdir()) == ["SOURCE.toml", "tl_2022_15_sldl.zip"]
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]
    record = read_source_toml(folder)
    assert record.name == "Hawaii state house districts, TIGER/Line 2022"
    assert record.id == "SLDLST"
    assert record.status == "enacted"
    assert record.url == house.root + HOUSE
    assert record.retrieved.endswith("Z")
    assert "Check against the plan in force" in record.note
    plan = kit.read_plan(folder)
    assert plan.labels == ("001", "002")
    assert plan.jurisdiction == "Hawaii"
    assert plan.geometry.crs.to_epsg() == 4269
    assert any("ZZZ" in note for note in plan.notes)
    assert folder.stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask():
    import os

    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_the_same_file_again_changes_nothing(house, tmp_path):
    folder = fetch_plan("sldl", "HI", year=2022, folder=tmp_path)
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}
    with using(offline=True):
        assert fetch_plan("state_house", "Hawaii", year=2022, folder=tmp_path) == folder
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()} == before
    assert len(house.asked) == 1


def test_another_file_is_never_written_over(house, tmp_path):
    from kit.sources.download import cached_path

    folder = fetch_plan("sldl", "HI", year=2022, folder=tmp_path)
    before = (folder / "tl_2022_15_sldl.zip").read_bytes()
    house.files[HOUSE] = maker.zipped(maker.districts(["001", "002", "003"]), "tl_2022_15_sldl")
    cached_path(HOUSE).unlink()
    cached_path(HOUSE).with_name("tl_2022_15_sldl.zip.json").unlink()
    with pytest.raises(InputError, match=r"hi_state_house_2022 is there already with another file \(SHA-256"):
        fetch_plan("sldl", "HI", year=2022, folder=tmp_path)
    assert (folder / "tl_2022_15_sldl.zip").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [folder.name]


def test_a_folder_without_a_record_or_with_a_changed_file(house, tmp_path):
    (tmp_path / "hi_state_house_2022").mkdir()
    with pytest.raises(InputError, match=r"is there already without a SOURCE\.toml"):
        fetch_plan("sldl", "HI", year=2022, folder=tmp_path)
    folder = fetch_plan("sldl", "HI", year=2022, folder=tmp_path / "other")
    (folder / "tl_2022_15_sldl.zip").write_bytes(b"PK")
    with pytest.raises(Corrupt, match=r"is not the file SOURCE\.toml describes"):
        fetch_plan("sldl", "HI", year=2022, folder=tmp_path / "other")


def test_a_run_that_fails_leaves_nothing(server, tmp_path):
    server.files[HOUSE] = maker.zipped(maker.squares(["15001"], {"x": [1]}, id_column="GEOID"), "d")
    with pytest.raises(InputError, match="has 0 columns of labels of state house districts; it has GEOID, x"):
        fetch_plan("sldl", "HI", year=2022, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NotPublished):
        fetch_plan("sldu", "HI", year=2022, folder=tmp_path)
    with using(offline=True), pytest.raises(Offline):
        fetch_plan("cd", "HI", year=2022, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_writing_leaves_nothing(house, tmp_path, monkeypatch):
    from kit.sources import tiger_plan

    def full(*args):
        raise OSError("no space left")

    monkeypatch.setattr(tiger_plan, "write_text", full)
    with pytest.raises(OSError, match="no space left"):
        fetch_plan("sldl", "HI", year=2022, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_state_is_taken_out_of_a_national_file(server, tmp_path):
    ids = ["1501", "1502", "3601"]
    columns = {
        "STATEFP": [i[:2] for i in ids],
        "CD116FP": [i[2:] for i in ids],
        "NAMELSAD": ids,
        "CDSESSN": ["116"] * 3,
    }
    frame = maker.squares(ids, columns, id_column="GEOID")
    server.files["/geo/tiger/TIGER2020/CD/tl_2020_us_cd116.zip"] = maker.zipped(frame, "tl_2020_us_cd116")
    folder = fetch_plan("cd116", "HI", year=2020, folder=tmp_path)
    assert sorted(p.name for p in folder.iterdir()) == ["SOURCE.toml", "tl_2020_15_cd116.geojson"]
    record = read_source_toml(folder)
    assert record.name == "Hawaii congressional districts, 116th Congress, TIGER/Line 2020"
    assert "Taken out of the national file tl_2020_us_cd116.zip" in record.note
    plan = kit.read_plan(folder)
    assert plan.labels == ("01", "02")
    assert plan.geometry.crs.to_epsg() == 4269
    assert plan.geometry.loc["02"].normalize().equals_exact(frame.geometry.iloc[1].normalize(), 1e-9)
    assert fetch_plan("cd", "HI", year=2020, folder=tmp_path) == folder


def test_congressional_districts_by_state(server, tmp_path):
    columns = {"STATEFP20": ["15"] * 2, "CD118FP": ["01", "02"], "CDSESSN": ["118"] * 2}
    frame = maker.squares(["1501", "1502"], columns, id_column="GEOID20")
    server.files["/geo/tiger/TIGER2022/CD/tl_2022_15_cd118.zip"] = maker.zipped(frame, "tl_2022_15_cd118")
    plan = kit.read_plan(kit.fetch_plan("cd118", "HI", year=2022, folder=tmp_path))
    assert plan.labels == ("01", "02")


def test_what_is_no_plan(tmp_path):
    with pytest.raises(InputError, match="census blocks are no districts of a plan; layers are congressional_district"):
        fetch_plan("block", "HI", year=2020, folder=tmp_path)
    with pytest.raises(InputError, match="a plan is of one State; give a State instead of 'US'"):
        fetch_plan("cd", "US", year=2020, folder=tmp_path)
