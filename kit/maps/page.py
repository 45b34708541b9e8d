"""A letter page around a map: heading, legend, locator, scale, notes."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from kit.maps import furniture, style
from kit.model.crs import describe
from kit.model.groups import BASES, definition
from kit.model.sentences import people, percent

if TYPE_CHECKING:
    from kit.maps.choropleth import Scene

WIDTH, HEIGHT = 11.0, 8.5
MARGIN = 0.4
SIDE = 3.05
STRIP = 0.55
SAMPLE_STAMP = "Sample data, not for testimony"
RULE_WORDS = {
    "assignment": "the plan's own list",
    "point": "a point on their surface",
    "area": "largest area",
}
_TITLE, _SUBTITLE, _NOTE = 15.0, 9.0, 6.8
_LINE = 1.3
# Mean width of a letter of the page's face, as a share of its size.
_LETTER, _BOLD_LETTER = 0.55, 0.62


class Page:
    """A landscape letter page with map panels, and room for what stands around them.

    Parameters
    ----------
    title, subtitle : str
        Heading.
    notes : list of str
        Method notes; each begins on a new line.
    panels : int
        Map panels side by side; one panel leaves room for a legend at its right.
    captions : bool
        Leave room for a caption over each panel.
    """

    def __init__(self, title: str, subtitle: str, notes: list[str], *, panels: int = 1, captions: bool = False) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(WIDTH, HEIGHT))
        self.artists: list[Any] = []
        self._notes_top = self._foot(notes)
        top = self._head(title, subtitle) - (0.4 if captions else 0.0)
        side = SIDE if panels == 1 else 0.0
        bottom = self._notes_top + STRIP + (0.0 if panels == 1 else 1.05)
        gap = 0.25
        width = (WIDTH - 2 * MARGIN - side - gap * (panels - 1)) / panels
        self.panels = [
            self.figure.add_axes(
                ((MARGIN + i * (width + gap)) / WIDTH, bottom / HEIGHT, width / WIDTH, (top - bottom) / HEIGHT),
                label=f"map {i + 1}",
            )
            for i in range(panels)
        ]

    def scale(self, scene: Scene, panel: Any) -> None:
        """Draw scale bars and the north arrow in the strip under a panel.

        Parameters
        ----------
        scene : Scene
            What was drawn.
        panel : matplotlib.axes.Axes
            Its panel.
        """
        box = panel.get_position()
        height, width = box.height * HEIGHT, box.width * WIDTH
        furniture.scale_bar(panel, place=(0.01, -(STRIP - 0.14) / height))
        foot = (1 - 0.2 / width, -(STRIP - 0.08) / height)
        furniture.north_arrow(panel, place=foot, angle=scene.north(panel))

    def beside(self, scene: Scene) -> None:
        """Draw legend and locator at the right of one panel.

        Parameters
        ----------
        scene : Scene
            What was drawn.
        """
        panel = self.panels[0]
        left = (WIDTH - SIDE - MARGIN / 2) / WIDTH
        self._legend(scene, loc="upper left", anchor=(left, panel.get_position().y1), title=scene.legend_title)
        box = (left, (self._notes_top + 0.15) / HEIGHT, (SIDE - MARGIN) / WIDTH, 1.7 / HEIGHT)
        locator = furniture.locator(self.figure, box, drawn_extent(scene, panel))
        if locator is not None:
            self.artists.append(locator)

    def below(self, scene: Scene) -> None:
        """Draw the legend in rows under two panels.

        Parameters
        ----------
        scene : Scene
            What was drawn.
        """
        title = scene.legend_title.replace("\n", ", ", 1).replace("\n", " ")
        self._legend(scene, loc="lower center", anchor=(0.5, (self._notes_top + 0.1) / HEIGHT), title=title, columns=3)

    def caption(self, panel: Any, text: str) -> None:
        """Write a panel's name over it.

        Parameters
        ----------
        panel : matplotlib.axes.Axes
            A map panel.
        text : str
            The plan's name.
        """
        box = panel.get_position()
        told = _wrap(text, box.width * WIDTH, 9.5, _BOLD_LETTER)
        artist = self._text(box.x0 * WIDTH, box.y1 * HEIGHT + 0.05, told, size=9.5, weight="bold")
        artist.set_gid("caption")
        self.artists.append(artist)

    def stamp(self, text: str) -> None:
        """Stamp the page.

        Parameters
        ----------
        text : str
            A few words.
        """
        frame = {"boxstyle": "square,pad=0.4", "facecolor": "white", "edgecolor": style.ACCENT, "linewidth": 1.2}
        artist = self._text(WIDTH - MARGIN - 0.05, HEIGHT - 0.24, text.upper(), size=7.5, weight="bold", top=True)
        artist.set(color=style.ACCENT, ha="right", bbox=frame)
        self.artists.append(artist)

    def _legend(self, scene: Scene, *, loc: str, anchor: tuple[float, float], title: str, columns: int = 1) -> None:
        font = {"family": list(style.FONT), "size": 8.5}
        legend = self.figure.legend(
            handles=scene.handles(), title=title if columns > 1 else _wrap(title, SIDE - MARGIN, 9, _BOLD_LETTER),
            loc=loc, bbox_to_anchor=anchor, frameon=False, prop=font, ncols=columns, columnspacing=2.5,
            handlelength=1.8, handleheight=1.2, labelspacing=0.5, borderaxespad=0,
            alignment="left" if columns == 1 else "center", title_fontproperties={**font, "weight": "bold", "size": 9},
        )  # fmt: skip
        self.artists.append(legend)

    def _head(self, title: str, subtitle: str) -> float:
        """Write heading and subtitle; return the height where they end."""
        size = _TITLE if len(title) <= 78 else 12.5
        width = WIDTH - 2 * MARGIN
        told = _wrap(title, width - 2.3, size, _BOLD_LETTER)
        top = HEIGHT - 0.3
        self.artists.append(self._text(MARGIN, top, told, size=size, weight="bold", top=True))
        top -= _height(told, size) + 0.05
        told = _wrap(subtitle, width, _SUBTITLE, _LETTER)
        self.artists.append(self._text(MARGIN, top, told, size=_SUBTITLE, top=True, colour=style.MUTED))
        return top - _height(told, _SUBTITLE) - 0.1

    def _foot(self, notes: list[str]) -> float:
        """Write the notes; return the height where they begin."""
        told = "\n".join(_wrap(note, WIDTH - 2 * MARGIN, _NOTE, _LETTER) for note in notes)
        self.artists.append(self._text(MARGIN, 0.2, told, size=_NOTE, colour=style.MUTED))
        return 0.2 + _height(told, _NOTE) + 0.08

    def _text(
        self, x: float, y: float, text: str, *, size: float, weight: str = "normal", top: bool = False,
        colour: str = style.INK,
    ) -> Any:  # fmt: skip
        return self.figure.text(
            x / WIDTH, y / HEIGHT, text, fontsize=size, fontweight=weight, va="top" if top else "bottom", color=colour,
            family=list(style.FONT), linespacing=1.2,
        )  # fmt: skip


def _wrap(text: str, inches: float, size: float, letter: float) -> str:
    """Break text into lines that fit a width."""
    room = int(inches * 72 / (size * letter))
    return "\n".join(line for part in text.split("\n") for line in textwrap.wrap(part, room))


def _height(text: str, size: float) -> float:
    """Give the height of lines of text, in inches."""
    return (text.count("\n") + 1) * size * _LINE / 72


def drawn_extent(scene: Scene, panel: Any) -> Any:
    """Give the drawn extent, cut to the units.

    Parameters
    ----------
    scene : Scene
        What was drawn.
    panel : matplotlib.axes.Axes
        Where.

    Returns
    -------
    geopandas.GeoSeries
        One rectangle in the map's projection.
    """
    import geopandas
    import shapely

    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    a, b, c, d = scene.projected.total_bounds
    box = shapely.box(max(west, a), max(south, b), min(east, c), min(north, d))
    return geopandas.GeoSeries([box], crs=scene.crs)


def subtitle(scene: Scene, *, plan: bool = True) -> str:
    """Say which plan this is and what the whole jurisdiction's figure is.

    Parameters
    ----------
    scene : Scene
        What is drawn.
    plan : bool
        Name the plan.

    Returns
    -------
    str
        One or two sentences.
    """
    drawn, total, units = scene.placement.plan, scene.table.total, scene.placement.units
    status = ", ".join(part for part in (drawn.jurisdiction, drawn.status, drawn.adopted) if part)
    named = f"{drawn.name}{f' ({status})' if status else ''}: " if plan else ""
    return (
        f"{named}{len(drawn)} districts, {len(units):,} {units.plural}. Whole area: {percent(total['share'])} "
        f"({people(total['count'])} of {people(total['base'])} {BASES[scene.table.base].noun})."
    )


def method_notes(scenes: list[Scene]) -> list[str]:
    """Write the notes every figure must carry.

    Parameters
    ----------
    scenes : list of Scene
        What is drawn on one page, of one group and base.

    Returns
    -------
    list of str
        Definition and universe, sources, method, and remarks of the sources.
    """
    first = scenes[0]
    rule = definition(first.table.group)
    sources = dict.fromkeys(source for scene in scenes for source in scene.placement.sources)
    cited = " ".join(dict.fromkeys(source.citation() for source in sources))
    remarks = " ".join(dict.fromkeys(source.note for source in sources if source.note))
    cautions = " ".join(dict.fromkeys(note for scene in scenes for note in scene.table.notes))
    placed = " and ".join(dict.fromkeys(RULE_WORDS[scene.placement.rule] for scene in scenes))
    notes = (
        (
            f"Counted: {rule.long} (definition {rule.name}). Base: {BASES[first.table.base].label}. "
            "Each class includes its upper bound."
        ),
        f"Sources: {cited}",
        f"Method: {first.placement.units.plural} placed by {placed}. {cautions} Projection: {describe(first.crs)}.",
        *(scene.outside for scene in scenes[:1] if scene.outside),
        remarks,
        "Not legal advice; confirm with counsel.",
    )
    return [note for note in notes if note]
