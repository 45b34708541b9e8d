"""Each identity, broken by hand one at a time."""

from __future__ import annotations

import pandas as pd
import pytest

from kit.errors import SchemaError
from kit.model.groups import derive
from kit.model.identities import check_cells, check_counts
from kit.model.tables import cells_of

# One block of ten people, six of them adults:
#   3 Asian adults, one Hispanic; 2 White adults; 1 NHPI adult;
#   2 Asian and NHPI children; 2 White and Asian children, one Hispanic.
ADULTS = {3: (2, 0), 6: (3, 1), 7: (1, 0)}  # P1 cell → everyone, of them Hispanic
CHILDREN = {23: (2, 0), 13: (2, 1)}
ID = "360610001001000"


def fill(race, origin, who):
    row = dict.fromkeys(cells_of(race) + cells_of(origin), 0)
    for number, (everyone, hispanic) in who.items():
        row[f"{race}_{number:03d}N"] += everyone
        row[f"{origin}_{number + 2:03d}N"] += everyone - hispanic
        header = 2 if number < 9 else 9
        row[f"{race}_{header:03d}N"] += everyone
        row[f"{origin}_{header + 2:03d}N"] += everyone - hispanic
        if header == 9:
            row[f"{race}_010N"] += everyone
            row[f"{origin}_012N"] += everyone - hispanic
        row[f"{race}_001N"] += everyone
        row[f"{origin}_001N"] += everyone
        row[f"{origin}_002N"] += hispanic
        row[f"{origin}_003N"] += everyone - hispanic
    return row


@pytest.fixture
def block():
    row = fill("P1", "P2", ADULTS | CHILDREN) | fill("P3", "P4", ADULTS)
    row |= {"H1_001N": 5, "H1_002N": 4, "H1_003N": 1}
    row |= dict(zip(cells_of("P5"), [6, 3, 1, 1, 1, 0, 3, 1, 1, 1], strict=True))
    return pd.DataFrame([row], index=pd.Index([ID], dtype="str", name="GEOID"))


def test_the_block_is_true(block):
    check_cells(block)
    found = derive(block).iloc[0]
    assert found[["total_pop", "total_vap"]].tolist() == [10, 6]
    assert found[["asian_aoic_pop", "nhpi_aoic_pop", "aapi_both_pop", "aapi_aoic_pop"]].tolist() == [7, 3, 2, 8]
    assert found[["nh_asian_aoic_pop", "nh_aapi_aoic_pop", "nh_asian_alone_vap"]].tolist() == [5, 6, 2]
    assert found[["asian_doj_pop", "aapi_doj_pop", "aapi_alone_vap"]].tolist() == [5, 8, 4]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"P1_001N": 11}, "the 63 race combinations of P1 add up to P1_001N"),
        ({"P3_001N": 7}, "the 63 race combinations of P3 add up to P3_001N"),
        ({"P2_003N": 9}, "the 63 race combinations of P2 add up to P2_003N"),
        ({"P1_002N": 7}, "P1_002N is the sum of its cells"),
        ({"P1_009N": 3}, "P1_009N is the sum of its cells"),
        ({"P1_010N": 3}, "P1_010N is the sum of its cells"),
        ({"P1_026N": 1}, "P1_026N is the sum of its cells"),
        ({"P1_047N": 1}, "P1_047N is the sum of its cells"),
        ({"P1_063N": 1}, "P1_063N is the sum of its cells"),
        ({"P1_070N": 1}, "P1_070N is the sum of its cells"),
        ({"P4_004N": 3}, "P4_004N is the sum of its cells"),
        ({"P2_002N": 1}, "P2 2 + 3 = P2 1"),
        ({"P2_002N": 3, "P2_001N": 11}, "P2_001N = P1_001N"),
        ({"H1_003N": 2}, "H1 2 + 3 = H1 1"),
        ({"P5_002N": 2}, "P5_002N is the sum of its cells"),
        ({"P5_007N": 4}, "P5_007N is the sum of its cells"),
        ({"P5_001N": 7}, "P5_001N is the sum of its cells"),
    ],
)
def test_one_broken_identity_is_told(block, changes, told):
    for name, value in changes.items():
        block[name] = value
    with pytest.raises(SchemaError) as error:
        check_cells(block, what="ny2020.pl")
    assert str(error.value).startswith("ny2020.pl contradicts itself: ")
    assert f"“{told}” fails in 1 rows ({ID})" in str(error.value)


