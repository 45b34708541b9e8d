"""The command line, run in this process; and once as a program of its own."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

from kit import cli, doctor
from kit.cli import app
from kit.cli_inputs import Wanted, load_plan, load_units, output_names, parse_breaks, parse_columns, sample_of
from kit.errors import DataQualityWarning, InputError, Offline
from kit.settings import current

SAMPLE = ["sample:los_angeles_2010", "sample:a"]
COUNTED = ["--group", "nh_aapi_alone", "--base", "pop"]


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def flat(text):
    return " ".join(text.split())


@pytest.fixture
def tracts(four_squares, tmp_path):
    """Write the four squares as files: a table, shapes, and a plan."""
    import geopandas as gpd

    units, plan = four_squares
    units.frame.rename(columns={"aapi_aoic_vap": "AAPI18"}).to_csv(tmp_path / "blocks.csv")
    gpd.GeoDataFrame(geometry=units.geometry).reset_index().to_file(tmp_path / "blocks.gpkg")
    shapes = gpd.GeoDataFrame({"DISTRICT": list(plan.labels)}, geometry=plan.geometry.to_numpy(), crs=plan.geometry.crs)
    shapes.to_file(tmp_path / "plan.geojson")
    return tmp_path


# Help


@pytest.mark.parametrize("words", [[], ["demo"], ["profile"], ["map"], ["fetch"], ["fetch", "pl94171"], ["doctor"]])
def test_every_command_explains_itself(words):
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output
    if words not in ([], ["fetch"]):
        assert "Examples" in result.output
        assert "kit " + " ".join(words) in result.output


def test_examples_in_help_are_commands_that_exist():
    import shlex

    for command in app.registered_commands + cli.fetch.registered_commands:
        name = ["fetch", command.name] if command in cli.fetch.registered_commands else [command.name]
        options = run(*name, "--help").output
        for example in command.epilog.split("\n\n")[1:]:
            words = shlex.split(example)
            assert words[: 1 + len(name)] == ["kit", *name]
            assert all(word in options for word in words if word.startswith("--"))


# Demo


@pytest.mark.slow
def test_demo_makes_what_it_says(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_OFFLINE", "1")
    result = run("demo", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    named = [Path(line) for line in result.stdout.split("\n\n")[0].splitlines()]
    assert len(named) > 10
    assert all(path.is_file() and path.stat().st_size > 0 for path in named)
    assert {".pdf", ".png", ".svg", ".csv", ".html", ".txt"} <= {path.suffix for path in named}
    assert set(named) == {path for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert "make up" in result.stdout


# Profile


def test_profile_of_the_sample():
    result = run("profile", *SAMPLE, *COUNTED)
    assert result.exit_code == 0, result.output
    text = flat(result.output)
    assert "All 1,351,220 9,818,593 13.8%" in text
    assert "Asian or Native Hawaiian and Other Pacific Islander, one race only; not Hispanic or Latino" in text
    assert "The highest share is in district 2" in text
    assert "U.S. Census Bureau" in text
    assert "Sample data, not for testimony." in text


def test_profile_by_shape_gives_the_same_counts_as_by_list(repo_root):
    listed = run("profile", *SAMPLE, *COUNTED)
    shaped = run("profile", SAMPLE[0], repo_root / "shapefiles" / "la_illustrative_a", *COUNTED)
    rows = [line for line in listed.output.splitlines() if line[:1].isdigit()]
    assert len(rows) == 5
    assert rows == [line for line in shaped.output.splitlines() if line[:1].isdigit()]


def test_profile_of_files(tracts):
    result = run(
        "profile",
        tracts / "blocks.csv",
        tracts / "plan.geojson",
        *("--group", "aapi_aoic", "--base", "vap", "--map-column", "AAPI18=aapi_aoic_vap"),
        *("--shapes", tracts / "blocks.gpkg", "--plan-id", "DISTRICT", "--plan-name", "Two rows"),
        *("--units-title", "Four squares", "--csv", tracts / "t.csv", "--html", tracts / "t.html"),
    )
    assert result.exit_code == 0, result.output
    text = flat(result.output)
    assert "Two rows" in text
    assert "57 230 24.8%" in text
    assert "29 500 5.8%" in text
    assert "Four squares" in text
    assert "Sample data" not in text
    table = pd.read_csv(tracts / "t.csv", dtype=str, comment="#")
    assert {"57", "29"} <= set(table["count"])
    assert "<table" in (tracts / "t.html").read_text(encoding="utf-8")


def test_profile_shows_asian_and_nhpi_apart(tracts):
    result = run(
        "profile",
        tracts / "blocks.csv",
        tracts / "plan.geojson",
        *("--group", "aapi_alone", "--base", "pop", "--shapes", tracts / "blocks.gpkg"),
        *("--map-column", "AAPI18=aapi_aoic_vap", "--plan-id", "DISTRICT"),
    )
    assert result.exit_code == 0, result.output
    assert "Asian share" in flat(result.output)
    assert "NHPI share" in flat(result.output)
    assert "65 300 21.7% 20.0% 1.7%" in flat(result.output)


@pytest.mark.real
def test_profile_of_a_whole_state_equals_a_plain_sum(data_dir, tmp_path):
    """Hawaii's blocks in its 51 House districts, against the two files joined and added up by hand."""
    blocks, plan = data_dir / "hawaii" / "hi_2020_block.csv", data_dir / "hawaii" / "plans" / "HI_SLDL_bef.zip"
    result = run(
        *("profile", blocks, plan, "--group", "nh_asian_alone", "--base", "vap", "--id", "GEOID20", "--year", 2020),
        *("--map-column", "vap=total_vap", "--map-column", "vap_asian=nh_asian_alone_vap", "--csv", tmp_path / "t.csv"),
    )
    assert result.exit_code == 0, result.output
    frame = pd.read_csv(blocks, dtype={"GEOID20": str}).set_index("GEOID20")
    wanted = frame.groupby(pd.read_csv(plan, dtype=str).set_index("GEO")["SLDL"])[["vap_asian", "vap"]].sum()
    table = pd.read_csv(tmp_path / "t.csv", dtype={"district": str}, comment="#").set_index("district")
    found = table.loc[wanted.index, ["count", "base"]].astype(int)
    assert len(found) == 51
    assert (found.to_numpy() == wanted.to_numpy()).all()
    assert f"{wanted['vap'].sum():,}" in result.output


