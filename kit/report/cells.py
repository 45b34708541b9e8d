"""How one figure of a table is written for a reader, by what its column holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from kit.i18n.messages import Message, figure, mark, retold, say, term
from kit.model.sentences import people, percent

_SCORES = frozenset(
    {
        "polsby_popper", "schwartzberg", "schwartzberg_original", "reock", "convex_hull", "length_width",
        "population_polygon", "effective_splits", "effective_districts", "location_quotient", "value",
    }
)  # fmt: skip
_MORE_SHARES = frozenset({"surplus", "threshold"})
_FINE = ("population_range_share", "mean_absolute_deviation")
# Columns whose words are the kit's own, and words that stand in columns of names.
_TERMS = frozenset({"class", "label", "measure", "meaning", "method", "reliability", "tier"})
_WORDS = frozenset({mark("none"), mark("other moves")})
MISSING = mark("not available")
"""What stands where there is no figure; missing is never shown as 0."""


def written(value: Any, name: str) -> str:
    """Write one figure for a reader.

    Parameters
    ----------
    value : object
        Number, text, truth value or missing.
    name : str
        Column it stands in, which says whether it is a share, a score, a
        difference or a number of people.

    Returns
    -------
    str
        Rounded for display.

    Examples
    --------
    >>> written(0.2391, "share_before"), written(0.0035, "deviation"), written(0.3842, "reock")
    ('23.9%', '+0.35%', '0.384')
    >>> written(12345.6, "people"), written(True, "kept_whole"), written(None, "share")
    ('12,346', 'yes', 'not available')
    """
    if value is None or pd.isna(value):
        return term(MISSING)
    if isinstance(value, str):
        return term(value) if name in _TERMS or value in _WORDS else retold(value)
    if pd.api.types.is_bool(value):
        return say("yes") if value else say("no")
    return next(write(value) for fits, write in _WAYS if fits(name))


def is_words(column: Any) -> bool:
    """Tell whether a column holds words, which stand at the left.

    Parameters
    ----------
    column : pandas.Series
        Its values.

    Returns
    -------
    bool
        False for numbers.
    """
    return not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)


def unbroken(text: str) -> Message:
    """Keep words on one line.

    Parameters
    ----------
    text : str
        A few words, such as a margin of error.

    Returns
    -------
    str
        The same without a place where a line may break.
    """
    return Message(text.replace(" ", "\u00a0"), language=getattr(text, "language", "en"))


def signed(value: float, places: int, unit: str = "") -> Message:
    """Write a difference with its sign; what rounds to nothing has none.

    Parameters
    ----------
    value : float
        The difference.
    places : int
        Decimal places.
    unit : str
        Sign after the number, such as ``"%"``.

    Returns
    -------
    str
        Such as ``"+0.35%"``.
    """
    told = f"{abs(value):,.{places}f}"
    sign = ("+" if value > 0 else "\u2212") if float(told.replace(",", "")) else ""
    return figure(f"{sign}{told}{unit}")


def points_more(points: float) -> Message:
    """Write how many percentage points a share is higher or lower.

    Parameters
    ----------
    points : float
        The difference.

    Returns
    -------
    str
        Such as ``"+1.2 pts"``, on one line.
    """
    return say("{points}\u00a0pts", points=signed(points, 1))


def _is_score(name: str) -> bool:
    return name in _SCORES or name.removeprefix("mean_") in _SCORES or name.endswith("_effective_splits")


def _is_share(name: str) -> bool:
    return name in _MORE_SHARES or "share" in name or "retention" in name


# Which columns are written how; the first that fits.
_WAYS: tuple[tuple[Callable[[str], bool], Callable[[Any], str]], ...] = (
    (lambda name: name in {"difference", "gap", "distance"}, lambda value: points_more(100 * value)),
    (lambda name: name == "deviation", lambda value: signed(100 * value, 2, "%")),
    (_is_score, lambda value: figure(f"{value:.3f}")),
    (lambda name: name.startswith(_FINE), lambda value: percent(value, 2)),
    (_is_share, percent),
    (lambda name: name.endswith("_net") or name == "deviation_people", lambda value: signed(value, 0)),
    (lambda name: True, people),  # noqa: ARG005 — all others count people or things
)
