"""A first hearing file, with comments, that builds at once on the embedded sample."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.files import write_text

NAME = "hearing.toml"


@dataclass(frozen=True)
class Answers:
    """What a new hearing file is filled with; the defaults build on the sample.

    Parameters
    ----------
    body, date, time, place, jurisdiction : str
        Of the hearing; the date as ``2026-12-03``.
    speaker, organisation, contact : str
        Who speaks.
    ask : str
        What is asked for, in one sentence.
    languages : tuple of str
        Languages of the packet, the main one first.
    """

    body: str = "Los Angeles County Citizens Redistricting Commission"
    date: str = "2030-01-15"
    time: str = "18:30"
    place: str = "Hearing room to be announced"
    jurisdiction: str = "Los Angeles County, California"
    speaker: str = "Your name"
    organisation: str = ""
    contact: str = "how to reach you"
    ask: str = "Please keep the San Gabriel Valley together in one district."
    languages: tuple[str, ...] = ("en",)


QUESTIONS = {
    "body": "Who holds the hearing?",
    "date": "On which day (as 2026-12-03)?",
    "time": "When does it begin?",
    "place": "Where?",
    "jurisdiction": "Whose districts are drawn?",
    "speaker": "Who speaks?",
    "organisation": "For which organisation (empty for none)?",
    "contact": "How can you be reached?",
    "ask": "What do you ask for, in one sentence?",
}
"""What is asked on a terminal, in order."""

_TEMPLATE = """\
# A hearing, and the packet for it. Build it with:   kit build {name}
# Text stands in quotes; dates and numbers do not. What follows # is a remark.

body = {body}
date = {date}
time = {time}
place = {place}
jurisdiction = {jurisdiction}

speaker = {speaker}
organisation = {organisation}
contact = {contact}

# What you ask for, in one sentence.
ask = {ask}

# Who is counted, and of whom: the first of each is on the maps. `kit.GROUPS` has all definitions,
# such as "aapi_aoic" (Asian or NHPI, alone or in combination), and bases are pop, vap, cvap.
groups = ["nh_aapi_alone"]
bases = ["pop"]

# Bounds of the classes on all maps, the same for every plan.
breaks = [0, 0.05, 0.10, 0.20, 0.30, 0.50, 1]

# West, south, east and north of the maps, in degrees. Leave it out to show everything.
extent = [-118.95, 33.68, -117.64, 34.83]

# Further maps: "communities", "districts", "plans", "clusters".
maps = ["communities"]

# Languages of the packet, the main one first; each further one gets a folder of its own: ["en", "vi", "zh-Hant"].
# Machine drafts say so on every page until somebody has read them over.
languages = {languages}

[rules]
speaking_minutes = 2
words_per_minute = 130            # your own pace: read a page aloud and count
file_formats = ["pdf", "csv", "geojson"]
upload_limit_mb = 25
criteria = []                     # the body's criteria, in order: ["equal population", "…"]
forbidden = []                    # words that must not be said, such as names of parties and incumbents

[rules.deadlines]
# "written testimony" = 2030-01-10

[words]
# Your own words. What you leave empty is written from the figures, or left out.
introduction = ""
community = ""                    # where it is, what it shares, who its neighbours are
effect = ""                       # what the plan does to it
closing = "Thank you."

# The same in other languages of the packet; what is left out is printed as you wrote it above.
# [translations.vi]
# ask = "…"
# closing = "…"

[units]
# The counts: a sample; a table or shapefile of census units; or a State such as "HI".
source = "sample:los_angeles_2010"
# For a file, say also:
# year = 2020
# level = "block"
# id = "GEOID20"
# columns = {{ TOTPOP = "total_pop", AAPI = "aapi_aoic_pop" }}
# shapes = "blocks.zip"           # polygons, where the table has none

# One table a plan. At most one has the role "before" and one "after"; others are "other".
[[plans]]
path = "sample:a"
role = "before"
# For a file, say also:
# name = "Enacted plan of 2022"
# id = "DISTRICT"
# status = "enacted"              # or adopted, proposed, draft, illustrative
# adopted = 2022-06-03

[[plans]]
path = "sample:b"
role = "after"

