"""The Census API as it answers: tables, refusals, pages, pieces that do not fit; and a key that is never told."""

from __future__ import annotations

import json
import logging
import traceback

import pandas as pd
import pytest

from kit.errors import (
    Corrupt,
    KeyMissing,
    KeyRejected,
    NotPublished,
    Offline,
    QueryRejected,
    RateLimited,
    ServerFault,
    SourceError,
)
from kit.model.tables import spelling
from kit.settings import using
from kit.sources import census_api
from kit.sources._http import redact
from kit.sources.api_values import as_numbers, counts
from kit.sources.census_api import query
from kit.sources.pl94171 import read_pl94171

LEVELS = ("state", "county", "tract", "block_group", "block")


@pytest.fixture(scope="module")
def made_up(maker, tmp_path_factory):
    """Make a State: what its files say at every level, and the tables of the API."""
    folder = maker(120).write(tmp_path_factory.mktemp("state") / "raw")
    read = {level: read_pl94171("HI", year=2020, level=level, source=folder, cells="all") for level in LEVELS}
    frame = pd.concat([units.frame for units in read.values()])
    tables = {}
    for year in (2000, 2010, 2020):
        names = [n for n in frame if n[:2] in {"P1", "P2", "P3", "P4", "H1", "P5"}]
        if year == 2000:
            names = [n for n in names if n[:2] not in {"H1", "P5"}]
        table = frame[names].astype(str).rename(columns={n: spelling(n, year=year, source="api") for n in names})
        tables[f"{year}/dec/pl"] = table.assign(NAME=frame["name"].to_numpy())
    return read, tables


@pytest.fixture
def published(server, made_up):
    """Publish the cells of the made-up State through the server; give what the files say."""
    read, tables = made_up
    server.tables.update({name: table.copy() for name, table in tables.items()})
    return read


@pytest.mark.parametrize("level", LEVELS)
def test_the_api_and_the_files_give_the_same_figures(server, published, key, level):
    units = read_pl94171("HI", year=2020, level=level, source="api")
    whole = published[level].frame
    expected = whole[[c for c in units.frame.columns if c != "name"]]
    pd.testing.assert_frame_equal(units.frame.drop(columns="name").sort_index(), expected.sort_index())
    assert units.geometry is None
    source = units.sources[0]
    assert source.where == f"{server.api_url}/2020/dec/pl"
    assert source.retrieved.startswith("20")
    assert source.uncertainty == "disclosure noise"


def test_more_than_fifty_variables_go_in_pieces_joined_by_geoid(server, published, key):
    server.change = lambda number, rows: rows[::-1] if number % 2 else rows
    units = read_pl94171("HI", year=2020, level="tract", source="api", cells="all")
    assert len(server.questions) == 7  # 301 cells, 48 at a time
    assert all(len(q["query"]["get"].split(",")) <= 50 for q in server.questions)
    expected = published["tract"].frame[[c for c in units.frame if c != "name"]]
    pd.testing.assert_frame_equal(units.frame.drop(columns="name").sort_index(), expected)


@pytest.mark.parametrize("year", [2000, 2010])
def test_older_censuses_are_asked_in_their_own_spelling(server, published, key, year):
    units = read_pl94171("HI", year=year, level="county", source="api")
    assert units.frame["aapi_aoic_pop"].tolist() == published["county"].frame["aapi_aoic_pop"].tolist()
    first = server.questions[0]["query"]["get"].split(",")
    assert ("PL001001" if year == 2000 else "P001001") in first
    assert ("GEO_ID" in first) is (year == 2010)


def test_small_areas_are_asked_county_by_county(server, published, key):
    read_pl94171("HI", year=2020, level="block", source="api", counties=["003"])
    assert {q["query"]["in"] for q in server.questions} == {"state:15 county:003"}
    server.asked.clear()
    read_pl94171("HI", year=2020, level="block_group", source="api")
    assert [q["query"]["for"] for q in server.questions[:2]] == ["county:*", "block group:*"]
    server.asked.clear()
    tracts = read_pl94171("HI", year=2020, level="tract", source="api", counties=["003"])
    assert set(tracts.frame.index.str[:5]) == {"15003"}


def test_no_metadata_is_asked_for_and_replies_are_kept(server, published, key):
    first = query("dec/pl", ["NAME", "P1_001N"], year=2020, level="county", state="15")
    asked = [q["path"] for q in server.questions]
    assert asked == ["/data/2020/dec/pl"]
    with using(offline=True):
        again = query("dec/pl", ["NAME", "P1_001N"], year=2020, level="county", state="15")
    assert len(server.questions) == 1
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert first.retrieved == again.retrieved


