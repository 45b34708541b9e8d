"""The commands ``kit new hearing`` and ``kit build``."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit import cli_hearing
from kit.cli import app
from kit.hearing_file import load_hearing

TEXT = """
body = "Fairwater County Board"
date = 2030-01-15
place = "County hall"
jurisdiction = "Fairwater County (fictional)"
speaker = "May Lee"
contact = "may@example.org"
ask = "Keep Lantern Hill in one district."
groups = ["aapi_aoic"]
bases = ["vap"]
breaks = [0, 0.1, 0.3, 0.5, 1]
maps = []
units = { source = "sample:fictional_county" }
plans = [ { path = "sample:a" } ]
claims = [ { kind = "majority", district = "2" } ]
"""


def run(*words, given=None):
    return CliRunner().invoke(app, [str(word) for word in words], input=given)


def flat(text):
    return " ".join(text.split())


@pytest.mark.parametrize("words", [["new", "hearing"], ["build"]])
def test_each_command_explains_itself(words):
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert f"kit {' '.join(words)}" in result.output
    assert "Examples" in result.output


def test_a_file_is_written_from_options(tmp_path):
    result = run(
        "new", "hearing", tmp_path / "town", "--body", "Town Board", "--date", "2031-05-06", "--speaker", "Ana"
    )
    assert result.exit_code == 0
    assert "It builds at once on sample data." in flat(result.output)
    hearing = load_hearing(tmp_path / "town")
    assert (hearing.body, hearing.date.isoformat(), hearing.speaker) == ("Town Board", "2031-05-06", "Ana")
    again = run("new", "hearing", tmp_path / "town")
    assert again.exit_code == 1
    assert "hearing.toml is there already, and nothing is written over" in flat(again.output)


def test_on_a_terminal_it_asks_for_what_no_option_says(tmp_path, monkeypatch):
    class Terminal:
        """Standard input that says it is a terminal."""

        def __init__(self, stream):
            self.stream = stream

        def isatty(self):
            return True

        def __getattr__(self, name):
            return getattr(self.stream, name)

    real = cli_hearing.sys.stdin

    class Sys:
        """The module ``sys``, with a terminal."""

        stdin = Terminal(real)

    monkeypatch.setattr(cli_hearing, "sys", Sys)
    given = "Town Board\n2031-05-06\n\n\n\nAna\n\n\nKeep us whole.\n"
    result = run(
        "new", "hearing", tmp_path, "--contact", "ana@example.org", given=given.replace("Ana\n\n\n", "Ana\n\n")
    )
    assert result.exit_code == 0, result.output
    assert "Who holds the hearing?" in result.output
    assert "How can you be reached?" not in result.output
    hearing = load_hearing(tmp_path)
    assert (hearing.body, hearing.speaker, hearing.contact) == ("Town Board", "Ana", "ana@example.org")
    assert hearing.time == "18:30"
    assert hearing.ask == "Keep us whole."


def test_a_packet_is_built_and_checked(tmp_path):
    path = tmp_path / "hearing.toml"
    path.write_text(TEXT, encoding="utf-8")
    made = run("build", path)
    assert made.exit_code == 0, made.output
    assert "packet.pdf" in made.output
    assert "claims[0] (majority) is printed weaker" in made.output
    assert "Read" not in made.stdout
    checked = run("build", "--check", tmp_path / "packet")
    assert checked.exit_code == 0, checked.output
    assert checked.stdout == "The packet was made again, byte for byte.\n"
    (tmp_path / "packet" / "packet.html").write_text("x", encoding="utf-8")
    changed = run("build", "--check", tmp_path / "packet")
    assert changed.exit_code == 1
    assert "Files that were changed after they were made: packet.html." in flat(changed.output)
    kept = run("build", path)
    assert kept.exit_code == 1
    assert "would lose work: changed by hand: packet.html" in flat(kept.output)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["build"], "say which hearing: kit build hearing.toml"),
        (["build", "nowhere.toml"], "there is no file 'nowhere.toml' here"),
        (["build", "--check", "x", "--out", "y"], "--check compares and writes nothing"),
        (["build", "--check", "nowhere"], "nowhere is no packet"),
    ],
)
def test_what_is_missing_is_told_in_one_line(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 1
    assert told in flat(result.output)


def test_faults_come_one_a_line(tmp_path):
    path = tmp_path / "hearing.toml"
    path.write_text(TEXT.replace("speaker", "speakr"), encoding="utf-8")
    result = run("build", path)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert lines[0] == "Error: hearing.toml has 2 faults:"
    assert lines[1:] == [
        "- speaker: missing; expected who speaks, by name",
        "- speakr: no such key; did you mean speaker?",
    ]


def test_the_command_line_starts_without_reading_hearings(monkeypatch):
    """Help and other commands load neither pydantic nor the room of reports."""
    loaded = []
    real = builtins.__import__

    def watch(name, *rest):
        loaded.append(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", watch)
    assert run("new", "hearing", "--help").exit_code == 0
    assert not [name for name in loaded if name.startswith(("kit.hearing", "pydantic"))]
    assert Path(cli_hearing.__file__).name == "cli_hearing.py"
