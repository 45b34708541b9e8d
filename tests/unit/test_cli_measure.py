"""The commands that measure, compare, rank and check, run in this process on squares counted by hand and on samples."""

from __future__ import annotations

import inspect
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest
from typer.testing import CliRunner

from kit.cli import app
from kit.cli_compare import STATUS
from kit.cli_inputs import read_layer
from kit.cli_layout import laid_out
from kit.cli_lists import read_areas, read_crs, read_links, read_regions, read_seats
from kit.cli_options import asks
from kit.cli_tables import Sheet, number, without_notes
from kit.errors import InputError

COUNTED = ["--group", "aapi_aoic", "--base", "vap"]
COUNTY = ["sample:fictional_county", "sample:a"]
COMMANDS = ["measure", "clusters", "splits", "compare", "rank", "claim"]
A, B, C, D = (f"36061000100100{at}" for at in range(4))


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def good(*words):
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result


def flat(text):
    return " ".join(text.split())


@pytest.fixture
def squares(four_squares, tmp_path):
    """Write the four squares as files: shapes with counts, and plans of rows and of columns as lists."""
    units, _ = four_squares
    gpd.GeoDataFrame(units.frame, geometry=units.geometry).reset_index().to_file(tmp_path / "blocks.gpkg")
    units.frame.to_csv(tmp_path / "blocks.csv")
    for name, labels in {"rows": "1122", "columns": "1212"}.items():
        lines = "".join(f"{block},{label}\n" for block, label in zip(units.frame.index, labels, strict=True))
        (tmp_path / f"{name}.csv").write_text(f"GEOID20,DISTRICT\n{lines}")
    return tmp_path


# Help and the shared options


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_and_the_shared_options(command):
    told = flat(good(command, "--help").output)
    assert "Examples" in told
    assert "How files are read" in told
    assert all(option in told for option in ("--map-column", "--shapes", "--units-title", "--level"))
    assert ("--group" in told) == (command != "measure")
    assert ("--plan-id" in told) == (command != "clusters")


def test_help_names_the_statuses_of_a_claim():
    assert "status 0 when carried, 3 when the figures carry less, 4 when refused" in flat(run("claim", "--help").output)
    assert STATUS == {"carried": 0, "weaker": 3, "refused": 4}


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_on_samples_run(command):
    """Every example of the help that names a sample is typed and works."""
    registered = {c.name: c for c in app.registered_commands}[command]
    typed = [line for line in registered.epilog.split("\n\n")[1:] if "sample:" in line]
    assert typed
    for line in typed:
        assert run(*line.split()[1:]).exit_code in {0, 3}, line


def test_shared_options_stand_in_the_signature():
    @asks("two")
    def command(asked, more: str, *, own: int = 1) -> None:
        """Say nothing."""

    names = list(inspect.signature(command).parameters)
    assert names[:7] == ["units", "before", "after", "more", "group", "base", "own"]
    assert command.__doc__ == "Say nothing."
    assert set(command.__annotations__) == set(names)


def test_the_command_line_starts_without_heavy_libraries():
    code = "import sys, kit.cli; print({'pandas', 'numpy', 'rich', 'geopandas', 'matplotlib'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


# Measure


def test_measure_by_hand(squares):
    told = good("measure", squares / "blocks.gpkg", squares / "rows.csv", "--csv", squares / "m.csv")
    assert "1 300 −200 −40.00% 1" in flat(told.output)
    assert "2 700 +200 +40.00% 1" in flat(told.output)
    assert "Largest less smallest, people a seat 400" in flat(told.output)
    assert "they are not a verdict" in told.output
    table = pd.read_csv(squares / "m.csv", dtype={"district": str}).set_index("district")
    assert table["population"].tolist() == [300, 700]
    assert table["deviation"].tolist() == [-0.4, 0.4]
    assert table["polsby_popper"].tolist() == pytest.approx([0.698, 0.698], abs=5e-3)
    assert (table["people_counted_by"] == "total_pop").all()
    assert table["note"].str.contains("Not legal advice").all()


