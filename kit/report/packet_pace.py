"""How long words take to say, by language: counted in words where they can be, else in letters, and said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import category

from kit.i18n.messages import Message, mark, say
from kit.report.packet_runs import runs

USUAL = 130
"""Words of English a minute that the rates below stand beside."""


@dataclass(frozen=True)
class Rate:
    """How fast a language is said aloud, slowly enough for a hearing.

    Parameters
    ----------
    unit : str
        ``words``, ``syllables`` (both parted by spaces) or ``letters`` (letters and
        digits, without the marks above and below them).
    minute : int
        How many are said in a minute by somebody who says 130 words of English.
    note : str
        Where the rate comes from.
    """

    unit: str
    minute: int
    note: str


_SPACED = "as many words as in English; words of this language may be longer or shorter"
_SYLLABLES = "each syllable stands between spaces; one and a half for each word of English"
_LETTERS = "there are no spaces between words; about as many letters as English has for the same words"
RATES = {
    "zh-Hant": Rate("letters", 200, "speeches are taught at about 200 signs a minute, news is read at 250 to 300"),
    "zh-Hans": Rate("letters", 200, "speeches are taught at about 200 signs a minute, news is read at 250 to 300"),
    "ja": Rate("letters", 300, "news is written for about 300 signs a minute"),
    "ko": Rate("letters", 270, "signs are syllables; about two for each word of English"),
    "vi": Rate("syllables", 190, _SYLLABLES),
    "hmn": Rate("syllables", 190, _SYLLABLES),
    "th": Rate("letters", 520, _LETTERS),
    "lo": Rate("letters", 520, _LETTERS),
    "km": Rate("letters", 520, _LETTERS),
    "my": Rate("letters", 520, _LETTERS),
}
"""Language → rate. All are rough: nobody measured these speakers. Languages that are not here are counted in words."""

UNITS = {
    "words": (
        mark("{words} words, about {seconds} seconds at {pace} words a minute. The {body} allows {limit} seconds."),
        mark("[{words} words, about {seconds} seconds; the limit is {limit} seconds.]"),
    ),
    "syllables": (
        mark("{words} syllables, about {seconds} seconds at {pace} a minute. The {body} allows {limit} seconds."),
        mark("[{words} syllables, about {seconds} seconds; the limit is {limit} seconds.]"),
    ),
    "letters": (
        mark("{words} letters, about {seconds} seconds at {pace} a minute. The {body} allows {limit} seconds."),
        mark("[{words} letters, about {seconds} seconds; the limit is {limit} seconds.]"),
    ),
}
"""Unit → how the count is said on the page, and under the script."""
MIXED = (
    mark("About {seconds} seconds; some of it is in another language. The {body} allows {limit} seconds."),
    mark("[About {seconds} seconds, some of it in another language; the limit is {limit} seconds.]"),
)
"""How the time is said of a text in several languages."""
ESTIMATE = mark("The time is an estimate: read the text aloud with a watch.")
"""What is said of every time that rests on a rate, not on the speaker's own pace."""


@dataclass(frozen=True)
class Pace:
    """The pace of one script.

    Parameters
    ----------
    unit : str
        What is counted.
    minute : float
        How many are said in a minute.
    own : bool
        Whether it is the speaker's own pace; else it is an estimate.
    note : str
        Where an estimate comes from.
    """

    unit: str
    minute: float
    own: bool
    note: str = ""

    def count(self, text: str) -> int:
        """Count what is said aloud.

        Parameters
        ----------
        text : str
            What is said.

        Returns
        -------
        int
            Words, syllables or letters.
        """
        return count_letters(text) if self.unit == "letters" else count_words(text)

    def seconds(self, number: int) -> int:
        """Say how long it takes.

        Parameters
        ----------
        number : int
            What `count` gave.

        Returns
        -------
        int
            Rounded to the second.
        """
        return round(60 * number / self.minute)


