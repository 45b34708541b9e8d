"""King's method and rows by columns: what chains must show before a figure is given, and what is refused.

Two real runs, both too short for a figure, one of them on the published sample of Santa Clara; everything else is judged
on draws that are known. Whole runs on that sample are in the benchmarks.
"""

from __future__ import annotations

import logging
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis import ecological_runs
from kit.analysis.contest_preference import differ, preference
from kit.analysis.convergence import Diagnosis, diagnose, ess_bulk, ess_tail, rank_r_hat
from kit.analysis.ecological import ecological_inference
from kit.analysis.ecological_sampler import Run, Settings, king, require_pyei
from kit.errors import InputError
from kit.model.source import Source

GOOD = Diagnosis(1.001, "b_1", 900.0, 800.0, 0)


# --- two real runs ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def short_king(fixtures_dir):
    """Draw too little from the sample of Santa Clara for a figure to be given, and enough to see where it lies."""
    table = pd.read_csv(fixtures_dir / "santa_clara.csv")
    votes = table["total2"].to_numpy()
    require_pyei()
    counts = np.rint(table["pct_for_hardy2"] * votes).astype("int64").to_numpy()
    settings = Settings(chains=4, draws=400, tune=500, target_accept=0.9, seed=1)
    return king(table["pct_e_asian_vote"].to_numpy(), counts, votes, settings)


@pytest.fixture(scope="module")
def too_short():
    """Run 25 draws, and keep what came out on either channel or was logged."""
    x = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    frame = pd.DataFrame({"x": x, "t": 0.2 + 0.5 * x, "n": 200})
    before = logging.getLogger("pymc").level, list(warnings.filters)
    given = {"groups": {"AAPI": "x"}, "candidates": {"Heron": "t"}, "votes": "n", "of": "vap"}
    found = ecological_inference(frame, method="rxc", draws=25, tune=25, **given)
    assert (logging.getLogger("pymc").level, list(warnings.filters)) == before
    return found


def test_santa_clara_as_published(short_king):
    # Published with the same model and prior: .805 to .811, interval .60 to .96, the rest .245; 94.3% above .4.
    group, rest = short_king.shares[:, :, 0].T
    assert len(group) == 1600
    assert group.mean() == pytest.approx(0.808, abs=0.05)
    assert np.quantile(group, [0.025, 0.975]) == pytest.approx([0.60, 0.96], abs=0.05)
    assert rest.mean() == pytest.approx(0.245, abs=0.05)
    assert (group - rest > 0.4).mean() == pytest.approx(0.943, abs=0.05)
    # The same draws are too few for a figure: this sample takes some 20,000.
    assert "too few effective draws (" in short_king.diagnosis.reason


def test_too_few_draws_are_refused(too_short):
    assert not too_short.diagnostics["passed"].any()
    assert too_short.frame[["estimate", "low_95", "high_95"]].isna().all(axis=None)
    assert too_short.differences.isna().all(axis=None)
    assert too_short.preferred.isna().all(axis=None)
    assert too_short.frame[["low", "high"]].notna().all(axis=None)
    assert list(too_short.frame.index.unique("group")) == ["AAPI", "everybody else", "not AAPI"]
    assert list(too_short.frame.index.unique("candidate")) == ["Heron", "other candidates"]
    assert "no figure is given, because " in too_short.summary()
    assert "too few effective draws (" in too_short.summary()
    assert "6 of 6 figures are refused; their bounds stand." in too_short.summary()
    assert "Shares are of adults, not of people who voted" in too_short.summary()
    with kit.using(language="vi"):
        assert too_short.summary()


# --- chains -----------------------------------------------------------------------------------------


def chains(rng, phi, *, apart=0.0):
    """Give four chains, each step remembering the last, and each lying apart from the others."""
    noise = rng.normal(size=(4, 1000))
    for step in range(1, 1000):
        noise[:, step] += phi * noise[:, step - 1]
    return noise + apart * np.arange(4)[:, None]