# Areas that people named: a file of polygons, and the column of their names.
[[communities]]
file = "sample:communities"
name = "name"

# Exhibits of your own choice, in your order: share, districts, compare, change, communities, consensus (with
# submissions = "…" above), dots, zoom, plans or clusters; ladder and gap (with [voters]), precincts and forest
# (with [returns]). Without them the packet has the usual ones.
# [[exhibits]]
# map = "share"
# plan = "after"
# group = "nh_aapi_alone"
# base = "pop"
# title = "Your own claim, in at most 140 characters"

# Who registered and voted, for "ladder" and "gap" (with gap_breaks = [0.02, 0.05, 0.1]). A voter list stays where it
# is: only sums that hide small counts reach the packet. For "gap" count by the districts of the plan.
# [voters]
# source = "voters.txt"
# layout = "nc_voters"
# by = "county"
# elections = ["2024-11-05"]      # or two, the earlier first
# as_of = 2025-01-04
# group = "nh_aapi_alone"
# [voters.citizens]               # citizens of voting age, shared out to the units by adults
# source = "cvap.csv"

# Votes by precinct, for "precincts" and "forest".
# [returns]
# source = "returns.csv"
# contest = "G24PRE"
# candidate = "…"                 # for "precincts"
# year = 2024
# [returns.people]                # one row a precinct
# source = "precincts.csv"
# precinct = "precinct"
# groups = {{ "Asian or Pacific Islander" = "nh_aapi_alone_voted_2024" }}
# total = "total_voted_2024"
# of = "voters"

# What you want to say. Each is checked against the figures; where they carry less, the weaker
# sentence that is true is printed, and where they carry nothing, it is left out and you are told.
[[claims]]
kind = "loses"                    # the district loses people of the group from "before" to "after"
district = "2"

[[claims]]
kind = "largest"                  # the district has the highest share
district = "2"
plan = "before"

[[claims]]
kind = "split_into"               # a community is split into n districts
area = "Monterey Park–Alhambra"
n = 2

[build]
seed = 20260701                   # the same seed and the same inputs give the same bytes
"""


def new_hearing(folder: str | os.PathLike[str] = ".", answers: Answers | None = None, **more: Any) -> Path:
    """Write a commented ``hearing.toml`` that builds at once on the sample.

    Parameters
    ----------
    folder : path-like
        Folder of the file, made when missing; or the file, with the suffix ``.toml``.
    answers : Answers, optional
        What it is filled with.
    **more : str
        Single answers by name, such as ``speaker=…``; ``languages=`` takes several.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        The file is there already, or an answer has no such name or cannot stand in it.
    """
    from kit.hearing_file import load_hearing

    path = require_new(folder)
    names = [one.name for one in fields(Answers)]
    unknown = [name for name in more if name not in names]
    if unknown:
        raise InputError(f"a hearing has no {', '.join(unknown)}; answers are {', '.join(names)}.")
    told = replace(answers or Answers(), **more)
    values = {name: _quoted(getattr(told, name)) for name in names if name != "languages"}
    values["languages"] = json.dumps(list(told.languages))
    text = _TEMPLATE.format(**{**values, "date": _day(told.date), "name": path.name})
    made = not path.parent.exists()
    write_text(path, text)
    try:
        load_hearing(path)
    except InputError:
        path.unlink()
        if made:
            path.parent.rmdir()
        raise
    return path


def require_new(folder: str | os.PathLike[str]) -> Path:
    """Refuse to write over a hearing file.

    Parameters
    ----------
    folder : path-like
        Folder of the file, or the file.

    Returns
    -------
    pathlib.Path
        The file to write.

    Raises
    ------
    InputError
        The file is there already.
    """
    given = Path(folder).expanduser()
    path = given if given.suffix.lower() == ".toml" else given / NAME
    if path.exists():
        raise InputError(f"{path.name} is there already, and nothing is written over. Edit it, or give another folder.")
    return path


def _quoted(text: str) -> str:
    """Write text as TOML."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "")


def _day(text: str) -> str:
    """Write a date as TOML."""
    import datetime as dt

    try:
        return dt.date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise InputError(f"{text!r} is no date; write it as 2026-12-03.") from None
