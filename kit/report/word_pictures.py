"""Drawings as pictures for Word: PNG from the same SVG that the PDF shows."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

from kit.errors import KitError, first_few
from kit.report.lettering import font_links
from kit.settings import language_in_force

DOTS = 220
"""Dots an inch, at the width of the page."""


def pictures(drawings: dict[str, str], widths: dict[str, float]) -> dict[str, tuple[bytes, float]]:
    """Turn drawings into pictures.

    Parameters
    ----------
    drawings : dict of str to str
        SVG by file name.
    widths : dict of str to float
        Inches across that each is shown at most.

    Returns
    -------
    dict of str to (bytes, float)
        PNG, and its height over its width. The same drawing gives the same bytes.

    Raises
    ------
    KitError
        A drawing cannot be set.
    """
    import typst

    if not widths:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        told = ["#set page(width: auto, height: auto, margin: 0pt, fill: white)"]
        for at, (name, width) in enumerate(widths.items()):
            (Path(folder) / f"{at}.svg").write_text(drawings[name], encoding="utf-8")
            told.append(f'#page(image("{at}.svg", width: {width:g}in))')
        page = Path(folder) / "pages.typ"
        page.write_text("\n".join(told), encoding="utf-8")
        fonts = font_links(Path(folder) / "fonts", language_in_force())
        try:
            drawn = typst.compile(str(page), format="png", ppi=DOTS, font_paths=[fonts], ignore_system_fonts=True)
        except typst.TypstError as error:
            names = first_few(list(widths))
            raise KitError(f"the drawings {names} could not be turned into pictures: {error}") from None
    pngs = [drawn] if isinstance(drawn, bytes) else list(drawn or ())
    return {name: (png, _ratio(png)) for name, png in zip(widths, pngs, strict=True)}


def _ratio(png: bytes) -> float:
    """Read the height of a picture over its width."""
    across, down = struct.unpack(">II", png[16:24])
    return float(down / across)