@pytest.mark.parametrize(("phi", "apart"), [(0.0, 0.0), (0.5, 0.0), (0.9, 0.0), (0.0, 0.3), (0.99, 0.0)])
def test_diagnostics_agree_with_arviz(rng, phi, apart):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arviz = pytest.importorskip("arviz")
        draws = chains(rng, phi, apart=apart)
        peers = [
            float(arviz.rhat(draws)),
            float(arviz.ess(draws, method="bulk")),
            float(arviz.ess(draws, method="tail")),
        ]
    assert rank_r_hat(draws) == pytest.approx(peers[0], abs=1e-9)
    assert ess_bulk(draws) == pytest.approx(peers[1], rel=0.1)
    assert ess_tail(draws) == pytest.approx(peers[2], rel=0.1)


def test_the_worst_parameter_decides(rng):
    good, wandering = chains(rng, 0.0), chains(rng, 0.99)
    fine = diagnose({"a": good}, 0)
    assert not fine.reason
    found = diagnose({"a": np.stack([good, good], axis=-1), "b": wandering}, 3)
    assert found.worst == "b"
    assert found.reason.startswith("the chains do not agree (R-hat 1.")
    assert "too few effective draws (" in found.reason
    assert found.reason.endswith("the sampler diverged 3 times (must be 0)")


def test_chains_that_do_not_move_are_no_agreement():
    found = diagnose({"stuck": np.ones((4, 100))}, 0)
    assert found.r_hat == np.inf
    assert (found.ess_bulk, found.ess_tail) == (0.0, 0.0)
    assert found.reason
    assert diagnose({"short": np.arange(12.0).reshape(4, 3)}, 0).reason


# --- figures from draws that are known --------------------------------------------------------------


def precincts(**more):
    x = np.array([0.1, 0.4, 0.6, 0.9])
    frame = pd.DataFrame({"x": x, "y": 0.05, "t": 0.2 + 0.6 * x, "n": [100, 200, 300, 400]})
    return frame.assign(u=1 - frame["t"], **more)


def estimate(frame=None, **more):
    given = {"groups": {"AAPI": "x"}, "candidates": {"Heron": "t", "Gannet": "u"}, "votes": "n", "of": "voters"}
    return ecological_inference(precincts() if frame is None else frame, **{**given, **more})


@pytest.fixture
def known(monkeypatch):
    """Let runs give draws around shares that are told, so that what is made of them can be worked out."""

    def give(*rows, diagnosis=GOOD, spread=0.01):
        calls = []

        def run(share, counts, votes, settings):
            calls.append((share, counts, votes, settings))
            first = np.asarray(rows, dtype="float64")
            around = np.random.default_rng(settings.seed).normal(0, spread, size=(4000, *first.shape))
            if first.ndim == 1:
                drawn = first + around
                return Run(np.stack([drawn, 1 - drawn], axis=-1), diagnosis)
            return Run(first + around - around.mean(axis=2, keepdims=True), diagnosis)

        monkeypatch.setattr(ecological_runs, "king", run)
        monkeypatch.setattr(ecological_runs, "rows_by_columns", run)
        return calls

    return give


def test_two_candidates_take_one_run(known):
    calls = known(0.7, 0.35)
    found = estimate()
    assert len(calls) == 1
    assert calls[0][1].tolist() == [26, 88, 168, 296]  # 100 × .26, 200 × .44, 300 × .56, 400 × .74
    assert found.frame.loc[("AAPI", "Heron"), "estimate"] == pytest.approx(0.7, abs=1e-3)
    assert found.frame.loc[("AAPI", "Gannet"), "estimate"] == pytest.approx(0.3, abs=1e-3)
    assert found.frame.loc[("not AAPI", "Gannet"), "estimate"] == pytest.approx(0.65, abs=1e-3)
    row = found.frame.loc[("AAPI", "Heron")]
    assert (row["low_95"], row["high_95"]) == pytest.approx((0.7 - 0.0196, 0.7 + 0.0196), abs=2e-3)
    assert found.preferred.loc["AAPI"].tolist() == ["Heron", 1.0, 1.0]
    assert found.preferred.loc["not AAPI"].tolist() == ["Gannet", 1.0, 1.0]
    assert found.differences.loc[("AAPI", "Gannet"), "probability"] == 0.0
    assert (found.precincts, found.votes, found.of) == (4, 1000.0, "voters")
    mine, rest = preference(found, "AAPI"), preference(found, "not AAPI")
    assert (mine.candidate, mine.basis) == ("Heron", "model")
    assert (rest.candidate, rest.basis) == ("Gannet", "model")
    assert differ(found, "AAPI", mine, rest) == (1.0, 1.0)


