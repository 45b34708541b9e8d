"""The commands ``kit measure``, ``clusters`` and ``splits``: one plan, or none, and what it measures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kit import cli_files as files
from kit import cli_tables as tables
from kit.cli_lists import read_areas, read_links, read_regions, read_seats
from kit.cli_options import Asked, asks
from kit.cli_session import epilog
from kit.cli_tables import Findings, Sheet

if TYPE_CHECKING:
    from kit.analysis.clusters import Clusters
    from kit.analysis.communities import CommunitySplits
    from kit.analysis.plan_measures import PlanMeasures

Csv = Annotated[Path | None, typer.Option(help="Write the first table here as CSV, in full precision.")]
Html = Annotated[Path | None, typer.Option(help="Write everything here as an accessible web page.")]
Top = Annotated[int, typer.Option(help="Rows that are printed of a table; files have all.", min=1)]
Links = Annotated[
    str | None,
    typer.Option(help="Pairs of GEOIDs that count as neighbours, such as by a bridge or ferry: two columns."),
]

_SCORES = {
    "polsby_popper": "Polsby–Popper",
    "reock": "Reock",
    "convex_hull": "Convex hull",
    "population_polygon": "Population polygon",
}


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    """
    app.command(
        "measure",
        epilog=epilog(
            "kit measure sample:los_angeles_2010 sample:a",
            "kit measure blocks.gpkg plan.zip --regions municipal=towns.csv --csv measures.csv --html measures.html",
            "kit measure vtds.gpkg plan.zip --links ferries.csv --seats seats.csv --out measures",
        ),
    )(_measure)
    app.command(
        "clusters",
        epilog=epilog(
            "kit clusters sample:los_angeles_2010 --group nh_aapi_alone --base pop --links sample:links",
            "kit clusters tracts.gpkg --group aapi_aoic --base pop --csv classes.csv --out clusters.gpkg",
            "kit clusters blocks.csv --shapes blocks.gpkg --group asian_aoic --base vap --method gi --minimum 20",
        ),
    )(_clusters)
    app.command(
        "splits",
        epilog=epilog(
            "kit splits sample:fictional_county sample:a sample:communities --name-column name --group aapi_aoic "
            "--base pop",
            "kit splits blocks.gpkg plan.zip areas.geojson --name-column NAME --group aapi_aoic --base pop --out areas",
            "kit splits tracts.gpkg plan.zip classes.csv --name-column cluster --kind cluster --group aapi_aoic "
            "--base pop",
        ),
    )(_splits)


@asks(group=False)
def _measure(
    asked: Asked,
    *,
    population: Annotated[str, typer.Option(help="Column that counts people.")] = "total_pop",
    seats: Annotated[
        str | None, typer.Option(help="Members a district elects: one number, or a file of districts and numbers.")
    ] = None,
    regions: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FILE",
            help="Regions to count splits of: a table of GEOIDs and names, or polygons; several columns as "
            "town=file.csv,COLUMN. Counties are read from the GEOIDs; county= leaves them out. Repeat for more.",
        ),
    ] = None,
    links: Links = None,
    neighbours: Annotated[
        str, typer.Option(help="Who touches: rook (a border of some length) or queen (a point is enough).")
    ] = "rook",
    complete: Annotated[
        bool | None,
        typer.Option("--complete/--partial", help="Whether the units are the whole jurisdiction; else judged."),
    ] = None,
    csv: Csv = None,
    html: Html = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for districts.csv, plan.csv, parts.csv, a table for each layer, and summary.txt."),
    ] = None,
) -> None:
    """Measure a plan: population, compactness, contiguity and splits. It describes and never judges."""
    from kit.analysis.adjacency import adjacency
    from kit.analysis.plan_measures import measure_plan

    files.require_suffix(csv, ".csv")
    files.require_suffix(html, ".html")
    members = read_seats(seats)
    placement = asked.placements()[0]
    layers = read_regions(regions or [], placement.units)
    names = ["districts.csv", "plan.csv", "parts.csv", *(f"{name}.csv" for name in layers), "county.csv", "summary.txt"]
    folder = [out / name for name in dict.fromkeys(names)] if out else []
    asked.protect(csv, html, *folder, read=[links, seats, *((pair.partition("=")[2]) for pair in regions or [])])
    pairs = read_links(links, placement.units, units_word=asked.wanted.units)
    touching = None
    if pairs or neighbours != "rook":
        touching = adjacency(placement.units, rule=neighbours, links=pairs)
    measured = measure_plan(
        placement, population=population, seats=members, regions=layers, adjacency=touching, complete=complete
    )
    found = _measures(measured, _read_from(regions or [], links=links, seats=seats))
    tables.tell(asked.console, found)
    files.write(asked.console, found, csv=csv, html=html)
    if out is not None:
        files.write_csv(asked.console, measured.frame, found, out / "districts.csv")
        plan = measured.plan.rename("value").rename_axis("measure").to_frame()
        files.write_csv(asked.console, plan, found, out / "plan.csv")
        if len(measured.parts):
            files.write_csv(asked.console, measured.parts, found, out / "parts.csv", index=False)
        for name, table in measured.regions.items():
            files.write_csv(asked.console, table, found, out / f"{name}.csv")
        files.write_words(asked.console, found, out / "summary.txt")


