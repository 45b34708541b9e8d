"""What a community is: its fields, its versions, its area, and who may see it."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from kit.errors import InputError, SchemaError
from kit.model.community import Ask, Community, Landmark
from kit.model.community_area import DrawnArea, ListedArea, UnitFinder
from kit.model.private_text import leads_to_people
from kit.model.submissions import Submissions

BLOCK = "250173101001000"


def test_a_community_is_private_until_its_people_say_otherwise():
    one = Community(name="  Little \n Saigon ")
    assert (one.name, one.consent, one.version, one.parent, one.area) == ("Little Saigon", "private", 1, None, None)
    assert one.id.startswith("c-")
    assert one.id != Community(name="x").id
    assert one.made.utcoffset().total_seconds() == 0
    seen = {consent: [a for a in ("public", "commission", "internal") if Community(name="x", consent=consent).may_be_seen_by(a)]
            for consent in ("public", "commission", "private")}  # fmt: skip
    assert seen == {
        "public": ["public", "commission", "internal"],
        "commission": ["commission", "internal"],
        "private": ["internal"],
    }


def test_versions_follow_one_another_and_the_old_one_stays():
    first = Community(name="A", in_common={"work": "shops"})
    second = first.revised(name="B")
    third = second.revised(draft=True)
    assert [(c.version, c.parent, c.name) for c in (first, second, third)] == [(1, None, "A"), (2, 1, "B"), (3, 2, "B")]
    assert {c.id for c in (first, second, third)} == {first.id}
    assert third.in_common.work == "shops"
    with pytest.raises(InputError, match="version 2 cannot come from version 2"):
        Community(name="A", version=2, parent=2)
    with pytest.raises(ValueError, match="frozen"):
        first.name = "C"


def test_it_comes_back_from_json_as_it_was():
    one = Community(
        name="柬埔寨城",
        asks=[{"kind": "not_with", "places": ["Downtown"]}],
        landmarks=[{"name": "Chùa", "point": [-71.3, 42.6]}],
        area={"kind": "polygon", "shape": "POLYGON((0 0,1 0,1 1.0000000000000002,0 0))"},
        extra={"a": "b"},
    )
    assert Community.model_validate_json(one.model_dump_json()) == one


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": " "}, "name: it is empty"),
        ({"name": "A\x00B"}, "name: it holds control characters"),
        ({"name": "A", "in_common": {"work": "\ud800"}}, "in_common.work: it holds control characters"),
        ({"name": "A", "in_common": {"food": "x"}}, "in_common.food: Extra inputs are not permitted"),
        ({"name": "A", "email": "a@b.org"}, "email: Extra inputs are not permitted"),
        ({"name": "A", "consent": "maybe"}, "consent: Input should be 'public', 'commission' or 'private'"),
        ({"name": "A", "asks": [{"kind": "keep_with"}]}, "an ask of kind 'keep_with' names at least one place"),
        ({"name": "A", "asks": [{"kind": "other"}]}, "an ask of kind 'other' says in words what is asked for"),
        ({"name": "A", "landmarks": [{"name": "x", "point": (42.6, -171.3)}]}, "longitude first"),
        ({"name": "A", "area": {"kind": "units", "geoids": ["12345678"]}}, "of no census level the kit can tell; say level="),
        ({"name": "A", "area": {"kind": "units", "geoids": [BLOCK], "level": "bloc"}}, "no level is called 'bloc'"),
        ({"name": "A", "area": {"kind": "units", "geoids": []}}, "at least 1 item"),
        ({"name": "A", "area": {"kind": "polygon", "shape": "POLYGON(("}}, "the area is no shape"),
        ({"name": "A", "area": {"kind": "circle"}}, "area"),
        ({"name": "A", "made": "2026-11-22T07:00:00"}, "made: Input should have timezone info"),
    ],
)  # fmt: skip
def test_faults_are_told_in_one_line(fields, message):
    with pytest.raises(InputError) as caught:
        Community(**fields)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "a@b.org" not in str(caught.value)


def test_a_fault_does_not_repeat_what_was_written():
    with pytest.raises(InputError) as caught:
        Community(name="A", consent="12 Planted Street", in_common={"work": "Planted\x00"})
    assert "Planted" not in str(caught.value)


def test_parts_say_their_own_faults():
    with pytest.raises(InputError, match="this Ask cannot be kept"):
        Ask(kind="keep_with")
    with pytest.raises(InputError, match="this Landmark cannot be kept"):
        Landmark(name="")


def test_every_text_is_listed_by_its_field():
    one = Community(
        name="A", bounds=["Main St"], comments=["c1", "c2"], asks=[{"kind": "keep_with", "places": ["B"], "words": "w"}],
        landmarks=[{"name": "L", "note": "n"}], extra={"k": "v"}, in_common={"other": "o"}, languages=["Khmer"],
    )  # fmt: skip
    assert one.texts() == {
        "name": "A", "in_common.other": "o", "asks.1": "B; w", "landmarks.1": "L; n", "bounds.1": "Main St",
        "languages.1": "Khmer", "comments.1": "c1", "comments.2": "c2", "extra.k": "v",
    }  # fmt: skip


def test_lists_of_units_are_sorted_once_each_and_know_their_level():
    area = ListedArea(geoids=("250173101001001", BLOCK, BLOCK))
    assert (area.geoids, area.level) == ((BLOCK, "250173101001001"), "block")
    assert ListedArea(geoids=(BLOCK, "25017")).level == "several"
    assert ListedArea(geoids=("25017-A",), level="vtd").level == "vtd"
    assert repr(area) == "ListedArea(2 ids, level='block', year=None)"
    shape = DrawnArea(shape=shapely.box(0, 0, 1, 1))
    assert repr(shape) == str(shape) == "DrawnArea(Polygon, 5 points)"
    assert {shape, DrawnArea(shape=shapely.box(0, 0, 1, 1))} == {shape}
    assert shape != DrawnArea(shape=shapely.box(0, 0, 1, 2))


def test_the_finder_finds_units_by_the_beginning_of_their_ids():
    ids = pd.Index(["250173102001000", BLOCK, "250173101001001", "250173101002000"], dtype="str")
    finder = UnitFinder(ids)

    def found(*geoids, **how):
        positions, absent = finder.find(ListedArea(geoids=geoids, **how))
        return positions.tolist(), absent

    assert found(BLOCK) == ([1], [])
    assert found("250173101001") == ([1, 2], [])
    assert found("25017310100", "250173102001000") == ([0, 1, 2, 3], [])
    assert found("25") == ([0, 1, 2, 3], [])
    assert found("250173101001", BLOCK) == ([1, 2], [])
    assert found("36") == ([], ["36"])
    assert found(BLOCK, "250179999001000") == ([1], ["250179999001000"])
    # Ids of voting districts do not nest: one that begins like another is another.
    votes = UnitFinder(["25017-1", "25017-10"])
    assert votes.find(ListedArea(geoids=("25017-1",), level="vtd"))[0].tolist() == [0]
    with pytest.raises(SchemaError, match="the units are coarser, of 5"):
        UnitFinder(["25017"]).find(ListedArea(geoids=(BLOCK,)))
    assert UnitFinder([]).find(ListedArea(geoids=(BLOCK,)))[1] == [BLOCK]


def test_submissions_are_looked_up_by_id_and_name():
    a, b, c = (Community(name=n, id=i) for n, i in (("A", "1"), ("B", "2"), ("B", "3")))
    every = Submissions((a, b, c))
    assert every["1"] is every["A"] is a
    assert every.labels == ("A", "B [2]", "B [3]")
    assert [one.id for one in every.only(lambda one: one.name == "B")] == ["2", "3"]
    assert every.frame["consent"].tolist() == ["private"] * 3
    assert repr(every) == "Submissions(3 communities)"
    assert len(Submissions(()).frame) == 0
    with pytest.raises(InputError, match="2 communities are called 'B'; look one up by its id: 2, 3"):
        every["B"]
    with pytest.raises(InputError, match="no community has the id or name 'C'; there are A, B, B"):
        every["C"]
    with pytest.raises(SchemaError, match="1 communities have an id that stands twice: 1"):
        Submissions((a, a))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("write to ana.li@mail.example.org", ["an e-mail address"]),
        ("call (555) 123-4567 or 555.123.4567", ["a telephone number"]),
        ("call +1 555 123 4567", ["a telephone number"]),
        ("+84 91 234 5678", ["a telephone number"]),
        ("I live at 1420 N. Orchard Grove Ave.", ["a street address"]),
        ("12-34 Main Street, Flushing", ["a street address"]),
        ("233 rue Lafayette St", ["a street address"]),
        ("Apt 4B near the temple", ["an apartment"]),
        ("it begins at my house", ["somebody's home"]),
        ("从我家开始", ["somebody's home"]),
    ],
)
def test_what_leads_to_people(text, kinds):
    assert leads_to_people({"comments.1": text}) == [f"{kind} in comments.1" for kind in kinds]


@pytest.mark.parametrize(
    "text",
    [
        "from Main Street to 5th Avenue", "8th Street and 12th Avenue", "Census 2020, 12,345 people", "BLOCK 250173101001000",
        "Precinct 11 - Johnson Lane", "between 100 and 200 families", "open 1990-2020", "District 3 and District 12",
        "our community and our schools", "the 1420 N corridor", "GEOID 250173101001", "-119.715581",
        "1200 block of Main Street to 5th Avenue",
    ],
)  # fmt: skip
def test_what_does_not(text):
    assert leads_to_people({"comments.1": text}) == []


def test_addresses_of_public_places_are_left():
    texts = {"landmarks.1": "Library, 90 Park Row Street", "bounds.1": "100 Main St", "landmarks.2": "my house"}
    assert leads_to_people(texts) == ["somebody's home in landmarks.2"]
