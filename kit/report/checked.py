"""Checked claims on an exhibit: what may stand there, how the page says it, and what the manifest keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import InputError
from kit.i18n.messages import Message, english, joined, retold, say
from kit.model.frames import DistrictTable, Plan
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


def hold(
    verdicts: Sequence[Verdict],
    tables: Sequence[DistrictTable],
    *,
    plans: Sequence[Plan] = (),
    group: str = "",
    base: str = "",
) -> None:
    """Refuse claims that were refused, or checked against other figures than those on the page.

    Parameters
    ----------
    verdicts : sequence of Verdict
        Title and findings.
    tables : sequence of DistrictTable
        Figures by district of the plans drawn, as far as a group is counted.
    plans : sequence of Plan
        The plans drawn, for claims on areas.
    group, base : str
        Definition id and universe id of the page; empty where no group is counted.

    Raises
    ------
    InputError
        A claim may not stand on this page.
    """
    for verdict in verdicts:
        if not isinstance(verdict, Verdict):
            raise InputError(f"findings are what kit.check_claim returned, not {type(verdict).__name__}.")
        _refuse_refused(verdict, "finding")
        drawn = [*plans, *(table.placement.plan for table in tables)]
        if not _belongs(verdict, tables, drawn, (group, base)):
            claim = verdict.claim
            of = f"{claim.group or 'people'} of {claim.base or 'everyone'} in {verdict.plan or 'another plan'}"
            shown = (tables[0].group, tables[0].base) if tables else (group or "people", base or "everyone")
            named = drawn[0].name if drawn else "no plan"
            raise InputError(
                f"the claim {claim.kind!r} was checked against other figures ({of}) than the page shows "
                f"({shown[0]} of {shown[1]} in {named}). Check it against the table of the exhibit."
            )


def own_words(title: str) -> Message:
    """Say whose words a title is that no claim was checked for.

    Parameters
    ----------
    title : str
        The author's words, or a message of the kit that names what is drawn.

    Returns
    -------
    str
        One sentence.
    """
    if isinstance(title, Message) and title.template:
        return say("The title names what is drawn and claims nothing.")
    return say("The title is the author's statement.")


def authors_words(
    checked: Verdict | None, findings: Sequence[Verdict], *, title: str = "", shown: bool = True
) -> list[str]:
    """Say whose words the title is, and how each claim was checked.

    Parameters
    ----------
    checked : Verdict or None
        What the title was checked by.
    findings : sequence of Verdict
        Checked findings.
    title : str
        The title.
    shown : bool, default True
        Whether the page shows the figures by district.

    Returns
    -------
    list of str
        One paragraph each.
    """
    told: list[str] = []
    if checked is None:
        told.append(own_words(title))
    else:
        how = say("The title was checked against {figures}: {reason}", **_how(checked, shown=shown))
        told.append(joined([how, *_own(checked)]))
    many = len(findings) > 1
    for number, verdict in enumerate(findings, 1):
        given = _how(verdict, shown=shown)
        if many:
            how = say("Finding {number} was checked against {figures}: {reason}", number=number, **given)
        else:
            how = say("The finding was checked against {figures}: {reason}", **given)
        told.append(joined([how, *_own(verdict)]))
    return told


def _how(verdict: Verdict, *, shown: bool) -> dict[str, str]:
    """Say against what a claim was checked, and what was found."""
    return {"figures": figures_of(verdict, shown=shown), "reason": verdict.reason}


def figures_of(verdict: Verdict, *, shown: bool = True) -> Message:
    """Say which figures a claim was checked against.

    Parameters
    ----------
    verdict : Verdict
        A checked claim.
    shown : bool, default True
        Whether the page shows the figures by district.

    Returns
    -------
    str
        The table of the page; for a claim on a split, the people of the area by
        district, which the table does not show.
    """
    if verdict.tables and shown:
        return say("the table")
    if verdict.tables:
        return say("the figures by district, which are not in the table of this page")
    return say(
        "the people of {area} in each district, which are not in the table of this page", area=verdict.claim.area
    )


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
    return [say("Checked: {statement}", statement=verdict.statement) for verdict in findings]


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


def _own(verdict: Verdict) -> list[str]:
    """Leave out what the page says of its sources anyway."""
    cited = tuple(english(source.title).removesuffix(".") for source in verdict.sources)
    return [retold(line) for line in verdict.tests if not (cited and english(line).startswith(cited))]


def _refuse_refused(verdict: Verdict, where: str) -> None:
    """Refuse what may not be said."""
    if verdict.status == "refused":
        raise InputError(f"the {where} makes a claim that was refused: {english(verdict.reason)}")


def _belongs(
    verdict: Verdict, tables: Sequence[DistrictTable], plans: Sequence[Plan], counted: tuple[str, str]
) -> bool:
    """Tell whether a claim was checked against figures of the page; one on a split, against its plan."""
    if verdict.tables:
        return any(same(mine, table) for mine in verdict.tables for table in tables)
    claim = verdict.claim
    if claim.kind != "split_into":
        return False
    known = {counted, *((table.group, table.base) for table in tables)}
    fits = any(claim.group in {"", group} and claim.base in {"", base} for group, base in known)
    return fits and any(verdict.plan == plan.name for plan in plans)
