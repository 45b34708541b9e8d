"""Places at the volunteers' page: who has one, who left, and the page for whom none is free."""

from __future__ import annotations

import time
from html import escape
from typing import Any

from kit.i18n.messages import say
from kit.settings import language_in_force

LOOK = 1.0
"""Seconds between two looks at who is there."""
LEFT = 60.0
"""Whoever's browser has been gone for so many seconds has left."""
CAME = 180.0
"""Whoever's browser has not come in so many seconds does not come."""
RETRY = 5
"""Seconds after which a page without a place tries again."""


class Places:
    """Places, each a program that runs for one page.

    Parameters
    ----------
    manager : jupyter_server.services.kernels.kernelmanager.MappingKernelManager
        Of the server that shows the pages.
    most : int
        So many.
    """

    def __init__(self, manager: Any, most: int) -> None:
        self._manager, self._most = manager, most
        self._been: set[str] = set()
        self._alone: dict[str, float] = {}

    def free(self) -> bool:
        """Tell whether somebody may come in.

        Returns
        -------
        bool
            Who has closed the page, or is loading it again, takes no place.
        """
        self.gone(time.monotonic())
        here = [one for one in self._manager.list_kernel_ids() if self._connected(one) or one not in self._been]
        return len(here) < self._most

    def gone(self, now: float) -> list[str]:
        """Look at who is there.

        Parameters
        ----------
        now : float
            Seconds on a clock that never goes back.

        Returns
        -------
        list of str
            Ids of programs whose page is gone.
        """
        there = list(self._manager.list_kernel_ids())
        self._been &= set(there)
        self._alone = {one: since for one, since in self._alone.items() if one in there}
        for one in there:
            if self._connected(one):
                self._been.add(one)
                self._alone.pop(one, None)
            else:
                self._alone.setdefault(one, now)
        return [one for one, since in self._alone.items() if now - since > (LEFT if one in self._been else CAME)]

    def _connected(self, one: str) -> bool:
        """Tell whether a browser is connected."""
        return bool(self._manager.kernel_model(one)["connections"])

    async def clear(self) -> None:
        """End the programs of those who left."""
        import inspect

        for one in self.gone(time.monotonic()):
            # Ending one takes time, in which somebody may have come back to the next.
            if one not in self.gone(time.monotonic()):
                continue
            ended = self._manager.shutdown_kernel(one)
            if inspect.isawaitable(ended):
                await ended


def door(most: int) -> Any:
    """Let so many people in at once; who comes later is told so on a page of its own.

    Parameters
    ----------
    most : int
        So many.

    Returns
    -------
    callable
        For Voila's ``prelaunch_hook``.
    """
    full = full_page()
    kept: list[tuple[Places, Any]] = []

    def hook(request: Any, notebook: Any, cwd: str) -> None:  # noqa: ARG001 — Voila's own signature
        from tornado.ioloop import PeriodicCallback
        from tornado.web import Finish

        if not kept:
            places = Places(request.kernel_manager, most)
            looking = PeriodicCallback(places.clear, LOOK * 1000)
            looking.start()
            kept.append((places, looking))
        places = kept[0][0]
        if places.free():
            return
        request.set_status(503)
        request.set_header("Retry-After", str(RETRY))
        request.finish(full)
        raise Finish

    return hook


def full_page() -> str:
    """Write the page for whom no place is free.

    Returns
    -------
    str
        HTML; it tries again by itself.
    """
    head = say("Everybody's place is taken")
    told = say(
        "As many people are drawing as this page has room for. Nothing of yours is lost. Leave this page open: it "
        "tries again every few seconds. Or come back later to this address, with your code if you have one."
    )
    again = say("Try again")
    return (
        f'<!DOCTYPE html><html lang="{language_in_force()}"><head><meta charset="utf-8"><title>{escape(head)}</title>'
        '<meta name="viewport" content="width=device-width"></head><body style="font:18px sans-serif;margin:2em">'
        f'<main><h1>{escape(head)}</h1><p>{escape(told)}</p><p><a href="">{escape(again)}</a></p></main>'
        f"<script>setTimeout(() => location.reload(), {RETRY * 1000})</script></body></html>"
    )
