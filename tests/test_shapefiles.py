"""Every plan in ``shapefiles/`` says what it is, and is the file it says."""

from __future__ import annotations

import hashlib
import tomllib

import pytest

KEYS = {"name", "file", "id", "jurisdiction", "status", "adopted", "year", "crs", "publisher", "url", "retrieved"}
KEYS |= {"license", "sha256", "note", "sample"}


@pytest.fixture(scope="module")
def folders(repo_root):
    return sorted(path for path in (repo_root / "shapefiles").iterdir() if path.is_dir())


def test_no_folder_without_a_record(folders):
    assert folders
    assert [folder.name for folder in folders if not (folder / "SOURCE.toml").is_file()] == []


def test_no_plan_lies_outside_a_folder(repo_root):
    loose = [path.name for path in (repo_root / "shapefiles").iterdir() if path.is_file()]
    assert set(loose) <= {"README.md", ".gitignore", ".gitkeep"}


def test_records_are_complete_and_hashes_right(folders):
    for folder in folders:
        record = tomllib.loads((folder / "SOURCE.toml").read_text(encoding="utf-8"))
        assert set(record) <= KEYS, folder.name
        assert {"name", "file", "jurisdiction", "status", "license", "sha256"} <= set(record), folder.name
        data = (folder / record["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == record["sha256"], folder.name


def test_each_plan_reads(folders):
    from kit.sources.plans import read_plan

    for folder in folders:
        plan = read_plan(folder)
        assert len(plan) > 1
        assert plan.jurisdiction
        assert plan.sources[0].sha256


def test_samples_say_so(folders):
    samples = [folder for folder in folders if folder.name.startswith("la_illustrative_")]
    assert len(samples) == 2
    for folder in samples:
        record = tomllib.loads((folder / "SOURCE.toml").read_text(encoding="utf-8"))
        assert record["sample"] is True
        assert record["status"] == "illustrative"
        assert record["adopted"] == ""
        assert record["note"].startswith("Sample data, not for testimony.")
        assert sum(path.stat().st_size for path in folder.iterdir()) < 400_000
