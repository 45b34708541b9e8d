"""Nothing that is printed escapes translation: every sentence of every result can be said again in another language.

The catalogue of these tests puts ``⟦`` and ``⟧`` around each message, so that words that are no message stand outside.
"""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis.area_counts import BY_SURFACE
from kit.i18n import catalogues
from kit.i18n.messages import Figure, Message, capital, english, figure, joined, retold, say, term
from kit.model.claims import Claim
from kit.model.crosswalk import Crosswalk
from kit.model.sentences import few, goes_beyond, listed, number_of, people, percent
from kit.model.source import Source

GROUP, BASE = "aapi_aoic", "vap"


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak a language in which every message stands between two marks."""
    monkeypatch.setattr(catalogues, "translation", lambda template, _: f"⟦{template}⟧")
    with kit.using(language="vi"):
        yield


@pytest.fixture(scope="module")
def county():
    return kit.load_sample("fictional_county")


@pytest.fixture(scope="module")
def placed(county):
    """Both plans, and plan A with a part of the county only, so that districts go on beyond the units."""
    units = county.units
    south = units.frame.index[units.frame["tract"] == units.frame["tract"].iloc[0]]
    geometry = units.geometry.loc[south]
    part = kit.Units(units.frame.loc[south], "block", 2020, units.sources, geometry)
    return {
        "a": kit.place(units, county.plans["a"]),
        "b": kit.place(units, county.plans["b"]),
        "part": kit.place(part, county.plans["a"]),
        "point": kit.place(part, county.plans["b"], rule="point"),
        "area": kit.place(part, county.plans["a"], rule="area"),
    }


@pytest.fixture(scope="module")
def areas(county):
    return kit.communities_of(county.communities, county.units, name="name")


@pytest.fixture(scope="module")
def survey(county):
    """Estimates with margins of error, placed by the point of each tract or block group."""
    units = county.survey("B02001").with_geometry(_shapes(county))
    return kit.place(units, county.plans["a"], rule="area", outside="report")


def _shapes(county):
    import geopandas

    blocks = geopandas.GeoDataFrame(geometry=county.units.geometry).assign(group=county.units.frame["block_group"])
    return blocks.dissolve("group")


@pytest.fixture(scope="module")
def results(county, placed, areas, survey):
    """One of each kind of result, all computed in English."""
    a, b, units = placed["a"], placed["b"], county.units
    near = kit.adjacency(units)
    by = {"group": GROUP, "base": BASE}
    clusters = kit.clusters(units, adjacency=near, permutations=99, q=0.3, **by)
    share = kit.unit_shares(units, **by)["share"]
    made = {
        **{f"concentration {name}": kit.concentration(one, **by) for name, one in placed.items()},
        "everyone": kit.concentration(a, group="asian_alone", base="pop"),
        "survey": kit.concentration(survey, group="asian_alone", base="pop"),
        "ladder": kit.definition_ladder(a, base=BASE),
        "measures": kit.measure_plan(a, adjacency=near),
        "measures of part": kit.measure_plan(placed["part"], minimum_share=0.1),
        "comparison": kit.compare_plans(a, b, **by),
        "swaps": kit.swap_sheet(a, b, adjacency=near, **by),
        "no swaps": kit.swap_sheet(a, a, **by),
        "splits": kit.community_splits(areas, b, **by),
        "table of splits": kit.community_split_table(areas, {"A": a, "B": b}, **by),
        "packing": kit.packing(b, areas=areas, tau=0.3, adjacency=near, **by),
        "packing without": kit.packing(a, areas=areas, **by),
        "clusters": clusters,
        "clusters of Gi": kit.clusters(units, adjacency=near, permutations=99, method="gi", sides="one", **by),
        "moran": kit.moran(share, near, permutations=99),
        "segregation": kit.segregation(units, **by),
        "segregation in districts": kit.segregation(a, group="asian_alone", base="pop", against="nhpi_alone"),
        "contiguity": kit.contiguity(a, near),
        "ranking": kit.rank_plans([a, b], against=a, **by),
    }
    made |= _estimates(survey)
    made["verdicts"] = [kit.check_claim(claim, *evidence) for claim, evidence in _claims(made, placed, areas, survey)]
    return made


def _estimates(survey) -> dict[str, object]:
    """Give results that stand on estimates: shared out, crosswalked, moved within margins, screened."""
    ids = pd.Index([f"06037101110{n}" for n in range(1, 5)], dtype="str", name="GEOID")
    counts = {
        "cvap_01": [100, 200, 40, 0],
        "cvap_04": [30, 60, 0, 0],
        "cvap_06": [10, 0, 0, 0],
        "cvap_09": [4, 8, 0, 0],
    }
    margins = {f"{name}_moe": [9.0, 16, 11, 12] for name in (*counts, "cvap_12")}
    frame = pd.DataFrame({**counts, "cvap_12": [4, 4, 0, 0], **margins}, index=ids)
    source = kit.Source("Special tabulation", year=2022, uncertainty="sampling MOE")
    coarse = kit.Units(frame, "block_group", 2020, (source,))
    blocks = pd.Index([f"{group}{n:03d}" for group in ids for n in (0, 1)], dtype="str", name="GEOID")
    people_ = pd.DataFrame({"total_pop": [40, 10] * 4, "total_vap": [30, 10] * 4}, index=blocks)
    fine = kit.Units(people_, "block", 2020, (kit.Source("P.L. 94-171", year=2020),))
    made = kit.allocate(coarse, fine, weight="total_vap")
    listed_ = pd.Series(["1", "2", "1", "1", "2", "2", "2", "2"], index=blocks)
    plan = kit.Plan("Halves", ("1", "2"), assignment=listed_, level="block", year=2020)
    table = Crosswalk(_half(blocks), "block", 2020, 2030, sources=(kit.Source("Table"),))
    moved = kit.crosswalk(fine, table, lost="report")
    near = kit.adjacency(survey.units)
    by = {"group": "asian_alone", "base": "pop", "adjacency": near, "permutations": 99, "q": 0.5}
    lep = pd.DataFrame({"lep": [501.0, 9], "lep_moe": 9.0, "cvap": [10_000.0, 900], "cvap_moe": 9.0}, index=ids[:2])
    return {
        "shared out": kit.concentration(kit.place(made.units, plan), group="nh_asian_alone", base="cvap"),
        "sharing out": made.units,
        "halves": kit.place(made.units, plan),
        "crosswalk": moved,
        "clusters of estimates": (found := kit.clusters(survey.units, **by)),
        "smoothed clusters": kit.clusters(survey.units, smoothing="empirical_bayes", **by),
        "stability": kit.stability(found, draws=5),
        "screen": kit.screen_203(lep, language="Korean", limited="lep", citizens="cvap"),
    }


def _half(blocks: pd.Index) -> pd.DataFrame:
    """Give weights that keep most of each block, and lose one."""
    weights = [0.96, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.2]
    return pd.DataFrame({"source": blocks, "target": blocks, "weight": weights, "area": np.nan})


def _claims(made, placed, areas, survey):
    """Give claims of every kind with what each is checked against."""
    by = {"group": GROUP, "base": BASE}
    old, new = made["concentration a"], made["concentration b"]
    for table in (old, made["concentration part"], made["concentration area"]):
        for label in ("1", "2", "4"):
            for claim in (
                Claim.majority(label, **by),
                Claim.share(label, more_than=0.3, **by),
                Claim.share(label, at_least=0.05, **by),
                Claim.share(label, less_than=0.5, **by),
                Claim.share(label, at_most=0.1, **by),
                Claim.share(label, is_=0.2, **by),
                Claim.only(label, above=0.3, **by),
                Claim.only(label, above=0.05, **by),
                Claim.largest(label, **by),
                Claim.largest_group(label, among=("nh_white_alone", "hispanic"), **by),
                Claim.more_than(label, "3", **by),
                Claim.more_than(label, **by),
            ):
                yield claim, (table,)
    for label in ("1", "2", "3", "4"):
        yield Claim.loses(label, **by), (old, new)
        yield Claim.gains(label, n=100, **by), (old, new)
        yield Claim.grew(label, **by), (old, new)
        tract = {"group": "asian_alone", "base": "pop"}
        yield Claim.grew(label, **tract), (made["everyone"], made["survey"])
        yield Claim.share(label, more_than=0.3, **tract), (made["survey"],)
        yield Claim.share(label, is_=0.3, **tract), (made["survey"],)
        yield Claim.only(label, above=0.3, **tract), (made["survey"],)
        yield Claim.largest(label, **tract), (made["survey"],)
        yield Claim.more_than(label, **tract), (made["survey"],)
    shared = {"group": "nh_asian_alone", "base": "cvap"}
    for claim in (Claim.majority("1", **shared), Claim.share("2", is_=0.3, **shared), Claim.largest("1", **shared)):
        yield claim, (made["shared out"],)
    for name, bound in (("1", 0.2), ("1", 0.35), ("2", 0.5)):
        yield Claim.share(name, more_than=bound, group="nh_aapi_aoic", base="cvap"), (made["halves"],)
        yield Claim.share(name, less_than=bound, group="aapi_aoic", base="cvap"), (made["halves"],)
    yield Claim.more_than("1", "2", group="nh_aapi_aoic", base="cvap"), (made["halves"],)
    yield Claim.more_than("1", group="nh_aapi_aoic", base="cvap"), (made["halves"],)
    yield Claim.majority("1", **by), (made["everyone"],)
    for name in areas.names:
        yield Claim.split_into(name, 2, **by), (made["splits"],)
        yield Claim.split_into(name, 9, at_least=True), (made["splits"],)


def _texts(result) -> list[str]:
    """List what a result stores and what it says when it is printed."""
    if isinstance(result, kit.Verdict):
        told = [result.statement, result.basis, result.title, result.reason, *result.tests, result.sentence]
        return [*told, *(retold(text) for text in told)]
    told = [*result.notes, *(note for one in _placements(result) for note in one.notes)]
    said = [retold(note) for note in told]
    return [*said, *([result.summary()] if hasattr(result, "summary") else [])]


def _placements(result) -> list:
    return [one for name in ("placement", "before", "after") if (one := getattr(result, name, None)) is not None]


def _outside(text: str) -> str:
    """Take away all that stands between marks."""
    while (fewer := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = fewer
    return text.strip()


def _values(text: str) -> Iterator[str]:
    """List the plain words that stand in the braces of a message, however deep."""
    if isinstance(text, Figure):
        return
    if not isinstance(text, Message):
        yield text
        return
    for part in text.parts:
        yield from _values(part)
    for value in text.values.values():  # noqa: PD011 — of a message
        if isinstance(value, str):
            yield from _values(value)


def _every(results) -> list[tuple[str, object]]:
    verdicts = [(f"verdict on {one.claim.kind}", one) for one in results["verdicts"]]
    return [*((name, one) for name, one in results.items() if name != "verdicts"), *verdicts]


def _names(county, areas) -> set[str]:
    """List the proper names that no language translates."""
    plans = county.plans.values()
    names = {*areas.names, *(plan.name for plan in plans), *(plan.jurisdiction for plan in plans)}
    return names | {"Fairwater County (fictional)"}


def test_every_printed_sentence_is_a_message(results, marked):
    escaped = []
    for name, result in _every(results):
        texts = _texts(result)
        if isinstance(result, kit.Verdict):
            texts = texts[len(texts) // 2 :]
        escaped += [(name, text) for text in texts if _outside(text)]
    assert escaped == []


def test_no_english_hides_in_the_braces(results, county, areas):
    names = _names(county, areas)
    hidden = {
        (name, value)
        for name, result in _every(results)
        for text in _texts(result)
        for value in _values(text)
        if " " in value.strip() and value not in names and not value.startswith("WGS 84")
    }
    assert hidden == set()


def test_said_again_in_english_they_are_as_they_were(results, monkeypatch):
    before = {name: list(map(str, _texts(result))) for name, result in _every(results)}
    monkeypatch.setattr(catalogues, "translation", lambda template, _: f"⟦{template}⟧")
    with kit.using(language="vi"):
        after = {name: [english(text) for text in _texts(result)] for name, result in _every(results)}
    assert after == before


def test_texts_are_in_english_until_a_language_is_chosen(results):
    assert all("⟦" not in text for _, result in _every(results) for text in _texts(result))


def test_a_verdict_prints_every_line_in_the_language(results, marked):
    for verdict in results["verdicts"]:
        assert all(not _outside(line.removeprefix("- ")) for line in str(verdict).split("\n"))


def test_citations_are_said_when_they_are_printed(county, marked):
    sources = [source for plan in county.plans.values() for source in (*plan.sources, *county.units.sources)]
    assert all(not _outside(source.citation()) for source in sources)
    assert all(not _outside(retold(source.note)) for source in sources)


def test_a_computation_is_the_same_in_every_language(results, placed, areas, survey, marked):
    table = kit.concentration(placed["part"], group=GROUP, base=BASE)
    assert table.frame.equals(results["concentration part"].frame)
    assert len(goes_beyond(kit.place(placed["part"].units, placed["part"].plan).notes)) == 1
    made = {**results, "concentration part": table}
    for (claim, evidence), old in zip(_claims(made, placed, areas, survey), results["verdicts"], strict=True):
        assert kit.check_claim(claim, *evidence).status == old.status


def test_results_survive_pickling_and_copies(results):
    for name in ("concentration part", "comparison", "swaps"):
        stored = pickle.loads(pickle.dumps(results[name]))
        assert [note.template for note in stored.notes] == [note.template for note in results[name].notes]
        assert copy.deepcopy(results[name]).summary() == results[name].summary()
    verdict = pickle.loads(pickle.dumps(results["verdicts"][0]))
    assert verdict.reason == results["verdicts"][0].reason
    assert hash(verdict.reason) == hash(str(verdict.reason))


def test_a_source_with_a_message_is_the_source_with_its_words():
    told, plain = (
        Source("P", note=say("Sample data, not for testimony.")),
        Source("P", note="Sample data, not for testimony."),
    )
    assert told == plain
    assert hash(told) == hash(plain)


def test_figures_are_written_as_the_language_writes_them():
    told = say("In {whole}, {count} of {base}", whole="X", count=people(1234.4), base=percent(0.1234))
    assert told == "In X, 1,234 of 12.3%"
    assert english(figure("1,234.5")) == "1,234.5"
    with kit.using(language="vi"):
        assert percent(0.1234) == "12,3%"
        assert people(1234567) == "1.234.567"
        assert retold(figure("1,234.5")) == "1.234,5"
        assert english(people(1234567)) == "1,234,567"


def test_a_sentence_without_translation_keeps_english_figures(monkeypatch):
    monkeypatch.setattr(catalogues, "translation", lambda *_: None)
    with kit.using(language="vi"):
        assert say("{share} of all", share=percent(0.1234)) == "12.3% of all"


def test_lists_join_with_the_words_of_the_language(marked):
    assert listed(["1", "2", "3"]) == "⟦1⟦, ⟧2 and 3⟧"
    assert listed(["1"]) == "1"
    assert few(range(7), 2) == "⟦0⟦, ⟧1 and 5 more⟧"
    assert english(few(range(7), 2)) == "0, 1 and 5 more"
    assert number_of(1, "communities") == "⟦1 ⟦community⟧⟧"
    assert number_of(2346, "census tracts") == "⟦2.346 ⟦census tracts⟧⟧"


def test_capitals_begin_what_is_said(marked):
    assert capital(term("the rest")) == "⟦⟦the rest⟧⟧"
    with kit.using(language="en"):
        assert capital(term("the rest")) == "The rest"
        assert say("{who:capital}.", who=joined(["a", "b"])) == "A b."


def test_what_joins_nothing_is_nothing(marked):
    assert joined([], say(", ")) == ""
    assert retold(joined([], say(", "))) == ""


def test_notes_that_are_looked_for_are_known_in_every_language(placed, areas, marked):
    notes = [retold(note) for note in placed["part"].notes]
    assert any(note.startswith("⟦") for note in notes)
    assert goes_beyond(notes)
    assert not goes_beyond(["Overlay in EPSG:3310."])
    assert any(BY_SURFACE in english(retold(note)) for note in areas.notes)