def test_kept_replies_need_no_key_and_damaged_ones_are_asked_again(server, published, key, monkeypatch):
    first = query("dec/pl", ["P1_001N"], year=2020, level="state", state="15")
    monkeypatch.delenv("CENSUS_API_KEY")
    pd.testing.assert_frame_equal(query("dec/pl", ["P1_001N"], year=2020, level="state", state="15").frame, first.frame)
    (kept,) = census_api.current().cache.joinpath("api").iterdir()
    kept.write_text(kept.read_text()[:50])
    monkeypatch.setenv("CENSUS_API_KEY", key)
    query("dec/pl", ["P1_001N"], year=2020, level="state", state="15")
    assert len(server.questions) == 2


def ask(**changes):
    wanted = {"dataset": "dec/pl", "variables": ["P1_001N"], "year": 2020, "level": "county", "state": "15"} | changes
    return query(wanted.pop("dataset"), wanted.pop("variables"), **wanted)


def test_without_a_key_the_way_out_is_told(server, published):
    with pytest.raises(KeyMissing, match=r"key_signup\.html and set CENSUS_API_KEY, or use source='bulk'"):
        ask()
    assert server.asked == []


def test_a_key_the_server_does_not_know(server, published, monkeypatch):
    monkeypatch.setenv("CENSUS_API_KEY", "f" * 40)
    with pytest.raises(KeyRejected, match="does not know the key in CENSUS_API_KEY"):
        ask()


def test_a_key_lost_on_the_way(server, published, key):
    server.next.append((302, {"Location": f"{server.api_url}/missing_key.html"}, ""))
    with pytest.raises(KeyMissing, match="asks for a key although one was sent"):
        ask()


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"variables": ["B250301_001E"]}, QueryRejected, "unknown variable 'B250301_001E'"),
        ({"year": 2030}, NotPublished, "does not have this data set for this year"),
        ({"state": "99"}, NotPublished, "has nothing for county:.* Ask for larger areas, such as level='county'"),
        ({"level": "vtd"}, ValueError, "the API is asked for state, county, tract, block_group, block"),
    ],
)
def test_refusals_of_the_server(server, published, key, changes, kind, message):
    with pytest.raises(kind, match=message):
        ask(**changes)
    folder = census_api.current().cache / "api"
    assert not folder.exists() or not list(folder.iterdir())


BAD_GEOGRAPHY = (400, {"kind": "text/plain"}, "error: unknown/unsupported geography heirarchy")


@pytest.mark.parametrize(
    ("answers", "kind", "message"),
    [
        ([BAD_GEOGRAPHY], QueryRejected, "unknown/unsupported geography heirarchy"),
        ([(429, {"Retry-After": "7"}, "")] * 3, RateLimited, "asks for fewer requests"),
        ([(500, {}, "oops")] * 3, ServerFault, r"failed on its side \(500, 3 attempts\)"),
        ([(503, {}, "")] * 3, ServerFault, "503"),
        ([(200, {}, "<html><title>Sorry</title></html>")], Corrupt, "not a JSON table"),
        ([(200, {"kind": "application/json"}, '[["P1_002N","state"],["1","15"]]')], Corrupt, "it lacks P1_001N"),
        ([(200, {"kind": "application/json"}, '[["P1_001N","GEO_ID","state","county"]]')], Corrupt, "has no rows"),
        (
            [
                (
                    200,
                    {"kind": "application/json"},
                    '[["P1_001N","GEO_ID","state","county"],["1","0500000US15001","15"]]',
                )
            ],
            Corrupt,
            "unequal length",
        ),
        (
            [(200, {"kind": "application/json"}, '[["P1_001N","GEO_ID","state"],["1","0500000US15001","15"]]')],
            Corrupt,
            "lacks the column county",
        ),
        (
            [
                (
                    200,
                    {"kind": "application/json"},
                    '[["P1_001N","GEO_ID","state","county"],["1","0500000US15009","15","001"]]',
                )
            ],
            Corrupt,
            "GEO_ID and the geography columns disagree",
        ),
        ([(418, {}, "teapot")], SourceError, "answered 418"),
    ],
)
def test_bad_answers_are_told_apart_and_never_kept(server, published, key, answers, kind, message):
    server.next += answers
    with pytest.raises(kind, match=message):
        ask()
    folder = census_api.current().cache / "api"
    assert not folder.exists() or not list(folder.iterdir())


