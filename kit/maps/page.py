"""A letter page around a map: heading, legend, locator, scale, notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kit.maps import furniture, style
from kit.maps.lettering import width as text_width
from kit.maps.lettering import wrap
from kit.model.crs import describe
from kit.model.groups import BASES, definition
from kit.model.sentences import RULE_WORDS, people, percent

if TYPE_CHECKING:
    from kit.maps.scene import Scene

WIDTH, HEIGHT = 11.0, 8.5
MARGIN = 0.4
SIDE = 3.05
STRIP = 0.55
SAMPLE_STAMP = "Sample data, not for testimony"
_TITLE, _SUBTITLE, _CAPTION, _NOTE = 15.0, 9.0, 9.5, 6.8
_LINE = 1.3


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
    captions : sequence of str
        A caption for each panel, if any.
    stamp : str
        A few words to stamp the page with.
    """

    def __init__(
        self,
        title: str,
        subtitle: str,
        notes: list[str],
        *,
        panels: int = 1,
        captions: Sequence[str] = (),
        stamp: str = "",
    ) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(WIDTH, HEIGHT))
        self.artists: list[Any] = []
        self._notes_top = self._foot(notes)
        top = self._head(title, subtitle, self._stamp(stamp) if stamp else 0.0)
        side = SIDE if panels == 1 else 0.0
        bottom = self._notes_top + STRIP + (0.0 if panels == 1 else 1.05)
        gap = 0.25
        width = (WIDTH - 2 * MARGIN - side - gap * (panels - 1)) / panels
        told = [wrap(text, width, size=_CAPTION, bold=True) for text in captions]
        top -= max((_height(text, _CAPTION) + 0.1 for text in told), default=0.0)
        self.panels = [
            self.figure.add_axes(
                ((MARGIN + i * (width + gap)) / WIDTH, bottom / HEIGHT, width / WIDTH, (top - bottom) / HEIGHT),
                label=f"map {i + 1}",
            )
            for i in range(panels)
        ]
        for panel, text in zip(self.panels, told, strict=False):
            artist = self._text(panel.get_position().x0 * WIDTH, top + 0.05, text, size=_CAPTION, weight="bold")
            artist.set_gid("caption")
            self.artists.append(artist)

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
        furniture.scale_bar(panel, place=(0.002, -(STRIP - 0.1) / height), stretch=scene.stretch(panel))
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

    def _stamp(self, text: str) -> float:
        """Stamp the page; return the width of the stamp, in inches."""
        frame = {"boxstyle": "square,pad=0.4", "facecolor": "white", "edgecolor": style.ACCENT, "linewidth": 1.2}
        artist = self._text(WIDTH - MARGIN - 0.05, HEIGHT - 0.3, text.upper(), size=7.5, weight="bold", top=True)
        artist.set(color=style.ACCENT, ha="right", bbox=frame)
        self.artists.append(artist)
        return text_width(text.upper(), size=7.5, bold=True) / 72 + 0.3

    def _legend(self, scene: Scene, *, loc: str, anchor: tuple[float, float], title: str, columns: int = 1) -> None:
        font = {"family": list(style.FONT), "size": 8.5}
        legend = self.figure.legend(
            handles=scene.handles(), title=title if columns > 1 else wrap(title, SIDE - MARGIN / 2, size=9, bold=True),
            loc=loc, bbox_to_anchor=anchor, frameon=False, prop=font, ncols=columns, columnspacing=2.5,
            handlelength=1.8, handleheight=1.2, labelspacing=0.5, borderaxespad=0,
            alignment="left" if columns == 1 else "center", title_fontproperties={**font, "weight": "bold", "size": 9},
        )  # fmt: skip
        self.artists.append(legend)

    def _head(self, title: str, subtitle: str, stamp: float) -> float:
        """Write heading and subtitle, clear of a stamp's width; return the height where they end."""
        width = WIDTH - 2 * MARGIN
        size = _TITLE if len(title) <= 78 else 12.5
        told = wrap(title, width - stamp, size=size, bold=True)
        top = HEIGHT - 0.3
        heading = self._text(MARGIN, top, told, size=size, weight="bold", top=True)
        heading.set_gid("heading")
        self.artists.append(heading)
        top -= _height(told, size) + 0.05
        told = wrap(subtitle, width, size=_SUBTITLE)
        self.artists.append(self._text(MARGIN, top, told, size=_SUBTITLE, top=True, colour=style.MUTED))
        return top - _height(told, _SUBTITLE) - 0.1

    def _foot(self, notes: list[str]) -> float:
        """Write the notes; return the height where they begin."""
        told = "\n".join(wrap(note, WIDTH - 2 * MARGIN, size=_NOTE) for note in notes)
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


def subtitle(scene: Scene, *others: Scene) -> str:
    """Say which plan this is and what the whole jurisdiction's figure is.

    Parameters
    ----------
    scene : Scene
        What is drawn.
    *others : Scene
        What is drawn beside it, of the same units; captions name the plans then.

    Returns
    -------
    str
        One or two sentences.
    """
    drawn, total, units = scene.placement.plan, scene.table.total, scene.placement.units
    status = ", ".join(part for part in (drawn.jurisdiction, drawn.status, drawn.adopted) if part)
    named = "" if others else f"{drawn.name}{f' ({status})' if status else ''}: "
    numbers = " and ".join(dict.fromkeys(f"{len(one.placement.plan)}" for one in (scene, *others)))
    return (
        f"{named}{numbers} districts, {len(units):,} {units.plural}. Whole area: {percent(total['share'])} "
        f"({people(total['count'])} of {people(total['base'])} {BASES[scene.table.base].noun})."
    )


def _weak(scene: Scene) -> list[str]:
    """Count the units whose share sampling error leaves next to nothing of."""
    if "reliability" not in scene.values.columns:
        return []
    weak, shown = (scene.values["reliability"] == "low").sum(), scene.values["share"].notna().sum()
    plural = scene.placement.units.plural
    told = f"Sampling error: the share is of low reliability in {weak:,} of {shown:,} {plural} that have one."
    return [f"{told} Read the pattern and the district figures, not single {plural}."] if weak else []


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
        *dict.fromkeys(note for scene in scenes for note in _weak(scene)),
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
