"""Whatever units a form is made of: numbers lead back to the same units, and a changed key has another code."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import InputError
from kit.model.paper import PaperKey, numbers_of
from kit.sources.paper_files import read_paper_key, write_paper_key

ids = st.lists(st.text("0123456789", min_size=11, max_size=15), min_size=1, max_size=60, unique=True).map(tuple)
words = st.text("abc é文,;\"'\n", max_size=8).map(str.strip)


@st.composite
def keys(draw):
    """Make a key with or without names and squares."""
    geoids = draw(ids)
    names = tuple(draw(words) for _ in geoids) if draw(st.booleans()) else ()
    squares = tuple(f"A{n}" for n in range(len(geoids))) if draw(st.booleans()) else ()
    level = draw(st.sampled_from(["", "block", "tract"]))
    year = draw(st.none() | st.integers(1990, 2040))
    return PaperKey(geoids, level, year, names if any(names) else (), squares, draw(st.booleans()))


@given(keys(), st.data())
def test_numbers_lead_back_to_the_same_units(key, data):
    chosen = data.draw(st.sets(st.sampled_from(key.geoids)))
    assert set(key.find(key.numbers(sorted(chosen)))) == chosen


@given(keys())
def test_a_key_that_is_written_is_read_again(key):
    with tempfile.TemporaryDirectory() as folder:
        assert read_paper_key(write_paper_key(key, Path(folder) / "key.csv")) == key


@given(keys(), keys())
def test_the_code_tells_keys_apart(one, other):
    same = (one.geoids, one.level, one.year, one.sample) == (other.geoids, other.level, other.year, other.sample)
    assert (one.code == other.code) == same


@given(st.sets(st.integers(1, 5000), max_size=40), st.sampled_from([", ", "; ", "\n", " , ", "、"]))
def test_numbers_are_read_however_they_are_parted(numbers, between):
    assert set(numbers_of(between.join(map(str, numbers)))) == numbers


@given(keys(), st.integers(1, 10_000))
def test_a_number_beyond_the_map_is_refused(key, over):
    with pytest.raises(InputError, match="the map has no number"):
        key.find(str(len(key) + over))
