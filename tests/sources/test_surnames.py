"""Lists of names as the Census Bureau publishes them: percentages with hidden cells for 2010, a workbook for 2020."""

from __future__ import annotations

import io
import zipfile

import pytest

from kit.errors import Corrupt, InputError, NotPublished, Offline, SchemaError
from kit.settings import using
from kit.sources.surnames import read_first_names, read_surnames

OF_2010 = """\
name,rank,count,prop100k,cum_prop100k,pctwhite,pctblack,pctapi,pctaian,pct2prace,pcthispanic
NGUYEN,38,437645,148.35,6027.65,0.93,0.12,96.45,0.03,1.96,0.51
YOUNG,31,465948,157.95,4946.82,68.23,24.76,3.03,0.71,1.96,1.31
RARENAME,160000,100,0.03,89950.00,(S),0.00,90.00,(S),4.00,(S)
ALL OTHER NAMES,0,29312001,9936.97,9936.97,66.65,8.53,7.97,0.86,2.32,13.67
"""
HEADS = (
    "LAST NAME",
    "RANK",
    "FREQUENCY (COUNT)",
    "PROPORTION PER 100,000 POPULATION",
    "CUMULATIVE PROPORTION",
    "NON-HISPANIC OR LATINO WHITE ALONE",
    "NON-HISPANIC OR LATINO BLACK OR AFRICAN AMERICAN ALONE",
    "NON-HISPANIC OR LATINO AMERICAN INDIAN AND ALASKA NATIVE ALONE",
    "NON-HISPANIC OR LATINO ASIAN AND NATIVE HAWAIIAN AND OTHER PACIFIC ISLANDER ALONE",
    "NON-HISPANIC OR LATINO TWO OR MORE RACES",
    "HISPANIC OR LATINO ORIGIN",
)
OF_2020 = (
    ("NGUYEN", 1, 1000, 1, 1, 10, 2, 1, 960, 20, 7),
    ("NA", 2, 100, 1, 1, 20, 0, 0, 80, 0, 0),
    ("ALL OTHER NAMES", "", 100000, 1, 1, 60000, 12000, 1000, 9000, 3000, 15000),
)


def zipped(text, name="Names_2010Census.csv"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, text)
        package.writestr("Names_2010Census.xlsx", b"")
    return stream.getvalue()


def workbook(rows, heads=HEADS):
    """Write a workbook as small as the format allows, with two lines of titles over the headings."""

    def cell(column, row, value):
        at = f"{chr(65 + column)}{row}"
        if isinstance(value, str):
            return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>' if value else ""
        return f'<c r="{at}"><v>{value}</v></c>'

    lines = [("Frequently Occurring Names",), ("Census 2020",), heads, *rows]
    body = "".join(
        f'<row r="{number}">{"".join(cell(column, number, value) for column, value in enumerate(line))}</row>'
        for number, line in enumerate(lines, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        )
        made.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        made.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Names" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        made.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        made.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        )
    return stream.getvalue()


def test_the_list_of_2010_comes_from_the_file_server(server):
    server.files["/topics/genealogy/2010surnames/names.zip"] = zipped(OF_2010)
    names = read_surnames(year=2010)
    assert len(names) == 3
    assert names.frame.loc["NGUYEN", "aapi"] == pytest.approx(0.9645)
    assert names.frame.loc["YOUNG", "other"] == pytest.approx(0.0267)
    assert names.frame.loc["YOUNG", "count"] == 465_948
    assert names.rest["aapi"] == pytest.approx(0.0797)
    assert names.sources[0].year == 2010
    assert names.sources[0].where.endswith("/topics/genealogy/2010surnames/names.zip")
    with using(offline=True):
        assert len(read_surnames(year=2010)) == 3


def test_hidden_cells_share_what_the_row_lacks_and_are_counted(tmp_path):
    (tmp_path / "names.csv").write_text(OF_2010)
    names = read_surnames(year=2010, source=tmp_path / "names.csv")
    rare = names.frame.loc["RARENAME"]
    # 100 - 90 - 4 = 6 for three hidden cells: 2 each. AIAN and two or more races are both "other".
    assert rare[["white", "hispanic", "other", "aapi"]].tolist() == pytest.approx([0.02, 0.02, 0.06, 0.90])
    assert names.notes == ("1 names of the list have hidden small shares, shared out equally.",)


def test_the_workbook_of_2020_gives_counts_by_name(server):
    server.files["/topics/genealogy/2020surnames/Names2020_LastNames_RaceHispanic.xlsx"] = workbook(OF_2020)
    names = read_surnames(year=2020)
    assert names.frame.loc["NGUYEN", ["white", "black", "hispanic", "aapi", "other"]].tolist() == [
        0.01,
        0.002,
        0.007,
        0.96,
        0.021,
    ]
    assert names.frame.loc["NA", "aapi"] == 0.8  # a surname, not a missing value
    assert names.rest["aapi"] == 0.09
    server.files["/topics/genealogy/2020surnames/Names2020_FirstNames_RaceHispanic.xlsx"] = workbook(
        OF_2020, ("FIRST NAME", *HEADS[1:])
    )
    assert read_first_names(year=2020).kind == "first"


def test_what_cannot_be_read_is_refused(tmp_path, server):
    with pytest.raises(NotPublished, match="there is no list of first names of 2010; lists are of 2020"):
        read_first_names(year=2010)
    with using(offline=True), pytest.raises(Offline, match="the list of last names of 2020 is not in the cache"):
        read_surnames(year=2020)
    with pytest.raises(InputError, match=r"there is no file 'nothing\.csv'"):
        read_surnames(year=2010, source=tmp_path / "nothing.csv")
    cases = {
        "twice.csv": (OF_2010 + "YOUNG,1,1,1,1,100,0,0,0,0,0\n", SchemaError, "1 names more than once, first YOUNG"),
        "less.csv": (OF_2010.replace(",pctapi", ",asian"), SchemaError, "has no column p_asi"),
        "none.csv": (OF_2010 + "NOBODY,1,1,1,1,,,,,,\n", SchemaError, "1 rows without shares or with negative ones"),
        "empty.csv": ("", Corrupt, "cannot be read as a list of names"),
    }
    for name, (text, error, words) in cases.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(error, match=words):
            read_surnames(year=2010, source=tmp_path / name)
    book = tmp_path / "book.xlsx"
    book.write_bytes(workbook(OF_2020)[:300])
    with pytest.raises(Corrupt, match=r"book\.xlsx cannot be read as a workbook"):
        read_surnames(year=2020, source=book)
    book.write_bytes(workbook(OF_2020, HEADS[:-1]))
    with pytest.raises(SchemaError, match="0 columns that end in 'HISPANIC OR LATINO ORIGIN'"):
        read_surnames(year=2020, source=book)
    book.write_bytes(workbook([], ("A", "B")))
    with pytest.raises(SchemaError, match="no heading LAST NAME or FIRST NAME"):
        read_surnames(year=2020, source=book)
