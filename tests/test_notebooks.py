"""Notebooks: their form, and that each one runs to its end without the network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
EXPECTED = (
    "01_quickstart.ipynb",
    "02_district_concentration.ipynb",
    "03_census_and_language.ipynb",
    "04_compare_plans.ipynb",
    "05_clusters_and_splits.ipynb",
    "06_testimony_maps.ipynb",
    "07_testimony_packet.ipynb",
)
every_notebook = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda p: p.name)


def cells_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source_of(cell):
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


@pytest.mark.parametrize("name", EXPECTED)
def test_the_promised_notebooks_are_there(name):
    assert (FOLDER / name).is_file()


@every_notebook
def test_outputs_are_cleared(path):
    for cell in cells_of(path):
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


@every_notebook
def test_first_cell_says_question_data_and_time(path):
    first = cells_of(path)[0]
    assert first["cell_type"] == "markdown"
    for word in ("question", "data", "time"):
        assert word in source_of(first).lower(), f"the first cell does not say the {word}"


@every_notebook
def test_one_cell_holds_the_parameters(path):
    tagged = [c for c in cells_of(path) if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    assert tagged[0]["cell_type"] == "code"


@every_notebook
def test_cells_are_few_and_short_and_hold_no_logic(path):
    code = [source_of(c) for c in cells_of(path) if c["cell_type"] == "code"]
    assert len(code) <= 20
    for text in code:
        lines = text.splitlines()
        assert len(lines) <= 15, f"a cell of {len(lines)} lines: {lines[0]}"
        assert not any(line.lstrip().startswith(("def ", "class ", "!", "%pip", "%conda")) for line in lines), text


@every_notebook
def test_last_cell_prints_the_sources(path):
    last = cells_of(path)[-1]
    assert last["cell_type"] == "code"
    assert "sources" in source_of(last)


@pytest.fixture
def run(tmp_path, monkeypatch, repo_root):
    """Run a notebook as JupyterLab would, without the network; code may be set in after a cell that has some words."""
    import nbformat
    from nbclient import NotebookClient

    def execute(path, code="", after="# Change this cell"):
        folder = tmp_path / "notebooks"
        folder.mkdir(exist_ok=True)
        shutil.copy(path, folder / path.name)
        if (repo_root / "shapefiles").is_dir():
            (tmp_path / "shapefiles").symlink_to(repo_root / "shapefiles", target_is_directory=True)
        monkeypatch.setenv("KIT_OFFLINE", "1")
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
        monkeypatch.delenv("MPLBACKEND")
        book = nbformat.read(folder / path.name, as_version=4)
        if code:
            at = next(i for i, cell in enumerate(book.cells) if after in cell.source)
            book.cells.insert(at + 1, nbformat.v4.new_code_cell(code))
        client = NotebookClient(
            book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}, allow_errors=False
        )
        client.execute()
        return [cell for cell in book.cells if cell.cell_type == "code"]

    return execute


def outputs_of(cells):
    """Give what was shown, as text, and what was complained of."""
    outputs = [o for cell in cells for o in cell.outputs]
    shown, flows = [], False
    for one in outputs:
        stream = one.output_type == "stream"
        text = one.text if stream else one.data.get("text/plain", "")
        # One print can arrive in several messages, wherever the kernel happens to send what it has.
        if stream and flows:
            shown[-1] += text
        else:
            shown.append(text)
        flows = stream
    return shown, [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"]


@every_notebook
@pytest.mark.filterwarnings("default")
def test_runs_to_its_end_without_the_network(path, run):
    cells = run(path)
    shown, noise = outputs_of(cells)
    assert shown, "the notebook shows nothing"
    assert noise == []
    printed = [o.text for o in cells[-1].outputs if o.output_type == "stream"]
    assert any(text.strip() for text in printed), "the last cell prints nothing"


LANGUAGES = FOLDER / "03_census_and_language.ipynb"
PACIFIC = """
DETAILED, WHOLE = "B02016", "nhpi_alone_pop"
GROUPS = ["native_hawaiian_alone", "samoan_alone", "tongan_alone", "chamorro_alone", "marshallese_alone"]
"""


@pytest.mark.filterwarnings("default")
def test_languages_and_pacific_islander_groups_each_with_margin_and_mark(run):
    shown, noise = outputs_of(run(LANGUAGES, PACIFIC))
    text = "\n".join(shown)
    assert noise == []
    groups, limited = (next(t for t in shown if name in t) for name in ("samoan_alone", "korean_speakers_lep"))
    for table in (groups, limited):
        for column in ("moe", "share_moe", "reliability", "symbol"):
            assert column in table
        assert any(mark in table for mark in "●◐○")
    said = next(t for t in shown if t.startswith("The share of people with limited English in district"))
    assert said.count("±") == 2
    assert sum(said.count(mark) for mark in "●◐○") == 2
    assert "make up" in text


ONE = """
import dataclasses
plan = dataclasses.replace(plan, labels=("1",), geometry=None, assignment=plan.assignment.map(lambda _: "1"))
"""


@pytest.mark.filterwarnings("default")
def test_languages_of_a_plan_with_one_district(run):
    shown, noise = outputs_of(run(LANGUAGES, ONE, after="plan = "))
    assert noise == []
    said = next(t for t in shown if t.startswith("There is no second district to compare with: district 1 ("))
    assert "±" in said


COMPARE, SPLITS = FOLDER / "04_compare_plans.ipynb", FOLDER / "05_clusters_and_splits.ipynb"


@pytest.mark.filterwarnings("default")
def test_plans_are_compared_and_three_claims_are_checked(run, tmp_path):
    shown, noise = outputs_of(run(COMPARE))
    text = "\n".join(shown)
    assert noise == []
    assert "2 plans, ranked by highest share" in text
    assert "change district" in text
    verdicts = next(t for t in shown if "REFUSED" in t)
    assert [word for word in ("CARRIED.", "WEAKER.", "REFUSED.") if word in verdicts] == [
        "CARRIED.",
        "WEAKER.",
        "REFUSED.",
    ]
    assert "the highest estimated share" not in verdicts
    assert "San Gabriel Valley: split among 2 districts, 3 (50.6%) and 2 (49.4%)" in text
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert {
        "compare_plans_plans.csv", "compare_plans_districts.html", "compare_plans_moves.csv", "compare_plans_measures_2.csv",
        "compare_plans_change.pdf", "compare_plans_exhibit.pdf", "compare_plans_exhibit.manifest.json",
    } <= made  # fmt: skip


@pytest.mark.filterwarnings("default")
def test_clusters_are_no_communities_and_no_baseline_is_claimed(run):
    shown, noise = outputs_of(run(SPLITS))
    text = "\n".join(shown)
    assert noise == []
    assert "Moran's I is 0.798" in text
    assert "no margins of error, so there is no test of how steady" in text
    assert "No baseline was computed" in text
    assert "Communities under 2 plans" in text
    assert "indicators without a verdict" in text
    assert "Plan B: “Monterey Park–Alhambra is split into 2 districts.”\nCARRIED." in text
    assert "REFUSED. Do not say it.\nWhy: It is whole" in text


@pytest.fixture
def new_york(tmp_path, data_dir):
    """Put the files of a real place where the notebooks' second entry looks for them."""
    import geopandas
    import pandas as pd

    nyc, folder = data_dir / "nyc", tmp_path / "notebooks" / "new_york"
    folder.mkdir(parents=True)
    shapes = geopandas.read_file(nyc / "bg2020_simplified_wgs84.topojson").set_crs(4326)
    shapes.index = shapes["d"].str.partition(",")[0]
    columns = {
        "pop20_total": "total_pop", "vap20_total": "total_vap",
        "pop20_asian": "asian_alone_pop", "vap20_asian": "asian_alone_vap",
    }  # fmt: skip
    blocks = pd.read_csv(nyc / "blocks_race_2010on2020_2020.csv", dtype={"GEOID": "str"})
    sums = blocks.groupby(blocks["GEOID"].str[:12])[list(columns)].sum().rename(columns=columns)
    sums = sums[sums.index.isin(shapes.index)].reset_index()
    layer = geopandas.GeoDataFrame(sums, geometry=shapes.geometry.reindex(sums["GEOID"]).to_numpy(), crs=4326)
    layer.to_file(folder / "block_groups.gpkg")
    areas = geopandas.read_file(nyc / "coi/nta2020.topojson").set_crs(4326)
    areas[["GEONAME", "geometry"]].to_file(folder / "neighborhoods.gpkg")
    shutil.make_archive(str(folder / "legislature"), "zip", nyc / "plans/latfor_senate22")
    shutil.copy(nyc / "plans/SEN22_June_03_2022.zip", folder / "special_master.zip")
    shutil.copy(nyc / "plans/senate_unity_20211118.geojson", folder / "unity.geojson")


