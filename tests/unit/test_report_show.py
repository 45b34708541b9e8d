"""Results that are no district table, as tables: captions, headings, notes, and nobody few enough to be known."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

import kit
from kit.errors import InputError
from kit.report import show, twins
from kit.report.cells import written
from kit.settings import current

GROUP, BASE = "aapi_aoic", "vap"
OPTIONS = {"group": GROUP, "base": BASE}


@pytest.fixture(scope="module")
def results():
    """Make every kind of result once, of the invented county."""
    sample = kit.load_sample("fictional_county")
    neighbours = kit.adjacency(sample.units)
    placed = {name: kit.place(sample.units, plan) for name, plan in sample.plans.items()}
    areas = kit.communities_of(sample.communities, sample.units, name="name")
    found = kit.clusters(sample.units, adjacency=neighbours, permutations=99, minimum=10, **OPTIONS)
    table = kit.community_split_table(areas, placed, **OPTIONS)
    measures = {name: kit.measure_plan(one, adjacency=neighbours) for name, one in placed.items()}
    return {
        "plans": measures,
        "districts": measures["a"],
        "ranking": kit.rank_plans(placed, communities=areas, against="a", **OPTIONS),
        "comparison": kit.compare_plans(placed["a"], placed["b"], **OPTIONS),
        "swaps": kit.swap_sheet(placed["a"], placed["b"], adjacency=neighbours, **OPTIONS),
        "splits": table.splits["b"],
        "split_table": table,
        "clusters": found,
        "segregation": kit.segregation(sample.units, **OPTIONS),
        "packing": kit.packing(placed["b"], areas=areas, tau=0.4, **OPTIONS),
    }


PARTS = [
    ("plans", None), ("districts", None), ("ranking", None), ("comparison", None), ("swaps", None), ("swaps", "net"),
    ("splits", None), ("splits", "pieces"), ("splits", "sweep"), ("split_table", None), ("clusters", None),
    ("clusters", "classes"), ("segregation", None), ("packing", None), ("packing", "districts"),
]  # fmt: skip
every_part = pytest.mark.parametrize(("name", "part"), PARTS)


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.scopes, self.tags, self.text, self.rows = [], [], [], 0

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.rows += tag == "tr"
        if tag == "th":
            self.scopes.append(dict(attrs)["scope"])

    def handle_data(self, data):
        self.text.append(data)


@every_part
def test_the_page_can_be_walked_through(results, name, part, tmp_path):
    path = kit.write_table(results[name], tmp_path / "t.html", part=part)
    page, twin = Cells(), show.twin_of(results[name], part)
    page.feed(path.read_text("utf-8"))
    assert page.tags.count("caption") == page.tags.count("table") == 1
    assert page.scopes.count("col") == len(twin.columns)
    assert page.scopes.count("row") == page.rows - 1 == len(twin.frame)
    text = " ".join(page.text)
    assert "Sample data, not for testimony" in text
    assert "Not legal advice" in text
    assert twin.title in text
    assert "nan" not in text.replace("finance", "").lower().split()


@every_part
def test_the_csv_keeps_every_column_in_full_and_its_labels(results, name, part, tmp_path):
    path = kit.write_table(results[name], tmp_path / "t.csv", part=part)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    twin = show.twin_of(results[name], part)
    assert len(rows) == len(twin.frame)
    assert not set(twin.labels) & set(twin.frame.columns), "a label would overwrite a figure"
    for row in rows:
        assert "Not legal advice" in row["note"]
        assert row["source"]
        assert set(twin.frame.columns) <= set(row)
        if name not in {"plans", "districts"}:
            assert row["definition"] == GROUP
            assert row["universe"] == "voting-age population (18 and over)"


@every_part
def test_a_notebook_shows_it(results, name, part, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append((data, raw)))
    kit.show_table(results[name], part=part)
    (data, raw), twin = shown[0], show.twin_of(results[name], part)
    assert raw
    assert data["text/plain"].startswith(twin.title)
    assert data["text/html"].count("<table") == 1
    assert "stamp" in data["text/html"]
    assert all(note[:20].replace("&", "&amp;") in data["text/html"] for note in twin.notes if "'" not in note[:20])


def test_many_notes_fold_away_after_the_first(monkeypatch):
    from kit.report.tables import _noted

    assert "details" not in _noted(["one"] * 7)
    folded = _noted([f"note {number}" for number in range(8)])
    assert folded.index("note 4") < folded.index("<details>") < folded.index("note 5")
    assert "3 more notes" in folded


def test_the_first_rows_and_how_many_there_are(results):
    twin = show.twin_of(results["splits"], "pieces")
    short = show.first(twin, 2)
    assert len(short.frame) == 2
    assert short.notes[0] == f"The first 2 of {len(twin.frame)} rows are shown; kit.write_table writes them all."
    assert show.first(twin, len(twin.frame)) is twin
    assert show.first(twin, None) is twin


def test_shares_of_the_comparison_are_those_of_the_tables(results):
    comparison = results["comparison"]
    twin = show.twin_of(comparison)
    first = twin.frame.iloc[0]
    assert dict(twin.columns)["share_after"] == "Share after"
    assert first["share_after"] == comparison.frame["share_after"].iloc[0]
    assert written(first["share_after"], "share_after") == f"{100 * first['share_after']:.1f}%"
    assert twin.labels["before"] == comparison.before.plan.name


def test_a_few_people_are_not_counted_by_group(results):
    """An area of fewer people than the settings allow, and each area with such a piece, lose the group's figures."""
    splits = results["splits"]
    with kit.using(small_base=10**6):
        for part, names in {None: ["count", "share", "cut_off_group"], "pieces": ["count", "share_of_group"]}.items():
            twin = show.twin_of(splits, part)
            assert twin.frame[names].isna().all(axis=None)
            assert twin.frame["base"].notna().all()
            assert "fewer than 1,000,000 people" in twin.notes[-1]
        packed = show.twin_of(results["packing"])
        assert packed.frame[["count", "share"]].isna().all(axis=None)
        assert not show.twin_of(results["clusters"]).frame["count"].notna().any()
    assert splits.frame["count"].notna().all()  # nothing is changed in the result itself


