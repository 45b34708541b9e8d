"""The command line: ``kit demo``, ``profile``, ``map``, ``fetch``, ``doctor`` and what other modules add."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli_catalogue import add_commands as add_catalogue
from kit.cli_compare import add_commands as add_compare
from kit.cli_hearing import add_commands as add_hearing
from kit.cli_inputs import output_names, parse_breaks
from kit.cli_intake import add_commands as add_intake
from kit.cli_measure import add_commands as add_measure
from kit.cli_options import Asked, asks
from kit.cli_pack import add_commands as add_pack
from kit.cli_paper import add_commands as add_paper
from kit.cli_session import epilog, session, stamp, tell_notes, tell_sources

if TYPE_CHECKING:
    from rich.console import Console

    from kit.model.frames import DistrictTable

app = typer.Typer(
    name="kit",
    help="Census data and district plans in; AAPI concentration, maps and exhibits out. Not legal advice.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
fetch = typer.Typer(
    help="Download published files, and check and keep them.", no_args_is_help=True, rich_markup_mode="rich"
)
app.add_typer(fetch, name="fetch")


PARTS = {"asian": "Asian", "nhpi": "NHPI"}


@app.command("demo", epilog=epilog("kit demo", "kit demo --out hearing_trial"))
def _demo(out: Annotated[Path, typer.Option(help="Folder for what is made.")] = Path("out")) -> None:
    """Make the maps and tables of a hearing from the embedded sample, without network or key."""
    with session() as console:
        from kit.demo import run_demo

        made = run_demo(out)
        for path in made.paths:
            console.print(str(path))
        console.print(f"\n{made.words}")


@app.command(
    "profile",
    epilog=epilog(
        "kit profile sample:los_angeles_2010 sample:a --group nh_aapi_alone --base pop",
        "kit profile blocks.csv plan.zip --group aapi_aoic --base vap --csv table.csv --html table.html",
        "kit profile tracts.gpkg plan.geojson --group asian_alone --base vap --map-column ASN18=asian_alone_vap …",
        "kit profile hi2020.pl.zip hi_house.zip --state HI --year 2020 --level block --group aapi_aoic --base vap",
    ),
)
@asks()
def _profile(
    asked: Asked,
    *,
    csv: Annotated[Path | None, typer.Option(help="Write the table here as CSV.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the table here as an accessible web page.")] = None,
) -> None:
    """Count a group in every district, and say in plain words what the table shows."""
    from kit.analysis.concentration import concentration

    asked.protect(csv, html)
    table = concentration(asked.placements()[0], group=asked.group, base=asked.base)
    _show(asked.console, table)
    for path in (csv, html):
        if path is not None:
            from kit.report.tables import write_table

            write_table(table, path)
            asked.console.print(f"Wrote {path}")


@app.command(
    "map",
    epilog=epilog(
        "kit map sample:los_angeles_2010 sample:a --group nh_aapi_alone --base pop --breaks 0,.1,.3,.5,1 --out map.png",
        "kit map tracts.gpkg plan.zip --group aapi_aoic --base vap --breaks 0,5%,20%,50%,100% --out a --format pdf,svg",
    ),
)
@asks()
def _map(
    asked: Asked,
    *,
    breaks: Annotated[str, typer.Option(help="Class bounds, such as 0,.05,.1,.5,1 or 0,5%,100%.", show_default=False)],
    out: Annotated[Path, typer.Option(help="File to write.", show_default=False)],
    format: Annotated[str | None, typer.Option(help="pdf, png, svg, or several; else what --out ends in.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the map.")] = None,
) -> None:
    """Draw a group's share by unit with district lines, in exactly the classes given."""
    from kit.maps.choropleth import map_share
    from kit.report.output import save_map

    stem, formats = output_names(out, format)
    bounds = parse_breaks(breaks)
    ends = (*(f".{kind}" for kind in formats), ".txt", "_table.csv", "_table.html")
    asked.protect(*(stem.with_name(f"{stem.name}{end}") for end in ends))
    placed = asked.placements()[0]
    ax = map_share(placed, group=asked.group, base=asked.base, breaks=bounds, title=title)
    for path in save_map(ax, stem, formats=formats):
        asked.console.print(f"Wrote {path}")
    stamp(asked.console, placed.sources)


@fetch.command("pl94171", epilog=epilog("kit fetch pl94171 HI --year 2020"))
def _fetch_pl94171(
    place: Annotated[str, typer.Argument(help="State: HI, Hawaii or 15.", show_default=False)],
    *,
    year: Annotated[int, typer.Option(help="Census year: 2010 or 2020.", show_default=False)],
) -> None:
    """Download a State's redistricting file (P.L. 94-171) into the cache. No key is needed."""
    with session() as console:
        from kit.sources.download import fetch_pl94171

        console.print(str(fetch_pl94171(place, year=year)))


add_pack(app)
add_measure(app)
add_compare(app)
add_hearing(app)
add_catalogue(app)
add_intake(app)
add_paper(app)


@app.command("doctor", epilog=epilog("kit doctor"))
def _doctor() -> None:
    """Look at Python, libraries, fonts, key, cache and disk, and say what is missing."""
    with session() as console:
        from kit.doctor import examine

        marks = {True: "ok  ", False: "BAD ", None: "note"}
        findings = examine()
        for finding in findings:
            console.print(f"{marks[finding.good]}  {finding.what}: {finding.found}")
            if finding.advice:
                console.print(f"      {finding.advice}")
        if any(finding.good is False for finding in findings):
            raise typer.Exit(1)


def _show(console: Console, table: DistrictTable) -> None:
    """Print a district table, its sentences and its sources."""
    from rich.table import Table

    from kit.model.groups import BASES, DEFINITIONS, who
    from kit.model.sentences import RULE_WORDS, people
    from kit.report.tables import figure

    base, placed = BASES[table.base], table.placement
    parts = [part for part in ("asian", "nhpi") if f"{part}_share" in table.frame.columns]
    grid = Table(box=None, pad_edge=False, header_style="bold")
    grid.add_column("District")
    for head in (
        who(table.group),
        base.noun.capitalize(),
        "Share",
        *(f"{PARTS[part]} share" for part in parts),
        "Rank",
    ):
        grid.add_column(head, justify="right")
    for label, row in [*table.frame.iterrows(), ("All", table.total)]:
        shares = [figure(row, name) for name in ("share", *(f"{part}_share" for part in parts))]
        rank = "" if label == "All" or row.isna()["rank"] else f"{row['rank']:.0f}"
        grid.add_row(str(label), people(row["count"]), people(row["base"]), *shares, rank)
    console.print(f"{placed.plan.name}\nCounted: {DEFINITIONS[table.group].long}. Shares are of {base.label}.\n")
    console.print(grid, soft_wrap=False)
    console.print(f"\n{table.summary()}\n")
    console.print(f"{placed.units.plural.capitalize()} were placed by {RULE_WORDS[placed.rule]}.")
    tell_notes(console, (*placed.units.notes, *placed.plan.notes, *placed.notes))
    tell_sources(console, table.sources)


def main() -> None:
    """Run the command line.

    Exits with status 0 when all went well, 1 after an error that is told in
    one line, 2 when the command was misspelt, and 130 when stopped by hand.
    """
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
