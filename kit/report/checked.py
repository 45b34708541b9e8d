"""Checked claims on an exhibit: what may stand there, how the page says it, and what the manifest keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import InputError
from kit.model.frames import DistrictTable
from kit.model.verdict import Verdict


def same(drawn: DistrictTable, table: DistrictTable) -> bool:
    """Tell whether two tables show the same thing.

    Parameters
    ----------
    drawn, table : DistrictTable
        Figures by district.

    Returns
    -------
    bool
        True for one group, base and plan, and equal figures.
    """
    alike = (drawn.group, drawn.base) == (table.group, table.base)
    return alike and drawn.placement.plan.name == table.placement.plan.name and drawn.frame.equals(table.frame)


def titled(title: str | Verdict) -> tuple[str, Verdict | None]:
    """Take the words out of a title.

    Parameters
    ----------
    title : str or Verdict
        The author's words, or a checked claim.

    Returns
    -------
    str
        For the head of the page.
    Verdict or None
        What it was checked by.

    Raises
    ------
    InputError
        The claim was refused, or the title is something else.
    """
    if isinstance(title, str):
        return title, None
    if not isinstance(title, Verdict):
        raise InputError(f"a title is text or what kit.check_claim returned, not {type(title).__name__}.")
    _refuse_refused(title, "title")
    return title.title, title


def hold(verdicts: Sequence[Verdict], tables: Sequence[DistrictTable]) -> None:
    """Refuse claims that were refused, or checked against other figures than those on the page.

    Parameters
    ----------
    verdicts : sequence of Verdict
        Title and findings.
    tables : sequence of DistrictTable
        The tables of the page.

    Raises
    ------
    InputError
        A claim may not stand on this page.
    """
    for verdict in verdicts:
        if not isinstance(verdict, Verdict):
            raise InputError(f"findings are what kit.check_claim returned, not {type(verdict).__name__}.")
        _refuse_refused(verdict, "finding")
        if not any(_belongs(verdict, table) for table in tables):
            plan, claim = tables[0].placement.plan, verdict.claim
            of = f"{claim.group or 'people'} of {claim.base or 'everyone'} in {verdict.plan or 'another plan'}"
            raise InputError(
                f"the claim {claim.kind!r} was checked against other figures ({of}) than the page shows "
                f"({tables[0].group} of {tables[0].base} in {plan.name}). Check it against the table of the exhibit."
            )


def authors_words(checked: Verdict | None, findings: Sequence[Verdict]) -> list[str]:
    """Say whose words the title is, and how each claim was checked.

    Parameters
    ----------
    checked : Verdict or None
        What the title was checked by.
    findings : sequence of Verdict
        Checked findings.

    Returns
    -------
    list of str
        One paragraph each.
    """
    if checked is None:
        told = ["The title is the author's statement."]
    else:
        told = [f"The title was checked against {figures_of(checked)}: {checked.reason} {' '.join(_own(checked))}"]
    many = len(findings) > 1
    for number, verdict in enumerate(findings, 1):
        name = f"Finding {number}" if many else "The finding"
        told.append(f"{name} was checked against {figures_of(verdict)}: {verdict.reason} {' '.join(_own(verdict))}")
    return told


def figures_of(verdict: Verdict) -> str:
    """Say which figures a claim was checked against.

    Parameters
    ----------
    verdict : Verdict
        A checked claim.

    Returns
    -------
    str
        The table of the page; for a claim on a split, the people of the area by
        district, which the table does not show.
    """
    if verdict.tables:
        return "the table"
    return f"the people of {verdict.claim.area} in each district, which are not in the table of this page"


def said(findings: Sequence[Verdict]) -> list[str]:
    """Write checked findings for the page, which states definition and sources already.

    Parameters
    ----------
    findings : sequence of Verdict
        Checked findings.

    Returns
    -------
    list of str
        One sentence each.
    """
    return [f"Checked: {verdict.statement}" for verdict in findings]


def recorded(checked: Verdict | None, findings: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Give the claims for the manifest.

    Parameters
    ----------
    checked : Verdict or None
        What the title was checked by.
    findings : sequence of Verdict
        Checked findings.

    Returns
    -------
    list of dict
        Where it stands, kind, status, sentence, reason and tests.
    """
    given = [*([("title", checked)] if checked else []), *(("finding", verdict) for verdict in findings)]
    return [
        {
            "where": where,
            "kind": verdict.claim.kind,
            "status": verdict.status,
            "sentence": verdict.sentence,
            "reason": verdict.reason,
            "tests": list(verdict.tests),
        }
        for where, verdict in given
    ]


def _own(verdict: Verdict) -> tuple[str, ...]:
    """Leave out what the page says of its sources anyway."""
    cited = tuple(source.title.removesuffix(".") for source in verdict.sources)
    return tuple(line for line in verdict.tests if not line.startswith(cited)) if cited else verdict.tests


def _refuse_refused(verdict: Verdict, where: str) -> None:
    """Refuse what may not be said."""
    if verdict.status == "refused":
        raise InputError(f"the {where} makes a claim that was refused: {verdict.reason}")


def _belongs(verdict: Verdict, table: DistrictTable) -> bool:
    """Tell whether a claim was checked against a table of the page; one on a split, against its plan."""
    if verdict.tables:
        return any(same(mine, table) for mine in verdict.tables)
    claim = verdict.claim
    if claim.kind != "split_into":
        return False
    fits = claim.group in {"", table.group} and claim.base in {"", table.base}
    return fits and verdict.plan == table.placement.plan.name
