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
    "08_communities_of_interest.ipynb",
    "09_voter_participation.ipynb",
    "10_voting_patterns.ipynb",
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


def execute(path, folder, code="", after="# Change this cell"):
    """Run a notebook as JupyterLab would, without the network; code may be set in after a cell that has some words."""
    import nbformat
    from nbclient import NotebookClient

    books = folder / "notebooks"
    books.mkdir(exist_ok=True)
    shutil.copy(path, books / path.name)
    shapes = FOLDER.parent / "shapefiles"
    if shapes.is_dir():
        (folder / "shapefiles").symlink_to(shapes, target_is_directory=True)
    book = nbformat.read(books / path.name, as_version=4)
    if code:
        at = next(i for i, cell in enumerate(book.cells) if after in cell.source)
        book.cells.insert(at + 1, nbformat.v4.new_code_cell(code))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KIT_OFFLINE", "1")
        environment.setenv("IPYTHONDIR", str(folder / "ipython"))
        environment.delenv("MPLBACKEND", raising=False)
        resources = {"metadata": {"path": str(books)}}
        NotebookClient(book, timeout=300, kernel_name="python3", resources=resources, allow_errors=False).execute()
    return [cell for cell in book.cells if cell.cell_type == "code"]


@pytest.fixture
def run(tmp_path):
    """Run a notebook with another parameter, in the folder of the test."""

    def changed(path, code="", after="# Change this cell"):
        return execute(path, tmp_path, code, after)

    return changed


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """Run a notebook as it stands, once for all tests: the folder it ran in, and its cells."""
    known = {}

    def once(path):
        if path not in known:
            folder = tmp_path_factory.mktemp(path.stem)
            known[path] = folder, execute(path, folder)
        return known[path]

    return once


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
def test_runs_to_its_end_without_the_network(path, unchanged):
    _, cells = unchanged(path)
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
def test_plans_are_compared_and_three_claims_are_checked(unchanged):
    folder, cells = unchanged(COMPARE)
    shown, noise = outputs_of(cells)
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
    made = {path.name for path in (folder / "out").iterdir()}
    assert {
        "compare_plans_plans.csv", "compare_plans_districts.html", "compare_plans_moves.csv", "compare_plans_measures_2.csv",
        "compare_plans_change.pdf", "compare_plans_exhibit.pdf", "compare_plans_exhibit.manifest.json",
    } <= made  # fmt: skip


@pytest.mark.filterwarnings("default")
def test_clusters_are_no_communities_and_no_baseline_is_claimed(unchanged):
    shown, noise = outputs_of(unchanged(SPLITS)[1])
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


TOLD = FOLDER / "08_communities_of_interest.ipynb"


def words_of(shown):
    """Join what was shown; long sentences are printed on several lines."""
    return " ".join(" ".join(shown).split())


def entry_of(run, notebook, place):
    """Run a notebook with another entry of its first cell."""
    code = f"place = {place}\nGROUP = place['group']\ncontest, candidate = place.get('shown', ('', ''))"
    shown, noise = outputs_of(run(notebook, code, after="# Change this cell"))
    assert noise == []
    return words_of(shown)


@pytest.mark.filterwarnings("default")
def test_voices_of_the_sample_agree_on_a_core(unchanged):
    folder, cells = unchanged(TOLD)
    shown, noise = outputs_of(cells)
    text = words_of(shown)
    assert noise == []
    assert "Of 12 submissions: used as drawn 10, mended 1, held back 1, set aside 0." in text
    assert "9 of 11 submissions may be shown to this audience: public." in text
    assert "In the core, drawn by at least 6 of 9, are 20 census blocks with 2,605 residents, 1,613 of them" in text
    assert "Please keep the place where the voices agree whole, in one district." in text
    assert "Every one has the same census units as before." in text
    made = {path.name for path in (folder / "out" / "communities").rglob("*")}
    assert {"voices.pdf", "statement.txt", "communities.zip", "form.pdf", "form_key.csv", "form_sheet.csv"} <= made
    # What somebody told the collectors alone is nowhere.
    assert "Our street" not in text


@pytest.mark.real
@pytest.mark.filterwarnings("default")
def test_submissions_of_milwaukee_with_one_parameter_changed(run, tmp_path, data_dir):
    import geopandas
    import pandas as pd

    folder = tmp_path / "notebooks" / "milwaukee"
    folder.mkdir(parents=True)
    rows = pd.read_csv(data_dir / "milwaukee_wi/Wards2022_VAP_2020.csv")
    table = rows.pivot_table(index="ward_2022", columns="group", values="count_2020", aggfunc="sum")
    wards = geopandas.read_file(data_dir / "milwaukee_wi/MilwaukeeCounty_2022.geojson").drop_duplicates("ward_name")
    wards = wards[wards["ward_name"].isin(table.index)].rename(columns={"ward_name": "GEOID"})
    counts = table.reindex(wards["GEOID"])
    wards = wards.assign(total_vap=counts["vap"].to_numpy(), asian_alone_vap=counts["vap_asian"].to_numpy())
    wards.to_file(folder / "wards.gpkg")
    towns = wards["GEOID"].str.partition(" - ")[0]
    towns.to_frame("DISTRICT").assign(GEOID=wards["GEOID"]).to_csv(folder / "municipalities.csv", index=False)
    shutil.make_archive(str(folder / "submissions"), "zip", data_dir / "milwaukee_wi/coi_submissions")
    text = entry_of(run, TOLD, "MILWAUKEE")
    assert "Of 1,191 submissions: used as drawn 145, mended 0, held back 0, set aside 1,046." in text
    assert "20 submitters drew 609 voting districts in 52 communities." in text
    assert "No unit was drawn by at least 14 of 20" in text
    assert "145 communities were written to communities.zip and 145 were read again." in text


