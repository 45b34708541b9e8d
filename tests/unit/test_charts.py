"""Charts of how groups may have voted: bounds always there, what the model drives marked, nobody given away."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date

import numpy as np
import pandas as pd
import pikepdf
import pytest
from matplotlib.figure import Figure

import kit
from kit.analysis.contest_rule import ContestRule
from kit.analysis.contests import ContestTable
from kit.analysis.ecological import EcologicalEstimate
from kit.analysis.polarization import polarization
from kit.errors import InputError
from kit.maps.chart_forest import chart_forest
from kit.maps.chart_precincts import _segments, chart_precincts
from kit.maps.forest_rows import forest_rows
from kit.maps.record import sheet_of
from kit.maps.words import alt_text, long_description
from kit.model.source import Source

GIVEN = {"number": "B", "title": "What the returns allow", "author": "A. Person", "contact": "a@example.org"}
SOURCES = (Source("returns by precinct", "The tests", 2008, "returns"),)
HARDY = {"candidates": {"Hardy": "pct_for_hardy2"}, "votes": "total2", "of": "voters", "sources": SOURCES}
EAST = {"East Asian voters": "pct_e_asian_vote"}
CHOSEN = {"groups": EAST, "group": "East Asian voters", "candidate": "Hardy"}
PLACE = "Santa Clara, council seat 2"
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")


@pytest.fixture(scope="module")
def santa_clara(fixtures_dir):
    return pd.read_csv(fixtures_dir / "santa_clara.csv", dtype={"precinct": "str"}).set_index("precinct")


@pytest.fixture(scope="module")
def points(santa_clara):
    return chart_precincts(santa_clara, **CHOSEN, place=PLACE, **HARDY)


@pytest.fixture(scope="module")
def found(santa_clara):
    groups = {**EAST, "Indian voters": "pct_ind_vote"}
    return polarization(santa_clara, groups=groups, **HARDY)


def text_of(path):
    told = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(told.stdout.split())


def words_of(ax):
    return [key.words for key in sheet_of(ax).chart.keys]


def toy(**more):
    """Give ten precincts where each group votes as one."""
    x = np.linspace(0.05, 0.95, 10)
    frame = pd.DataFrame({"x": x, "t": 0.8 * x + 0.2 * (1 - x), "n": np.arange(100, 1100, 100)})
    return frame.assign(**more)


def of_toy(frame, **more):
    given = {"groups": {"Herons": "x"}, "candidates": {"Lee": "t"}, "votes": "n", "of": "voters"}
    given |= {"group": "Herons", "candidate": "Lee"}
    return chart_precincts(frame, **{**given, **more})


# --- precincts --------------------------------------------------------------------------------------------


def test_goodmans_line_is_solid_only_where_precincts_are(points):
    lines = {line.get_linestyle(): line.get_xdata() for line in points.lines}
    assert lines["-"] == pytest.approx([0.0033647, 0.2610], abs=0.05)
    dashed = [line for line in points.lines if line.get_linestyle() == "--"]
    assert dashed[0].get_xdata()[0] == 0
    assert dashed[-1].get_xdata()[1] == 1
    # Its figures are those of the published sample.
    assert dashed[0].get_ydata()[0] == pytest.approx(0.23945, abs=1e-5)
    assert dashed[-1].get_ydata()[1] == pytest.approx(0.86201, abs=1e-5)


def test_bounds_stand_at_both_ends(points):
    rest, group = ((box.get_y(), box.get_y() + box.get_height()) for box in points.patches)
    assert rest == pytest.approx((0.2135, 0.3801), abs=1e-4)
    assert group == pytest.approx((0, 1))


def test_the_area_of_a_point_is_its_votes(points, santa_clara):
    sizes = points.collections[0].get_sizes()
    votes = santa_clara["total2"].to_numpy()
    assert sizes / sizes.max() == pytest.approx(np.maximum(votes / votes.max(), 7 / 170), rel=1e-6)


def test_each_line_of_the_second_chart_is_all_that_one_precinct_allows():
    # Half of 100 voters are in the group and 60 voted for the candidate: from 20% to all of the group.
    (line,) = _segments(np.array([0.5]), np.array([0.6]))
    assert line == [pytest.approx((0.2, 1.0)), pytest.approx((1.0, 0.2))]
    nobody, everybody = _segments(np.array([0.0, 1.0]), np.array([0.3, 0.7]))
    assert nobody == [(0.0, 0.3), (1.0, 0.3)]
    assert everybody == [(0.7, 0.0), (0.7, 1.0)]
    for x, t in zip(*np.random.default_rng(4).uniform(0.01, 0.99, (2, 50)), strict=True):
        for group, rest in _segments(np.array([x]), np.array([t]))[0]:
            assert group * x + rest * (1 - x) == pytest.approx(t)
            assert -1e-9 <= group <= 1 + 1e-9
            assert -1e-9 <= rest <= 1 + 1e-9


def test_both_charts_share_a_page_and_one_record(points):
    first, second = points.figure.axes
    assert sheet_of(first) is sheet_of(second)
    assert len(second.collections[0].get_segments()) == 42


def test_words_say_the_bounds_before_the_line(points):
    assert alt_text(points) == (
        "Two charts of 42 precincts, by the share of East Asian voters and the share of the vote for Hardy, and by what "
        "each precinct allows. The returns allow from 0.0% to 100.0% of the votes of East Asian voters for Hardy; "
        "Goodman's line gives 86.2%."
    )
    told = " ".join(sheet_of(points).chart.findings)
    assert "For East Asian voters the model drives this figure, not the returns." in told
    assert "In these precincts East Asian voters are 4.6% to 26.1%; beyond that no precinct shows anything." in told
    assert told.endswith("How a person voted is not known.")
    assert "estimated from precincts. How a person voted is not known." in long_description(points)


def test_small_and_unanimous_precincts_are_counted_and_not_drawn():
    frame = toy()
    frame.loc[0, "n"] = 10
    frame.loc[1, "t"] = 0.0
    frame.loc[9, "t"] = 1.0
    ax = of_toy(frame)
    assert len(ax.collections[0].get_offsets()) == 7
    note = (
        "3 precincts with fewer than 11 votes, or where the candidate had all votes or none, are counted and not drawn"
    )
    assert any(note in one for one in sheet_of(ax).chart.notes)
    table = sheet_of(ax).twins[1].frame
    assert len(table) == 7
    assert not table["share_candidate"].isin([0, 1]).any()
    assert "10 precincts" in sheet_of(ax).chart.counted


def test_few_people_of_a_voter_list_cannot_be_worked_out_from_a_point():
    frame = toy()
    frame.loc[1, ["x", "n"]] = [3 / 76, 76]  # 3 of 76: the share alone gives both numbers away
    frame.loc[8, ["x", "n"]] = [0.99, 900]  # 9 of everybody else
    frame.loc[9, "x"] = 1.0  # nobody else, which is no secret
    sheet = sheet_of(of_toy(frame))
    table = sheet.twins[1].frame
    assert len(table) == 7  # with the first precinct, 5 of 100
    assert (table["share_group"] * table["votes"] >= 11).all()
    assert any(
        note.startswith("3 precincts with fewer than 11 people of the group, or of everybody else, are counted and not")
        for note in sheet.chart.notes
    )
    assert "10 precincts" in sheet.chart.counted
    assert len(sheet_of(of_toy(frame, of="cvap")).twins[1].frame) == 10  # estimates of a survey


def test_a_figure_that_is_impossible_is_shown_where_it_is():
    frame = toy(t=lambda rows: (1.4 * rows["x"] - 0.15).clip(0.01, 0.99))
    ax = of_toy(frame)
    low, high = ax.get_ylim()
    assert low < 0
    assert high > 1
    assert "impossible" not in " ".join(words_of(ax))
    assert any("outside 0 to 100%" in note for note in sheet_of(ax).chart.notes)


def test_one_of_several_is_chosen(santa_clara):
    given = {**HARDY, "candidates": {"Hardy": "pct_for_hardy2", "Nadeem": "pct_for_nadeem2"}}
    with pytest.raises(InputError, match="candidate='Kolstad' is none of those given: Hardy, Nadeem"):
        chart_precincts(santa_clara, groups=EAST, group="East Asian voters", candidate="Kolstad", **given)
    with pytest.raises(InputError, match="group='Geese' is none of those given: East Asian voters"):
        chart_precincts(santa_clara, groups=EAST, group="Geese", candidate="Hardy", **given)
    ax = chart_precincts(santa_clara, groups=EAST, group="East Asian voters", candidate="Nadeem", **given)
    assert "Nadeem" in alt_text(ax)
    with pytest.raises(InputError, match="the precincts have no column total9"):
        chart_precincts(santa_clara, **CHOSEN, **{**HARDY, "votes": "total9"})


def test_into_axes_only_the_points_are_drawn(santa_clara):
    ax = Figure(figsize=(6, 5)).add_subplot()
    assert chart_precincts(santa_clara, **CHOSEN, ax=ax, **HARDY) is ax
    assert alt_text(ax).startswith("Chart of 42 precincts by the share")
    assert ax.figure.axes == [ax]


# --- forest -----------------------------------------------------------------------------------------------


def test_every_figure_has_its_bar_and_what_the_model_drives_is_hollow(found):
    ax = chart_forest(found, place=PLACE)
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in ax.patches}
    rows = forest_rows(found)
    assert len(bars) == len(rows) == 4
    driven = [row for row in rows if row.driven]
    assert [row.section for row in driven] == ["East Asian voters", "Indian voters"]
    assert sum(bar.get_hatch() == "////" for bar in bars.values()) == 2
    hollow = [one for one in ax.collections if (one.get_facecolor()[:, :3] == 1).all()]
    assert len(hollow) == 2
    told = [text.get_text() for text in ax.texts]
    assert told.count("the model drives this figure") == 2
    assert "86.2% (64.4% to 108.0%)" in told  # 42 precincts: 2.02 standard errors of 10.8 points
    assert "21.4% to 38.0%" in told
    assert "Everybody except East Asian voters" in told
    assert "bounds wider than one half: the model drives this figure" in words_of(ax)
    # What lies beyond 100% is on the chart.
    assert ax.get_xlim()[1] > 1.2


def estimates(**more):
    index = pd.MultiIndex.from_tuples(
        [("Herons", "Lee"), ("Herons", "Kim"), ("Geese", "Lee")], names=["group", "candidate"]
    )
    frame = pd.DataFrame(
        {
            "low": [0.2, 0.6, 0.0],
            "high": [0.4, 0.9, 0.8],
            "estimate": [0.3, np.nan, 0.5],
            "low_95": [0.25, np.nan, 0.1],
            "high_95": [0.35, np.nan, 0.9],
            "model_driven": [False, False, True],
            "refused": ["", "the chains did not agree", ""],
        },
        index=index,
    )
    return frame.assign(**more)


def test_refused_figures_keep_their_bounds_and_their_reason():
    ax = chart_forest(estimates(), notes=("Estimated from precincts.",), sources=SOURCES, place="Fairwater County")
    told = [text.get_text() for text in ax.texts]
    assert "refused" in told
    assert any("the chains did not agree" in " ".join(one.split()) for one in told)
    assert len(ax.patches) == 3
    findings = sheet_of(ax).chart.findings
    assert findings[0] == (
        "3 figures. The bounds alone show more than one half in 1 of them, and less than one half in 1."
    )
    assert "Refused: Herons, Kim." in findings
    table = sheet_of(ax).twins[0].frame
    assert table["remark"].tolist() == ["none", "the chains did not agree", "the model drives this figure"]
    assert np.isnan(table["share_estimate"][1])
    assert "Herons, Kim: bounds 60.0% to 90.0%; estimate refused: the chains did not agree." in long_description(ax)
    # A refused figure is not drawn, even where the table has one.
    ax = chart_forest(estimates(estimate=[0.3, 0.7, 0.5]))
    points = [one.get_offsets()[0][0] for one in ax.collections]
    assert points == pytest.approx([0.3, 0.5])


def test_an_ecological_estimate_is_drawn_as_it_is(found):
    given = EcologicalEstimate(
        frame=estimates(), differences=pd.DataFrame(), preferred=pd.DataFrame(), diagnostics=pd.DataFrame(),
        method="king", of="cvap", sources=SOURCES, notes=("Estimated from precincts.",),
    )  # fmt: skip
    ax = chart_forest(given, place=PLACE)
    assert words_of(ax)[2:] == [
        "estimate by King's method, with 95% interval",
        "estimate by King's method, with 95% interval; hollow where the model drives it",
    ]
    chart = sheet_of(ax).chart
    assert (chart.notes, chart.sources) == (("Estimated from precincts.",), SOURCES)
    assert chart.counted.endswith("where the group's share is its share of citizens of voting age.")
    contests = pd.concat({"Council 2020": estimates(), "Council 2024": estimates()}, names=["contest"])
    rows = forest_rows(contests)
    assert [row.section for row in rows] == ["Council 2020"] * 3 + ["Council 2024"] * 3
    assert rows[0].name == "Herons · Lee"


def contests(**more):
    frame = pd.DataFrame(
        {
            "name": ["Mayor", "Clerk"],
            "year": pd.array([2022, 2024], dtype="Int64"),
            "preferred": ["Heron", None],
            "cohesion": [0.9, np.nan],
            "cohesion_low": [0.7, np.nan],
            "cohesion_high": [1.0, np.nan],
            "opposition": [0.8, np.nan],
            "opposition_low": [0.3, np.nan],
            "opposition_high": [0.9, np.nan],
        },
        index=pd.Index(["mayor", "clerk"], name="contest"),
    ).assign(**more)
    return ContestTable(
        ContestRule("Every contest"), "AAPI", frame=frame, left_out=pd.DataFrame(), counts=pd.DataFrame(),
        sources=SOURCES, notes=("Rule of inclusion: every contest.",),
    )  # fmt: skip


def test_contests_show_the_group_and_everybody_else():
    ax = chart_forest(contests(), place=PLACE)
    first, second, third = forest_rows(contests())
    assert (first.section, first.name, first.figures, first.bounds) == (
        "Mayor (2022)", "AAPI for Heron", "90.0%", "70.0% to 100.0%",
    )  # fmt: skip
    assert (second.name, second.figures, second.driven) == ("everybody else for others than Heron", "80.0%", True)
    assert (third.section, third.figures, third.refused) == (
        "Clerk (2024)", "refused", "no candidate is known to be preferred",
    )  # fmt: skip
    assert len(ax.patches) == 2
    assert sheet_of(ax).chart.notes == ("Rule of inclusion: every contest.",)
    assert "Refused: Clerk (2024), AAPI." in sheet_of(ax).chart.findings
    unsure, *_ = forest_rows(contests(probability=[0.6, np.nan]))
    assert unsure.name == "AAPI for Heron (preferred with probability 60.0%)"
    same = forest_rows(contests(name="Mayor", year=2022))
    assert [row.section for row in same] == ["Mayor (2022) [mayor]"] * 2 + ["Mayor (2022) [clerk]"]
    with pytest.raises(InputError, match="the table has no contest to draw"):
        chart_forest(contests().frame.iloc[:0])


def test_the_interval_of_a_line_through_few_precincts_is_as_wide_as_it_must_be():
    frame = pd.DataFrame({"x": [0.2, 0.4, 0.9], "t": [0.3, 0.5, 0.7], "n": 100})
    made = polarization(frame, groups={"Herons": "x"}, candidates={"Lee": "t"}, votes="n", of="cvap")
    line, row = made.frame.loc[("Herons", "Lee")], forest_rows(made)[0]
    assert row.high_95 - row.estimate == pytest.approx(12.706205 * line["goodman_se"])  # t of one degree of freedom
    assert forest_rows(made.frame)[0].high_95 - row.estimate == pytest.approx(1.959964 * line["goodman_se"])


def test_rows_of_one_heading_stand_together_and_single_rows_have_none():
    frame = estimates()
    mixed = forest_rows(frame.iloc[[0, 2, 1]])
    assert [(row.section, row.name) for row in mixed] == [("Herons", "Lee"), ("Herons", "Kim"), ("Geese", "Lee")]
    alone = forest_rows(frame.droplevel("group").iloc[[0]])
    assert [(row.section, row.name) for row in alone] == [("", "Lee")]
    without = forest_rows(frame.drop(columns=["model_driven", "refused"]))
    assert [row.driven for row in without] == [False, False, True]
    assert [row.refused for row in without] == ["", "", ""]


def test_a_forest_into_axes_has_its_legend_under_it():
    ax = Figure(figsize=(8, 5)).add_subplot(position=(0.2, 0.3, 0.5, 0.6))
    assert chart_forest(estimates(), ax=ax) is ax
    assert len(ax.get_legend().get_texts()) == 4
    assert not sheet_of(ax).chart.whole


def test_a_figure_without_bounds_is_not_drawn():
    with pytest.raises(
        InputError, match="never drawn without its bounds: the table needs the columns low, high and estimate"
    ):
        chart_forest(estimates().drop(columns="low"))
    with pytest.raises(InputError, match="the table has no row to draw"):
        chart_forest(estimates().iloc[:0])
    with pytest.raises(InputError, match="not a str"):
        chart_forest("polarization")
    many = pd.concat([estimates()] * 12)
    with pytest.raises(InputError, match=r"36 figures and their headings need 38 rows; this page has room for \d+"):
        chart_forest(many)
    assert chart_forest(many, page="tabloid portrait") is not None


# --- pages and exhibits -----------------------------------------------------------------------------------


def overlaps(figure):
    """List pairs of words that cover each other."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    texts = [*figure.texts, *(text for ax in figure.axes for text in ax.texts)]
    texts += [label for ax in figure.axes for label in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    texts += [label for ax in figure.axes for label in (ax.xaxis.label, ax.yaxis.label)]
    texts += [text for legend in figure.legends for text in (*legend.get_texts(), legend.get_title())]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text.get_text().strip()]
    page = figure.bbox
    beyond = [told for told, box in boxes if min(box.x0, box.y0) < 0 or box.x1 > page.x1 or box.y1 > page.y1]
    assert beyond == []
    return [
        (one, other)
        for at, (one, a) in enumerate(boxes)
        for other, b in boxes[at + 1 :]
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 0.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5
    ]


