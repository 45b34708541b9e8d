"""The README is code: every Python block runs, in order, and every command is one that exists."""

from __future__ import annotations

import re
import shlex
import warnings

import pytest

BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELLS = {"console", "sh", "bash", "shell"}


@pytest.fixture(scope="module")
def blocks(repo_root):
    path = repo_root / "README.md"
    assert path.exists(), "README.md is missing"
    return BLOCK.findall(path.read_text(encoding="utf-8"))


@pytest.fixture
def reader_folder(repo_root, tmp_path, monkeypatch):
    """Stand where a reader stands, except that what is written lands in a folder of its own."""
    for name in ("shapefiles", "notebooks"):
        if (repo_root / name).is_dir():
            (tmp_path / name).symlink_to(repo_root / name, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIT_OFFLINE", "1")
    return tmp_path


def commands(blocks):
    """Give the commands of the shell blocks, prompts and comments off."""
    for language, text in blocks:
        if language not in SHELLS:
            continue
        lines = text.replace("\\\n", " ").splitlines()
        prompted = any(line.startswith("$ ") for line in lines)
        for line in lines:
            if prompted and not line.startswith("$ "):
                continue
            command = line.removeprefix("$ ").strip()
            if command and not command.startswith("#"):
                yield command


def test_python_blocks_run_in_order(blocks, reader_folder):
    python = [text for language, text in blocks if language in {"python", "py"}]
    assert python, "README.md shows no Python"
    namespace = {"__name__": "readme"}
    for number, text in enumerate(python, 1):
        with warnings.catch_warnings():
            from kit.errors import DataQualityWarning

            warnings.simplefilter("ignore", DataQualityWarning)
            exec(compile(text, f"README.md, Python block {number}", "exec"), namespace)
    if "plt" in namespace:
        namespace["plt"].close("all")


def test_kit_commands_run(blocks, reader_folder):
    from typer.testing import CliRunner

    from kit.cli import app

    ours = [c for c in commands(blocks) if shlex.split(c)[0] == "kit"]
    assert ours, "README.md shows no kit command"
    for command in ours:
        text, _, comment = command.partition("  #")
        words = shlex.split(text, comments=True)[1:]
        if "network" in comment or words[:1] == ["fetch"]:
            words = [words[0], "--help"]
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, f"{command}\n{result.output}\n{result.exception!r}"


def test_make_commands_exist(blocks, repo_root):
    makefile = (repo_root / "Makefile").read_text(encoding="utf-8")
    for command in commands(blocks):
        words = shlex.split(command, comments=True)
        if words[0] == "make":
            assert re.search(rf"^{re.escape(words[-1])}:", makefile, re.MULTILINE), command


def test_links_into_the_project_lead_somewhere(repo_root):
    text = (repo_root / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (repo_root / target).exists(), f"README.md links to {target}, which is not there"
