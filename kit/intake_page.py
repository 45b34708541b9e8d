"""The page on which volunteers draw: each visitor a folder of their own, found again by a return code."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import os
import pickle
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from kit.errors import InputError
from kit.i18n.messages import say

if TYPE_CHECKING:
    from kit.model.context import Context
    from kit.model.frames import Placement, Units

FOLDER = "KIT_INTAKE_PAGE"
"""Environment variable: where the server left what a page needs."""
LEAST_CODE = 10
_KEY = re.compile(r"[0-9a-f]{32}")
# What a server says of a request tells who asked, and every code in the address.
_TELLING = re.compile(r"\?[^\s'\"]*| \([0-9a-f:.]+\)|, remote_ip='[^']*'")
# What a page may load: this server alone. Map and widgets are of this server, and so is every font.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss: data: blob:; "
    "frame-ancestors 'none'; form-action 'self'; object-src 'none'; base-uri 'self'"
)

# A file that is too large is refused before it is sent: the server would cut the connection, and say nothing.
_LARGE = """
(() => {
  const words = %s, most = %d, read = FileReader.prototype.readAsArrayBuffer;
  FileReader.prototype.readAsArrayBuffer = function (file) {
    if (file.size <= most) return read.call(this, file);
    document.querySelectorAll('.kit-said .widget-html-content').forEach(e => { e.textContent = words; });
  };
})();
"""


@dataclass(frozen=True)
class Page:
    """What every visitor of a page is given.

    Parameters
    ----------
    units : Units
        Units to draw with.
    placements : dict of str to Placement
        The same units in each plan.
    group, base : str
        Definition id and universe id.
    breaks : tuple of float
        Class bounds of the map.
    folder : str
        Where submissions are kept, a folder for each visitor.
    most_megabytes : float
        Larger uploads are refused.
    language : str
        Language of the page.
    layers : Context, optional
        Water, roads and places near the units.
    """

    units: Units
    placements: dict[str, Placement]
    group: str
    base: str
    breaks: tuple[float, ...]
    folder: str
    most_megabytes: float = 20.0
    language: str = "en"
    layers: Context | None = None


@dataclass(frozen=True)
class Visitor:
    """Somebody who draws; known by a code that only they have.

    Parameters
    ----------
    code : str
        Return code; its repr says nothing.
    folder : pathlib.Path
        Where their communities are kept.
    submitter : str
        Pseudonym.
    """

    code: str = field(repr=False)
    folder: Path
    submitter: str


def visitor(folder: Path, query: str) -> Visitor:
    """Find a visitor's own folder, or make one.

    Parameters
    ----------
    folder : pathlib.Path
        Where submissions are kept.
    query : str
        Query of the page's address; ``return=…`` is a return code.

    Returns
    -------
    Visitor
        A new one where the code is not known: nobody chooses their own.

    Notes
    -----
    Folders are named by a digest of the code, so that who lists the folders
    learns no code.
    """
    given = parse_qs(query, max_num_fields=20).get("return", [""])[0]
    if _KEY.fullmatch(given):
        known = _named(given)
        if (folder / known).is_dir():
            return Visitor(given, folder / known, known)
    code = secrets.token_hex(16)
    home = folder / _named(code)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.mkdir(mode=0o700)
    return Visitor(code, home, home.name)


def _named(code: str) -> str:
    """Name the folder of a code."""
    return f"s-{hashlib.sha256(code.encode('ascii')).hexdigest()[:24]}"


def leave_page(page: Page, folder: Path) -> Path:
    """Write what the page needs into a folder that only this user may open.

    Parameters
    ----------
    page : Page
        What visitors are given.
    folder : pathlib.Path
        A private folder.

    Returns
    -------
    pathlib.Path
        The notebook to serve, alone in a folder of its own.
    """
    import nbformat

    folder.chmod(0o700)
    handle = os.open(folder / "page.pickle", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        pickle.dump(page, stream)
    served = folder / "served"
    served.mkdir()
    cell = nbformat.v4.new_code_cell("from kit.intake_page import show_page\n\nshow_page()")
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata=metadata)
    path = served / "intake.ipynb"
    nbformat.write(notebook, path)
    return path


def show_page() -> None:
    """Show the drawing widget to a visitor; called by the served notebook.

    Raises
    ------
    InputError
        It was not `kit intake` that served it.
    """
    import json

    import ipywidgets
    from IPython.display import Javascript, display

    from kit.drawing import draw_community
    from kit.intake.pulse import Pulse, watch
    from kit.settings import using

    left = os.environ.get(FOLDER, "")
    if not left:
        raise InputError("this page is served by `kit intake`; run that.")
    # Written by this user's own `kit intake` into a folder that nobody else may open.
    page: Page = pickle.loads((Path(left) / "page.pickle").read_bytes())  # noqa: S301
    who = visitor(Path(page.folder), os.environ.get("QUERY_STRING", ""))
    with using(language=page.language):
        pad = draw_community(
            units=page.units,
            plans=page.placements,
            group=page.group,
            base=page.base,
            breaks=page.breaks,
            folder=who.folder,
            layers=page.layers,
            submitter=who.submitter,
            most_megabytes=page.most_megabytes,
        )
        told = say(
            "To come back to your drawing, keep this code: {code}. Reloading this page opens your drawing again. On a "
            "shared computer, leave when you are done.",
            code=who.code,
        )
        leave = say("Leave, and clear this page for the next person")
        head = ipywidgets.HTML(
            f'<h2>{say("Tell of your community")}</h2><p class="kit-code">{told}</p>'
            f'<p><a class="kit-leave" href="?" style="text-decoration:underline">{leave}</a></p>'
        )
        show: Any = display  # IPython has no types
        lost = say(
            "This page has had no answer for a while. What it said was saved is kept. Wait a moment; if this message "
            "stays, reload the page to go on from what was saved."
        )
        large = say(
            "This file has more than {most:g} MB and was not sent; simplify it, or hand it to the coordinator.",
            most=page.most_megabytes,
        )
        pulse = Pulse()
        show(head)
        show(pad)
        show(pulse.view)
    script: Any = Javascript
    pulse.start()
    show(script(watch(lost)))
    show(script(_LARGE % (json.dumps(str(large)), int(page.most_megabytes * 1e6))))
    show(script(f"history.replaceState(null, '', '?return=' + {json.dumps(who.code)});"))


def require_code(host: str, code: str | None) -> str:
    """Refuse to open a page to a network without a coordinator's code.

    Parameters
    ----------
    host : str
        Address to listen on.
    code : str or None
        The coordinator's code.

    Returns
    -------
    str
        The code; empty where none is needed.

    Raises
    ------
    InputError
        The address is no loopback address and there is no code, or it is easily guessed.
    """
    given = (code or "").strip()
    if not given and _is_loopback(host):
        return ""
    if len(given) < LEAST_CODE or len(set(given)) < 5:
        raise InputError(
            f"a page on {host} needs a coordinator's code of at least {LEAST_CODE} signs, not the same few over and "
            "over: set KIT_INTAKE_CODE, and tell it only to volunteers."
        )
    return given


def _is_loopback(host: str) -> bool:
    """Tell whether an address is of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(notebook: Path, *, host: str, port: int, code: str, most_megabytes: float, most_people: int) -> None:
    """Serve the page until it is stopped.

    Parameters
    ----------
    notebook : pathlib.Path
        As `leave_page` wrote it.
    host : str
        Address to listen on.
    port : int
        Port.
    code : str
        The coordinator's code, or empty.
    most_megabytes : float
        Size of uploads; a message far above it closes the connection.
    most_people : int
        So many may draw at once.

    Raises
    ------
    InputError
        Voila is not installed, or the address and port are not to be had.
    """
    try:
        from voila.app import Voila
    except ImportError as error:
        raise InputError("`kit intake` needs Voila: pip install 'aapi-redistricting-kit[notebooks]'.") from error
    from traitlets.config import Config

    from kit.intake.places import door

    os.environ[FOLDER] = str(notebook.parent.parent)
    config = Config()
    config.Voila = Config(_server(notebook, host, port, code, most_megabytes))
    config.VoilaConfiguration = Config(
        {
            "file_allowlist": [],
            "strip_sources": True,
            "show_tracebacks": False,
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "prelaunch_hook": door(most_people),
        }
    )
    app = Voila(config=config)
    app.initialize([])
    for log in (app.log, *map(logging.getLogger, ("tornado.general", "tornado.application"))):
        log.addFilter(_nameless)
    try:
        app.start()
    except OSError as error:
        raise InputError(
            f"nothing can listen on {host}, port {port} ({error.strerror or error}). Give an address of this machine, "
            "and a port that is free."
        ) from error


def _nameless(record: logging.LogRecord) -> bool:
    """Take codes and addresses of visitors out of what is logged."""
    record.msg, record.args = _TELLING.sub("", record.getMessage()), ()
    return True


def _server(notebook: Path, host: str, port: int, code: str, most_megabytes: float) -> dict[str, Any]:
    """Set the server up: one notebook, nothing else, no log of addresses."""
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}
    return {
        "notebook_path": str(notebook),
        "root_dir": str(notebook.parent),
        "ip": host,
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "log_level": 40,
        "token": code,
        "tornado_settings": {
            "headers": headers,
            "log_function": lambda _handler: None,
            "allow_remote_access": not _is_loopback(host),
            "websocket_max_message_size": int(max(64, most_megabytes * 1.5) * 1e6),
            "max_buffer_size": int(max(64, most_megabytes * 1.5) * 1e6),
        },
    }