def _read_from(regions: Sequence[str], *, links: str | None, seats: str | None) -> tuple[str, ...]:
    """Say which files gave regions, links and seats."""
    told = [
        f"Regions “{name.strip()}” were read from {Path(word.strip()).name}."
        for name, _, word in (pair.partition("=") for pair in regions)
        if word.strip()
    ]
    told += [f"Links between units were read from {Path(links).name}."] if links else []
    return (*told, *([f"Seats were read from {Path(seats).name}."] if seats and not seats.isdigit() else []))


def _measures(measured: PlanMeasures, read_from: tuple[str, ...]) -> Findings:
    """Lay out the measures of a plan for a reader."""
    import pandas as pd

    frame, plan = measured.frame, measured.plan
    seats = (("seats", "Seats", tables.number),) if plan["seats"] != plan["districts"] else ()
    districts = Sheet(
        "By district",
        frame,
        (
            ("population", "People", tables.number),
            *seats,
            ("deviation_people", "Over or under ideal", tables.signed),
            ("deviation", "Of ideal", tables.deviation),
            ("parts", "Parts", tables.number),
            *((name, head, tables.score) for name, head in _SCORES.items()),
            ("cut_edges", "Cut edges", tables.number),
        ),
        "District",
        whole=True,
    )
    lines: list[tuple[str, str]] = []
    for name, words, write in (
        ("districts", "Districts", tables.number),
        ("seats", "Seats", tables.number),
        ("population", "People", tables.number),
        ("ideal", "Ideal population, people a seat", tables.number),
        ("population_range", "Largest less smallest, people a seat", tables.number),
        ("population_range_share", "The same, of the ideal", tables.share),
        ("mean_absolute_deviation", "Mean deviation, of the ideal", tables.share),
        ("noncontiguous", "Districts in several parts", tables.number),
        ("cut_edges", "Pairs of neighbours in different districts (cut edges)", tables.number),
        ("cut_edge_share", "The same, of all pairs of neighbours", tables.share),
        *((f"mean_{name}", f"{head}, mean of districts", tables.score) for name, head in _SCORES.items()),
        *(entry for layer in measured.regions for entry in _of_layer(layer)),
    ):
        if name in plan.index and not pd.isna(plan[name]):
            lines.append((words, write(plan[name])))
    whole = pd.DataFrame(lines, columns=["measure", "value"]).set_index("measure")
    totals = Sheet("Plan as a whole", whole, (("value", "Figure", str),), "Measure", whole=True)
    labels = tables.labels_of(measured.placement, people_counted_by=measured.population, projection=measured.crs)
    return Findings(
        f"Measures of {measured.placement.plan.name}",
        tables.without_notes(measured.summary(), measured.notes),
        (districts, totals),
        (*measured.notes, *read_from),
        measured.sources,
        labels,
    )


