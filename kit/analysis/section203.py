"""How near a jurisdiction is to the tests of Section 203, as far as public survey estimates can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import moe
from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import each, joined, mark, say, term
from kit.model.frames import Units
from kit.model.language_groups import GROUPS, language_group
from kit.model.shared import Shared
from kit.model.source import Source

SHARE, COUNT = 0.05, 10_000
"""More than this share of voting-age citizens, or more than this many of them."""
NEAR = mark("may be near the line")
ABOVE = mark("estimates above the line")
BELOW = mark("estimates below the line")
OPEN = mark("cannot be told from these figures")
SCREEN = mark(
    "A screen, not a determination: only the official list decides. The determinations use model-based estimates that "
    "public survey tables cannot reproduce."
)


@dataclass(frozen=True)
class Screen203:
    """How near each area is to the tests.

    Parameters
    ----------
    frame : pandas.DataFrame
        By area: ``limited`` and ``citizens`` (people) with ``_moe``, ``share``
        and ``share_moe`` (fractions), ``over_5_percent``, ``over_10000``,
        ``over_illiteracy`` and ``tests_met`` (of the estimates; missing where
        it cannot be told), ``near_5_percent`` and ``near_10000`` (whether the
        90 per cent interval holds the threshold), and ``reading`` in words.
    language : str
        Language group.
    sources : tuple of Source
        Of the units.
    notes : tuple of str
        Cautions that belong to every figure.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    language: str = ""
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say in plain sentences what the screen shows.

        Returns
        -------
        str
            How many areas read how, and the cautions.
        """
        counts = self.frame["reading"].str.partition(":")[0].value_counts()
        told = [
            say("{number:,} {reading}", number=int(counts[word]), reading=term(word))
            for word in (ABOVE, NEAR, BELOW, OPEN)
            if word in counts
        ]
        first = say(
            "{language}, {number:,} areas: {told}.",
            language=term(self.language),
            number=len(self.frame),
            told=joined(told, say("; ")),
        )
        return joined([first, *each(self.notes)])


def screen_203(
    units: Units | pd.DataFrame,
    *,
    language: str,
    limited: str,
    citizens: str,
    illiteracy: str | None = None,
    national_illiteracy: float | None = None,
    national_source: str = "",
    states: bool = False,
) -> Screen203:
    """Hold survey estimates of one language group against the tests of Section 203.

    Parameters
    ----------
    units : Units or pandas.DataFrame
        One row an area, indexed by its id.
    language : str
        The language group the figures are of, such as ``"Vietnamese"``.
        Section 203 tests one group at a time.
    limited : str
        Column of voting-age citizens of that group who speak English less
        than "very well"; its 90 per cent margin in the column ``<name>_moe``.
    citizens : str
        Column of all voting-age citizens, with its margin likewise.
    illiteracy : str, optional
        Column of the share (fraction) of those limited-English citizens who
        did not complete the fifth grade. Without it the third test stays open.
    national_illiteracy : float, optional
        The nation's rate (fraction) of the same determinations; needed with
        `illiteracy`, for the kit knows no confirmed value.
    national_source : str
        Where the nation's rate is from; needed with it.
    states : bool, default False
        Whether the rows of a frame are States, for which only the 5 per cent
        test counts. Units say it themselves.

    Returns
    -------
    Screen203
        Tests of the estimates, and where sampling error leaves them open.

    Raises
    ------
    InputError
        A Pacific Islander language, a language that is not known, or a rate
        without its source.
    SchemaError
        A column is missing, or its figures cannot be.

    Notes
    -----
    The tests: more than 5 per cent of voting-age citizens, or more than
    10,000, are of one language group and of limited English, and their
    illiteracy rate is above the nation's. Each "more" is strict. A missing
    figure leaves its test open; it is never taken for 0.

    References
    ----------
    52 U.S.C. 10503(b)(2); 28 CFR 55.6.

    Examples
    --------
    >>> table = pd.DataFrame({"lep": [10_001], "lep_moe": [0], "cvap": [500_000], "cvap_moe": [0], "low": [0.08]})
    >>> screen = screen_203(table, language="Korean", limited="lep", citizens="cvap", illiteracy="low",
    ...                     national_illiteracy=0.02, national_source="made up for this example")
    >>> bool(screen.frame["tests_met"].iloc[0])
    True
    """
    if language_group(language) is None:
        raise InputError(
            f"{language!r} is no language group the kit knows. Asian groups are {', '.join(GROUPS['asian'][:-1])}."
        )
    _check_rate(illiteracy, national_illiteracy, national_source)
    frame = units.frame if isinstance(units, Units) else units
    whole_states = units.level == "state" if isinstance(units, Units) else states
    table = _figures(frame, limited, citizens, illiteracy)
    _add_tests(table, national_illiteracy, whole_states=whole_states)
    table["reading"] = [_reading(row, whole_states=whole_states) for row in table.to_dict("records")]
    notes = [term(SCREEN)]
    if whole_states:
        notes.append(say("For a State only the 5 per cent test counts."))
    if illiteracy is None:
        notes.append(say("The illiteracy test was left open: no rate was given."))
    else:
        told = mark("Illiteracy of the nation: {rate:.2%} ({source}).")
        notes.append(say(told, rate=national_illiteracy, source=national_source))
        notes.append(say("The sampling error of illiteracy rates is not taken into account."))
    return Screen203(table, language, units.sources if isinstance(units, Units) else (), tuple(notes))


def _check_rate(illiteracy: str | None, rate: float | None, source: str) -> None:
    """Ask for the nation's rate, and for where it is from."""
    if illiteracy is None:
        if rate is not None:
            raise InputError("national_illiteracy= needs illiteracy=, the column it is held against.")
        return
    if rate is None or not source.strip():
        raise InputError(
            "illiteracy= needs national_illiteracy= and national_source=: the nation's rate of the same "
            "determinations, and where it is from. The kit has no confirmed value to fall back on."
        )
    if not 0 < rate < 1:
        raise InputError(f"national_illiteracy={rate!r} must be a fraction, such as 0.02 for 2 per cent.")