def test_measure_with_seats_regions_and_a_folder(squares):
    (squares / "towns.csv").write_text(f"GEOID,TOWN,OTHER\n{A},West,x\n{B},East,x\n{C},West,x\n{D},East,x\n")
    (squares / "seats.csv").write_text("district,seats\n1,3\n2,7\n")
    told = good(
        *("measure", squares / "blocks.gpkg", squares / "rows.csv", "--seats", squares / "seats.csv"),
        *("--regions", f"town={squares / 'towns.csv'},TOWN", "--regions", "county=", "--out", squares / "m"),
        *("--html", squares / "m.html"),
    )
    assert "Every district has the same population for its seats." in told.output
    assert "Of 2 town regions 2 are split (East and West), into 4 pieces" in flat(told.output)
    assert "Counties" not in told.output
    assert "- Regions “town” were read from towns.csv,TOWN." in told.output
    assert "- Seats were read from seats.csv." in told.output
    assert {path.name for path in (squares / "m").iterdir()} == {
        "districts.csv", "plan.csv", "parts.csv", "town.csv", "summary.txt",
    }  # fmt: skip
    plan = pd.read_csv(squares / "m" / "plan.csv").set_index("measure")["value"]
    assert float(plan["town_splits"]) == 2
    page = (squares / "m.html").read_text(encoding="utf-8")
    assert page.count("<table>") == 2
    assert page.count("<caption>") == 2
    assert '<th scope="row">1</th>' in page


def test_measure_says_how_to_state_a_whole_jurisdiction(squares):
    (squares / "half.csv").write_text(f"GEOID20,DISTRICT\n{A},1\n{B},1\n{C},2\n{D},2\n360610001001009,3\n")
    told = good("measure", squares / "blocks.csv", squares / "half.csv")
    assert "Pass --complete if they are." in told.output
    assert "complete=True" not in told.output


def test_measure_with_links(squares):
    text = f"from,to\n{A},{D}\n"
    (squares / "links.csv").write_text(text)
    told = good("measure", squares / "blocks.gpkg", squares / "rows.csv", "--links", squares / "links.csv")
    assert "with 1 link from a table" in flat(told.output)
    # Four borders and one link; A–C, B–D and A–D are cut.
    assert "3 of 5 pairs" in flat(told.output)


# Compare and rank


def test_compare_by_hand(squares):
    told = good(
        *("compare", squares / "blocks.gpkg", squares / "rows.csv", squares / "columns.csv", *COUNTED, "--pieces"),
        *("--out", squares / "c"),
    )
    # Rows to columns: B goes from 1 to 2 and C from 2 to 1, or the other way about: 500 of 1,000 either way.
    assert "500 of 1,000 residents (50.0%) change district" in flat(told.output)
    assert "Swap sheet" in told.output
    assert {path.name for path in (squares / "c").iterdir()} == {
        "comparison.csv", "retention.csv", "swaps.csv", "swaps_units.csv", "summary.txt",
    }  # fmt: skip
    moved = pd.read_csv(squares / "c" / "swaps_units.csv", dtype=str)
    assert moved["people"].astype(int).sum() == 500
    kept = pd.read_csv(squares / "c" / "retention.csv")
    assert kept["people"].sum() == 1000
    assert kept["group"].isna().all()  # every cell is one census block
    words = (squares / "c" / "summary.txt").read_text(encoding="utf-8")
    assert words.startswith("From rows to columns")
    assert "Not legal advice" in words


def test_compare_shows_every_district_and_few_moves():
    told = good("compare", "sample:fictional_county", "sample:a", "sample:b", *COUNTED, "--top", "2")
    assert "… and 8 more; --top shows more of them" in told.output
    assert "n/a" not in told.output
    assert told.output.count("Sample data, not for testimony.") == 1


