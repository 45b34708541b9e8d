"""The command line: ``kit demo``, ``profile``, ``map``, ``fetch``, ``pack``, ``verify`` and ``doctor``."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kit.cli_inputs import Wanted, output_names, parse_breaks
from kit.cli_pack import add_commands
from kit.cli_words import in_words_of_the_command_line, refuse_overwriting, trouble_with_a_file
from kit.errors import DataQualityWarning, KitError

if TYPE_CHECKING:
    from rich.console import Console

    from kit.model.frames import DistrictTable, Source

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


def _epilog(*examples: str) -> str:
    """Write examples so that each keeps a line of its own."""
    return "\n\n".join(["[bold]Examples[/bold]", *(f"  {example}" for example in examples)])


UnitsArgument = Annotated[
    str,
    typer.Argument(
        metavar="UNITS",
        help="Table of census units (CSV, Parquet, GeoPackage, shapefile), raw P.L. 94-171 files "
        "(with --state, --year, --level), or sample:los_angeles_2010.",
        show_default=False,
    ),
]
PlanArgument = Annotated[
    str,
    typer.Argument(metavar="PLAN", help="District plan: a file, a folder, or sample:a.", show_default=False),
]
Group = Annotated[
    str, typer.Option(help="Who is counted: aapi_aoic, asian_alone, nhpi_aoic, nh_aapi_doj …", show_default=False)
]
Base = Annotated[str, typer.Option(help="Share of whom: pop, vap, cvap, registered or voted.", show_default=False)]
Id = Annotated[str, typer.Option("--id", help="Column of GEOIDs in the table.")]
PlanId = Annotated[str | None, typer.Option("--plan-id", help="Column of district labels in the plan's file.")]
PlanCrs = Annotated[str | None, typer.Option(help="Coordinates of a plan whose file does not say, such as EPSG:4269.")]
PlanName = Annotated[str | None, typer.Option("--plan-name", help="Title of the plan; else the file's own.")]
Columns = Annotated[
    list[str] | None,
    typer.Option("--map-column", metavar="FILE=KIT", help="Name a column, as TOTPOP=total_pop; repeat for more."),
]
Level = Annotated[str | None, typer.Option(help="Level of the units: block, block_group, tract …")]
Year = Annotated[int | None, typer.Option(help="Census year of the units.")]
State = Annotated[str | None, typer.Option(help="State of raw P.L. 94-171 files, such as HI.")]
Shapes = Annotated[str | None, typer.Option(help="File of polygons of the units, joined on by GEOID.")]
Title = Annotated[str | None, typer.Option("--units-title", help="What the table of units is called in captions.")]
Rule = Annotated[str, typer.Option(help="How units are placed: auto, assignment, point or area.")]
Outside = Annotated[str, typer.Option(help="People in no district: error, or report and go on.")]


def _console(*, stderr: bool = False) -> Console:
    """Make a console that writes text as it is."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)