# Errors


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["nope.csv", "sample:a", *COUNTED],
            "there is no file 'nope.csv' for the units. Check the path; to try the kit,",
        ),
        ([SAMPLE[0], "nope.zip", *COUNTED], "there is no file 'nope.zip' for the plan."),
        ([SAMPLE[0], "sample:z", *COUNTED], "the sample has no plan called 'z'; its plans are sample:a, sample:b."),
        (["sample:mars", "sample:a", *COUNTED], "no sample is called 'mars'"),
        ([*SAMPLE, "--group", "aapi_aiac", "--base", "pop"], "no group is called 'aapi_aiac'; did you mean aapi_aoic"),
        ([*SAMPLE, "--group", "aapi_aoic", "--base", "adults"], "no base is called 'adults'"),
        ([*SAMPLE, "--group", "aapi_aoic", "--base", "vap"], "these units have no column"),
        ([*SAMPLE, *COUNTED, "--rule", "guess"], "rule is one of auto, assignment, point, area, not 'guess'."),
    ],
)
def test_deliberate_errors_are_told_in_one_line(words, told):
    result = run("profile", *words)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) <= 3


def test_raw_files_need_state_year_and_level(tmp_path):
    (tmp_path / "hi2020.pl.zip").write_bytes(b"PK")
    result = run("profile", tmp_path / "hi2020.pl.zip", "sample:a", *COUNTED)
    assert result.exit_code == 1
    assert "say which with --state, --year and --level" in result.stderr
    result = run("profile", tmp_path / "hi2020.pl.zip", "sample:a", *COUNTED, "--state", "HI")
    assert result.exit_code == 1
    assert "need --year and --level as well as --state" in result.stderr


