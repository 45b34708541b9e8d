"""What stands beside need on a monitoring list: Section 203 by language, and the turnout of a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from kit.analysis.section203 import ABOVE, BELOW, NEAR, OPEN, Screen203
from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import mark, say, term
from kit.model.language_groups import GROUPS, language_group, listed_name
from kit.model.sentences import listed, number_of
from kit.model.voters import EVERYBODY, FEWEST, SMALLEST, VoterCounts, uncounted

LANGUAGES = {
    "korean": mark("Korean"),
    "chinese": mark("Chinese"),
    "vietnamese": mark("Vietnamese"),
    "tagalog": mark("Tagalog"),
    "other_asian_pacific": mark("other Asian and Pacific Island languages"),
    "other_indo_european": mark("other Indo-European languages"),
}
"""Groups of languages of the tract table, in words."""
# Group of languages → names in the official lists that it counts; Asian groups not named here are among the others.
_LISTED = {
    "korean": ("korean",),
    "chinese": ("chinese", "taiwanese"),
    "vietnamese": ("vietnamese",),
    "tagalog": ("filipino",),
    "other_indo_european": ("asian indian", "indian", "bangladeshi", "nepalese", "pakistani", "sri lankan"),
}
COVERED = mark("covered")
NOT_LISTED = mark("not on the list")
UNKNOWN = mark("not looked up")
TURNOUT = ("group_turnout", "turnout", "turnout_gap")


def language_name(one: str) -> str:
    """Name a group of languages.

    Parameters
    ----------
    one : str
        Its id, such as ``"other_asian_pacific"``.

    Returns
    -------
    str
        In words.
    """
    return term(LANGUAGES[one]) if one in LANGUAGES else one.replace("_", " ")


def standing_203(
    languages: Sequence[str], covered: Iterable[str] | None, screens: Iterable[Screen203], area: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Say for each language how the jurisdiction stands to Section 203.

    Parameters
    ----------
    languages : sequence of str
        Groups of languages.
    covered : iterable of str, optional
        Languages for which the jurisdiction is on the official list; None where it was not looked up.
    screens : iterable of Screen203
        Estimates held against the tests.
    area : str, optional
        Row of the screens that is the jurisdiction.

    Returns
    -------
    pandas.DataFrame
        By language: ``standing`` (``covered``, ``may be near the line``,
        ``not on the list`` or ``not looked up``), ``listed_as`` (names on the
        list) and ``screen`` (its reading; empty without one).
    list of str
        Notes.

    Raises
    ------
    InputError
        A language is none of Section 203's, or a screen has several areas and none is named.
    """
    screens = tuple(screens)
    if isinstance(covered, str) or not all(isinstance(one, Screen203) for one in screens):
        raise InputError(
            "section203= is a list of languages, such as ['Korean'], and screens= a list of what kit.screen_203 gives."
        )
    covered = None if covered is None else tuple(covered)
    groups = {one: language_group(one) for one in covered or ()}
    strange = [one for one, group in groups.items() if group is None]
    if strange:
        raise InputError(
            f"section203= names {first_few(strange)}, which is no language group of Section 203 that the kit knows. "
            f"Asian ones are {first_few(GROUPS['asian'], 30)}; leave out what is none of them."
        )
    names = [one for one, group in groups.items() if group == "asian"]
    known = {one: listed_name(one) for one in names}
    named = {word for words in _LISTED.values() for word in words}
    rows, shown = {}, set()
    for language in languages:
        own = _LISTED.get(language, tuple(word for word in GROUPS["asian"] if word not in named))
        here = [one for one in names if known[one] in own]
        shown |= set(here)
        told = [_reading(one, area) for one in screens if listed_name(one.language) in own]
        standing = UNKNOWN if covered is None else COVERED if here else NOT_LISTED
        if not here and any(text.startswith((NEAR, ABOVE)) for text in told):
            standing = NEAR
        rows[language] = {"standing": standing, "listed_as": ", ".join(here), "screen": "; ".join(told)}
    notes: list[str] = []
    left = [one for one in names if one not in shown]
    if left:
        told_left = mark(
            "The jurisdiction is on the official list for {names} too; the tract table does not count speakers of "
            "those languages apart, and they are in no figure here."
        )
        notes.append(say(told_left, names=listed(left)))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["standing", "listed_as", "screen"])
    return frame.rename_axis("language"), notes


def _reading(screen: Screen203, area: str | None) -> str:
    """Give what a screen says of the jurisdiction."""
    frame = screen.frame
    if area is None and len(frame) != 1:
        raise InputError(
            f"the screen of {screen.language} has {len(frame):,} areas; name the jurisdiction with area=, such as "
            f"{frame.index[0]!r}."
        )
    if area is not None and area not in frame.index:
        raise InputError(f"the screen of {screen.language} has no area {area!r}; it has {first_few(frame.index)}.")
    return str(frame["reading"].iloc[0] if area is None else frame.loc[area, "reading"])