@pytest.mark.real
@pytest.mark.filterwarnings("default")
def test_plans_of_new_york_with_one_parameter_changed(run, new_york):
    shown, noise = outputs_of(run(COMPARE, 'PLACE = "new_york"', after="# Change PLACE"))
    text = "\n".join(shown)
    assert noise == []
    assert "6,806 block groups; plans: Legislature, Special master, Unity" in text
    assert "3 plans, ranked by highest share" in text
    # The order of the shares of Asian adults in the best district of each plan, and people who stay, from the tables.
    order = [text.index(f"Plan: {name}; Rank") for name in ("Unity", "Special master", "Legislature")]
    assert order == sorted(order)
    assert "2,978,329 of 8,804,190 residents (33.8%) change district" in text
    assert "Elmhurst: split among 2 districts" in text
    assert "People over the ideal" not in text  # what is no whole State has no ideal


@pytest.mark.real
@pytest.mark.filterwarnings("default")
def test_clusters_of_new_york_with_one_parameter_changed(run, new_york):
    shown, noise = outputs_of(run(SPLITS, 'PLACE = "new_york"', after="# Change PLACE"))
    text = "\n".join(shown)
    assert noise == []
    assert "Moran's I is 0.873" in text
    assert "262 communities" in text
    assert "Communities under 3 plans" in text
    assert "No baseline was computed" in text
    assert "Cluster: Cluster 1; Block groups: 235" in text
