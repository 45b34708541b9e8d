"""AAPI definitions and table cells, against lists made by others."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from kit.errors import InputError
from kit.model.groups import (
    BASES,
    DEFINITIONS,
    LADDER,
    NEVER_MORE,
    base_of,
    column,
    definition,
    derive,
    parse_column,
    parts,
)
from kit.model.tables import RACE_CELLS, RACES, TABLES, canonical, cell, cells_of, spelling

OURS = {"both": "aapi_both"}  # the list's name → ours
PAIRS = {"P1": ("", "pop"), "P2": ("nh_", "pop"), "P3": ("", "vap"), "P4": ("nh_", "vap")}


@pytest.fixture(scope="module")
def answers(fixtures_dir):
    return json.loads((fixtures_dir / "aapi_cells.json").read_text(encoding="utf-8"))


def test_every_race_cell(answers):
    assert {n: sorted(r) for n, r in RACE_CELLS.items()} == {
        int(n): sorted(r) for n, r in answers["cell_races"].items()
    }
    assert len(RACE_CELLS) == 63
    assert len(set(RACE_CELLS.values())) == 63


def test_every_definition_in_both_numberings(answers):
    for name, numbers in answers["sets_p1_p3"].items():
        assert list(DEFINITIONS[OURS.get(name, f"{name}" if name != "both" else "aapi_both")].cells) == numbers, name
    for name, numbers in answers["sets_p2_p4"].items():
        ours = f"nh_{OURS.get(name, name)}"
        assert list(DEFINITIONS[ours].cells) == numbers, name


def test_every_spelling_of_every_cell(answers):
    for name, spellings in answers["codes"].items():
        for form, tables in spellings.items():
            year, source = int(form[:4]), "file" if form.endswith("file") else "api"
            for table, codes in tables.items():
                key = f"{table[0]}{table[-1]}"
                prefix, base = PAIRS[key]
                ours = DEFINITIONS[f"{prefix}{OURS.get(name, name)}"].columns(base)
                assert [spelling(c, year=year, source=source) for c in ours] == codes, (name, form, table)
                assert [canonical(c) for c in codes] == list(ours), (name, form, table)


def test_counts_of_cells():
    sizes = {name: len(DEFINITIONS[name].cells) for name in ("asian_alone", "asian_aoic", "aapi_aoic", "aapi_both")}
    assert sizes == {"asian_alone": 1, "asian_aoic": 32, "aapi_aoic": 48, "aapi_both": 16}
    # Marked White and Some Other Race at will, and Asian, NHPI or both: 3 × 4 combinations.
    assert len(DEFINITIONS["aapi_doj_sor"].cells) == 12


def test_definitions_by_hand():
    def counted(name):
        return {tuple(sorted(RACE_CELLS[n])) for n in DEFINITIONS[name].cells}

    assert counted("asian_doj") == {("asian",), ("asian", "white")}
    assert counted("nhpi_doj") == {("nhpi",), ("nhpi", "white")}
    assert counted("aapi_doj") - counted("asian_doj") - counted("nhpi_doj") == {
        ("asian", "nhpi"),
        ("asian", "nhpi", "white"),
    }
    assert counted("asian_doj_sor") == {
        ("asian",),
        ("asian", "white"),
        ("asian", "sor"),
        ("asian", "sor", "white"),
    }
    assert counted("aapi_alone") == {("asian",), ("nhpi",)}


def test_combined_groups_are_made_of_disjoint_cells():
    for prefix in ("", "nh_"):
        for kind in ("alone", "aoic", "doj"):
            asian, nhpi, either = (set(DEFINITIONS[f"{prefix}{who}_{kind}"].cells) for who in ("asian", "nhpi", "aapi"))
            assert asian | nhpi <= either
        both = set(DEFINITIONS[f"{prefix}aapi_both"].cells)
        asian, nhpi = (set(DEFINITIONS[f"{prefix}{who}_aoic"].cells) for who in ("asian", "nhpi"))
        assert both == asian & nhpi


def test_every_never_more_is_true_of_the_cells():
    for small, large in NEVER_MORE:
        if small.startswith("nh_") and not large.startswith("nh_"):
            assert {n - 2 for n in DEFINITIONS[small].cells} == set(DEFINITIONS[large].cells)
        else:
            assert set(DEFINITIONS[small].cells) <= set(DEFINITIONS[large].cells), (small, large)


def test_ladder_names_are_definitions_with_words():
    assert set(LADDER) <= set(DEFINITIONS)
    assert all(rule.short and rule.long for rule in DEFINITIONS.values())


def test_unknown_group_suggests_near_ones():
    with pytest.raises(InputError, match=r"no group is called 'aapi_aiac'; did you mean aapi_aoic"):
        definition("aapi_aiac")
    with pytest.raises(InputError, match=r"did you mean aapi_aoic, aapi_doj, aapi_alone\?"):
        definition("zzz")


def test_unknown_base():
    with pytest.raises(InputError, match="no base is called 'adults'; bases are pop, vap, cvap, registered, voted"):
        base_of("adults")


def test_bases_without_a_redistricting_table():
    with pytest.raises(InputError, match="P.L. 94-171 has no citizen voting-age population; it has pop and vap"):
        definition("aapi_aoic").columns("cvap")
    assert set(BASES) == {"pop", "vap", "cvap", "registered", "voted"}


def test_total_columns():
    assert definition("total").columns("pop") == ("P1_001N",)
    assert definition("total").columns("vap") == ("P3_001N",)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("aapi_aoic_vap", ("aapi_aoic", "vap")),
        ("nh_asian_alone_pop", ("nh_asian_alone", "pop")),
        ("total_cvap", ("total", "cvap")),
        ("aapi_aoic", None),
        ("aapi_aoic_vap_moe", None),
        ("vap", None),
        ("martian_vap", None),
    ],
)
def test_parse_column(name, wanted):
    assert parse_column(name) == wanted
    if wanted:
        assert column(*wanted) == name


@pytest.mark.parametrize(
    ("group", "wanted"),
    [
        ("aapi_aoic", ("asian_aoic", "nhpi_aoic")),
        ("nh_aapi_doj", ("nh_asian_doj", "nh_nhpi_doj")),
        ("aapi_both", None),
        ("asian_alone", None),
        ("total", None),
    ],
)
def test_parts(group, wanted):
    assert parts(group) == wanted


def test_every_part_is_a_definition():
    for group in DEFINITIONS:
        found = parts(group)
        assert found is None or set(found) <= set(DEFINITIONS)


def test_derive_by_hand():
    """Three people: Asian; Asian and NHPI; White and NHPI. Everyone else zero."""
    row = dict.fromkeys(cells_of("P1"), 0)
    row |= {"P1_001N": 3, "P1_006N": 1, "P1_023N": 1, "P1_014N": 1}
    found = derive(pd.DataFrame([row], index=["x"])).loc["x"]
    wanted = {
        "total_pop": 3,
        "asian_alone_pop": 1,
        "nhpi_alone_pop": 0,
        "aapi_alone_pop": 1,
        "asian_aoic_pop": 2,
        "nhpi_aoic_pop": 2,
        "aapi_aoic_pop": 3,
        "aapi_both_pop": 1,
        "asian_doj_pop": 1,
        "nhpi_doj_pop": 1,
        "aapi_doj_pop": 3,
    }
    assert {name: int(found[name]) for name in wanted} == wanted
    assert not any(name.endswith("_vap") or name.startswith("nh_") for name in found.index)


def test_derive_gives_only_what_the_cells_allow():
    frame = derive(pd.DataFrame({"P3_006N": [4, 5]}, index=["a", "b"]))
    assert list(frame.columns) == ["asian_alone_vap"]
    assert frame["asian_alone_vap"].tolist() == [4, 5]
    assert frame["asian_alone_vap"].dtype == "int64"


def test_a_missing_cell_leaves_the_count_missing():
    cells = pd.DataFrame({"P3_006N": [4, None], "P3_007N": [1, 2]}, index=["a", "b"])
    frame = derive(cells)
    assert frame["aapi_alone_vap"].isna().tolist() == [False, True]
    assert frame["nhpi_alone_vap"].tolist() == [1, 2]
    assert frame["nhpi_alone_vap"].dtype == "int64"


# Tables


def test_races_and_tables():
    assert RACES == ("white", "black", "aian", "asian", "nhpi", "sor")
    assert {name: t.cells for name, t in TABLES.items()} == {"P1": 71, "P2": 73, "P3": 71, "P4": 73, "H1": 3, "P5": 10}
    assert (TABLES["P5"].first_year, TABLES["H1"].first_year) == (2020, 2010)


def test_cells_follow_one_another_in_the_file():
    first, second = TABLES["P1"], TABLES["P2"]
    assert second.offset == first.offset + first.cells
    assert TABLES["H1"].offset == TABLES["P4"].offset + TABLES["P4"].cells


@pytest.mark.parametrize(("table", "number"), [("P1", 0), ("P1", 72), ("P9", 1)])
def test_no_such_cell(table, number):
    with pytest.raises(InputError, match="P.L. 94-171 has no cell"):
        cell(table, number)


@pytest.mark.parametrize(
    ("name", "year", "source"), [("NAME", 2020, "api"), ("P1_001N", 1990, "api"), ("P1_001N", 2020, "web")]
)
def test_no_such_spelling(name, year, source):
    with pytest.raises(InputError, match="cannot spell"):
        spelling(name, year=year, source=source)


@pytest.mark.parametrize("name", ["P1_072N", "P9_001N", "P001", "GEOID", "", "P0010072"])
def test_columns_that_are_no_cells(name):
    assert canonical(name) is None


def test_canonical_reads_case_and_blanks():
    assert canonical(" p0010006 ") == "P1_006N"
    assert canonical("H0010002") == "H1_002N"
