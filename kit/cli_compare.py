"""The commands ``kit compare``, ``rank`` and ``claim``: plans beside each other, and what may be said of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kit import cli_files as files
from kit import cli_tables as tables
from kit.cli_inputs import load_plan, parse_breaks
from kit.cli_lists import read_links
from kit.cli_measure import Html, Links, Top
from kit.cli_options import Asked, asks
from kit.cli_session import epilog, tell_sources
from kit.cli_tables import Findings, Sheet
from kit.errors import InputError

if TYPE_CHECKING:
    from kit.analysis.compare import PlanComparison
    from kit.analysis.rank_plans import PlanRanking
    from kit.analysis.swaps import SwapSheet
    from kit.model.claims import Claim

STATUS = {"carried": 0, "weaker": 3, "refused": 4}
"""What ``kit claim`` ends with; 1 and 2 are errors, as everywhere."""

_KINDS = ("majority", "share", "largest", "only", "more_than")
_COMPARED = ("comparison.csv", "ended.csv", "retention.csv", "swaps.csv", "swaps_units.csv", "summary.txt")


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    """
    app.command(
        "compare",
        epilog=epilog(
            "kit compare sample:los_angeles_2010 sample:a sample:b --group nh_aapi_alone --base pop",
            "kit compare blocks.gpkg adopted.zip draft.csv --group aapi_aoic --base vap --out change --map",
            "kit compare tracts.gpkg adopted.zip draft.geojson --group aapi_aoic --base vap --plan-id DIST --plan-id -",
        ),
    )(_compare)
    app.command(
        "rank",
        epilog=epilog(
            "kit rank sample:los_angeles_2010 sample:a sample:b --group nh_aapi_alone --base pop",
            "kit rank blocks.csv now.zip draft_a.csv draft_b.csv --group aapi_aoic --base vap --against now.zip",
            "kit rank blocks.csv draft_a.csv draft_b.csv --group aapi_aoic --base vap --by above_50 --csv ranked.csv",
        ),
    )(_rank)
    app.command(
        "claim",
        epilog=epilog(
            "kit claim sample:fictional_county sample:a --kind majority --district 2 --group aapi_aoic --base vap",
            "kit claim blocks.csv plan.zip --kind share --district 7 --threshold 40% --relation at_least "
            "--group aapi_aoic --base vap",
            "kit claim blocks.csv plan.zip --kind only --district 7 --threshold .5 --group aapi_aoic --base vap",
            "kit claim blocks.csv plan.zip --kind more_than --district 7 --than 8 --group aapi_aoic --base vap",
        ),
    )(_claim)


@asks("two")
def _compare(
    asked: Asked,
    *,
    pieces: Annotated[
        bool, typer.Option("--pieces", help="Count contiguous pieces of what moves; the units need polygons.")
    ] = False,
    links: Links = None,
    map: Annotated[
        bool, typer.Option("--map", help="Draw who changes district into the folder of --out; the units need polygons.")
    ] = False,
    top: Top = 20,
    html: Html = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for comparison.csv, retention.csv, swaps.csv, swaps_units.csv (every unit that moves), "
            "ended.csv where districts end, and summary.txt."
        ),
    ] = None,
) -> None:
    """Compare two plans on the same units: who stays, who moves, and what that does to a group's shares."""
    from kit.analysis.adjacency import adjacency
    from kit.analysis.compare import compare_plans
    from kit.analysis.swaps import swap_sheet

    files.require_suffix(html, ".html")
    if map and out is None:
        raise InputError("--map draws into the folder of --out; name that folder.")
    asked.protect(html, *(out / name for name in _COMPARED if out), read=[links])
    before, after = asked.placements()
    compared = compare_plans(before, after, group=asked.group, base=asked.base)
    near = None
    if pieces:
        near = adjacency(asked.units, links=read_links(links, asked.units, units_word=asked.wanted.units))
    swaps = swap_sheet(before, after, group=asked.group, base=asked.base, adjacency=near)
    found = _compared(compared, swaps)
    tables.tell(asked.console, found, top=top)
    files.write(asked.console, found, html=html)
    if out is not None:
        files.write_csv(asked.console, compared.frame, found, out / "comparison.csv")
        if len(compared.ended):
            files.write_csv(asked.console, compared.ended, found, out / "ended.csv")
        files.write_csv(asked.console, _retention(compared), found, out / "retention.csv", index=False)
        files.write_csv(asked.console, swaps.moves, found, out / "swaps.csv")
        files.write_csv(asked.console, swaps.units, found, out / "swaps_units.csv")
        files.write_words(asked.console, found, out / "summary.txt")
    if map and out is not None:
        from kit.maps.change import map_change
        from kit.report.output import save_map

        for path in save_map(map_change(swaps), out / "change", formats=("pdf", "png")):
            asked.console.print(f"Wrote {path}")


