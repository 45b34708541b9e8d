"""The map of many voices: how many people drew each place, the core, the contested edge, and who may see it."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

import kit
from kit.analysis.consensus import consensus
from kit.errors import InputError
from kit.maps import style
from kit.maps.record import sheet_of
from kit.maps.voice_ground import steps_of
from kit.maps.voices import map_consensus
from kit.model.community import Community
from kit.model.frames import Source

HOW = {"group": "aapi_aoic", "base": "pop"}
GIVEN = {"number": "A", "title": "Ten people drew it", "author": "A. Person", "contact": "a@example.org"}
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")


def listed(id, ids, **fields):
    area = {"kind": "units", "geoids": list(ids), "year": 2020}
    return Community(**{"id": id, "name": id, "submitter": id, "consent": "public", "area": area, **fields})


@pytest.fixture
def squares(four_squares):
    """Give four squares in a plan that may stand on an exhibit."""
    units, plan = four_squares
    units = replace(units, sources=(Source("Four squares", "The tests", 2020, "P1"),))
    plan = replace(plan, jurisdiction="Four squares", status="draft", sources=(Source("A plan", "The tests"),))
    return units, kit.place(units, plan)


def three(units, **fields):
    """Give three people: all drew the first square, two the second, one the third, nobody the last."""
    a, b, c, _ = units.frame.index
    asked = {"in_common": {"other": "Secret words of one person"}}
    return [listed("1", [a, b, c], **asked, **fields), listed("2", [a, b], **fields), listed("3", [a], **fields)]


@pytest.fixture
def result(squares):
    return consensus(three(squares[0]), squares[0], core=1.0, edge=0.5, **HOW)


@pytest.fixture(scope="module")
def county():
    sample = kit.load_sample("fictional_county")
    found = consensus(sample.submissions(), sample.units, group="aapi_aoic", base="pop")
    return found, kit.place(sample.units, sample.plans["a"])


def labels(ax):
    return [key.words for key in sheet_of(ax).facts.keys]


def test_legend_prints_every_class_and_both_thresholds(result):
    ax = map_consensus(result)
    assert labels(ax) == [
        "3",
        "2",
        "1",
        "drawn by nobody",
        "core: at least 3 of 3 submitters",
        "contested edge: 2 of 3 submitters",
    ]
    assert sheet_of(ax).facts.legend == "Submitters who drew the place, of 3"
    assert [key.count for key in sheet_of(ax).facts.keys[:3]] == ["1 census block"] * 3


def test_classes_are_few_cover_every_number_and_never_cross_a_threshold(result):
    for voices in (1, 2, 3, 7, 8, 10, 23, 145, 1000):
        for core in {voices // 2 + 1, voices}:
            for edge in {1, max(1, core // 2), core}:
                steps = steps_of(replace(result, submitters=voices, core_count=core, edge_count=edge))
                assert len(steps) == min(voices, style.MAX_CLASSES)
                assert steps[0].least == 1
                assert steps[-1].most == voices
                assert all(before.most + 1 == after.least for before, after in itertools.pairwise(steps))
                for step in steps:
                    stands = {
                        "core" if number >= core else "contested" if number >= edge else "few"
                        for number in (step.least, step.most)
                    }
                    assert stands == {step.stands}
                light = [style.lightness_of(step.colour) for step in steps]
                assert light == sorted(light, reverse=True)


def test_words_and_tables_say_what_the_map_shows(result):
    sheet = sheet_of(map_consensus(result))
    assert sheet.alt[0].startswith("Map of how many of 3 submitters drew each census block. In the core, drawn by")
    whole, units = sheet.twins
    assert whole.frame["submitters"].tolist() == ["3", "2", "1"]
    assert whole.frame["stands"].tolist() == ["core", "contested", "few"]
    assert whole.frame["units"].tolist() == [1, 1, 1]
    assert not units.page
    assert (
        dict(zip(units.frame["GEOID"], units.frame["submitters"], strict=True)) == result.frame["submitters"].to_dict()
    )
    assert "core: at least 3 of 3 submitters" in sheet.description
    assert "1: 1" in sheet.description


def test_the_group_is_not_counted_in_a_single_block_or_among_few(result, county):
    frame = sheet_of(map_consensus(result)).twins[0].frame
    assert frame["count"].isna().all()
    frame = sheet_of(map_consensus(county[0])).twins[0].frame
    found = county[0].frame
    assert frame["units"].sum() == len(found)
    assert frame["base"].sum() == pytest.approx(found["base"].sum())
    assert frame["count"].sum() == pytest.approx(found["count"].sum())
    # Nobody lives where no unit is; no share is made of it.
    none = frame[frame["units"] == 0]
    assert none["base"].tolist() == [0]
    assert none["share"].isna().all()


def test_without_a_core_the_legend_says_so(squares):
    units = squares[0]
    a, b, c, _ = units.frame.index
    apart = consensus([listed("1", [a]), listed("2", [b]), listed("3", [c])], units, **HOW)
    words = labels(map_consensus(apart))
    assert "core: at least 2 of 3 submitters (there is none)" in words
    assert words[-1] == "contested edge: 1 of 3 submitters"


def test_the_core_has_a_heavy_outline_and_the_edge_a_dashed_one(county):
    ax = map_consensus(county[0])
    drawn = {
        (round(float(one.get_linewidths()[0]), 1), one.get_linestyle()[0][1] is None)
        for one in ax.collections
        if one.get_facecolor().size == 0 or not one.get_facecolor().any()
    }
    assert {(2.8, True), (1.6, False)} <= drawn


def test_the_frame_holds_what_was_drawn_and_the_rest_is_told(county):
    found, placed = county
    whole = found.units.geometry.to_crs(5070).total_bounds
    drawn = found.units.geometry[found.frame.index].to_crs(5070).total_bounds
    (west, east), _ = (ax := map_consensus(found, placed)).get_xlim(), ax.get_ylim()
    assert drawn[2] - drawn[0] < east - west < whole[2] - whole[0]
    box = found.units.geometry[found.frame.index].to_crs(4269).total_bounds
    half = [box[0], box[1], (box[0] + box[2]) / 2, box[3]]
    outside = sheet_of(map_consensus(found, extent=half)).facts.outside
    assert outside.startswith("Outside the frame: ")
    assert outside.endswith("census blocks that somebody drew; every figure counts them.")


def test_nobodys_words_are_written_anywhere(squares, result, tmp_path):
    assert len(result.narratives)
    ax = map_consensus(result, squares[1])
    files = [*kit.save_map(ax, tmp_path / "map"), *kit.exhibit(ax, **GIVEN).save(tmp_path / "a.pdf")]
    for path in files:
        assert b"Secret words" not in path.read_bytes(), path.name


def test_what_is_not_public_is_stamped_and_makes_no_exhibit(squares):
    units, placed = squares
    kept = consensus(three(units, consent="commission"), units, audience="commission", **HOW)
    ax = map_consensus(kept, placed)
    assert any("FOR THE COMMISSION, NOT FOR THE PUBLIC" in text.get_text() for text in ax.figure.texts)
    told = "the consent of its people: it was made for audience 'commission', and an exhibit is public"
    with pytest.raises(InputError, match=told):
        kit.exhibit(ax, **GIVEN)


def test_an_exhibit_needs_a_plan(result):
    with pytest.raises(InputError, match="a plan with its districts"):
        kit.exhibit(map_consensus(result), **GIVEN)


@needs_poppler
def test_an_exhibit_prints_thresholds_findings_and_table(county, tmp_path):
    ax = map_consensus(*county)
    written = kit.exhibit(ax, **GIVEN).save(tmp_path / "a.pdf", geopackage=True)
    assert {"a.gpkg", "a_table.csv", "a_table_units.csv", "a_units.csv"} <= {path.name for path in written}
    told = subprocess.run(["pdftotext", str(written[0]), "-"], capture_output=True, check=True, text=True).stdout
    text = " ".join(told.split())
    for part in (
        "core: at least 7 of 10 submitters", "contested edge: 4 to 6 of 10 submitters", "8 to 9", "drawn by nobody",
        "In the core, drawn by at least 7 of 10, are 15 census blocks", "one person counts once",
        "Submitters who drew the place, of 10", "How it stands", "SAMPLE DATA, NOT FOR TESTIMONY",
        "Overlap counts different submitters, not residents",
    ):  # fmt: skip
        assert part in text, part


def test_into_axes_and_in_another_language(county):
    found, placed = county
    ax = Figure(figsize=(6, 5)).add_subplot()
    assert map_consensus(found, ax=ax) is ax
    assert any("core: at least 7 of 10" in text.get_text() for text in ax.get_legend().get_texts())
    with kit.using(language="vi"):
        panel = map_consensus(found, placed, page="letter portrait")
        assert sheet_of(panel).facts.audience == "public"
    assert panel.figure.get_figwidth() == pytest.approx(8.5)


def test_what_cannot_be_drawn_is_refused(squares, result):
    units, placed = squares
    with pytest.raises(InputError, match="draws what kit.consensus returned, not a Units"):
        map_consensus(units)
    with pytest.raises(InputError, match="a map needs the polygons"):
        map_consensus(replace(result, units=replace(units, geometry=None)))
    few = replace(units, frame=units.frame.iloc[:2], geometry=units.geometry.iloc[:2])
    with pytest.raises(InputError, match=r"placed over other units \(2\) than the submissions were counted over \(4\)"):
        map_consensus(result, kit.place(few, placed.plan))


def test_inputs_stay_as_they_were(result):
    before = result.frame.copy()
    map_consensus(result)
    assert before.equals(result.frame)
    assert np.array_equal(before.index, result.frame.index)