def _of_layer(layer: str) -> list[tuple[str, str, Any]]:
    """Name the figures of one layer of regions."""
    called = {"county": "Counties"}.get(layer, f"Regions “{layer}”")
    return [
        (f"{layer}_regions", called, tables.number),
        (f"{layer}_splits", f"{called} that are split", tables.number),
        (f"{layer}_forced", f"{called} larger than the ideal district", tables.number),
        (f"{layer}_pieces", f"{called}, pieces in all", tables.number),
        (f"{layer}_effective_splits", f"{called}, effective splits", tables.score),
    ]


@asks("none")
def _clusters(
    asked: Asked,
    *,
    method: Annotated[str, typer.Option(help="moran (local Moran's I) or gi (Getis–Ord Gi*).")] = "moran",
    minimum: Annotated[int, typer.Option(help="Units with fewer people of the base are left out.")] = 50,
    neighbours: Annotated[
        str, typer.Option(help="Who touches: queen (a point is enough) or rook (a border of some length).")
    ] = "queen",
    links: Links = None,
    smooth: Annotated[
        bool, typer.Option("--smooth", help="Draw small units to the mean instead of leaving them out.")
    ] = False,
    permutations: Annotated[int, typer.Option(help="Random draws for each unit.")] = 9999,
    top: Top = 20,
    csv: Annotated[Path | None, typer.Option(help="Write the class of every unit here as CSV.")] = None,
    html: Html = None,
    out: Annotated[Path | None, typer.Option(help="Write the outlines here: .gpkg or .geojson.")] = None,
) -> None:
    """Find where a group's share is high together with its neighbours'. A cluster is not a community."""
    from kit.analysis.adjacency import adjacency
    from kit.analysis.clusters import clusters

    files.require_suffix(csv, ".csv")
    files.require_suffix(html, ".html")
    files.require_suffix(out, ".gpkg", ".geojson")
    asked.protect(csv, html, out, read=[links])
    units = asked.units
    near = adjacency(units, rule=neighbours, links=read_links(links, units, units_word=asked.wanted.units))
    result = clusters(
        units,
        group=asked.group,
        base=asked.base,
        adjacency=near,
        method=method,
        minimum=minimum,
        permutations=permutations,
        smoothing="empirical_bayes" if smooth else None,
    )
    found = _found(result)
    tables.tell(asked.console, found, top=top)
    files.write(asked.console, found, html=html)
    if csv is not None:
        # One block's count of a group is noise; the class of a block rests on its neighbours too.
        single = ["count", "share", "value"] if result.units.level == "block" else []
        files.write_csv(asked.console, result.frame.drop(columns=single), found, csv)
    if out is not None:
        _write_outlines(result, found, out)
        asked.console.print(f"Wrote {out}")


def _found(result: Clusters) -> Findings:
    """Lay out clusters for a reader."""
    outlines = Sheet(
        "Clusters, the one with most people of the group first",
        result.outlines.drop(columns="geometry"),
        (
            ("units", result.units.plural.capitalize(), tables.number),
            ("count", "Group", tables.number),
            ("base", "Everyone", tables.number),
            ("share", "Share", tables.share),
            ("share_of_group", "Of the whole group", tables.share),
        ),
        "Cluster",
    )
    classes = Sheet(
        f"{result.units.plural.capitalize()} by class",
        result.frame["label"].value_counts().rename_axis("class").to_frame("units"),
        (("units", "Number", tables.number),),
        "Class",
    )
    return Findings(
        f"Clusters among {len(result.frame):,} {result.units.plural}",
        tables.without_notes(result.summary(), result.notes),
        (outlines, classes),
        result.notes,
        result.sources,
        {**tables.counted(result.group, result.base), "method": result.method, "neighbours": result.adjacency.rule},
    )


def _write_outlines(result: Clusters, found: Findings, path: Path) -> None:
    """Write outlines with their figures; what they are stands in every row."""
    import pyogrio

    from kit.analysis.cluster_words import PROMPT
    from kit.errors import InputError
    from kit.files import atomic_path

    layer = result.outlines.reset_index()
    if not len(layer) or layer.geometry.isna().any():
        told = "there is no cluster" if not len(layer) else f"these {result.units.plural} have no polygons"
        raise InputError(f"{told}, so {path.name} is not written. Leave --out out.")
    stamped = "Sample data, not for testimony. " if any(s.sample for s in found.sources) else ""
    layer = layer.assign(**found.labels, note=f"{stamped}{PROMPT}")
    geojson = path.suffix.lower() == ".geojson"
    layer = layer.to_crs("EPSG:4326") if geojson else layer
    with atomic_path(path) as temporary:
        temporary.unlink()
        pyogrio.write_dataframe(layer, temporary, driver="GeoJSON" if geojson else "GPKG", layer="clusters")