def _retention(compared: PlanComparison) -> Any:
    """List where the residents of each district go, one row for each old and new district that share units."""
    kept = compared.retention
    named = {
        "units": kept.units,
        "people": kept.people,
        "share_of_people": kept.share,
        "base": kept.base,
        "group": kept.group,
        "share_of_group": kept.group_share,
    }
    columns = {name: table.rename_axis(index="from", columns="to").stack() for name, table in named.items()}
    import pandas as pd

    table = pd.DataFrame(columns)
    return table[table["units"] > 0].reset_index()


def _compared(compared: PlanComparison, swaps: SwapSheet) -> Findings:
    """Lay out a comparison for a reader."""
    from kit.model.groups import BASES, who

    group, noun = who(compared.group), BASES[compared.base].noun
    residents = "people" if compared.matched_by == "total_pop" else noun
    districts = Sheet(
        "Districts after, each with the one before that answers to it",
        compared.frame,
        (
            ("was", "Before", str),
            ("people_after", residents.capitalize(), tables.number),
            ("retention", f"Of {residents} before, stay", tables.share),
            ("group_retention", f"Of {group} before, stay", tables.share),
            ("share_before", "Share before", tables.share),
            ("share_after", "Share after", tables.share),
            ("difference", "Change, points", tables.points),
        ),
        "District",
        whole=True,
    )
    moves = swaps.moves.set_index("from")
    same = (moves["to"] == moves["to_was"]).all()
    answers = () if same else (("to_was", "Which was", str),)
    both = () if compared.base == "pop" else (("base", noun.capitalize(), tables.number),)
    sheet = Sheet(
        f"Swap sheet: who moves from which district to which, most {group} first",
        moves,
        (
            ("to", "New", str),
            *answers,
            ("units", swaps.before.units.plural.capitalize(), tables.number),
            ("pieces", "Pieces", tables.number),
            ("people", "People", tables.number),
            *both,
            ("group_text", group, str),
            ("share", "Share", tables.share),
            ("share_of_group", f"Of all {group} in the old district", tables.share),
        ),
        "Old",
    )
    notes = tuple(dict.fromkeys((*compared.notes, *swaps.notes)))
    said = [tables.without_notes(one.summary(), one.notes) for one in (compared, swaps)]
    before, after = compared.before.plan.name, compared.after.plan.name
    labels = tables.labels_of(compared.after, compared.group, compared.base, plan_before=before)
    return Findings(f"From {before} to {after}", "\n\n".join(said), (districts, sheet), notes, compared.sources, labels)


@asks("many")
def _rank(
    asked: Asked,
    *,
    by: Annotated[str | None, typer.Option(help="Column to rank by; else highest_share.")] = None,
    against: Annotated[
        str | None, typer.Option(help="A plan that each is compared with: one of PLAN, or another.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table here as CSV, in full precision.")] = None,
    html: Html = None,
) -> None:
    """Put many plans in one table, ranked by one figure. A rank is never a verdict."""
    from kit.analysis.placement import place
    from kit.analysis.rank_plans import rank_plans

    files.require_suffix(csv, ".csv")
    files.require_suffix(html, ".html")
    asked.protect(csv, html, read=[against])
    placed = {placement.plan.name: placement for placement in asked.placements()}
    words = [wanted.plan for wanted in asked.plans]
    other: Any = None
    if against in words:
        other = [*placed][words.index(against)]
    elif against is not None:
        wanted = replace(asked.plans[0], plan=against, plan_name=None)
        plan = load_plan(wanted, asked.units)
        other = place(asked.units, plan, rule=wanted.rule, outside=wanted.outside)
    ranking = rank_plans(placed, group=asked.group, base=asked.base, by=by, against=other)
    found = _ranked(ranking)
    tables.tell(asked.console, found)
    files.write(asked.console, found, csv=csv, html=html)


