"""Voters and returns of a hearing from files of one's own: joined, counted, and nobody's name in the packet."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from kit.errors import CoverageError, InputError, KitError
from kit.hearing import build_hearing, check_build
from kit.hearing_charts import draw_votes
from kit.hearing_data import read_data
from kit.hearing_file import load_hearing
from kit.samples import load_sample
from kit.samples.sample import data_file

CANARIES = ("QUAGSIRE", "Psyduck", "99 Cinnabar", "ZQ7777", "secret_folder")
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

[units]
source = "sample:fictional_county"

[[plans]]
path = "sample:a"

[voters]
source = "secret_folder/ncvoter.txt"
history = "secret_folder/ncvhis.txt"
layout = "nc_voters"
by = "congressional"
elections = ["2024-11-05"]
as_of = 2024-12-01
group = "nh_asian_alone"

[voters.citizens]
source = "cvap.csv"
state = "98"
year = 2022
level = "block_group"

[returns]
source = "votes.csv"
contest = "school_board_2024"
candidate = "Candidate Wren"
title = "Votes by precinct"
place = "Fairwater County (fictional), school board, 2024"

[returns.people]
source = "people.csv"
groups = { "Asian or Pacific Islander" = "nh_aapi_alone_voted_2024" }
total = "total_voted_2024"
of = "voters"

[[exhibits]]
map = "ladder"

[[exhibits]]
map = "gap"
gap_breaks = [0.1, 0.5]

[[exhibits]]
map = "precincts"

[[exhibits]]
map = "forest"
"""


def people():
    """In each district 60 White people and 55 Asian ones, of whom 45 and 33 voted; in district 3 four Asian ones."""
    number = 0
    for district in "1234":
        for race, many, went in (("W", 60, 45), ("A", 4 if district == "3" else 55, 4 if district == "3" else 33)):
            for at in range(many):
                number += 1
                yield f"ZQ7777{number}", district, race, at < went