@pytest.mark.slow
def test_compare_draws_a_map(tmp_path):
    told = good("compare", "sample:fictional_county", "sample:a", "sample:b", *COUNTED, "--out", tmp_path, "--map")
    assert (tmp_path / "change.png").stat().st_size > 10_000
    assert "change.pdf" in told.output


def test_compare_refuses_a_map_without_a_folder():
    told = run("compare", "sample:fictional_county", "sample:a", "sample:b", *COUNTED, "--map")
    assert (told.exit_code, "name that folder" in told.stderr) == (1, True)


def test_rank_by_hand(squares):
    told = good(
        *("rank", squares / "blocks.csv", squares / "rows.csv", squares / "columns.csv", *COUNTED),
        *("--against", squares / "rows.csv", "--csv", squares / "r.csv"),
    )
    table = pd.read_csv(squares / "r.csv").set_index("plan")
    # Highest shares: rows 57 of 230; columns, the west, 64 of 280.
    assert table["highest_share"].round(4).to_dict() == {"rows": 0.2478, "columns": 0.2286}
    assert table["rank"].to_dict() == {"rows": 1, "columns": 2}
    assert table.loc["columns", "people_moved"] == 500
    assert "A rank by one figure is never a verdict on a plan." in told.output


def test_rank_against_another_plan_and_by_another_column(squares):
    words = ["rank", squares / "blocks.csv", squares / "columns.csv", *COUNTED, "--against", squares / "rows.csv"]
    told = good(*words, "--by", "population_range")
    assert "1 plan by population range" in told.output
    assert "200" in flat(told.output)
    wrong = run(*words, "--by", "beauty")
    assert wrong.exit_code == 1
    assert "plans cannot be ranked by 'beauty'; columns are" in wrong.stderr


def test_plans_of_one_name_are_told_apart(squares):
    for name in ("x", "y"):
        (squares / name).mkdir()
    (squares / "x" / "plan.csv").write_text((squares / "rows.csv").read_text())
    (squares / "y" / "plan.csv").write_text((squares / "columns.csv").read_text())
    words = ["rank", squares / "blocks.csv", squares / "x" / "plan.csv", squares / "y" / "plan.csv", *COUNTED]
    told = run(*words)
    assert told.exit_code == 1
    assert "give each a name with --plan-name" in told.stderr
    assert "West" in good(*words, "--plan-name", "East", "--plan-name", "West").output
    told = run(*words, "--plan-name", "East")
    assert told.exit_code == 1
    assert "--plan-name is given 1 time and there are 2 plans." in told.stderr
    assert "is given twice" in run(*words[:3], words[2], *COUNTED).stderr


def test_each_plan_may_have_its_own_column_of_labels(squares):
    (squares / "two.csv").write_text(f"GEOID20,OLD,NEW\n{A},1,1\n{B},1,2\n{C},2,1\n{D},2,2\n")
    words = ["compare", squares / "blocks.csv", squares / "two.csv", squares / "rows.csv", *COUNTED]
    assert "nobody changes district" in good(*words, "--plan-id", "OLD", "--plan-id", "-").output
    assert "500 of 1,000" in good(*words, "--plan-id", "NEW", "--plan-id", "-").output


# Clusters


def test_clusters_are_told_and_written(tmp_path):
    told = good(
        *("clusters", "sample:fictional_county", "--group", "aapi_aoic", "--base", "pop", "--minimum", "20"),
        *(
            "--links",
            "sample:links",
            "--csv",
            tmp_path / "c.csv",
            "--out",
            tmp_path / "c.gpkg",
            "--permutations",
            "999",
        ),
        *("--html", tmp_path / "c.html"),
    )
    assert "no community of interest until someone who lives there says it is" in told.output
    table = pd.read_csv(tmp_path / "c.csv", dtype={"GEOID": str})
    # These units are blocks: no row tells how many of the group live in one.
    assert {"count", "share", "value"}.isdisjoint(table.columns)
    outlines = gpd.read_file(tmp_path / "c.gpkg")
    assert outlines["cluster"].tolist() == sorted(table["cluster"].dropna().unique())
    assert outlines["units"].sum() == table["cluster"].notna().sum()
    assert outlines["note"].str.startswith("Sample data, not for testimony.").all()
    assert not list(tmp_path.glob(".*"))
    assert '<p class="stamp">' in (tmp_path / "c.html").read_text(encoding="utf-8")
    again = good(
        *("splits", *COUNTY, tmp_path / "c.csv", "--name-column", "cluster", "--kind", "cluster"),
        *("--group", "aapi_aoic", "--base", "pop"),
    )
    assert "A cluster was found by arithmetic" in again.output
    assert f"{table.loc[table['cluster'] == 'Cluster 1', 'base'].sum():,}" in again.output


