"""Hidden counts: what is hidden first, what goes with it, and a reader who cannot work any of it out."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from kit.analysis.suppression import protect, suppress_small, suppress_together
from kit.errors import InputError
from kit.model.voters import VoterCounts

_FILE = Path(__file__).parents[1] / "properties" / "suppression_attack.py"
_SPEC = importlib.util.spec_from_file_location("suppression_attack", _FILE)
attack = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(attack)

PLAIN = {
    "1": {"total": (900, 600), "nh_aapi_alone": (40, 25)},
    "2": {"total": (800, 500), "nh_aapi_alone": (30, 4)},
    "3": {"total": (700, 400), "nh_aapi_alone": (90, 50)},
}


def counts(rows, **more):
    """Write counts by area and group as registered people and voters."""
    flat = [(area, group, *pair) for area, groups in rows.items() for group, pair in groups.items()]
    frame = pd.DataFrame(flat, columns=["area", "group", "registered", "voted"]).set_index(["area", "group"])
    return VoterCounts(frame.astype("Int64").assign(hidden=False), election="2032-11-02", **more)


def hidden(made):
    """List what is missing."""
    frame = made.frame
    return [(*at, what) for what in ("registered", "voted") for at in frame.index[frame[what].isna()]]


def naive(table, smallest=11):
    """Hide small counts alone, as a first try would."""
    frame = table.frame[["registered", "voted"]]
    return frame.mask((frame > 0) & (frame < smallest))


def sums(table):
    return table.frame[["registered", "voted"]].groupby(level="group", sort=False).sum()


def test_one_small_count_takes_the_cheapest_other_with_it():
    made = suppress_small(counts(PLAIN))
    assert hidden(made) == [("1", "nh_aapi_alone", "voted"), ("2", "nh_aapi_alone", "voted")]
    assert made.frame["hidden"].sum() == 2
    assert made.smallest == 11
    assert made.frame.loc[("2", "nh_aapi_alone"), "registered"] == 30


def test_the_attacker_finds_the_naive_table_out():
    table = counts(PLAIN)
    known = attack.found_out(attack.Attack([naive(table)], [sums(table)]), table.frame, 11)
    assert known == [("2", "nh_aapi_alone", "voted", 4, 4)]


def test_the_attacker_fails_on_the_suppressed_table():
    table = counts(PLAIN)
    (made,), (whole,) = protect([table])
    assert attack.found_out(attack.Attack([made.frame], [whole]), table.frame, 11) == []
    assert attack.Attack([made.frame], [whole]).bracket({"2"}, "nh_aapi_alone", "voted") == (0, 29)


def test_the_input_is_left_as_it_was():
    table = counts(PLAIN)
    before = table.frame.copy()
    suppress_small(table)
    assert table.frame.equals(before)


def test_nothing_small_nothing_hidden_and_no_note():
    table = counts({"1": {"total": (900, 600), "nh_aapi_alone": (40, 25)}})
    made = suppress_small(table)
    assert made.frame.equals(table.frame)
    assert made.notes == ()


def test_zero_registered_is_no_secret():
    rows = {area: {**groups, "nh_nhpi_alone": (0, 0)} for area, groups in PLAIN.items()}
    made = suppress_small(counts(rows))
    assert not [at for at in hidden(made) if at[1] == "nh_nhpi_alone"]


@pytest.mark.parametrize("voted", [0, 30])
def test_who_all_voted_or_all_stayed_at_home_is_hidden(voted):
    rows = {**PLAIN, "2": {"total": (800, 500), "nh_aapi_alone": (30, voted)}}
    made = suppress_small(counts(rows))
    assert ("2", "nh_aapi_alone", "voted") in hidden(made)
    assert len(hidden(made)) >= 2


def test_few_who_stayed_at_home_are_hidden_as_well():
    rows = {**PLAIN, "2": {"total": (800, 500), "nh_aapi_alone": (60, 57)}}
    (made,), (whole,) = protect([counts(rows)])
    assert ("2", "nh_aapi_alone", "voted") in hidden(made)
    low, high = attack.Attack([made.frame], [whole]).bracket({"2"}, "nh_aapi_alone", "stayed")
    assert low <= 3 <= high
    assert high - low >= 11


def test_no_election_is_no_secret():
    rows = {**PLAIN, "2": {"total": (800, 0), "nh_aapi_alone": (30, 0)}}
    assert hidden(suppress_small(counts(rows))) == []


def test_in_a_tiny_area_it_is():
    rows = {**PLAIN, "2": {"total": (30, 0), "nh_aapi_alone": (12, 0)}}
    assert ("2", "total", "voted") in hidden(suppress_small(counts(rows)))


def test_the_remainder_of_groups_is_protected():
    # 900 registered, 895 in the group: five people are in none, which a subtraction would tell.
    rows = {**PLAIN, "1": {"total": (900, 600), "nh_aapi_alone": (895, 598)}}
    table = counts(rows)
    (made,), (whole,) = protect([table])
    at = attack.Attack([made.frame], [whole])
    total, group = (at.row({"1"}, name, "registered") for name in ("total", "nh_aapi_alone"))
    assert (total - group).any()
    shown = made.frame.loc[("1", slice(None)), "registered"].notna()
    assert not shown.all()


PARTS = {
    "1": {"total": (900, 600), "nh_aapi_alone": (48, 25), "nh_asian_alone": (43, 22), "nh_nhpi_alone": (5, 3)},
    "2": {"total": (800, 500), "nh_aapi_alone": (70, 34), "nh_asian_alone": (50, 20), "nh_nhpi_alone": (20, 14)},
    "3": {"total": (700, 400), "nh_aapi_alone": (95, 55), "nh_asian_alone": (83, 43), "nh_nhpi_alone": (12, 12)},
}


def test_parts_and_wholes_do_not_give_each_other_away():
    table = counts(PARTS)
    (made,), (whole,) = protect([table])
    assert attack.found_out(attack.Attack([made.frame], [whole]), table.frame, 11) == []
    known = attack.found_out(attack.Attack([naive(table)], [sums(table)]), table.frame, 11)
    assert ("1", "nh_nhpi_alone", "registered", 5, 5) in known


def test_every_total_is_kept_where_that_is_possible():
    made = suppress_small(counts(PARTS))
    assert not [at for at in hidden(made) if at[1] == "total"]


def test_wholly_small_lists_are_wholly_hidden():
    (made,), (whole,) = protect([counts({"1": {"total": (6, 3), "nh_aapi_alone": (2, 1)}})])
    assert made.frame[["registered", "voted"]].isna().all(axis=None)
    assert whole.isna().all(axis=None)


def test_hiding_twice_changes_nothing():
    once = suppress_small(counts(PARTS))
    again = suppress_small(once)
    assert again.frame.equals(once.frame)
    assert again.notes == once.notes


def test_lists_without_votes():
    table = counts({area: {g: (r, None) for g, (r, _) in groups.items()} for area, groups in PARTS.items()})
    made = suppress_small(table)
    assert ("1", "nh_nhpi_alone", "registered") in hidden(made)
    assert made.frame["voted"].isna().all()
    assert not made.frame.loc[("2", "total"), "hidden"]


def test_voters_who_are_not_among_the_registered():
    # A list cleaned after the election: more voters than registered people.
    rows = {**PLAIN, "3": {"total": (700, 710), "nh_aapi_alone": (90, 50)}}
    made = suppress_small(counts(rows))
    assert ("2", "nh_aapi_alone", "voted") in hidden(made)
    assert len(hidden(made)) == 2


def test_counts_of_two_dates_that_fit_no_list():
    # 600 voters less 500 of the group leaves 100, of 5 registered people.
    rows = {**PLAIN, "1": {"total": (900, 600), "nh_aapi_alone": (895, 500)}}
    made = suppress_small(counts(rows))
    assert ("2", "nh_aapi_alone", "voted") in hidden(made)
    assert ("1", "nh_aapi_alone", "registered") in hidden(made)


def test_parts_that_add_up_in_one_column_only_are_still_used_there():
    # The votes are of another date and do not add up, but registered people do: 5 is 48 less 43.
    rows = {a: {**g, "total": (g["total"][0], g["total"][1] - 1)} for a, g in PARTS.items()}
    rows["2"] = {**rows["2"], "nh_aapi_alone": (70, 33)}
    table = counts(rows)
    made = suppress_small(table)
    shown = made.frame["registered"].notna()
    assert not shown[("1", "nh_nhpi_alone")]
    assert not (shown[("1", "nh_aapi_alone")] and shown[("1", "nh_asian_alone")])


def test_groups_that_overlap_are_only_within_the_total():
    rows = {a: {"total": (150, 60), "filipino_surname": (90, 40), "asian_surname": (80, 30)} for a in "12"}
    rows["2"]["asian_surname"] = (80, 6)
    made = suppress_small(counts(rows, how="surname"))
    assert hidden(made) == [("1", "asian_surname", "voted"), ("2", "asian_surname", "voted")]


def test_the_notes_count_and_do_not_tell_which_are_small():
    first, second = suppress_small(counts(PLAIN)).notes
    assert first == (
        "Not shown: figures of 2 areas and groups, because they count fewer than 11 people, would tell how each person "
        "of a group acted, or would help to work such figures out."
    )
    assert "another version of the same list" in second


# Tables together


def two_elections():
    more = {"total": 9, "nh_aapi_alone": 9, "nh_asian_alone": 9, "nh_nhpi_alone": 0}
    later = {a: {g: (r, v + more[g]) for g, (r, v) in groups.items()} for a, groups in PARTS.items()}
    first, second = counts(PARTS), counts(later)
    return first, VoterCounts(second.frame, election="2034-11-07")


def test_two_elections_of_one_list_hide_the_same_registered_people():
    one, two = two_elections()
    (a, b), wholes = protect([one, two])
    assert a.frame["registered"].equals(b.frame["registered"])
    at = attack.Attack([a.frame, b.frame], wholes, elections=[0, 1])
    for number, table in enumerate((one, two)):
        for area, group, what in attack.secrets(table.frame, 11):
            low, high = at.bracket({area}, group, what, number)
            assert high - low >= 11, (area, group, what)


OVERLAPS = [("1", "East"), ("2", "East"), ("2", "West"), ("3", "West")]


def districts_and_counties():
    """Make three districts and two counties of four pieces."""
    pieces = {
        ("1", "East"): {"total": (500, 300), "nh_aapi_alone": (60, 35)},
        ("2", "East"): {"total": (200, 150), "nh_aapi_alone": (4, 2)},
        ("2", "West"): {"total": (350, 200), "nh_aapi_alone": (40, 21)},
        ("3", "West"): {"total": (600, 350), "nh_aapi_alone": (80, 40)},
    }

    def by(side):
        made = {}
        for pair, groups in pieces.items():
            for group, (registered, voted) in groups.items():
                old = made.setdefault(pair[side], {}).get(group, (0, 0))
                made[pair[side]][group] = (old[0] + registered, old[1] + voted)
        return counts(made)

    return by(0), by(1)


def test_two_tables_give_a_small_piece_away_though_neither_has_a_small_count():
    districts, counties = districts_and_counties()
    assert hidden(suppress_small(districts)) == hidden(suppress_small(counties)) == []
    at = attack.Attack([districts.frame, counties.frame], pieces=[set(pair) for pair in OVERLAPS])
    # East has 64 of the group, and the 60 of district 1 are all in East.
    assert at.piece({"2", "East"}, "nh_aapi_alone", "registered") == (4, 4)
    assert at.piece({"2", "East"}, "nh_aapi_alone", "voted") == (2, 2)


def test_tables_hidden_together_do_not():
    tables = districts_and_counties()
    (one, two), wholes = protect(list(tables), overlaps=OVERLAPS)
    at = attack.Attack([one.frame, two.frame], wholes, pieces=[set(pair) for pair in OVERLAPS])
    for what in ("registered", "voted", "stayed"):
        assert at.piece({"2", "East"}, "nh_aapi_alone", what)[1] >= 11
    assert len(hidden(one)) + len(hidden(two)) >= 1


def test_tables_tied_by_their_totals_only():
    districts = counts(PLAIN)
    halves = counts({"East": {"total": (1400, 900), "nh_aapi_alone": (90, 75)},
                     "West": {"total": (1000, 600), "nh_aapi_alone": (70, 4)}})  # fmt: skip
    one, two = suppress_together([districts, halves])
    assert ("2", "nh_aapi_alone", "voted") in hidden(one)
    assert hidden(two) == [("East", "nh_aapi_alone", "voted"), ("West", "nh_aapi_alone", "voted")]


# Refusals


def bad(change):
    table = counts(PLAIN).frame
    return VoterCounts(change(table))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (lambda: bad(lambda f: pd.concat([f, f.iloc[:1]])), "1 areas and groups stand in more than one row"),
        (lambda: bad(lambda f: f.assign(voted=f["voted"] - 30)), "2 counts are negative or no whole numbers"),
        (
            lambda: bad(lambda f: f.assign(registered=f["registered"].mask(f["registered"] == 90, 900))),
            "1 groups have more people than the total of their area, first \\('3', 'nh_aapi_alone'\\)",
        ),
        (lambda: bad(lambda f: f.drop(("2", "total"))), "1 areas have no row for the group 'total', first 2"),
    ],
)
def test_broken_counts_are_refused(table, told):
    with pytest.raises(InputError, match=told):
        suppress_small(table())


@pytest.mark.parametrize("smallest", [0, -1, 2.5, True, "11"])
def test_a_smallest_count_that_is_none(smallest):
    with pytest.raises(InputError, match="give the smallest count that may be shown"):
        suppress_small(counts(PLAIN), smallest=smallest)


def test_no_tables():
    with pytest.raises(InputError, match="no table of voters"):
        suppress_together([])


def test_one_hides_nothing_at_one():
    assert hidden(suppress_small(counts(PLAIN), smallest=1)) == []


def test_tables_of_two_lists_are_refused():
    other = {**PLAIN, "1": {"total": (901, 600), "nh_aapi_alone": (40, 25)}}
    with pytest.raises(InputError, match="'total' counts 900 people in one table and 901 in the other"):
        suppress_together([counts(PLAIN), counts(other)])


def test_totals_that_differ_are_refused():
    halves = counts({"East": {"total": (2401, 1500), "nh_aapi_alone": (160, 79)}})
    with pytest.raises(InputError, match="'total' adds up to 2,400 people in one and 2,401 in another"):
        suppress_together([counts(PLAIN), halves])


@pytest.mark.parametrize(
    ("overlaps", "told"),
    [
        ([], "overlaps has no pairs"),
        (OVERLAPS[:3], "1 areas of the first table are in no pair"),
        ([("1", "East"), ("2", "East"), ("3", "West")], "overlaps= lacks a pair of areas"),
        ([("1", "East"), ("1", "West"), ("2", "East"), ("3", "East")], "contradict each other"),
    ],
)
def test_overlaps_that_do_not_fit(overlaps, told):
    with pytest.raises(InputError, match=told):
        suppress_together(list(districts_and_counties()), overlaps=overlaps)


def test_overlaps_of_three_kinds_of_areas():
    tables = [*districts_and_counties(), counts({"all of it": {"total": (1650, 1000), "nh_aapi_alone": (184, 98)}})]
    with pytest.raises(InputError, match="these tables have 3 kinds"):
        suppress_together(tables, overlaps=OVERLAPS)


def test_what_is_no_table_of_voters_is_refused_in_a_sentence():
    rows = [("1", "total", 900, 600), ("2", "total", 800, 500)]
    frame = pd.DataFrame(rows, columns=["area", "group", "registered", "voted"]).set_index(["area", "group"])
    one = VoterCounts(frame.astype("Int64").assign(hidden=False))
    with pytest.raises(InputError, match="a DataFrame is no table of voters"):
        suppress_small(frame)
    with pytest.raises(InputError, match="tables=VoterCounts: pass the tables of voters in a list"):
        suppress_together(one)
    for bad, told in ((one.frame.iloc[:0], "no rows"), (one.frame.drop(columns="hidden"), "no hidden"),
                      (one.frame.assign(voted="many"), "voted must be counts of people")):  # fmt: skip
        with pytest.raises(InputError, match=told):
            suppress_small(VoterCounts(bad))
    other = VoterCounts(
        one.frame.groupby(level="group").sum().assign(area="A").set_index("area", append=True).swaplevel()
    )
    for overlaps in ("1A", [1, 2], [("1", "A", "x")]):
        with pytest.raises(InputError, match="overlaps are pairs of areas"):
            suppress_together([one, other], overlaps=overlaps)
