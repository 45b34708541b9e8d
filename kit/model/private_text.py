"""Text that could lead to somebody's door: addresses, telephone numbers, e-mail addresses, a home."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SUFFIX = (
    r"st(reet)?|ave(nue)?|r(oa)?d|blvd|boulevard|dr(ive)?|l(a)?n(e)?|ct|court|pl(ace)?|terr?(ace)?|way|circle|cir"
    r"|pkwy|parkway|hwy|highway|sq(uare)?|trail|trl|loop|alley|aly"
)
KINDS: dict[str, re.Pattern[str]] = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    "a telephone number": re.compile(
        r"(?<![\d.,-])(\+?1[ .-]?)?(\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\d-])|(?<!\d)\+\d{1,3}( ?\d){8,12}(?!\d)"
    ),
    "a street address": re.compile(
        rf"(?i)(?<![\w#-])\d{{1,5}}(-\d{{1,4}})?[a-z]? +((n|s|e|w|ne|nw|se|sw|north|south|east|west)\.? +)?"
        rf"(?!(st|nd|rd|th)\b)([^\W_][\w'.-]* +){{1,3}}?({_SUFFIX})\b\.?(?! +(to|and|between|until|through) )"
    ),
    "an apartment": re.compile(r"(?i)\b(apt|apartment|unit|suite|ste)\b\.? *#? *\d+[a-z]?\b"),
    "somebody's home": re.compile(
        r"(?i)\b(my|our|his|her) (own )?(house|home|apartment|flat|residence|address)\b|\b(mi|nuestra) casa\b|我家"
        r"|우리 ?집|nhà tôi"
    ),
}
"""What is looked for, by what it is called."""

# Bounds and landmarks name public places, which have addresses; who lives there is another matter.
_PUBLIC_PLACES = ("bounds", "landmarks")
_OF_PLACES = ("a street address",)


def leads_to_people(texts: Mapping[str, str]) -> list[str]:
    """Find text that could lead to somebody's door, without repeating it.

    Parameters
    ----------
    texts : mapping of str to str
        Field → text, as `kit.model.community.Community.texts` gives.

    Returns
    -------
    list of str
        What was found and in which field; empty where nothing was. A street
        address among bounds and landmarks is of a public place and is left.

    Examples
    --------
    >>> leads_to_people({"comments.1": "Call 555-123-4567", "landmarks.1": "Library, 12 Park Row Street"})
    ['a telephone number in comments.1']
    """
    found = []
    for field, text in texts.items():
        for kind, pattern in KINDS.items():
            if field.startswith(_PUBLIC_PLACES) and kind in _OF_PLACES:
                continue
            if pattern.search(text):
                found.append(f"{kind} in {field}")
    return found
