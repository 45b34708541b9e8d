"""Progress bars on standard error, shown only where the settings ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from kit.settings import current


class Meter(Protocol):
    """What long work calls to say how far it is."""

    def advance(self, amount: float) -> None:
        """Add to the work done.

        Parameters
        ----------
        amount : float
            Items or bytes.
        """


class _Silent:
    """A meter that shows nothing."""

    def advance(self, amount: float) -> None:
        """Do nothing."""


class _Bar:
    """A meter drawn by rich."""

    def __init__(self, progress: object, task: object) -> None:
        self._progress = progress
        self._task = task

    def advance(self, amount: float) -> None:
        """Move the bar."""
        self._progress.advance(self._task, amount)  # type: ignore[attr-defined]


@contextmanager
def meter(label: str, total: float | None = None, *, unit: str = "items") -> Iterator[Meter]:
    """Show a progress bar while the block runs.

    Parameters
    ----------
    label : str
        What is being done, in a few words.
    total : float, optional
        The amount of work; None when it is not known.
    unit : {"items", "bytes"}
        How amounts are written.

    Yields
    ------
    Meter
        Call ``advance(amount)`` as the work goes on.
    """
    if not current().progress:
        yield _Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    amount = DownloadColumn() if unit == "bytes" else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), amount, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(progress, progress.add_task(label, total=total))
