"""Whatever people answered: everybody is counted once, in whatever order and by whatever separator the list is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.sources.registration import read_registration
from kit.sources.voter_layouts import layout_of

LAYOUT = layout_of("nc_voters")
HEADS = ("county_desc", "race_code", "ethnic_code", "status_cd", "last_name")
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["HERON", "PLOVER", "EGRET"]),
        st.sampled_from(sorted(LAYOUT.race)),
        st.sampled_from(sorted(LAYOUT.origin)),
        st.sampled_from(["A", "S", "I", "D"]),
        st.text(alphabet="ABC'\"-É ", max_size=6),
    ),
    min_size=1,
    max_size=40,
)


def counted(rows, separator, status):
    text = "\n".join(separator.join(row) for row in [HEADS, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.txt"
        path.write_text(text + "\n", encoding="utf-8")
        return read_registration(path, LAYOUT, by="county", status=status).frame


@settings(max_examples=20, deadline=None)
@given(people=PEOPLE, separator=st.sampled_from("\t|"), rng=st.randoms(use_true_random=False))
def test_everybody_is_counted_once(people, separator, rng):
    people = [("HERON", "A", "NL", "A", "X"), *people]
    frame = counted(people, separator, "all")
    table = pd.DataFrame({group: frame.xs(group, level="group")["registered"] for group in frame.index.unique("group")})
    registered = [one for one in people if one[3] != "D"]
    assert table["total"].sum() == len(registered)
    assert (table["nh_aapi_alone"] + table["other_groups"] + table["not_said"] == table["total"]).all()
    assert (table["nh_asian_alone"] + table["nh_nhpi_alone"] == table["nh_aapi_alone"]).all()
    mine = [one for one in registered if one[1] in "AP" and one[1] and one[2] != "HL"]
    assert table["nh_aapi_alone"].sum() == len(mine)
    shuffled = list(people)
    rng.shuffle(shuffled)
    other = "|" if separator == "\t" else "\t"
    pd.testing.assert_frame_equal(counted(shuffled, other, "all"), frame)
    active = counted(people, separator, "active")
    assert active.xs("total", level="group")["registered"].sum() == sum(one[3] in "AS" for one in people)
