"""All messages of the kit, found in its own code and tables, and the files that translators fill in.

A message is a literal given to `say` or `mark` (of `kit.i18n.messages`), or a
word of the kit's data tables, which is said with `term`. The words of the
tables, and the words of every map, are terms: they stand in the glossary, all
other messages in one catalogue a language.

After a message was added or changed: ``kit catalogue update``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kit.errors import KitError, first_few
from kit.i18n.catalogue_files import (
    CODES,
    Catalogue,
    Entry,
    Glossary,
    own_folder,
    package_folder,
    read_catalogue,
    read_glossary,
    write_catalogue,
    write_glossary,
)
from kit.i18n.catalogues import forget
from kit.i18n.checks import faults_of

_MAKERS = {"say", "mark"}
_HOME = "kit.i18n.messages"
_LEFT_OUT = ("samples/build/", "i18n/messages.py")

MAP_WORDS = (
    "District", "Districts", "Share", "share", "People", "Unit", "Units", "All", "Color", "N", "before", "after",
    "Old district", "New district", "Old → new", "stay", "other moves", "district line and number", "old district line",
    "new district line and number", "in no district", "outside every district", "not available", "definition",
    "enacted", "adopted", "proposed", "draft", "illustrative", "Draft plan", "Proposed plan", "Illustrative plan",
    "Sample data, not for testimony", "Not legal advice; confirm with counsel.", "Draft translation, not reviewed",
)  # fmt: skip
"""Messages in the code that are terms too: they stand on every map."""


@dataclass(frozen=True)
class Found:
    """One message.

    Parameters
    ----------
    english : str
        The message, with names in braces.
    where : tuple of str
        Modules that say it, in order of the alphabet.
    term : str
        What it is, when it is a term of the glossary; else empty.
    """

    english: str
    where: tuple[str, ...]
    term: str = ""


def collect_messages() -> list[Found]:
    """Find every message of the kit.

    Returns
    -------
    list of Found
        Terms first, in the order of their tables; then the others by module and message.

    Raises
    ------
    KitError
        A message is not written as one literal, so that it cannot be listed.

    Examples
    --------
    >>> "total population" in {found.english for found in collect_messages()}
    True
    """
    root = Path(__file__).parent
    said: dict[str, set[str]] = {}
    wrong: list[str] = []
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root).as_posix()
        if inside.startswith(_LEFT_OUT):
            continue
        module = "kit." + inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        messages, unread = messages_of(path.read_text(encoding="utf-8"))
        wrong += [f"{module}:{line}" for line in unread]
        for message in messages:
            said.setdefault(message, set()).add(module)
    if wrong:
        raise KitError(
            f"messages are put together instead of written as one literal: {first_few(wrong)}. "
            "Write each sentence as one literal with names in braces."
        )
    terms = dict(_terms())
    for word in MAP_WORDS:
        if word in said:
            terms.setdefault(word, "a word of every map")
    listed = [Found(word, tuple(sorted(said.pop(word, ()))), note) for word, note in terms.items()]
    others = [Found(message, tuple(sorted(where))) for message, where in said.items()]
    return [*listed, *sorted(others, key=lambda found: (found.where, found.english))]


def messages_of(code: str) -> tuple[list[str], list[int]]:
    """Find the messages of one module in its syntax tree.

    Parameters
    ----------
    code : str
        The module.

    Returns
    -------
    list of str
        Literals that `say` and `mark` are given.
    list of int
        Lines where they are given something put together.

    Examples
    --------
    >>> messages_of("from kit.i18n.messages import say as tell; tell('a' if one else 'b'); tell(f'{x}')")
    (['a', 'b'], [1])
    """
    tree = ast.parse(code)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == _HOME
        for alias in node.names
        if alias.name in _MAKERS
    }
    found: list[str] = []
    wrong: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
            for piece in _branches(node.args[0]):
                if isinstance(piece, ast.Constant) and isinstance(piece.value, str):
                    found.append(piece.value)
                elif isinstance(piece, (ast.JoinedStr, ast.BinOp)) or _is_format(piece):
                    wrong.append(piece.lineno)
    return [text for text in found if text.strip()], wrong


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """Give both sides of a choice."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def _is_format(node: ast.expr) -> bool:
    """Tell whether something is a call such as ``"{}".format(…)`` or ``" ".join(…)``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "join"}


def update_catalogues(folder: Path | None = None) -> list[Path]:
    """Write glossary and catalogues with exactly the messages of today; translations are kept.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where they are; by default the kit's own folder.

    Returns
    -------
    list of pathlib.Path
        The files written. Messages that are no longer said are gone from them.
    """
    folder = folder or package_folder()
    found = collect_messages()
    glossary = read_glossary(folder)
    catalogues = {code: read_catalogue(folder, code) for code in CODES}
    known = {code: _known(glossary, catalogue) for code, catalogue in catalogues.items()}
    terms = [one for one in found if one.term]
    words = {
        one.english: {code: known[code][one.english].words for code in CODES if one.english in known[code]}
        for one in terms
    }
    made = Glossary({one.english: one.term for one in terms}, words)
    written = [write_glossary(folder, made)]
    for code, catalogue in catalogues.items():
        entries = {
            one.english: replace(known[code].get(one.english, Entry()), where=one.where)
            for one in found
            if not one.term
        }
        written.append(write_catalogue(folder, Catalogue(code, entries, catalogue.reviewer)))
    forget()
    return written


def faults(code: str) -> list[str]:
    """Say what is wrong with the translations of a language.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    list of str
        One line a fault, with the message it is about; nothing when all is well.
    """
    from kit.i18n.fonts import missing_letters

    told = []
    for folder in filter(None, (package_folder(), own_folder())):
        for english, entry in _known(read_glossary(folder), read_catalogue(folder, code)).items():
            if entry.words:
                wrong = faults_of(english, entry.words, code)
                lacking = missing_letters(entry.words, code)
                wrong += [f"no font here has its letters {lacking}"] if lacking else []
                told += [f"“{english}”: {fault}" for fault in wrong]
    return told


def _known(glossary: Glossary, catalogue: Catalogue) -> dict[str, Entry]:
    """Give what is translated, wherever it stands: a message may have become a term, and the other way round."""
    named = {english: words[catalogue.code] for english, words in glossary.words.items() if words.get(catalogue.code)}
    return catalogue.entries | {english: Entry(words) for english, words in named.items()}


def _terms() -> Iterable[tuple[str, str]]:
    """Give the words of the kit's tables, and what each is."""
    from kit.model.claim_kinds import OTHERS
    from kit.model.detail_data import ENTRIES
    from kit.model.geoid import LEVELS
    from kit.model.groups import BASES, DEFINITIONS, who
    from kit.model.sentences import RULE_WORDS
    from kit.model.things import THINGS
    from kit.model.tiers import NO_SHARE, TIERS
    from kit.report.tables import KINDS
    from kit.sources.pl94171 import PUBLISHER

    rows = [(word, "what is counted") for pair in THINGS.items() for word in pair]
    for base in BASES.values():
        rows += [(base.label, f"whom shares are taken of ({base.name})"), (base.noun, f"the people of {base.name}")]
    for rule in DEFINITIONS.values():
        rows += [(rule.short, f"definition {rule.name}, in a legend"), (rule.long, f"definition {rule.name}, in full")]
    rows += [(who(name), "people, in the head of a column") for name in DEFINITIONS]
    rows += [(words, "group of people beside the definitions") for words, _ in OTHERS.values()]
    rows += [(tier.label, "band of shares") for tier in TIERS]
    rows += [(NO_SHARE, "where nobody lives")]
    rows += [(words, "people were placed by …") for words in RULE_WORDS.values()]
    rows += [(level.plural, "areas of the census") for level in LEVELS.values()]
    rows += [(name.replace("_", " "), "area of the census, in “by …”") for name in LEVELS]
    rows += [(words, "how exact figures are") for words in KINDS.values()]
    rows += [(entry.label, _kind_of(entry.kind)) for entry in ENTRIES.values()]
    rows += [(PUBLISHER, "publisher of figures"), ("this project", "publisher of invented figures")]
    return [(words, note) for at, (words, note) in enumerate(rows) if words not in {one for one, _ in rows[:at]}]


def _kind_of(kind: str) -> str:
    """Say what an entry of detail is."""
    return "language, or its speakers" if kind == "language" else f"people: {kind}"
