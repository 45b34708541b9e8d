"""Figures of the units chosen as tables: how many live there, and what each plan does to them."""

from __future__ import annotations

from html import escape

from kit.i18n.messages import say
from kit.intake.tally import Figures, Tally
from kit.model.groups import who

_LEFT, _RIGHT = "text-align:left;vertical-align:top;padding:1px 8px 1px 0", "text-align:right;padding:1px 8px"


def figures_table(figures: Figures, tally: Tally) -> str:
    """Lay the figures out as a table.

    Parameters
    ----------
    figures : Figures
        Of the units chosen.
    tally : Tally
        Whose figures.

    Returns
    -------
    str
        HTML with headings of rows.
    """
    heads = {
        "people": say("People"),
        "group": say("{who}", who=who(tally.group)),
        "adults": say("Adults"),
        "group_adults": say("{who} adults", who=who(tally.group)),
    }
    cells = [(heads[kind], f"{value:,.0f}") for kind, value in figures.counts.items()]
    cells += [(say("Districts under {plan}", plan=plan), f"{len(held):,}") for plan, held in figures.districts.items()]
    rows = "".join(
        f'<tr><th scope="row" style="{_LEFT}">{escape(head)}</th><td style="{_RIGHT}">{escape(value)}</td></tr>'
        for head, value in cells
    )
    return f"<table><caption>{escape(say('Figures of the units chosen'))}</caption>{rows}</table>"


def splits_table(figures: Figures, tally: Tally) -> str:
    """Lay out what each plan does to the units chosen: every district that holds some of them.

    Parameters
    ----------
    figures : Figures
        Of the units chosen.
    tally : Tally
        Whose figures.

    Returns
    -------
    str
        HTML; empty where nothing is chosen or there is no plan.

    Notes
    -----
    People in no district have a row of their own. The share is of everyone in
    the units chosen.
    """
    if not figures.units or not figures.districts:
        return ""
    members = bool(figures.members)
    heads = [say("Plan"), say("District"), say("People"), say("Share of the community")]
    if members:
        heads.append(say("{who}", who=who(tally.group)))
    head = "".join(
        f'<th scope="col" style="{_LEFT if at < 2 else _RIGHT}">{escape(one)}</th>' for at, one in enumerate(heads)
    )
    body = "".join(f"<tbody>{_of_plan(plan, figures, members)}</tbody>" for plan in figures.districts)
    caption = escape(say("What each plan does to this community"))
    return f'<table class="kit-splits"><caption>{caption}</caption><thead><tr>{head}</tr></thead>{body}</table>'


def _of_plan(plan: str, figures: Figures, members: bool) -> str:
    """Write the rows of a plan, the district with most people first."""
    everyone = figures.counts["people"]
    held = sorted(figures.districts[plan].items(), key=lambda one: -one[1])
    rows = [(escape(d), people, figures.members[plan][d] if members else None) for d, people in held]
    if figures.unplaced[plan] or not rows:
        mine = figures.counts["group"] - sum(figures.members[plan].values()) if members else None
        rows.append((escape(say("in no district")), figures.unplaced[plan], mine))
    written = []
    for number, (district, people, mine) in enumerate(rows):
        name = f'<th scope="rowgroup" rowspan="{len(rows)}" style="{_LEFT}">{escape(plan)}</th>' if not number else ""
        share = f"{people / everyone:.0%}" if everyone else "–"
        cells = [f"{people:,.0f}", share, *([] if mine is None else [f"{mine:,.0f}"])]
        told = "".join(f'<td style="{_RIGHT}">{one}</td>' for one in cells)
        written.append(f'<tr>{name}<th scope="row" style="{_LEFT}">{district}</th>{told}</tr>')
    return "".join(written)
