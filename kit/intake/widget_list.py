"""The way without a mouse and without a map: search, type ids, hand in a file."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.i18n.messages import say
from kit.intake.finder import Finder, Match
from kit.intake.sketch import Sketch
from kit.model.submissions import Submissions

Act = Callable[[Callable[[], str | None]], None]


class ListRoute:
    """Search field, list, ids and file upload.

    Parameters
    ----------
    sketch : Sketch
        What is being drawn.
    finder : Finder
        Searches names.
    reader : callable
        `kit.read_communities`.
    most_megabytes : float
        Larger files are refused.
    act : callable
        Runs a stroke, tells what it says, and tells its refusal.
    """

    def __init__(
        self, sketch: Sketch, finder: Finder, reader: Callable[..., Submissions], most_megabytes: float, act: Act
    ) -> None:
        import ipywidgets

        self.sketch, self._finder, self._reader, self._most, self._act = sketch, finder, reader, most_megabytes, act
        self._matches: list[Match] = []
        self._read: Submissions | None = None
        wide = {"layout": {"width": "auto"}, "style": {"description_width": "13em"}}
        self.search = ipywidgets.Text(description=say("Search by name or number"), continuous_update=True, **wide)
        self.results = ipywidgets.SelectMultiple(description=say("Found"), options=[], rows=8, **wide)
        self.ids = ipywidgets.Textarea(description=say("GEOIDs"), rows=2, continuous_update=False, **wide)
        self.upload = ipywidgets.FileUpload(description=say("Choose a file"), multiple=False)
        self.of_file = ipywidgets.Dropdown(description=say("Communities in the file"), options=[], **wide)
        self.buttons = {
            "add": self._button(say("Add what is marked"), self._add),
            "remove": self._button(say("Remove what is marked"), self._remove),
            "units": self._button(say("List the units of what is marked"), self._open),
            "mine": self._button(say("List the units chosen"), self._mine),
            "add_ids": self._button(say("Add these GEOIDs"), lambda: self._typed(adding=True)),
            "remove_ids": self._button(say("Remove these GEOIDs"), lambda: self._typed(adding=False)),
            "adopt": self._button(say("Take this community"), self._adopt),
        }
        for one in (self.of_file, self.buttons["adopt"]):
            one.layout.display = "none"
        wrap = {"display": "flex", "flex_flow": "row wrap"}
        self.view = ipywidgets.VBox(
            [
                ipywidgets.HTML(f"<h3>{say('Choose without the map')}</h3>"),
                self.search,
                self.results,
                ipywidgets.Box([self.buttons[name] for name in ("add", "remove", "units", "mine")], layout=wrap),
                self.ids,
                ipywidgets.Box([self.buttons["add_ids"], self.buttons["remove_ids"]], layout=wrap),
                ipywidgets.HTML(f"<h4>{say('From a file')}</h4><p>{say('At most {most:g} MB.', most=self._most)}</p>"),
                self.upload,
                self.of_file,
                self.buttons["adopt"],
            ]
        )
        self.view.add_class("kit-list")
        self.search.observe(lambda _: self._act(self._search), "value")
        self.upload.observe(lambda change: change["new"] and self._act(self._take_file), "value")

    def _button(self, told: str, action: Callable[[], str | None]) -> Any:
        """Make a button."""
        import ipywidgets

        button = ipywidgets.Button(description=told, layout={"width": "max-content"})
        button.on_click(lambda _: self._act(action))
        return button

    def _list(self, matches: list[Match]) -> None:
        """Put matches into the list."""
        self._matches = matches
        self.results.options = [(str(one.label()), number) for number, one in enumerate(matches)]

    def _search(self) -> str:
        """Look for what is typed."""
        matches, total = self._finder.find(self.search.value)
        self._list(matches)
        if total > len(matches):
            return say("{total:,} found; the first {count:,} are listed.", total=total, count=len(matches))
        return say("{total:,} found.", total=total)

    def _marked(self) -> tuple[str, ...]:
        """Give the units of what is marked in the list."""
        if not self.results.value:
            raise InputError(say("Mark something in the list first."))
        return tuple(dict.fromkeys(one for at in self.results.value for one in self._matches[at].ids))

    def _add(self) -> str:
        return say("Added: {count:,}.", count=self.sketch.add(self._marked()))

    def _remove(self) -> str:
        return say("Removed: {count:,}.", count=self.sketch.remove(self._marked()))

    def _open(self) -> str:
        ids = self._marked()
        self._list([Match("unit", one, (one,)) for one in ids])
        return say("{count:,} units are listed.", count=len(ids))

    def _mine(self) -> str:
        ids = self.sketch.ids
        self._list([Match("unit", one, (one,)) for one in ids])
        return say("{count:,} units are listed.", count=len(ids))

    def _typed(self, *, adding: bool) -> str:
        """Add or remove ids that were typed."""
        ids = re.split(r"[\s,;]+", self.ids.value)
        if adding:
            told = say("Added: {count:,}.", count=self.sketch.add(ids))
        else:
            told = say("Removed: {count:,}.", count=self.sketch.remove(ids))
        self.ids.value = ""
        return told

    def _take_file(self) -> str:
        """Read a file that was handed in."""
        given = self.upload.value[0]
        name = Path(str(given["name"]).replace("\\", "/")).name
        content = given["content"]
        self.upload.value = ()
        size = len(content) / 1e6
        if size > self._most:
            raise InputError(
                f"the file has {size:,.0f} MB and may have {self._most:,.0f}; simplify it, "
                "or hand it to the coordinator."
            )
        with tempfile.TemporaryDirectory() as folder:
            # The name is the sender's: only its ending is used here.
            ending = re.sub(r"[^.a-z0-9]", "", Path(name).suffix.lower())[:20]
            path = Path(folder) / f"upload{ending}"
            path.write_bytes(content)
            self._read = self._reader(path, most_megabytes=self._most)
        labels = list(self._read.labels)
        self.of_file.options = [(label, number) for number, label in enumerate(labels)]
        self.of_file.index = 0 if labels else None
        several = len(labels) > 1
        for one in (self.of_file, self.buttons["adopt"]):
            one.layout.display = "" if several else "none"
        if several:
            return say("The file holds {count:,} communities; choose one.", count=len(labels))
        return self._adopt()

    def _adopt(self) -> str:
        """Take a community of the file."""
        if not self._read or self.of_file.value is None:
            raise InputError(say("Choose a file first."))
        found = self._read.communities[self.of_file.value]
        self.sketch.adopt(found)
        if self.sketch.absent:
            return say(
                "Taken from the file: {name}. {count:,} of its ids are not among these units and were left out.",
                name=found.name,
                count=len(self.sketch.absent),
            )
        return say("Taken from the file: {name}.", name=found.name)