def test_outlines_are_refused_where_there_are_none(squares):
    words = ["clusters", squares / "blocks.gpkg", *COUNTED, "--permutations", "99"]
    told = run(*words, "--out", squares / "c.geojson")
    assert told.exit_code == 1
    assert "there is no cluster, so c.geojson is not written" in told.stderr
    assert not (squares / "c.geojson").exists()
    assert "--method 'best'" in run(*words, "--method", "best").stderr
    assert "--neighbours 'near' is not known" in run(*words, "--neighbours", "near").stderr
    assert "add them with --shapes FILE" in run("clusters", squares / "blocks.csv", *COUNTED).stderr


# Splits


def test_splits_by_hand(squares):
    (squares / "areas.csv").write_text(f"GEOID,PLACE\n{A},Old Town\n{C},Old Town\n{B},Harbour\n{D},\n")
    told = good(
        *("splits", squares / "blocks.csv", squares / "rows.csv", squares / "areas.csv", "--name-column", "PLACE"),
        *(*COUNTED, "--out", squares / "s", "--csv", squares / "s.csv"),
    )
    # Old Town has 280 adults, 80 in district 1 and 200 in district 2.
    assert "Old Town 280 64 2 2 71.4%" in flat(told.output)
    assert "Harbour 150 18 1 1 100.0%" in flat(told.output)
    assert "80 adults, 39 of them Asian or NHPI, live in another district" in flat(told.output)
    assert {path.name for path in (squares / "s").iterdir()} == {
        "areas.csv", "pieces.csv", "thresholds.csv", "summary.txt",
    }  # fmt: skip
    pieces = pd.read_csv(squares / "s" / "pieces.csv", dtype={"district": str})
    assert pieces["base"].tolist() == [200, 80, 150]


def test_splits_of_polygons(squares, four_squares):
    units, _ = four_squares
    areas = gpd.GeoDataFrame({"NAME": ["West"]}, geometry=[units.geometry[[A, C]].union_all()], crs=units.geometry.crs)
    areas.to_file(squares / "areas.gpkg")
    words = ["splits", squares / "blocks.gpkg", squares / "rows.csv", squares / "areas.gpkg", *COUNTED]
    assert "West 280 64 2" in flat(good(*words, "--name-column", "NAME").output)
    assert "Name it with --name-column." in run(*words, "--name-column", "PLACE").stderr


# Claims


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--kind", "majority", "--district", "2"], 3, "WEAKER"),
        (["--kind", "share", "--district", "2", "--threshold", "40%"], 0, "CARRIED"),
        (["--kind", "share", "--district", "2", "--threshold", ".5", "--relation", "at_least"], 0, "CARRIED"),
        (["--kind", "only", "--district", "2", "--threshold", "30%"], 0, "CARRIED"),
        (["--kind", "largest", "--district", "2"], 0, "CARRIED"),
        (["--kind", "more-than", "--district", "2", "--than", "1"], 0, "CARRIED"),
        (["--kind", "more_than", "--district", "3"], 4, "REFUSED"),
        (["--kind", "more_than", "--district", "3", "--relation", "less"], 0, "CARRIED"),
    ],
)
def test_claims_end_with_their_status(words, status, told):
    result = run("claim", *COUNTY, *COUNTED, *words)
    assert (result.exit_code, result.output.split(".")[0]) == (status, told), result.output
    assert "Sample data, not for testimony." in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--kind", "best"], "--kind is one of majority, share, largest, only, more_than, not 'best'."),
        (["--kind", "only", "--district", "2"], "a claim of the kind 'only' needs --threshold."),
        (["--kind", "largest"], "a claim of the kind 'largest' needs --district."),
        (["--kind", "majority", "--threshold", ".4"], "'majority' has no use for --threshold. Leave it out."),
        (
            ["--kind", "share", "--threshold", "40"],
            "--threshold is one share from 0 to 1, such as .4 or 40%, not '40'.",
        ),
        (["--kind", "share", "--threshold", "x"], "is not a number"),
        (["--kind", "majority", "--district", "9"], "has no district '9'; it has 1, 2, 3, 4."),
    ],
)
def test_claims_say_what_they_lack(words, told):
    result = run("claim", *COUNTY, *COUNTED, *words)
    assert result.exit_code == 1
    assert told in result.stderr


