"""The pack for a hearing: made from a made-up State, used without a network, and checked for what befell it."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kit
from kit.cli import app
from kit.errors import Corrupt, InputError, NotPublished, SourceError
from kit.files import sha256
from kit.model.acs_tables import layout
from kit.model.geoid import state
from kit.settings import using
from kit.sources.acs import BUNDLES
from kit.sources.acs_files import table_path
from kit.sources.acs_lines import shells_path
from kit.sources.cvap_files import cvap_path
from kit.sources.download import pl_path
from kit.sources.pack import NOT_YET, copy_plan, make_pack
from kit.sources.pack_items import Request, items_of
from kit.sources.pack_record import PACK_NAME, PackedProduct, PackList, read_list
from kit.sources.pack_verify import newest_of, verify_pack

BLOCKS = ["150010001001000", "150010001001001"]
TRACTS = ["15001000100", "15003000100"]
HERE = Path(__file__)
TIGER = "/geo/tiger"
LAYERS = ("blocks", "tracts", "sldl:2024", "roads", "water", "block_lists")


def load(name):
    spec = importlib.util.spec_from_file_location(f"_pack_{name}", HERE.with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def zipped(members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in members.items():
            pack.writestr(name, text)
    return held.getvalue()


def cvap_file():
    from kit.model.cvap import LINES

    values = dict(zip(range(1, 14), [500, 460, 5, 100, 50, 20, 200, 5, 30, 10, 10, 30, 40], strict=True))
    rows = ["geoname,lntitle,geoid,lnnumber,cit_est,cit_moe,cvap_est,cvap_moe"]
    rows += [f'"Here",{LINES[n].title},0500000US15001,{n},{v},9,{v},9' for n, v in values.items()]
    return zipped({"County.csv": "\n".join(rows) + "\n"})


def survey_file(table):
    lines = sorted(layout(table, 2022))
    head = "|".join(["GEO_ID", *(f"{table}_{kind}{n:03d}" for n in lines for kind in "EM")])
    rows = ["|".join([f"1400000US{tract}", *(["10", "2"] * len(lines))]) for tract in TRACTS]
    return ("\n".join([head, *rows]) + "\n").encode()


def shells_file(tables):
    rows = ["Table ID|Line|Indent|Unique ID|Label|Title|Universe|Type"]
    for table in tables:
        for n, path in layout(table, 2022).items():
            rows.append(f"{table}|{n}.0|{len(path)}|{table}_{n:03d}|{path[-1] if path else 'Total:'}|T|U|int")
    return ("\n".join(rows) + "\n").encode()


@pytest.fixture
def state_files(server, maker, tmp_path):
    """Publish everything of a small State."""
    made = maker(50)
    shapes = load("tiger_maker")
    columns = {"STATEFP": ["15"] * 2, "COUNTYFP": ["001", "003"], "ALAND": [5, 6], "AWATER": [0, 0]}
    lists = {
        f"BlockAssign_ST15_HI_{code}.txt": f"BLOCKID|DISTRICT\n{BLOCKS[0]}|001\n" for code in ("SLDL", "SLDU", "CD")
    }
    tables = [*BUNDLES["aapi"], *BUNDLES["citizen_vap"]]
    server.files |= {
        pl_path(state("HI"), 2020): made.write_zip(tmp_path / "x.zip").read_bytes(),
        cvap_path(2022): cvap_file(),
        shells_path(2022): shells_file(tables),
        **{table_path(table, 2022): survey_file(table) for table in tables},
        f"{TIGER}/TIGER2020PL/LAYER/TABBLOCK/2020/tl_2020_15001_tabblock20.zip": shapes.zipped(
            shapes.blocks(BLOCKS), "tl_2020_15001_tabblock20"
        ),
        f"{TIGER}/TIGER2020/TRACT/tl_2020_15_tract.zip": shapes.zipped(
            shapes.squares(TRACTS, columns, id_column="GEOID"), "tl_2020_15_tract"
        ),
        f"{TIGER}/TIGER2024/SLDL/tl_2024_15_sldl.zip": shapes.zipped(
            shapes.districts(["001", "002"]), "tl_2024_15_sldl"
        ),
        f"{TIGER}/TIGER2020/ROADS/tl_2020_15001_roads.zip": shapes.zipped(
            shapes.lines(["110"], {"FULLNAME": ["A St"]}, id_column="LINEARID"), "tl_2020_15001_roads"
        ),
        f"{TIGER}/TIGER2020/AREAWATER/tl_2020_15001_areawater.zip": shapes.zipped(
            shapes.squares(["120"], {"FULLNAME": ["A Lake"], "ALAND": [0], "AWATER": [9]}, id_column="HYDROID"),
            "tl_2020_15001_areawater",
        ),
        "/geo/docs/maps-data/data/baf2020/BlockAssign_ST15_HI.zip": zipped(lists),
    }
    server.people = made.total("P1")
    return server


@pytest.fixture
def plan(tmp_path):
    """A plan's folder with its SOURCE.toml."""
    folder = tmp_path / "my_plan"
    folder.mkdir()
    (folder / "plan.csv").write_text(f"GEOID20,DISTRICT\n{BLOCKS[0]},1\n{BLOCKS[1]},2\n")
    record = {
        "name": "My plan", "file": "plan.csv", "jurisdiction": "Test State", "status": "proposed", "year": 2020,
        "license": "CC BY 4.0", "url": "https://example.org/plan", "retrieved": "2026-01-05",
        "sha256": sha256(folder / "plan.csv"),
    }  # fmt: skip
    (folder / "SOURCE.toml").write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in record.items()))
    return folder


