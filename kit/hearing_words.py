"""What is said aloud: a script from the speaker's words and the checked findings, counted against the time allowed."""

from __future__ import annotations

from dataclasses import dataclass

from kit.analysis.communities import CommunitySplits
from kit.errors import InputError
from kit.hearing_data import HearingData
from kit.hearing_faults import forbidden_words
from kit.hearing_file import Hearing
from kit.hearing_work import HearingWork
from kit.model.groups import BASES
from kit.model.sentences import group_name, listed, people, percent

_NAMED = 3


@dataclass(frozen=True)
class Script:
    """What is said aloud.

    Parameters
    ----------
    paragraphs : tuple of str
        In the order they are said.
    words : int
        How many words.
    seconds : int
        How long it takes at the speaker's pace.
    limit : int
        Seconds that the hearing allows.
    left_out : tuple of str
        Findings that the time does not allow.
    """

    paragraphs: tuple[str, ...]
    words: int
    seconds: int
    limit: int
    left_out: tuple[str, ...] = ()

    def text(self) -> str:
        """Write the script as it is read out.

        Returns
        -------
        str
            Paragraphs with blank lines between, and the count at the end.
        """
        count = f"{self.words} words, about {self.seconds} seconds; the limit is {self.limit} seconds."
        return "\n\n".join([*self.paragraphs, f"[{count}]"]) + "\n"


def count_words(text: str) -> int:
    """Count what a speaker says as words.

    Parameters
    ----------
    text : str
        What is said.

    Returns
    -------
    int
        Words; a dash or a bracket alone is none.

    Examples
    --------
    >>> count_words("Keep District 7 — all of it — whole: 41.2% of us.")
    10
    """
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def write_script(hearing: Hearing, data: HearingData, work: HearingWork) -> Script:
    """Write the script: who speaks, the community, what the plan does, the ask.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.

    Returns
    -------
    Script
        With as many checked findings, in the order of the file, as the time allows.

    Raises
    ------
    InputError
        The speaker's own words alone take longer than the time allowed, or a
        finding says a word that must not be said.
    """
    rules = hearing.rules
    allowed = int(rules.speaking_minutes * rules.words_per_minute)
    parts = {
        "words.introduction": _introduction(hearing),
        "words.community": hearing.words.community or _community(work.splits, data),
        "words.effect": hearing.words.effect,
        "ask": f"I ask the {hearing.body} for one thing. {_stopped(hearing.ask)}",
        "words.closing": hearing.words.closing,
    }
    own = sum(count_words(text) for text in parts.values())
    if own > allowed:
        sizes = ", ".join(f"{name} {count_words(text)}" for name, text in parts.items() if text)
        raise InputError(
            f"the script has {own} words, {own - allowed} more than the {allowed} that "
            f"{rules.speaking_minutes:g} minutes hold at {rules.words_per_minute} words a minute. "
            f"Shorten the longest: {sizes}."
        )
    left, said, out = allowed - own, [], []
    for given, verdict in work.verdicts:
        if verdict.status == "refused" or not given.spoken:
            continue
        told = data.told(verdict)
        size = count_words(told)
        if size <= left:
            said.append(told)
            left -= size
        else:
            out.append(told)
    written = [data.told(verdict) for verdict in work.said]
    _refuse_forbidden([*written, parts["words.community"]], rules.forbidden)
    order = [
        parts["words.introduction"],
        parts["words.community"],
        *said,
        parts["words.effect"],
        parts["ask"],
        parts["words.closing"],
    ]
    paragraphs = tuple(text for text in order if text)
    words = sum(count_words(text) for text in paragraphs)
    seconds = round(words / rules.words_per_minute * 60)
    return Script(paragraphs, words, seconds, round(rules.speaking_minutes * 60), tuple(out))


def _introduction(hearing: Hearing) -> str:
    """Say who speaks."""
    if hearing.words.introduction:
        return hearing.words.introduction
    stands = f", and I speak for {hearing.organisation}" if hearing.organisation else ""
    return f"My name is {hearing.speaker}{stands}."


def _community(splits: tuple[CommunitySplits, ...], data: HearingData) -> str:
    """Say which communities it is about, and how many people live there."""
    if not splits:
        return ""
    found = next((one for one in splits if one.placement is data.main.placement), splits[0])
    frame = found.frame.dropna(subset=["base"]).sort_values("count", ascending=False, kind="stable")
    if not len(frame):
        return ""
    names = [str(name) for name in frame.index[:_NAMED]]
    if len(frame) > _NAMED:
        names.append(f"{len(frame) - _NAMED} more")
    row, noun = frame.iloc[0], BASES[found.base].noun
    about = "About " if float(row["base"]) != int(row["base"]) else ""
    living = f"{about}{people(row['base'])} {noun} live in {frame.index[0]}"
    share = f", {percent(row['share'])} of them counted as “{group_name(found.group)}”" if row["share"] > 0 else ""
    return f"I speak about {listed(names)}. {living}{share}."


def _refuse_forbidden(said: list[str], words: tuple[str, ...]) -> None:
    """Refuse findings, spoken or printed, that bring in words that must not be said with a name."""
    found = [(text, bad) for text in said for bad in forbidden_words(text, words)]
    if found:
        text, bad = found[0]
        raise InputError(
            f"a finding says {bad!r}, which rules.forbidden rules out: {text[:80]}… "
            "Rename the plan or the community, or leave the claim out."
        )


def _stopped(text: str) -> str:
    """End a sentence."""
    return text if text[-1:] in {".", "!", "?"} else f"{text}."
