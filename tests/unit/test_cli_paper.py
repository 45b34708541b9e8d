"""The commands ``kit paper …``, run in this process from the form to the file for the hearing."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from kit.cli import app
from kit.model.paper import SHEET

COUNTY = "sample:fictional_county"
TRACT = "98001000100"


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def flat(result):
    return " ".join(result.output.split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("forms")
    words = ("--to", made, "--numbers", "1-2", "--within", f"{TRACT}1", "--body", "california", "--language", "vi")
    told = run("paper", "form", COUNTY, *words)
    assert told.exit_code == 0, told.output
    assert "Wrote" in told.output
    assert "Forms: 2. Maps in each: 1, with the numbers 1 to 12 and the map code" in flat(told)
    assert flat(told).endswith("Sample data, not for testimony.")
    return made


def filled(folder, target, *rows):
    """Fill a copy of the sheet."""
    lines = list(csv.reader((folder / "form_sheet.csv").read_text("utf-8-sig").splitlines()))[:2]
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([*lines, *([row.get(one.key, "") for one in SHEET] for row in rows)])
    return target


def test_from_the_form_to_a_file(folder, tmp_path):
    assert sorted(path.name for path in folder.iterdir()) == ["form.pdf", "form_key.csv", "form_sheet.csv"]
    one = {"form": "1", "name": "Acre", "consent": "1c", "numbers": "1 to 3", "history": "our senator Heron"}
    sheet = filled(folder, tmp_path / "typed.csv", one, {"form": "2", "name": "Held back", "numbers": "4"})
    told = run(
        "paper", "read", sheet, "--key", folder / "form_key.csv", "--to", tmp_path / "out.geojson",
        "--body", "california", "--units", COUNTY, "--collector", "group-1",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    for words in (
        "Forms read: 2; 2 name census units.",
        "- Forms that do not say who may see them, kept private: 2.",
        "- form-1: “our senator” in in_common.history may speak of",
        "Wording to look at, by the rules of the California Citizens Redistricting Commission: 1 places.",
        "- 1 of 2 communities are left out: their people did not agree to show them to this audience (public).",
        "Sample data, not for testimony.",
    ):
        assert words in flat(told), words
    (feature,) = json.loads((tmp_path / "out.geojson").read_text())["features"]
    assert "Acre" in json.dumps(feature["properties"])
    assert feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert "Held back" not in (tmp_path / "out.geojson").read_text()
    listed = run(
        "paper", "read", sheet, "--key", folder / "form_key.csv", "--units", COUNTY, "--to", tmp_path / "o.csv"
    )
    assert listed.exit_code == 0, listed.output
    assert (tmp_path / "o.csv").read_text("utf-8").count(TRACT) >= 3


def test_two_typings_are_compared(folder, tmp_path):
    one = {"form": "1", "name": "Acre", "numbers": "1 to 3"}
    first = filled(folder, tmp_path / "a.csv", one)
    same = filled(folder, tmp_path / "b.csv", one | {"numbers": "1,2,3"})
    told = run("paper", "compare", first, same)
    assert (told.exit_code, flat(told)) == (0, "Forms typed twice: 1. Every answer is the same.")
    other = filled(folder, tmp_path / "c.csv", one | {"culture": "food"})
    told = run("paper", "compare", first, other)
    assert told.exit_code == 1
    assert "Form 1, 5a (rows 3 and 3): '' — 'food'" in told.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("form", COUNTY, "--within", "36"), "none of the 288 census blocks is left"),
        (("form", COUNTY, "--extent", "a,b"), "'a,b' is no extent; write west,south,east,north in degrees."),
        (("form", COUNTY, "--language", "xx"), "the kit has no language 'xx'"),
        (("read", "none.csv"), "there is no file 'none.csv' for the sheet of the forms"),
        (("compare", "none.csv"), "there is no file 'none.csv' for the sheet of the forms"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(tmp_path, words, message):
    more = ("--to", tmp_path / "x.pdf") if words[0] == "form" else ()
    told = run("paper", *words, *more)
    assert told.exit_code == 1
    assert message in flat(told)
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over_what_is_read(folder, tmp_path):
    sheet = filled(folder, tmp_path / "typed.csv", {"form": "1", "name": "Acre", "consent": "1c", "numbers": "1"})
    told = run("paper", "read", sheet, "--key", folder / "form_key.csv", "--to", sheet, "--units", COUNTY)
    assert told.exit_code == 1
    assert "would be written over the file it is made from" in flat(told)
    again = run("paper", "form", COUNTY, "--to", folder, "--within", TRACT)
    assert again.exit_code == 1
    assert "form_sheet.csv is there already" in flat(again)


def test_help_has_examples():
    for command in ("form", "read", "compare"):
        told = run("paper", command, "--help")
        assert told.exit_code == 0
        assert f"kit paper {command}" in told.output
