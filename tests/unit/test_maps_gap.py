"""Turnout gaps by district and the ladder of participation: worked by hand, with hidden figures and rates over 100%."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import kit
from kit.analysis.participation import participation
from kit.errors import CoverageError, InputError
from kit.maps.chart_ladder import chart_ladder
from kit.maps.gap import map_gap
from kit.maps.gap_ground import gap_classes
from kit.maps.record import sheet_of
from kit.maps.words import alt_text, long_description
from kit.model.source import Source
from kit.model.voters import VoterCounts

GROUP = "nh_aapi_alone"
GIVEN = {"number": "C", "title": "Fewer voted", "author": "A. Person", "contact": "a@example.org"}
PLACE = "Fairwater County"
LIST = Source("voter list", "The tests", 2024, "list", sample=True)
# District → citizens, registered, voted: everybody, then the group. In district 4 the list is longer than the survey.
FIGURES = {
    "1": ((1000, 800, 500), (200, 120, 80)),
    "2": ((1000, 800, 500), (100, 70, 52)),
    "3": ((1000, 800, 500), (100, 80, 55)),
    "4": ((1000, 800, 600), (100, 120, 90)),
}
# Eight people of the group are hidden, and those of district 2, from which they could be worked out.
FEW = {"3": ((1000, 800, 500), (100, 8, 5))}
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")


def counted(**more):
    rows = {}
    for area, told in {**FIGURES, **more}.items():
        for group, (_, registered, voted) in zip(("total", GROUP), told, strict=True):
            rows[area, group] = {"registered": registered, "voted": voted, "hidden": False}
    frame = pd.DataFrame.from_dict(rows, orient="index").astype({"registered": "Int64", "voted": "Int64"})
    frame.index = pd.MultiIndex.from_tuples(rows, names=["area", "group"])
    return VoterCounts(frame, election="2024 general", as_of="2024-12-01", place=PLACE, sources=(LIST,))


def measured(margin=30.0, **more):
    citizens = pd.DataFrame(
        {area: {"total_cvap": told[0][0], f"{GROUP}_cvap": told[1][0]} for area, told in {**FIGURES, **more}.items()}
    ).T
    citizens["total_cvap_moe"], citizens[f"{GROUP}_cvap_moe"] = 20.0, margin
    adults = citizens[["total_cvap", f"{GROUP}_cvap"]].set_axis(["total_vap", f"{GROUP}_vap"], axis=1) * 2
    return participation(counted(**more), group=GROUP, citizens=citizens, adults=adults, period=(2018, 2022))


@pytest.fixture(scope="module")
def placed():
    sample = kit.load_sample("fictional_county")
    return kit.place(sample.units, sample.plans["a"])


@pytest.fixture(scope="module")
def result():
    return measured()


@pytest.fixture(scope="module")
def hidden():
    return measured(**FEW)


@pytest.fixture(scope="module")
def turnout(result, placed):
    return map_gap(result, placed, rate="turnout_cvap", breaks=[0.05, 0.1, 0.4])


def words_of(ax):
    sheet = sheet_of(ax)
    return [(key.words, key.count) for key in (sheet.facts or sheet.chart).keys]


def labels_of(ax):
    return {text.get_gid().removeprefix("district ") for text in ax.texts if text.get_gid()}


def hatches(ax):
    return sorted(one.get_hatch() for one in ax.collections if one.get_hatch() and len(one.get_paths()))


def text_of(path):
    told = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(told.stdout.split())


# --- the map of gaps --------------------------------------------------------------------------------------


def test_every_district_bears_its_gap_in_points(turnout):
    # 40% beside 50%, 52% and 55% beside 50%, 90% beside 60%.
    assert labels_of(turnout) == {"1 \u221210.0", "2 +2.0", "3 +5.0", "4 +30.0"}


def test_hidden_districts_bear_their_number_alone(hidden, placed):
    ax = map_gap(hidden, placed, rate="turnout_cvap", breaks=[0.05, 0.1, 0.4])
    assert labels_of(ax) == {"1 \u221210.0", "2", "3", "4 +30.0"}
    assert ("not shown, to protect few people", "2 districts") in words_of(ax)
    assert hatches(ax) == ["...."]
    told = long_description(ax)
    assert "District 3: not available against 50.0%, not shown." in told
    assert "Figures of 2 districts are not shown, to protect few people." in told
    frame = sheet_of(ax).twins[0].frame.set_index("district")
    assert frame.loc["3", "remark"] == "not shown"
    assert frame.drop(columns=["remark", "share_other"]).loc["3"].isna().all()


def test_the_legend_prints_the_same_breaks_on_both_sides_and_what_has_no_colour(turnout):
    assert words_of(turnout) == [
        ("over 10 to 40 points higher", "1 district"),
        ("over 5 to 10 points higher", "0 districts"),
        ("equal, or up to 5 points higher", "2 districts"),
        ("up to 5 points lower", "0 districts"),
        ("over 5 to 10 points lower", "1 district"),
        ("over 10 to 40 points lower", "0 districts"),
        ("within sampling error", "2 districts"),
        ("district line and number", ""),
    ]
    assert "in percentage points" in sheet_of(turnout).facts.legend


def test_what_is_within_sampling_error_is_hatched(turnout):
    assert hatches(turnout) == ["xxx"]


def test_words_and_table_name_every_district(turnout):
    assert alt_text(turnout).endswith(
        "The rate of Asian or NHPI is lower than that of everybody in 1 of 4 districts with a figure; most so in "
        "district 1, by 10.0 points."
    )
    told = long_description(turnout)
    assert "District 1: 40.0% against 50.0%, \u221210.0 points." in told
    assert "District 2: 52.0% against 50.0%, +2.0 points, within sampling error." in told
    assert "In 2 of 4 the gap lies within sampling error." in told
    frame = sheet_of(turnout).twins[0].frame.set_index("district")
    assert frame["gap"].to_dict() == pytest.approx({"1": -0.1, "2": 0.02, "3": 0.05, "4": 0.3})


def test_against_everybody_else(result, placed):
    # 80 of 200 in the group, 420 of the other 800: 40.0% and 52.5%.
    ax = map_gap(result, placed, rate="turnout_cvap", breaks=[0.05, 0.2, 0.4], against="others")
    assert "1 \u221212.5" in labels_of(ax)
    assert "everybody else" in sheet_of(ax).facts.legend


def test_a_rate_without_margins_is_hatched_nowhere_and_says_why(result, placed):
    ax = map_gap(result, placed, rate="turnout_registered", breaks=[0.1, 0.4])
    assert not any("sampling error" in words for words, _ in words_of(ax))
    assert sheet_of(ax).facts.notes[0].startswith("The gap of 4 of 4 districts has no margin of error, and is hatched")


def test_estimates_that_came_without_margins_are_not_called_counts(placed):
    of_all, of_group = ({area: told[who][0] for area, told in FIGURES.items()} for who in (0, 1))
    citizens = pd.DataFrame({"total_cvap": of_all, f"{GROUP}_cvap": of_group})
    made = participation(counted(), group=GROUP, citizens=citizens)
    ax = map_gap(made, placed, rate="turnout_cvap", breaks=[0.1, 0.4])
    assert sheet_of(ax).facts.notes[0].endswith("citizens are estimates, and their margins were not given.")
    ladder = sheet_of(chart_ladder(made, place=PLACE)).chart
    assert ladder.uncertainty.startswith("citizens are estimates that came without margins of error;")


def test_districts_known_only_between_two_ends(placed):
    """Where the wider definition brackets citizens, both ends stand in the district."""
    made = measured()
    gaps = made.gaps
    rows = {"1": (-0.2, -0.06), "2": (-0.04, -0.01)}
    for area, (low, high) in rows.items():
        gaps.loc[(area, "turnout_cvap"), ["gap", "gap_low", "gap_high"]] = [np.nan, low, high]
        gaps.loc[(area, "turnout_cvap"), "gap_significant"] = pd.NA
    ax = map_gap(replace(made, gaps=gaps), placed, rate="turnout_cvap", breaks=[0.05, 0.1, 0.4])
    assert {"1 \u221220.0 … \u22126.0", "2 \u22124.0 … \u22121.0"} <= labels_of(ax)
    assert ("known only between two ends", "1 district") in words_of(ax)
    # Both ends of district 2 lie in one class.
    assert ("up to 5 points lower", "1 district") in words_of(ax)


def test_classes_mirror_each_other():
    found = gap_classes([0.05, 0.1])
    gap = pd.Series([-0.1, -0.05, -0.0001, 0.0, 0.05, 0.0501, np.nan])
    assert found.index(gap).tolist() == [0, 1, 1, 2, 2, 3, -1]
    assert len(set(found.colours)) == len(found) == 4
    from kit.maps.style import lightness_of

    light = [lightness_of(colour) for colour in gap_classes([0.1, 0.2, 0.3]).colours]
    assert light == pytest.approx(light[::-1], abs=2)


@pytest.mark.parametrize(
    ("breaks", "told"),
    [
        ([5, 10], "breaks are fractions, so 10 points are 0.10"),
        ([0.1, 0.1], "breaks are rising distances from zero"),
        ([0, 0.1], "breaks are rising distances from zero"),
        ([], "breaks are rising distances from zero"),
        (["a"], "breaks are numbers, such as"),
        ([0.1, 0.2, 0.3, 0.4], "4 breaks make 8 classes, which cannot be told apart"),
        ([0.05, 0.1], r"1 gaps lie outside the breaks \(largest 30.0 points, breaks up to 10\)"),
    ],
)
def test_breaks_that_cannot_be_used_are_refused(result, placed, breaks, told):
    with pytest.raises(InputError, match=told):
        map_gap(result, placed, rate="turnout_cvap", breaks=breaks)


def test_what_cannot_be_mapped_is_refused(result, placed, four_squares):
    given = {"rate": "turnout_cvap", "breaks": [0.4]}
    with pytest.raises(InputError, match="draws what kit.participation returned, not a Placement"):
        map_gap(placed, placed, **given)
    with pytest.raises(InputError, match="rate='turnout'; pass one of registration"):
        map_gap(result, placed, rate="turnout", breaks=[0.4])
    with pytest.raises(InputError, match="against='men'; pass one of all, others"):
        map_gap(result, placed, against="men", **given)
    with pytest.raises(CoverageError, match="2 of 4 areas of these figures are no districts of Two rows, first 3, 4"):
        map_gap(result, kit.place(*four_squares), **given)
    with pytest.raises(InputError, match="no district has a gap in 'turnout_cvap'"):
        map_gap(participation(counted(), group=GROUP), placed, **given)


@needs_poppler
def test_an_exhibit_of_gaps(turnout, tmp_path):
    written = kit.exhibit(turnout, **GIVEN).save(tmp_path / "c.pdf")
    text = text_of(written[0])
    for part in (
        "over 10 to 40 points higher", "within sampling error", "\u221210.0 points",
        "Fairwater County illustrative plan A", "(definition nh_aapi_alone)", "The tests, voter list, list.", "km", "mi",
        "SAMPLE DATA, NOT FOR TESTIMONY",
    ):  # fmt: skip
        assert part in text, part


# --- the ladder -------------------------------------------------------------------------------------------


def texts_of(panel):
    return [text.get_text() for text in panel.texts]


def test_rungs_and_rates_stand_beside_their_marks(result):
    ax = chart_ladder(result, area="1", place=PLACE)
    rungs, rates = ax.figure.axes
    told = texts_of(rungs)
    for part in (
        "Adults",
        "20.0%",
        "400 of 2,000",
        "Citizens of voting age",
        "15.0%",
        "120 of 800",
        "16.0%",
        "80 of 500",
    ):
        assert part in told, part
    assert any(one.startswith("20.0% ±") for one in told)
    (line,) = [one for one in rungs.lines if len(one.get_xdata()) == 4]
    assert list(line.get_xdata()) == pytest.approx([0.2, 0.2, 0.15, 0.16])
    assert [bar.get_width() for bar in rates.patches] == pytest.approx([0.6, 0.8, 2 / 3, 0.625, 0.4, 0.5, 0.2, 0.25])
    assert words_of(ax)[-1][0] == "90% margin of error"


def test_a_rate_over_100_percent_is_drawn_and_flagged(result):
    ax = chart_ladder(result, area="4", place=PLACE)
    rates = ax.figure.axes[1]
    first = rates.patches[0]
    assert (first.get_width(), first.get_hatch()) == (pytest.approx(1.2), "xxx")
    assert any(one.startswith("120.0% ±") and one.endswith(", over 100%") for one in texts_of(rates))
    assert rates.get_xlim()[1] > 1.2
    assert "over 100%: the list holds more people than the survey counts citizens" in [
        words for words, _ in words_of(ax)
    ]
    assert "100%" in [label.get_text() for label in rates.get_xticklabels()]


def test_what_is_hidden_is_written_and_never_drawn_as_nothing(hidden):
    ax = chart_ladder(hidden, area="3", place=PLACE)
    rungs, rates = ax.figure.axes
    assert texts_of(rungs).count("not shown") == 2
    (line,) = [one for one in rungs.lines if len(one.get_xdata()) == 2 and one.get_color() == "#1d5b8c"]
    assert list(line.get_ydata()) == [0, 1]
    assert not any(bar.get_width() == 0 for bar in rates.patches)
    assert len(rates.patches) == 4  # of everybody
    assert "registered people: not shown; voters: not shown" in alt_text(ax)
    frame = sheet_of(ax).twins[0].frame
    assert frame["share"].isna().tolist() == [False, False, True, True]
    assert frame["count_text"].tolist()[2:] == ["not shown", "not shown"]


def test_what_is_not_at_hand_is_not_called_hidden():
    """Without citizens or adults there is no rate of them to hide; a hidden base hides the share, not the count."""
    ax = chart_ladder(participation(counted(**FEW), group=GROUP), area="3", place=PLACE)
    sheet = sheet_of(ax)
    assert sheet.twins[1].frame["rate"].tolist() == ["Voted, of registered people"]
    assert sheet.chart.findings[0].endswith(": registered people: not shown; voters: not shown.")
    small = {"4": ((60, 40, 30), (40, 20, 14))}
    made = participation(counted(**FEW, **small), group=GROUP)
    for area in made.areas:
        frame, ladder = made.frame.loc[area], made.ladder(area)
        assert list(ladder.index) == ["registered", "voted"]
        for rung, row in ladder.iterrows():
            assert row["hidden"] == frame[rung].isna().any()
        rungs = sheet_of(chart_ladder(made, area=area, place=PLACE)).twins[0].frame
        words = rungs[["count_text", "base_text"]].eq("not shown").to_numpy()
        assert (words == frame[["registered", "voted"]].isna().T.to_numpy()).all()


def test_several_areas_have_a_page_each_and_one_record(result, tmp_path):
    panels = chart_ladder(result, area=["1", "all"], place=PLACE)
    assert len({panel.figure for panel in panels}) == 2
    sheet = sheet_of(panels)
    assert [one.split(":")[0] for one in sheet.alt] == ["Two charts for district 1", "Two charts for the whole place"]
    assert set(sheet.twins[0].frame["area"]) == {"district 1", "the whole place"}
    names = [path.name for path in kit.save_map(panels, tmp_path / "ladder", ("pdf", "png"))]
    assert names == ["ladder.pdf", "ladder.png", "ladder_2.png", "ladder.txt", "ladder_table.csv", "ladder_table.html",
                     "ladder_table_rates.csv", "ladder_table_rates.html"]  # fmt: skip


def test_gaps_say_what_sampling_error_explains(result):
    told = " ".join(sheet_of(chart_ladder(result, area="1", place=PLACE)).chart.findings)
    assert "Voted, of citizens of voting age: Asian or NHPI 40.0% ± 6.0 pts, everybody 50.0% ± 1.0 pts" in told
    assert "(10.0 points lower, more than sampling error explains)" in told
    assert "(4.2 points higher)" in told  # of registered people, 80 of 120 and 500 of 800: no margin, no verdict


def test_citizens_that_are_bracketed_are_drawn_between_their_ends():
    counts = counted()
    frame = counts.frame.rename(index={GROUP: "aapi_aoic"}, level="group")
    citizens = pd.DataFrame(
        {"aapi_cvap_low": 100.0, "aapi_cvap_high": 200.0, "total_cvap": 1000.0}, index=list(FIGURES)
    )
    made = participation(replace(counts, frame=frame), group="aapi_aoic", citizens=citizens, period=(2018, 2022))
    ax = chart_ladder(made, area="1", place=PLACE)
    rungs, rates = ax.figure.axes
    (bar,) = rungs.patches
    assert (bar.get_x(), bar.get_x() + bar.get_width()) == (pytest.approx(0.1), pytest.approx(0.2))
    assert "10.0% to 20.0%" in texts_of(rungs)
    assert "100 to 200 of 1,000" in texts_of(rungs)
    # 120 registered of 200 to 100 citizens: the upper end is over 100%.
    assert "60.0% to 120.0%, over 100%" in texts_of(rates)
    assert ("known only between these ends", "") in words_of(ax)
    assert "from 20.0 points lower to 40.0 points higher" in " ".join(sheet_of(ax).chart.findings)


def test_without_citizens_there_are_two_rungs():
    ax = chart_ladder(participation(counted(), group=GROUP), area="1", place=PLACE)
    assert sheet_of(ax).twins[0].frame["rung"].tolist() == ["Registered people", "Voters"]
    assert "citizens" not in sheet_of(ax).chart.uncertainty
    assert sheet_of(ax).twins[1].frame["rate"].tolist() == ["Voted, of registered people"]


def test_a_ladder_that_cannot_be_drawn_is_refused(result):
    with pytest.raises(InputError, match="draws what kit.participation returned, not a str"):
        chart_ladder("1")
    with pytest.raises(InputError, match=r"no area is called '9'; there are 1, 2, 3, 4, all"):
        chart_ladder(result, area="9")
    with pytest.raises(InputError, match="pass one area or more"):
        chart_ladder(result, area=[])
    with pytest.raises(InputError, match="into axes of your own only one is drawn"):
        chart_ladder(result, area=["1", "2"], ax=Figure().add_subplot())
    ax = Figure(figsize=(6, 4)).add_subplot()
    assert chart_ladder(result, area="1", ax=ax) is ax
    with pytest.raises(InputError, match="whose figures these are"):
        kit.exhibit(chart_ladder(result, area="1"), **GIVEN)


@needs_poppler
def test_an_exhibit_of_the_ladder(result, tmp_path):
    with kit.using(language="vi"):
        kit.exhibit(chart_ladder(result, area="1", place=PLACE), **GIVEN).save(tmp_path / "vi.pdf")
    assert PLACE in text_of(tmp_path / "vi.pdf")
    written = kit.exhibit(chart_ladder(result, area="4", place=PLACE), **GIVEN).save(tmp_path / "c.pdf")
    text = text_of(written[0])
    for part in (
        "Fairwater County — 2024 general", "What the chart shows", "over 100%", "Table to Exhibit C", "Rates",
        "Uncertainty: citizens are estimates of a survey, with 90 percent margins of error", "EXHIBIT C",
        "Turnout of adults understates", "SAMPLE DATA, NOT FOR TESTIMONY",
    ):  # fmt: skip
        assert part in text, part
