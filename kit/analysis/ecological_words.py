"""What is said of figures that a model of ecological inference gave, or that were refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit.analysis.convergence import LEAST_DRAWS, R_HAT
from kit.analysis.ecological_runs import OTHERS, REST
from kit.analysis.polarization_words import named, shares_of_note
from kit.i18n.messages import Message, capital, retold, say, term
from kit.model.sentences import percent


def told(group: str, candidate: str, row: pd.Series) -> Message:
    """Write one figure with its interval and its bounds, or why it was refused.

    Parameters
    ----------
    group, candidate : str
        As in the index.
    row : pandas.Series
        One row of the frame.

    Returns
    -------
    str
        One sentence.
    """
    given = {
        "group": capital(term(group) if group == REST else named(group)),
        "candidate": term(candidate) if candidate == OTHERS else candidate,
        "low": percent(row["low"]),
        "high": percent(row["high"]),
    }
    if row["refused"]:
        return say(
            "{group}, {candidate}: between {low} and {high} of the votes, whatever the voters did; no figure is given, "
            "because {reason}.",
            **given,
            reason=retold(row["refused"]),
        )
    model = {"share": percent(row["estimate"]), "least": percent(row["low_95"]), "most": percent(row["high_95"])}
    if row["model_driven"]:
        return say(
            "{group}, {candidate}: between {low} and {high} of the votes, whatever the voters did; the model gives "
            "{share} (95% interval {least} to {most}), a figure that the model drives, not the returns.",
            **given,
            **model,
        )
    return say(
        "{group}, {candidate}: between {low} and {high} of the votes, whatever the voters did; the model gives "
        "{share} (95% interval {least} to {most}).",
        **given,
        **model,
    )


def notes_of(
    frame: pd.DataFrame,
    diagnostics: pd.DataFrame,
    *,
    left_out: int,
    model: str,
    settings: Mapping[str, Any],
    groups: int,
    candidates: int,
    mirrored: bool,
    of: str,
) -> list[str]:
    """Say what a reader of a model's figures must know.

    Parameters
    ----------
    frame : pandas.DataFrame
        Figures by group and candidate.
    diagnostics : pandas.DataFrame
        One row a run.
    left_out : int
        Precincts without votes.
    model : str
        The model and its prior, in words of the catalogue.
    settings : mapping of str to object
        ``method``, ``chains``, ``draws``, ``tune``, ``target_accept`` and ``seed``.
    groups, candidates : int
        How many were asked for.
    mirrored : bool
        The second candidate's figures are the rest of the first's.
    of : str
        What the groups' shares are shares of.

    Returns
    -------
    list of str
        Sentences.
    """
    said: list[str] = []
    if left_out:
        said.append(say("{count:,} precincts without votes are left out.", count=left_out))
    said += [say("Model: {model}.", model=term(model)), _drawn(settings), *_diagnosed(diagnostics)]
    refused = int(frame["refused"].astype(bool).sum())
    if refused:
        said.append(
            say("{count:,} of {rows:,} figures are refused; their bounds stand.", count=refused, rows=len(frame))
        )
    driven = int((frame["model_driven"] & ~frame["refused"].astype(bool)).sum())
    if driven:
        said.append(
            say(
                "Bounds wider than one half: {count:,} of {rows:,} figures are driven by the model, not by the "
                "returns.",
                count=driven,
                rows=len(frame),
            )
        )
    if settings["method"] == "king" and groups > 1:
        said.append(say("Each group stands against everybody else, who are not of one kind."))
    if settings["method"] == "king" and candidates > 1 and not mirrored:
        said.append(
            say(
                "Each candidate has a run of its own, so a group's figures need not add up to 100%, and who was "
                "preferred is compared between runs that know nothing of each other."
            )
        )
    if of != "voters":
        said.append(shares_of_note(of))
    said.append(say("Another model, or another prior, can give other figures within the same bounds."))
    said.append(say("These are shares of votes, estimated from precincts. How a person voted is not known."))
    return said


def _drawn(settings: Mapping[str, Any]) -> Message:
    """Say how the chains were drawn."""
    given = {name: settings[name] for name in ("chains", "draws", "tune", "target_accept")}
    if settings["seed"] is None:
        return say(
            "{chains} chains of {draws:,} draws each, after {tune:,} steps to settle (PyEI; steps accepted "
            "{target_accept:.0%}; generator of the caller's).",
            **given,
        )
    return say(
        "{chains} chains of {draws:,} draws each, after {tune:,} steps to settle (PyEI; steps accepted "
        "{target_accept:.0%}; seed {seed}).",
        **given,
        seed=str(settings["seed"]),
    )


def _diagnosed(diagnostics: pd.DataFrame) -> list[str]:
    """Say what the worst of the chains say, and what was asked of them."""
    least = diagnostics[["ess_bulk", "ess_tail"]].min(axis=None)
    return [
        say(
            "At the worst parameter of any run: R-hat {found:.3f} (must be under {limit}), {draws:,.0f} effective "
            "draws (must be more than {least:,}), {count:,} divergences (must be 0).",
            found=float(diagnostics["r_hat"].max()),
            limit=R_HAT,
            draws=float(least),
            least=LEAST_DRAWS,
            count=int(diagnostics["divergences"].sum()),
        )
    ]