def write(folder: Path, text: str = TEXT) -> Path:
    sample = load_sample("fictional_county")
    (folder / "secret_folder").mkdir(parents=True)
    heads = ("ncid", "last_name", "first_name", "status_cd", "res_street_address", "race_code", "ethnic_code")
    rows = ["\t".join((*heads, "cong_dist_abbrv"))]
    voted = ["ncid\telection_lbl"]
    for number, district, race, went in people():
        rows.append(f"{number}\tQUAGSIRE\tPsyduck\tA\t99 Cinnabar Lane\t{race}\tNL\t{district}")
        voted += [f"{number}\t11/05/2024"] * went
    (folder / "secret_folder/ncvoter.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "secret_folder/ncvhis.txt").write_text("\n".join(voted) + "\n", encoding="utf-8")
    shutil.copyfile(data_file("fictional_county", "cvap_block_groups.csv"), folder / "cvap.csv")
    sample.tables["votes"].to_csv(folder / "votes.csv", index=False)
    sample.tables["precincts"].to_csv(folder / "people.csv", index=False)
    (folder / "hearing.toml").write_text(text, encoding="utf-8")
    return folder / "hearing.toml"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build_hearing(write(tmp_path_factory.mktemp("list") / "town"))


def insides(folder: Path):
    """Give every file of a packet as bytes, and the parts of those that are archives."""
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        yield path.name.encode() + path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from (archive.read(name) for name in archive.namelist())


def test_nobody_on_the_list_is_in_the_packet(built):
    for inside in insides(built.folder):
        for canary in CANARIES:
            assert canary.encode() not in inside
    told = json.loads((built.folder / "MANIFEST.json").read_text("utf-8"))
    named = {one["file"] for one in told["inputs"] if not one["file"].startswith("sample:")}
    assert named == {
        "hearing.toml",
        "voters:ncvoter.txt",
        "history:ncvhis.txt",
        "citizens:cvap.csv",
        "returns:votes.csv",
        "people:people.csv",
    }
    assert not list(built.folder.rglob("ncv*"))


def test_small_counts_are_hidden_before_they_are_drawn(built):
    words = " ".join((built.folder / "exhibits/exhibit_b.txt").read_text("utf-8").split())
    table = (built.folder / "exhibits/exhibit_b_table.csv").read_text("utf-8")
    rows = {line[0]: line.split(",")[1:8] for line in table.splitlines() if line[0].isdigit()}
    # Four people in district 3; district 1 is hidden too, since the whole less the others would tell them.
    assert [float(rows[number][0]) for number in "24"] == [33 / 55, 33 / 55]
    assert [(rows[number][0], rows[number][-1]) for number in "13"] == [("", "not shown"), ("", "not shown")]
    assert "District 3: not available against 76.6%, not shown." in words
    assert "Figures of 2 districts are not shown, to protect few people." in words


def test_figures_of_the_files_are_on_the_exhibits(built):
    ladder = " ".join((built.folder / "exhibits/exhibit_a.txt").read_text("utf-8").split())
    # 165 + 4 Asian people of 409 on the list, 99 + 4 of 283 who voted.
    assert "41.3% of registered people" in ladder
    page = (built.folder / "packet.html").read_text("utf-8")
    assert "North Carolina — 2024-11-05" in page
    assert "Fairwater County (fictional), school board, 2024" in page
    (people, votes) = read_data(load_hearing(built.folder.parent)).votes.shares.sources
    assert (people.title, people.year, people.where) == ("People by precinct", 2024, "people.csv")
    assert (votes.title, votes.year, votes.where) == ("Votes by precinct", 2024, "votes.csv")


def test_the_packet_is_made_again_byte_for_byte(built):
    assert check_build(built.folder).same


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('layout = "nc_voters"', 'layout = "zz_voters"', r"^voters: .*zz_voters"),
        ('by = "congressional"', 'by = "shire"', r"^voters: .*shire"),
        ('group = "nh_asian_alone"', 'group = "asian_surname"', r"^group='asian_surname'"),
        ('contest = "school_board_2024"', 'contest = "mayor"', r"^returns: .*mayor"),
        ('total = "total_voted_2024"', 'total = "all"', r"^returns\.people: .*all"),
        ("[returns.people]", '[returns.people]\nprecinct = "vtd"', r"^returns\.people\.precinct: there is no column 'vtd'"),
        ('source = "people.csv"', 'source = "blank.csv"', r"^returns\.people\.source: blank\.csv cannot be read"),
        ('source = "people.csv"', 'source = "list.csv"', r"^returns\.people\.precinct: there is no column 'precinct' among the 3 of list\.csv"),
        ('candidate = "Candidate Wren"', 'candidate = "Candidate Owl"', r"Candidate Owl"),
        ('state = "98"\n', "", r"^voters\.citizens"),
        ('[[plans]]\npath = "sample:a"', '[[plans]]\npath = "sample:a"\nname = "A"', None),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_with_its_key(tmp_path, old, new, told):
    assert old in TEXT
    path = write(tmp_path / "town", TEXT.replace(old, new, 1))
    (path.parent / "blank.csv").touch()
    (path.parent / "list.csv").write_text("ZQ77771,QUAGSIRE,Psyduck\nZQ77772,QUAGSIRE,Psyduck\n", encoding="utf-8")
    hearing = load_hearing(path)
    if told is None:
        assert set(read_data(hearing).votes.counts) == {1}
        return
    with pytest.raises(KitError, match=told) as caught:
        data = read_data(hearing)
        for given in hearing.exhibits:
            draw_votes(given, hearing, data, data.main)
    assert not any(canary in str(caught.value) for canary in CANARIES)


NO_CITIZENS = TEXT.replace(TEXT[TEXT.index("[voters.citizens]") : TEXT.index("[returns]")], "")


def other_areas(text: str) -> str:
    """Count voters by a column in which everybody lives in one place."""
    return text.replace('by = "congressional"', 'by = "last_seen"')


def with_places(path: Path) -> None:
    file = path.parent / "secret_folder/ncvoter.txt"
    head, *rows = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([f"{head}\tlast_seen", *(f"{row}\tHeron" for row in rows)]) + "\n", encoding="utf-8")


def test_a_ladder_may_be_counted_by_any_area_and_a_gap_by_districts_only(tmp_path):
    alone = re.sub(r"(?s)\[\[exhibits\]\].*", '[[exhibits]]\nmap = "ladder"\n', other_areas(NO_CITIZENS))
    path = write(tmp_path / "ladder", alone)
    with_places(path)
    hearing = load_hearing(path)
    data = read_data(hearing)
    assert data.votes.counts[1][0].areas == ["Heron"]
    assert draw_votes(hearing.exhibits[0], hearing, data, data.main).figure is not None
    gap = re.sub(r"(?s)\[\[exhibits\]\].*", '[[exhibits]]\nmap = "gap"\ngap_breaks = [0.5]\n', alone)
    path.write_text(gap, encoding="utf-8")
    with pytest.raises(CoverageError, match=r"^exhibits\[0\]: voters\.by: "):
        build_hearing(path)
    path.write_text(other_areas(TEXT), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"^exhibits\[0\]: voters\.citizens: voters are counted by .* not the districts"
    ):
        build_hearing(path)


def test_voters_of_a_sample_are_counted_in_its_own_plans(tmp_path):
    voters = '[voters]\nsource = "sample:fictional_county"\nelections = ["2024"]\ngroup = "nh_aapi_alone"\n\n'
    text = NO_CITIZENS.replace(TEXT[TEXT.index("[voters]") : TEXT.index("[voters.citizens]")], voters)
    path = write(tmp_path / "town", text.replace('"sample:a"', '"mine.geojson"\nname = "Mine"\nstatus = "draft"'))
    plan = load_sample("fictional_county").plans["a"].geometry.rename("geometry").reset_index()
    plan.to_file(path.parent / "mine.geojson", engine="pyogrio")
    with pytest.raises(InputError, match=r"^exhibits\[0\]: voters\.source: .* its own plans only, and Mine is a file"):
        build_hearing(path)
