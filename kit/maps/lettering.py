"""How wide and how high words are in the fonts of a language, and where lines of text break."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from kit.i18n.breaks import drawn, pieces
from kit.i18n.fonts import map_families, missing_letters, require_letters
from kit.i18n.languages import LANGUAGES, language
from kit.maps import style
from kit.settings import language_in_force

# Height of a line of text on the page, distance of two lines, and height of capitals: shares of the type size.
LINE, APART, _CAPITALS = 1.3, 1.2, 0.74
# Screens round the widths of small letters: this share of a line is used.
_SAFE = 0.97
# Begin and end of a part that is read from one side, whatever stands around it.
_RIGHT_TO_LEFT, _LEFT_TO_RIGHT, _END = "\u2067", "\u2066", "\u2069"
_FROM_THE_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SENTENCE = re.compile(r"[A-Za-z]{2}")
# Moves, which point to the right, co-ordinates, and words in Latin letters, such as the name of a plan.
_FROM_THE_LEFT = re.compile(
    r"\S+ → \S+|[\d.,]+° [A-Z] [\d.,]+° [A-Z]"
    r"|[A-Za-z\u00c0-\u024f](?:(?:(?! {2})[\w .,:;'’&/()\[\]–-])*[A-Za-z\u00c0-\u024f0-9])?",
    re.ASCII,
)
# Co-ordinates, whose parts stay on one line.
_PLACE = re.compile(r"[\d.,]+°( [NS]( [\d.,]+°( [EW].*)?)?)?", re.DOTALL)
# Signs that no line may end with: they join with the consonant, or stand before the vowel's consonant.
_JOINERS = frozenset(
    "\u17d2\u1039\u094d\u09cd\u0a4d\u0acd\u200d\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"
)
_TRAILERS = frozenset("\u0e30\u0e32\u0e33\u0eb0\u0eb2\u0eb3\u0e45\u0e46\u0ec6")
_EXTRA_LINES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def families(text: str = "") -> tuple[str, ...]:
    """List the fonts that draw a text, each letter by the first that has it.

    Parameters
    ----------
    text : str
        What is drawn; names may be in letters of another language than the page.

    Returns
    -------
    tuple of str
        Those of the language in force, then those that the text needs besides.

    Raises
    ------
    KitError
        No font here has some of the letters.
    """
    return _families(language_in_force(), "" if text.isascii() else "".join(sorted(set(text))))


@lru_cache(maxsize=4096)
def _families(code: str, letters: str) -> tuple[str, ...]:
    """List the fonts for some letters on a page of a language."""
    own = style.FONT if code == "en" else map_families(code)
    lacking = missing_letters(letters, code)
    for other in LANGUAGES:
        if not lacking:
            break
        left = missing_letters(lacking, other)
        if left != lacking:
            own, lacking = (*own, *map_families(other)), left
    if lacking:
        require_letters([lacking], code)
    return tuple(dict.fromkeys(own))


def rtl() -> bool:
    """Tell whether the language in force is written from right to left.

    Returns
    -------
    bool
        True for Urdu.
    """
    return language(language_in_force()).rtl


def shown(text: str) -> str:
    """Give a text as it is drawn.

    Parameters
    ----------
    text : str
        Lines that are broken already.

    Returns
    -------
    str
        Without marks of places to break; where the language in force is
        written from right to left, each line is set to be read so, with the
        names and numbers of other scripts in their places.
    """
    text = drawn(text)
    return "\n".join(_from_right(line) for line in text.split("\n")) if text and rtl() else text


def _from_right(line: str) -> str:
    """Set a line to be read from the right, if it is not a sentence in Latin letters."""
    if _SENTENCE.search(line) and not _FROM_THE_RIGHT.search(line):
        return line
    return f"{_RIGHT_TO_LEFT}{_apart_from_left(line)}{_END}"


def _apart_from_left(line: str) -> str:
    """Set moves and Latin words to be read from the left, with the brackets that close in or before them."""
    told, at = [], 0
    for found in _FROM_THE_LEFT.finditer(line):
        begin, end = found.span()
        while line[end : end + 1] in {")", "]"} and (_open(line[begin:end]) > 0 or _open(line[:end]) <= 0):
            end += 1
        told += [line[at:begin], _LEFT_TO_RIGHT, line[begin:end], _END]
        at = end
    return "".join([*told, line[at:]])


def _open(text: str) -> int:
    """Count the brackets that a text leaves open."""
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


def width(text: str, *, size: float, bold: bool = False) -> float:
    """Measure a line of text.

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
    return _width(text, size, bold, families(text))


