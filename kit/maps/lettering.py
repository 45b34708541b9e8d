"""How wide words are, and where lines of text break."""

from __future__ import annotations

from functools import lru_cache

from kit.maps import style


@lru_cache(maxsize=4096)
def width(text: str, *, size: float, bold: bool = False) -> float:
    """Measure a line of text in the page's face.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Points.
    bold : bool
        Weight.

    Returns
    -------
    float
        Points.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=list(style.FONT), weight="bold" if bold else "normal", size=size)
    across, _, _ = text_to_path.get_text_width_height_descent(text, font, False)  # noqa: FBT003
    return float(across)


def wrap(text: str, inches: float, *, size: float, bold: bool = False) -> str:
    """Break text into lines that fit a width.

    Parameters
    ----------
    text : str
        Words; line breaks in it stay.
    inches : float
        Width.
    size : float
        Points.
    bold : bool
        Weight.

    Returns
    -------
    str
        The same words; one longer than a line stands alone on its line.
    """
    room, space = inches * 72, width("a b", size=size, bold=bold) - width("ab", size=size, bold=bold)
    lines = []
    for part in text.split("\n"):
        line: list[str] = []
        used = 0.0
        for word in part.split():
            wide = width(word, size=size, bold=bold)
            if line and used + space + wide > room:
                lines.append(" ".join(line))
                line, used = [], 0.0
            used += wide + (space if line else 0.0)
            line.append(word)
        lines.append(" ".join(line))
    return "\n".join(lines)