@asks("one")
def _splits(
    asked: Asked,
    communities: Annotated[
        str,
        typer.Argument(
            metavar="COMMUNITIES",
            help="Named areas: a file of polygons, a table of GEOIDs and names, or sample:communities.",
            show_default=False,
        ),
    ],
    *,
    name_column: Annotated[str, typer.Option(help="Column that names the areas.", show_default=False)],
    threshold: Annotated[float, typer.Option(help="Share of an area in one district that counts as preserved.")] = 0.8,
    kind: Annotated[str, typer.Option(help="What the areas are: community, cluster or region.")] = "community",
    areas_by: Annotated[
        str, typer.Option(help="Units that an area's line cuts: by area (by surface) or point (whole).")
    ] = "area",
    areas_crs: Annotated[str | None, typer.Option(help="Coordinates of areas whose file does not say.")] = None,
    top: Top = 40,
    csv: Csv = None,
    html: Html = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for areas.csv, pieces.csv, thresholds.csv and summary.txt.")
    ] = None,
) -> None:
    """Measure how a plan divides named areas, for everyone and for a group."""
    from kit.analysis.communities import community_splits

    files.require_suffix(csv, ".csv")
    files.require_suffix(html, ".html")
    names = ("areas.csv", "pieces.csv", "thresholds.csv", "summary.txt")
    asked.protect(csv, html, *(out / name for name in names if out), read=[communities])
    placement = asked.placements()[0]
    wanted = asked.wanted
    options = {"id": wanted.id, "crs": areas_crs, "rule": areas_by, "kind": kind, "units_word": wanted.units}
    areas = read_areas(communities, placement.units, column=name_column, asked=options)
    result = community_splits(areas, placement, group=asked.group, base=asked.base, threshold=threshold)
    found = _divided(result)
    tables.tell(asked.console, found, top=top)
    files.write(asked.console, found, csv=csv, html=html)
    if out is not None:
        files.write_csv(asked.console, result.frame, found, out / "areas.csv")
        files.write_csv(asked.console, result.pieces, found, out / "pieces.csv", index=False)
        files.write_csv(asked.console, result.sweep, found, out / "thresholds.csv")
        files.write_words(asked.console, found, out / "summary.txt")


def _divided(result: CommunitySplits) -> Findings:
    """Lay out the splits of named areas for a reader."""
    from kit.model.communities import KINDS
    from kit.model.groups import BASES, who

    kind, noun = result.communities.kind, BASES[result.base].noun
    frame = result.frame.rename_axis(kind)
    by_area = Sheet(
        f"{KINDS[kind].capitalize()}, the most divided first",
        frame.sort_values("effective_splits", ascending=False, kind="stable"),
        (
            ("base", noun.capitalize(), tables.number),
            ("count", who(result.group), tables.number),
            ("districts", "Districts", tables.number),
            ("largest_district", "Most are in", str),
            ("largest_share", "Share there", tables.share),
            ("effective_splits", "Effective splits", tables.score),
            ("cut_off", "Cut off", tables.number),
            ("cut_off_group", f"{who(result.group)} cut off", tables.number),
            ("preserved", "Preserved", _yes),
        ),
        kind.capitalize(),
    )
    notes = tuple(dict.fromkeys((*result.communities.notes, *result.notes)))
    return Findings(
        f"How {result.placement.plan.name} divides {len(frame):,} {KINDS[kind] if len(frame) > 1 else kind}",
        tables.without_notes(result.summary(), result.notes),
        (by_area,),
        notes,
        result.sources,
        tables.labels_of(result.placement, result.group, result.base),
    )


def _yes(value: Any) -> str:
    return "yes" if value else "no"
