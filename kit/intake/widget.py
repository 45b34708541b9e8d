"""The drawing widget: map, form, list and live figures, each stroke kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from kit.errors import KitError
from kit.i18n.messages import say, term
from kit.intake.drafts import Drafts
from kit.intake.finder import Finder
from kit.intake.sketch import Sketch, saved_words
from kit.intake.surroundings import PARTS
from kit.intake.tally import Figures, Tally
from kit.intake.widget_figures import figures_table, splits_table
from kit.intake.widget_form import Form
from kit.intake.widget_layers import Switches, legend
from kit.intake.widget_list import ListRoute
from kit.intake.widget_map import UnitMap
from kit.intake.wording import BodyRules, body_rules, check_wording
from kit.model.community import Community
from kit.model.groups import who
from kit.model.submissions import Submissions
from kit.settings import language_in_force, using

PAUSE = 0.4
"""Seconds after the last letter until what was typed is kept."""

# Widgets carry no ARIA attributes of their own: they are set once on elements that stay.
_NAMES = """
(() => {
  const names = %s;
  const put = () => {
    document.querySelectorAll('.kit-said .widget-html-content').forEach(e => {
      if (e.getAttribute('role') !== 'status') {
        e.setAttribute('role', 'status'); e.setAttribute('aria-live', 'polite'); e.setAttribute('aria-atomic', 'true');
      }
    });
    for (const [css, name, role] of names) document.querySelectorAll(css).forEach(e => {
      if (e.getAttribute('aria-label') !== name) { e.setAttribute('aria-label', name); e.setAttribute('role', role); }
    });
  };
  put();
  new MutationObserver(put).observe(document.body, {childList: true, subtree: true});
})();
"""


class CommunityPad:
    """A community that is drawn and told in a notebook; made by `kit.draw_community`.

    Parameters
    ----------
    drafts : Drafts
        Where every stroke is kept.
    tally : Tally
        Units and plans.
    community : Community
        The one to open.
    unit_map : UnitMap
        The map.
    breaks : sequence of float
        Classes of the map.
    reader : callable
        `kit.read_communities`.
    layers : kit.Context, optional
        Places and streets that can be searched.
    body : str, path-like, BodyRules or None
        Whose rules the wording is checked by; None for none.
    most_megabytes : float
        Larger uploads are refused.
    """

    def __init__(
        self,
        drafts: Drafts,
        tally: Tally,
        community: Community,
        unit_map: UnitMap,
        *,
        breaks: Sequence[float],
        reader: Callable[..., Submissions],
        layers: Any = None,
        body: Any = "california",
        most_megabytes: float = 20.0,
    ) -> None:
        import ipywidgets

        self._tally, self._map = tally, unit_map
        self._language = language_in_force()
        self._rules = None if body is None else body if isinstance(body, BodyRules) else body_rules(body)
        self._sketch = Sketch(drafts, tally, community)
        self._timer: asyncio.TimerHandle | None = None
        self.form = Form(self._sketch.community, self._typed)
        self.list = ListRoute(self._sketch, Finder(tally, layers), reader, most_megabytes, self._act)
        self.status = ipywidgets.HTML()
        self.status.add_class("kit-said")
        self.table = ipywidgets.HTML()
        self.splits = ipywidgets.HTML()
        self.advice = ipywidgets.HTML()
        self.advice.add_class("kit-advice")
        self.by_click = ipywidgets.Checkbox(description=say("A click on a unit adds or removes it"), indent=False)
        self.undo_button = ipywidgets.Button(description=say("Undo"), icon="")
        self.undo_button.on_click(lambda _: self._act(self._undo))
        self.done_button = ipywidgets.Button(description=say("Finished"), button_style="primary")
        self.done_button.on_click(lambda _: self._act(self._finish))
        key = ipywidgets.HTML(legend(breaks, who(tally.group), list(tally.placements), unit_map.drawn))
        self.switches = Switches(self._layer_names(), unit_map.switch)
        shown = ipywidgets.VBox([ipywidgets.HTML(f"<h3>{say('Show on the map')}</h3>"), self.switches.view, key])
        tools = ipywidgets.HBox([self.by_click, self.undo_button, self.done_button])
        left = ipywidgets.VBox(
            [unit_map.map, tools, self.status, self.table, self.splits, shown], layout={"flex": "3 1 420px"}
        )
        right = ipywidgets.VBox([self.list.view, self.form.view, self.advice], layout={"flex": "2 1 340px"})
        self.widget = ipywidgets.Box([left, right], layout={"display": "flex", "flex_flow": "row wrap"})
        self.widget.add_class("kit-pad")
        unit_map.on_click(self._clicked)
        unit_map.on_draw(self._drawn)
        self._show("")

    @property
    def community(self) -> Community:
        """The community as it is kept now.

        Returns
        -------
        Community
            The newest version.
        """
        self.flush()
        return self._sketch.community

    @property
    def figures(self) -> Figures:
        """The live figures.

        Returns
        -------
        Figures
            Of the units chosen.
        """
        return self._sketch.figures()

    def __repr__(self) -> str:
        """Name it."""
        return f"CommunityPad({self._sketch.community.name!r}, {len(self._sketch.positions):,} units)"

    def _ipython_display_(self) -> None:
        """Show the widget, and name its parts to screen readers."""
        import json

        from IPython.display import Javascript, display

        names = [
            [
                ".kit-map .leaflet-container",
                say("Map of units; everything on it can also be done from the lists"),
                "region",
            ],
            [".kit-form", say("Form"), "group"],
            [".kit-list", say("Choose without the map"), "group"],
            [".kit-switches", say("Show on the map"), "group"],
            [".kit-pad", say("Draw a community"), "group"],
        ]
        told = json.dumps([[css, str(name), role] for css, name, role in names])
        script: Any = Javascript
        show: Any = display
        show(self.widget, script(_NAMES % told))

    def _layer_names(self) -> dict[str, str]:
        """Say what can be shown and hidden."""
        names: dict[str, str] = {"units": say("Shares of the units")}
        for key in self._map.layers:
            if key in PARTS:
                names[key] = term(PARTS[key])
            elif key != "units":
                names[key] = say("districts: {plan}", plan=key.removeprefix("plan:"))
        return names

    def flush(self) -> None:
        """Keep what was typed a moment ago."""
        if self._timer is not None:
            self._timer.cancel()
            self._keep_words()

    def _act(self, action: Callable[[], str | None]) -> None:
        """Do something, show what came of it, or say why it was refused."""
        with using(language=self._language):
            self._do(action)

    def _do(self, action: Callable[[], str | None]) -> None:
        """Do it in the language of the widget."""
        self.flush()
        before = self._sketch.community
        try:
            told = action() or ""
        except (KitError, OSError) as error:
            told = str(error) if isinstance(error, KitError) else say("This could not be saved or read; try again.")
            self._show(told, refused=True)
            return
        if self._sketch.community is not before:
            self.form.show(self._sketch.community)
            self._advise()
        self._show(told)

    def _drawn(self, shape: Any) -> None:
        """Take an outline from the map."""

        def stroke() -> str:
            self._sketch.draw(shape)
            return say("The outline was taken.") if shape is not None else say("The outline was removed.")

        self._act(stroke)

    def _clicked(self, id: str) -> None:
        """Take a click on a unit, where clicks count."""
        if not self.by_click.value:
            return

        def stroke() -> str:
            if self._sketch.toggle(id):
                return say("Added: {id}.", id=id)
            return say("Removed: {id}.", id=id)

        self._act(stroke)

    def _undo(self) -> str:
        return say("Undone.") if self._sketch.undo() else say("There is nothing to undo.")

    def _finish(self) -> str:
        self._sketch.tell(draft=False)
        return say("Thank you. The community is finished and kept; you may still change it.")

    def _typed(self) -> None:
        """Keep what is typed, once the fingers rest."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        try:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._keep_words)
        except RuntimeError:  # no loop: a script, not a notebook
            self._keep_words()

    def _keep_words(self) -> None:
        """Keep the form."""
        self._timer = None
        with using(language=self._language):
            self._tell()

    def _tell(self) -> None:
        """Keep the words, or say why they cannot be kept."""
        try:
            self._sketch.tell(**self.form.told(self._sketch.community))
        except KitError as error:
            self._show(str(error), refused=True)
            return
        except OSError:
            self._show(say("This could not be saved or read; try again."), refused=True)
            return
        self._advise()
        self._show("", redraw=False)

    def _advise(self) -> None:
        """Show advice on wording."""
        if self._rules is None:
            return
        found = check_wording(self._sketch.community, body=self._rules)
        rows = "".join(f"<li>{escape(one.sentence())}</li>" for one in found)
        head = say("Advice on wording ({law}). Your words are kept as they are.", law=self._rules.law) if rows else ""
        self.advice.value = f"<p>{escape(head)}</p><ul>{rows}</ul>" if rows else ""

    def _show(self, told: str, *, refused: bool = False, redraw: bool = True) -> None:
        """Show the figures, and say them."""
        figures = self._sketch.figures()
        parts = [told, "" if refused else self._tally.sentence(figures), "" if refused else saved_words(self._sketch)]
        self.status.value = f"<span>{escape(' '.join(part for part in parts if part))}</span>"
        self.table.value = figures_table(figures, self._tally)
        self.splits.value = splits_table(figures, self._tally)
        self.undo_button.disabled = not self._sketch.can_undo
        if redraw:
            with contextlib.suppress(RuntimeError):
                self._map.show(self._sketch.positions, self._sketch.community.area)
