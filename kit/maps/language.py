"""Where people speak a language at home, or speak English less than very well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import say, term
from kit.maps.choropleth import draw_scene
from kit.maps.dress import bounds_for, dress
from kit.maps.scene import Scene
from kit.maps.words import SPEAKERS_OF
from kit.model.detail import SPEAKERS, meant
from kit.model.frames import Placement, Units
from kit.model.groups import base_of, definition

BASE = SPEAKERS_OF
_LIMITED = "_lep"


class LanguageScene(Scene):
    """A map of shares by language and ability to speak English."""

    @property
    def heading(self) -> str:
        """What is shown, without a claim.

        Returns
        -------
        str
            Group and universe.
        """
        rule, base = definition(self.table.group), base_of(self.table.base)
        return say("{group:capital}: share of {base}", group=term(rule.short), base=term(base.label))

    def notes(self) -> tuple[str, ...]:
        """Say what a reader must know beyond the notes of the figures.

        Returns
        -------
        tuple of str
            Of whom the survey asks about language.
        """
        asked = say(
            "Language at home and ability to speak English are estimates for people aged 5 and over, citizens or not; "
            "Section 203 of the Voting Rights Act counts citizens of voting age, and is not decided by this map."
        )
        return (asked, *super().notes())


def map_language(
    placement: Placement,
    *,
    language: str | None = None,
    limited: bool = True,
    breaks: Sequence[float] | str,
    classes: int | None = None,
    focus: str | Sequence[str] | None = None,
    context: Any = None,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw the share of people who speak a language at home, or who speak English less than very well.

    Parameters
    ----------
    placement : Placement
        Units of a survey table of languages, such as C16001 or B16004, with
        polygons, placed in a plan.
    language : str, optional
        A language, such as ``"korean"`` or ``"chinese"``; by default all
        people with limited English, whatever they speak.
    limited : bool, default True
        Only those who speak English less than “very well”.
    breaks : sequence of float, "jenks" or "quantile"
        Class bounds, as in `map_share`.
    classes : int, optional
        How many classes to compute, from 2 to 7; only with computed bounds.
    focus : str or sequence of str, optional
        Districts to mark by a heavy outline and a pattern along it.
    context : Context or dict, optional
        Water, roads and places to draw, as `kit.read_context` gives them.
    title : str, optional
        Heading of the page.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.
    ax : matplotlib.axes.Axes, optional
        Draw into these axes, with a legend inside them, instead of on a page.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        No language is named where all of its speakers are wanted, or the
        breaks cannot be used.
    SchemaError
        The units do not count that language, or nobody aged 5 and over.

    Notes
    -----
    Shares are estimates: those of low reliability are cross-hatched and
    counted. The survey asks about language of people aged 5 and over.
    """
    group = _column(placement.units, language, limited=limited)
    chosen = bounds_for(breaks, classes, [placement], group=group, base=BASE, on_page=ax is None)
    scene = LanguageScene(placement, group=group, base=BASE, breaks=chosen.bounds, extent=extent)
    dress(scene, chosen, focus=focus, context=context)
    return draw_scene(scene, title=title, page=page, ax=ax)


def _column(units: Units, language: str | None, *, limited: bool) -> str:
    """Find the column that counts a language."""
    if language is None and not limited:
        raise InputError("limited=False draws everyone who speaks a language: name it, such as language='korean'.")
    if language is None:
        wanted = [_LIMITED.removeprefix("_")]
    else:
        plain = str(language).strip().lower().replace(" ", "_")
        speakers = [f"{plain}{SPEAKERS}", *(name for name in meant(str(language)) if name.endswith(SPEAKERS))]
        wanted = [f"{name}{_LIMITED if limited else ''}" for name in speakers]
    found = next((name for name in wanted if name in units.frame.columns), None)
    if found is None or BASE not in units.frame.columns:
        known = [name.removesuffix(SPEAKERS) for name in units.frame.columns if str(name).endswith(SPEAKERS)]
        what = f"speakers of {language}" if language is not None else "people with limited English"
        raise SchemaError(
            f"these units do not count {what} among people aged 5 and over; languages at hand: "
            f"{first_few(known, 15) or 'none'}. Read table C16001 or B16004 with kit.read_acs."
        )
    return found