@lru_cache(maxsize=4096)
def _width(text: str, size: float, bold: bool, names: tuple[str, ...]) -> float:
    """Measure a line of text in some fonts."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=list(names), weight="bold" if bold else "normal", size=size)
    across, _, _ = text_to_path.get_text_width_height_descent(text, font, False)  # noqa: FBT003
    return float(across)


def height(text: str, *, size: float, bold: bool = False, line: float = LINE) -> float:
    """Measure how high lines of text are.

    Parameters
    ----------
    text : str
        Lines.
    size : float
        Points.
    bold : bool
        Weight.
    line : float
        Height of a line, as a share of the type size; scripts that are taller take more.

    Returns
    -------
    float
        Inches.
    """
    tall = apart(text, bold=bold)
    return (text.count("\n") + 1) * size * (line if tall <= APART else tall + line - APART) / 72


def apart(text: str, *, bold: bool = False) -> float:
    """Measure how far lines of text must be apart, so that they do not touch.

    Parameters
    ----------
    text : str
        Lines.
    bold : bool
        Weight.

    Returns
    -------
    float
        Share of the type size.
    """
    names = families(text)
    return APART if names == style.FONT else max(APART, sum(_ink(text, bold, names)) + 0.15)


def high(text: str, *, bold: bool = False) -> float:
    """Measure how high a line of text is at its highest, from the lowest sign to the highest.

    Parameters
    ----------
    text : str
        Lines.
    bold : bool
        Weight.

    Returns
    -------
    float
        Share of the type size; that of capitals where the letters are those of English.
    """
    names = families(text)
    return _CAPITALS if names == style.FONT else max(_CAPITALS, sum(_ink(text, bold, names)))


def spacing(text: str, *, bold: bool = False) -> float:
    """Give the line spacing that puts lines of text as far apart as they must be.

    Parameters
    ----------
    text : str
        Lines.
    bold : bool
        Weight.

    Returns
    -------
    float
        For matplotlib, which multiplies it with the line height that the first font names.
    """
    names = families(text)
    return APART if names == style.FONT else apart(text, bold=bold) / _named_height(names, bold)


@lru_cache(maxsize=4096)
def _ink(text: str, bold: bool, names: tuple[str, ...]) -> tuple[float, float]:
    """Measure how far signs reach over and under their line, as shares of the type size."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=list(names), weight="bold" if bold else "normal", size=100)
    found = [
        text_to_path.get_text_width_height_descent(one, font, False)  # noqa: FBT003
        for one in drawn(text).split("\n")
    ]
    return max(up - down for _, up, down in found) / 100, max(down for _, _, down in found) / 100


@cache
def _named_height(names: tuple[str, ...], bold: bool) -> float:
    """Read the line height that the first font names, as a share of the type size."""
    from matplotlib.font_manager import FontProperties, fontManager, get_font

    wanted = FontProperties(family=[names[0]], weight="bold" if bold else "normal")
    font = get_font(fontManager.findfont(wanted, fallback_to_default=False))
    table, head = font.get_sfnt_table("OS/2"), font.get_sfnt_table("head")
    if table is None or head is None:
        return APART
    return float((table["sTypoAscender"] - table["sTypoDescender"]) / head["unitsPerEm"])


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
        The same words; one longer than a line stands alone on its line. Lines
        break at spaces, at marked places, and between Chinese and Japanese
        signs; words of Thai, Lao, Khmer and Burmese without such marks break
        between syllables where nothing else fits.
    """
    room, space = inches * 72, width("a b", size=size, bold=bold) - width("ab", size=size, bold=bold)
    code, lines = language_in_force(), []
    room *= 1.0 if code == "en" else _SAFE
    for part in text.split("\n"):
        line, used = "", 0.0
        for before, piece in _short_enough(_whole_places(pieces(part, code)), room, size, bold):
            wide, gap = width(piece, size=size, bold=bold), space if before else 0.0
            if line and used + gap + wide > room:
                lines.append(line)
                line, used = "", 0.0
            line, used = (f"{line}{before}{piece}", used + gap + wide) if line else (piece, wide)
        lines.append(line)
    return "\n".join(lines)


def _whole_places(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put co-ordinates together again, so that no line begins with the letter of a pole."""
    told: list[tuple[str, str]] = []
    for before, piece in found:
        if before and told and "°" in told[-1][1][-3:] and _PLACE.fullmatch(f"{told[-1][1]} {piece}"):
            told[-1] = (told[-1][0], f"{told[-1][1]}{before}{piece}")
        else:
            told.append((before, piece))
    return told


def _short_enough(found: list[tuple[str, str]], room: float, size: float, bold: bool) -> list[tuple[str, str]]:
    """Cut runs of Thai, Lao, Khmer and Burmese that are longer than a line."""
    cut: list[tuple[str, str]] = []
    for before, piece in found:
        if _EXTRA_LINES.search(piece) and width(piece, size=size, bold=bold) > room:
            first, *rest = _syllables(piece)
            cut += [(before, first), *(("", one) for one in rest)]
        else:
            cut.append((before, piece))
    return cut


@cache
def _syllables(text: str) -> tuple[str, ...]:
    """Cut a run of letters so that no sign is parted from the letter that carries it."""
    found: list[str] = []
    for sign in text:
        carried = unicodedata.category(sign).startswith("M") or sign in _TRAILERS or not sign.isalpha()
        if found and (carried or found[-1][-1] in _JOINERS or not found[-1][-1:].strip()):
            found[-1] += sign
        else:
            found.append(sign)
    return tuple(found)


def fitted(text: str, inches: float, *, size: float) -> str:
    """Break a legend entry that is too long for its column, before its number if that helps.

    Parameters
    ----------
    text : str
        Words, and a number in brackets after three spaces.
    inches : float
        Width.
    size : float
        Points.

    Returns
    -------
    str
        The same text where it fits.
    """
    if all(width(drawn(line), size=size) <= inches * 72 for line in text.split("\n")):
        return drawn(text)
    words, found, number = text.partition("   (")
    return wrap(f"{words}\n({number}" if found else text, inches, size=size)
