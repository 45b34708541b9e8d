"""What the volunteers' page logs, which is nobody's code or address, and where it cannot be served."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from http.client import HTTPConnection

import nbformat
import pytest
from typer.testing import CliRunner

from kit.cli import app

CODE = "lantern-hill-4711"
RETURN = "0123456789abcdef" * 2
SERVE = """
import sys
from pathlib import Path
from kit.intake_page import serve
serve(Path(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), code=sys.argv[3], most_megabytes=1, most_people=0)
"""


def ask(port, path, method="GET", body=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.fixture
def notebook(tmp_path):
    (tmp_path / "served").mkdir()
    path = tmp_path / "served" / "intake.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)
    return path


def test_no_code_and_no_address_is_logged(tmp_path, notebook):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVE, str(notebook), str(port), CODE]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            until = time.monotonic() + 60
            while True:
                try:
                    ask(port, "/login")
                    break
                except OSError:
                    assert time.monotonic() < until, "the server does not answer"
                    time.sleep(0.2)
            codes = f"?token={CODE}&return={RETURN}"
            assert ask(port, f"/{codes}") == 503  # everybody's place is taken
            assert ask(port, f"/voila/files/x{codes}") == 403
            assert ask(port, f"/voila/templates/x{codes}") == 500  # what Voila itself does not expect
            assert ask(port, f"/login{codes}", "POST", f"password={CODE}") >= 400
        finally:
            server.terminate()
    told = (tmp_path / "log").read_text("utf-8")
    assert "/voila/files/x" in told
    assert not [one for one in (CODE, RETURN, "token", "127.0.0.1)", "remote_ip") if one in told]


def test_an_address_where_nothing_can_listen_is_told_so(notebook):
    command = [sys.executable, "-c", SERVE, str(notebook), "-4", CODE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "InputError: nothing can listen on 127.0.0.1, port -4 (" in done.stderr


@pytest.mark.parametrize("how", [("--port", "70000"), ("--port", "0"), ("--people", "0"), ("--megabytes", "-1")])
def test_sizes_that_make_no_sense_are_refused(tmp_path, how):
    given = ["sample:fictional_county", "sample:a", "--group", "aapi_aoic", "--base", "pop", "--breaks", "0,.1,1"]
    found = CliRunner().invoke(app, ["intake", *given, "--to", str(tmp_path / "told"), *how])
    assert found.exit_code == 2
    assert how[0] in found.output
    assert not (tmp_path / "told").exists()
