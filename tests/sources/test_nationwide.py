"""Areas that lie in no one State: the nation, and American Indian, Alaska Native and Native Hawaiian areas."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from kit.errors import Corrupt, InputError, KeyMissing, NotPublished, SchemaError
from kit.model.acs_tables import layout
from kit.model.detail import DETAIL
from kit.model.geoid import LEVELS, NATIONWIDE, as_geoids, level, place_of
from kit.sources import census_api
from kit.sources.acs import read_acs
from kit.sources.acs_files import table_path
from kit.sources.acs_lines import shells_path
from kit.sources.ddhca import NOT_THERE, read_ddhca
from kit.sources.dhc import CELLS, read_dhc
from kit.sources.tiger_layout import LAYERS

NATIVE = "american indian area/alaska native area/hawaiian home land"
HMONG = "Hmong alone or in any combination"
# Race tallies of 10 people: 6 Asian, 5 NHPI, 1 of them both.
CHECKED = dict.fromkeys(CELLS, "0") | {"P1_001N": "10", "P6_001N": "11", "P6_005N": "6", "P6_006N": "5"}
CHECKED |= {"P7_001N": "11", "P7_002N": "11", "P7_006N": "6", "P7_007N": "5"}


def dhc_table(ids):
    return pd.DataFrame([CHECKED | {"NAME": f"Area {geoid}"} for geoid in ids], index=list(ids))


def test_one_spelling_for_levels_and_boundaries():
    assert "native_area" in LAYERS
    assert LEVELS["native_area"].summary_level == "250"
    assert LEVELS["native_area"].digits is None
    assert LEVELS["nation"].summary_level == "010"
    assert level("native area") is level("250") is LEVELS["native_area"]
    assert level("010") is LEVELS["nation"]


def test_place_and_level_go_together():
    assert place_of("us", "nation").fips == ""
    assert place_of("HI", "tract").fips == "15"
    with pytest.raises(InputError, match="level='native_area' names areas that may cross State lines: pass place='US'"):
        place_of("HI", "native_area")
    with pytest.raises(InputError, match="level='nation' is one area: pass place='US', not Hawaii"):
        place_of("HI", "nation")
    with pytest.raises(InputError, match="place='US' goes with level='nation' or 'native_area' only; for 'tract' name"):
        place_of("US", "tract")


def test_the_id_of_the_nation():
    assert as_geoids(["0100000US"])[0].tolist() == ["US"]
    assert as_geoids(["US"])[0].tolist() == ["US"]
    assert as_geoids(["2500000US5003"])[0].tolist() == ["5003"]


@pytest.mark.parametrize(("name", "kept", "geoids"), [("native_area", ["N5003", "N2430"], ["5003", "2430"]),
                                                     ("nation", ["US1"], ["US"])])  # fmt: skip
def test_the_api_is_asked_without_a_state(server, key, name, kept, geoids):
    server.tables["2020/dec/dhc"] = dhc_table([*kept, "15", "1501"])
    units = read_dhc("US", year=2020, level=name)
    assert units.frame.index.tolist() == geoids
    assert units.frame["asian_aoic_pop"].tolist() == [6] * len(geoids)
    assert units.frame["nhpi_aoic_pop"].tolist() == [5] * len(geoids)
    assert units.level == name
    assert "United States" in units.sources[0].title
    asked = server.questions[-1]["query"]
    assert asked["for"] == (f"{NATIVE}:*" if name == "native_area" else "us:1")
    assert "in" not in asked


def test_a_reply_with_unusable_ids(server, key):
    server.tables["2020/dec/dhc"] = dhc_table(["N50x3"])
    with pytest.raises(Corrupt, match="unusable or doubled ids: 50x3"):
        census_api.query("dec/dhc", ["P1_001N"], year=2020, level="native_area", state="")


def test_what_the_dhc_does_not_have(tmp_path):
    with pytest.raises(NotPublished, match="States' files have no American Indian, Alaska Native and Native Hawaiian"):
        read_dhc("US", year=2020, level="native_area", source="bulk")
    with pytest.raises(NotPublished, match="States' files have no nations; use source='api'"):
        read_dhc("US", year=2020, level="nation", source=tmp_path)


@pytest.mark.parametrize(
    ("name", "column", "values", "geoids"),
    [
        ("native_area", "GEO_ID", ["2500000US5003", "2500000US2430"], ["5003", "2430"]),
        ("native_area", NATIVE, ["5003", "2430"], ["5003", "2430"]),
        ("nation", "GEO_ID", ["0100000US"], ["US"]),
        ("nation", "us", ["1"], ["US"]),
    ],
)
def test_local_tables(tmp_path, name, column, values, geoids):
    table = pd.DataFrame([CHECKED] * len(values)).assign(**{column: values})
    other = pd.DataFrame([CHECKED]).assign(**{column: "1600000US1571550"})
    table = pd.concat([table, other]) if column == "GEO_ID" else table
    (tmp_path / "x.json").write_text(json.dumps([list(table.columns), *table.to_numpy().tolist()]))
    assert read_dhc("US", year=2020, level=name, source=tmp_path / "x.json").frame.index.tolist() == geoids
    if column == "GEO_ID":
        other.to_csv(tmp_path / "y.csv", index=False)
        with pytest.raises(SchemaError, match=f"y.csv has no {LEVELS[name].plural}; its ids are like 1600000US1571550"):
            read_dhc("US", year=2020, level=name, source=tmp_path / "y.csv")


def test_the_detailed_file(server, key):
    server.groups["2020/dec/ddhca"] = [
        ("US1", "3823", HMONG, "360000"),
        ("N5003", "3823", HMONG, "40"),
        ("15", "3823", HMONG, "80"),
    ]
    server.tables["2020/dec/dhc"] = dhc_table(["US1", "N5003", "N2430"])
    native = read_ddhca("hmong", "US", year=2020, level="native_area").frame
    assert native.index.tolist() == ["5003", "2430"]
    assert native["hmong_aoic"].iloc[0] == 40
    assert native["hmong_aoic_reason"].tolist() == ["", NOT_THERE]
    assert native["name"].iloc[0] == "Area N5003"
    nation = read_ddhca("hmong", "US", year=2020, level="nation")
    assert nation.frame["hmong_aoic"].tolist() == [360000]
    assert nation.frame.index.tolist() == ["US"]
    with pytest.raises(InputError, match="pass place='US', not Hawaii"):
        read_ddhca("hmong", "HI", year=2020, level="native_area")


@pytest.mark.parametrize("name", NATIONWIDE)
def test_the_registry_knows_it(name):
    assert DETAIL.require("hmong", source="ddhca", level=name, year=2020) is not None
    assert DETAIL.require("asian", source="dhc", how="aoic", level=name, year=2020) is not None
    assert DETAIL.require("hmong", source="acs5", how="alone", level=name, year=2022) is not None
    with pytest.raises(NotPublished, match=f"P.L. 94-171 does not count .* by {LEVELS[name].plural}"):
        DETAIL.require("asian", source="pl94171", level=name, year=2020)


def test_the_survey_from_the_api_and_the_summary_file(server, key):
    lines = layout("B02015", 2022)
    header = ["GEO_ID", *(f"B02015_{kind}{n:03d}" for n in lines for kind in "EM")]
    row = [str(10 * n) if kind == "E" else "3" for n in lines for kind in "EM"]
    ids = ["0100000US", "2500000US5003", "2500000US2430", "2500001US5003", "0400000US15", "5001800US1501"]
    text = "\n".join("|".join(r) for r in [header, *([geoid, *row] for geoid in ids)])
    server.files[table_path("B02015", 2022)] = f"{text}\n".encode()
    shell = ["Table ID|Line|Indent|Unique ID|Label|Title|Universe|Type"]
    shell += [f"B02015|{n}.0|{len(p)}|B02015_{n:03d}|{p[-1] if p else 'Total:'}|T|U|int" for n, p in lines.items()]
    server.files[shells_path(2022)] = ("\n".join(shell) + "\n").encode()
    names = [f"B02015_{n:03d}{kind}" for n in lines for kind in "EM"]
    server.tables["2022/acs/acs5"] = pd.DataFrame([row] * 3, columns=names, index=["US1", "N5003", "N2430"]).assign(
        NAME=["United States", "One", "Two"]
    )
    labels = {f"B02015_{n:03d}E": {"label": "!!".join(["Estimate", "Total:", *p])} for n, p in lines.items()}
    server.files["/data/2022/acs/acs5/groups/B02015.json"] = json.dumps({"variables": labels}).encode()
    for name, geoids in (("nation", ["US"]), ("native_area", ["5003", "2430"])):
        bulk = read_acs("B02015", "US", year=2022, level=name, source="bulk")
        api = read_acs("B02015", "US", year=2022, level=name, source="api")
        assert bulk.frame.index.tolist() == geoids
        pd.testing.assert_frame_equal(api.frame.drop(columns="name"), bulk.frame)
        assert bulk.year == 2022
        assert bulk.frame["chinese_alone"].tolist() == [20] * len(geoids)
    with pytest.raises(NotPublished, match="B16001 .* is not published by American Indian"):
        read_acs("B16001", "US", year=2022, level="native_area")
    with pytest.raises(InputError, match="goes with level='nation' or 'native_area' only"):
        read_acs("B02015", "US", year=2022, level="tract")


@pytest.mark.parametrize("name", NATIONWIDE)
def test_without_a_key_the_bulk_files_are_not_suggested_where_they_lack_it(server, name):
    with pytest.raises(KeyMissing, match="or pass source= with a file; the published bulk files do not have it"):
        read_dhc("US", year=2020, level=name)
    with pytest.raises(KeyMissing, match="or use source='bulk', which needs no key"):
        read_ddhca("hmong", "US", year=2020, level=name, source="api")
    with pytest.raises(KeyMissing, match="or use source='bulk', which needs no key"):
        read_dhc("HI", year=2020, level="county", source="api")
