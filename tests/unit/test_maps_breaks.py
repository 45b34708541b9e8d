"""Computed class bounds, patterns for low reliability and for what is not published, districts in focus, language."""

from __future__ import annotations

import itertools
from dataclasses import replace

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

import kit
from kit.errors import InputError, SchemaError
from kit.maps import style
from kit.maps.breaks import choose_breaks
from kit.maps.focus import FocusLayer
from kit.maps.hatch import MISSING_HATCH, WEAK_HATCH
from kit.maps.language import map_language
from kit.maps.record import record_of
from kit.maps.words import alt_text, long_description
from kit.model.frames import Plan, Source, Units

WHAT = {"group": "aapi_aoic", "base": "vap"}
BREAKS = [0, 0.1, 0.2, 0.4, 1]


@pytest.fixture
def placed(four_squares):
    units, plan = four_squares
    return kit.place(units, plan)


@pytest.fixture(scope="module")
def survey():
    """Give the fictional county's table of languages, placed in four districts."""
    sample = kit.load_sample("fictional_county")
    shapes = sample.units.geometry
    tracts = {name: shapely.union_all(part.to_numpy()) for name, part in shapes.groupby(shapes.index.str[:11])}
    units = sample.survey("C16001")
    units = units.with_geometry(gpd.GeoSeries(tracts, crs=shapes.crs).reindex(units.frame.index))
    return kit.place(units, replace(sample.plans["a"], assignment=None), rule="area")


def text_of(figure):
    return " ".join("\n".join(text.get_text() for text in figure.findobj(Text)).split())


# --- computed bounds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("classes", [2, 3, 5, 7])
def test_natural_breaks_are_those_of_another_program(rng, classes):
    import mapclassify

    shares = pd.Series(np.r_[rng.beta(1, 8, 400), rng.beta(8, 3, 120)])
    chosen = choose_breaks("jenks", classes, [shares])
    peer = mapclassify.FisherJenks(shares.to_numpy(), k=classes).bins
    # ours are the peer's rounded up to a tenth of a percentage point, as they are printed
    np.testing.assert_allclose(chosen.bounds[1:-1], np.ceil(peer[:-1] * 1000 - 1e-9) / 1000, atol=1e-12)


def test_quantiles_hold_about_as_many_units_each(rng):
    shares = pd.Series(rng.beta(1, 8, 1000))
    chosen = choose_breaks("quantile", 4, [shares])
    counts = style.classes(chosen.bounds).index(shares).value_counts().sort_index()
    assert counts.sum() == 1000
    assert (abs(counts - 250) < 15).all()


@given(st.lists(st.floats(0, 1), min_size=8, max_size=60, unique=True), st.sampled_from(["jenks", "quantile"]))
def test_every_share_lies_inside_the_bounds_that_are_printed(values, method):
    shares = pd.Series(values)
    try:
        chosen = choose_breaks(method, 3, [shares])
    except InputError:
        return  # bounds too close to print apart
    classes = style.classes(chosen.bounds)
    assert (classes.index(shares) >= 0).all()
    for bound, label in zip(chosen.bounds, [*classes.labels, ""], strict=True):
        if label:
            assert f"{100 * bound:g}%" in label


def test_missing_shares_take_no_part():
    shares = pd.Series([0.1, 0.2, np.nan, 0.8, 0.9])
    chosen = choose_breaks("jenks", 2, [shares])
    assert chosen.bounds == (0.1, 0.2, 0.9)
    assert len(chosen.shares) == 4


def test_a_lowest_class_of_nobody_stays_apart():
    shares = pd.Series([0.0, 0.0, 0.0, 0.2, 0.21, 0.7, 0.72])
    assert choose_breaks("jenks", 3, [shares]).bounds == (0.0, 0.001, 0.21, 0.72)


def test_very_many_shares_are_searched_in_part(rng):
    shares = pd.Series(rng.beta(1, 8, 30_000))
    chosen = choose_breaks("jenks", 3, [shares])
    assert chosen.searched == 10_000
    assert "searched among 10,000 of them" in chosen.note("census blocks")
    whole = np.linspace(0, 29_999, 4_000).astype(int)
    near = choose_breaks("jenks", 3, [shares.sort_values().iloc[whole]])
    np.testing.assert_allclose(chosen.bounds[1:-1], near.bounds[1:-1], atol=0.01)