def _ranked(ranking: PlanRanking) -> Findings:
    """Lay out ranked plans for a reader; what is ranked by is always shown."""
    from kit.model.groups import who

    group = who(ranking.group or "total")
    columns: list[tuple[str, str, Callable[[Any], str]]] = [
        ("rank", "Rank", tables.number),
        ("districts", "Districts", tables.number),
        ("highest_share", "Highest share", tables.share),
        ("highest_district", "In", str),
        ("second_share", "Second", tables.share),
        ("above_50", "Above half", tables.number),
        ("population_range_share", "Population range", tables.share),
        ("unassigned_people", "In no district", tables.number),
        ("base_retention", "Stay, everyone", tables.share),
        ("group_retention", f"Stay, {group}", tables.share),
        ("people_moved", "People moved", tables.number),
    ]
    if ranking.by not in [name for name, *_ in columns]:
        fraction = ranking.frame[ranking.by].astype("float64").abs().max() <= 1 and "float" in str(
            ranking.frame[ranking.by].dtype
        )
        columns.insert(1, (ranking.by, ranking.by.replace("_", " ").capitalize(), tables.share if fraction else str))
    frame = ranking.frame
    if not frame["unassigned_people"].any():
        columns = [column for column in columns if column[0] != "unassigned_people"]
    order = ranking.by.replace("_", " ")
    first = next(iter(ranking.placements.values()))
    labels = {
        **tables.counted(ranking.group or "", ranking.base),
        "ranked_by": ranking.by,
        "units": first.units.plural,
    }
    title = f"{len(frame):,} plan{'s' * (len(frame) > 1)} by {order}"
    sheet = Sheet("Plans", frame, tuple(columns), "Plan")
    summary = tables.without_notes(ranking.summary(), ranking.notes)
    return Findings(title, summary, (sheet,), ranking.notes, ranking.sources, labels)


@asks()
def _claim(
    asked: Asked,
    *,
    kind: Annotated[
        str,
        typer.Option(
            help="majority (more than half of the district), share (with --threshold), largest (the highest share "
            "in the plan), only (alone above --threshold), more_than (than --than, or than the whole plan).",
            show_default=False,
        ),
    ],
    district: Annotated[
        str | None, typer.Option(help="Label of the district; without one the whole area, for majority and share.")
    ] = None,
    threshold: Annotated[str | None, typer.Option(help="A share, such as .4 or 40%.")] = None,
    relation: Annotated[
        str, typer.Option(help="For share: more, at_least, less, at_most or is. For more_than: more or less.")
    ] = "more",
    than: Annotated[str | None, typer.Option(help="For more_than: the other district.")] = None,
) -> None:
    """Check a sentence before it is said: carried by the figures, replaced by a weaker one, or refused.

    Ends with status 0 when carried, 3 when the figures carry less, 4 when refused; 1 and 2 are errors.
    """
    from kit.analysis.claims import check_claim

    claim = _claim_of(kind, district, threshold, relation, than, group=asked.group, base=asked.base)
    verdict = check_claim(claim, asked.placements()[0])
    asked.console.print(f"{verdict}\n")
    tell_sources(asked.console, verdict.sources)
    if STATUS[verdict.status]:
        raise typer.Exit(STATUS[verdict.status])


def _claim_of(
    kind: str,
    district: str | None,
    threshold: str | None,
    relation: str,
    than: str | None,
    *,
    group: str,
    base: str,
) -> Claim:
    """Make the claim, or say which option it lacks or has no use for."""
    from kit.model.claims import Claim

    kind = kind.replace("-", "_")
    if kind not in _KINDS:
        raise InputError(f"--kind is one of {', '.join(_KINDS)}, not {kind!r}.")
    uses = {"share": ("--threshold",), "only": ("--threshold",), "more_than": ("--than",)}.get(kind, ())
    given = {"--threshold": threshold, "--than": than, "--relation": None if relation == "more" else relation}
    allowed = {*uses, *(("--relation",) if kind in {"share", "more_than"} else ())}
    useless = [name for name, value in given.items() if value is not None and name not in allowed]
    if useless:
        raise InputError(f"a claim of the kind {kind!r} has no use for {', '.join(useless)}. Leave it out.")
    lacking = [] if district is not None or kind in {"majority", "share"} else ["--district"]
    lacking += ["--threshold"] if "--threshold" in uses and threshold is None else []
    if lacking:
        raise InputError(f"a claim of the kind {kind!r} needs {' and '.join(lacking)}.")
    at = None
    if threshold is not None:
        numbers = parse_breaks(threshold)
        if len(numbers) != 1 or not 0 <= numbers[0] <= 1:
            raise InputError(f"--threshold is one share from 0 to 1, such as .4 or 40%, not {threshold!r}.")
        at = numbers[0]
    figure = {"value": at} if kind == "share" and relation == "is" else {"threshold": 0.5 if kind == "majority" else at}
    return Claim(kind, group, base, district, direction=relation, other=than, **figure)  # type: ignore[arg-type]
