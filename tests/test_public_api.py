"""The surface an advocate writes against: what is there, how it is called, and that it loads quickly."""

from __future__ import annotations

import ast
import inspect
import resource
import statistics
import subprocess
import sys

import pytest

import kit

DATA = {"BASES", "DETAIL", "GROUPS", "TIERS", "__version__"}
CALLABLES = sorted(set(kit.__all__) - DATA)
FUNCTIONS = [name for name in CALLABLES if inspect.isfunction(getattr(kit, name))]

# Name → what stands before the star, and what must be named. A trailing "?" marks an optional one.
CONTRACT = {
    "read_pl94171": ("place", "year level source? counties?"),
    "read_acs": ("table place", "year level source? labels?"),
    "read_dhc": ("place", "year level source?"),
    "read_ddhca": ("groups place", "year level source?"),
    "read_units": ("path", "id columns sources? level? year?"),
    "read_plan": ("path", "id? name?"),
    "write_plan": ("plan path", ""),
    "fetch_pl94171": ("place", "year"),
    "place": ("units plan", "rule? outside?"),
    "concentration": ("placement", "group base"),
    "definition_ladder": ("placement", "base"),
    "unit_shares": ("units", "group base"),
    "map_share": ("placement", "group base breaks classes? focus? context? title? ax?"),
    "map_dots": ("placement", "group base per? seed? water? context? ax?"),
    "map_zoom": ("placement", "district? areas? community? group base breaks context?"),
    "map_zooms": ("placement", "districts? group base breaks"),
    "map_language": ("placement", "language? limited? breaks ax?"),
    "read_context": ("", ""),
    "map_compare": ("before after", "group base breaks"),
    "exhibit": ("ax", "number title author"),
    "write_table": ("table path", ""),
    "load_sample": ("name", ""),
    "read_communities": ("path", "name? id? submitter? consent? level? year? crs? layer?"),
    "write_communities": ("communities path", "format? units? blocks? audience?"),
    "mend_communities": ("submissions", "units? rules? release?"),
    "locate_communities": ("communities units", "rule? crs?"),
    "consensus": ("communities units", "group base core? edge? audience?"),
    "statement": ("what units", "group base name? asks? placements? audience?"),
    "round_trip": ("communities path", "format? audience?"),
    "check_wording": ("community", "body? names?"),
    "draw_community": ("", "units folder group base breaks plan? plans? layers?"),
    "map_consensus": ("result", "title? page? ax?"),
    "paper_form": ("path", "numbers? body?"),
    "read_paper_forms": ("path", "key?"),
    "read_registration": ("path layout", "by election? as_of? place_of? history?"),
    "read_returns": ("source", "kind? precinct? contests? columns?"),
    "participation": ("counts", "group citizens? adults? matches? smallest?"),
    "polarization": ("precincts", "groups candidates votes of"),
    "ecological_inference": ("precincts", "groups candidates votes of method? rng?"),
    "contest_table": ("returns", "rule figures group"),
    "replay": ("returns placements", "precincts weight contests? group_preferred?"),
    "read_polling_places": ("path", "id? name? longitude? latitude? precinct?"),
    "rank_polling_places": ("units survey", "places? languages? section203? turnout?"),
    "read_cps": ("path", ""),
    "cps_turnout": ("table", "year group place? weights"),
    "chart_ladder": ("participation", "area? title? ax?"),
    "map_gap": ("participation placement", "rate breaks title? ax?"),
}


def test_every_name_resolves():
    for name in kit.__all__:
        assert getattr(kit, name) is not None
    assert set(kit.__all__) <= set(dir(kit))


def test_the_list_of_names_is_whole():
    assert set(kit.__all__) == set(kit.public.WHERE) | {"__version__"}


def test_a_type_checker_sees_every_name(repo_root):
    tree = ast.parse((repo_root / "kit" / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname or alias.name: f"{node.module}:{alias.name}"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == kit.public.WHERE


def test_unknown_name():
    with pytest.raises(AttributeError, match="module 'kit' has no attribute 'read_mind'"):
        _ = kit.read_mind


def test_version_is_that_of_the_project(repo_root):
    import tomllib

    wanted = tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert kit.__version__ in {wanted, "0+unknown"}


@pytest.mark.parametrize("name", CALLABLES)
def test_docstring(name):
    thing = getattr(kit, name)
    text = inspect.getdoc(thing)
    assert text
    assert thing.__doc__
    if name not in FUNCTIONS:
        return
    if inspect.signature(thing).parameters:
        assert "\nParameters\n-----" in text
    assert (
        "\nReturns\n-----" in text or "\nYields\n-----" in text or inspect.signature(thing).return_annotation == "None"
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_is_typed_and_documented(name):
    thing = inspect.unwrap(getattr(kit, name))
    signature = inspect.signature(thing)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty, parameter.name
        assert parameter.name in thing.__doc__, parameter.name


@pytest.mark.parametrize("name", CONTRACT)
def test_contract(name):
    first, named = (words.split() for words in CONTRACT[name])
    parameters = inspect.signature(getattr(kit, name)).parameters
    positional = [p.name for p in parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD and p.name in first]
    assert positional == first
    assert all(parameters[n].default is inspect.Parameter.empty for n in first)
    for word in named:
        parameter = parameters[word.removesuffix("?")]
        assert parameter.kind is parameter.KEYWORD_ONLY, word
        assert (parameter.default is not parameter.empty) == word.endswith("?"), word


def test_an_exhibit_takes_its_table_second_or_none():
    first, second, *_ = inspect.signature(kit.exhibit).parameters.values()
    assert (first.name, second.name, second.default) == ("ax", "table", None)
    assert second.kind is second.POSITIONAL_OR_KEYWORD


# Maps of lines on which a share may be laid as well: without a group they draw none, and guess nothing.
WITHOUT_A_GROUP = {"map_communities", "map_change", "map_polling"}


@pytest.mark.parametrize("name", sorted(WITHOUT_A_GROUP))
def test_a_share_is_laid_on_only_when_asked_for(name):
    parameters = inspect.signature(getattr(kit, name)).parameters
    assert all(parameters[word].default is None for word in ("group", "base"))


# Files that say their own vintage and level, or need none.
OPTIONAL_VINTAGE = {"read_communities", "read_paper_forms", "read_plan", "read_returns", "read_units"}


# A replay counts votes; the group is only named in its words.
NAMES_A_GROUP = {"replay"}


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in WITHOUT_A_GROUP | NAMES_A_GROUP])
def test_what_cannot_be_guessed_has_no_default(name):
    for parameter in inspect.signature(getattr(kit, name)).parameters.values():
        needed = {"group", "base", "breaks"} | (set() if name in OPTIONAL_VINTAGE else {"year", "level"})
        if parameter.name in needed:
            assert parameter.default is parameter.empty, parameter.name


def cpu_seconds(code):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_import_is_quick():
    """Processor time, so that a busy machine does not matter."""
    assert statistics.median(cpu_seconds("import kit") for _ in range(5)) < 0.3


def test_help_is_quick():
    code = "import sys; sys.argv = ['kit', '--help']; from kit.cli import main; main()"
    assert statistics.median(cpu_seconds(code) for _ in range(5)) < 0.8


def test_using_is_the_one_of_settings():
    with kit.using(offline=True):
        assert kit.current_settings().offline is True
