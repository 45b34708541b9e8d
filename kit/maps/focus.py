"""Districts in focus: marked by a heavy outline and a pattern along it, which show without colour too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kit.errors import InputError, first_few
from kit.maps import style
from kit.maps.ground import Ground
from kit.maps.ink import draw_lines, fill_shapes
from kit.maps.labels import frame_scale
from kit.maps.words import in_focus
from kit.model.frames import Placement

HATCH, INK, WIDE = "//////", style.AREA, 3.0
# Width of the band of pattern inside the outline, in points.
_BAND = 7.0


class FocusLayer:
    """The outline and the band of districts in focus.

    Parameters
    ----------
    ground : Ground
        What is drawn, with its districts.
    labels : sequence of str
        The districts.
    """

    def __init__(self, ground: Ground, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.shapes = [ground.districts[label] for label in self.labels]

    def handles(self) -> list[Any]:
        """Make the legend entry.

        Returns
        -------
        list of matplotlib.artist.Artist
            One.
        """
        from matplotlib.patches import Patch

        look: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "hatch": HATCH}
        return [Patch(**look, linewidth=1.8, label=in_focus(self.labels))]

    def paint(self, ax: Any, *, without: tuple[float, float, float, float] | None = None) -> list[Any]:  # noqa: ARG002
        """Draw band and outline inside the limits of axes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        without : tuple of float, optional
            A part that an inset shows; drawn here too.

        Returns
        -------
        list of shapely.Geometry
            Nothing is written.
        """
        import shapely

        width = _BAND * frame_scale(ax)
        whole = shapely.make_valid(np.array(self.shapes, dtype=object))
        band = shapely.difference(whole, shapely.buffer(whole, -width))
        fill_shapes(ax, band, hatch=HATCH, order=4.5, facecolor="#ffffff", alpha=0.45, edgecolor="none", linewidth=0)
        fill_shapes(ax, band, hatch=HATCH, order=4.6, facecolor="none", edgecolor=INK, linewidth=0)
        draw_lines(ax, list(whole), width=WIDE, order=7.5, colour=INK)
        return []


def focused(focus: str | int | Sequence[str] | None, known: Sequence[str], *, plan: str) -> tuple[str, ...]:
    """Check which districts are to be marked.

    Parameters
    ----------
    focus : str, int, sequence of str or None
        One label or several.
    known : sequence of str
        Labels of the plan.
    plan : str
        Its name, for the message.

    Returns
    -------
    tuple of str
        None for None.

    Raises
    ------
    InputError
        A label is no district of the plan, or there is none.
    """
    if focus is None:
        return ()
    wanted = [focus] if isinstance(focus, (str, int)) else list(focus)
    labels = tuple(dict.fromkeys(str(label) for label in wanted))
    strange = [label for label in labels if label not in set(known)]
    if strange or not labels:
        raise InputError(
            f"focus= names {first_few(strange) or 'no district'}, and the districts of {plan} are "
            f"{first_few(list(known), 12)}."
        )
    return labels


def add_focus(ground: Ground, focus: str | int | Sequence[str] | None) -> tuple[str, ...]:
    """Mark districts on a map.

    Parameters
    ----------
    ground : Ground
        What is drawn.
    focus : str, int, sequence of str or None
        One label or several.

    Returns
    -------
    tuple of str
        The labels.
    """
    plan = ground.placement.plan.name if ground.placement is not None else ""
    labels = focused(focus, list(ground.districts), plan=plan)
    if labels:
        ground.overlays.append(FocusLayer(ground, labels))
    return labels


def in_each(focus: str | int | Sequence[str] | None, placements: Sequence[Placement]) -> list[tuple[str, ...] | None]:
    """Find the districts in focus in each of several plans.

    Parameters
    ----------
    focus : str, int, sequence of str or None
        One label or several.
    placements : sequence of Placement
        One a plan.

    Returns
    -------
    list of tuple of str, or None
        Those that each plan has; None where it has none.

    Raises
    ------
    InputError
        A label is a district of no plan.
    """
    if focus is None:
        return [None] * len(placements)
    every = list(dict.fromkeys(label for placed in placements for label in placed.plan.labels))
    plans = " / ".join(placed.plan.name for placed in placements)
    labels = focused(focus, every, plan=plans)
    return [tuple(one for one in labels if one in placed.plan.labels) or None for placed in placements]
