"""The citizen voting-age special tabulation as data: its 13 lines, and the groups they can count.

The lines do not overlap, and all but 1, 2 and 13 leave out people of Hispanic
origin. People who marked Native Hawaiian or Other Pacific Islander with any
other race have no line of their own; they are somewhere in line 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.i18n.messages import mark
from kit.model.margin_sum import margin_of_sum
from kit.model.tables import cell

MOE = "_moe"


@dataclass(frozen=True)
class Line:
    """One line of the tabulation.

    Parameters
    ----------
    number : int
        1 to 13.
    title : str
        As published.
    plus, minus : tuple of int
        Cells of table P4 (adults) that count the same people: the first are
        added, the second taken off.
    """

    number: int
    title: str
    plus: tuple[int, ...]
    minus: tuple[int, ...] = ()

    @property
    def column(self) -> str:
        """Name of the line in a frame.

        Returns
        -------
        str
            For example ``"cvap_04"``.
        """
        return f"cvap_{self.number:02d}"

    @property
    def cells(self) -> tuple[str, ...]:
        """P.L. 94-171 cells that the line corresponds to.

        Returns
        -------
        tuple of str
            Those added, then those taken off.
        """
        return tuple(cell("P4", n) for n in (*self.plus, *self.minus))

    def adults(self, frame: pd.DataFrame) -> pd.Series:
        """Count the adults of the line's group in redistricting data.

        Parameters
        ----------
        frame : pandas.DataFrame
            P.L. 94-171 cells under the kit's names.

        Returns
        -------
        pandas.Series
            People on the index of the frame.
        """
        count = frame[[cell("P4", n) for n in self.plus]].sum(axis=1, skipna=False)
        return count - frame[[cell("P4", n) for n in self.minus]].sum(axis=1, skipna=False)


LINES: dict[int, Line] = {
    line.number: line
    for line in (
        Line(1, "Total", (1,)),
        Line(2, "Not Hispanic or Latino", (3,)),
        Line(3, "American Indian or Alaska Native Alone", (7,)),
        Line(4, "Asian Alone", (8,)),
        Line(5, "Black or African American Alone", (6,)),
        Line(6, "Native Hawaiian or Other Pacific Islander Alone", (9,)),
        Line(7, "White Alone", (5,)),
        Line(8, "American Indian or Alaska Native and White", (14,)),
        Line(9, "Asian and White", (15,)),
        Line(10, "Black or African American and White", (13,)),
        Line(11, "American Indian or Alaska Native and Black or African American", (18,)),
        Line(12, "Remainder of Two or More Race Responses", (11,), (13, 14, 15, 18)),
        Line(13, "Hispanic or Latino", (2,)),
    )
}

# A column the kit knows → the lines that add up to exactly those people.
COUNTS: dict[str, tuple[int, ...]] = {
    "total_cvap": (1,),
    "nh_asian_alone_cvap": (4,),
    "nh_nhpi_alone_cvap": (6,),
    "nh_aapi_alone_cvap": (4, 6),
    "nh_asian_doj_cvap": (4, 9),
}

# Nothing counts AAPI citizens exactly: everyone in the first lies inside, everyone outside the second lies outside.
LOW, HIGH = "aapi_cvap_low", "aapi_cvap_high"
BOUNDS: dict[str, tuple[int, ...]] = {LOW: (4, 6, 9), HIGH: (4, 6, 9, 12)}

BRACKET_NOTE = mark(
    "AAPI citizens of voting age can only be bracketed: the lower count adds Asian alone, NHPI alone, and Asian and "
    "White; the upper adds everyone in the remainder of two or more races. Hispanic AAPI citizens are in neither."
)


def lines_of(column: str) -> tuple[int, ...]:
    """Name the lines that add up to a column.

    Parameters
    ----------
    column : str
        For example ``"cvap_04"``, ``"nh_aapi_alone_cvap"`` or ``"aapi_cvap_low"``.

    Returns
    -------
    tuple of int
        Empty when the column is none of this tabulation.

    Examples
    --------
    >>> lines_of("aapi_cvap_low")
    (4, 6, 9)
    """
    by_line = {line.column: (number,) for number, line in LINES.items()}
    return {**by_line, **COUNTS, **BOUNDS}.get(column, ())


def add_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the counts, and the AAPI bounds, that the lines at hand allow.

    Parameters
    ----------
    frame : pandas.DataFrame
        Lines as ``cvap_01`` … with or without their margins ``cvap_01_moe``.

    Returns
    -------
    pandas.DataFrame
        The counts first, each with its margin where every line has one, then
        the columns of the frame. A count with a missing line is missing.
    """
    made: dict[str, Any] = {}
    for name, numbers in {**COUNTS, **BOUNDS}.items():
        names = [LINES[n].column for n in numbers]
        if name in frame.columns or not set(names) <= set(frame.columns):
            continue
        values = frame[names]
        made[name] = values.sum(axis=1, skipna=False)
        margins = [f"{column}{MOE}" for column in names]
        if set(margins) <= set(frame.columns):
            made[f"{name}{MOE}"] = margin_of_sum(values.to_numpy(), frame[margins].to_numpy())
    return pd.concat([pd.DataFrame(made, index=frame.index), frame], axis=1)
