"""What must hold of every table, every label and every share, however odd."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import SchemaError
from kit.model.geoid import STATES, as_geoids, level_of, natural_key
from kit.model.groups import DEFINITIONS, NEVER_MORE, derive
from kit.model.identities import check_cells, check_counts
from kit.model.sentences import percent
from kit.model.tables import TABLES, canonical, cells_of, spelling
from kit.model.tiers import NO_SHARE, TIERS, tier_of

_SPEC = importlib.util.spec_from_file_location("census_tables", Path(__file__).with_name("census_tables.py"))
_MAKER = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MAKER)
census_tables = _MAKER.census_tables

few = settings(max_examples=15, deadline=None)


@few
@given(census_tables())
def test_true_tables_pass_and_their_counts_pass(table):
    check_cells(table)
    check_counts(derive(table))


@few
@given(census_tables())
def test_counts_of_groups(table):
    counts = derive(table)
    assert len(counts.columns) == 2 * len(DEFINITIONS)
    for base in ("pop", "vap"):
        for prefix in ("", "nh_"):
            asian, nhpi, both, either = (
                counts[f"{prefix}{who}_{base}"] for who in ("asian_aoic", "nhpi_aoic", "aapi_both", "aapi_aoic")
            )
            assert (asian + nhpi - both == either).all()
            assert (
                counts[f"{prefix}asian_alone_{base}"] + counts[f"{prefix}nhpi_alone_{base}"]
                == counts[f"{prefix}aapi_alone_{base}"]
            ).all()
        for small, large in NEVER_MORE:
            assert (counts[f"{small}_{base}"] <= counts[f"{large}_{base}"]).all(), (small, large)
        assert (counts[f"aapi_aoic_{base}"] <= counts[f"total_{base}"]).all()
    for group in DEFINITIONS:
        assert (counts[f"{group}_vap"] <= counts[f"{group}_pop"]).all()


@few
@given(census_tables(), st.data())
def test_counts_add_up_over_any_grouping(table, data):
    districts = data.draw(st.lists(st.sampled_from("AB"), min_size=len(table), max_size=len(table)))
    keys = np.array(districts)
    assert derive(table.groupby(keys).sum()).equals(derive(table).groupby(keys).sum())


@few
@given(census_tables(), st.data())
def test_one_person_too_many_in_any_total_is_found(table, data):
    name = data.draw(st.sampled_from([c for t in ("P1", "P2", "P3", "P4") for c in cells_of(t)]))
    row = data.draw(st.sampled_from(list(table.index)))
    table.loc[row, name] += 1
    with pytest.raises(SchemaError, match=row):
        check_cells(table)


labels = st.lists(st.text("0123456789AaBb- ", min_size=1, max_size=6), unique=True, max_size=8)


@given(labels, st.randoms())
def test_natural_order_does_not_depend_on_the_order_given(names, random):
    shuffled = names.copy()
    random.shuffle(shuffled)
    keys = [natural_key(name) for name in sorted(names, key=natural_key)]
    assert [natural_key(name) for name in sorted(shuffled, key=natural_key)] == keys
    assert sorted(keys) == keys


@given(st.lists(st.integers(0, 10**6), unique=True))
def test_natural_order_of_numbers_is_their_order(numbers):
    assert sorted(map(str, numbers), key=natural_key) == [str(n) for n in sorted(numbers)]


@few
@given(st.sets(st.tuples(st.sampled_from(sorted(STATES)), st.integers(0, 999)), min_size=1, max_size=20))
def test_county_ids_survive_a_spreadsheet_that_ate_their_zeros(pairs):
    whole = [f"{state}{county:03d}" for state, county in sorted(pairs)]
    for eaten in ([int(i) for i in whole], [str(int(i)) for i in whole], [float(i) for i in whole]):
        ids, repaired = as_geoids(eaten, level="county")
        assert ids.tolist() == whole
        assert repaired == sum(i.startswith("0") for i in whole)
    assert level_of(whole) == "county"


@given(st.sampled_from([c for t in TABLES for c in cells_of(t)]), st.sampled_from([2010, 2020]))
def test_spellings_go_there_and_back(name, year):
    assert canonical(spelling(name, year=year, source="api")) == name
    assert canonical(spelling(name, year=year, source="file")) == name


@given(st.floats(0, 1), st.integers(0, 3))
def test_percent_never_rounds_onto_a_mark_it_is_not_at(share, places):
    text = percent(share, places)
    shown = float(text.removesuffix("%"))
    for mark in (0.0, 50.0, 100.0):
        if abs(share - mark / 100) > 1e-9:
            assert shown != mark
    assert abs(shown - 100 * share) <= 0.5 * 10**-places + 1e-9
    assert (shown > 50) == (share > 0.5) or abs(share - 0.5) < 1e-9


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=20))
def test_tiers_are_strict(shares):
    found = tier_of(pd.Series(shares, dtype=float))
    bounds = {tier.label: tier.above for tier in TIERS}
    uppers = dict(zip([t.label for t in TIERS], [1.0, *(t.above for t in TIERS[:-1])], strict=True))
    for share, label in zip(shares, found, strict=True):
        if share != share:
            assert label == NO_SHARE
        else:
            assert bounds[label] < share <= uppers[label]
