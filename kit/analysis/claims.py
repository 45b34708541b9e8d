"""What may be said: a claim is carried by the figures, replaced by a weaker true sentence, or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kit.analysis.claim_case import Case, Said, refused
from kit.analysis.claim_evidence import brackets
from kit.analysis.claim_growth import in_order, judge_grew
from kit.analysis.claim_moves import judge_moves
from kit.analysis.claim_rank import judge_largest, judge_largest_group
from kit.analysis.claim_splits import judge_split
from kit.analysis.claim_tests import judge_more, judge_only, judge_share
from kit.analysis.claim_words import basis, of_splits, remarks
from kit.analysis.concentration import concentration
from kit.errors import InputError
from kit.i18n.messages import mark, say
from kit.model.claims import Claim
from kit.model.frames import DistrictTable, Placement
from kit.model.sentences import listed
from kit.model.verdict import Pieces, Verdict

__all__ = ["check_claim"]

_ONE: dict[str, Callable[[Case], Said]] = {
    "share": judge_share,
    "majority": judge_share,
    "only": judge_only,
    "largest": judge_largest,
    "largest_group": judge_largest_group,
    "more_than": judge_more,
}
_TWO: dict[str, Callable[[Case, DistrictTable, DistrictTable], Said]] = {
    "grew": judge_grew,
    "loses": judge_moves,
    "gains": judge_moves,
}


def check_claim(claim: Claim, *evidence: Any) -> Verdict:
    """Check a claim against figures, and say what may be said.

    Parameters
    ----------
    claim : Claim
        What somebody wants to say.
    *evidence : DistrictTable, Placement, or an object that holds them
        One table from `kit.concentration`, or a placement of units; for
        ``grew``, ``loses`` and ``gains`` two, before and after, or one object
        with ``.before`` and ``.after``; for ``split_into`` an object with
        ``.pieces``. Citizens of a combined group are bracketed: give the
        placement of units with the lines of `kit.read_cvap`.

    Returns
    -------
    Verdict
        ``carried`` with the exact sentence, ``weaker`` with the strongest true
        sentence below the claim, or ``refused`` with the reason. ``str`` prints it.

    Raises
    ------
    InputError
        The evidence is not of the kind or the number that the claim needs, or
        no district has that label.
    SchemaError
        The units have no such counts, or no area has that name.

    Notes
    -----
    More than is strictly more than. Counts are compared in whole numbers.
    Estimates are tested at 90 per cent with their margins, for sampling error
    only; an estimate without a margin carries nothing. What is left open by
    units that lines cut, or by people in no district, is counted both ways,
    and a claim must hold in both. A test says nothing about what a district
    can elect.

    Examples
    --------
    >>> import kit
    >>> sample = kit.load_sample("fictional_county")
    >>> table = kit.concentration(kit.place(sample.units, sample.plans["a"]), group="aapi_aoic", base="vap")
    >>> verdict = check_claim(Claim.majority("2", group="aapi_aoic", base="vap"), table)
    >>> verdict.status
    'weaker'
    """
    if claim.kind == "split_into":
        return _of_pieces(claim, evidence)
    given = _opened(evidence)
    wanted = 2 if claim.kind in _TWO else 1
    if len(given) != wanted:
        told = "two tables, before and after" if wanted == 2 else "one table from kit.concentration"
        raise InputError(f"a claim of the kind {claim.kind!r} is checked against {told}; {len(given)} came.")
    if wanted == 1 and isinstance(given[0], Placement) and _bracketed(claim, given[0]):
        return _verdict(Case(claim, given[0], None), (), _ONE[claim.kind])
    tables = tuple(_table(claim, item) for item in given)
    for table in tables:
        if (table.group, table.base) != (claim.group, claim.base):
            said = refused(
                say(
                    "The claim is about {group} of {base} and the table counts {other} of {universe}; definitions and "
                    "bases are not mixed.",
                    group=claim.group,
                    base=claim.base,
                    other=table.group,
                    universe=table.base,
                ),
                say("One definition and one base: not met."),
            )
            return _made(Case(claim, table.placement, table), tables, said)
    if wanted == 1:
        return _verdict(Case(claim, tables[0].placement, tables[0]), tables, _ONE[claim.kind])
    pair = in_order((tables[0], tables[1])) if claim.kind == "grew" else (tables[0], tables[1])
    return _verdict(Case(claim, pair[1].placement, pair[1]), pair, lambda case: _TWO[claim.kind](case, *pair))


def _opened(evidence: Sequence[Any]) -> list[DistrictTable | Placement]:
    """Take before and after out of a comparison, and refuse what is no evidence."""
    given: list[DistrictTable | Placement] = []
    for item in evidence:
        if isinstance(item, (DistrictTable, Placement)):
            given.append(item)
        elif all(isinstance(getattr(item, side, None), (DistrictTable, Placement)) for side in ("before", "after")):
            given += [item.before, item.after]
        else:
            raise InputError(
                f"a claim is checked against tables from kit.concentration or placements from kit.place, not "
                f"{type(item).__name__}."
            )
    return given


def _table(claim: Claim, item: DistrictTable | Placement) -> DistrictTable:
    """Make the table of a placement."""
    return concentration(item, group=claim.group, base=claim.base) if isinstance(item, Placement) else item


def _bracketed(claim: Claim, placement: Placement) -> bool:
    return claim.base == "cvap" and brackets(placement, claim.group)


def _verdict(case: Case, tables: tuple[DistrictTable, ...], judge: Callable[[Case], Said]) -> Verdict:
    """Judge, and add where the figures come from."""
    return _made(case, tables, judge(case))


def _made(case: Case, tables: tuple[DistrictTable, ...], said: Said) -> Verdict:
    """Put a verdict together."""
    placements = [table.placement for table in tables] or [case.placement]
    others = [Case(case.claim, table.placement, table) for table in tables if table is not case.table]
    every = [*others, case]
    whens = ["before", "after"] if others else [""]
    lines = [*said.tests, *(line for one, when in zip(every, whens, strict=True) for line in remarks(one, when))]
    plans = listed(dict.fromkeys(placement.plan.name for placement in placements))
    sources = dict.fromkeys(s for one in every for s in one.sources)
    told = basis(every) if said.statement else ""
    return Verdict(
        claim=case.claim,
        status=said.status,
        statement=said.statement,
        basis=told,
        title=said.title,
        reason=said.reason,
        tests=tuple(dict.fromkeys(lines)),
        tables=tables,
        sources=tuple(sources),
        plan=plans,
    )


def _of_pieces(claim: Claim, evidence: Sequence[Any]) -> Verdict:
    """Check a claim on a split."""
    if len(evidence) != 1 or not isinstance(evidence[0], Pieces):
        raise InputError(
            "a claim of the kind 'split_into' is checked against one object with .pieces, as "
            "kit.community_splits returns."
        )
    splits = evidence[0]
    for name in ("group", "base"):
        asked, found = getattr(claim, name), getattr(splits, name, "")
        if asked and found and asked != found:
            mixed = mark("The claim is about the base {asked} and the pieces count {found}; the two are not mixed.")
            if name == "group":
                mixed = mark(
                    "The claim is about the group {asked} and the pieces count {found}; the two are not mixed."
                )
            why = say(mixed, asked=asked, found=found)
            return Verdict(claim, "refused", "", "", "", why, (why,), (), tuple(splits.sources))
    said = judge_split(claim, splits)
    placement = getattr(splits, "placement", None)
    plan = placement.plan.name if isinstance(placement, Placement) else str(getattr(splits, "plan", ""))
    told = of_splits(claim, splits.sources) if said.statement else ""
    return Verdict(
        claim, said.status, said.statement, told, said.title, said.reason, said.tests, (), tuple(splits.sources), plan
    )
