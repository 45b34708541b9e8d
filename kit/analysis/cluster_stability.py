"""How often a unit keeps its class when survey estimates move within their margins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.cluster_words import PROMPT
from kit.analysis.clusters import Clusters, classify, values_of
from kit.analysis.concentration import unit_shares
from kit.analysis.moe_reading import Z
from kit.analysis.permutation import SEED, check_permutations, generator
from kit.errors import InputError
from kit.i18n.messages import each, joined, mark, say, term
from kit.model.shared import Shared
from kit.model.source import Source
from kit.progress import meter

USUAL = 0.8
"""A unit that keeps its class in at least this part of the draws is called steady."""


@dataclass(frozen=True)
class Stability:
    """How often each unit keeps its class.

    Parameters
    ----------
    frame : pandas.DataFrame
        By unit: ``label`` (from the estimates as published), ``kept`` (part of
        the draws that give the same label), ``commonest`` (the label drawn most
        often) and ``high`` (part of the draws that call the unit high together
        with its neighbours).
    draws : int
        How often the estimates were moved.
    seed : int or None
        Seed of the draws; None where the caller gave a generator.
    plural : str
        What the units are called.
    sources : tuple of Source
        Where the counts came from.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    draws: int = 0
    seed: int | None = None
    plural: str = "units"
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say in plain sentences how steady the classes are.

        Returns
        -------
        str
            Units that stand out and keep their class, and the notes.
        """
        out = self.frame[self.frame["high"].notna() & ~self.frame["label"].isin(["not significant"])]
        steady = int((out["kept"] >= USUAL).sum())
        told = say(
            "When each estimate moves at random within its margin of error, {steady:,} of the {number:,} {units} that "
            "stand out keep their class in at least {usual:.0%} of {draws:,} draws.",
            steady=steady,
            number=len(out),
            units=term(self.plural),
            usual=USUAL,
            draws=self.draws,
        )
        return joined([told, *each(self.notes)])


def stability(found: Clusters, *, draws: int = 200, rng: int | np.random.Generator = SEED) -> Stability:
    """Test how often units keep their class when survey estimates move within their margins.

    Parameters
    ----------
    found : Clusters
        Clusters of units with margins of error for the group and for the base.
    draws : int
        How often the estimates are moved.
    rng : int or numpy.random.Generator
        Seed of the moves, or a generator of the caller's.

    Returns
    -------
    Stability
        Each unit's class and how often it keeps it.

    Raises
    ------
    InputError
        The units have no margins of error, or `draws` or the seed is none.

    Notes
    -----
    Each share moves by a normal error with its own standard error (the 90 per
    cent margin over 1.645), between 0 and 1, each unit by itself; bases stay.
    The test uses the same shuffles every time, so what changes is the data.
    """
    check_permutations(draws, least=2, name="draws")
    random, seed = generator(rng)
    units = found.units
    shares = unit_shares(units, group=found.group, base=found.base)
    if "share_moe" not in shares:
        raise InputError(
            f"these {units.plural} have no margins of error for both {found.group} and its base in {found.base}; "
            "clusters of full counts, such as the decennial census, need no such test."
        )
    error = (shares["share_moe"] / Z[0.90]).to_numpy()
    blank = np.isnan(error) & shares["share"].notna().to_numpy()
    options = {
        "base": found.base, "method": found.method, "permutations": found.permutations, "sides": found.sides,
        "q": found.q, "minimum": found.minimum, "smoothing": found.smoothing,
    }  # fmt: skip
    published = found.frame["label"]
    same, high = np.zeros(len(shares)), np.zeros(len(shares))
    seen: dict[str, np.ndarray] = {}
    shuffles = SEED if found.seed is None else found.seed
    with meter("Moving estimates", draws) as bar:
        for _ in range(draws):
            moved = shares["share"] + np.nan_to_num(error) * random.standard_normal(len(shares))
            share = moved.clip(0, 1)
            drawn = shares.assign(share=share, count=share * shares["base"])
            value = values_of(drawn, minimum=found.minimum, smoothing=found.smoothing)
            label = classify(drawn, value, found.adjacency, shuffles, options)
            same += (label["label"] == published).to_numpy()
            high += label["code"].isin(["HH", "H"]).to_numpy()
            for name in label["label"].unique():
                seen[name] = seen.get(name, np.zeros(len(shares))) + (label["label"] == name).to_numpy()
            bar.advance(1)
    tested = found.frame["p"].notna()
    frame = pd.DataFrame(
        {
            "label": published,
            "kept": pd.Series(same / draws, index=shares.index).where(tested),
            "commonest": pd.DataFrame(seen, index=shares.index).idxmax(axis=1).astype("str"),
            "high": pd.Series(high / draws, index=shares.index).where(tested),
        }
    )
    start = (
        mark(
            "{draws:,} draws, from a random generator the caller passed; each unit moves by itself, and bases stay as "
            "estimated."
        )
        if seed is None
        else mark("{draws:,} draws, from seed {seed}; each unit moves by itself, and bases stay as estimated.")
    )
    notes = [say(start, draws=draws, seed=seed)]
    if blank.any():
        still = mark("Without a margin of error of its share, {number:,} of the {units} did not move.")
        notes.append(say(still, number=int(blank.sum()), units=units.plural))
    return Stability(frame, draws, seed, units.plural, found.sources, (*notes, term(PROMPT)))
