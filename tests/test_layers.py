"""Who may look at whom, and what no module of the kit may do. Read from the syntax tree, imports inside functions too."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KIT = ROOT / "kit"

GROUND = {"errors", "settings", "files", "progress", "i18n"}
# Room → the rooms it may import from. Data flows sources → model → analysis → maps → report.
MAY_IMPORT = {
    "errors": set(),
    "files": {"errors"},
    "settings": {"errors", "i18n"},  # a language is known before it is taken
    "progress": {"errors", "settings"},
    "model": GROUND | {"model"},
    "i18n": GROUND,
    "sources": GROUND | {"model", "sources"},
    "analysis": GROUND | {"model", "analysis"},
    "maps": GROUND | {"model", "analysis", "maps"},
    "report": GROUND | {"model", "analysis", "maps", "report"},
    "intake": GROUND | {"model", "intake"},
}
SEES_EVERYTHING = {
    "__init__",
    "public",
    "cli",
    "cli_inputs",
    "cli_pack",
    "cli_words",
    "hearing",
    "samples",
    "demo",
    "doctor",
}
HEARING = (
    "charts",
    "data",
    "drawing",
    "exhibits",
    "faults",
    "file",
    "keys",
    "lacking",
    "languages",
    "manifest",
    "new",
    "outputs",
    "packet",
    "pages",
    "sources",
    "vote_keys",
    "votes",
    "words",
    "work",
)
COMMANDS = (
    "catalogue",
    "compare",
    "files",
    "intake",
    "layout",
    "lists",
    "measure",
    "options",
    "paper",
    "session",
    "tables",
)
SEES_EVERYTHING |= {f"cli_{part}" for part in COMMANDS}
SEES_EVERYTHING |= {"community_proof", "drawing", "intake_page", "paper"}
SEES_EVERYTHING |= {"catalogue", "cli_hearing", *(f"hearing_{part}" for part in HEARING)}
MAX_LINES = 400

# Not loaded when the kit is imported or the command line starts.
HEAVY = {
    "geopandas",
    "matplotlib",
    "pyogrio",
    "requests",
    "pooch",
    "typst",
    "pyarrow",
    "pyproj",
    "shapely",
    "cmcrameri",
}
STARTS_WITHOUT = {
    "__init__": HEAVY | {"pandas", "numpy", "rich", "typer", "platformdirs", "pydantic"},
    "cli": HEAVY | {"pandas", "numpy", "rich"},
    "cli_inputs": HEAVY | {"pandas", "numpy", "rich", "typer"},
    "cli_hearing": HEAVY | {"pandas", "numpy", "rich", "pydantic"},
    "cli_pack": HEAVY | {"pandas", "numpy", "rich", "requests", "pooch"},
    "cli_words": HEAVY | {"pandas", "numpy", "rich", "typer"},
    "catalogue": HEAVY | {"pandas", "numpy", "rich", "babel"},
    "doctor": HEAVY | {"pandas", "numpy", "rich", "typer"},
    "errors": HEAVY | {"pandas", "numpy", "rich"},
    "settings": HEAVY | {"pandas", "numpy", "rich", "platformdirs"},
    "files": HEAVY | {"pandas", "numpy"},
    "progress": HEAVY | {"pandas", "numpy", "rich"},
    "i18n": HEAVY | {"pandas", "numpy", "rich", "babel", "fontTools"},
    "model": HEAVY,
    "analysis": HEAVY,
    "intake": HEAVY,
    "sources": HEAVY - {"requests", "pooch"},  # what they are for; nothing imports them at the start
}

STARTS_WITHOUT |= {f"cli_{part}": HEAVY | {"pandas", "numpy", "rich"} for part in COMMANDS}


def modules():
    return sorted(p for p in KIT.rglob("*.py") if "build" not in p.relative_to(KIT).parts)


def name_of(path):
    return path.relative_to(ROOT).as_posix()


every_module = pytest.mark.parametrize("path", modules(), ids=name_of)


def room_of(path):
    """Name the room a module belongs to: its folder, or its own name at the top."""
    first = path.relative_to(KIT).parts[0]
    return first.removesuffix(".py")


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(node):
    """Name what an import statement imports, in full."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def dynamic_import(node):
    """Name the module in ``import_module("kit.x")``, where it is written out."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {
        "import_module",
        "__import__",
    }:
        return [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return []


def faults_of_layers(tree, room, name):
    allowed = MAY_IMPORT[room]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{name}:{node.lineno} uses a relative import"
        for target in imported(node) + dynamic_import(node):
            parts = target.split(".")
            if parts[0] != "kit":
                continue
            if len(parts) == 1 or parts[1] not in allowed:
                yield f"{name}:{node.lineno} imports {target}"


@every_module
def test_imports_point_at_the_model(path):
    room = room_of(path)
    if room in SEES_EVERYTHING:
        return
    assert room in MAY_IMPORT, f"kit/{room} is a new room: say in this test what it may import"
    assert list(faults_of_layers(tree_of(path), room, name_of(path))) == []


@pytest.mark.parametrize(
    "text",
    [
        "import kit.sources.plans",
        "def f():\n    from kit.sources import plans",
        "from kit import sources",
        "import kit",
        "from .x import y",
        "import importlib\nimportlib.import_module('kit.sources.plans')",
    ],
)
def test_the_layer_rule_sees(text):
    assert len(list(faults_of_layers(ast.parse(text), "analysis", "x"))) == 1


@every_module
def test_modules_stay_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{name_of(path)} has {lines} lines; split it by duty"


def runs_at_import(tree):
    """Give the statements that run when the module is imported, those under TYPE_CHECKING left out."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        waiting.extend(ast.iter_child_nodes(node))