def test_shapes_without_the_id_column(tracts):
    import geopandas as gpd

    gpd.read_file(tracts / "blocks.gpkg").rename(columns={"GEOID": "ID"}).to_file(tracts / "other.gpkg")
    result = run(
        *("profile", tracts / "blocks.csv", tracts / "plan.geojson", "--group", "asian_alone", "--base", "vap"),
        *("--map-column", "AAPI18=aapi_aoic_vap", "--shapes", tracts / "other.gpkg"),
    )
    assert result.exit_code == 1
    assert "other.gpkg has no column 'GEOID' or GEOID to join on; it has ID, geometry." in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["profile"],
        ["profile", *SAMPLE],
        ["profile", *SAMPLE, *COUNTED, "--colour", "red"],
        ["map", *SAMPLE, *COUNTED],
        ["profile", *SAMPLE, *COUNTED, "--year", "soon"],
        ["testify"],
        ["fetch", "pl94171", "HI"],
    ],
)
def test_misspelt_commands_have_status_2(words):
    assert run(*words).exit_code == 2


def test_notes_about_data_are_told_as_notes(monkeypatch):
    def noisy(*_, **__):
        warnings.warn("312 blocks have no people.", DataQualityWarning, stacklevel=1)
        raise InputError("stop here.")

    monkeypatch.setattr("kit.analysis.concentration.concentration", noisy)
    before = warnings.showwarning
    result = run("profile", *SAMPLE, *COUNTED)
    assert result.stderr.splitlines() == ["Note: 312 blocks have no people.", "Error: stop here."]
    assert warnings.showwarning is before