def test_one_small_piece_hides_the_others_too(results):
    splits = results["splits"]
    pieces = splits.pieces.groupby("community")["base"]
    several = pieces.min()[pieces.size() > 1]
    if several.empty:
        pytest.fail("no community of the sample is divided")
    name, least = several.idxmin(), several.min()
    with kit.using(small_base=int(least) + 1):
        frame = show.twin_of(splits, "pieces").frame
    assert frame.loc[frame["community"] == name, "count"].isna().all()


def test_districts_without_units_are_not_listed(results):
    measures = results["districts"]
    frame = measures.frame.copy()
    frame.loc["2", "units"] = 0
    twin = show.twin_of(replace(measures, frame=frame))
    assert "2" not in set(twin.frame["district"])
    assert twin.notes[-1].startswith("1 district holds none of these census blocks and is not")


def test_columns_without_figures_are_not_shown(results):
    measures = results["districts"]
    twin = show.twin_of(replace(measures, frame=measures.frame.assign(deviation=float("nan"))))
    assert "deviation" not in dict(twin.columns)


@pytest.mark.parametrize(
    ("value", "name", "told"),
    [
        (0.23901, "share_before", "23.9%"),
        (0.5, "retention", "50.0%"),
        (0.00601, "population_range_share", "0.60%"),
        (-0.0533, "difference", "\u22125.3\u00a0pts"),
        (0.0001, "gap", "0.0\u00a0pts"),
        (0.00354, "deviation", "+0.35%"),
        (-1234.4, "group_net", "\u22121,234"),
        (0.38419, "mean_polsby_popper", "0.384"),
        (1.06675, "effective_splits", "1.067"),
        (1234.6, "cut_off", "1,235"),
        (True, "preserved", "yes"),
        (False, "above", "no"),
        (pd.NA, "share", "not available"),
        (None, "largest_district", "not available"),
        ("7", "district", "7"),
    ],
)
def test_figures_are_written_for_a_reader(value, name, told):
    assert written(value, name) == told


def test_what_has_no_table_is_told(results, tmp_path):
    with pytest.raises(
        InputError, match="a dict has no table to show; pass a district table, or what kit.measure_plan"
    ):
        kit.show_table({})
    with pytest.raises(InputError, match=r"there is no table 'areas' in a SwapSheet; there are moves, net\."):
        kit.show_table(results["swaps"], part="areas")
    with pytest.raises(InputError, match=r"a table is written as \.csv or \.html, not '\.geojson'\."):
        kit.write_table(results["swaps"], tmp_path / "t.geojson")
    sample = kit.load_sample("fictional_county")
    table = kit.concentration(kit.place(sample.units, sample.plans["a"]), **OPTIONS)
    with pytest.raises(InputError, match="a district table has no part 'net'"):
        kit.write_table(table, tmp_path / "t.csv", part="net")
    alone = kit.packing(table.placement, **OPTIONS)
    with pytest.raises(InputError, match='no areas were given to kit.packing; pass areas=, or show part="districts"'):
        kit.show_table(alone)


def test_the_text_of_a_table_has_a_line_a_row(results):
    twin = show.twin_of(results["ranking"])
    lines = twins.plain(twin).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("Plan: ")
    assert current().small_base == 200
