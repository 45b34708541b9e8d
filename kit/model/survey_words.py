"""Groups and universes that only surveys count, in the words that captions and sentences need."""

from __future__ import annotations

from kit.i18n.messages import english, mark, say, term
from kit.model.detail_data import ENTRIES, SPEAKERS
from kit.model.groups import BASES, DEFINITIONS, Base, Definition, parse_column

_HOWS = {"_alone": mark("{group} alone"), "_aoic": mark("{group}, alone or in any combination")}
# Whether it is a region, how it is counted → who that is.
_ANSWERED = {
    (False, "_alone"): mark("people who answered {group} and no other group or race, as the survey codes its answers"),
    (True, "_alone"): mark(
        "people who answered a {group} group and no other group or race, as the survey codes its answers"
    ),
    (False, "_aoic"): mark(
        "people who answered {group} alone or with any other group or race, as the survey codes its answers"
    ),
    (True, "_aoic"): mark(
        "people who answered a {group} group alone or with any other group or race, as the survey codes its answers"
    ),
}
_LIMITED = "speak English less than “very well”"
_LEP = "_lep"
_OTHERS = {
    "lep": ("people with limited English", f"people aged 5 and over who {_LIMITED}"),
    "asian_pacific_languages_lep": (
        "speakers of Asian and Pacific languages with limited English",
        f"people aged 5 and over who speak an Asian or Pacific Island language at home and {_LIMITED}",
    ),
    "only_english_speakers": ("people who speak only English", "people aged 5 and over who speak only English at home"),
}
_UNIVERSES = {"people_5_and_over": "people aged 5 and over"}


def survey_group(name: object) -> Definition | None:
    """Put a column of a survey table into the words of a definition.

    Parameters
    ----------
    name : str
        A group of detail with how it is counted, such as ``"hmong_alone"``, a
        language, such as ``"korean_speakers_lep"``, or ``"lep"``.

    Returns
    -------
    Definition or None
        With no cells of P.L. 94-171; None when it is none of these.

    Examples
    --------
    >>> survey_group("hmong_alone").short
    'Hmong alone'
    >>> survey_group("hmong") is None
    True
    """
    text = str(name)
    if text in _OTHERS:
        return _made(text, *_OTHERS[text])
    limited = text.endswith(_LEP)
    spoken = ENTRIES.get(text.removesuffix(_LEP))
    if spoken is not None and spoken.kind == "language" and spoken.name.endswith(SPEAKERS):
        people = term(spoken.label)
        if limited:
            people = say("{speakers} and speak English less than “very well”", speakers=people)
        return _made(text, people, say("{speakers}, among people aged 5 and over", speakers=people))
    how = next((ending for ending in _HOWS if text.endswith(ending)), "")
    entry = ENTRIES.get(text.removesuffix(how)) if how else None
    if entry is None or entry.kind not in {"region", "group", "residual"}:
        return None
    label = term(entry.label)
    return _made(text, say(_HOWS[how], group=label), say(_ANSWERED[entry.kind == "region", how], group=label))


def survey_base(name: object) -> Base | None:
    """Put a column that shares of survey estimates are taken of into words.

    Parameters
    ----------
    name : str
        A column, such as ``"asian_alone_pop"``, ``"people_5_and_over"``,
        ``"east_asian_alone"`` or ``"korean_speakers"``.

    Returns
    -------
    Base or None
        None when it is none of these.

    Examples
    --------
    >>> survey_base("asian_alone_pop").label
    'residents counted as “Asian alone”'
    """
    text = str(name)
    if text in _UNIVERSES:
        return Base(text, _UNIVERSES[text], _UNIVERSES[text])
    parsed = parse_column(text)
    if parsed is not None:
        words = say(
            "{noun} counted as “{group}”", noun=term(BASES[parsed[1]].noun), group=term(DEFINITIONS[parsed[0]].short)
        )
        return Base(text, words, words)
    found = survey_group(text)
    if found is None:
        return None
    named = term(found.short)
    if not english(named).startswith(("people", "speakers")):
        named = say("people counted as “{group}”", group=named)
    return Base(text, named, named)


def _made(name: str, short: str, full: str) -> Definition:
    """Make a definition that no combination of races gives."""
    return Definition(name, short, full, lambda _: False)
