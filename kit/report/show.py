"""Results that are no district table, such as a comparison of plans, as tables for a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kit.analysis.plan_measures import PlanMeasures
from kit.errors import InputError
from kit.i18n.messages import say
from kit.maps.record import Twin
from kit.report.show_areas import AREA_TABLES
from kit.report.show_plans import MEASURED_PLANS, PLAN_TABLES


def twin_of(result: Any, part: str | None = None) -> Twin:
    """Lay a result out as a table with its caption, headings, notes and sources.

    Parameters
    ----------
    result : object
        What `measure_plan`, `compare_plans`, `swap_sheet`, `rank_plans`,
        `community_splits`, `community_split_table`, `clusters`, `segregation`
        or `packing` returned; or a mapping of plan names to what
        `measure_plan` returned.
    part : str, optional
        Which of its tables; by default the main one.

    Returns
    -------
    Twin
        The table in full precision, and the columns a reader sees.

    Raises
    ------
    InputError
        The result is of another kind, or has no such table.
    """
    if isinstance(result, Mapping) and result and all(isinstance(one, PlanMeasures) for one in result.values()):
        parts: dict[str, Callable[[Any], Twin]] = MEASURED_PLANS
    else:
        parts = next((found for kind, found in {**PLAN_TABLES, **AREA_TABLES}.items() if isinstance(result, kind)), {})
    if not parts:
        raise InputError(
            f"a {type(result).__name__} has no table to show; pass a district table, or what kit.measure_plan, "
            "compare_plans, swap_sheet, rank_plans, community_splits, clusters, segregation or packing returned."
        )
    if part is not None and part not in parts:
        raise InputError(f"there is no table {part!r} in a {type(result).__name__}; there are {', '.join(parts)}.")
    return parts[part or next(iter(parts))](result)


def first(twin: Twin, rows: int | None) -> Twin:
    """Keep the first rows of a table, and say how many there are.

    Parameters
    ----------
    twin : Twin
        The table.
    rows : int or None
        How many; None for all.

    Returns
    -------
    Twin
        The same, or a shorter one with a note.
    """
    if rows is None or len(twin.frame) <= rows:
        return twin
    note = say(
        "The first {rows:,} of {total:,} rows are shown; kit.write_table writes them all.",
        rows=rows,
        total=len(twin.frame),
    )
    return replace(twin, frame=twin.frame.head(rows), notes=(note, *twin.notes))
