"""A hearing in one of its languages: the speaker's own words where they were given, else as they were first written."""

from __future__ import annotations

from kit.hearing_file import Hearing
from kit.hearing_keys import THANKS
from kit.hearing_words import Script
from kit.i18n.languages import language
from kit.i18n.messages import say
from kit.report.packet_pace import pace_of
from kit.report.packet_runs import spoken

_NAMES = ("body", "place", "organisation", "jurisdiction")
_WORDS = ("introduction", "community", "effect", "closing")


def in_language(hearing: Hearing, code: str) -> Hearing:
    """Give a hearing with its words in one language.

    Parameters
    ----------
    hearing : Hearing
        As in the file.
    code : str
        One of its languages, which is in force.

    Returns
    -------
    Hearing
        Words given in ``[translations.<code>]`` stand in the place of the
        file's; others stay, and say in which language they are. Nothing that a
        person wrote is translated here.
    """
    if code == hearing.written_in == "en":
        return hearing
    given = hearing.translations.get(code)
    changes: dict[str, object] = {"ask": _own(given.ask if given else "", hearing.ask, hearing, code)}
    for name in _NAMES:
        own = getattr(given, name, "")
        if own:
            changes[name] = spoken(own, code)
    words = {name: _own(getattr(given, name, ""), getattr(hearing.words, name), hearing, code) for name in _WORDS}
    if words["closing"] == THANKS:
        words["closing"] = say(THANKS)
    criteria = given.criteria if given and given.criteria else ()
    named = criteria or hearing.rules.criteria
    ranked = tuple(spoken(name, code if criteria else hearing.written_in) for name in named)
    changes["words"] = hearing.words.model_copy(update=words)
    changes["rules"] = hearing.rules.model_copy(update={"criteria": ranked})
    return hearing.model_copy(update=changes)


def _own(given: str, written: str, hearing: Hearing, code: str) -> str:
    """Choose what a person wrote in a language, else what the file says."""
    if given:
        return spoken(given, code)
    return spoken(written, hearing.written_in) if written else ""


def lacking(hearing: Hearing, code: str) -> list[str]:
    """Name what a person wrote and did not write in a language.

    Parameters
    ----------
    hearing : Hearing
        As in the file.
    code : str
        One of its languages.

    Returns
    -------
    list of str
        Keys of ``[translations.<code>]``; titles of exhibits by their place.
    """
    if code == hearing.written_in:
        return []
    given = hearing.translations.get(code)
    wanted = {"ask": hearing.ask, **{name: getattr(hearing.words, name) for name in _WORDS}}
    if wanted["closing"] == THANKS:
        wanted.pop("closing")
    told = [name for name, text in wanted.items() if text and not getattr(given, name, "")]
    if hearing.rules.criteria and not (given and given.criteria):
        told.append("criteria")
    titles = [
        f"exhibits[{at}].titles" for at, one in enumerate(hearing.exhibits) if one.title and code not in one.titles
    ]
    return [*told, *titles]


def language_notes(hearing: Hearing) -> list[str]:
    """Say which words of a person stand in the wrong language.

    Parameters
    ----------
    hearing : Hearing
        As in the file.

    Returns
    -------
    list of str
        One line a language that lacks words.
    """
    told = []
    for code in hearing.languages:
        keys = lacking(hearing, code)
        if keys:
            name, first = language(code).name, language(hearing.written_in).name
            told.append(
                f"{name}: [translations.{code}] has no {', '.join(keys)}; what you wrote in {first} is printed, "
                "and marked as such. Nothing that a person wrote is translated by the kit."
            )
    return told


def time_notes(hearing: Hearing, code: str, script: Script) -> list[str]:
    """Say what the time does not allow, and when it is an estimate.

    Parameters
    ----------
    hearing : Hearing
        As in the file.
    code : str
        One of its languages.
    script : Script
        What is said aloud in it.

    Returns
    -------
    list of str
        Findings left out, and a warning where the time rests on a rate.
    """
    name = "" if len(hearing.languages) == 1 else f"{language(code).name}: "
    told = [f"{name}Not in the speech, for want of time: {statement}" for statement in script.left_out]
    timing = script.timing
    if not timing.own:
        over = timing.seconds > script.limit
        found = pace_of(code, hearing.rules.words_per_minute, hearing.rules.paces)
        told.append(
            f"{language(code).name}: the speech takes about {timing.seconds} seconds{', which is more than' * over}"
            f"{' of' * (not over)} the {script.limit} allowed. That is an estimate, at {found.minute:.0f} {found.unit} "
            f"a minute ({found.note}): read it aloud with a watch, and write your own pace into rules.paces."
        )
    return told
