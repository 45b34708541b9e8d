"""What the command line says when files are in the way, and that its advice can be typed."""

from __future__ import annotations

import errno
import runpy
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from typer.testing import CliRunner

import kit
from kit.cli import app
from kit.cli_words import in_words_of_the_command_line, refuse_overwriting, trouble_with_a_file
from kit.errors import InputError

MAKER = Path(__file__).resolve().parents[1] / "sources" / "pl_maker.py"
COUNTED = ["--group", "aapi_aoic", "--base", "vap"]


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def squares(four_squares, tmp_path):
    """Write four squares with counts and shapes, and a plan with and without its CRS."""
    units, plan = four_squares
    units.frame.to_csv(tmp_path / "blocks.csv")
    gpd.GeoDataFrame(units.frame, geometry=units.geometry).reset_index().to_file(tmp_path / "shapes.gpkg")
    shapes = gpd.GeoDataFrame({"DISTRICT": list(plan.labels)}, geometry=plan.geometry.to_numpy(), crs=plan.geometry.crs)
    (tmp_path / "shp").mkdir()
    shapes.to_file(tmp_path / "shp" / "plan.shp")
    for name, without in (("plan.zip", ""), ("bare.zip", ".prj")):
        with zipfile.ZipFile(tmp_path / name, "w") as bag:
            for part in sorted((tmp_path / "shp").iterdir()):
                if part.suffix != without:
                    bag.write(part, part.name)
    return tmp_path


@pytest.fixture(scope="module")
def sources_maker():
    """Give the class that writes made-up redistricting files."""
    return runpy.run_path(str(MAKER))["Maker"]


def test_advice_names_options_that_exist(squares):
    options = " ".join(run("profile", "--help").output.split())
    for advice in ("--outside", "--rule", "--plan-crs", "--shapes", "--plan-id", "--level"):
        assert advice in options
    told = run("profile", squares / "blocks.csv", squares / "plan.zip", *COUNTED)
    assert told.exit_code == 1
    assert "Add them with --shapes FILE" in told.stderr
    assert "with_geometry" not in told.stderr


def test_a_plan_without_a_crs_can_be_read_when_it_is_said(squares):
    words = ["profile", squares / "shapes.gpkg", squares / "bare.zip", *COUNTED]
    told = run(*words)
    assert told.exit_code == 1
    assert "has no coordinate reference system" in told.stderr
    crs = gpd.read_file(squares / "shp" / "plan.shp").crs.to_string()
    assert run(*words, "--plan-crs", crs).exit_code == 0


def test_a_misspelt_group_is_told_with_all_the_ids():
    assert "All ids: asian_alone, nh_asian_alone" in in_words_of_the_command_line("All ids: kit.GROUPS.")


@pytest.mark.parametrize("option", ["--csv", "--html"])
def test_a_table_is_not_written_over_what_it_is_made_from(squares, option):
    suffix = option.removeprefix("--")
    mine = squares / f"blocks.{suffix}"
    mine.write_bytes((squares / "blocks.csv").read_bytes())
    before = mine.read_bytes()
    told = run("profile", mine, squares / "plan.zip", *COUNTED, option, mine)
    assert told.exit_code == 1
    assert f"blocks.{suffix} would be written over the file it is made from." in told.stderr
    assert mine.read_bytes() == before


def test_the_table_beside_a_map_is_not_written_over_the_units(squares):
    units = (squares / "blocks.csv").rename(squares / "blocks_table.csv")
    before = units.read_bytes()
    told = run(
        *("map", units, squares / "plan.zip", *COUNTED, "--shapes", squares / "shapes.gpkg"),
        *("--breaks", "0,.5,1", "--out", squares / "blocks.png"),
    )
    assert told.exit_code == 1
    assert "blocks_table.csv would be written over the file it is made from" in told.stderr
    assert units.read_bytes() == before


def test_a_map_named_like_its_units_leaves_them_alone(squares):
    before = (squares / "blocks.csv").read_bytes()
    told = run(
        *("map", squares / "blocks.csv", squares / "plan.zip", *COUNTED, "--shapes", squares / "shapes.gpkg"),
        *("--breaks", "0,.5,1", "--out", squares / "blocks.png"),
    )
    assert told.exit_code == 0
    assert (squares / "blocks.csv").read_bytes() == before


def test_samples_and_absent_files_are_no_files_to_protect(tmp_path):
    refuse_overwriting(["sample:a", None], [tmp_path / "a.csv"])
    with pytest.raises(InputError, match=r"a\.csv would be written over"):
        refuse_overwriting([str(tmp_path / "b" / ".." / "a.csv")], [tmp_path / "a.csv"])


@pytest.mark.parametrize("bounds", ["0,nan,1", "0,inf", "0%,nan%"])
def test_breaks_that_are_not_finite(bounds, tmp_path):
    told = run("map", "sample:los_angeles_2010", "sample:a", *COUNTED, "--breaks", bounds, "--out", tmp_path / "m.png")
    assert told.exit_code == 1
    assert "in the breaks is not a number" in told.stderr


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    told = run("demo", "--out", tmp_path / "file" / "out")
    assert told.exit_code == 1
    assert told.stderr.strip().splitlines()[-1].startswith("Error: ")
    assert "cannot be read or written" in told.stderr
    assert "Traceback" not in told.output


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "/elsewhere/t.csv"),
            "'t.csv' cannot be read or written: Perm",
        ),
        (OSError(errno.ENOSPC, "No space left on device", "/elsewhere/maps/.x7.png"), "the folder 'maps' cannot be"),
        (OSError(errno.ENOSPC, "No space left on device"), "a file cannot be read or written: No space left"),
        (OSError(), "a file cannot be read or written: OSError."),
    ],
)
def test_trouble_with_a_file_names_what_the_user_knows(error, told):
    said = trouble_with_a_file(error)
    assert said.startswith(told)
    assert "/elsewhere" not in said


def test_a_profile_says_what_kind_of_noise_its_source_carries(tmp_path, sources_maker):
    sources_maker(60).write_zip(tmp_path / "hi2020.pl.zip")
    blocks = kit.read_pl94171("HI", year=2020, level="block", source=tmp_path / "hi2020.pl.zip").frame.index
    rows = "".join(f"{block},{1 + i % 2}\n" for i, block in enumerate(blocks))
    (tmp_path / "plan.csv").write_text(f"GEOID20,DISTRICT\n{rows}")
    told = run(
        *("profile", tmp_path / "hi2020.pl.zip", tmp_path / "plan.csv", *COUNTED),
        *("--state", "HI", "--year", "2020", "--level", "block"),
    )
    assert told.exit_code == 0, told.output
    assert "carries random noise added against disclosure" in told.output
