"""A sign of life of a page, so that nobody goes on drawing on one that is dead."""

from __future__ import annotations

import asyncio
from typing import Any

EVERY = 2.0
"""Seconds between two signs."""
SILENCE = 12
"""Seconds without one after which the page says so."""

# The sign is a number in a hidden element. When it stops, an alert appears; when it goes on, the alert goes.
_WATCH = """
(() => {
  const words = %s, silence = %d * 1000;
  let last = Date.now(), seen = '';
  const box = document.createElement('div');
  box.className = 'kit-lost';
  box.setAttribute('role', 'alert');
  box.style.cssText = 'position:fixed;top:0;left:0;right:0;z-index:100000;background:#fff3cd;color:#1a1a1a;' +
    'border-bottom:3px solid #7a4a00;font:16px sans-serif;padding:12px;display:none';
  document.body.prepend(box);
  setInterval(() => {
    const now = (document.querySelector('.kit-pulse .widget-html-content') || {}).textContent || '';
    if (now !== seen) { seen = now; last = Date.now(); }
    const lost = Date.now() - last > silence;
    if (lost && !box.textContent) { box.textContent = words; box.style.display = 'block'; }
    if (!lost && box.textContent) { box.textContent = ''; box.style.display = 'none'; }
  }, 1000);
})();
"""


class Pulse:
    """Gives a sign of life every few seconds, as long as the program behind a page runs.

    Parameters
    ----------
    every : float
        Seconds between two signs.
    """

    def __init__(self, every: float = EVERY) -> None:
        import ipywidgets

        self._every, self._count = every, 0
        self.view = ipywidgets.HTML("0", layout={"display": "none"})
        self.view.add_class("kit-pulse")

    def start(self) -> None:
        """Begin, inside a running loop."""
        asyncio.get_running_loop().call_later(self._every, self._beat)

    def _beat(self) -> None:
        """Give a sign, and come back."""
        self._count += 1
        self.view.value = str(self._count)
        self.start()


def watch(words: str, silence: int = SILENCE) -> Any:
    """Make the script that tells people when signs stop.

    Parameters
    ----------
    words : str
        What it tells them.
    silence : int
        Seconds without a sign.

    Returns
    -------
    str
        JavaScript.
    """
    import json

    return _WATCH % (json.dumps(str(words)), silence)
