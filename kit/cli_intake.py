"""The command ``kit intake``: a page on which volunteers draw their communities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kit.cli_inputs import parse_breaks
from kit.cli_options import Asked, asks
from kit.cli_session import epilog

EXAMPLES = (
    "kit intake sample:fictional_county sample:a sample:b --group aapi_aoic --base pop --breaks 0,.05,.25,1 --to told",
    "kit intake bgs.gpkg plan.zip --group aapi_aoic --base pop --breaks 0,.5,1 --to told --context tiger/ --host ::",
)


def add_commands(app: typer.Typer) -> None:
    """Add the command to the command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    """
    app.command("intake", epilog=epilog(*EXAMPLES))(_intake)


@asks("many")
def _intake(
    asked: Asked,
    *,
    to: Annotated[Path, typer.Option(help="Folder of submissions; each visitor gets one in it.", show_default=False)],
    breaks: Annotated[str, typer.Option(help="Class bounds, such as 0,.05,.1,.5,1 or 0,5%,100%.", show_default=False)],
    host: Annotated[str, typer.Option(help="Address to listen on; any but this machine's own needs a code.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port.")] = 8866,
    code: Annotated[
        str | None,
        typer.Option(envvar="KIT_INTAKE_CODE", help="The coordinator's code; better set in the environment."),
    ] = None,
    megabytes: Annotated[float, typer.Option(min=0.1, max=1000, help="Largest file a volunteer may hand in.")] = 20,
    context: Annotated[
        list[Path] | None,
        typer.Option(
            help="TIGER/Line files of water, roads and places under their published names, or a folder of them; "
            "repeat for more. They are drawn, and searched by name."
        ),
    ] = None,
    people: Annotated[int, typer.Option(min=1, help="How many may draw at once.")] = 20,
) -> None:
    """Serve a page on which volunteers draw and tell of their communities, from this machine alone unless asked."""
    import tempfile

    from kit.drawing import near_units
    from kit.intake_page import Page, leave_page, require_code, serve
    from kit.settings import language_in_force
    from kit.sources.tiger_context import read_context

    known = require_code(host, code)
    bounds = tuple(parse_breaks(breaks))
    placements = {placed.plan.name: placed for placed in asked.placements()}
    folder = to.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    given = (asked.units, placements, asked.group, asked.base, bounds)
    layers = near_units(read_context(*context, streets=True), asked.units) if context else None
    page = Page(*given, str(folder), megabytes, language_in_force(), layers)
    with tempfile.TemporaryDirectory() as scratch:
        notebook = leave_page(page, Path(scratch))
        asked.console.print(f"Serving on http://{host}:{port}/ until stopped with Ctrl+C. Submissions: {folder.name}")
        if known:
            asked.console.print(
                "Volunteers type the coordinator's code. Without TLS in front of it, the code and what is told can be "
                "read on the network."
            )
        serve(notebook, host=host, port=port, code=known, most_megabytes=megabytes, most_people=people)