@dataclass(frozen=True)
class Timing:
    """How long a script takes.

    Parameters
    ----------
    number : int
        Words, syllables or letters.
    minutes : float
        How long it takes.
    pace : Pace
        Of its language; of the page's, where it is in several.
    mixed : bool
        Whether it is in several languages.
    own : bool
        Whether the time rests on the speaker's own pace alone.
    """

    number: int
    minutes: float
    pace: Pace
    mixed: bool
    own: bool

    @property
    def seconds(self) -> int:
        """How long it takes.

        Returns
        -------
        int
            Rounded to the second.
        """
        return round(60 * self.minutes)

    def told(self, body: str, limit: int) -> Message:
        """Say it on the page.

        Parameters
        ----------
        body : str
            Who holds the hearing.
        limit : int
            Seconds that it allows.

        Returns
        -------
        Message
            Count, time and limit.
        """
        template = MIXED[0] if self.mixed else UNITS[self.pace.unit][0]
        return say(
            template, words=self.number, seconds=self.seconds, pace=round(self.pace.minute), body=body, limit=limit
        )

    def noted(self, limit: int) -> Message:
        """Say it under the script.

        Parameters
        ----------
        limit : int
            Seconds that the hearing allows.

        Returns
        -------
        Message
            In brackets.
        """
        template = MIXED[1] if self.mixed else UNITS[self.pace.unit][1]
        return say(template, words=self.number, seconds=self.seconds, limit=limit)


def timing_of(
    texts: Iterable[str], language: str, words_per_minute: int, own: Mapping[str, int] | None = None
) -> Timing:
    """Say how long a script takes.

    Parameters
    ----------
    texts : iterable of str
        Paragraphs; what is in another language is counted as that language is.
    language : str
        Language of the script.
    words_per_minute : int
        The speaker's pace in English.
    own : mapping of str to int, optional
        Language → the speaker's pace in it.

    Returns
    -------
    Timing
        Count and time.
    """
    counts: dict[str, int] = {}
    for text in texts:
        for words, code in runs(text):
            pace = pace_of(code or language, words_per_minute, own)
            counts[code or language] = counts.get(code or language, 0) + pace.count(words)
    counts = {code: number for code, number in counts.items() if number} or {language: 0}
    paces = {code: pace_of(code, words_per_minute, own) for code in counts}
    minutes = sum(number / paces[code].minute for code, number in counts.items())
    mixed = len(counts) > 1
    pace = pace_of(language, words_per_minute, own) if mixed else next(iter(paces.values()))
    return Timing(sum(counts.values()), minutes, pace, mixed, all(one.own for one in paces.values()))


def pace_of(language: str, words_per_minute: int, own: Mapping[str, int] | None = None) -> Pace:
    """Give the pace of a script.

    Parameters
    ----------
    language : str
        BCP 47 tag.
    words_per_minute : int
        The speaker's pace in English.
    own : mapping of str to int, optional
        Language → the speaker's pace in it, in the unit that it is counted in.

    Returns
    -------
    Pace
        The speaker's own where it is known, else a rate of `RATES`, as much slower
        or faster as the speaker is in English.

    Examples
    --------
    >>> pace_of("ja", 130).minute, pace_of("ja", 130).unit
    (300.0, 'letters')
    """
    if language == "en":
        return Pace("words", (own or {}).get("en", words_per_minute), own=True)
    rate = RATES.get(language, Rate("words", USUAL, _SPACED))
    if own and language in own:
        return Pace(rate.unit, own[language], own=True)
    return Pace(rate.unit, rate.minute * words_per_minute / USUAL, own=False, note=rate.note)


def count_words(text: str) -> int:
    """Count what a speaker says as words.

    Parameters
    ----------
    text : str
        What is said.

    Returns
    -------
    int
        Words between spaces; a dash or a bracket alone is none.

    Examples
    --------
    >>> count_words("Keep District 7 — all of it — whole: 41.2% of us.")
    10
    """
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def count_letters(text: str) -> int:
    """Count letters and digits.

    Parameters
    ----------
    text : str
        What is said.

    Returns
    -------
    int
        Marks above, below and around a letter are none.

    Examples
    --------
    >>> count_letters("人口 2020年。"), count_letters("กำลัง")
    (7, 4)
    """
    return sum(category(letter)[0] in "LN" for letter in text)