@pytest.mark.parametrize(("language", "page"), [("en", "letter"), ("vi", "letter portrait"), ("ur", "letter")])
def test_no_words_cover_each_other(santa_clara, found, page, language):
    with kit.using(language=language):
        drawn = [
            chart_precincts(santa_clara, **CHOSEN, place=PLACE, page=page, **HARDY),
            chart_forest(found, page=page),
        ]
    for ax in drawn:
        assert overlaps(ax.figure) == []


@needs_poppler
@pytest.mark.parametrize("kind", ["precincts", "forest"])
def test_an_exhibit_of_a_chart_is_whole(points, found, kind, tmp_path):
    ax = points if kind == "precincts" else chart_forest(found, place=PLACE)
    written = kit.exhibit(ax, date=date(2026, 7, 1), **GIVEN).save(tmp_path / "b.pdf")
    names = [path.name for path in written]
    assert names[:2] == ["b.pdf", "b.txt"]
    assert {"b_table.csv", "b_table.html", "b.manifest.json"} <= set(names)
    text = text_of(written[0])
    for part in (
        "EXHIBIT B", "What the returns allow", PLACE, "What the chart shows", "What marks and lines mean", "How it was made",
        "The tests, returns by precinct, returns.", "Uncertainty: the bounds hold whatever the voters did",
        "How a person voted is not known.", "Table to Exhibit B", "A. Person · a@example.org · July 1, 2026 · version 1",
        "Not legal advice; confirm with counsel.",
    ):  # fmt: skip
        assert part in text, part
    for absent in ("Projection", "km", "North", "placed by"):
        assert absent not in text.split()
    with pikepdf.open(written[0]) as file:
        assert bool(file.Root.MarkInfo.Marked)
        alts = [str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert alt_text(ax) in alts
    told = json.loads(written[-1].read_text("utf-8"))
    assert {row["title"] for row in told["inputs"]} == {"returns by precinct"}
    rows = pd.read_csv(tmp_path / "b_table.csv")
    assert rows["uncertainty"].str.startswith("the bounds hold whatever the voters did").all()
    assert (tmp_path / "b_table.html").read_text("utf-8").count("the bounds hold whatever the voters did") == 1


def test_what_an_exhibit_of_a_chart_lacks_is_named(santa_clara, found):
    with pytest.raises(InputError, match=r"without: whose figures these are \(pass place= to the chart\)"):
        kit.exhibit(chart_forest(found), **GIVEN)
    bare = chart_precincts(santa_clara, **CHOSEN, place=PLACE, **{**HARDY, "sources": ()})
    with pytest.raises(InputError, match="a source of the counts with its year"):
        kit.exhibit(bare, **GIVEN)


def test_a_chart_has_no_table_by_district_and_no_shapes(points, tmp_path, four_squares):
    table = kit.concentration(kit.place(*four_squares), group="aapi_aoic", base="vap")
    with pytest.raises(InputError, match="a chart has tables of its own; leave the table by district out"):
        kit.exhibit(points, table, **GIVEN)
    with pytest.raises(InputError, match="write it as PDF, PNG or SVG"):
        kit.exhibit(points, **GIVEN).save(tmp_path / "b.pdf", geopackage=True)


def test_a_chart_is_saved_as_every_format_twice_the_same(points, tmp_path):
    files = [kit.save_map(points, tmp_path / name / "chart") for name in ("one", "two")]
    (tmp_path / "one").exists()
    names = [path.name for path in files[0]]
    assert names[:4] == ["chart.pdf", "chart.png", "chart.svg", "chart.txt"]
    assert {"chart_table.csv", "chart_table.html", "chart_table_precincts.csv"} == set(names[4:])
    for one, two in zip(*files, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
    assert "Two charts of 42 precincts" in (tmp_path / "one" / "chart.svg").read_text("utf-8")
