"""Polling places and precincts in order of the people who may need language help there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import moe, monitoring_words
from kit.analysis.monitoring_context import standing_203, turnout_of
from kit.analysis.monitoring_counts import (
    CITIZENS,
    SPOKEN,
    Precincts,
    rank_intervals,
    share_to_precincts,
    survey_columns,
)
from kit.analysis.section203 import Screen203
from kit.errors import InputError, SchemaError, first_few
from kit.model.cvap import MOE
from kit.model.detail_data import AAPI_LANGUAGES
from kit.model.frames import Placement, Units
from kit.model.geoid import natural_key
from kit.model.polling import PollingPlaces
from kit.model.shared import Shared
from kit.model.source import Source
from kit.model.voters import VoterCounts
from kit.progress import meter


@dataclass(frozen=True)
class MonitoringList:
    """Polling places, or precincts, in order of estimated need for language help.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by id, largest estimate first: ``name``, ``precincts``
        (separated by semicolons), ``rank``, ``rank_low`` and ``rank_high``
        (Int64; every rank between the two is open, given sampling error),
        ``speakers`` (people aged 5 and over, citizens or not, of limited
        English), ``citizens`` (voting-age citizens among them, an estimate;
        only where table B16008 was given), one column a language, each with
        ``_moe``; ``reliability`` and ``symbol`` of what was ranked by;
        ``residents`` (census count); ``longitude``, ``latitude`` and
        ``address`` of polling places; ``group_turnout``, ``turnout`` and
        ``turnout_gap`` where voter counts were given.
    precincts : pandas.DataFrame
        The same for every precinct.
    law : pandas.DataFrame
        By language: ``standing`` to Section 203, ``listed_as`` and ``screen``.
    total : dict of str to float
        Estimates of the whole area, with ``_moe``.
    measure : str
        What was ranked by: ``"citizens"`` or ``"speakers"``.
    languages : tuple of str
        Ids of the groups of languages counted.
    places : PollingPlaces or None
        The polling places; None where precincts were ranked.
    jurisdiction : str
        Whose list it is.
    sources : tuple of Source
        Of all figures.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    precincts: pd.DataFrame = Shared()  # noqa: RUF009
    law: pd.DataFrame = Shared()  # noqa: RUF009
    total: dict[str, float] | None = None
    measure: str = SPOKEN
    languages: tuple[str, ...] = AAPI_LANGUAGES
    places: PollingPlaces | None = None
    jurisdiction: str = ""
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def sample(self) -> bool:
        """Whether any figure rests on sample data.

        Returns
        -------
        bool
            True when the stamp is due.
        """
        return any(source.sample for source in self.sources)

    def summary(self) -> str:
        """Say in plain sentences what the list shows.

        Returns
        -------
        str
            How many people where, which places come first and how sure that
            is, Section 203, the turnout gap, and cautions.
        """
        return monitoring_words.summary(self)


