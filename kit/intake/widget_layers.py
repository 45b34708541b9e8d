"""Layers of the map as the browser draws them, their key, and switches that a keyboard reaches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from kit.i18n.messages import say, term
from kit.intake.surroundings import PARTS, Drawn, Label, detail
from kit.intake.tally import Tally
from kit.model.crs import GEOGRAPHIC, one_datum
from kit.model.frames import Plan

SHADES = ("#f7fbff", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c", "#08306b")
"""From the lowest class to the highest; classes are spread over them."""
PLAN_LINES = (("#b30000", None), ("#4d004b", "10 6"), ("#7a4a00", "2 6"), ("#005a32", "14 4 2 4"))
"""Colour and dashes of each plan, so that nobody needs colour to tell them apart."""
CHOSEN = {"color": "#000000", "weight": 2.5, "fillColor": "#fdae61", "fillOpacity": 0.55}
NO_SHARE = "#ffffff"
PANES = {name: {"zIndex": 310 + 10 * at} for at, name in enumerate(("units", "water", "roads", "places", "plans"))}
"""From the ground up; what is chosen and drawn lies above them."""
LOOKS: dict[str, dict[str, Any]] = {
    "water": {"color": "#1b7a6b", "weight": 1, "fillColor": "#b2e2d2", "fillOpacity": 0.9},
    "roads": {"color": "#5c4a30", "weight": 1, "fill": False},
    "places": {"color": "#252525", "weight": 1.2, "dashArray": "3 4", "fillOpacity": 0},
}
_WEIGHTS = (2.6, 1.8, 0.9, 0.6)
_DIGITS = 6


def shades(classes: int) -> list[str]:
    """Spread classes over the shades.

    Parameters
    ----------
    classes : int
        How many.

    Returns
    -------
    list of str
        Colours, the lowest class first.
    """
    return [SHADES[round(n * (len(SHADES) - 1) / max(classes - 1, 1))] for n in range(classes)]


def fills(shares: Any, breaks: Sequence[float]) -> list[dict[str, Any]]:
    """Choose the look of each unit.

    Parameters
    ----------
    shares : numpy.ndarray
        Share in each unit, as fractions; missing where nobody lives.
    breaks : sequence of float
        Class bounds from 0 to 1.

    Returns
    -------
    list of dict
        Styles, one a unit.
    """
    colours = shades(len(breaks) - 1)
    at = np.clip(np.searchsorted(np.asarray(breaks), shares, side="right") - 1, 0, len(colours) - 1)
    chosen = [
        NO_SHARE if math.isnan(share) else colours[n] for share, n in zip(shares.tolist(), at.tolist(), strict=True)
    ]
    look = {"pane": "units", "color": "#737373", "weight": 0.5, "fillOpacity": 0.9}
    return [{**look, "fillColor": fill} for fill in chosen]


def around(drawn: Iterable[Drawn]) -> dict[str, list[Any]]:
    """Draw water, roads and the borders of places, each class of roads as one line of its own width.

    Parameters
    ----------
    drawn : iterable of Drawn
        As `kit.intake.surroundings.surroundings` chose it.

    Returns
    -------
    dict of str to list of ipyleaflet.Layer
        By kind.
    """
    import shapely

    made: dict[str, list[Any]] = {}
    for layer in drawn:
        groups = []
        for rank in np.unique(layer.ranks).tolist():
            shapes = layer.shapes[layer.ranks == rank]
            look = LOOKS[layer.kind]
            if layer.kind == "roads":
                parts = shapely.get_parts(shapes)
                shapes = [shapely.multilinestrings(parts[shapely.get_type_id(parts) == 1])]
                look = {**look, "weight": _WEIGHTS[rank]}
            groups.append((shapes, look))
        made[layer.kind] = [_layer(shapes, layer.kind, look, pane=layer.kind) for shapes, look in groups]
        made[layer.kind] += _names(layer.labels)
    return made


def plan_lines(plans: Mapping[str, Plan], tally: Tally) -> dict[str, list[Any]]:
    """Draw the lines of each plan, simplified for the screen.

    Parameters
    ----------
    plans : mapping of str to Plan
        Plans by name; those without lines are left out.
    tally : Tally
        Units, in whose extent they are seen.

    Returns
    -------
    dict of str to list of ipyleaflet.Layer
        By name.
    """
    made = {}
    for number, (name, plan) in enumerate(plans.items()):
        if plan.geometry is None:
            continue
        colour, dashes = PLAN_LINES[number % len(PLAN_LINES)]
        look = {"color": colour, "weight": 3, "fillOpacity": 0, **({"dashArray": dashes} if dashes else {})}
        shapes = one_datum(plan.geometry).to_crs(tally.crs).simplify(detail(tally)).to_crs(GEOGRAPHIC)
        made[name] = [_layer(shapes.to_numpy(), name, look, pane="plans")]
    return made


def _layer(shapes: Any, name: str, style: dict[str, Any], *, pane: str) -> Any:
    """Make a layer that only shows."""
    import ipyleaflet
    import shapely
    from shapely.geometry import mapping

    # The pane of a layer does not reach its shapes; that of their style does.
    style = {"pane": pane, **style}
    rounded = shapely.transform(np.asarray(shapes, dtype=object), lambda xy: np.round(xy, _DIGITS))
    features = [
        {"type": "Feature", "properties": {"style": style}, "geometry": mapping(one)}
        for one in rounded
        if one is not None and not one.is_empty
    ]
    return ipyleaflet.GeoJSON(
        data={"type": "FeatureCollection", "features": features},
        name=name,
        point_style={"radius": 3, **style},
    )


def _names(labels: Sequence[Label]) -> list[Any]:
    """Write names; nobody stops at them with the keyboard, and a click goes through to the map."""
    import ipyleaflet

    look = (
        "position:absolute;transform:translate(-50%,-50%);white-space:nowrap;pointer-events:none;"
        "font:600 11px sans-serif;color:#111;text-shadow:0 0 2px #fff,0 0 3px #fff,0 0 4px #fff"
    )
    return [
        ipyleaflet.Marker(
            location=(one.latitude, one.longitude),
            icon=ipyleaflet.DivIcon(
                html=f'<span style="{look}">{escape(one.text)}</span>', icon_size=[0, 0], icon_anchor=[0, 0]
            ),
            draggable=False,
            keyboard=False,
        )
        for one in labels
    ]


class Switches:
    """A checkbox for each layer, in the order of the key.

    Parameters
    ----------
    names : mapping of str to str
        Layers, and how they are called.
    switch : callable
        Gets the layer and whether it shows.
    """

    def __init__(self, names: Mapping[str, str], switch: Callable[[str, bool], None]) -> None:
        import ipywidgets

        self.boxes = {
            key: ipywidgets.Checkbox(value=True, description=told, indent=False, layout={"width": "auto"})
            for key, told in names.items()
        }
        for key, box in self.boxes.items():
            box.observe(lambda change, key=key: switch(key, change["new"]), "value")
        wrap = {"display": "flex", "flex_flow": "row wrap", "grid_gap": "0 14px"}
        self.view = ipywidgets.Box(list(self.boxes.values()), layout=wrap)
        self.view.add_class("kit-switches")


def legend(breaks: Sequence[float], who: str, plans: Sequence[str], drawn: Sequence[Drawn] = ()) -> str:
    """Explain colours and lines, and say what the map leaves out.

    Parameters
    ----------
    breaks : sequence of float
        Class bounds.
    who : str
        Whose share.
    plans : sequence of str
        Names of the plans, in order.
    drawn : sequence of Drawn
        Layers around the units.

    Returns
    -------
    str
        HTML.
    """
    look = "display:inline-block;width:1.2em;height:0.9em;border:1px solid #555"
    box = f'<span aria-hidden="true" style="{look};{{}}"></span>'
    line = box.format("height:0;border:0;border-top:{} {} {}")
    rows = [
        f"<li>{box.format(f'background:{shade}')} {escape(say('{low:.0%} to {high:.0%}', low=low, high=high))}</li>"
        for shade, low, high in zip(shades(len(breaks) - 1), breaks, breaks[1:], strict=False)
    ]
    rows.append(f"<li>{box.format('background:' + NO_SHARE)} {escape(say('nobody lives there'))}</li>")
    rows.append(f"<li>{box.format('background:#fdae61')} {escape(say('chosen'))}</li>")
    for one in drawn:
        told, style = escape(term(PARTS[one.kind])), LOOKS[one.kind]
        if one.kind == "water":
            rows.append(f"<li>{box.format('background:' + style['fillColor'])} {told}</li>")
        else:
            kind = "dotted" if "dashArray" in style else "solid"
            rows.append(f"<li>{line.format('2px', kind, style['color'])} {told}</li>")
    for number, plan in enumerate(plans):
        colour, dashes = PLAN_LINES[number % len(PLAN_LINES)]
        mark = line.format("3px", "dashed" if dashes else "solid", colour)
        rows.append(f"<li>{mark} {escape(say('districts: {plan}', plan=plan))}</li>")
    notes = "".join(f'<p class="kit-left-out">{escape(note)}</p>' for note in (one.note() for one in drawn) if note)
    head = escape(say("Share of residents: {who}", who=who))
    return f'<p style="margin:0">{head}</p><ul style="list-style:none;margin:0;padding:0">{"".join(rows)}</ul>{notes}'