@pytest.mark.parametrize(
    ("breaks", "classes", "message"),
    [
        ("natural", 3, "breaks='natural'; pass bounds"),
        ("jenks", None, "classes=None; pass how many"),
        ("jenks", 8, "classes=8; pass how many classes to compute, from 2 to 7"),
        ("quantile", True, "classes=True"),
        ("jenks", 5, "4 different shares make no 5 classes; pass classes=4"),
        ([0, 0.5, 1], 2, "classes= goes with"),
    ],
)
def test_bounds_that_cannot_be_computed_are_refused(placed, breaks, classes, message):
    with pytest.raises(InputError, match=message):
        kit.map_share(placed, **WHAT, breaks=breaks, classes=classes)


def test_bounds_that_cannot_be_told_apart_are_refused():
    with pytest.raises(InputError, match="cannot be told apart"):
        choose_breaks("quantile", 4, [pd.Series([0.0] * 50 + [0.5, 0.6, 0.7])])


def test_without_room_for_the_histogram_computed_bounds_are_refused(placed):
    ax = Figure().add_subplot()
    with pytest.raises(InputError, match="needs the histogram"):
        kit.map_share(placed, **WHAT, breaks="jenks", classes=2, ax=ax)
    with pytest.raises(InputError, match="needs the histogram"):
        kit.map_districts(placed, **WHAT, breaks="jenks", classes=2, ax=ax)


def test_the_page_has_the_histogram_the_bounds_and_the_method(placed):
    ax = kit.map_share(placed, **WHAT, breaks="jenks", classes=3)
    # shares 4/300, 18/150, 25/200, 39/80: natural breaks after 1.3 % and after 12.5 %
    assert record_of(ax).classes.bounds == (0.013, 0.014, 0.125, 0.488)
    assert record_of(ax).class_counts == (1, 2, 1)
    histogram = next(one for one in ax.figure.axes if one.get_label() == "histogram")
    assert sum(bar.get_height() for bar in histogram.patches) == 4
    assert len([line for line in histogram.lines if len(set(line.get_xdata())) == 1]) == 2
    text = text_of(ax.figure)
    assert "Classes: 3 natural breaks (Fisher–Jenks) of the shares of 4 census blocks" in text
    assert "maps with other bounds do not compare" in text
    assert "over 1.4% to 12.5%" in text
    assert "natural breaks" in long_description(ax)
    assert "histogram" not in {one.get_label() for one in kit.map_share(placed, **WHAT, breaks=BREAKS).figure.axes}


def test_the_histogram_lies_on_nothing(placed):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    before, after = kit.map_compare(placed, placed, **WHAT, breaks="quantile", classes=3)
    figure = before.figure
    FigureCanvasAgg(figure).draw()
    renderer = FigureCanvasAgg(figure).get_renderer()
    for panel, histogram in zip((before, after), [a for a in figure.axes if a.get_label() == "histogram"], strict=True):
        box = histogram.get_tightbbox(renderer)
        others = [text.get_window_extent(renderer) for text in (*panel.texts, *figure.texts) if text.get_text()]
        others += [legend.get_window_extent(renderer) for legend in figure.legends]
        assert not any(box.overlaps(other) for other in others)
        assert not box.overlaps(panel.get_window_extent(renderer))


def test_two_panels_have_the_same_bounds_from_the_shares_of_both(four_squares):
    units, plan = four_squares
    frame = units.frame.copy()
    frame["aapi_aoic_vap"] = [70, 10, 10, 10]
    first, second = kit.place(units, plan), kit.place(replace(units, frame=frame), plan)
    before, after = kit.map_compare(first, second, **WHAT, breaks="jenks", classes=3)
    records = record_of(before), record_of(after)
    assert records[0].classes.bounds == records[1].classes.bounds
    assert records[0].classes.bounds[-1] == 0.875  # 70 of 80, which the left map does not have
    assert "of the shares of 8 census blocks" in text_of(before.figure)
    same = kit.map_compare(first, first, **WHAT, breaks="jenks", classes=3)
    assert "of the shares of 4 census blocks" in text_of(same[0].figure)


def test_districts_can_have_computed_bounds(placed):
    ax = kit.map_districts(placed, **WHAT, breaks="quantile", classes=2)
    assert record_of(ax).classes.bounds == (0.058, 0.153, 0.248)  # 29/500, the median, 57/230
    assert "2 quantiles of the shares of 2 districts" in text_of(ax.figure)


