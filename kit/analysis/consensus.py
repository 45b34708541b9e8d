"""Many voices together: how many people drew each unit, where they agree, and where they do not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.community_places import locate_communities
from kit.analysis.consensus_words import STANDS, cautions, summarise
from kit.errors import InputError
from kit.model.communities import Communities
from kit.model.community import CONSENTS, Collected, Community
from kit.model.community_area import ListedArea
from kit.model.frames import Units
from kit.model.groups import column
from kit.model.shared import Shared
from kit.model.source import Source
from kit.model.submissions import Submissions, require_audience

__all__ = ["STANDS", "Consensus", "consensus"]

# A count that meets a threshold exactly is met, whatever the last digit of a product says.
_EXACT = 1e-9


@dataclass(frozen=True)
class Consensus:
    """Where submissions overlap.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a unit that somebody drew, by GEOID: ``submitters`` (how many
        different people cover it), ``share`` (of all submitters), ``stands``
        (``"core"``, ``"contested"`` or ``"few"``), ``base`` and ``count``
        (everyone and the group in the unit, in people).
    sweep : pandas.DataFrame
        By least number of submitters, from 1 to all: ``share`` of submitters,
        ``units``, ``base``, ``count``, and ``share_of_group`` (of ``base``).
    by_language, by_collector : pandas.DataFrame
        One row a language spoken or a collector: ``submitters``,
        ``communities``, ``units`` (covered by any of them), ``base``,
        ``core_units`` (where they agree among themselves, by the same
        threshold), ``core_base``, and ``shared_core`` (share of the people of
        the common core who live in their core). People who name two
        languages stand in both rows.
    narratives : pandas.DataFrame
        One row a text: ``community``, ``submitter``, ``languages``, ``field``
        and ``text``, word for word; never put together, shortened or averaged.
    group, base : str
        Definition id and universe id.
    core, edge : float
        Least share of submitters for the core, and for the contested edge.
    core_count, edge_count : int
        The same as numbers of submitters.
    submitters : int
        How many different people drew or listed any of these units; who drew
        elsewhere is not counted.
    located : Communities
        The communities in units.
    submissions : Submissions
        The communities that were counted.
    units : Units
        The census units.
    audience : str
        Who may see it, and whatever is made of it.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    sweep: pd.DataFrame = Shared()  # noqa: RUF009
    by_language: pd.DataFrame = Shared()  # noqa: RUF009
    by_collector: pd.DataFrame = Shared()  # noqa: RUF009
    narratives: pd.DataFrame = Shared()  # noqa: RUF009
    group: str = ""
    base: str = ""
    core: float = 0.0
    edge: float = 0.0
    core_count: int = 0
    edge_count: int = 0
    submitters: int = 0
    located: Communities = None  # type: ignore[assignment]
    submissions: Submissions = None  # type: ignore[assignment]
    units: Units = None  # type: ignore[assignment]
    audience: str = "public"
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the units and of the communities.

        Returns
        -------
        tuple of Source
            Each once.
        """
        return tuple(dict.fromkeys((*self.units.sources, *self.located.sources)))

    def __repr__(self) -> str:
        """Count, and quote nobody."""
        return f"Consensus({self.submitters:,} submitters, {len(self.frame):,} {self.units.plural})"

    def summary(self) -> str:
        """Say in plain sentences where people agree.

        Returns
        -------
        str
            How many voices, the core, the contested edge, and cautions.
        """
        return summarise(self)

    def area(self, stands: str = "core", *, name: str) -> Community:
        """Give the core or the edge as an area of its own, for statements, maps and splits.

        Parameters
        ----------
        stands : {"core", "contested"}
            Which units.
        name : str
            What the area is called.

        Returns
        -------
        Community
            A list of units without anybody's words, for the same audience.

        Raises
        ------
        InputError
            No unit stands so.
        """
        if stands not in STANDS[:2]:
            raise InputError(f"stands is one of {', '.join(STANDS[:2])}, not {stands!r}.")
        ids = tuple(self.frame.index[self.frame["stands"] == stands])
        if not ids:
            raise InputError(
                f"no unit is {stands} at these thresholds ({self.core_count} and {self.edge_count} of "
                f"{self.submitters} submitters); result.sweep shows what lower ones give."
            )
        area = ListedArea(geoids=ids, level=self.units.level, year=self.units.year)
        consent: Any = next(word for word, allowed in CONSENTS.items() if allowed[0] == self.audience)
        return Community(name=name, area=area, collected=Collected(how="list"), consent=consent)


def consensus(
    communities: Submissions | Sequence[Community],
    units: Units,
    *,
    group: str,
    base: str,
    core: float = 2 / 3,
    edge: float = 1 / 3,
    inside: float = 0.5,
    audience: str = "public",
) -> Consensus:
    """Count how many different people drew each unit, and show where they agree.

    Parameters
    ----------
    communities : Submissions or sequence of Community
        Submissions about one community, as a person chose them.
    units : Units
        Census units, with shapes where areas were drawn.
    group : str
        Definition id, for example ``"aapi_aoic"``.
    base : str
        Universe id, for example ``"pop"``.
    core : float, default 2/3
        Least share of submitters for a unit to stand in the agreement core.
    edge : float, default 1/3
        Least share for the contested edge; under it a unit was drawn by few.
    inside : float, default 0.5
        Least share of a unit's surface inside an area for it to count.
    audience : {"public", "commission", "internal"}
        Who will see it: only communities whose consent covers it are counted.

    Returns
    -------
    Consensus
        Overlap by unit, the thresholds swept, by language and by collector,
        and every text word for word.

    Raises
    ------
    InputError
        Thresholds are out of order, or no community may be seen by the audience.
    SchemaError
        The units have no such counts.
    CoverageError
        No unit of the layer lies in any community, or counts must not be added.

    Notes
    -----
    One person counts once, however many areas or versions they sent;
    communities without a submitter count each as one. Overlap says how many
    people drew a place, not how many live by it, and a place that few drew is
    not less a part of a community.
    """
    _check(core, edge, inside)
    require_audience(audience)
    every = communities if isinstance(communities, Submissions) else Submissions(tuple(communities))
    chosen = every.for_audience(audience)
    if not len(chosen):
        raise InputError(
            f"none of the {len(every):,} communities may be shown to audience {audience!r}. Ask their people, read the "
            "file with consent= where it says what they agreed to, or say audience='internal' for your own eyes."
        )
    units.require_additive("People of units are added over communities")
    located = locate_communities(chosen, units)
    told = _told_by(chosen)
    held = located.membership
    held = held.assign(submitter=held["community"].map(told["submitter"]).to_numpy())
    voices = int(held["submitter"].nunique())
    held = held[held["share"] >= inside - _EXACT]
    core_count, edge_count = _least(core, voices), _least(edge, voices)
    people = pd.DataFrame({"base": units.column(column("total", base)), "count": units.column(column(group, base))})
    frame = _frame(held, people, voices, core_count, edge_count)
    sweep = _sweep(frame, voices)
    common = frame.index[frame["stands"] == "core"]
    split = {key: _by(told, held, key, people=people, core=core, common=common) for key in ("language", "collector")}
    result = Consensus(
        frame,
        sweep,
        split["language"],
        split["collector"],
        _narratives(chosen),
        group,
        base,
        core,
        edge,
        core_count,
        edge_count,
        voices,
        located,
        chosen,
        units,
        audience,
    )
    return replace(result, notes=(*located.notes, *cautions(result)))


def _check(core: float, edge: float, inside: float) -> None:
    """Refuse thresholds that make no sense."""
    if not 0.5 < core <= 1:
        raise InputError(f"core is a share above one half and up to 1; it is {core!r}: fewer do not agree.")
    if not 0 < edge <= core:
        raise InputError(f"edge is a share above 0 and at most core ({core:.2f}); it is {edge!r}.")
    if not 0 < inside <= 1:
        raise InputError(f"inside is a share above 0 and up to 1; it is {inside!r}.")


def _least(share: float, voices: int) -> int:
    """Give the least whole number of submitters that is at least a share of them."""
    return max(1, math.ceil(share * voices - _EXACT))


def _told_by(chosen: Submissions) -> pd.DataFrame:
    """Lay out who told of each community; without a submitter a community stands for itself."""
    rows = {
        label: {
            "submitter": f"submitter {one.submitter}" if one.submitter else f"community {one.id}",
            "language": one.languages,
            "collector": (one.collected.collector,) if one.collected.collector else (),
        }
        for label, one in zip(chosen.labels, chosen, strict=True)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["submitter", "language", "collector"])


def _overlap(held: pd.DataFrame) -> pd.Series:
    """Count different submitters by unit."""
    return held.drop_duplicates(["GEOID", "submitter"]).groupby("GEOID")["submitter"].size()


def _frame(held: pd.DataFrame, people: pd.DataFrame, voices: int, core: int, edge: int) -> pd.DataFrame:
    """Lay out the overlap by unit, in the order of the units."""
    number = _overlap(held)
    number = number.reindex(people.index[people.index.isin(number.index)])
    stands = np.select([number >= core, number >= edge], STANDS[:2], STANDS[2])
    frame = pd.DataFrame({"submitters": number.astype("int64"), "share": number / voices, "stands": stands})
    return frame.join(people).rename_axis("GEOID").astype({"stands": "str"})


def _sweep(frame: pd.DataFrame, voices: int) -> pd.DataFrame:
    """Add up what each least number of submitters holds."""
    steps = pd.RangeIndex(1, voices + 1, name="submitters")
    rows = []
    for step in steps:
        held = frame[frame["submitters"] >= step]
        whole, some = held["base"].sum(), held["count"].sum()
        rows.append(
            {
                "share": step / voices,
                "units": len(held),
                "base": whole,
                "count": some,
                "share_of_group": some / whole if whole else np.nan,
            }
        )
    return pd.DataFrame(rows, index=steps)


def _by(
    told: pd.DataFrame, held: pd.DataFrame, key: str, *, people: pd.DataFrame, core: float, common: pd.Index
) -> pd.DataFrame:
    """Do the same for the people of each language or collector."""
    rows = {}
    for name in sorted({one for values in told[key] for one in values}, key=str.casefold):
        theirs = told[[name in values for values in told[key]]]
        number = _overlap(held[held["community"].isin(theirs.index)])
        voices = theirs["submitter"].nunique()
        agreed = number.index[number >= _least(core, voices)]
        whole = people.loc[common, "base"].sum()
        rows[name] = {
            "submitters": voices,
            "communities": len(theirs),
            "units": len(number),
            "base": people.loc[number.index, "base"].sum(),
            "core_units": len(agreed),
            "core_base": people.loc[agreed, "base"].sum(),
            "shared_core": people.loc[common.intersection(agreed), "base"].sum() / whole if whole else np.nan,
        }
    columns = ["submitters", "communities", "units", "base", "core_units", "core_base", "shared_core"]
    made = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return made.set_axis(pd.Index(list(rows), dtype="str", name=key))


def _narratives(chosen: Submissions) -> pd.DataFrame:
    """Give what people wrote, word for word, one text a row."""
    rows = [
        (label, one.submitter, ", ".join(one.languages), field, text)
        for label, one in zip(chosen.labels, chosen, strict=True)
        for field, text in one.texts().items()
        if field.startswith(("in_common.", "asks.", "comments."))
    ]
    return pd.DataFrame(rows, columns=["community", "submitter", "languages", "field", "text"], dtype="str")
