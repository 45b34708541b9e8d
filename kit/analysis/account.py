"""How placing accounts for people: who is placed, who is not, and who is on a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.i18n.messages import Message, mark, say
from kit.model.frames import Units
from kit.model.geoid import natural_key
from kit.model.sentences import few, people

NOT_LISTED = mark("not in the plan's list")
OUTSIDE = mark("outside every district")
# A part of a unit under this share of its area is a sliver of digitising, not a cut.
SLIVER = 0.01


@dataclass(frozen=True)
class Placed:
    """What one rule found.

    Parameters
    ----------
    assignment : pandas.Series
        GEOID → district; missing where none.
    split : pandas.DataFrame
        Units that a line cuts, as in ``Placement.split_units``.
    reason : str
        Why units without a district have none.
    notes : tuple of str
        What a reader must know.
    """

    assignment: pd.Series
    split: pd.DataFrame
    reason: str
    notes: tuple[str, ...] = ()


def people_column(units: Units) -> str | None:
    """Name the column that counts people when a message says how many.

    Parameters
    ----------
    units : Units
        Units with counts.

    Returns
    -------
    str or None
        ``total_pop`` where there is one, else another total, else None.
    """
    names = set(units.frame.columns)
    return next((f"total_{base}" for base in ("pop", "vap", "cvap", "registered") if f"total_{base}" in names), None)


def people_by_unit(units: Units) -> pd.Series:
    """Count people by unit, for reports.

    Parameters
    ----------
    units : Units
        Units with counts.

    Returns
    -------
    pandas.Series
        People on the units' index; missing where the units have no total.
    """
    name = people_column(units)
    return units.column(name) if name else pd.Series(np.nan, index=units.frame.index)


def no_cuts() -> pd.DataFrame:
    """Make an empty table of cut units.

    Returns
    -------
    pandas.DataFrame
        The columns of ``Placement.split_units``, and no row.
    """
    columns = {
        "people": "float64",
        "districts": "int64",
        "placed_in": "str",
        "share_inside": "float64",
        "also_in": "str",
    }
    frame = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    return frame.set_axis(pd.Index([], dtype="str", name="GEOID"))


def partly_covered(labels: Iterable[str], rest: str = "") -> Message:
    """Warn that some districts reach beyond the units.

    Parameters
    ----------
    labels : iterable of str
        Districts that are covered in part.
    rest : str
        What is missing, to end the first sentence.

    Returns
    -------
    str
        A note that holds `kit.model.sentences.PARTLY` in English.
    """
    named = sorted(map(str, labels), key=natural_key)
    if len(named) == 1:
        return say(
            "District {district} goes on beyond these units{rest}. Figures there are of the part covered.",
            district=named[0],
            rest=rest,
        )
    return say(
        "Districts {districts} go on beyond these units{rest}. Figures there are of the part covered.",
        districts=few(named, 12),
        rest=rest,
    )


def in_no_figure(lost: float) -> Message:
    """Say how many people lie in no district.

    Parameters
    ----------
    lost : float
        People, more than 0.

    Returns
    -------
    str
        A note.
    """
    return say("{people} people lie in no district and are in no figure here.", people=people(lost))
