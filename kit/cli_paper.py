"""The commands ``kit paper …``: forms for a pen, and the communities that were typed from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli_options import Asked, asks
from kit.cli_session import epilog, session, stamp, tell_notes, tell_sources

if TYPE_CHECKING:
    from rich.console import Console

    from kit.model.submissions import Submissions

paper = typer.Typer(
    help="Paper forms for communities: print them, and read what was typed from them.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
_SHEET = typer.Argument(metavar="SHEET.CSV", help="Sheet into which forms were typed.", show_default=False)


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    """
    app.add_typer(paper, name="paper")


@paper.command(
    "form",
    epilog=epilog(
        "kit paper form sample:fictional_county --to forms/form.pdf --numbers 1-20",
        "kit paper form blocks.gpkg --to forms/korean.pdf --language ko --within 06037201 --context tiger/ "
        "--numbers 1-50 --prefix K- --body california",
    ),
)
@asks("none", group=False)
def _form(
    asked: Asked,
    *,
    to: Annotated[Path, typer.Option(help="PDF to write; key and sheet stand beside it.", show_default=False)],
    language: Annotated[str, typer.Option(help="Language of the form, such as ko or zh-Hant.")] = "en",
    numbers: Annotated[str, typer.Option(help="Numbers of the forms, such as 1-50; else written by hand.")] = "",
    prefix: Annotated[str, typer.Option(help="What stands before each number.")] = "",
    within: Annotated[
        list[str] | None, typer.Option(help="Only units whose GEOID begins so; repeat for more.", show_default=False)
    ] = None,
    extent: Annotated[
        str | None, typer.Option(help="Only units inside west,south,east,north in degrees.", show_default=False)
    ] = None,
    context: Annotated[
        list[Path] | None,
        typer.Option(help="TIGER/Line files of water, roads and places, or a folder of them.", show_default=False),
    ] = None,
    body: Annotated[
        str | None, typer.Option(help="Whose rules on wording are printed: california, or a TOML file.")
    ] = None,
    collector: Annotated[str, typer.Option(help="Who collects the forms.")] = "",
    return_to: Annotated[str, typer.Option(help="Where forms are handed in.")] = "",
    page: Annotated[str, typer.Option(help="Paper: letter, legal or a4.")] = "letter",
) -> None:
    """Write a form for a pen, with maps to draw on, the key of their numbers, and a sheet to type forms into."""
    from kit.paper import paper_form
    from kit.settings import using

    if to.suffix.lower() != ".pdf":
        to = to / "form.pdf"
    asked.protect(*(to.with_name(f"{to.stem}{end}") for end in (".pdf", "_sheet.csv", "_key.csv")))
    layers = None
    if context:
        from kit.sources.tiger_context import read_context

        layers = read_context(*context, streets=True)
    with using(language=language):
        made = paper_form(
            to,
            asked.units,
            within=tuple(within or ()),
            extent=_extent(extent),
            context=layers,
            numbers=numbers,
            prefix=prefix,
            body=body,
            collector=collector,
            return_to=return_to,
            page=page,
        )
    for path in made.files:
        asked.console.print(f"Wrote {path}")
    asked.console.print(f"\n{made.summary()}\n")
    tell_sources(asked.console, made.sources)


@paper.command("read", epilog=epilog("kit paper read form_sheet.csv --key form_key.csv --to told.geojson"))
def _read(
    sheet: Annotated[Path, _SHEET],
    *,
    key: Annotated[Path | None, typer.Option(help="Key of the form's map.", show_default=False)] = None,
    to: Annotated[Path | None, typer.Option(help="Write the communities here.", show_default=False)] = None,
    format: Annotated[
        str | None, typer.Option(help="Format of that file, where its name does not say it.", show_default=False)
    ] = None,
    audience: Annotated[str, typer.Option(help="Who will read the file: public, commission or internal.")] = "public",
    body: Annotated[
        str | None, typer.Option(help="Look at the wording by the rules of: california, or a TOML file.")
    ] = None,
    units: Annotated[
        str | None, typer.Option(help="Units of the form, to check ids and to draw shapes.", show_default=False)
    ] = None,
    collector: Annotated[str, typer.Option(help="Id of the group that collected the forms.")] = "",
) -> None:
    """Read a sheet of typed forms, say what must be looked at, and write the communities that may be shown."""
    with session() as console:
        from kit.cli_inputs import Wanted, load_units
        from kit.cli_words import refuse_overwriting
        from kit.sources.community_paper import read_paper_forms

        if to is not None:
            refuse_overwriting([str(sheet), *([str(key)] if key else []), units], [to])
        known = None if units is None else load_units(Wanted(units))
        found = read_paper_forms(sheet, known, key=key, collector=collector)
        areas = sum(one.area is not None for one in found)
        console.print(f"Forms read: {len(found):,}; {areas:,} name census units.")
        tell_notes(console, found.notes)
        if body is not None:
            _tell_wording(console, found, body)
        if to is not None:
            from kit.analysis.community_places import locate_communities
            from kit.sources.community_write import write_communities

            shown = found.for_audience(audience)
            tell_notes(console, shown.notes[len(found.notes) :])
            shaped = known if known is not None and known.geometry is not None else None
            blocks = (
                None if known is None or all(one.area is None for one in shown) else locate_communities(shown, known)
            )
            made = write_communities(shown, to, format=format, units=shaped, blocks=blocks, audience=audience)
            console.print(f"Wrote {made}")
        stamp(console, found.sources)


@paper.command("compare", epilog=epilog("kit paper compare first.csv second.csv", "kit paper compare both_in_one.csv"))
def _compare(
    first: Annotated[Path, _SHEET],
    second: Annotated[
        Path | None, typer.Argument(metavar="[SHEET.CSV]", help="What another person typed.", show_default=False)
    ] = None,
) -> None:
    """Compare two typings of the same forms. Status 1 where an answer differs."""
    with session() as console:
        from kit.sources.paper_compare import compare_paper_forms

        found = compare_paper_forms(first, second)
        for row in found.frame.itertuples():
            where = f"Form {row.form}, {row.question or row.column} (rows {row.first_row} and {row.second_row})"
            console.print(f"{where}: {row.first!r} — {row.second!r}")
        console.print(str(found.summary()))
        tell_notes(console, found.notes)
        if len(found.frame):
            raise typer.Exit(1)


def _tell_wording(console: Console, found: Submissions, body: str) -> None:
    """Advise on wording; no word is changed."""
    from kit.intake.wording import body_rules, check_wording

    rules = body_rules(body)
    advice = [one for community in found for one in check_wording(community, body=rules)]
    for one in advice:
        console.print(f"- {one.community}: {one.sentence()}")
    console.print(f"Wording to look at, by the rules of the {rules.body}: {len(advice):,} places.")


def _extent(text: str | None) -> tuple[float, ...] | None:
    """Read four numbers."""
    if text is None:
        return None
    from kit.errors import InputError

    try:
        return tuple(float(one) for one in text.split(","))
    except ValueError:
        raise InputError(f"{text[:40]!r} is no extent; write west,south,east,north in degrees.") from None