def test_a_figure_stands_with_its_bounds_its_model_and_its_diagnostics(known):
    known(0.5, 0.4)
    found = estimate(
        precincts().assign(x=[0.1, 0.2, 0.25, 0.3]), candidates={"Heron": "t"}, sources=(Source("Returns"),)
    )
    assert bool(found.frame.loc[("AAPI", "Heron"), "model_driven"])
    assert pd.isna(found.preferred.loc["AAPI", "candidate"])  # one candidate tells no preference
    assert found.sources == (Source("Returns"),)
    text = found.summary()
    assert text.startswith("AAPI, Heron: between ")
    assert "of the votes, whatever the voters did; the model gives 50.01% (95% interval 48.0% to 51.9" in text
    assert "a figure that the model drives, not the returns. Everybody except AAPI, Heron: between" in text
    assert "Model: King, Rosen and Tanner's beta-binomial model (1999)" in text
    assert "Pareto priors (scale 8, shape 2)" in text
    assert (
        "4 chains of 5,000 draws each, after 1,000 steps to settle (PyEI; steps accepted 99%; seed 20260701)." in text
    )
    assert "R-hat 1.001 (must be under 1.01), 800 effective draws (must be more than 400), 0 divergences" in text
    assert "Another model, or another prior, can give other figures within the same bounds." in text


def test_several_groups_are_cautioned_and_have_runs_of_their_own(known):
    calls = known(0.7, 0.35, spread=0.2)
    found = estimate(groups={"AAPI": "x", "Hmong": "y"}, candidates={"Heron": "t"})
    assert len(calls) == 2
    assert list(found.diagnostics.index) == ["AAPI · Heron", "Hmong · Heron"]
    assert "Each group stands against everybody else, who are not of one kind." in found.summary()
    seeds = [one[3].seed for one in calls]
    assert len(set(seeds)) == 2
    known(0.7, 0.35)
    again = estimate(groups={"AAPI": "x", "Hmong": "y"}, candidates={"Heron": "t"}, rng=np.random.default_rng(4))
    assert again.seed is None
    assert "generator of the caller's" in again.summary()


def test_a_figure_outside_the_bounds_is_refused(known):
    known(0.99, 0.0)
    found = estimate()
    row = found.frame.loc[("AAPI", "Heron")]
    assert np.isnan(row["estimate"])
    assert row["high"] < 0.99
    assert row["refused"] == "the model's figure lies outside the bounds that the returns set"
    assert found.diagnostics["passed"].all()
    assert found.preferred["candidate"].isna().all()
    assert preference(found, "not AAPI").basis == "none"


def test_divergences_refuse_the_run(known):
    known(0.7, 0.35, diagnosis=Diagnosis(1.0, "b", 900.0, 900.0, 2))
    found = estimate()
    assert found.frame["refused"].eq("the sampler diverged 2 times (must be 0)").all()
    assert found.frame["estimate"].isna().all()