@every_module
def test_heavy_libraries_load_where_they_are_used(path):
    banned = STARTS_WITHOUT.get(room_of(path), set())
    found = [
        f"{name_of(path)}:{node.lineno} imports {target}"
        for node in runs_at_import(tree_of(path))
        for target in imported(node)
        if target.split(".")[0] in banned
    ]
    assert found == []


def reraises(handler):
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def faults_of_conduct(tree):
    quiet = {
        call
        for node in ast.walk(tree)
        if isinstance(node, ast.With) and any("catch_warnings" in ast.unparse(i.context_expr) for i in node.items)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node.lineno, "assert"
        elif isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            blind = node.type is None or {"Exception", "BaseException"} & set(caught.strip("()").split(", "))
            if blind and not reraises(node):
                yield node.lineno, f"except {caught}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in {"print", "breakpoint", "exec", "eval"}:
                yield node.lineno, f"{called}("
            elif called.endswith(("filterwarnings", "simplefilter")) and node not in quiet:
                yield node.lineno, f"{called}( outside catch_warnings"
            elif called in {"np.random.seed", "random.seed", "plt.show", "matplotlib.use", "logging.basicConfig"}:
                yield node.lineno, f"{called}("
            elif called.endswith(".fillna") and [ast.unparse(a) for a in node.args] in (["0"], ["0.0"]):
                yield node.lineno, "fillna(0): missing is not zero"
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(t, ast.Subscript) and "rcParams" in ast.unparse(t.value) for t in targets):
                yield node.lineno, "rcParams changed for everybody; use rc_context"


@every_module
def test_conduct(path):
    found = [f"{name_of(path)}:{line} {what}" for line, what in faults_of_conduct(tree_of(path))]
    assert found == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("assert x", 1),
        ("try:\n    f()\nexcept:\n    pass", 1),
        ("try:\n    f()\nexcept (ValueError, Exception):\n    pass", 1),
        ("try:\n    f()\nexcept BaseException:\n    tidy()\n    raise", 0),
        ("try:\n    f()\nexcept ValueError:\n    pass", 0),
        ("print(1)", 1),
        ("console.print(1)", 0),
        ("import warnings\nwarnings.simplefilter('ignore')", 1),
        ("import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')", 0),
        ("mpl.rcParams['x'] = 1", 1),
        ("s.fillna(0)", 1),
        ("s.fillna('')", 0),
    ],
)
def test_the_conduct_rule_sees(text, count):
    assert len(list(faults_of_conduct(ast.parse(text)))) == count


def test_import_kit_loads_nothing_heavy():
    code = "import sys, kit; print(','.join(sorted(m for m in sys.modules if '.' not in m)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert set(out.strip().split(",")) & STARTS_WITHOUT["__init__"] == set()
