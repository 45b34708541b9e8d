"""The languages that the kit speaks, as data."""

from __future__ import annotations

from dataclasses import dataclass

from kit.errors import InputError


@dataclass(frozen=True)
class Language:
    """One language.

    Parameters
    ----------
    code : str
        BCP 47 tag, as in documents and file names.
    name : str
        Its name in English.
    own : str
        Its name in itself.
    locale : str
        Locale of numbers and dates; English where the library has none for it.
    script : str
        Name of the script, which chooses the font.
    rtl : bool
        Whether it is written from right to left.
    """

    code: str
    name: str
    own: str
    locale: str
    script: str = "Latin"
    rtl: bool = False


_ALL = (
    Language("en", "English", "English", "en_US"),
    Language("zh-Hant", "Chinese, Traditional", "繁體中文", "zh_Hant", "HanTraditional"),
    Language("zh-Hans", "Chinese, Simplified", "简体中文", "zh_Hans", "HanSimplified"),
    Language("ko", "Korean", "한국어", "ko", "Hangul"),
    Language("vi", "Vietnamese", "Tiếng Việt", "vi"),
    Language("tl", "Tagalog", "Tagalog", "fil"),
    Language("ja", "Japanese", "日本語", "ja", "Japanese"),
    Language("hi", "Hindi", "हिन्दी", "hi", "Devanagari"),
    Language("bn", "Bengali", "বাংলা", "bn", "Bengali"),
    Language("pa", "Punjabi", "ਪੰਜਾਬੀ", "pa", "Gurmukhi"),
    Language("gu", "Gujarati", "ગુજરાતી", "gu", "Gujarati"),
    Language("ur", "Urdu", "اردو", "ur", "Nastaliq", rtl=True),
    Language("km", "Khmer", "ខ្មែរ", "km", "Khmer"),
    Language("lo", "Lao", "ລາວ", "lo", "Lao"),
    Language("th", "Thai", "ไทย", "th", "Thai"),
    Language("hmn", "Hmong (RPA)", "Hmoob", "en_US"),
    Language("my", "Burmese", "မြန်မာ", "my", "Myanmar"),
    Language("ne", "Nepali", "नेपाली", "ne", "Devanagari"),
    Language("sm", "Samoan", "Gagana Sāmoa", "en_US"),
    Language("to", "Tongan", "Lea faka-Tonga", "to"),
    Language("mh", "Marshallese", "Kajin M̧ajeļ", "en_US"),
    Language("ch", "Chamorro", "Fino' CHamoru", "en_US"),
    Language("haw", "Hawaiian", "ʻŌlelo Hawaiʻi", "haw"),
    Language("es", "Spanish", "Español", "es_US"),
)
LANGUAGES: dict[str, Language] = {language.code: language for language in _ALL}
"""BCP 47 tag → language, in the order of the lists."""


def language(code: str) -> Language:
    """Look a language up.

    Parameters
    ----------
    code : str
        BCP 47 tag, such as ``"zh-Hant"``.

    Returns
    -------
    Language
        What the kit knows of it.

    Raises
    ------
    InputError
        The kit does not speak it.

    Examples
    --------
    >>> language("ur").rtl
    True
    """
    if code not in LANGUAGES:
        raise InputError(f"the kit has no language {code!r}; it has {', '.join(LANGUAGES)}.")
    return LANGUAGES[code]
