"""What is said aloud: a script from the speaker's words and the checked findings, counted against the time allowed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from kit.analysis.communities import CommunitySplits
from kit.errors import InputError
from kit.hearing_data import HearingData
from kit.hearing_faults import forbidden_words
from kit.hearing_file import Hearing
from kit.hearing_work import HearingWork
from kit.i18n.languages import language as language_of
from kit.i18n.messages import Message, joined, mark, say, term
from kit.model.groups import BASES
from kit.model.sentences import group_name, listed, percent
from kit.report.packet_pace import ESTIMATE, Timing, timing_of
from kit.settings import language_in_force

_NAMED = 3
_EXACT = 1e-9
_LIVING = {
    (True, False): mark("I speak about {names}. {count:,.0f} {noun} live in {place}."),
    (True, True): mark(
        "I speak about {names}. {count:,.0f} {noun} live in {place}, {share} of them counted as “{group}”."
    ),
    (False, False): mark("I speak about {names}. About {count:,.0f} {noun} live in {place}."),
    (False, True): mark(
        "I speak about {names}. About {count:,.0f} {noun} live in {place}, {share} of them counted as “{group}”."
    ),
}


@dataclass(frozen=True)
class Script:
    """What is said aloud.

    Parameters
    ----------
    paragraphs : tuple of str
        In the order they are said.
    timing : Timing
        How long it takes.
    limit : int
        Seconds that the hearing allows.
    left_out : tuple of str
        Findings that the time does not allow.
    """

    paragraphs: tuple[str, ...]
    timing: Timing
    limit: int
    left_out: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many words are said.

        Returns
        -------
        int
            Syllables or letters, where the language has no spaces between words.
        """
        return self.timing.number

    @property
    def seconds(self) -> int:
        """How long it takes.

        Returns
        -------
        int
            At the speaker's pace, or an estimate.
        """
        return self.timing.seconds

    def text(self) -> str:
        """Write the script as it is read out.

        Returns
        -------
        str
            Paragraphs with blank lines between, and the count at the end.
        """
        count = joined([self.timing.noted(self.limit), "" if self.timing.own else say(ESTIMATE)])
        return "\n\n".join([*self.paragraphs, count]) + "\n"


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
    rules, code = hearing.rules, language_in_force()
    parts = {
        "words.introduction": _introduction(hearing),
        "words.community": hearing.words.community or _community(work.splits, data),
        "words.effect": hearing.words.effect,
        "ask": say("I ask the {body} for one thing. {ask}", body=hearing.body, ask=_stopped(hearing.ask)),
        "words.closing": hearing.words.closing,
    }
    timed = partial(timing_of, language=code, words_per_minute=rules.words_per_minute, own=rules.paces)
    own = timed(parts.values())
    _refuse_long(own, parts, hearing)
    left, said, out = rules.speaking_minutes - own.minutes + _EXACT, [], []
    for given, verdict in work.verdicts:
        if verdict.status == "refused" or not given.spoken:
            continue
        told = data.told(verdict)
        takes = timed([told]).minutes
        if takes <= left:
            said.append(told)
            left -= takes
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
    return Script(paragraphs, timed(paragraphs), round(rules.speaking_minutes * 60), tuple(out))


def _refuse_long(own: Timing, parts: dict[str, str], hearing: Hearing) -> None:
    """Refuse a speaker's words that alone take too long; an estimate is no ground to refuse them."""
    rules, pace = hearing.rules, own.pace
    allowed = int(rules.speaking_minutes * pace.minute + _EXACT)
    if not own.own or own.minutes <= rules.speaking_minutes + _EXACT:
        return
    if own.mixed:
        raise InputError(
            f"the script takes {own.seconds} seconds, more than the {rules.speaking_minutes:g} minutes of the hearing, "
            f"in {language_of(language_in_force()).name}. Shorten it, or its translation."
        )
    sizes = ", ".join(f"{name} {pace.count(text)}" for name, text in parts.items() if text)
    raise InputError(
        f"the script has {own.number} {pace.unit}, {own.number - allowed} more than the {allowed} that "
        f"{rules.speaking_minutes:g} minutes hold at {pace.minute:g} {pace.unit} a minute. "
        f"Shorten the longest: {sizes}."
    )


def _introduction(hearing: Hearing) -> str:
    """Say who speaks."""
    if hearing.words.introduction:
        return hearing.words.introduction
    if hearing.organisation:
        return say(
            "My name is {speaker}, and I speak for {organisation}.",
            speaker=hearing.speaker,
            organisation=hearing.organisation,
        )
    return say("My name is {speaker}.", speaker=hearing.speaker)


def _community(splits: tuple[CommunitySplits, ...], data: HearingData) -> str:
    """Say which communities it is about, and how many people live there."""
    if not splits:
        return ""
    found = next((one for one in splits if one.placement is data.main.placement), splits[0])
    frame = found.frame.dropna(subset=["base"]).sort_values("count", ascending=False, kind="stable")
    if not len(frame):
        return ""
    names: list[str] = [str(name) for name in frame.index[:_NAMED]]
    if len(frame) > _NAMED:
        names.append(say("{count} more", count=len(frame) - _NAMED))
    row = frame.iloc[0]
    whole = float(row["base"]) == int(row["base"])
    return say(
        _LIVING[whole, bool(row["share"] > 0)],
        names=listed(names),
        count=float(row["base"]),
        noun=term(BASES[found.base].noun),
        place=str(frame.index[0]),
        share=percent(row["share"]),
        group=term(group_name(found.group)),
    )


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
    """End a sentence of English; other languages end theirs otherwise, or not at all."""
    code = text.language if isinstance(text, Message) else language_in_force()
    if code != "en" or text[-1:] in {".", "!", "?"}:
        return text
    return Message(f"{text}.", language="en")