def test_a_raw_count_is_no_share(placed):
    for group, base in (("total_pop", "vap"), ("aapi_aoic_vap", "vap"), ("aapi_aoic", "share")):
        with pytest.raises(InputError, match=r"no group is called|no base is called"):
            kit.map_share(placed, group=group, base=base, breaks="jenks", classes=2)


# --- low reliability, and what is not published -------------------------------------------------------------------


def test_units_of_low_reliability_are_hatched_over_their_colour(survey, tmp_path):
    ax = kit.map_share(survey, group="korean_speakers_lep", base="people_5_and_over", breaks=[0, 0.01, 0.02, 1])
    shares = kit.unit_shares(survey.units, group="korean_speakers_lep", base="people_5_and_over")
    weak = int((shares["reliability"] == "low").sum())
    assert 0 < weak < len(shares)
    hatched = [c for c in ax.collections if c.get_hatch() == WEAK_HATCH]
    assert sum(int((path.codes == 1).sum()) for c in hatched for path in c.get_paths()) == weak
    assert {c.get_facecolor().size for c in hatched} == {0}  # the colour of the class shows through
    text = text_of(ax.figure)
    assert f"share of low reliability ({weak} census tracts)" in text
    assert f"of low reliability in {weak} of 12 census tracts that have one. They are cross-hatched." in text
    assert f"hatched, as the share is of low reliability: {weak}" in long_description(ax)
    assert record_of(ax).weak == weak
    (twin,) = record_of(ax).twins
    assert twin.frame["hatched"].sum() == weak
    assert twin.frame.loc[twin.frame["hatched"], "reliability"].eq("low").all()
    assert "count" not in twin.frame.columns
    written = kit.save_map(ax, tmp_path / "lep", formats=["svg"])
    assert written[-1].name == "lep_table_units.csv"
    assert pd.read_csv(written[-1], dtype=str)["hatched"].eq("True").sum() == weak


def test_the_pattern_is_dark_on_light_and_light_on_dark(survey):
    ax = kit.map_share(survey, group="korean_speakers_lep", base="people_5_and_over", breaks=[0, 0.005, 0.01, 1])
    inks = {style.lightness_of(tuple(c.get_edgecolor()[0])) > 50 for c in ax.collections if c.get_hatch() == WEAK_HATCH}
    assert inks == {True, False}


def test_counts_without_margins_are_not_hatched(placed):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    assert not [c for c in ax.collections if c.get_hatch() == WEAK_HATCH]
    assert record_of(ax).twins == ()


def test_suppressed_counts_are_dotted_and_in_no_class(four_squares):
    units, _ = four_squares
    frame = units.frame.astype("float64").copy()
    frame.loc[frame.index[1], "aapi_aoic_vap"] = np.nan
    alone = replace(units, frame=frame, additive=False, sources=(Source("Detailed counts"),))
    plan = Plan(
        name="Each by itself",
        labels=("1", "2", "3", "4"),
        assignment=pd.Series(["1", "2", "3", "4"], index=units.frame.index),
        level="block",
    )
    placement = kit.place(alone, plan)
    ax = kit.map_share(placement, **WHAT, breaks=BREAKS)
    dotted = [c for c in ax.collections if c.get_hatch() == MISSING_HATCH]
    assert sum(int((path.codes == 1).sum()) for c in dotted for path in c.get_paths()) == 1
    assert record_of(ax).missing == 1
    assert record_of(ax).empty == 0
    assert sum(record_of(ax).class_counts) == 3
    assert "not available: missing or suppressed (1 census block)" in text_of(ax.figure)
    assert "not available: missing or suppressed: 1" in long_description(ax)
    assert record_of(kit.map_districts(placement, **WHAT, breaks=BREAKS)).missing == 1
    with pytest.raises(SchemaError, match="Missing is not zero"):
        kit.map_share(replace(placement, units=replace(alone, additive=True)), **WHAT, breaks=BREAKS)


# --- focus --------------------------------------------------------------------------------------------------------


def test_a_district_in_focus_has_a_heavy_outline_and_a_pattern(placed):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, focus="2")
    plain = kit.map_share(placed, **WHAT, breaks=BREAKS)
    band = [c for c in ax.collections if c.get_hatch() and "/" in c.get_hatch() and not c.get_facecolor().size]
    assert band
    assert max(c.get_linewidth().max() for c in ax.collections) > 1.5 * max(
        c.get_linewidth().max() for c in plain.collections
    )
    assert "district 2, in focus" in text_of(ax.figure)
    assert "(district 2, in focus)" in alt_text(ax)
    assert alt_text(ax).count(". ") == 1
    assert "Marked: district 2, in focus." in long_description(ax)
    assert record_of(ax).focus == ("2",)
    # the band stays inside its district, which is the upper row
    middle = sum(ax.get_ylim()) / 2
    boxes = [path.get_extents() for c in band for path in c.get_paths()]
    assert all((box.y0 + box.y1) / 2 > middle for box in boxes)


