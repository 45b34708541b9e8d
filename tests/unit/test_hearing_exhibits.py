"""Exhibits of one's own choice: every kind of map, of any group and plan, with its words and its tables."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.errors import InputError, KitError
from kit.hearing import build_hearing
from kit.hearing_exhibits import exhibits_of
from kit.hearing_file import load_hearing

TEXT = """
body = "Fairwater County Board"
date = 2030-01-15
place = "County hall"
jurisdiction = "Fairwater County (fictional)"
speaker = "May Lee"
contact = "may@example.org"
ask = "Keep Lantern Hill in one district."
groups = ["aapi_aoic"]
bases = ["vap"]
breaks = [0, 0.1, 0.3, 0.5, 1]
maps = []
submissions = "sample:submissions"

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

[voters]
source = "sample:fictional_county"
elections = ["2022", "2024"]
group = "nh_aapi_alone"

[voters.citizens]
source = "sample:fictional_county"

[returns]
source = "sample:fictional_county"
contest = "school_board_2024"
candidate = "Candidate Wren"

[returns.people]
source = "sample:fictional_county"
groups = { "Asian or Pacific Islander" = "nh_aapi_alone_voted_2024" }
total = "total_voted_2024"
of = "voters"

[[claims]]
kind = "largest"
district = "2"
plan = "before"
"""
ASKED = (
    ("share", 'plan = "before"'),
    ("share", 'group = "asian_alone"\nbase = "pop"'),
    ("compare", ""),
    ("change", ""),
    ("communities", 'title = "Four places, one shore"'),
    ("dots", ""),
    ("zoom", 'districts = ["2"]'),
    ("plans", ""),
    ("clusters", ""),
    ("districts", 'plan = "before"'),
    ("consensus", 'plan = "before"'),
    ("ladder", 'plan = "before"'),
    ("gap", 'plan = "before"\nrate = "turnout_cvap"\ngap_breaks = [0.05, 0.1, 0.3]'),
    ("precincts", ""),
    ("forest", 'title = "What the returns allow"'),
)
LETTERS = "ABCDEFGHIJKLMNO"


def write(folder: Path, *asked: tuple[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    more = "".join(f'\n[[exhibits]]\nmap = "{kind}"\n{rest}\n' for kind, rest in asked)
    (folder / "hearing.toml").write_text(TEXT + more, encoding="utf-8")
    return folder / "hearing.toml"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build_hearing(write(tmp_path_factory.mktemp("town"), *ASKED))


@pytest.fixture(scope="module")
def page(built):
    return html.unescape((built.folder / "packet.html").read_text("utf-8"))


def test_fifteen_kinds_are_fifteen_exhibits(built, page):
    found = sorted(path.name for path in (built.folder / "exhibits").glob("*.pdf"))
    assert found == [f"exhibit_{letter}.pdf" for letter in "abcdefghijklmno"]
    titles = re.findall(r"<h3>(Exhibit [A-O])\. (.*?)</h3>", page)
    assert [label for label, _ in titles] == [f"Exhibit {letter}" for letter in "ABCDEFGHIJKLMNO"]
    assert len({title for _, title in titles}) == 15
    assert ("Exhibit E", "Four places, one shore") in titles
    assert titles[0][1].startswith("District 2: 50.0% of adults were counted as Asian or NHPI")


def test_every_exhibit_says_where_its_figures_stand(page):
    parts = page.split("<section>")[1:]
    inside = "Every figure behind this exhibit stands in the district tables of this packet."
    behind = "The figures behind this exhibit stand under “Tables of the exhibits”."
    assert [inside in part for part in parts] == [letter in "ABCGJ" for letter in "ABCDEFGHIJKLMNO"]
    assert [behind in part for part in parts] == [letter in "DEFHIKLMNO" for letter in "ABCDEFGHIJKLMNO"]
    tables = page[page.index("Tables of the exhibits</h2>") :]
    assert all(f"<h3>Exhibit {letter}" in tables for letter in "DEFHIKLMNO")


def test_the_table_of_another_group_is_in_the_packet(page):
    tables = page[page.index("District tables</h2>") :]
    assert "(definition asian_alone). Base: total population." in tables


def test_every_drawing_has_its_words(page):
    alts = re.findall(r'<img src="data:[^"]*" alt="([^"]*)"', page)
    assert len([alt for alt in alts if alt]) >= 15


@pytest.mark.skipif(shutil.which("outloud", path=str(Path(sys.executable).parent)) is None, reason="no outloud")
def test_the_checker_finds_no_error(built):
    outloud = str(shutil.which("outloud", path=str(Path(sys.executable).parent)))
    told = subprocess.run([outloud, str(built.folder / "packet.pdf")], capture_output=True, check=False, text=True)
    assert " 0 error(s)" in told.stdout, told.stdout


def test_the_usual_exhibits_without_a_choice(tmp_path):
    hearing = load_hearing(write(tmp_path))
    kinds = [(one.map, number) for one, number in exhibits_of(hearing)]
    assert kinds == [("share", 1), ("share", 2), ("compare", 0), ("change", 0), ("communities", 0), ("districts", 0)]
    text = re.sub(r'(?s)\[\[communities\]\]\nfile = "[^"]*"\n', "", TEXT).replace('role = "before"', "")
    text = text.replace('role = "after"', "").replace('plan = "before"', 'plan = "Fairwater"').split("[[claims]]")[0]
    (tmp_path / "hearing.toml").write_text(text, encoding="utf-8")
    assert [one.map for one, _ in exhibits_of(load_hearing(tmp_path))] == ["share", "share", "districts"]


def test_a_close_look_is_close(built):
    words = (built.folder / "exhibits/exhibit_g.txt").read_text("utf-8")
    # District 2 is a band across the county: the frame leaves out the far north and the far south.
    assert re.search(r"Outside the frame: \d+ census blocks with [\d,]+ adults; every figure counts them\.", words)
    assert "Outside the frame" not in (built.folder / "exhibits/exhibit_b.txt").read_text("utf-8")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")
def test_every_map_of_the_packet_has_its_key(built, page):
    told = subprocess.run(
        ["pdftotext", "-f", "3", "-l", "3", str(built.folder / "packet.pdf"), "-"],
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    assert "The page to keep" in told
    assert "over 50% to 100%: 44" in told
    assert "(definition aapi_aoic)" in " ".join(told.split())
    assert "44 census blocks" not in page  # the heading of the column says what is counted
    assert not re.search(r"(Further as for exhibit [^.]*\.\W*</p>\s*<p[^>]*>Further)", page)


def test_the_map_of_many_voices_shows_what_may_be_shown(built, page):
    words = " ".join((built.folder / "exhibits/exhibit_k.txt").read_text("utf-8").split())
    assert words.startswith("Where many people drew their communities, over Fairwater County illustrative plan A")
    assert "In the core, drawn by at least 7 of 10, are 15 census blocks" in words
    assert (
        "2 of 12 communities are left out: their people did not agree to show them to this audience (public)" in words
    )
    assert "core: at least 7 of 10 submitters" in page
    told = json.loads((built.folder / "MANIFEST.json").read_text("utf-8"))["inputs"]
    assert "sample:fictional_county/submissions.geojson" in json.dumps(told)


def test_charts_of_voters_and_returns_say_what_they_show(built, page):
    titles = dict(re.findall(r"<h3>(Exhibit [L-O])\. (.*?)</h3>", page))
    assert titles == {
        "Exhibit L": "Asian or NHPI: from adults to voters",
        "Exhibit M": "Voted, of citizens of voting age: Asian or NHPI beside everybody",
        "Exhibit N": "Asian or Pacific Islander and the vote for Candidate Wren, by precinct",
        "Exhibit O": "What the returns allow",
    }
    parts = page.split("<section>")[1:]
    assert ["What the chart shows</h4>" in part for part in parts] == [letter in "LNO" for letter in LETTERS]
    assert "What the map shows</h4>" in parts[12]
    claims = "The title names what is drawn and claims nothing."
    assert [claims in part.split("</section>")[0] for part in parts[11:]] == [True, True, True, False]
    # 3,893 of 22,036 adults; 2,930 of 20,175 citizens; 1,799 of 15,104 registered; 1,197 of 10,712 voted.
    assert (
        "17.7% of adults; 14.5% ± 1.1 pts of citizens of voting age; 11.9% of registered people; 11.2% of" in parts[11]
    )
    assert "Asian or Pacific Islander, Candidate Wren: between 0.0% and 95.1% of the votes" in parts[13]
    assert "Fairwater County (fictional), school_board_2024" in parts[14]
    named = ", invented list of voters"
    assert parts[11].count(named) == 1
    told = json.loads((built.folder / "MANIFEST.json").read_text("utf-8"))
    assert {"invented list of voters", "invented citizens of voting age", "invented votes and voters by precinct"} <= {
        one["title"] for one in told["sources"]
    }


def test_submissions_that_are_not_there_are_named(tmp_path):
    path = write(tmp_path / "none", ("consensus", ""))
    path.write_text(path.read_text("utf-8").replace('submissions = "sample:submissions"\n', ""), encoding="utf-8")
    with pytest.raises(InputError, match="a map 'consensus' needs submissions = '…', the file of what people sent in"):
        load_hearing(path)
    path.write_text(TEXT.replace("sample:submissions", "people.geojson"), encoding="utf-8")
    with pytest.raises(InputError, match="file not found: 'people.geojson'"):
        load_hearing(path)
    (path.parent / "people.geojson").write_text("[", encoding="utf-8")
    with pytest.raises(KitError, match="submissions: "):
        build_hearing(path)


def test_what_cannot_be_drawn_is_named(tmp_path):
    with pytest.raises(InputError, match=r"exhibits\[1\]: .*'77'|exhibits\[1\]: .*77"):
        build_hearing(write(tmp_path, ("share", ""), ("zoom", 'districts = ["77"]')))
    with pytest.raises(
        InputError, match=r"total_cvap, aapi_aoic_cvap \(exhibits\[0\]\): missing; the units do not count"
    ):
        build_hearing(write(tmp_path, ("share", 'base = "cvap"')))


def test_the_same_plan_twice_makes_no_claim(tmp_path):
    text = TEXT.replace('path = "sample:b"\nrole = "after"', 'path = "sample:a"\nname = "Again"\nrole = "after"')
    text += '\n[[exhibits]]\nmap = "compare"\n\n[[exhibits]]\nmap = "change"\n'
    (tmp_path / "hearing.toml").write_text(text, encoding="utf-8")
    made = build_hearing(tmp_path)
    titles = [
        json.loads((made.folder / f"exhibits/exhibit_{letter}.manifest.json").read_text("utf-8"))["title"]
        for letter in "ab"
    ]
    assert titles == ["The same residents under two plans", "Who moves between the two plans"]