READINGS = (ABOVE, NEAR, BELOW, OPEN)
"""How readings of a screen begin."""


def turnout_of(
    turnout: VoterCounts, group: str, pairs: pd.DataFrame, labels: pd.Index, rows: int
) -> tuple[pd.DataFrame, list[str]]:
    """Hold the turnout of a group's registered people against that of all.

    Parameters
    ----------
    turnout : VoterCounts
        Registered people and people who voted, by precinct.
    group : str
        Which group.
    pairs : pandas.DataFrame
        ``code`` (of a precinct) and ``row`` (of the list).
    labels : pandas.Index
        Precincts.
    rows : int
        Rows of the list.

    Returns
    -------
    pandas.DataFrame
        A row of the list each: ``group_turnout``, ``turnout`` and
        ``turnout_gap`` (fractions; the group's less that of all). Missing where
        a count is missing or hidden, or too small to be shown.
    list of str
        Notes.

    Raises
    ------
    InputError
        The list has no such group, or no votes.
    SchemaError
        None of its areas is one of these precincts.

    Notes
    -----
    A rate is shown where at least 50 of the group are registered, and at
    least 11 of them voted and 11 did not: fewer would tell about persons. The
    same 11 are asked of everybody else there, of whom a difference would tell.
    """
    groups = list(dict.fromkeys(turnout.frame.index.get_level_values("group")))
    if group not in groups:
        raise InputError(
            f"the voter counts have no group {group!r}; they have {first_few(groups, 12)}. Pass turnout_group=."
        )
    if turnout.frame["voted"].isna().all():
        raise InputError("the voter counts have no votes in them, so no turnout. Read a list with voting history.")
    at_hand = labels.isin(turnout.areas)
    if not at_hand.any():
        raise SchemaError(
            f"none of the {len(turnout.areas):,} areas of the voter counts (such as {turnout.areas[0]}) is one of "
            f"these {len(labels):,} precincts (such as {labels[0]}). Read counts by precinct, under the same ids."
        )
    sums = {}
    for name, who in (("group", group), ("all", EVERYBODY)):
        table = turnout.of(who).reindex(labels)
        shown = ~table["hidden"].astype("boolean").fillna(value=True).to_numpy(dtype=bool)
        for count in ("registered", "voted"):
            values = np.where(shown, table[count].to_numpy(dtype=float, na_value=np.nan), np.nan)
            sums[name, count] = np.bincount(pairs["row"], values[pairs["code"]], minlength=rows)
    rates = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        for name in ("group", "all"):
            base, voted = sums[name, "registered"], sums[name, "voted"]
            fits = (base >= FEWEST) & (voted >= SMALLEST) & (base - voted >= SMALLEST)
            rates[name] = np.where(fits, voted / base, np.nan)
    # Everybody's counts are public: with them the group's rate would tell of a few others.
    others, went = (sums["all", count] - sums["group", count] for count in ("registered", "voted"))
    apart = (others == 0) | ((went >= SMALLEST) & (others - went >= SMALLEST))
    rates["group"] = np.where(apart, rates["group"], np.nan)
    frame = pd.DataFrame({"group_turnout": rates["group"], "turnout": rates["all"]})
    frame["turnout_gap"] = frame["group_turnout"] - frame["turnout"]
    return frame, _turnout_notes(turnout, group, frame, int((~at_hand).sum()))


def _turnout_notes(turnout: VoterCounts, group: str, frame: pd.DataFrame, lacking: int) -> list[str]:
    """Say whose turnout it is, and how many rates are not shown."""
    who = term(turnout.groups.get(group, group))
    notes = [
        say(
            "Turnout is of registered people{election}: the group “{group}” less everybody, in points. It is not "
            "turnout of citizens.",
            election=say(" in {election}", election=turnout.election) if turnout.election else "",
            group=who,
        )
    ]
    hidden = int(frame["turnout_gap"].isna().sum())
    if hidden:
        told = mark(
            "No turnout gap is shown in {hidden:,} of {number:,} rows: a count is missing or hidden, or fewer than "
            "{base} of the group are registered, or fewer than {cell} of them, or of everybody else, voted or did not."
        )
        notes.append(say(told, hidden=hidden, number=len(frame), base=FEWEST, cell=SMALLEST))
    if lacking:
        notes.append(say("Not in the voter counts: {precincts}.", precincts=number_of(lacking, mark("precincts"))))
    return [*notes, *uncounted(turnout.notes)]  # the list shows rates, and no count
