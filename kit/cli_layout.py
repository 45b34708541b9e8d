"""Tables as lines of text, of which no figure is ever cut short."""

from __future__ import annotations

from collections.abc import Sequence

# Longer labels of rows break, where there are many columns and where there are few.
_LABEL, _ALONE, _FEW = 30, 60, 3


def laid_out(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: Sequence[bool]) -> list[str]:
    """Lay out a table as text. Figures are never cut short: headings and row labels break, and lines may be long.

    Parameters
    ----------
    heads : sequence of str
        Headings, that of the row labels first.
    rows : sequence of sequence of str
        Cells, the row's label first.
    left : sequence of bool
        Which columns stand on the left.

    Returns
    -------
    list of str
        Lines.

    Examples
    --------
    >>> laid_out(["District", "People now"], [["1", "1,234"], ["2", "56"]], left=[True, False])
    ['          People', 'District     now', '1          1,234', '2             56']
    """
    from rich.cells import cell_len

    widths = []
    for at, head in enumerate(heads):
        words = [cell_len(word) for word in _words(head)]
        cells = [cell_len(row[at]) for row in rows]
        if at == 0:
            words += [cell_len(word) for row in rows for word in _words(row[0])]
            longest = _ALONE if len(heads) <= _FEW else _LABEL
            cells = [min(cell, longest) for cell in cells]
        widths.append(max(words + cells))
    lines = []
    for row, is_head in ((heads, True), *((row, False) for row in rows)):
        parts = [
            _broken(text, width) if is_head or at == 0 else [text]
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        height = max(len(part) for part in parts)
        # A heading stands on the line above its figures, a label begins beside them.
        filled = [[""] * (height - len(p)) + p if is_head else p + [""] * (height - len(p)) for p in parts]
        for line in zip(*filled, strict=True):
            padded = [
                text + " " * (width - cell_len(text)) if on_left else " " * (width - cell_len(text)) + text
                for text, width, on_left in zip(line, widths, left, strict=True)
            ]
            lines.append("  ".join(padded).rstrip())
    return lines


def _words(text: str) -> list[str]:
    """Split a text where a line may break: at blanks, and after a dash between names."""
    return text.replace("–", "– ").split() or [""]


def _broken(text: str, width: int) -> list[str]:
    """Break a text into lines; a word that is longer than a line keeps one of its own."""
    from rich.cells import cell_len

    lines = [""]
    for word in _words(text):
        joined = f"{lines[-1]}{'' if not lines[-1] or lines[-1].endswith('–') else ' '}{word}"
        if cell_len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
