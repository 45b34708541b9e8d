"""The commands ``kit pack`` and ``kit verify``: a folder for a hearing, and whether it is still whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli_session import epilog, session

if TYPE_CHECKING:
    from rich.console import Console

    from kit.sources.pack import Step
    from kit.sources.pack_record import PackList

PACK_EXAMPLES = (
    "kit pack HI --to hearing_pack --year 2020 --cvap 2022 --acs 2022",
    "kit pack HI --to hearing_pack --year 2020 --with blocks,tracts,sldl:2024,roads,water --counties 003",
    "kit pack HI --to hearing_pack --year 2020 --plan shapefiles/la_illustrative_a",
)
VERIFY_EXAMPLES = ("kit verify hearing_pack", "kit verify hearing_pack --days 90")

COMMAS = "separated by commas"
USUAL = {
    "cvap": "citizens of voting age (--cvap YEAR)",
    "acs": "survey tables (--acs YEAR)",
    "boundaries": "boundaries (--with blocks,tracts,sldl:YEAR)",
    "plan": "a plan (--plan)",
}
"""Kind of product → what it is, and the option that asks for it."""


def add_commands(app: typer.Typer) -> None:
    """Add both commands to the command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    """
    app.command("pack", epilog=epilog(*PACK_EXAMPLES))(_pack)
    app.command("verify", epilog=epilog(*VERIFY_EXAMPLES))(_verify)


def _pack(
    place: Annotated[str, typer.Argument(help="State: HI, Hawaii or 15.", show_default=False)],
    *,
    to: Annotated[Path, typer.Option(help="The pack's folder: a new one, or a pack to add to.", show_default=False)],
    year: Annotated[
        int, typer.Option(help="Census year, and edition of the boundaries: 2010 or 2020.", show_default=False)
    ],
    cvap: Annotated[int | None, typer.Option(help="CVAP: last year of the five, such as 2022.")] = None,
    acs: Annotated[int | None, typer.Option(help="ACS tables: last year of the five, such as 2022.")] = None,
    bundles: Annotated[str | None, typer.Option(help=f"Bundles of ACS tables, {COMMAS}; else all.")] = None,
    with_: Annotated[
        str | None,
        typer.Option(
            "--with",
            help="Boundaries and lists, separated by commas: blocks, tracts, sldl, sldu, cd, vtd, roads, water …, "
            "block_lists, crosswalk, section203, detailed_groups; with another edition as sldl:2024.",
        ),
    ] = None,
    counties: Annotated[
        str | None, typer.Option(help=f"Counties for roads, water and blocks: three digits, {COMMAS}.")
    ] = None,
    plan: Annotated[list[str] | None, typer.Option(help="A plan's file or folder to take along; repeat.")] = None,
) -> None:
    """Gather everything a hearing needs into one checked folder, for work without network or key."""
    with session() as console:
        from kit.sources.pack import make_pack
        from kit.sources.pack_items import Request

        request = Request(
            place,
            year,
            acs=acs,
            cvap=cvap,
            counties=_parts(counties),
            layers=_parts(with_),
            bundles=_parts(bundles),
        )
        listed = make_pack(request, to, plans=plan or [], tell=lambda step: _tell(console, step))
        size = sum(file.size for file in listed.files) / 1e6
        console.print(f"\n{to}: {len(listed.files):,} files, {size:,.1f} MB. How to use it: {to / 'README.txt'}")
        if left := _left_out(listed):
            console.print(f"Not in this pack: {'; '.join(left)}. Run it again with these to add them.")
        if listed.missing:
            console.print(f"Missing: {len(listed.missing)}. The same command tries them again and keeps the rest.")
            for product in listed.missing:
                console.print(f"- {product.title}")
            raise typer.Exit(1)


def _verify(
    folder: Annotated[Path, typer.Argument(help="The pack.", show_default=False)],
    *,
    days: Annotated[int, typer.Option(help="Data fetched longer ago than this is called old.")] = 365,
) -> None:
    """Compare a pack with its list: what is changed, missing, left over or old. Changes nothing.

    Status 1 when something is changed or missing; age and files beside the list are told only.
    """
    with session() as console:
        from kit.sources.pack_verify import STATES, verify_pack

        found = verify_pack(folder, days=days)
        width = max(len(state) for state in STATES)
        for file in found.files:
            words = "" if file.state == "ok" else f" ({file.detail or STATES[file.state]})"
            console.print(f"{file.state:<{width}}  {file.path}{words}")
        for product in found.absent:
            console.print(f"{'missing':<{width}}  {product.title}: {product.fault}")
        for words in found.stale:
            console.print(f"{'old':<{width}}  {words}")
        console.print(f"\n{found.summary()}")
        if not found.whole:
            raise typer.Exit(1)


def _tell(console: Console, step: Step) -> None:
    """Say what came of a product."""
    if step.size is None:
        return
    result = f"MISSING: {step.product.fault}" if step.product.fault else f"{step.size / 1e6:,.1f} MB"
    console.print(f"{step.number} of {step.total}  {step.product.title}: {result}")
    if step.product.note and not step.product.fault:
        console.print(f"      Note: {step.product.note}")


def _left_out(listed: PackList) -> list[str]:
    """Name what a hearing usually needs, and the pack was not asked for."""
    kinds = {product.kind.partition("/")[0] for product in listed.products}
    return [words for kind, words in USUAL.items() if kind not in kinds]


def _parts(text: str | None) -> tuple[str, ...]:
    """Split a list at its commas."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
