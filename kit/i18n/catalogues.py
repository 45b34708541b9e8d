"""The catalogues: one gettext file a language, and the glossary, which goes before it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def _catalogue(code: str) -> dict[str, str]:
    """Read a language's messages; those marked as uncertain (fuzzy) are left out."""
    from babel.messages.pofile import read_po

    path = files("kit.i18n") / "catalogues" / f"{code}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as stream:
        found = read_po(stream)
    return {str(one.id): str(one.string) for one in found if one.id and one.string and not one.fuzzy}


def translation(template: str, code: str) -> str | None:
    """Look a message up.

    Parameters
    ----------
    template : str
        English words.
    code : str
        BCP 47 tag.

    Returns
    -------
    str or None
        The words in that language; None where there are none.
    """
    return _catalogue(code).get(template)