# Files


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["measure", *COUNTY, "--csv", "m.txt"], "m.txt must end in .csv, which says the format."),
        (["measure", *COUNTY, "--html", "m.csv"], "m.csv must end in .html"),
        (["clusters", COUNTY[0], *COUNTED, "--out", "c.shp"], "c.shp must end in .gpkg or .geojson"),
        (["measure", *COUNTY, "--links", "no.csv"], "there is no file 'no.csv' for the links."),
        (["measure", *COUNTY, "--regions", "towns"], "regions 'towns' are not NAME=FILE"),
        (["splits", *COUNTY, "no.geojson", "--name-column", "x", *COUNTED], "there is no file 'no.geojson'"),
        (["splits", *COUNTY, "sample:towns", "--name-column", "x", *COUNTED], "'sample:towns' is not known"),
        (["rank", *COUNTY, "--group", "aapi", "--base", "vap"], "no group is called 'aapi'"),
    ],
)
def test_deliberate_errors_are_told_in_one_line(words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over_what_is_read(squares):
    before = (squares / "rows.csv").read_bytes()
    told = run("measure", squares / "blocks.csv", squares / "rows.csv", "--csv", squares / "rows.csv")
    assert told.exit_code == 1
    assert "rows.csv would be written over the file it is made from" in told.stderr
    assert (squares / "rows.csv").read_bytes() == before
    (squares / "swaps.csv").write_text((squares / "columns.csv").read_text())
    told = run(
        "compare", squares / "blocks.csv", squares / "rows.csv", squares / "swaps.csv", *COUNTED, "--out", squares
    )
    assert "swaps.csv would be written over the file it is made from" in told.stderr


def test_two_results_do_not_share_a_file(squares):
    told = run(
        *("measure", squares / "blocks.csv", squares / "rows.csv", "--csv", squares / "m" / "plan.csv"),
        *("--out", squares / "m"),
    )
    assert told.exit_code == 1
    assert "two results would be written to plan.csv" in told.stderr


# Small files


def test_links_with_and_without_a_heading(four_squares, tmp_path):
    units, _ = four_squares
    for text in (f"{A},{B}\n", f"one\ttwo\n{A}\t{B}\n", f"\ufeffone;two\n\n {A} ; {B} \n"):
        (tmp_path / "l.csv").write_text(text, encoding="utf-8")
        assert read_links(str(tmp_path / "l.csv"), units, units_word="x") == [(A, B)]
    (tmp_path / "l.csv").write_text(f"{A},{B},3\n")
    with pytest.raises(InputError, match="row 1 has 3"):
        read_links(str(tmp_path / "l.csv"), units, units_word="x")
    assert read_links(None, units, units_word="x") == []


def test_seats_are_a_number_or_a_table(tmp_path):
    assert read_seats("3") == 3
    assert read_seats(None) is None
    (tmp_path / "s.csv").write_text("district,seats\n1,2\n2,3\n")
    assert read_seats(str(tmp_path / "s.csv")) == {"1": 2, "2": 3}
    for text, told in (("district,seats\n1,two\n", "1,two"), ("1,2\n1,3\n", "names a district twice: 1")):
        (tmp_path / "s.csv").write_text(text)
        with pytest.raises(InputError, match=told):
            read_seats(str(tmp_path / "s.csv"))


def test_regions_say_which_column_is_meant(four_squares, tmp_path):
    units, _ = four_squares
    file = tmp_path / "r.csv"
    file.write_text(f"GEOID20,TOWN\n{A},X\n{B},\n")
    assert read_regions([f"town={file}"], units)["town"].to_dict() == {A: "X"}
    assert read_regions(["county="], units) == {"county": None}
    file.write_text(f"GEOID20,TOWN,WARD\n{A},X,1\n{A},Y,2\n")
    with pytest.raises(InputError, match=r"Name one: NAME=r\.csv,COLUMN"):
        read_regions([f"town={file}"], units)
    with pytest.raises(InputError, match="names 1 units more than once"):
        read_regions([f"town={file},WARD"], units)
    with pytest.raises(InputError, match="each name once"):
        read_regions(["town=", f"town={file},TOWN"], units)
    file.write_text("GEOID20,TOWN\n1\n")
    with pytest.raises(InputError, match="longer or shorter"):
        read_regions([f"town={file}"], units)
    file.write_bytes(b"GEOID20,TOWN\n1,\xff\n")
    with pytest.raises(InputError, match="not plain text in UTF-8"):
        read_regions([f"town={file}"], units)


def test_a_leading_zero_is_put_back(four_squares, tmp_path):
    from dataclasses import replace

    units, _ = four_squares
    california = units.frame.set_axis("06" + units.frame.index.str[2:])
    units = replace(units, frame=california.rename_axis("GEOID"), geometry=None)
    (tmp_path / "r.csv").write_text("GEOID,TOWN\n" + "".join(f"{i[1:]},X\n" for i in california.index))
    assert set(read_regions([f"town={tmp_path / 'r.csv'}"], units)["town"].index) == set(california.index)


def test_regions_may_be_polygons(squares, four_squares):
    units, plan = four_squares
    shapes = gpd.GeoDataFrame({"WARD": ["u", "v"]}, geometry=plan.geometry.to_numpy(), crs=plan.geometry.crs)
    shapes.to_file(squares / "wards.gpkg")
    told = good(
        *("measure", squares / "blocks.gpkg", squares / "columns.csv"),
        *("--regions", f"ward={squares / 'wards.gpkg'},WARD"),
    )
    assert "Of 2 ward regions 2 are split" in flat(told.output)
    assert read_regions([f"ward={squares / 'wards.gpkg'}"], units)["ward"].labels == ("u", "v")


def test_areas_without_coordinates_are_told_theirs(squares, four_squares):
    units, _ = four_squares
    shapes = gpd.GeoDataFrame({"N": ["W"]}, geometry=[units.geometry[A]], crs=units.geometry.crs)
    shapes.to_file(squares / "bare.shp")
    (squares / "bare.prj").unlink()
    asked = {"id": "GEOID", "crs": "EPSG:5070", "rule": "area", "kind": "community", "units_word": "x"}
    assert read_areas(str(squares / "bare.shp"), units, column="N", asked=asked).membership["GEOID"].tolist() == [A]
    with pytest.raises(InputError, match="no coordinates are called 'EPSG:x'"):
        read_crs("EPSG:x")


def test_layers_that_cannot_be_read(tmp_path):
    import zipfile

    (tmp_path / "a.geojson").write_text("no shapes")
    with pytest.raises(InputError, match=r"a\.geojson cannot be read as a layer of shapes"):
        read_layer(tmp_path / "a.geojson")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as bag:
        bag.writestr("x.geojson", "{}")
        bag.writestr("y.shp", "")
    with pytest.raises(InputError, match=r"a\.zip holds several layers: x\.geojson, y\.shp"):
        read_layer(tmp_path / "a.zip")


def test_a_layer_among_other_files_of_a_zip(four_squares, tmp_path):
    import zipfile

    units, _ = four_squares
    gpd.GeoDataFrame(geometry=units.geometry).reset_index().to_crs(4326).to_file(tmp_path / "a.geojson")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as bag:
        bag.write(tmp_path / "a.geojson", "inside/a.geojson")
        bag.writestr("LICENSE", "free")
    assert read_layer(tmp_path / "a.zip")["GEOID"].tolist() == [A, B, C, D]


# Layout


def test_no_figure_is_cut_short():
    lines = laid_out(
        ["Plan", "Highest share"],
        [["a very long name of a plan that goes on and on", "12,345,678"]] * 2,
        left=[True, False],
    )
    assert sum("12,345,678" in line for line in lines) == 2
    wide = laid_out(["名", "人"], [["東村", "12"], ["x", "3"]], left=[True, False])
    assert wide == ["名    人", "東村  12", "x      3"]


def test_columns_of_which_nothing_is_known_are_left_out():
    frame = pd.DataFrame({"a": [1, None], "b": [None, None]}, index=["x", "y"])
    sheet = Sheet("t", frame, (("a", "A", number), ("b", "B", number), ("c", "C", number)), "Row")
    assert [name for name, *_ in sheet.shown] == ["a"]
    assert sheet.cells() == [["x", "1"], ["y", "n/a"]]


def test_notes_are_told_apart_from_the_summary():
    assert without_notes("One. Two. N1. N2.", ["N1.", "N2."]) == "One. Two."
    assert without_notes("One.", []) == "One."


# Real files


@pytest.mark.real
def test_lowell_as_a_volunteer_would_type_it(data_dir, tmp_path):
    """Lowell's blocks in eight plans: populations as published, and neighbourhoods that a plan divides."""
    folder = data_dir / "lowell_ma"
    plans = sorted((folder / "plans").glob("plan*.json"))
    columns = ["--map-column", "P0010001=total_pop", "--map-column", "P0030005=asian_alone_pop"]
    options = [*columns, "--id", "GEOID10", "--year", "2010"]
    counted = ["--group", "asian_alone", "--base", "pop"]
    good("measure", folder / "Lowell_blocks.zip", folder / "plans/plan9a.json", *options, "--csv", tmp_path / "m.csv")
    people = [12_126, 12_162, 11_740, 12_060, 11_378, 11_457, 11_879, 11_824, 11_893]
    assert pd.read_csv(tmp_path / "m.csv")["population"].tolist() == people
    told = good("rank", folder / "Lowell_blocks.zip", *plans, *options, *counted)
    assert "8 plans are compared." in told.output
    assert "46.7% in plan9b (district 1)" in flat(told.output)
    told = good(
        *("splits", folder / "Lowell_blocks.zip", folder / "plans/plan9a.json", folder / "neighborhoods.zip"),
        *("--name-column", "NEIGHBORHO", *options, *counted),
    )
    assert "keeps 3 of 11 communities whole" in told.output


@pytest.mark.real
def test_a_layer_of_voting_districts_inside_a_zip(data_dir):
    """Virginia's 2,465 voting districts, a table and a layer that lies in a zip beside a licence."""
    folder = data_dir / "virginia"
    columns = {"pop": "total_pop", "vap": "total_vap", "vap_asian": "nh_asian_alone_vap"}
    options = [word for pair in columns.items() for word in ("--map-column", "=".join(pair))]
    options += ["--id", "GEOID20", "--year", "2020", "--shapes", folder / "Geojson_VA.v06.zip"]
    plan = folder / "plans/va_congress_2016_2020vtd_districtr.json"
    words = ["claim", folder / "va_2020_vtd.csv", plan, "--group", "nh_asian_alone", "--base", "vap"]
    claim = ["--kind", "largest", "--district", "11"]
    assert "say --level vtd" in run(*words, *options, *claim).stderr
    assert "123,447 of 614,640" in good(*words, *options, "--level", "vtd", *claim).output
