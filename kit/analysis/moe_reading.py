"""What a margin of error lets one say: intervals, significance, reliability, and distance to a threshold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kit.analysis.margins import Array, Numbers, aligned
from kit.errors import InputError
from kit.i18n.messages import Message, figure, joined, mark, say
from kit.model.margin_words import points
from kit.model.sentences import percent

Z = {0.90: 1.645, 0.95: 1.960, 0.99: 2.576}
"""Confidence level → margin over standard error, as the Census Bureau rounds them."""

CLASSES = {"esri": (0.12, 0.40), "hac": (0.15, 0.30)}
"""Coefficients of variation up to which an estimate is of high, and of medium, reliability."""

SYMBOLS = {"high": "●", "medium": "◐", "low": "○", "no estimate": "–", "no margin": "?"}
"""Reliability → a sign that does not need colour."""

LABEL = mark("sampling error only")


class Interval(NamedTuple):
    """An interval of 90 per cent confidence.

    Parameters
    ----------
    low, high : float, numpy.ndarray or pandas.Series
        Its ends.
    """

    low: Any
    high: Any


class Significance(NamedTuple):
    """Whether two estimates differ by more than sampling error explains.

    Parameters
    ----------
    z : float, numpy.ndarray or pandas.Series
        Difference over its standard error, never negative.
    significant : bool, or an array or Series of them
        At 90 per cent confidence; None or ``pandas.NA`` where a margin is missing.
    """

    z: Any
    significant: Any


class Reliability(NamedTuple):
    """How far sampling error leaves an estimate usable.

    Parameters
    ----------
    word : str, numpy.ndarray or pandas.Series
        ``high``, ``medium``, ``low``, ``no estimate`` (it is 0 or missing) or ``no margin``.
    symbol : str, numpy.ndarray or pandas.Series
        A sign for the word, as in `SYMBOLS`.
    cv : float, numpy.ndarray or pandas.Series
        Coefficient of variation, standard error over estimate; a fraction.
    """

    word: Any
    symbol: Any
    cv: Any


class Threshold(NamedTuple):
    """How a share stands to a threshold, given sampling error and nothing else.

    Parameters
    ----------
    probability : float, numpy.ndarray or pandas.Series
        That the true share is more than the threshold.
    spans : bool, or an array or Series of them
        Whether the 90 per cent interval holds the threshold.
    sentence : str, numpy.ndarray or pandas.Series
        The same in words.
    label : str
        What the probability covers.
    """

    probability: Any
    spans: Any
    sentence: Any
    label: str = LABEL


def to_confidence(moe: Numbers, *, level: float = 0.95) -> Any:
    """Turn a margin at 90 per cent confidence into one at another level.

    Parameters
    ----------
    moe : float, numpy.ndarray or pandas.Series
        Margin at 90 per cent.
    level : {0.95, 0.90, 0.99}
        Confidence wanted.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Margin at that level.

    Raises
    ------
    InputError
        The level is another one, or a margin is negative.

    Examples
    --------
    >>> to_confidence(1.645)
    1.96
    """
    if level not in Z:
        raise InputError(f"level is one of {', '.join(map(str, Z))}, not {level!r}.")
    (margin,), like = aligned({}, {"moe": moe})
    return like(margin * (Z[level] / Z[0.90]))


def interval(share: Numbers, moe: Numbers, *, clip: bool = True) -> Interval:
    """Give the interval of 90 per cent confidence.

    Parameters
    ----------
    share : float, numpy.ndarray or pandas.Series
        Share, as a fraction; or any estimate with ``clip=False``.
    moe : float, numpy.ndarray or pandas.Series
        Its margin.
    clip : bool, default True
        Keep the ends between 0 and 1. For display only: test with the margin itself.

    Returns
    -------
    Interval
        Low and high end.

    Raises
    ------
    InputError
        Lengths or indexes differ, or a margin is negative.

    Examples
    --------
    >>> interval(0.25, 0.5)
    Interval(low=0.0, high=0.75)
    """
    (value, margin), like = aligned({"share": share}, {"moe": moe})
    low, high = value - margin, value + margin
    return Interval(like(low.clip(0, 1)), like(high.clip(0, 1))) if clip else Interval(like(low), like(high))


def significance(
    a: Numbers, moe_a: Numbers, b: Numbers, moe_b: Numbers, *, periods: Sequence[Sequence[int]] | None = None
) -> Significance:
    """Test whether two estimates differ, at 90 per cent confidence.

    Parameters
    ----------
    a, moe_a : float, numpy.ndarray or pandas.Series
        One estimate and its margin.
    b, moe_b : float, numpy.ndarray or pandas.Series
        The other and its margin.
    periods : pair of pairs of int, optional
        First and last year of each estimate, such as ``((2011, 2015), (2016, 2020))``.

    Returns
    -------
    Significance
        ``z``, and whether it is more than 1.645.

    Raises
    ------
    InputError
        The periods differ and overlap, lengths or indexes differ, or a margin
        is negative.

    Notes
    -----
    The two must be independent. Estimates of two periods that share years are
    not, since they share interviews; two areas in one and the same period are.

    Examples
    --------
    >>> z, significant = significance(30, 5, 20, 5)
    >>> round(z, 3), significant
    (2.326, True)
    """
    if periods is not None:
        _check_periods(periods)
    (a_, b_, moe_a_, moe_b_), like = aligned({"a": a, "b": b}, {"moe_a": moe_a, "moe_b": moe_b})
    apart, error = np.abs(a_ - b_), np.hypot(moe_a_, moe_b_) / Z[0.90]
    z = _over(apart, error, exact=np.where(apart > 0, np.inf, 0.0))
    z = np.where(np.isnan(apart) | np.isnan(error), np.nan, z)
    if z.ndim == 0:
        return Significance(like(z), None if np.isnan(z) else bool(z > Z[0.90]))
    verdict = pd.arrays.BooleanArray(z > Z[0.90], np.isnan(z))
    found = like(z)
    return Significance(found, pd.Series(verdict, index=found.index) if isinstance(found, pd.Series) else verdict)


def reliability(estimate: Numbers, moe: Numbers, *, classes: str | tuple[float, float] = "esri") -> Reliability:
    """Say how reliable an estimate is, in a word and a symbol.

    Parameters
    ----------
    estimate : float, numpy.ndarray or pandas.Series
        Count or share.
    moe : float, numpy.ndarray or pandas.Series
        Its margin.
    classes : {"esri", "hac"} or pair of float
        Largest coefficient of variation that is high, and that is medium:
        12 and 40 per cent, 15 and 30 per cent, or fractions of one's own.

    Returns
    -------
    Reliability
        Word, symbol and coefficient of variation.

    Raises
    ------
    InputError
        The classes are unknown or do not rise, lengths or indexes differ, or
        a margin is negative.

    Notes
    -----
    Report an estimate of low reliability only inside a sum.

    Examples
    --------
    >>> reliability(100, 30).word, reliability(0, 12).word
    ('medium', 'no estimate')
    """
    bounds = CLASSES.get(classes) if isinstance(classes, str) else tuple(classes)
    if bounds is None or len(bounds) != 2 or not 0 < bounds[0] < bounds[1]:
        raise InputError(f'classes is "esri", "hac" or two rising fractions such as (0.12, 0.40), not {classes!r}.')
    (value, margin), like = aligned({"estimate": estimate}, {"moe": moe})
    none = np.isnan(value) | (value == 0)
    cv = margin / Z[0.90] / np.abs(np.where(none, np.nan, value))
    tests = [none, np.isnan(margin), cv <= bounds[0], cv <= bounds[1]]
    words = ["no estimate", "no margin", "high", "medium"]
    word = np.select(tests, words, "low")
    symbol = np.select(tests, [SYMBOLS[w] for w in words], SYMBOLS["low"])
    return Reliability(like(word), like(symbol), like(cv))


def threshold(share: Numbers, moe: Numbers, tau: float) -> Threshold:
    """Say how a share stands to a threshold, given sampling error only.

    Parameters
    ----------
    share : float, numpy.ndarray or pandas.Series
        Shares, as fractions.
    moe : float, numpy.ndarray or pandas.Series
        Their margins, as fractions.
    tau : float
        The threshold, as a fraction.

    Returns
    -------
    Threshold
        Probability that the true share is more than `tau`, whether the
        interval holds `tau`, and a sentence.

    Raises
    ------
    InputError
        A share or the threshold is not between 0 and 1, lengths or indexes
        differ, or a margin is negative.

    Examples
    --------
    >>> threshold(0.51, 0.02, 0.5).sentence
    '51.0% ± 2.0 points cannot be distinguished from 50% (sampling error only; chance of more than 50%: 79.5%).'
    """
    (value, margin), like = aligned({"share": share}, {"moe": moe})
    if not 0 <= tau <= 1 or ((value < 0) | (value > 1)).any():
        raise InputError("shares and the threshold are fractions between 0 and 1; write 41 per cent as 0.41.")
    missing = np.isnan(value) | np.isnan(margin)
    error = margin / Z[0.90]
    z = _over(value - tau, error, exact=np.where(value > tau, np.inf, -np.inf))
    probability = np.where(missing, np.nan, _normal(z))
    spans = (margin > 0) & (np.abs(value - tau) <= margin)
    sentence = np.frompyfunc(lambda p, m, chance: _sentence(p, m, chance, tau), 3, 1)(value, margin, probability)
    return Threshold(like(probability), like(spans), like(np.asarray(sentence, dtype=object)))


def _over(distance: Array, error: Array, *, exact: Array) -> Array:
    """Divide by the standard error; `exact` holds where there is none."""
    with np.errstate(over="ignore"):
        return np.asarray(np.divide(distance, error, out=exact, where=error != 0))


def _normal(z: Array) -> Array:
    """Give the probability that a standard normal number is at most `z`."""
    return np.asarray(np.frompyfunc(math.erfc, 1, 1)(-z / math.sqrt(2)), dtype="float64") / 2


# Whether it is more, how sure that is.
_READINGS = {
    (True, "exact"): mark("{share} is more than {bound}; the figure has no sampling error."),
    (False, "exact"): mark("{share} is not more than {bound}; the figure has no sampling error."),
    (True, "apart"): mark("{share} is more than {bound} (sampling error only; chance of more than {bound}: {odds})."),
    (False, "apart"): mark(
        "{share} is not more than {bound} (sampling error only; chance of more than {bound}: {odds})."
    ),
}


def _sentence(share: float, moe: float, chance: float, tau: float) -> Message:
    """Write one share against a threshold."""
    bound = figure(f"{100 * tau:g}%")
    if math.isnan(share) or math.isnan(moe):
        told = mark("{share}: without a margin of error nothing can be said about {bound}.")
        return say(told, share=percent(share), bound=bound)
    if moe == 0:
        return say(_READINGS[share > tau, "exact"], share=percent(share), bound=bound)
    odds = say("more than 99.9%") if chance > 0.999 else say("less than 0.1%") if chance < 0.001 else None
    values = {
        "share": joined([percent(share), points(moe)]),
        "bound": bound,
        "odds": figure(f"{chance:.1%}") if odds is None else odds,
    }
    if abs(share - tau) <= moe:
        return say(
            "{share} cannot be distinguished from {bound} (sampling error only; chance of more than {bound}: {odds}).",
            **values,
        )
    return say(_READINGS[share > tau, "apart"], **values)


def _check_periods(periods: Sequence[Sequence[int]]) -> None:
    """Refuse two periods that share years without being one."""
    pairs = [tuple(period) if isinstance(period, Sequence) else () for period in periods]
    if len(pairs) != 2 or any(len(pair) != 2 or pair[0] > pair[1] for pair in pairs):
        raise InputError(f"periods are two pairs of years, such as (2011, 2015) and (2016, 2020), not {periods!r}.")
    first, second = sorted(pairs)
    if first != second and second[0] <= first[1]:
        last = min(first[1], second[1])
        shared = f"{second[0]}" if second[0] == last else f"{second[0]} to {last}"
        raise InputError(
            f"the periods {first[0]}–{first[1]} and {second[0]}–{second[1]} share {shared}, so the estimates are not "
            "independent and the test does not hold. Compare periods that share no year."
        )
