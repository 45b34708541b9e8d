"""Sizes of the pages that maps are printed on."""

from __future__ import annotations

from dataclasses import dataclass

from kit.errors import InputError


@dataclass(frozen=True)
class PageSize:
    """A sheet of paper.

    Parameters
    ----------
    name : str
        As it is asked for.
    width, height : float
        Inches.
    """

    name: str
    width: float
    height: float

    @property
    def portrait(self) -> bool:
        """Whether it stands upright.

        Returns
        -------
        bool
            True where it is higher than wide.
        """
        return self.height > self.width


_ALL = (
    PageSize("letter", 11.0, 8.5),
    PageSize("letter portrait", 8.5, 11.0),
    PageSize("tabloid", 17.0, 11.0),
    PageSize("tabloid portrait", 11.0, 17.0),
)
PAGE_SIZES: dict[str, PageSize] = {size.name: size for size in _ALL}
"""Name → size; those without another word lie on their long side."""


def page_size(name: str) -> PageSize:
    """Look a page size up.

    Parameters
    ----------
    name : str
        ``"letter"``, ``"letter portrait"``, ``"tabloid"`` or ``"tabloid portrait"``.

    Returns
    -------
    PageSize
        Its width and height.

    Raises
    ------
    InputError
        There is no such size.

    Examples
    --------
    >>> page_size("tabloid portrait").height
    17.0
    """
    if name not in PAGE_SIZES:
        raise InputError(f"page={name!r}; pages are {', '.join(map(repr, PAGE_SIZES))}.")
    return PAGE_SIZES[name]