def test_adults_are_no_more_than_people(block):
    only = block[["P1_006N", "P3_006N"]].copy()
    only["P3_006N"] = 4
    with pytest.raises(SchemaError, match="“P3_006N is at most P1_006N” fails in 1 rows"):
        check_cells(only)


def test_people_not_hispanic_are_no_more_than_people(block):
    only = block[["P1_006N", "P2_008N"]].copy()
    only["P2_008N"] = 4
    with pytest.raises(SchemaError, match="“P2_008N is at most P1_006N” fails"):
        check_cells(only)


def test_many_faults_are_told_together(block):
    block[["P1_001N", "P2_001N", "P3_001N", "P4_001N"]] = 99
    with pytest.raises(SchemaError, match=r"and \d+ more rules fail\. Check the column map, the table and the vintage"):
        check_cells(block)


def test_tables_that_are_not_there_are_not_checked(block):
    check_cells(block[["P1_006N"]])
    check_cells(pd.DataFrame({"name": ["x"]}))


@pytest.fixture
def counts():
    values = {
        "total_pop": 100.0,
        "total_vap": 80.0,
        "asian_alone_pop": 20.0,
        "asian_doj_pop": 22.0,
        "asian_aoic_pop": 25.0,
        "nhpi_aoic_pop": 8.0,
        "aapi_both_pop": 3.0,
        "aapi_aoic_pop": 30.0,
        "nh_aapi_aoic_pop": 29.0,
        "asian_alone_vap": 15.0,
    }
    return pd.DataFrame([values] * 3, index=["06037a", "06037b", "06037c"])


def test_true_counts_pass(counts):
    check_counts(counts)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"total_pop": -1.0}, "total_pop is not negative"),
        ({"asian_alone_pop": 23.0}, "asian_alone_pop is at most asian_doj_pop"),
        ({"asian_doj_pop": 26.0}, "asian_doj_pop is at most asian_aoic_pop"),
        ({"asian_aoic_pop": 31.0, "nhpi_aoic_pop": 2.0}, "asian_aoic_pop is at most aapi_aoic_pop"),
        (
            {"aapi_both_pop": 9.0, "aapi_aoic_pop": 24.0, "nh_aapi_aoic_pop": 24.0},
            "aapi_both_pop is at most nhpi_aoic_pop",
        ),
        ({"nh_aapi_aoic_pop": 31.0}, "nh_aapi_aoic_pop is at most aapi_aoic_pop"),
        ({"aapi_aoic_pop": 33.0}, "Asian + NHPI − both = either (pop)"),
        ({"total_vap": 101.0}, "total_vap is at most total_pop"),
        ({"asian_alone_vap": 21.0}, "asian_alone_vap is at most asian_alone_pop"),
        ({"aapi_aoic_pop": 101.0, "nhpi_aoic_pop": 79.0}, "aapi_aoic_pop is at most total_pop"),
    ],
)
def test_counts_that_cannot_be(counts, changes, told):
    for name, value in changes.items():
        counts.loc["06037b", name] = value
    with pytest.raises(SchemaError) as error:
        check_counts(counts, what="wards.csv")
    assert f"“{told}” fails in 1 rows (06037b)" in str(error.value)


def test_missing_counts_are_not_compared(counts):
    counts.loc["06037b", ["total_pop", "aapi_both_pop"]] = None
    check_counts(counts)


def test_counts_as_text_are_refused(counts):
    counts["total_pop"] = "1,234"
    with pytest.raises(SchemaError, match="columns total_pop are not numbers; map count columns only"):
        check_counts(counts)


def test_other_columns_are_left_alone(counts):
    counts["NAME"] = "somewhere"
    counts["aapi_aoic_pop_moe"] = -5.0
    check_counts(counts)
