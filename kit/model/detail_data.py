"""Detailed groups and languages as data: plain names, where each belongs, and how tables print them.

Regions follow the Census Bureau's own order of its tables from 2022 on. It
lists Hmong among East Asian groups; many communities count Hmong and Mien
together with Southeast Asian groups, so say which you mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Detail:
    """One group, region or language.

    Parameters
    ----------
    name : str
        The kit's id; columns start with it.
    label : str
        As a reader would write it.
    kind : {"race", "region", "group", "residual", "language"}
        What it is. A residual is what a table leaves over, such as
        ``other_south_asian``; its contents change from year to year.
    part_of : str
        The region, race or group of languages that holds it; empty at the top.
    spellings : tuple of str
        How published tables print it, in any year.
    note : str
        What a reader must know.
    """

    name: str
    label: str
    kind: str
    part_of: str = ""
    spellings: tuple[str, ...] = ()
    note: str = ""


RACES = (
    Detail("aapi", "Asian or NHPI", "race", note="Counted without doubles only where race combinations are published."),
    Detail("asian", "Asian", "race", "aapi", ("Asian",)),
    Detail(
        "nhpi",
        "Native Hawaiian and Other Pacific Islander",
        "race",
        "aapi",
        ("Native Hawaiian and Other Pacific Islander", "Pacific Islander"),
    ),
)

REGIONS = (
    Detail("east_asian", "East Asian", "region", "asian", ("East Asian",)),
    Detail("southeast_asian", "Southeast Asian", "region", "asian", ("Southeast Asian",)),
    Detail("south_asian", "South Asian", "region", "asian", ("South Asian",)),
    Detail("central_asian", "Central Asian", "region", "asian", ("Central Asian",)),
    Detail("polynesian", "Polynesian", "region", "nhpi", ("Polynesian",)),
    Detail("micronesian", "Micronesian", "region", "nhpi", ("Micronesian",)),
    Detail("melanesian", "Melanesian", "region", "nhpi", ("Melanesian",)),
)

# Region → groups, the id made of the label; after "=" the id where it differs, and after "/" other spellings.
_GROUPS: dict[str, str] = {
    "east_asian": (
        "Chinese, except Taiwanese=chinese / Chinese | Hmong | Japanese | Korean | Mongolian | Okinawan | Taiwanese"
        " | Other East Asian"
    ),
    "southeast_asian": (
        "Burmese | Cambodian | Filipino | Indonesian | Laotian | Malaysian | Mien / Iu Mien | Singaporean | Thai"
        " | Vietnamese | Other Southeast Asian"
    ),
    "south_asian": (
        "Asian Indian / Indian | Bangladeshi | Bhutanese | Nepalese / Nepali | Pakistani | Sikh | Sri Lankan"
        " | Other South Asian"
    ),
    "central_asian": "Afghan | Kazakh | Uzbek | Other Central Asian",
    "polynesian": "Native Hawaiian | Samoan | Tongan | Other Polynesian",
    "micronesian": (
        "Guamanian or Chamorro | Chamorro | Chuukese | Guamanian | Marshallese | Other Micronesian"
    ),
    "melanesian": "Fijian | Other Melanesian",
    "asian": (
        "Other Asian, specified=other_asian_specified / Other Asian"
        " | Other Asian, not specified=other_asian_not_specified"
        " | Two or more Asian groups=two_or_more_asian / Two or more Asian"
    ),
    "nhpi": (
        "Other Pacific Islander=other_pacific_islander / Other Pacific Islander, not specified"
        " | Two or more Pacific Islander groups=two_or_more_nhpi / Two or more Pacific Islander"
        " / Two or more Native Hawaiian and Other Pacific Islander"
    ),
}  # fmt: skip

_NOTES = {
    "hmong": "The Census Bureau lists Hmong with East Asian groups; many communities say Southeast Asian.",
    "mien": "A line of its own from 2022 on.",
    "sikh": "Counts people who wrote Sikh in the race question, not everyone of that faith.",
    "afghan": "A line of its own in the 2024 table, before Kazakh; not in 2022, and 2023 is not confirmed.",
    "taiwanese": "People who wrote Taiwanese; Chinese leaves them out.",
    "guamanian_or_chamorro": "One line until 2021; two lines, Chamorro and Guamanian, in the 2024 table.",
    "chuukese": "A line of its own in the 2024 table.",
    "native_hawaiian": "Not the whole NHPI group, whose first words it shares.",
    "asian_indian": "Not American Indian, and not every South Asian.",
}

# Group of languages of table C16001 → its spelling there.
_LANGUAGE_GROUPS = {
    "spanish": "Spanish",
    "french_haitian_cajun": "French, Haitian, or Cajun",
    "german_west_germanic": "German or other West Germanic languages",
    "russian_polish_slavic": "Russian, Polish, or other Slavic languages",
    "other_indo_european": "Other Indo-European languages",
    "korean": "Korean",
    "chinese": "Chinese (incl. Mandarin, Cantonese)",
    "vietnamese": "Vietnamese",
    "tagalog": "Tagalog (incl. Filipino)",
    "other_asian_pacific": "Other Asian and Pacific Island languages",
    "arabic": "Arabic",
    "other_unspecified": "Other and unspecified languages",
}

# Language with a line of its own only in table B16001 → (spelling, group that holds it in C16001).
_LANGUAGES = {
    "gujarati": ("Gujarati", "other_indo_european"),
    "hindi": ("Hindi", "other_indo_european"),
    "urdu": ("Urdu", "other_indo_european"),
    "punjabi": ("Punjabi", "other_indo_european"),
    "bengali": ("Bengali", "other_indo_european"),
    "nepali_and_other_indic": ("Nepali, Marathi, or other Indic languages", "other_indo_european"),
    "telugu": ("Telugu", "other_asian_pacific"),
    "tamil": ("Tamil", "other_asian_pacific"),
    "malayalam_and_other_dravidian": ("Malayalam, Kannada, or other Dravidian languages", "other_asian_pacific"),
    "japanese": ("Japanese", "other_asian_pacific"),
    "hmong": ("Hmong", "other_asian_pacific"),
    "khmer": ("Khmer", "other_asian_pacific"),
    "thai_lao": ("Thai, Lao, or other Tai-Kadai languages", "other_asian_pacific"),
    "other_languages_of_asia": ("Other languages of Asia", "other_asian_pacific"),
    "ilocano_samoan_hawaiian": (
        "Ilocano, Samoan, Hawaiian, or other Austronesian languages",
        "other_asian_pacific",
    ),
}

AAPI_LANGUAGES = ("korean", "chinese", "vietnamese", "tagalog", "other_asian_pacific")
"""Groups of table C16001 in Asia and the Pacific; Hindi, Urdu, Bengali and others are in its Indo-European one."""

SPEAKERS = "_speakers"

# Language of the tables → other names of it, or languages that they count with it.
TONGUES: dict[str, tuple[str, ...]] = {
    "tagalog": ("filipino", "pilipino"),
    "chinese": ("mandarin", "cantonese", "taiwanese", "hakka", "hokkien", "toishanese", "taishanese", "fukienese"),
    "khmer": ("cambodian",),
    "thai_lao": ("thai", "lao", "laotian"),
    "nepali_and_other_indic": ("nepali", "nepalese", "marathi"),
    "malayalam_and_other_dravidian": ("malayalam", "kannada"),
    "bengali": ("bangla", "bangladeshi"),
    "ilocano_samoan_hawaiian": (
        "ilocano", "ilokano", "samoan", "hawaiian", "chamorro", "tongan", "marshallese", "chuukese", "palauan",
        "fijian", "cebuano",
    ),
    "other_languages_of_asia": ("burmese", "mongolian"),
}  # fmt: skip


def plain(label: str) -> str:
    """Bring a printed label to one form, so that years can be compared.

    Parameters
    ----------
    label : str
        One part of a label.

    Returns
    -------
    str
        Lower case, without colon, quotation marks, brackets, hyphens and a
        last word "languages".

    Examples
    --------
    >>> plain("Chinese (incl. Mandarin, Cantonese):"), plain("Foreign-born:")
    ('chinese', 'foreign born')
    """
    text = re.sub(r"\([^)]*\)", " ", label.casefold()).replace("-", " ").replace('"', "")
    text = re.sub(r"\s+,", ",", " ".join(text.replace(":", " ").split()))
    return text.removesuffix(" languages")


def _made() -> dict[str, Detail]:
    found = {entry.name: entry for entry in (*RACES, *REGIONS)}
    for home, text in _GROUPS.items():
        for item in text.split(" | "):
            printed, *more = (part.strip() for part in item.split(" / "))
            label, _, given = printed.partition("=")
            name = given or re.sub(r"\W+", "_", label.casefold())
            left_over = name.startswith(("other_", "two_or_more_"))
            kind = "residual" if left_over else "group"
            found[name] = Detail(name, label, kind, home, (label, *more), _NOTES.get(name, ""))
    for name, label in _LANGUAGE_GROUPS.items():
        key = name + SPEAKERS
        found[key] = Detail(key, f"people who speak {_tongue(label)} at home", "language", "", (label,))
    for name, (label, home) in _LANGUAGES.items():
        key = name + SPEAKERS
        told = f"people who speak {_tongue(label)} at home"
        found[key] = Detail(key, told, "language", home + SPEAKERS, (label,))
    return found


def _tongue(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}" if label.startswith("Other") else label


ENTRIES: dict[str, Detail] = _made()


def spelled(kind: str) -> dict[str, str]:
    """Index the printed labels of groups or of languages.

    Parameters
    ----------
    kind : {"asian", "nhpi", "language"}
        Which family.

    Returns
    -------
    dict of str to str
        Label in the form of `plain` → id.
    """
    return {plain(text): name for name, entry in ENTRIES.items() if family(name) == kind for text in entry.spellings}


def family(name: str) -> str:
    """Tell which race, or whether a language.

    Parameters
    ----------
    name : str
        An id.

    Returns
    -------
    str
        ``"asian"``, ``"nhpi"``, ``"language"``, or ``"aapi"`` for both.
    """
    entry = ENTRIES[name]
    if entry.kind == "language":
        return "language"
    while entry.kind != "race":
        entry = ENTRIES[entry.part_of]
    return entry.name
