"""The three lists of what the kit needs, held equal: pyproject.toml, environment.yml, requirements.lock."""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

# Names that differ on conda-forge.
CONDA_TO_PYPI = {"matplotlib-base": "matplotlib"}
CONDA_LINE = re.compile(r"([a-z][a-z0-9._-]*)>=([0-9][0-9.]*)")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?: ; ([^\\]+?))? \\$")


@pytest.fixture(scope="module")
def project(repo_root):
    return tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def conda(repo_root):
    return yaml.safe_load((repo_root / "environment.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(repo_root):
    return (repo_root / "requirements.lock").read_text(encoding="utf-8")


def floors(requirements):
    """Map each name to its floor."""
    found = {}
    for text in requirements:
        requirement = Requirement(text)
        assert all(s.operator == ">=" for s in requirement.specifier), (
            f"{text}: only floors, written >=, are kept equal"
        )
        found[canonicalize_name(requirement.name)] = next((s.version for s in requirement.specifier), "")
    return found


def test_environment_yml_has_the_names_and_floors_of_pyproject(project, conda):
    wanted = floors(project["dependencies"] + project["optional-dependencies"]["notebooks"])
    lines = conda["dependencies"]
    pip_lines = next(line["pip"] for line in lines if isinstance(line, dict))
    found = {}
    for line in lines:
        if isinstance(line, dict) or line == "pip":
            continue
        match = CONDA_LINE.fullmatch(line)
        assert match, f"{line!r} is not of the form name>=floor"
        found[CONDA_TO_PYPI.get(match[1], match[1])] = match[2]
    assert found.pop("python") == project["requires-python"].removeprefix(">=")
    assert pip_lines[-1] == "-e ."
    assert found | floors(pip_lines[:-1]) == wanted


def test_environment_yml_names_one_public_channel(conda):
    assert conda["channels"] == ["conda-forge"]
    assert conda["name"] == "aapi-redistricting-kit"


def test_lock_meets_every_floor(project, lock):
    pins = {canonicalize_name(m[1]): Version(m[2]) for line in lock.splitlines() if (m := PIN.match(line))}
    everything = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        everything += extra
    for text in everything:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not in requirements.lock; run make lock"
        assert pins[name] in requirement.specifier, f"requirements.lock has {name} {pins[name]}; run make lock"


def test_lock_is_pins_with_hashes_and_nothing_else(lock):
    lines = lock.splitlines()
    assert lines[0].startswith("#")
    assert lines[1].strip("# ") == "make lock"
    assert "://" not in lock
    names = []
    for number, line in enumerate(lines[2:], 3):
        if line.startswith("    --hash=sha256:"):
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), f"line {number}: {line}"
            continue
        match = PIN.match(line)
        assert match, f"line {number} is neither a pin nor a hash: {line}"
        Requirement(line.removesuffix(" \\"))
        assert lines[number].startswith("    --hash=sha256:"), f"{match[1]} has no hash"
        names.append(canonicalize_name(match[1]))
    assert names == sorted(names)


def test_no_uv_lock(repo_root):
    assert not (repo_root / "uv.lock").exists()


def test_make_and_ci_do_what_the_readme_promises(repo_root):
    makefile = (repo_root / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test", "lab", "bench", "lock", "format", "check", "clean", "help"):
        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE), f"make {target} is missing or says nothing"
    run = repo_root / ".ci" / "run"
    assert run.stat().st_mode & 0o111
    assert "make test" in run.read_text(encoding="utf-8")
    assert (repo_root / ".ci" / "set-up").stat().st_mode & 0o111