def test_passing_trouble_is_waited_out(server, published, key, waits):
    server.next += [(429, {"Retry-After": "7"}, ""), (503, {}, "")]
    assert len(ask().frame) == 2
    assert waits == [7.0, 1.0]
    server.next += [(429, {"Retry-After": "86400"}, "")]
    ask(level="state")
    assert waits[-1] == 60.0


def test_a_server_that_is_not_there(published, key, waits):
    with using(api_url="http://127.0.0.1:9/data"), pytest.raises(Offline, match=r"127\.0\.0\.1 cannot be reached"):
        ask()
    assert len(waits) == 2


def test_the_network_may_be_switched_off(server, published, key):
    with (
        using(offline=True),
        pytest.raises(Offline, match=r"2020/dec/pl, county:\*, is not in the cache and the network is off"),
    ):
        ask()
    assert server.asked == []


def test_pieces_that_name_different_areas_are_refused(server, published, key):
    server.change = lambda number, rows: rows[1:] if number == 2 else rows
    with pytest.raises(Corrupt, match="two parts of one question .* 15001 are in one only"):
        read_pl94171("HI", year=2020, level="county", source="api")


@pytest.mark.parametrize("value", [None, "-666666666", "-555555555", "-999999999"])
def test_a_count_that_is_missing_is_an_error_and_never_a_number(server, published, key, value):
    server.tables["2020/dec/pl"].loc["15003", "P1_006N"] = value
    with pytest.raises(Corrupt, match="no value for P1_006N in 1 areas, first 15003"):
        read_pl94171("HI", year=2020, level="county", source="api")


def test_special_values_become_missing_and_words_are_refused():
    frame = pd.DataFrame({"a": ["12", "-666666666", None, "-555555555", "0"]}, dtype="str")
    assert as_numbers(frame)["a"].fillna(-1).tolist() == [12, -1, -1, -1, 0]
    with pytest.raises(Corrupt, match="a holds a blank where the Census API should give numbers"):
        as_numbers(pd.DataFrame({"a": ["12", ""]}, dtype="str"))
    with pytest.raises(Corrupt, match=r"holds \(X\) where the Census API should give numbers"):
        as_numbers(pd.DataFrame({"a": ["(X)"]}, dtype="str"))
    with pytest.raises(Corrupt, match="negative or not whole"):
        counts(pd.DataFrame({"a": ["1.5"]}, dtype="str"), what="the reply")


def test_levels_the_api_is_not_asked_for(server, key):
    with pytest.raises(NotPublished, match="places are not read from the API; use source='bulk'"):
        read_pl94171("HI", year=2020, level="place", source="api")


def test_the_key_is_told_to_nobody_but_the_server(server, published, key, caplog):
    caplog.set_level(logging.DEBUG)
    read_pl94171("HI", year=2020, level="county", source="api")
    assert all(q["query"]["key"] == key for q in server.questions)
    told = [caplog.text]
    kept = list(census_api.current().cache.rglob("*.json"))
    assert kept
    told += [f"{path.name} {path.read_text()}" for path in kept]
    hangs_up = [lambda handler: setattr(handler, "close_connection", True)] * 3
    for trouble in ([BAD_GEOGRAPHY], [(500, {}, "")] * 3, hangs_up, [(302, {"Location": "http://[bad"}, "")]):
        server.next += trouble
        with pytest.raises(SourceError) as caught:
            ask(variables=["P1_002N"])
        told += ["".join(traceback.format_exception(caught.value)), repr(caught.value), repr(caught.value.__context__)]
        server.next.clear()
    echo = (400, {"kind": "text/plain"}, f"error: bad request for key {key}")
    server.next.append(echo)
    with pytest.raises(QueryRejected) as caught:
        ask(variables=["P1_002N"])
    told += [str(caught.value), caplog.text]
    assert not [text for text in told if key in text]
    assert "key=***" in caplog.text


def test_redacting_keeps_the_rest(monkeypatch):
    monkeypatch.setenv("CENSUS_API_KEY", "abcdef")
    assert redact("a\n b?get=X&key=zzz&for=us abcdef") == "a b?get=X&key=***&for=us ***"


def test_documented_bodies_of_the_api_are_read(server, key):
    body = [["NAME", "P1_001N", "GEO_ID", "state"], ["California", "39538223", "0400000US06", "06"]]
    server.next.append((200, {"kind": "application/json;charset=utf-8"}, json.dumps(body)))
    reply = query("dec/pl", ["NAME", "P1_001N"], year=2020, level="state", state="06")
    assert reply.frame.loc["06"].tolist() == ["California", "39538223"]
