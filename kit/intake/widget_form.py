"""The form beside the map: who the community is, what it shares, what it asks for, who may see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kit.i18n.messages import Message, say
from kit.model.community import Ask, Community, InCommon


def unnamed() -> Message:
    """Give the name of a community that has none yet.

    Returns
    -------
    str
        In the language in force.
    """
    return say("Community without a name yet")


class Form:
    """Fields for the words of a community.

    Parameters
    ----------
    community : Community
        What stands in the fields at first.
    changed : callable
        Called after a field was changed.
    """

    def __init__(self, community: Community, changed: Callable[[], None]) -> None:
        import ipywidgets

        wide = {"layout": {"width": "auto"}, "style": {"description_width": "13em"}}
        self._busy = False
        self._changed = changed
        self.shared = {
            "culture": say("Culture"),
            "language": say("Language"),
            "schools": say("Schools"),
            "worship": say("Worship"),
            "work": say("Work"),
            "services": say("Services"),
            "history": say("History"),
            "other": say("Other"),
        }
        text, area = ipywidgets.Text, ipywidgets.Textarea
        self.fields: dict[str, Any] = {
            "name": text(description=say("Name of the community"), **wide),
            **{f"in_common.{kind}": area(description=told, rows=2, **wide) for kind, told in self.shared.items()},
            "bounds": area(description=say("Streets around it"), rows=2, **wide),
            "languages": text(description=say("Languages spoken"), **wide),
            "keep_whole": ipywidgets.Checkbox(description=say("Keep it in one district"), indent=False),
            "keep_with": text(description=say("Keep together with"), **wide),
            "not_with": text(description=say("Do not join with"), **wide),
            "ask": area(description=say("Ask in your own words"), rows=2, **wide),
            "consent": ipywidgets.Dropdown(
                description=say("Who may see it"),
                options=[
                    (say("Only those who collect"), "private"),
                    (say("The body that holds the hearing"), "commission"),
                    (say("Everyone"), "public"),
                ],
                **wide,
            ),
        }
        help_ = say("Several streets, languages or places: separate them with semicolons.")
        self.view = ipywidgets.VBox(
            [
                ipywidgets.HTML(f"<h3>{say('About the community')}</h3>"),
                self.fields["name"],
                ipywidgets.HTML(f"<h4>{say('What residents share')}</h4>"),
                *(self.fields[f"in_common.{kind}"] for kind in self.shared),
                ipywidgets.HTML(f"<h4>{say('Where it is and what it asks for')}</h4><p>{help_}</p>"),
                *(self.fields[one] for one in ("bounds", "languages", "keep_whole", "keep_with", "not_with", "ask")),
                self.fields["consent"],
            ]
        )
        self.view.add_class("kit-form")
        self.show(community)
        for field in self.fields.values():
            field.observe(self._typed, "value")

    def _typed(self, _: Any) -> None:
        """Pass a change by a person on."""
        if not self._busy:
            self._changed()

    def show(self, community: Community) -> None:
        """Fill the fields.

        Parameters
        ----------
        community : Community
            As it is kept.
        """
        asks = {ask.kind: ask for ask in community.asks}
        values: dict[str, Any] = {
            "name": "" if community.name == unnamed() else community.name,
            **{f"in_common.{kind}": text for kind, text in community.in_common},
            "bounds": "; ".join(community.bounds),
            "languages": "; ".join(community.languages),
            "keep_whole": "keep_whole" in asks,
            "keep_with": "; ".join(asks["keep_with"].places) if "keep_with" in asks else "",
            "not_with": "; ".join(asks["not_with"].places) if "not_with" in asks else "",
            "ask": asks["other"].words if "other" in asks else "",
            "consent": community.consent,
        }
        self._busy = True
        try:
            for name, value in values.items():
                self.fields[name].value = value
        finally:
            self._busy = False

    def told(self, before: Community) -> dict[str, Any]:
        """Read the fields.

        Parameters
        ----------
        before : Community
            As it is kept; asks that the form cannot show in full keep their words.

        Returns
        -------
        dict of str to object
            Fields of `Community`.
        """
        value = {name: field.value for name, field in self.fields.items()}
        words = {ask.kind: ask.words for ask in before.asks}
        asks = []
        if value["keep_whole"]:
            asks.append(Ask(kind="keep_whole", words=words.get("keep_whole", "")))
        for kind in ("keep_with", "not_with"):
            places = split(value[kind])
            if places:
                asks.append(Ask(kind=kind, places=places, words=words.get(kind, "")))
        if value["ask"].strip():
            asks.append(Ask(kind="other", words=value["ask"]))
        return {
            "name": value["name"] if value["name"].strip() else str(unnamed()),
            "in_common": InCommon(**{kind: value[f"in_common.{kind}"] for kind in self.shared}),
            "bounds": split(value["bounds"]),
            "languages": split(value["languages"]),
            "asks": tuple(asks),
            "consent": value["consent"],
        }


def split(text: str) -> tuple[str, ...]:
    """Take a list apart.

    Parameters
    ----------
    text : str
        Names between semicolons or line ends.

    Returns
    -------
    tuple of str
        Each once.
    """
    return tuple(dict.fromkeys(" ".join(one.split()) for one in re.split("[;؛；\n]", text) if one.strip()))
