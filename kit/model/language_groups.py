"""The language groups of Section 203 of the Voting Rights Act, and those it leaves out."""

from __future__ import annotations

import re

from kit.errors import InputError

# Group → names in the official lists and in everyday use, in lower case. What stands in brackets in a list is ignored.
GROUPS: dict[str, tuple[str, ...]] = {
    "spanish": ("hispanic", "spanish", "spanish heritage", "latino"),
    "asian": (
        "asian indian", "indian", "bangladeshi", "bhutanese", "burmese", "cambodian", "chinese", "filipino", "hmong",
        "indonesian", "japanese", "korean", "laotian", "malaysian", "mongolian", "nepalese", "okinawan", "pakistani",
        "sri lankan", "taiwanese", "thai", "vietnamese", "other asian", "other",
    ),
    "american_indian": (
        "american indian", "apache", "cherokee", "cheyenne", "chickasaw", "chippewa", "choctaw", "cocopah", "crow",
        "havasupai", "hopi", "kickapoo", "mexican american indian", "navajo", "paiute", "pueblo", "seminole",
        "shoshone", "sioux", "tohono o'odham", "ute", "yaqui", "yuma", "zuni", "other american indian",
        "all other american indian languages", "all other american indian tribes",
    ),
    "alaska_native": (
        "alaska native", "alaska athabascan", "alaskan athabascan", "athabascan", "aleut", "eskimo", "inupiat",
        "inupiaq", "yup'ik", "yupik", "tlingit-haida", "alutiiq", "other alaska native",
    ),
}  # fmt: skip
PACIFIC_ISLANDER = (
    "pacific islander", "native hawaiian", "hawaiian", "samoan", "chamorro", "guamanian", "tongan", "fijian",
    "marshallese", "chuukese", "palauan", "pohnpeian", "kosraean", "yapese", "micronesian", "carolinian", "tahitian",
    "tokelauan", "maori", "ilokano and samoan", "polynesian", "melanesian", "niuean", "tuvaluan", "rotuman",
    "gilbertese", "kiribati", "nauruan", "saipanese", "native hawaiian and other pacific islander",
)  # fmt: skip
# Language, or other name → the groups of the lists that speak it; where there are several, the caller must say which.
SYNONYMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("tagalog", "pilipino", "ilocano", "ilokano", "cebuano", "visayan", "bisaya"), ("filipino",)),
    **dict.fromkeys(("khmer", "kampuchean"), ("cambodian",)),
    **dict.fromkeys(("lao",), ("laotian",)),
    **dict.fromkeys(
        ("mandarin", "cantonese", "putonghua", "toishanese", "taishanese", "toisanese", "fukienese", "fuzhounese",
         "hakka", "hokkien", "teochew", "chaozhou", "shanghainese", "simplified chinese", "traditional chinese",
         "chinese, except taiwanese"),
        ("chinese",),
    ),
    **dict.fromkeys(
        ("hindi", "gujarati", "telugu", "malayalam", "kannada", "marathi", "konkani", "east indian"), ("asian indian",)
    ),
    "punjabi": ("asian indian", "pakistani"),
    "urdu": ("pakistani", "asian indian"),
    "tamil": ("asian indian", "sri lankan"),
    **dict.fromkeys(("bengali", "bangla"), ("bangladeshi", "asian indian")),
    **dict.fromkeys(("sinhala", "sinhalese"), ("sri lankan",)),
    **dict.fromkeys(("nepali",), ("nepalese",)),
    **dict.fromkeys(("dzongkha",), ("bhutanese",)),
    **dict.fromkeys(("bahasa indonesia",), ("indonesian",)),
    **dict.fromkeys(("malay",), ("malaysian",)),
    **dict.fromkeys(("espanol", "español", "latina", "latinx", "hispanic or latino"), ("hispanic",)),
}  # fmt: skip
LEFT_OUT = (
    "Section 203 covers Spanish, Asian, American Indian and Alaska Native languages, and no Pacific Islander languages"
)


def plain(name: str) -> str:
    """Take off what a list adds to the name of a language group.

    Parameters
    ----------
    name : str
        As written.

    Returns
    -------
    str
        Lower case, without brackets, dashes and full stops at the end.

    Examples
    --------
    >>> plain("Chinese (including Taiwanese).")
    'chinese'
    """
    text = re.sub(r"\(.*?\)", " ", str(name)).casefold().replace("’", "'")
    text = re.sub(r"\s*[-–—]\s*not specified", "", text)
    return re.sub(r"\s+", " ", text).strip(" .:;*")


def language_group(name: str) -> str | None:
    """Tell which of the four groups of Section 203 a language group belongs to.

    Parameters
    ----------
    name : str
        A language group, as lists write it.

    Returns
    -------
    str or None
        ``"spanish"``, ``"asian"``, ``"american_indian"`` or
        ``"alaska_native"``; None for a name that is not known.

    Raises
    ------
    InputError
        It is a Pacific Islander language, which Section 203 does not cover.

    Examples
    --------
    >>> language_group("Chinese (including Taiwanese)"), language_group("Tagalog"), language_group("Klingon")
    ('asian', 'asian', None)
    """
    wanted = plain(name)
    wanted = SYNONYMS.get(wanted, (wanted,))[0]
    if wanted in PACIFIC_ISLANDER:
        raise InputError(
            f"{name} is a Pacific Islander language group. {LEFT_OUT}. "
            "State or local law, or the jurisdiction's own choice, may still provide help: ask the election office."
        )
    return next((group for group, names in GROUPS.items() if wanted in names), None)


def listed_name(name: str) -> str:
    """Give the name under which the official lists have a language.

    Parameters
    ----------
    name : str
        A language or a group, such as ``"Tagalog"``.

    Returns
    -------
    str
        In lower case, such as ``"filipino"``.

    Raises
    ------
    InputError
        Section 203 leaves the language out, several groups speak it, or it is
        not known.

    Examples
    --------
    >>> listed_name("Tagalog"), listed_name("Khmer"), listed_name("Mandarin")
    ('filipino', 'cambodian', 'chinese')
    """
    if language_group(name) is None:
        raise InputError(
            f"{name!r} is no language group the kit knows. Asian groups are {', '.join(GROUPS['asian'][:-1])}."
        )
    wanted = plain(name)
    found = SYNONYMS.get(wanted, (wanted,))
    if len(found) > 1:
        raise InputError(
            f"{name} is spoken by several groups of Section 203, each determined by itself: {' and '.join(found)}. "
            "Name one of them."
        )
    return found[0]