def test_stopped_by_hand(monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("kit.analysis.concentration.concentration", stopped)
    result = run("profile", *SAMPLE, *COUNTED)
    assert result.exit_code == 130
    assert "Stopped." in result.stderr


def test_main_stops_with_130(monkeypatch):
    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", stopped)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 130


def test_progress_is_on_inside_a_command_only(monkeypatch):
    seen = []
    monkeypatch.setattr("kit.doctor.examine", lambda: seen.append(current().progress) or [])
    assert run("doctor").exit_code == 0
    assert seen == [True]
    assert current().progress is False


# Map


def test_map_is_written_in_the_format_of_its_name(tmp_path):
    result = run(
        "map", *SAMPLE, *COUNTED, "--breaks", "0,10%,20%,.5,1", "--out", tmp_path / "m.svg", "--title", "Trial"
    )
    assert result.exit_code == 0, result.output
    assert (tmp_path / "m.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")
    assert not (tmp_path / "m.png").exists()
    assert "m.svg" in result.output
    assert "Sample data, not for testimony." in result.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--breaks", "0,ten,1", "--out", "m.png"], "'ten' in the breaks is not a number"),
        (["--breaks", "0,1", "--out", "m.png", "--format", "jpg"], "maps are written as pdf, png, svg, not 'jpg'."),
        (["--breaks", "0,.5", "--out", "m.png"], "Error: "),
    ],
)
def test_map_refuses(options, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("map", *SAMPLE, *COUNTED, *options)
    assert result.exit_code == 1
    assert told in result.stderr
    assert list(tmp_path.iterdir()) == []


# Fetch


def test_fetch_prints_where_the_file_is(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(
        "kit.sources.download.fetch_pl94171", lambda place, *, year: asked.append((place, year)) or tmp_path
    )
    result = run("fetch", "pl94171", "HI", "--year", "2020")
    assert (result.exit_code, result.stdout.strip()) == (0, str(tmp_path))
    assert asked == [("HI", 2020)]


def test_fetch_without_network(monkeypatch):
    monkeypatch.setenv("KIT_OFFLINE", "1")
    result = run("fetch", "pl94171", "HI", "--year", "2020")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    assert Offline.__name__ not in result.stderr


# Doctor


def test_doctor_is_content_here():
    result = run("doctor")
    assert result.exit_code == 0, result.output
    for what in ("Python:", "matplotlib 3.", "CENSUS_API_KEY: not set", "Cache:", "Free disk", "Network: allowed"):
        assert what in result.output
    assert "BAD" not in result.output


def test_doctor_never_shows_the_key(monkeypatch):
    monkeypatch.setenv("CENSUS_API_KEY", "0123456789abcdef")
    output = run("doctor").output
    assert "CENSUS_API_KEY: set (it is not shown)" in output
    assert "0123456789abcdef" not in output


def test_doctor_on_an_old_matplotlib(monkeypatch):
    real = importlib.metadata.version
    monkeypatch.setattr(doctor, "version", lambda name: "3.10.9" if name == "matplotlib" else real(name))
    result = run("doctor")
    assert result.exit_code == 1
    assert "BAD   matplotlib: 3.10.9" in result.output
    assert "The kit needs matplotlib 3.11 or newer. Older ones cannot shape Indic" in flat(result.output)


def test_doctor_on_a_missing_library(monkeypatch):
    def lacking(name):
        if name == "pooch":
            raise importlib.metadata.PackageNotFoundError(name)
        return "99"

    monkeypatch.setattr(doctor, "version", lacking)
    monkeypatch.setattr(doctor, "_floors", lambda: {"pooch": "1.8.2", "numpy": "2.4"})
    found = {f.what: f for f in doctor.examine()}
    assert found["pooch"].good is False
    assert found["pooch"].advice == "Install pooch 1.8.2 or newer."
    assert found["Libraries"].found == "numpy 99"


def test_doctor_without_the_kits_own_record(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "requires", missing)
    assert doctor._floors() == {"matplotlib": "3.11"}


def test_doctor_reads_floors_from_the_record(monkeypatch):
    lines = ["matplotlib>=3.11", "numpy>=2.4.6", "ruff>=0.11 ; extra == 'dev'"]
    monkeypatch.setattr(doctor, "requires", lambda name: lines)
    assert doctor._floors() == {"matplotlib": "3.11", "numpy": "2.4.6"}


def test_doctor_on_an_old_python(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 1))
    found = doctor._python()
    assert (found.good, found.advice) == (False, "The kit needs Python 3.11 or newer.")


def test_doctor_names_languages_without_a_font(monkeypatch):
    monkeypatch.setattr("kit.i18n.fonts.font_of", {"km": "Noto Sans Khmer"}.get)
    found = {finding.what.removeprefix("Font for "): finding for finding in doctor._fonts()}
    assert (found["Khmer"].found, found["Khmer"].good) == ("Noto Sans Khmer", True)
    assert (found["Korean"].found, found["Korean"].good) == ("none", None)
    assert "Only maps and pages in that language need it. Install fonts-noto-cjk" in found["Korean"].advice


def test_doctor_on_a_cache_that_cannot_be_written(monkeypatch):
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    found = doctor._cache()[0]
    assert (found.good, found.advice) == (False, "It cannot be written; set KIT_CACHE to a folder of your own.")


def test_doctor_counts_the_cache(monkeypatch, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.zip").write_bytes(b"x" * 1_500_000)
    monkeypatch.setenv("KIT_CACHE", str(tmp_path))
    assert "(1 files, 1.5 MB)" in doctor._cache()[0].found
    monkeypatch.setenv("KIT_CACHE", str(tmp_path / "none" / "yet"))
    assert doctor._cache()[0].found.endswith("(not made yet)")
    assert doctor._cache()[0].good is True


def test_doctor_on_a_full_disk(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    found = doctor._cache()[1]
    assert (found.good, found.found) == (None, "0.0 GB")
    assert "2 GB" in found.advice


def test_doctor_offline(monkeypatch):
    monkeypatch.setenv("KIT_OFFLINE", "1")
    assert doctor._network().found == "forbidden by KIT_OFFLINE"


# What words name


@pytest.mark.parametrize("text", ["", "0,,1", "a", "0;1", "10%%"])
def test_breaks_that_are_no_numbers(text):
    with pytest.raises(InputError, match="in the breaks is not a number; write them like"):
        parse_breaks(text)


@pytest.mark.parametrize("pair", ["A", "=a", "A=", ""])
def test_column_pairs_that_are_none(pair):
    with pytest.raises(InputError, match="is not of the form FILECOLUMN=KITCOLUMN"):
        parse_columns([pair])


@pytest.mark.parametrize("pairs", [["A=x", "A=y"], ["A=x", "B=x"]])
def test_columns_named_twice(pairs):
    with pytest.raises(InputError, match="maps a column that is mapped already"):
        parse_columns(pairs)


def test_columns_with_an_equals_sign_in_the_files_name():
    assert parse_columns(["P=1 = total_pop"]) == {"P=1": "total_pop"}


@pytest.mark.parametrize(
    ("out", "formats", "wanted"),
    [
        ("m.png", None, ("m", ("png",))),
        ("m", None, ("m", ("pdf", "png", "svg"))),
        ("m.PDF", "svg, png", ("m", ("svg", "png"))),
        ("district.2", "pdf", ("district.2", ("pdf",))),
    ],
)
def test_output_names(out, formats, wanted):
    stem, found = output_names(Path(out), formats)
    assert (str(stem), found) == wanted


def test_a_table_without_a_known_column(tmp_path):
    (tmp_path / "t.csv").write_text("GEOID,POP\n15001,3\n")
    with pytest.raises(InputError, match="no column of t.csv is named as the kit names them.*--map-column TOTPOP="):
        load_units(Wanted(str(tmp_path / "t.csv"), "sample:a"))


def test_a_mapped_column_goes_before_one_of_that_name(tmp_path):
    (tmp_path / "t.csv").write_text("GEOID,POP,total_pop,P0010006,name\n15001,3,4,1,Hilo\n")
    units = load_units(
        Wanted(str(tmp_path / "t.csv"), "sample:a", columns=("POP=total_pop",), level="county", year=2020)
    )
    assert units.frame["total_pop"].tolist() == [3]
    assert units.frame["asian_alone_pop"].tolist() == [1]
    assert (units.level, units.year, units.sources[0].title) == ("county", 2020, "t.csv")


def test_a_word_that_names_no_sample():
    assert sample_of("blocks.csv") is None


def test_a_sample_plan_for_units_of_ones_own(four_squares):
    wanted = Wanted("blocks.csv", "sample:b")
    assert load_plan(wanted, four_squares[0]).labels == ("1", "2", "3", "4", "5")


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(InputError, match="looks like raw P.L. 94-171 files"):
        load_units(Wanted(str(tmp_path), "sample:a"))


# As a program


def program(*words, cwd):
    code = "import sys; from kit.cli import main; sys.argv[0] = 'kit'; main()"
    environment = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )


def test_as_a_program(tmp_path):
    good = program("profile", *SAMPLE, *COUNTED, "--csv", "t.csv", cwd=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    assert (tmp_path / "t.csv").is_file()
    bad = program("profile", "nope.csv", "sample:a", *COUNTED, cwd=tmp_path)
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr.count("\n") == 1


def test_output_can_be_piped_through_json_safe_text(tmp_path):
    """No colour codes reach a pipe."""
    out = program("profile", *SAMPLE, *COUNTED, cwd=tmp_path).stdout
    assert "\x1b" not in out
    assert json.loads(json.dumps(out)) == out