@pytest.mark.real
@pytest.mark.filterwarnings("default")
def test_ten_plans_of_seattle_with_one_parameter_changed(run, tmp_path, data_dir):
    import pandas as pd

    folder = tmp_path / "notebooks" / "seattle"
    shutil.copytree(
        data_dir / "seattle_wa/plans", folder / "plans", ignore=shutil.ignore_patterns("*.toml", "council*")
    )
    shutil.copy(data_dir / "seattle_wa/coi/neighborhoods.csv", folder)
    rows = pd.read_csv(folder / "neighborhoods.csv", dtype={"GEOID20": "str"})
    blocks = rows[["GEOID20", "TAPERSONS"]].set_axis(["GEOID", "total_pop"], axis=1)
    blocks.to_csv(folder / "blocks.csv", index=False)
    text = entry_of(run, TOLD, "SEATTLE")
    assert "10,387 census blocks; plans: commission_draft_0802, commission_draft_1031" in text
    assert "20 communities, plans: 10" in text
    assert "Communities under 10 plans, the least divided first" in text
    assert "20 communities were written to communities.csv and 20 were read again." in text


@pytest.mark.real
@pytest.mark.filterwarnings("default")
def test_neighbourhoods_of_new_york_with_one_parameter_changed(run, new_york):
    text = entry_of(run, TOLD, "NEW_YORK")
    assert "6,806 block groups; plans: Legislature, Unity; 262 submissions" in text
    assert "241 communities, plans: 2" in text
    assert "241 communities were written to communities.zip and 241 were read again." in text


VOTERS, PATTERNS = FOLDER / "09_voter_participation.ipynb", FOLDER / "10_voting_patterns.ipynb"


@pytest.mark.filterwarnings("default")
def test_the_ladder_of_the_sample_and_its_monitors(unchanged):
    folder, cells = unchanged(VOTERS)
    shown, noise = outputs_of(cells)
    text = words_of(shown)
    assert noise == []
    assert (
        "were 17.7% of adults, 14.5% ± 1.1 points of citizens of voting age, 11.9% of registered people and 11.2%"
        in text
    )
    assert "The rate of Asian or NHPI is lower than that of everybody in 3 of 4 districts" in text
    assert "5 of 5 shifts are given out" in text
    made = {path.name for path in (folder / "out" / "participation").iterdir()}
    assert {"ladder.pdf", "gap.pdf", "monitoring.csv"} <= made


@pytest.mark.real
@pytest.mark.filterwarnings("default")
def test_counties_of_north_carolina_with_one_parameter_changed(run, tmp_path, data_dir):
    folder = tmp_path / "notebooks" / "north_carolina"
    folder.mkdir(parents=True)
    shutil.copy(data_dir / "turnout/nc_county_turnout_20251104.csv", folder / "turnout.csv")
    text = entry_of(run, VOTERS, "NORTH_CAROLINA")
    assert "The list does not say the race of 660,975 of 7,601,346 registered people (8.7%)" in text
    assert "Of the group's registered people 9.2% voted, and of all registered people 9.2%." in text
    assert "One election only: no change to show." in text


@pytest.mark.real
@pytest.mark.filterwarnings("default")
def test_districts_of_a_city_of_california_with_one_parameter_changed(run, tmp_path, data_dir):
    folder = tmp_path / "notebooks" / "california"
    folder.mkdir(parents=True)
    shutil.copy(data_dir / "turnout/ca_districts/buenapark.geojson", folder / "buena_park.geojson")
    text = entry_of(run, VOTERS, "CALIFORNIA")
    assert "were 12.1% of registered people and 10.5% of those who voted" in text
    assert "Lists of names count other people than the census definition" in text


@pytest.mark.filterwarnings("default")
def test_patterns_of_the_sample_bounds_first(unchanged):
    folder, cells = unchanged(PATTERNS)
    shown, noise = outputs_of(cells)
    text = words_of(shown)
    assert noise == []
    bounds = text.index("Candidate Wren: between 0.0% and 95.1% of the votes, whatever the voters did")
    assert bounds < text.index("Goodman's line gives 17.5%")
    assert text.index("Rule of inclusion: Every contest for the county council") < text.index(
        "preferred different candidates"
    )
    assert "results depend on how votes of split precincts were spread" in text
    assert {"precincts.pdf", "forest.pdf"} <= {path.name for path in (folder / "out" / "patterns").iterdir()}


@pytest.mark.real
@pytest.mark.filterwarnings("default")
def test_precincts_of_santa_clara_with_one_parameter_changed(run, tmp_path, data_dir):
    folder = tmp_path / "notebooks" / "santa_clara"
    folder.mkdir(parents=True)
    shutil.copy(data_dir / "rpv/SantaClaraSampleData.csv", folder / "precincts.csv")
    text = entry_of(run, PATTERNS, "SANTA_CLARA")
    assert "East Asian, Hardy: between 0.0% and 100.0% of the votes, whatever the voters did" in text
    assert "Goodman's line gives 86.2% (standard error 10.8%)" in text
    assert "Everybody except East Asian, Hardy: between 21.4% and 38.0% of the votes" in text
    assert "Write the year of the election in the first cell" in text
