"""The commands ``kit catalogue …``: what the kit says in other languages, for translators and reviewers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kit.cli_session import epilog, session

catalogue = typer.Typer(
    help="Translations: export them to a table, import them again, see what is missing.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
_LANGUAGE = typer.Argument(metavar="LANGUAGE", help="Code of the language, such as vi or zh-Hant.", show_default=False)


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    """
    app.add_typer(catalogue, name="catalogue")


@catalogue.command("export", epilog=epilog("kit catalogue export vi vietnamese.csv"))
def _export(
    code: Annotated[str, _LANGUAGE],
    table: Annotated[Path, typer.Argument(metavar="FILE.CSV", help="Table to write.", show_default=False)],
) -> None:
    """Write all messages of a language as a table: English, translation, where it is used.

    Names in braces stay as they are in the translation. In Thai, Lao, Khmer
    and Burmese put a zero-width space (U+200B) where a line may break.
    """
    with session() as console:
        from kit.errors import InputError
        from kit.i18n.catalogues import coverage
        from kit.i18n.sheets import export_table

        if table.exists():
            raise InputError(f"{table.name} exists already; it may be a reviewer's work. Name another file.")
        number = export_table(code, table)
        console.print(f"Wrote {table}: {number:,} messages, {coverage(code)[0]:,} of them translated.")


@catalogue.command(
    "import",
    epilog=epilog(
        "kit catalogue import vi vietnamese.csv",
        'kit catalogue import vi vietnamese.csv --reviewer "Lan Nguyen"',
    ),
)
def _import(
    code: Annotated[str, _LANGUAGE],
    table: Annotated[Path, typer.Argument(metavar="FILE.CSV", help="Table to read.", show_default=False)],
    *,
    reviewer: Annotated[
        str, typer.Option(help="Who read every translation in it; without a name it is a draft.", show_default=False)
    ] = "",
) -> None:
    """Read translations from a table. When a row is wrong it is named, and nothing is changed.

    They are written to the folder that KIT_CATALOGUES names, which goes
    before the kit's own translations; else into the kit itself.
    """
    with session() as console:
        from kit.i18n.fonts import missing_letters
        from kit.i18n.sheets import import_table

        done = import_table(code, table, by=reviewer, letters=missing_letters)
        console.print(f"{done.summary()}\nWritten to {done.folder}")


@catalogue.command("update", epilog=epilog("kit catalogue update"))
def _update() -> None:
    """List the messages of the kit anew in its catalogues. Translations are kept. For those who change the kit."""
    with session() as console:
        from kit.catalogue import update_catalogues

        for path in update_catalogues():
            console.print(f"Wrote {path.name}")


@catalogue.command("check", epilog=epilog("kit catalogue check", "kit catalogue check km"))
def _check(
    code: Annotated[
        str | None, typer.Argument(metavar="[LANGUAGE]", help="Code of a language; else all.", show_default=False)
    ] = None,
) -> None:
    """Say of each language what is translated, who reviewed it, whether its font is here, and what is wrong.

    Status 1 when a translation is wrong.
    """
    with session() as console:
        from rich.table import Table

        from kit.catalogue import faults
        from kit.i18n.catalogue_files import CODES
        from kit.i18n.catalogues import coverage, reviewer
        from kit.i18n.fonts import font_of
        from kit.i18n.languages import language
        from kit.i18n.sheets import require_catalogue

        if code is not None:
            require_catalogue(code)
        wanted = CODES if code is None else (code,)
        grid = Table("Language", "", "Translated", "Reviewed by", "Font", box=None, pad_edge=False)
        told = []
        for one in wanted:
            done, every = coverage(one)
            grid.add_row(
                language(one).name, one, f"{done:,} of {every:,}", reviewer(one) or "draft", font_of(one) or "none here"
            )
            told += [f"{one}: {fault}" for fault in faults(one)]
        console.print(grid)
        for line in told:
            console.print(line)
        if told:
            raise typer.Exit(1)