def test_rows_by_columns_take_what_is_missing_to_the_whole(known):
    frame = precincts(a=[0.5, 0.3, 0.2, 0.1], b=[0.25, 0.35, 0.4, 0.5])
    calls = known([0.1, 0.6, 0.3], [0.5, 0.2, 0.3])
    found = estimate(frame, candidates={"Heron": "a", "Wren": "b"}, method="rxc")
    (share, counts, votes, _) = calls[0]
    assert share.sum(axis=1).tolist() == pytest.approx([1] * 4)
    assert counts.sum(axis=1).tolist() == votes.tolist() == [100, 200, 300, 400]
    assert counts[0].tolist() == [50, 25, 25]
    assert list(found.frame.index.unique("group")) == ["AAPI", "everybody else", "not AAPI"]
    assert (
        found.frame.loc[("not AAPI", "Heron"), "estimate"] == found.frame.loc[("everybody else", "Heron"), "estimate"]
    )
    assert found.preferred.loc["AAPI", "candidate"] == "Wren"
    assert found.preferred.loc["not AAPI", "candidate"] == "Heron"
    assert preference(found, "AAPI").candidate == "Wren"
    assert found.differences.loc[("AAPI", "Wren"), "difference"] == pytest.approx(0.4, abs=1e-2)


def test_whole_votes_add_up(known):
    third = precincts(a=1 / 3, b=1 / 3, c=1 / 3)
    calls = known([0.3, 0.3, 0.4], [0.3, 0.4, 0.3])
    estimate(third, candidates={"A": "a", "B": "b", "C": "c"}, method="rxc")
    assert calls[0][1].tolist() == [[34, 33, 33], [67, 67, 66], [100, 100, 100], [134, 133, 133]]


def test_precincts_without_votes_are_left_out(known):
    calls = known(0.7, 0.35)
    found = estimate(pd.concat([precincts(), precincts(n=0)], ignore_index=True))
    assert len(calls[0][0]) == 4
    assert found.notes[0] == "4 precincts without votes are left out."


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="method='ei': one of king, rxc"):
        estimate(method="ei")
    with pytest.raises(InputError, match="chains=2: at least 4, so that it can be told whether they agree"):
        estimate(chains=2)
    for bad in ({"chains": 4.5}, {"draws": "5000"}, {"tune": True}):
        with pytest.raises(InputError, match=f"{next(iter(bad))}=.*: a whole number"):
            estimate(**bad)
    with pytest.raises(InputError, match="target_accept='x': a share from 0.5"):
        estimate(target_accept="x")
    with pytest.raises(InputError, match=r"method=\['king'\]: one of king, rxc"):
        estimate(method=["king"])
    with pytest.raises(InputError, match="draws=5: at least 10"):
        estimate(draws=5)
    with pytest.raises(InputError, match="target_accept=1: a share from 0.5"):
        estimate(target_accept=1)
    with pytest.raises(InputError, match="of='people': say what"):
        estimate(of="people")
    with pytest.raises(InputError, match="'n' must be whole numbers of votes .* 4 are not, first 0, 1, 2, 3"):
        estimate(precincts(n=10.5))
    with pytest.raises(InputError, match="name at least one, each with its column"):
        estimate(groups={})
    with pytest.raises(InputError, match="rng=-1 is no seed"):
        estimate(rng=-1)
    with pytest.raises(InputError, match="'x' is the same 0 or 1 in every precinct, so 'AAPI' stands against nobody"):
        estimate(precincts(x=1.0))
    with pytest.raises(InputError, match="in 4 precincts AAPI, All add up to more than 1, first 0, 1, 2, 3"):
        estimate(precincts(z=1.0), groups={"AAPI": "x", "All": "z"}, method="rxc")
    with pytest.raises(InputError, match="two groups and two candidates at least"):
        estimate(precincts(x=1.0), method="rxc")
    with pytest.raises(InputError, match="no precinct has people of Hmong; leave the group out"):
        estimate(precincts(y=0.0), groups={"AAPI": "x", "Hmong": "y"}, method="rxc")


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyei.two_by_two", None)
    with pytest.raises(InputError, match=r"need PyEI: pip install 'aapi-redistricting-kit\[patterns\]'. Bounds and"):
        estimate()