def test_several_districts_in_focus_and_numbers_as_labels(placed):
    ax = kit.map_districts(placed, **WHAT, breaks=BREAKS, focus=[1, "2"])
    assert record_of(ax).focus == ("1", "2")
    assert "districts 1 and 2, in focus" in text_of(ax.figure)


def test_focus_in_a_comparison_marks_it_where_it_is(placed):
    other = replace(placed.plan, labels=("1", "9"), geometry=placed.plan.geometry.set_axis(["1", "9"]), name="Other")
    before, after = kit.map_compare(placed, kit.place(placed.units, other), **WHAT, breaks=BREAKS, focus="9")
    assert record_of(before).focus == ()
    assert record_of(after).focus == ("9",)
    assert "district 9, in focus" in text_of(before.figure)
    assert "(district 9, in focus)" in alt_text((before, after))


@pytest.mark.parametrize("focus", ["7", ["1", "7"], []])
def test_a_district_that_is_not_there_is_refused(placed, focus):
    with pytest.raises(InputError, match=r"focus= names (7|no district), and the districts of Two rows are 1, 2"):
        kit.map_share(placed, **WHAT, breaks=BREAKS, focus=focus)
    with pytest.raises(InputError, match=r"focus= names (7|no district)"):
        kit.map_compare(placed, placed, **WHAT, breaks=BREAKS, focus=focus)


def test_focus_shows_in_black_and_white():
    from kit.maps.focus import INK, WIDE

    assert style.lightness_of(INK) < 40
    assert WIDE > 2
    assert FocusLayer.__name__ == "FocusLayer"


@pytest.mark.parametrize("n", range(2, 8))
def test_classes_and_patterns_differ_in_grey(n):
    light = [style.lightness_of(colour) for colour in style.palette(n)]
    assert all(a - b > 9 for a, b in itertools.pairwise(light))


# --- language -----------------------------------------------------------------------------------------------------


def test_limited_english_has_its_own_words(survey):
    ax = map_language(survey, breaks=[0, 0.05, 0.1, 0.2, 1], focus="2")
    text = text_of(ax.figure)
    assert "People with limited English: share of people aged 5 and over" in text
    assert "Section 203 of the Voting Rights Act counts citizens of voting age, and is not decided by this map." in text
    assert alt_text(ax).startswith(
        "Map of people with limited English as a share of people aged 5 and over, by census tract, with the district"
    )
    found = kit.concentration(survey, group="lep", base="people_5_and_over")
    assert record_of(ax).table.total["count"] == found.total["count"]
    assert "± 0.8 points" in long_description(ax)


@pytest.mark.parametrize(
    ("language", "limited", "group"),
    [
        ("korean", True, "korean_speakers_lep"),
        ("Korean", False, "korean_speakers"),
        ("mandarin", True, "chinese_speakers_lep"),
    ],
)
def test_one_language(survey, language, limited, group):
    ax = map_language(survey, language=language, limited=limited, breaks="jenks", classes=3)
    assert record_of(ax).table.group == group
    assert "at home" in text_of(ax.figure)


def test_languages_that_are_not_counted(survey, placed):
    with pytest.raises(
        SchemaError, match=r"do not count speakers of klingon .* languages at hand: only_english, spanish"
    ):
        map_language(survey, language="klingon", breaks=BREAKS)
    with pytest.raises(SchemaError, match="do not count people with limited English"):
        map_language(placed, breaks=BREAKS)
    with pytest.raises(InputError, match="name it, such as language='korean'"):
        map_language(survey, limited=False, breaks=BREAKS)


def test_nothing_is_left_in_pyplot(placed):
    kit.map_share(placed, **WHAT, breaks="jenks", classes=2, focus="1")
    assert plt.get_fignums() == []


def test_units_without_any_share_have_no_computed_bounds(four_squares):
    units, plan = four_squares
    nobody = Units(units.frame * 0, level="block", year=2020, sources=units.sources, geometry=units.geometry)
    with pytest.raises(InputError, match="0 different shares"):
        kit.map_share(kit.place(nobody, plan), **WHAT, breaks="jenks", classes=2)
