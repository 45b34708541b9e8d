"""What may not be in the project: paths of one machine, registries, other people's data, stored outputs."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess

import pytest

# Written in pieces, so that this file does not match itself.
MACHINE_PATHS = [f"/{name}/" for name in ("wo" + "rk", "ro" + "ot", "t" + "mp", "ho" + "me", "Us" + "ers")]
REGISTRIES = [
    "py" + r"pi\.[a-z]+/",
    "python" + "hosted",
    r"registry\.n" + "pm",
    r"deb\.de" + "bian",
    r"conda\.ana" + "conda",
]
FORBIDDEN = re.compile("|".join([rf"(?<![\w.~-]){re.escape(p)}" for p in MACHINE_PATHS] + REGISTRIES))
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
# Parts of a shapefile that hold the name of a projection or an encoding: every writer makes the same bytes.
BOILERPLATE = {".prj", ".cpg"}


LEFT_BEHIND = {".git", ".venv", "out", "dist", "build", "__pycache__", ".hypothesis", ".benchmarks", ".coverage"}


@pytest.fixture(scope="module")
def tracked(repo_root):
    """Give every file git knows or would take; in a copy without git, all but caches and results."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repo_root,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        names = [name for name in listing.stdout.decode("utf-8").split("\0") if name]
        found = [repo_root / name for name in names]
    else:
        found = [
            path
            for path in repo_root.rglob("*")
            if not any(
                part in LEFT_BEHIND or part.endswith(("_cache", "_checkpoints"))
                for part in path.relative_to(repo_root).parts
            )
        ]
    return [path for path in found if path.is_file()]


def text_of(path):
    """Read a file as text; None when it is not text."""
    data = path.read_bytes()
    if b"\0" in data[:8000]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def test_no_path_of_a_machine_and_no_registry(tracked, repo_root):
    found = []
    for path in tracked:
        for number, line in enumerate((text_of(path) or "").splitlines(), 1):
            hit = FORBIDDEN.search(line)
            if hit:
                found.append(f"{path.relative_to(repo_root)}:{number}: {hit.group()}")
    assert found == []


@pytest.mark.parametrize("text", ["open('/wo" + "rk/x')", "see /t" + "mp/x", "https://py" + "pi.org/simple"])
def test_the_rule_sees(text):
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize("text", ["https://www2.census.gov/programs", "frame/wo" + "rk/x", "a/t" + "mp/b"])
def test_the_rule_leaves_alone(text):
    assert not FORBIDDEN.search(text)


def test_text_files_end_with_one_newline_and_unix_lines(tracked, repo_root):
    ours = [p for p in tracked if p.suffix in {".py", ".toml", ".yml", ".md", ".typ", ".lock"} or p.name == "Makefile"]
    wrong = []
    for path in ours:
        text = path.read_bytes()
        if b"\r" in text or (text and (not text.endswith(b"\n") or text.endswith(b"\n\n"))):
            wrong.append(str(path.relative_to(repo_root)))
    assert wrong == []


def test_notebooks_are_stored_without_outputs(tracked):
    for path in tracked:
        if path.suffix != ".ipynb":
            continue
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs"), f"{path.name} has stored outputs"
            assert cell.get("execution_count") is None, f"{path.name} has stored execution counts"


@pytest.mark.real
def test_none_of_the_real_data_is_copied_here(tracked, repo_root, data_dir):
    with (data_dir / "INVENTORY.csv").open(encoding="utf-8", newline="") as stream:
        theirs = {row["sha256"].strip(): row["file"] for row in csv.DictReader(stream)}
    theirs.pop(EMPTY_SHA256, None)
    copied = {
        str(path.relative_to(repo_root)): theirs[digest]
        for path in tracked
        if path.suffix not in BOILERPLATE and (digest := hashlib.sha256(path.read_bytes()).hexdigest()) in theirs
    }
    assert copied == {}


def test_no_key_in_any_file(tracked, repo_root):
    key = re.compile(r"key=[0-9a-f]{40}", re.IGNORECASE)
    found = [str(path.relative_to(repo_root)) for path in tracked if key.search(text_of(path) or "")]
    assert found == []
