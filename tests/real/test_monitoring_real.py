"""Every Asian language group that a published list names has its place in the language table, or a note that it has none."""

from __future__ import annotations

import json

import pytest

from kit.analysis.monitoring_context import standing_203
from kit.model.detail_data import AAPI_LANGUAGES

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def listed(data_dir):
    return json.loads((data_dir / "section203" / "asian_2016_2011_aaldef.json").read_text(encoding="utf-8"))["2016"]


def test_every_listed_language_is_told(listed):
    assert len(listed) > 20
    for jurisdiction, languages in listed.items():
        law, notes = standing_203(AAPI_LANGUAGES, languages, [], None)
        told = {one for names in law["listed_as"] for one in names.split(", ") if one}
        left = {one for one in languages if any(one in note for note in notes)}
        assert told | left == set(languages), jurisdiction
        assert not told & left, jurisdiction


@pytest.mark.parametrize(
    ("jurisdiction", "covered"),
    [
        ("Los Angeles CA", set(AAPI_LANGUAGES)),
        ("Lowell MA", {"other_asian_pacific"}),
        ("Queens NY", {"korean", "chinese"}),
        ("Hamtramck MI", set()),
        ("Clark NV", {"tagalog"}),
    ],
)
def test_jurisdictions_by_hand(listed, jurisdiction, covered):
    law, notes = standing_203(AAPI_LANGUAGES, listed[jurisdiction], [], None)
    assert set(law.index[law["standing"] == "covered"]) == covered
    assert bool(notes) == (jurisdiction in {"Queens NY", "Hamtramck MI"})
