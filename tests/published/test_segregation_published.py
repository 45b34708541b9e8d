"""Unevenness as others printed or compute it."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from kit.analysis.placement import place
from kit.analysis.segregation import dissimilarity, interaction, isolation, segregation, theil
from kit.model.frames import Plan, Units

# Dissimilarity of Hispanic and other adults over the two districts of a plan for New Hampshire.
NEW_HAMPSHIRE = 0.0108565782431512
# Shares of five groups among pupils of three States in 2000, and their Theil indices over 2,045 schools.
PUPILS = {"asian": 0.0227, "black": 0.189, "hisp": 0.151, "white": 0.629, "native": 0.00751}
PUPILS_M, PUPILS_H = 0.426, 0.419
# What each group adds to M, as printed beside them.
PUPILS_ADD = (0.0108, 0.0142, 0.118, 0.167, 0.115)
PUPILS_BETWEEN, PUPILS_WITHIN = (0.0992, 0.0977), (0.326, 0.321)


@pytest.mark.real
def test_new_hampshire(fixtures_dir):
    import geopandas as gpd

    towns = gpd.read_file(fixtures_dir / "nh.gpkg", columns=["GEOID20", "vap", "vap_hisp", "r_2020"])
    by_district = towns.groupby("r_2020")[["vap", "vap_hisp"]].sum()
    found = dissimilarity(by_district["vap_hisp"], by_district["vap"] - by_district["vap_hisp"])
    assert found == pytest.approx(NEW_HAMPSHIRE, abs=1e-15)


@pytest.mark.real
def test_new_hampshire_by_placement(fixtures_dir):
    import geopandas as gpd

    towns = gpd.read_file(fixtures_dir / "nh.gpkg", ignore_geometry=True)
    ids = pd.Index(towns["GEOID20"], dtype="str", name="GEOID")
    # The vocabulary has no Hispanic group, so the test counts them as one that it has.
    frame = pd.DataFrame(
        {"total_pop": towns["pop"], "total_vap": towns["vap"], "nh_asian_alone_vap": towns["vap_asian"]}
    ).assign(hispanic=towns["vap_hisp"])
    units = Units(frame.set_axis(ids), "vtd", 2020)
    listed = towns["r_2020"].astype(int).astype(str).set_axis(ids).astype("str")
    placed = place(units, Plan("r_2020", ("1", "2"), assignment=listed, level="vtd", year=2020))
    found = segregation(placed, group="nh_asian_alone", base="vap", against="hispanic")
    assert found.frame[["count", "base"]].to_numpy().tolist() == [[11_755, 555_504], [16_234, 565_176]]
    assert found.measures["dissimilarity"] == pytest.approx(
        dissimilarity(found.frame["count"], found.frame["against"]), abs=1e-15
    )
    hispanic, everyone = found.frame["against"], found.frame["base"]
    assert dissimilarity(hispanic, everyone - hispanic) == pytest.approx(NEW_HAMPSHIRE, abs=1e-15)


def test_printed_theil_indices_agree_with_one_another():
    """The table behind them is not at hand: what was printed of it must fit our definitions of M, H and E."""
    entropy = theil([list(PUPILS.values())]).entropy
    assert PUPILS_M / entropy == pytest.approx(PUPILS_H, abs=2e-3)
    assert sum(PUPILS_ADD) == pytest.approx(PUPILS_M, abs=2e-3)
    for m, h in (PUPILS_BETWEEN, PUPILS_WITHIN):
        assert m / entropy == pytest.approx(h, abs=1e-3)
    assert PUPILS_BETWEEN[0] + PUPILS_WITHIN[0] == pytest.approx(PUPILS_M, abs=2e-3)


@pytest.mark.parametrize("seed", range(3))
def test_indices_equal_those_of_the_package_segregation(seed):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.gamma(0.4, 300, (400, 4)).round() + 0.0, columns=list("abcd"))
    frame = frame[frame.sum(axis=1) > 0].reset_index(drop=True)
    frame["total"] = frame.sum(axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from segregation.multigroup import MultiInfoTheory
        from segregation.singlegroup import Dissim, Entropy, Interaction, Isolation

        theirs = {
            cls.__name__: cls(frame, group_pop_var="a", total_pop_var="total").statistic
            for cls in (Dissim, Entropy, Interaction, Isolation)
        }
        several = MultiInfoTheory(frame, groups=list("abcd")).statistic
    a, rest, total = frame["a"], frame["total"] - frame["a"], frame["total"]
    assert dissimilarity(a, rest) == pytest.approx(theirs["Dissim"], abs=1e-12)
    assert theil(np.c_[a, rest]).h == pytest.approx(theirs["Entropy"], abs=1e-12)
    assert interaction(a, rest, total) == pytest.approx(theirs["Interaction"], abs=1e-12)
    assert isolation(a, total) == pytest.approx(theirs["Isolation"], abs=1e-12)
    assert theil(frame[list("abcd")]).h == pytest.approx(several, abs=1e-12)
