"""Colours, classes and type for every map.

The palette is ``lapaz`` from Crameri's scientific colour maps, taken at equal
steps of lightness. Neighbouring classes keep an even distance for readers with
and without a colour vision deficiency, the order survives a black-and-white
copier, and its warm light end cannot be taken for the grey of places where
nobody lives.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError, KitError
from kit.i18n.messages import say

INK = "#1a1a1a"
MUTED = "#4d4d4d"
EMPTY = "#f4f4f4"
EMPTY_HATCH = "///"
HATCH_INK = "#c4c4c4"
FRAME = "#8a8a8a"
LINE = "#111111"
CASING = "#ffffff"
ACCENT = "#b3261e"
AREA = "#8a0f5c"
FONT = ("DejaVu Sans",)
MAX_CLASSES = 7
_LIGHTEST, _DARKEST = 92.0, 22.0


def require_matplotlib(found: str) -> None:
    """Refuse a matplotlib that cannot shape the scripts of the communities.

    Parameters
    ----------
    found : str
        Its version, such as ``"3.11.2"``.

    Raises
    ------
    KitError
        It is older than 3.11.
    """
    numbers = [int(part) for part in re.findall(r"\d+", found)[:2]]
    if numbers < [3, 11]:
        raise KitError(
            f"matplotlib {found} is too old: before 3.11 it breaks Khmer, Hindi, Bengali, Urdu and Arabic script. "
            "Install matplotlib>=3.11."
        )


require_matplotlib(version("matplotlib"))


@dataclass(frozen=True)
class Classes:
    """Classes of share, each with its colour and its words.

    Parameters
    ----------
    bounds : tuple of float
        Rising fractions; one more than there are classes.
    colours : tuple of str
        Hexadecimal, light to dark.
    labels : tuple of str
        Bounds in words.
    """

    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.colours)

    def index(self, share: pd.Series) -> pd.Series:
        """Number the class of each share.

        Parameters
        ----------
        share : pandas.Series
            Fractions; missing where nobody lives.

        Returns
        -------
        pandas.Series
            0 is the lowest class; −1 marks missing shares. A share equal to a
            bound belongs to the class below it; zero to the lowest.

        Raises
        ------
        InputError
            Some shares lie outside the bounds.
        """
        low, high = self.bounds[0], self.bounds[-1]
        outside = share[(share < low) | (share > high)]
        if len(outside):
            raise InputError(
                f"{len(outside):,} shares lie outside the breaks {low:g} to {high:g} (largest {share.max():.3f}). "
                "Widen the breaks so that every place falls in a class."
            )
        found = np.digitize(share.fillna(low), self.bounds[1:-1], right=True)
        return pd.Series(np.where(share.isna(), -1, found), index=share.index)


def classes(breaks: Sequence[float]) -> Classes:
    """Make classes from the breaks a map-maker chose.

    Parameters
    ----------
    breaks : sequence of float
        Rising fractions between 0 and 1: one more than there are classes.

    Returns
    -------
    Classes
        At most seven classes, exactly those asked for.

    Raises
    ------
    InputError
        Breaks do not rise, are percentages instead of fractions, or are too many.

    Examples
    --------
    >>> classes([0, 0.1, 0.5, 1]).labels
    ('0% to 10%', 'over 10% to 50%', 'over 50% to 100%')
    """
    try:
        bounds = tuple(float(b) for b in breaks)
    except (TypeError, ValueError):
        raise InputError(f"breaks are numbers, such as [0, .05, .1, .2, .3, .5, 1]; got {breaks!r}.") from None
    if len(bounds) < 2 or not np.isfinite(bounds).all() or any(b <= a for a, b in itertools.pairwise(bounds)):
        raise InputError(f"breaks must rise, such as [0, .05, .1, .2, .3, .5, 1]; got {list(breaks)}.")
    if bounds[0] < 0 or bounds[-1] > 1:
        raise InputError(f"breaks are fractions between 0 and 1, so 10% is 0.10; got {list(breaks)}.")
    if len(bounds) - 1 > MAX_CLASSES:
        raise InputError(f"{len(bounds) - 1} classes cannot be told apart on a map; use at most {MAX_CLASSES}.")
    words = [say("{share:g}%", share=100 * b) for b in bounds]
    labels = [
        say("over {low} to {high}", low=low, high=high) if i else say("{low} to {high}", low=low, high=high)
        for i, (low, high) in enumerate(itertools.pairwise(words))
    ]
    return Classes(bounds, palette(len(bounds) - 1), tuple(labels))


def palette(n: int) -> tuple[str, ...]:
    """Take colours from ``lapaz`` at equal steps of lightness.

    Parameters
    ----------
    n : int
        How many.

    Returns
    -------
    tuple of str
        Hexadecimal, light to dark.
    """
    from cmcrameri import cm
    from matplotlib.colors import to_hex

    ramp = cm.lapaz_r(np.linspace(0, 1, 256))[:, :3]
    wanted = np.linspace(_LIGHTEST, _DARKEST, n) if n > 1 else np.array([60.0])
    lightness = _lightness(ramp)
    return tuple(to_hex(ramp[np.abs(lightness - level).argmin()]) for level in wanted)


def lightness_of(colour: str) -> float:
    """Give the lightness of a colour, as a copier that knows black only shows it.

    Parameters
    ----------
    colour : str
        As matplotlib reads it.

    Returns
    -------
    float
        CIE L*, from 0 (black) to 100 (white).
    """
    from matplotlib.colors import to_rgb

    return float(_lightness(np.array(to_rgb(colour))))


def _lightness(rgb: Any) -> Any:
    """Compute CIE L* of sRGB colours."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > 216 / 24389, 116 * np.cbrt(y) - 16, y * 24389 / 27)
