"""What a dozen invented people of the fictional county told of one neighborhood.

Two drew nearly the same area, one line crosses itself, one area is so small
that it leads to a home, and one person agreed to no audience: what arrives at
a real intake. All of it is invented and nobody is meant.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shapely.geometry import Polygon, mapping

from kit.model.community import Community
from kit.model.submissions import Submissions
from kit.samples.build.fictional_people import NORTH, STEP_X, STEP_Y, WEST
from kit.sources.community_write import write_communities

MADE = datetime(2025, 3, 1, 18, tzinfo=UTC)
INVENTED = "Invented example, not a submission."
WHOLE = [{"kind": "keep_whole"}]
WITH = [{"kind": "keep_with", "places": ["Lantern Flats"], "words": "Our children go to one school."}]
APART = [{"kind": "not_with", "places": ["Harbor Estates"], "words": "They have a council of their own."}]

# Name, submitter, languages, collector, consent, what is shared, asks, corners in columns and rows of the grid.
Voice = tuple[str, str, tuple[str, ...], str, str, dict[str, str], list[dict[str, Any]], list[tuple[float, float]]]
VOICES: tuple[Voice, ...] = (
    (
        "Lantern Hill",
        "s-01",
        ("Vietnamese", "English"),
        "collector-1",
        "public",
        {"worship": "Two temples and a church share one festival.", "work": "Family shops on the market street."},
        WHOLE,
        [(11.2, 0.2), (16.8, 0.2), (16.8, 5.8), (11.2, 5.8)],
    ),
    (
        "Lantern Hill and the flats",
        "s-02",
        ("Vietnamese",),
        "collector-1",
        "public",
        {"schools": "One school for the hill and the flats.", "language": "Notices are read in Vietnamese."},
        WITH,
        [(11.2, 1.2), (16.8, 1.2), (16.8, 7.8), (11.2, 7.8)],
    ),
    (
        "Market street",
        "s-03",
        ("Chinese", "English"),
        "collector-2",
        "public",
        {"work": "Shops that buy and sell together."},
        WHOLE,
        [(12.2, 1.2), (15.8, 1.2), (15.8, 4.8), (12.2, 4.8)],
    ),
    (
        "Lantern Hill",
        "s-04",
        ("Korean",),
        "collector-2",
        "public",
        {"services": "One clinic with interpreters.", "history": "Came when the cannery opened."},
        APART,
        [(11.2, 0.2), (15.8, 0.2), (15.8, 6.8), (11.2, 6.8)],
    ),
    (
        "Temple neighbors",
        "s-05",
        ("Khmer",),
        "collector-2",
        "public",
        {"worship": "The temple on the hill.", "culture": "New year is kept in the street."},
        WHOLE,
        [(12.2, 0.2), (16.8, 0.2), (16.8, 4.8), (12.2, 4.8)],
    ),
    (
        "The hill and the cannery",
        "s-06",
        ("Tagalog", "English"),
        "collector-1",
        "public",
        {"history": "Cannery workers settled on the hill.", "work": "The cannery, then the hospital."},
        [{"kind": "keep_with", "places": ["Old Cannery Row"]}],
        [(9.2, 2.2), (15.8, 2.2), (15.8, 6.8), (9.2, 6.8)],
    ),
    (
        "Lantern Hill",
        "s-07",
        ("Vietnamese",),
        "collector-1",
        "public",
        {"culture": "Told at the same table as the first."},
        WHOLE,
        [(11.2, 0.2), (16.8, 0.2), (16.8, 5.7), (11.2, 5.7)],
    ),
    (
        "School families",
        "s-08",
        ("Hmong", "English"),
        "collector-3",
        "commission",
        {"schools": "Families of the Lantern Hill school."},
        WITH,
        [(12.2, 2.2), (16.8, 2.2), (16.8, 7.8), (12.2, 7.8)],
    ),
    (
        "A line that crosses itself",
        "s-09",
        ("Chinese",),
        "collector-3",
        "public",
        {"culture": "Drawn in a hurry."},
        WHOLE,
        [(12.2, 1.2), (15.8, 4.8), (15.8, 1.2), (12.2, 4.8)],
    ),
    (
        "Clinic and market",
        "s-10",
        ("Korean", "English"),
        "collector-3",
        "public",
        {"services": "The clinic, the market and the bus between them."},
        WHOLE,
        [(12.2, 1.2), (16.8, 1.2), (16.8, 5.8), (12.2, 5.8)],
    ),
    (
        "Our street",
        "s-11",
        ("English",),
        "collector-3",
        "private",
        {"other": "Told to the collectors alone."},
        WHOLE,
        [(13.2, 2.2), (15.8, 2.2), (15.8, 4.8), (13.2, 4.8)],
    ),
    (
        "One garden",
        "s-12",
        ("English",),
        "collector-3",
        "public",
        {"other": "So small that it leads to one home."},
        WHOLE,
        [(14.4, 3.4), (14.5, 3.4), (14.5, 3.5), (14.4, 3.5)],
    ),
)


def voices() -> Submissions:
    """Make the communities as they were told."""
    told = []
    for number, (name, who, languages, collector, consent, common, asks, path) in enumerate(VOICES, 1):
        outline = [(round(WEST + STEP_X * x, 6), round(NORTH - STEP_Y * y, 6)) for x, y in path]
        told.append(
            Community.model_validate(
                {
                    "name": name,
                    "id": f"voice-{number:02d}",
                    "submitter": who,
                    "languages": languages,
                    "told_in": "English",
                    "consent": consent,
                    "in_common": common,
                    "asks": asks,
                    "comments": (INVENTED,),
                    "collected": {"how": "drawn", "collector": collector},
                    "area": {"kind": "polygon", "shape": mapping(Polygon(outline))},
                    "made": MADE,
                }
            )
        )
    return Submissions(tuple(told))


def write_voices(folder: Path) -> None:
    """Write them as the kit writes communities for those who collect."""
    write_communities(voices(), folder / "submissions.geojson", audience="internal")
