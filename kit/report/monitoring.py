"""A monitoring list as a table for the team: plain headings, opened by any spreadsheet, offline."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kit.analysis.monitor_plan import MonitorPlan, require_same_list, shifts_at
from kit.analysis.monitoring import MonitoringList
from kit.analysis.monitoring_context import COVERED, TURNOUT, UNKNOWN, language_name
from kit.analysis.monitoring_words import COUNTED, listed_language, ranks
from kit.analysis.section203 import NEAR
from kit.errors import InputError
from kit.files import atomic_path
from kit.i18n.messages import capital, joined, mark, say, term
from kit.i18n.sheets import safe
from kit.model.cvap import MOE
from kit.report.cells import MISSING
from kit.report.tables import kinds_of, stamp_words

_HEADS = {
    "group_turnout": mark("Turnout of the group, registered people (per cent)"),
    "turnout": mark("Turnout of everybody, registered people (per cent)"),
    "turnout_gap": mark("Turnout gap (points)"),
}


def write_monitoring(found: MonitoringList, path: str | os.PathLike[str], *, plan: MonitorPlan | None = None) -> Path:
    """Write a monitoring list as CSV for the people who watch the polls.

    Parameters
    ----------
    found : MonitoringList
        Ranked polling places or precincts.
    path : path-like
        A ``.csv`` file.
    plan : MonitorPlan, optional
        Shifts, of which pseudonyms alone are written.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        The suffix is another one, or the plan is of other places.

    Notes
    -----
    UTF-8 with the mark by which spreadsheets know it; counts are rounded to
    whole people, and missing ones are called so, never 0. Text that looks like
    a formula has an apostrophe before it. Every row carries who was counted,
    from what, and how unsure that is.
    """
    target = Path(path)
    if not isinstance(found, MonitoringList):
        raise InputError(f"a MonitoringList is due, from kit.rank_polling_places, not a {type(found).__name__}.")
    if target.suffix.lower() != ".csv":
        raise InputError(f"a monitoring list is written as .csv, not {target.suffix or 'a name without a suffix'!r}.")
    if plan is not None:
        require_same_list(plan, found)
    rows = [_row(str(place), row, found, plan) for place, row in zip(found.frame.index, _records(found), strict=True)]
    heads = list(rows[0]) if rows else []
    with atomic_path(target) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream, lineterminator="\r\n")
        out.writerow([safe(head) for head in heads])
        for row in rows:
            out.writerow([_cell(value) for value in row.values()])
    return target


def _records(found: MonitoringList) -> list[dict[Any, Any]]:
    records: list[dict[Any, Any]] = found.frame.to_dict("records")
    return records


def _cell(value: Any) -> Any:
    """Write one cell: words so that no spreadsheet takes them for a formula, numbers as they are."""
    if isinstance(value, str):
        return safe(" ".join(value.split()))
    return str(term(MISSING)) if pd.isna(value) else value


def _row(place: str, row: Mapping[str, Any], found: MonitoringList, plan: MonitorPlan | None) -> dict[str, Any]:
    """Lay one place out, heading by heading."""
    low, high = row["rank_low"], row["rank_high"]
    told: dict[str, Any] = {
        say("Rank by estimate"): row["rank"],
        say("Ranks that sampling error leaves open"): str(ranks(low, high)),
    }
    if found.places is None:
        told[say("Precinct")] = place
    else:
        told |= {say("Polling place"): row["name"], say("Id"): place}
        if (found.frame["address"] != "").any():
            told[say("Address")] = row["address"]
        told |= {say("Precincts"): row["precincts"]}
        told |= {say("Longitude"): row["longitude"], say("Latitude"): row["latitude"]}
    if found.jurisdiction:
        told[say("Jurisdiction")] = found.jurisdiction
    told |= _people(row, found)
    told |= _law(row, found)
    for name in TURNOUT:
        if name in row:
            told[term(_HEADS[name])] = round(100 * row[name], 1) if pd.notna(row[name]) else None
    if plan is not None:
        told |= _shifts(place, plan)
    return told | {
        say("Counted"): joined([capital(term(COUNTED[found.measure])), say("by language spoken at home")], ", "),
        say("Uncertainty"): kinds_of(found.sources, margins=True, cut=False),
        say("Source"): joined(dict.fromkeys(source.citation() for source in found.sources)),
        say("Note"): stamp_words(sample=found.sample),
    }


def _people(row: Mapping[str, Any], found: MonitoringList) -> dict[str, Any]:
    """Give the estimates, rounded to whole people."""
    told: dict[str, Any] = {}
    for name, words in (("citizens", COUNTED["citizens"]), ("speakers", COUNTED["speakers"])):
        if name in row:
            told |= _estimate(row, name, capital(term(words)))
    told[say("Reliability of what is ranked by")] = say(
        "{sign} {reliability}", sign=row["symbol"], reliability=term(row["reliability"])
    )
    for one in found.languages:
        told |= _estimate(row, one, say("{language}, limited English", language=capital(language_name(one))))
    if "residents" in row:
        told[say("Residents, by the census")] = _whole(row["residents"])
    return told


def _estimate(row: Mapping[str, Any], name: str, words: str) -> dict[str, Any]:
    """Give an estimate and its margin."""
    return {words: _whole(row[name]), say("{what}: margin (90%)", what=words): _whole(row[f"{name}{MOE}"])}


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else round(value)


def _law(row: Mapping[str, Any], found: MonitoringList) -> dict[str, Any]:
    """Name the languages spoken here for which Section 203 asks for help, or may."""
    law = found.law
    spoken = [one for one in law.index if pd.notna(row[one]) and row[one] > 0]
    nothing = term(UNKNOWN) if (law["standing"] == UNKNOWN).all() else say("none")
    told: dict[str, Any] = {}
    for standing, head in (
        (COVERED, say("Section 203: covered here")),
        (NEAR, say("Section 203: may be near the line")),
    ):
        names = [listed_language(law, one) for one in spoken if law.loc[one, "standing"] == standing]
        told[head] = joined(names, say("; ")) if names else nothing
    return told


def _shifts(place: str, plan: MonitorPlan) -> dict[str, Any]:
    """Name who stands here, by pseudonym, and what nobody here speaks."""
    unmet = plan.unmet
    lacking = [language_name(one) for one in unmet.loc[unmet["place"] == place, "language"]]
    return {
        say("Monitors"): shifts_at(plan, place) or say("none"),
        say("Languages without a monitor"): joined(lacking, say("; ")) if lacking else say("none"),
    }