def request(**changes):
    whole = {"acs": 2022, "cvap": 2022, "counties": ("001",), "layers": LAYERS, "bundles": ("aapi", "citizen_vap")}
    return Request("HI", **({"year": 2020} | whole | changes))


@pytest.fixture
def packed(state_files, plan, tmp_path):
    make_pack(request(), tmp_path / "hearing_pack", plans=[plan])
    return tmp_path / "hearing_pack"


def flat(text):
    return " ".join(text.split())


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


# --- making it ----------------------------------------------------------------------------------------


def test_everything_is_listed_with_hash_size_vintage_and_origin(packed, state_files):
    listed = read_list(packed)
    assert listed.missing == ()
    assert len(listed.products) == 1 + 1 + 6 + 1 + 6 + 1
    by_name = {file.path.rpartition("/")[2]: file for file in listed.files}
    assert len(by_name) == len(listed.files) == 1 + 1 + 6 + 1 + 6 + 2
    for file in listed.files:
        path = packed / file.path
        assert (file.sha256, file.size) == (sha256(path), path.stat().st_size)
    people = by_name["hi2020.pl.zip"]
    assert people.product == "2020 Census Redistricting Data (P.L. 94-171), Hawaii"
    assert (people.vintage, people.url) == (2020, state_files.root + pl_path(state("HI"), 2020))
    assert people.retrieved.startswith(datetime.now(UTC).strftime("%Y-"))
    assert by_name["tl_2024_15_sldl.zip"].vintage == 2024
    assert by_name["acsdt5y2022-b05003d.dat"].vintage == 2022
    assert (by_name["plan.csv"].url, by_name["plan.csv"].retrieved) == ("https://example.org/plan", "2026-01-05")
    assert by_name["plan.csv"].path == "plans/my_plan/plan.csv"
    words = (packed / "README.txt").read_text(encoding="utf-8")
    for text in (
        "export KIT_CACHE=hearing_pack KIT_OFFLINE=1",
        "kit verify hearing_pack",
        'kit.read_boundaries("block", "HI", year=2020, counties=["001"])',
        "terms: public domain (U.S. Government work)",
        "terms: CC BY 4.0",
        "My plan (proposed)",
        "not legal advice",
    ):
        assert text in words
    assert str(packed.parent) not in words + (packed / PACK_NAME).read_text()


OFFLINE = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.getaddrinfo = refuse
import kit
print(kit.read_pl94171("HI", year=2020, level="block").frame["total_pop"].sum())
print(kit.read_cvap("HI", year=2022, level="county").frame.loc["15001", "total_cvap"])
print(kit.read_acs("aapi", "HI", year=2022, level="tract").frame.index.tolist())
print(kit.read_acs("citizen_vap", "HI", year=2022, level="tract").frame["asian_alone_cvap"].notna().all())
for layer, year in (("tract", 2020), ("state_house", 2024)):
    print(len(kit.read_boundaries(layer, "HI", year=year)))