@contextmanager
def _session() -> Iterator[Console]:
    """Show progress and notes, and turn deliberate errors into one line and a status."""
    from kit.settings import using

    errors = _console(stderr=True)

    def note(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
        errors.print(f"Note: {message}" if issubclass(category, DataQualityWarning) else f"Warning: {message}")

    try:
        with warnings.catch_warnings(), using(progress=True):
            warnings.simplefilter("always", DataQualityWarning)
            warnings.showwarning = note
            yield _console()
    except KitError as error:
        errors.print(f"Error: {in_words_of_the_command_line(str(error))}")
        raise typer.Exit(1) from None
    except BrokenPipeError:  # The reader of our output has gone, as `| head` does.
        raise
    except OSError as error:
        errors.print(f"Error: {trouble_with_a_file(error)}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        errors.print("Stopped. Files that were being written are as they were before.")
        raise typer.Exit(130) from None


@app.command("demo", epilog=_epilog("kit demo", "kit demo --out hearing_trial"))
def _demo(out: Annotated[Path, typer.Option(help="Folder for what is made.")] = Path("out")) -> None:
    """Make the maps and tables of a hearing from the embedded sample, without network or key."""
    with _session() as console:
        from kit.demo import run_demo

        made = run_demo(out)
        for path in made.paths:
            console.print(str(path))
        console.print(f"\n{made.words}")


@app.command(
    "profile",
    epilog=_epilog(
        "kit profile sample:los_angeles_2010 sample:a --group nh_aapi_alone --base pop",
        "kit profile blocks.csv plan.zip --group aapi_aoic --base vap --csv table.csv --html table.html",
        "kit profile tracts.gpkg plan.geojson --group asian_alone --base vap --map-column ASN18=asian_alone_vap …",
        "kit profile hi2020.pl.zip hi_house.zip --state HI --year 2020 --level block --group aapi_aoic --base vap",
    ),
)
def _profile(
    units: UnitsArgument,
    plan: PlanArgument,
    *,
    group: Group,
    base: Base,
    id: Id = "GEOID",
    plan_id: PlanId = None,
    plan_crs: PlanCrs = None,
    plan_name: PlanName = None,
    map_column: Columns = None,
    level: Level = None,
    year: Year = None,
    state: State = None,
    shapes: Shapes = None,
    units_title: Title = None,
    rule: Rule = "auto",
    outside: Outside = "error",
    csv: Annotated[Path | None, typer.Option(help="Write the table here as CSV.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the table here as an accessible web page.")] = None,
) -> None:
    """Count a group in every district, and say in plain words what the table shows."""
    with _session() as console:
        from kit.analysis.concentration import concentration

        _check_words(group, base)
        refuse_overwriting([units, plan, shapes], [path for path in (csv, html) if path])
        placed = Wanted(
            units,
            plan,
            id=id,
            plan_id=plan_id,
            plan_crs=plan_crs,
            plan_name=plan_name,
            columns=tuple(map_column or ()),
            level=level,
            year=year,
            state=state,
            shapes=shapes,
            title=units_title,
            rule=rule,
            outside=outside,
        ).place()
        table = concentration(placed, group=group, base=base)
        _show(console, table)
        for path in (csv, html):
            if path is not None:
                from kit.report.tables import write_table

                write_table(table, path)
                console.print(f"Wrote {path}")


@app.command(
    "map",
    epilog=_epilog(
        "kit map sample:los_angeles_2010 sample:a --group nh_aapi_alone --base pop --breaks 0,.1,.3,.5,1 --out map.png",
        "kit map tracts.gpkg plan.zip --group aapi_aoic --base vap --breaks 0,5%,20%,50%,100% --out a --format pdf,svg",
    ),
)
def _map(
    units: UnitsArgument,
    plan: PlanArgument,
    *,
    group: Group,
    base: Base,
    breaks: Annotated[str, typer.Option(help="Class bounds, such as 0,.05,.1,.5,1 or 0,5%,100%.", show_default=False)],
    out: Annotated[Path, typer.Option(help="File to write.", show_default=False)],
    format: Annotated[str | None, typer.Option(help="pdf, png, svg, or several; else what --out ends in.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the map.")] = None,
    id: Id = "GEOID",
    plan_id: PlanId = None,
    plan_crs: PlanCrs = None,
    plan_name: PlanName = None,
    map_column: Columns = None,
    level: Level = None,
    year: Year = None,
    state: State = None,
    shapes: Shapes = None,
    units_title: Title = None,
    rule: Rule = "auto",
    outside: Outside = "error",
) -> None:
    """Draw a group's share by unit with district lines, in exactly the classes given."""
    with _session() as console:
        from kit.maps.choropleth import map_share
        from kit.report.output import save_map

        stem, formats = output_names(out, format)
        bounds = parse_breaks(breaks)
        _check_words(group, base)
        ends = (*(f".{kind}" for kind in formats), ".txt", "_table.csv", "_table.html")
        made = [stem.with_name(f"{stem.name}{end}") for end in ends]
        refuse_overwriting([units, plan, shapes], made)
        placed = Wanted(
            units,
            plan,
            id=id,
            plan_id=plan_id,
            plan_crs=plan_crs,
            plan_name=plan_name,
            columns=tuple(map_column or ()),
            level=level,
            year=year,
            state=state,
            shapes=shapes,
            title=units_title,
            rule=rule,
            outside=outside,
        ).place()
        ax = map_share(placed, group=group, base=base, breaks=bounds, title=title)
        for path in save_map(ax, stem, formats=formats):
            console.print(f"Wrote {path}")
        _stamp(console, placed.sources)


@fetch.command("pl94171", epilog=_epilog("kit fetch pl94171 HI --year 2020"))
def _fetch_pl94171(
    place: Annotated[str, typer.Argument(help="State: HI, Hawaii or 15.", show_default=False)],
    *,
    year: Annotated[int, typer.Option(help="Census year: 2010 or 2020.", show_default=False)],
) -> None:
    """Download a State's redistricting file (P.L. 94-171) into the cache. No key is needed."""
    with _session() as console:
        from kit.sources.download import fetch_pl94171

        console.print(str(fetch_pl94171(place, year=year)))


add_commands(app, _epilog)


@app.command("doctor", epilog=_epilog("kit doctor"))
def _doctor() -> None:
    """Look at Python, libraries, fonts, key, cache and disk, and say what is missing."""
    with _session() as console:
        from kit.doctor import examine

        marks = {True: "ok  ", False: "BAD ", None: "note"}
        findings = examine()
        for finding in findings:
            console.print(f"{marks[finding.good]}  {finding.what}: {finding.found}")
            if finding.advice:
                console.print(f"      {finding.advice}")
        if any(finding.good is False for finding in findings):
            raise typer.Exit(1)


def _check_words(group: str, base: str) -> None:
    """Refuse a misspelt group or base before long work begins."""
    from kit.model.groups import base_of, definition

    definition(group)
    base_of(base)


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
    for note in dict.fromkeys((*placed.units.notes, *placed.plan.notes, *placed.notes)):
        console.print(f"- {note}")
    console.print("Sources:")
    for source in dict.fromkeys(table.sources):
        console.print(f"- {source.citation()} {source.note if not source.sample else ''}".rstrip())
    _stamp(console, table.sources)


def _stamp(console: Console, sources: tuple[Source, ...]) -> None:
    """Say that sample data is sample data."""
    if any(source.sample for source in sources):
        from kit.samples import STAMP

        console.print(f"{STAMP[:1].upper()}{STAMP[1:]}.")


def main() -> None:
    """Run the command line.

    Exits with status 0 when all went well, 1 after an error that is told in
    one line, 2 when the command was misspelt, and 130 when stopped by hand.
    """
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