def _figures(frame: pd.DataFrame, limited: str, citizens: str, illiteracy: str | None) -> pd.DataFrame:
    """Take the columns, and refuse figures that cannot be."""
    wanted = {
        "limited": limited,
        "limited_moe": f"{limited}_moe",
        "citizens": citizens,
        "citizens_moe": f"{citizens}_moe",
    }
    if illiteracy is not None:
        wanted["illiteracy"] = illiteracy
    absent = [column for column in wanted.values() if column not in frame.columns]
    if absent:
        raise SchemaError(
            f"there is no column {first_few(absent)}; columns are {first_few(frame.columns, 12)}. An estimate's margin "
            "stands in the column of its name with _moe."
        )
    table = pd.DataFrame({name: frame[column].astype("float64") for name, column in wanted.items()})
    for name, bad in (
        ("a negative figure", (table < 0).any(axis=1)),
        ("more of limited English than citizens", table["limited"] > table["citizens"]),
        ("an illiteracy rate above 1 (give fractions)", table.get("illiteracy", table["limited"] * 0) > 1),
    ):
        if bad.any():
            raise SchemaError(
                f"{int(bad.sum()):,} areas have {name}: {first_few(table.index[bad])}. Check the columns."
            )
    return table


def _add_tests(table: pd.DataFrame, rate: float | None, *, whole_states: bool) -> None:
    """Hold the estimates, and the ends of their intervals, against the thresholds."""
    part, whole = table["limited"], table["citizens"]
    part_moe, whole_moe = table["limited_moe"], table["citizens_moe"]
    table["share"] = part / whole.where(whole > 0)
    table["share_moe"] = moe.proportion(part, part_moe, whole, whole_moe)
    table["over_5_percent"] = _told(20 * part > whole, table["share"])  # in whole numbers, so that 5 per cent is 5
    table["near_5_percent"] = _spans(table["share"], table["share_moe"], SHARE)
    table["over_10000"] = _told(part > COUNT, part)
    table["near_10000"] = _spans(part, part_moe, COUNT)
    if whole_states:
        table["over_10000"] = table["near_10000"] = pd.Series(data=False, index=table.index, dtype="boolean")
    if rate is None:
        table["over_illiteracy"] = pd.Series(pd.NA, index=table.index, dtype="boolean")
    else:
        table["over_illiteracy"] = _told(table["illiteracy"] > rate, table["illiteracy"])
    table["tests_met"] = (table["over_5_percent"] | table["over_10000"]) & table["over_illiteracy"]


def _told(passed: pd.Series, figure: pd.Series) -> pd.Series:
    """Leave a test open where its figure is missing."""
    return passed.astype("boolean").mask(figure.isna().to_numpy(), pd.NA)


def _spans(figure: pd.Series, margin: pd.Series, line: float) -> pd.Series:
    """Tell whether the two ends of an interval fall on different sides of a line."""
    low, high = figure - margin, figure + margin
    return _told((low <= line) & (high > line), np.add(figure, margin))


def _reading(row: dict[Any, Any], *, whole_states: bool) -> str:
    """Put one area into words; never that it is covered."""
    illiteracy_open = pd.isna(row["over_illiteracy"])
    if not illiteracy_open and not row["over_illiteracy"]:
        return _LITERATE
    tests = {"5 per cent": "5_percent"} if whole_states else {"5 per cent": "5_percent", "10,000": "10000"}
    found: dict[str, list[str]] = {ABOVE: [], NEAR: [], OPEN: []}
    for name, column in tests.items():
        over, near = row[f"over_{column}"], row[f"near_{column}"]
        if pd.isna(over) or pd.isna(near):
            found[OPEN].append(name)
        elif near or over:
            found[NEAR if near else ABOVE].append(name)
    for word in (ABOVE, NEAR):
        if found[word]:
            return _READINGS[word, " and ".join(found[word])][illiteracy_open]
    return _MISSING if found[OPEN] else BELOW


_LITERATE = mark("estimates below the line: illiteracy is not above the nation's")
_MISSING = mark("cannot be told from these figures: an estimate or its margin is missing")
# Where illiteracy was tested, and where it was not.
_READINGS = {
    (ABOVE, "5 per cent"): (
        mark("estimates above the line: 5 per cent"),
        mark("estimates above the line: 5 per cent; illiteracy was not tested"),
    ),
    (ABOVE, "10,000"): (
        mark("estimates above the line: 10,000"),
        mark("estimates above the line: 10,000; illiteracy was not tested"),
    ),
    (ABOVE, "5 per cent and 10,000"): (
        mark("estimates above the line: 5 per cent and 10,000"),
        mark("estimates above the line: 5 per cent and 10,000; illiteracy was not tested"),
    ),
    (NEAR, "5 per cent"): (
        mark("may be near the line: the interval holds 5 per cent"),
        mark("may be near the line: the interval holds 5 per cent; illiteracy was not tested"),
    ),
    (NEAR, "10,000"): (
        mark("may be near the line: the interval holds 10,000"),
        mark("may be near the line: the interval holds 10,000; illiteracy was not tested"),
    ),
    (NEAR, "5 per cent and 10,000"): (
        mark("may be near the line: the interval holds 5 per cent and 10,000"),
        mark("may be near the line: the interval holds 5 per cent and 10,000; illiteracy was not tested"),
    ),
}