for layer in ("block", "roads", "area_water"):
    print(len(kit.read_boundaries(layer, "HI", year=2020, counties=["001"])))
print(kit.read_block_assignment("HI", year=2020, kind="sldl").labels)
print(kit.read_plan(sys.argv[1] + "/plans/my_plan").name)
"""


def test_every_reader_works_from_it_without_network_or_key(packed, state_files):
    asked = len(state_files.asked)
    before = {path: path.stat().st_mtime_ns for path in packed.rglob("*")}
    for path in [packed, *packed.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    settings = {"KIT_CACHE": "hearing_pack", "KIT_OFFLINE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", OFFLINE, "hearing_pack"],
        cwd=packed.parent, env=os.environ | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    for path in [packed, *packed.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        str(state_files.people), "500", str(TRACTS), "True", "2", "2", "2", "1", "1", "('001',)", "My plan"
    ]  # fmt: skip
    assert len(state_files.asked) == asked
    assert {path: path.stat().st_mtime_ns for path in packed.rglob("*")} == before
    assert verify_pack(packed).whole


def test_replies_of_the_api_serve_where_there_are_no_files(server, key, tmp_path, monkeypatch):
    import pandas as pd

    table, ids = "B02012", ["15", "15001", "15001000100"]
    lines = layout(table, 2017)
    values = {f"{table}_{n:03d}{kind}": ["10"] * 3 for n in lines for kind in "EM"}
    server.tables["2017/acs/acs5"] = pd.DataFrame({"NAME": ids, **values}, index=ids)
    body = {
        "variables": {f"{table}_{n:03d}E": {"label": "!!".join(["Estimate", "Total", *p])} for n, p in lines.items()}
    }
    server.files[f"/data/2017/acs/acs5/groups/{table}.json"] = json.dumps(body).encode()
    monkeypatch.setitem(BUNDLES, "aapi", (table,))
    listed = make_pack(Request("HI", 2020, acs=2017, bundles=("aapi",)), tmp_path / "p")
    assert [p.title for p in listed.missing] == ["2020 Census Redistricting Data (P.L. 94-171), Hawaii"]
    assert len(listed.files) == 4
    assert all(f.path.startswith("api/") and f.url and f.retrieved and f.vintage == 2017 for f in listed.files)
    assert key not in (tmp_path / "p" / PACK_NAME).read_text()
    monkeypatch.delenv("CENSUS_API_KEY")
    with using(cache=tmp_path / "p", offline=True):
        assert kit.read_acs("aapi", "HI", year=2017, level="tract").frame.index.tolist() == ["15001000100"]


def test_what_fails_does_not_lose_the_rest_and_is_made_up_for_later(state_files, plan, tmp_path):
    home, gone = tmp_path / "p", state_files.files.pop(cvap_path(2022))
    steps = []
    listed = make_pack(request(bundles=("aapi",)), home, plans=[plan, tmp_path / "no_such"], tell=steps.append)
    assert [product.title for product in listed.missing] == [
        "CVAP special tabulation 2018–2022, all States", "plan no_such"
    ]  # fmt: skip
    assert listed.missing[0].fault.startswith("the CVAP tabulation of 2018–2022 is not on 127.0.0.1 (404).")
    assert listed.missing[1].fault == "there is no plan 'no_such'. Check the path."
    assert (steps[0].number, steps[0].total, steps[0].size) == (1, 14, None)
    assert steps[1].size > 1000
    assert "WHAT IS MISSING" in (home / "README.txt").read_text()
    assert not verify_pack(home).whole
    asked = len(state_files.asked)
    state_files.files[cvap_path(2022)] = gone
    (tmp_path / "no_such").mkdir()
    shutil.copy(plan / "plan.csv", tmp_path / "no_such" / "plan.csv")
    listed = make_pack(request(bundles=("aapi",)), home, plans=[plan, tmp_path / "no_such"])
    assert listed.missing == ()
    assert [a["path"] for a in state_files.asked[asked:]] == [cvap_path(2022)]
    assert verify_pack(home).whole
    more = make_pack(request(bundles=("citizen_vap",)), home)
    assert len(more.products) == len(listed.products) + 3
    assert verify_pack(home).whole


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of Unix")
def test_a_run_that_was_killed_leaves_a_list_of_what_is_not_done(state_files, tmp_path):
    code = (
        "import os, signal, sys; from kit.settings import using; from kit.sources.pack import make_pack\n"
        "from kit.sources.pack_items import Request\n"
        "wanted = Request('HI', 2020, acs=2022, cvap=2022, counties=['001'], layers=sys.argv[3:],\n"
        "                 bundles=['aapi', 'citizen_vap'])\n"
        "def tell(step):\n"
        "    if step.number == 3: os.kill(os.getpid(), signal.SIGKILL)\n"
        "with using(files_url=sys.argv[1]): make_pack(wanted, sys.argv[2], tell=tell)"
    )
    words = [sys.executable, "-c", code, state_files.root, str(tmp_path / "p"), *LAYERS]
    assert subprocess.run(words, check=False).returncode == -9
    found = verify_pack(tmp_path / "p")
    assert [state.state for state in found.files] == ["ok", "ok"]
    assert len(found.absent) == 13
    assert {product.fault for product in found.absent} == {NOT_YET}
    assert not found.whole
    assert make_pack(request(), tmp_path / "p").missing == ()


def test_a_zip_that_is_damaged_inside_is_taken_out_again(state_files, tmp_path):
    path = f"{TIGER}/TIGER2020/TRACT/tl_2020_15_tract.zip"
    good = state_files.files[path]
    middle = len(good) // 3
    state_files.files[path] = good[:middle] + bytes([good[middle] ^ 255]) + good[middle + 1 :]
    listed = make_pack(request(layers=("tract",), acs=None, bundles=()), tmp_path / "p")
    assert listed.missing[0].fault.startswith("tl_2020_15_tract.zip is damaged inside (tl_2020_15_tract.")
    assert not list((tmp_path / "p").rglob("tl_2020_15_tract*"))
    state_files.files[path] = good
    assert make_pack(request(layers=("tract",), acs=None, bundles=()), tmp_path / "p").missing == ()


def test_two_packers_at_once_lose_nothing(state_files, tmp_path):
    home, code = tmp_path / "p", (
        "import sys; from kit.settings import using; from kit.sources.pack import make_pack\n"
        "from kit.sources.pack_items import Request\n"
        "with using(files_url=sys.argv[1]):\n"
        "    make_pack(Request('HI', 2020, layers=sys.argv[3:]), sys.argv[2])"
    )  # fmt: skip
    words = [sys.executable, "-c", code, state_files.root, str(home)]
    both = [subprocess.Popen([*words, *layers]) for layers in (["tracts"], ["sldl:2024", "block_lists"])]
    assert [process.wait(60) for process in both] == [0, 0]
    listed = read_list(home)
    assert len(listed.products) == len(listed.files) == 4
    assert listed.missing == ()
    assert verify_pack(home).count("ok") == 4
    assert len([a for a in state_files.asked if a["path"].endswith(".pl.zip")]) == 1


# --- plans --------------------------------------------------------------------------------------------


def test_plans_are_copied_with_all_that_belongs_to_them(plan, tmp_path, four_squares):
    import geopandas as gpd

    home = tmp_path / "p"
    names = lambda paths: [path.relative_to(home / "plans").as_posix() for path in paths]  # noqa: E731
    assert names(copy_plan(plan, home)) == ["my_plan/SOURCE.toml", "my_plan/plan.csv"]
    assert names(copy_plan(plan / "plan.csv", home)) == ["my_plan/SOURCE.toml", "my_plan/plan.csv"]
    shapes = four_squares[1].geometry
    (tmp_path / "s").mkdir()
    gpd.GeoDataFrame({"D": ["1", "2"]}, geometry=shapes.to_numpy(), crs=shapes.crs).to_file(
        tmp_path / "s" / "draft.shp"
    )
    (tmp_path / "s" / "other.txt").write_text("x")
    assert names(copy_plan(tmp_path / "s" / "draft.shp", home)) == [
        f"draft/draft.{end}" for end in ("cpg", "dbf", "prj", "shp", "shx")
    ]
    assert kit.read_plan(home / "plans" / "draft").labels == ("1", "2")
    later = tmp_path / "draft.csv"
    later.write_text("GEOID,DISTRICT\n")
    copy_plan(later, home)
    later.write_text("GEOID,DISTRICT\n150010001001000,1\n")
    assert copy_plan(later, home)[0].read_text() == later.read_text()
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="the folder 'empty' has no files of a plan"):
        copy_plan(tmp_path / "empty", home)
    (plan / "plan.csv").write_text("changed")
    with pytest.raises(Corrupt, match=r"plan\.csv is not the file SOURCE\.toml describes"):
        copy_plan(plan, home)


def test_a_sample_plan_is_marked_as_one(server, repo_root, tmp_path):
    listed = make_pack(Request("HI", 2020), tmp_path / "p", plans=[repo_root / "shapefiles" / "la_illustrative_a"])
    assert listed.products[-1].note.endswith("(illustrative); sample data, not for testimony")
    assert "sample data, not for testimony" in (tmp_path / "p" / "README.txt").read_text()


def test_two_plans_of_one_name_are_refused(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "draft.csv").write_text("x")
    with pytest.raises(InputError, match="two of the plans are called draft; give each"):
        make_pack(
            Request("HI", 2020), tmp_path / "p", plans=[tmp_path / "a" / "draft.csv", tmp_path / "b" / "draft.csv"]
        )
    assert not (tmp_path / "p").exists()


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"layers": ("trakts",)},
            "there is no layer 'trakts'. Did you mean tract.* Layers are block, .* section203, crosswalk, block_lists",
        ),
        ({"layers": ("sldl:24",)}, "'sldl:24': write a layer, or a layer and an edition, such as sldl:2024"),
        ({"layers": ("roads",), "counties": ()}, "roads come county by county: say which counties, by three digits"),
        ({"bundles": ("asian",)}, "there is no bundle 'asian' of survey tables; bundles are aapi, "),
        ({"acs": None}, "bundles are of the American Community Survey; name its year"),
        ({"year": 2021}, "a pack stands on the census of 2010 or 2020, not on year=2021. .* as tracts:2021"),
        ({"year": 2030}, "not on year=2030"),
        ({"acs": 2008}, "acs=2008: give the last year of the five-year period, 2009 or later"),
    ],
)
def test_a_request_that_cannot_be_understood_fetches_nothing(server, tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        make_pack(request(**changes), tmp_path / "p")
    assert server.asked == []
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"acs": 2030}, "newest period of the American Community Survey .* is 2020–2024, not year=2030"),
        ({"cvap": 2025}, "newest period of the CVAP tabulation .* is 2020–2024, not year=2025"),
        ({"cvap": 2007}, "the CVAP tabulation begins with the period that ends in 2009, not 2007"),
        ({"layers": ("tracts:2035",)}, "TIGER/Line files of census tracts are read for 2010–2026, not for year=2035"),
        ({"layers": ("cd118:2020",)}, "the 2020 edition has the districts of the 116th Congress"),
        ({"layers": ("section203:2016",)}, "the list of 2016 is not published as a table"),
        ({"layers": ("block_lists:2021",)}, "are read for 2010, 2020, 2022, 2024, not for year=2021"),
    ],
)
def test_what_is_not_published_is_said_before_anything_is_fetched(server, tmp_path, changes, message):
    with pytest.raises(NotPublished, match=message):
        make_pack(request(**changes), tmp_path / "p")
    assert server.asked == []
    assert not (tmp_path / "p").exists()


def test_words_for_layers():
    words = ("tract", "tracts", "counties", "cd118", "cd119:2024", "native_areas", "vtds", "section203", "crosswalk")
    items = items_of(Request("HI", 2020, layers=words))[1:]
    assert [item.product.kind for item in items] == [
        "boundaries/tract", "boundaries/tract", "boundaries/county", "boundaries/congressional_district",
        "boundaries/congressional_district", "boundaries/native_area", "boundaries/vtd", "other", "other",
    ]  # fmt: skip
    assert items[3].product.read == 'kit.read_boundaries("cd118", "HI", year=2022)'
    assert items[3].product.note == ""
    old = items_of(Request("HI", 2020, layers=("cd",)))[1].product
    assert old.note == (
        "Districts as the 2020 edition has them, drawn before the 2020 census; name another year as "
        "congressional_district:2022."
    )
    assert items[4].product.note == ""
    assert items[5].product.read == 'kit.read_boundaries("native_area", "US", year=2020)'


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to_mother.txt").write_text("Dear")
    with pytest.raises(InputError, match="letters is no pack and has other things in it, such as to_mother.txt"):
        make_pack(Request("HI", 2020), tmp_path / "letters")
    with pytest.raises(InputError, match=r"to_mother\.txt is a file; name a folder"):
        make_pack(Request("HI", 2020), tmp_path / "letters" / "to_mother.txt")
    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["to_mother.txt"]


# --- checking it --------------------------------------------------------------------------------------


def states(found):
    return {file.path.rpartition("/")[2]: file.state for file in found.files if file.state != "ok"}


def test_what_is_changed_missing_extra_and_half_written(packed, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("verify needs no network"))
    assert verify_pack(packed).summary().startswith("hearing_pack is whole: 17 of 17 files are as packed on 20")
    paths = {path.name: path for path in packed.rglob("*") if path.is_file()}
    longer, same = paths["plan.csv"], paths["hi2020.pl.zip"]
    longer.write_text(longer.read_text() + "\n")
    body = bytearray(same.read_bytes())
    body[100] ^= 1
    same.write_bytes(body)
    paths["tl_2020_15_tract.zip"].unlink()
    paths["tl_2024_15_sldl.zip.json"].write_text("{}")
    paths["tl_2020_15001_roads.zip.json"].unlink()
    (packed / "plans" / "notes.docx").write_text("x")
    (packed / ".DS_Store").write_text("x")
    for name in ("a.zip.part", "a.zip.part.mark", "a.zip.lock", ".abcd1234.json"):
        (packed / "files" / name).write_text("x")
    before = {path: path.stat().st_mtime_ns for path in packed.rglob("*")}
    found = verify_pack(packed)
    assert {path: path.stat().st_mtime_ns for path in packed.rglob("*")} == before
    assert states(found) == {
        "plan.csv": "changed", "hi2020.pl.zip": "changed", "tl_2020_15_tract.zip": "missing",
        "tl_2024_15_sldl.zip": "changed", "tl_2020_15001_roads.zip": "changed", "notes.docx": "extra",
        "a.zip.part": "half-written", "a.zip.part.mark": "half-written", "a.zip.lock": "half-written",
        ".abcd1234.json": "half-written",
    }  # fmt: skip
    details = {file.path.rpartition("/")[2]: file.detail for file in found.files}
    assert details["hi2020.pl.zip"] == "same length, other content"
    assert details["tl_2024_15_sldl.zip"] == "its record tl_2024_15_sldl.zip.json has changed"
    assert not found.whole
    assert "12 of 17 files are as packed on" in found.summary()
    assert "hearing_pack is NOT whole" in found.summary()
    assert "; 4 changed; 1 missing. Beside them: 1 extra, 4 half-written." in found.summary()


def test_age_and_newer_vintages_are_told(packed):
    assert [words for words in verify_pack(packed).stale if "fetched" in words] == []
    later = datetime.now(UTC) + timedelta(days=400)
    stale = verify_pack(packed, now=later).stale
    assert "2020 Census Redistricting Data (P.L. 94-171), Hawaii: fetched 400 days ago, more than 365." in stale
    assert "CVAP special tabulation 2018–2022, all States: there is a newer vintage, 2024." in stale
    assert any(words.startswith("plan my_plan: fetched ") for words in stale)
    assert not any("tracts" in words and "newer" in words for words in stale)
    assert verify_pack(packed, now=later).whole
    assert not any("fetched" in words for words in verify_pack(packed, days=9999, now=later).stale)
    with pytest.raises(InputError, match="days=0: give the age in days"):
        verify_pack(packed, days=0)


@pytest.mark.parametrize(
    ("kind", "vintage", "newer"),
    [
        ("pl94171", 2010, 2020),
        ("pl94171", 2020, None),
        ("boundaries/congressional_district", 2022, 2024),
        ("boundaries/congressional_district", 2025, None),
        ("boundaries/state_house", 2020, 2024),
        ("boundaries/tract", 2020, None),
        ("plan", 2010, None),
    ],
)
def test_what_counts_as_newer(tmp_path, kind, vintage, newer):
    product = PackedProduct(title="it", kind=kind, vintage=vintage)
    (tmp_path / PACK_NAME).write_text(PackList(products=(product,)).model_dump_json())
    assert list(verify_pack(tmp_path).stale) == ([f"it: there is a newer vintage, {newer}."] if newer else [])
    other = product.model_copy(update={"title": "newer one", "vintage": newest_of(kind)})
    (tmp_path / PACK_NAME).write_text(PackList(products=(product, other)).model_dump_json())
    assert verify_pack(tmp_path).stale == ()


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (None, InputError, r"is no pack: it has no PACK\.json\. Make one with kit pack"),
        ("{", Corrupt, r"PACK\.json of p is damaged, or of another version of the kit"),
        ('{"format": 2}', Corrupt, "format Input should be 1"),
        (
            '{"files": [{"path": "../x", "sha256": "' + "0" * 64 + '", "size": 1, "product": "a"}]}',
            Corrupt,
            "files.0.path Value error, is not inside the pack",
        ),
    ],
)
def test_lists_that_cannot_be_trusted(tmp_path, text, kind, message):
    home = tmp_path / "p"
    home.mkdir()
    if text is not None:
        (home / PACK_NAME).write_text(text)
    with pytest.raises(kind, match=message):
        verify_pack(home)


def test_a_pack_that_cannot_be_written(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kit.sources.pack_record.write_text", refuse)
    with pytest.raises(SourceError, match=r"the list of the pack, PACK\.json, could not be written: there is no room"):
        make_pack(Request("HI", 2020), tmp_path / "p")


# --- the commands -------------------------------------------------------------------------------------


def test_the_commands(state_files, plan, tmp_path):
    home = tmp_path / "hearing_pack"
    words = ["pack", "HI", "--to", home, "--year", "2020", "--cvap", "2022", "--with", "tracts, sldl", "--plan", plan]
    result = run(*words)
    assert result.exit_code == 1
    text = flat(result.output)
    assert "1 of 5 2020 Census Redistricting Data (P.L. 94-171), Hawaii: 0." in text
    assert "4 of 5 TIGER/Line 2020, state house districts, Hawaii: MISSING: the 2020 file of state house" in text
    assert "Missing: 1. The same command tries them again and keeps the rest. - TIGER/Line 2020, state house" in text
    words[9] = "tracts"
    shutil.rmtree(home)
    result = run(*words)
    assert result.exit_code == 0, result.output
    assert "hearing_pack: 5 files, " in flat(result.output)
    assert "Not in this pack: survey tables (--acs YEAR). Run it again with these to add them." in flat(result.output)
    checked = run("verify", home)
    assert checked.exit_code == 0, checked.output
    assert "ok plans/my_plan/plan.csv" in flat(checked.output)
    assert "hearing_pack is whole: 5 of 5 files are as packed on" in flat(checked.output)
    assert "old CVAP special tabulation 2018–2022, all States: there is a newer vintage, 2024." in flat(checked.output)
    (home / "plans" / "my_plan" / "plan.csv").unlink()
    checked = run("verify", home)
    assert checked.exit_code == 1
    assert "missing plans/my_plan/plan.csv (not there)" in flat(checked.output)
    assert "NOT whole" in flat(checked.output)
    assert "Run the kit pack command again: it fetches what is changed or missing." in flat(checked.output)
    people = next(home.rglob("hi2020.pl.zip"))
    body = bytearray(people.read_bytes())
    body[50] ^= 1  # one byte, the length as before
    people.write_bytes(body)
    assert "changed " in run("verify", home).output
    with (
        using(cache=home, offline=True),
        pytest.raises(Corrupt, match=r"hi2020\.pl\.zip in the cache has changed since"),
    ):
        kit.read_pl94171("HI", year=2020, level="block")
    assert run(*words).exit_code == 0
    mended = run("verify", home)
    assert mended.exit_code == 0, mended.output
    assert "hearing_pack is whole: 5 of 5 files" in flat(mended.output)
    assert run("verify", tmp_path).exit_code == 1
    assert "is no pack" in flat(run("verify", tmp_path).output)


def test_what_was_not_asked_for_is_named_and_can_be_added(state_files, plan, tmp_path):
    home = tmp_path / "hearing_pack"
    bare = run("pack", "HI", "--to", home, "--year", "2020")
    assert bare.exit_code == 0
    assert (
        "Not in this pack: citizens of voting age (--cvap YEAR); survey tables (--acs YEAR); boundaries (--with "
        "blocks,tracts,sldl:YEAR); a plan (--plan). Run it again"
    ) in flat(bare.output)
    more = run("pack", "HI", "--to", home, "--year", "2020", "--cvap", "2022", "--with", "tracts", "--plan", plan)
    assert "Not in this pack: survey tables (--acs YEAR). Run it again" in flat(more.output)


def test_impossible_years_are_refused_by_the_command_before_a_download(server, tmp_path):
    for words, told in (
        (
            ["--year", "2021"],
            "a pack stands on the census of 2010 or 2020, not on year=2021. Choose one, and name another",
        ),
        (
            ["--year", "2020", "--acs", "2030"],
            "Community Survey (5-year) that this kit knows is 2020–2024, not year=2030",
        ),
        (
            ["--year", "2020", "--with", "tracts:2009"],
            "read for 2010–2026, not for year=2009. The nearest is year=2010",
        ),
    ):
        result = run("pack", "HI", "--to", tmp_path / "p", *words)
        assert result.exit_code == 1
        assert told in flat(result.output)
    assert server.asked == []
    assert not (tmp_path / "p").exists()


LABELS = """
import kit
units = kit.read_acs("detailed_nhpi", "HI", year=2023, level="tract")
print(units.frame["chuukese_alone"].tolist(), units.frame["chuukese_aoic"].tolist())
print([note for note in units.notes if note.startswith("Lines of B02019")])
"""


def test_labels_of_a_year_the_kit_does_not_know_go_along_in_the_pack(server, tmp_path):
    """The lines of 2023 are in no record of the kit: the pack's own labels tell them at the hearing."""
    lines = {
        "B02001": layout("B02001", 2023), "B02016": layout("B02016", 2024),
        "B02019": {n: path for n, path in layout("B02016", 2024).items() if n < 14},
    }  # fmt: skip
    shells = ["Table ID|Line|Indent|Unique ID|Label|Title|Universe|Type"]
    for table, known in lines.items():
        head = "|".join(["GEO_ID", *(f"{table}_{kind}{n:03d}" for n in known for kind in "EM")])
        cells = [text for n in known for text in (str(10 * n), "2")]
        rows = ["|".join([f"1400000US{tract}", *cells]) for tract in TRACTS]
        server.files[table_path(table, 2023)] = ("\n".join([head, *rows]) + "\n").encode()
        shells += [
            f"{table}|{n}.0|{len(p)}|{table}_{n:03d}|{p[-1] if p else 'Total:'}|T|U|int" for n, p in known.items()
        ]
    server.files[shells_path(2023)] = ("\n".join(shells) + "\n").encode()
    listed = make_pack(Request("HI", 2020, acs=2023, bundles=("detailed_nhpi",)), tmp_path / "p")
    assert [product.kind for product in listed.missing] == ["pl94171"]
    ran = subprocess.run(
        [sys.executable, "-c", LABELS],
        cwd=tmp_path, env=os.environ | {"KIT_CACHE": "p", "KIT_OFFLINE": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "[70, 70] [70, 70]", "['Lines of B02019 follow the published table shells of 2023.']"
    ]  # fmt: skip


def test_detailed_groups_go_along_with_their_list(server, tmp_path):
    from kit.sources.ddhca_files import DDHCA_PATH, LIST_PATH

    table = "REGION_TYPE,REGION_ID,GEOID,ST,ITERID,COUNT,ANN\nCOUNTY,15001,0500000US15001,15,3823,60,\n"
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cells = "".join(f'<c t="inlineStr"><is><t>{t}</t></is></c>' for t in ("3823", "Hmong alone or in any combination"))
    sheet = f"<worksheet {space}><sheetData><row>{cells}</row></sheetData></worksheet>"
    server.files[DDHCA_PATH] = zipped({"ddhca_t01001.csv": table})
    server.files[LIST_PATH] = zipped({"xl/worksheets/sheet1.xml": sheet})
    listed = make_pack(Request("HI", 2020, layers=("detailed_groups",)), tmp_path / "p")
    assert sorted(file.path.rpartition("/")[2] for file in listed.files) == [
        "2020-census-hispanic-origin-and-race-iterations-list.xlsx", "2020-ddhc-a.zip"
    ]  # fmt: skip
    with using(cache=tmp_path / "p", offline=True):
        assert kit.read_ddhca("hmong", "HI", year=2020, level="county").frame["hmong_aoic"].tolist() == [60]
