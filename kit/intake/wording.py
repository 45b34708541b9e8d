"""Advice on wording, by the rules of the body that holds the hearing; no word is changed or left out."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import InputError, first_few
from kit.i18n.messages import Message, say, term
from kit.model.community import Community

_HOME = Path(__file__).parent


@dataclass(frozen=True)
class Advice:
    """One wording that the body's rules may not admit.

    Parameters
    ----------
    community : str
        Id of the community.
    field : str
        Where it stands, such as ``"in_common.history"``.
    start, end : int
        Its place in that text.
    found : str
        The words.
    kind : str
        What they speak of.
    why : str
        The rule.
    reword : str
        What to say in their place.
    """

    community: str
    field: str
    start: int
    end: int
    found: str
    kind: str
    why: str
    reword: str

    def sentence(self) -> Message:
        """Say it to the person who wrote the words.

        Returns
        -------
        str
            What was found, where, why it matters and how to reword it.
        """
        return say(
            "“{found}” in {field} may speak of this: {kind}. {why} {reword}",
            found=self.found,
            field=self.field,
            kind=term(self.kind),
            why=term(self.why),
            reword=term(self.reword),
        )


@dataclass(frozen=True)
class BodyRules:
    """Word lists of a hearing body.

    Parameters
    ----------
    body : str
        Whose rules.
    law : str
        Where they stand.
    rules : tuple of dict
        ``kind``, ``why``, ``reword`` and ``patterns`` (compiled) of each.
    reviewed : tuple of str
        Languages in which a speaker reviewed the lists.
    """

    body: str
    law: str
    rules: tuple[dict[str, Any], ...]
    reviewed: tuple[str, ...] = ()


def body_rules(body: str | os.PathLike[str]) -> BodyRules:
    """Read the word lists of a hearing body.

    Parameters
    ----------
    body : str or path-like
        ``"california"``, or a TOML file of the same form for another body.

    Returns
    -------
    BodyRules
        Ready to search with.

    Raises
    ------
    InputError
        There is no such body or file, or a list cannot be read.
    """
    known = {p.stem.removeprefix("rules_"): p for p in sorted(_HOME.glob("rules_*.toml"))}
    path = known.get(str(body).casefold(), Path(body))
    if not path.is_file():
        raise InputError(
            f"no word lists are kept for {str(body)[:60]!r}; there are {first_few(known)}, or pass a TOML file."
        )
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rules = tuple(
            {
                "kind": str(rule["kind"]),
                "why": str(rule["why"]),
                "reword": str(rule["reword"]),
                "patterns": [re.compile(pattern, re.IGNORECASE) for pattern in rule["patterns"]],
            }
            for rule in data["rule"]
        )
        return BodyRules(str(data["body"]), str(data["law"]), rules, tuple(data.get("reviewed", ())))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, re.error) as error:
        raise InputError(f"the word lists in {path.name} cannot be read: {str(error)[:120]}.") from error


def check_wording(
    community: Community, *, body: str | os.PathLike[str] | BodyRules = "california", names: Sequence[str] = ()
) -> tuple[Advice, ...]:
    """Find wording that the rules of a hearing body may not admit.

    Parameters
    ----------
    community : Community
        Every text of it is read.
    body : str, path-like or BodyRules
        Whose rules.
    names : sequence of str
        Names of incumbents and candidates of the place, which no list can know.

    Returns
    -------
    tuple of Advice
        In the order of the texts; empty where nothing was found.

    Raises
    ------
    InputError
        There are no such rules.

    Notes
    -----
    Advice only: lists find words, not meanings, and miss what is said in other
    words or in languages they do not have. The words stay as they were told.

    References
    ----------
    California Constitution, article XXI, section 2(d)(4).
    """
    rules = body if isinstance(body, BodyRules) else body_rules(body)
    looked_for = [(rule, pattern) for rule in rules.rules for pattern in rule["patterns"]]
    for name in names:
        words = r"\s+".join(map(re.escape, name.split()))
        if words:
            looked_for.append((rules.rules[-1], re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)))
    found: list[Advice] = []
    for field, text in community.texts().items():
        taken: list[tuple[int, int]] = []
        for rule, pattern in looked_for:
            for hit in pattern.finditer(text):
                place = hit.span()
                if place[0] == place[1] or any(a < place[1] and place[0] < b for a, b in taken):
                    continue
                taken.append(place)
                told = (rule["kind"], rule["why"], rule["reword"])
                found.append(Advice(community.id, field, hit.start(), hit.end(), hit.group(), *told))
    order = {field: number for number, field in enumerate(community.texts())}
    return tuple(sorted(found, key=lambda one: (order[one.field], one.start)))