def rank_polling_places(
    units: Units | Placement,
    survey: Units,
    *,
    places: PollingPlaces | None = None,
    precinct: str = "vtd",
    languages: Sequence[str] = AAPI_LANGUAGES,
    weight: str = "aapi_aoic_pop",
    citizens: Units | None = None,
    section203: Iterable[str] | None = None,
    screens: Iterable[Screen203] = (),
    area: str | None = None,
    turnout: VoterCounts | None = None,
    turnout_group: str = "nh_aapi_alone",
    jurisdiction: str = "",
    sources: Iterable[Source] = (),
) -> MonitoringList:
    """Rank polling places, or precincts, by people of limited English who speak Asian and Pacific Island languages.

    Parameters
    ----------
    units : Units or Placement
        Blocks (or block groups) with a column of precincts, or placed in a
        plan whose districts are precincts.
    survey : Units
        Tracts with table C16001, as `kit.read_acs` gives it.
    places : PollingPlaces, optional
        Polling places with the precincts that vote there; without them
        precincts are ranked.
    precinct : str, default "vtd"
        Column of precincts.
    languages : sequence of str
        Groups of languages of C16001; by default Korean, Chinese, Vietnamese,
        Tagalog, and other Asian and Pacific Island ones. Hindi, Urdu, Bengali,
        Punjabi, Gujarati and Nepali are in ``"other_indo_european"``, with
        languages of Europe and Iran.
    weight : str, default "aapi_aoic_pop"
        Column of the blocks by which estimates of tracts are shared out.
    citizens : Units, optional
        The same tracts with table B16008: then voting-age citizens among those
        speakers are estimated, and ranked by.
    section203 : iterable of str, optional
        Languages for which the jurisdiction is on the official list, from
        ``kit.read_section203(...).languages_of(...)``; empty for none.
    screens : iterable of Screen203
        What `kit.screen_203` says of it, one a language.
    area : str, optional
        Row of the screens that is the jurisdiction.
    turnout : VoterCounts, optional
        Registered people and people who voted, by precinct.
    turnout_group : str, default "nh_aapi_alone"
        Whose turnout is held against everybody's.
    jurisdiction : str
        Whose list it is, for headings.
    sources : iterable of Source
        Further sources, such as that of the official list.

    Returns
    -------
    MonitoringList
        For `assign_monitors`, `write_monitoring` and `map_polling`.

    Raises
    ------
    InputError
        No language is named, one of Section 203's is not known, something is of another kind, or the voter
        counts lack the group or votes.
    SchemaError
        Columns are missing, places name none of the precincts, or tables are of other tracts.
    CoverageError
        Blocks and tracts do not belong together.

    Notes
    -----
    C16001 counts people aged 5 and over who speak a language at home and
    English less than “very well”, citizens or not. No public table counts
    voting-age citizens of limited English by Asian language in tracts: B16008
    has them for all languages but Spanish together. The estimate takes the
    share of citizens of voting age among those to be the same for each
    language of a tract. A precinct with several polling places counts in full
    at each. Margins are of sampling alone; shares of blocks are taken as exact.

    References
    ----------
    U.S. Census Bureau, American Community Survey, tables C16001 and B16008. 52 U.S.C. 10503.
    """
    if isinstance(languages, str) or not languages:
        raise InputError(f"name at least one group of languages, such as {AAPI_LANGUAGES[0]!r}, in a list.")
    for what, one, due, wanted in (
        ("units", units, "Units or a Placement", (Units, Placement)),
        ("survey", survey, "Units with table C16001", Units),
        ("citizens", citizens, "Units with table B16008", Units),
        ("places", places, "PollingPlaces, from kit.read_polling_places", PollingPlaces),
        ("turnout", turnout, "VoterCounts, from kit.read_registration", VoterCounts),
    ):
        if not isinstance(one, wanted) and (one is not None or what in ("units", "survey")):
            raise InputError(f"{what} must be {due}, not {type(one).__name__}.")
    languages = tuple(dict.fromkeys(languages))
    law, law_notes = standing_203(languages, section203, screens, area)
    measure = SPOKEN if citizens is None else CITIZENS
    with meter("Ranking precincts and polling places", 3) as told:
        coarse, over = survey_columns(survey, languages, citizens)
        made, blocks = share_to_precincts(units, coarse, precinct=precinct, weight=weight, natural=natural_key)
        told.advance(1)
        own = pd.DataFrame({"code": range(len(made.labels)), "row": range(len(made.labels))})
        about = pd.DataFrame({"name": made.labels, "precincts": made.labels}, index=made.labels)
        beside: dict[str, Any] = {"measure": measure, "turnout": turnout, "group": turnout_group}
        counted, turned = _table(made, about, own, **beside)
        frame = precincts = _in_order(counted, measure)
        told.advance(1)
        served: list[str] = []
        if places is not None:
            pairs, served = _pairs(places, made.labels, precincts[SPOKEN])
            counted, turned = _table(made, _about(places, pairs, made.labels), pairs, **beside)
            frame = _in_order(counted, measure)
        told.advance(1)
    shared = made.allocation.units.sources
    more = (*(citizens.sources if citizens is not None else ()), *(places.sources if places is not None else ()))
    every = (*shared, *more, *(turnout.sources if turnout is not None else ()), *sources)
    about_method = monitoring_words.method_notes(
        languages, measure, made.allocation, over=over, unplaced=_unplaced(made, blocks), law=law, served=served
    )
    notes = (*about_method, *law_notes, *(places.notes if places is not None else ()), *turned)
    return MonitoringList(
        frame=frame,
        precincts=precincts,
        law=law,
        total=made.whole(),
        measure=measure,
        languages=languages,
        places=places,
        jurisdiction=jurisdiction,
        sources=tuple(dict.fromkeys(every)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _table(
    made: Precincts,
    about: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    measure: str,
    turnout: VoterCounts | None,
    group: str,
) -> tuple[pd.DataFrame, list[str]]:
    """Count each row of a list, and say how sure its rank is."""
    rows = len(about)
    served = np.isin(np.arange(rows), pairs["row"])
    # A place without a known precinct has no estimate; that is not none.
    counts = made.sums(pairs, rows).set_axis(about.index)
    counts.loc[~served] = np.nan
    ranks = rank_intervals(counts[measure], counts[f"{measure}{MOE}"])
    marks = moe.reliability(counts[measure], counts[f"{measure}{MOE}"])
    table = pd.concat([about[["name", "precincts"]], ranks, counts], axis=1)
    table = table.assign(reliability=marks.word, symbol=marks.symbol)
    if "total_pop" in made.allocation.units.frame.columns:
        table["residents"] = np.where(served, made.people("total_pop", pairs, rows), np.nan)
    table = pd.concat([table, about.drop(columns=["name", "precincts"])], axis=1)
    if turnout is None:
        return table, []
    turned, notes = turnout_of(turnout, group, pairs, made.labels, rows)
    return pd.concat([table, turned.set_axis(about.index)], axis=1), notes


def _in_order(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Put the largest estimates first; equal ones by id."""
    sizes = (-table[measure].round(6)).fillna(np.inf)
    keys = [(size, natural_key(one)) for size, one in zip(sizes, table.index, strict=True)]
    return table.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def _pairs(places: PollingPlaces, labels: pd.Index, speakers: pd.Series) -> tuple[pd.DataFrame, list[str]]:
    """Match the precincts of the places with those of the blocks."""
    serves = places.serves
    if not len(serves):
        raise SchemaError(
            "the list of polling places does not say which precincts vote where. Ask the election office for that "
            "column and pass precinct= to kit.read_polling_places, or leave places= out to rank precincts."
        )
    code = labels.get_indexer(serves["precinct"])
    known = code >= 0
    if not known.any():
        raise SchemaError(
            f"none of the {serves['precinct'].nunique():,} precincts of the polling places (such as "
            f"{first_few(serves['precinct'], 3)}) is among the {len(labels):,} of the blocks (such as "
            f"{first_few(labels, 3)}). Write them alike."
        )
    row = places.frame.index.get_indexer(serves["place"])
    pairs = pd.DataFrame({"code": code[known], "row": row[known]})
    strange = list(dict.fromkeys(serves.loc[~known, "precinct"]))
    without = labels[~labels.isin(serves["precinct"])]
    several = labels[np.bincount(pairs["code"], minlength=len(labels)) > 1]
    told = monitoring_words.served_notes(strange, list(without), speakers.reindex(without).sum(), list(several))
    return pairs, told


def _about(places: PollingPlaces, pairs: pd.DataFrame, labels: pd.Index) -> pd.DataFrame:
    """Give the names and spots of polling places, with the precincts that are known."""
    frame = places.frame
    named = pairs.assign(precinct=labels[pairs["code"]]).groupby("row")["precinct"].agg("; ".join)
    return pd.DataFrame(
        {
            "name": frame["name"],
            "precincts": named.reindex(range(len(frame))).fillna("").to_numpy(),
            "longitude": frame["longitude"],
            "latitude": frame["latitude"],
            "address": frame["address"],
        },
        index=frame.index,
    )


def _unplaced(made: Precincts, blocks: Units) -> tuple[int, float, Any]:
    """Count the blocks without a precinct, and the speakers shared out to them."""
    nowhere = made.codes < 0
    lost = made.allocation.units.frame[SPOKEN].to_numpy(dtype=float)[nowhere]
    return int(nowhere.sum()), float(np.nansum(lost)), blocks.plural
