"""Catalogues as tables: what a reviewer gets, and what is refused when it comes back."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kit import cli
from kit.errors import InputError
from kit.i18n import catalogues, sheets
from kit.i18n.catalogue_files import own_folder, package_folder, read_catalogue, read_glossary
from kit.i18n.fonts import missing_letters

DAY = date(2026, 11, 22)
SENTENCE = "{number:,.0f} {things}"
TERM = "total population"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Give a folder of translations of one's own; the kit's own files must not change."""
    before = {path: path.read_bytes() for path in package_folder().parent.rglob("*.[pc][os]*")}
    monkeypatch.setenv("KIT_CATALOGUES", str(tmp_path / "own"))
    catalogues.forget()
    yield tmp_path / "own"
    catalogues.forget()
    assert {path: path.read_bytes() for path in before} == before


@pytest.fixture
def bare(monkeypatch):
    """Let the kit know three messages, none translated."""
    known = {TERM: ("a base",), SENTENCE: ("kit.x",), "=SUM({n})": ("kit.y",)}
    monkeypatch.setattr(sheets, "messages", lambda: known)
    return known


def table(path, *rows, head=sheets.HEADS[:2], encoding="utf-8"):
    """Write a table as a spreadsheet does."""
    stream = io.StringIO()
    csv.writer(stream).writerows([head, *rows])
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def run(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_a_table_holds_every_message_and_what_is_translated(own, tmp_path):
    number = sheets.export_table("vi", tmp_path / "vi.csv")
    raw = (tmp_path / "vi.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert tuple(rows[0]) == sheets.HEADS
    assert len(rows) == number + 1 == catalogues.coverage("vi")[1] + 1
    assert {sheets.unsafe(row[0]) for row in rows[1:]} == set(sheets.messages())


def test_translations_come_back_into_catalogue_and_glossary(own, tmp_path):
    path = table(tmp_path / "t.csv", (SENTENCE, "{things}: {number:,.0f}"), (TERM, "tổng số người"))
    done = sheets.import_table("vi", path)
    assert (done.changed, done.same, done.blank, done.left > 500, done.folder) == (2, 0, 0, True, own)
    assert read_catalogue(own, "vi").entries[SENTENCE].words == "{things}: {number:,.0f}"
    assert read_glossary(own).words == {TERM: {"vi": "tổng số người"}}
    assert catalogues.translation(TERM, "vi") == "tổng số người"
    assert sheets.import_table("vi", path).changed == 0


def test_an_exported_table_changes_nothing_when_it_is_imported(own, tmp_path):
    sheets.import_table("vi", table(tmp_path / "a.csv", (TERM, "tổng dân số")))
    sheets.export_table("vi", tmp_path / "b.csv")
    done = sheets.import_table("vi", tmp_path / "b.csv")
    assert (done.changed, done.left) == (0, 0)


def test_blank_and_absent_rows_keep_what_is_there(own, bare, tmp_path):
    sheets.import_table("vi", table(tmp_path / "a.csv", (TERM, "dân số"), (SENTENCE, "{number:,.0f} {things} x")))
    done = sheets.import_table("vi", table(tmp_path / "b.csv", (TERM, "  ")))
    assert (done.changed, done.blank, done.left) == (0, 1, 2)
    assert catalogues.translation(TERM, "vi") == "dân số"
    assert catalogues.translation(SENTENCE, "vi") == "{number:,.0f} {things} x"


def test_a_reviewer_ends_the_draft_and_a_later_change_without_one_begins_it_again(own, bare, tmp_path):
    full = [(TERM, "dân số"), (SENTENCE, "{number:,.0f} {things} x"), ("'=SUM({n})", "'=TỔNG({n})")]
    done = sheets.import_table("vi", table(tmp_path / "a.csv", *full), by="Lan  Nguyen", today=DAY)
    assert done.reviewer == catalogues.reviewer("vi") == "Lan Nguyen, 2026-11-22"
    assert not catalogues.draft("vi")
    assert catalogues.translation("=SUM({n})", "vi") == "=TỔNG({n})"
    sheets.import_table("vi", table(tmp_path / "b.csv", *full))
    assert not catalogues.draft("vi")
    done = sheets.import_table("vi", table(tmp_path / "c.csv", (TERM, "tổng dân số")))
    assert catalogues.draft("vi")
    assert done.summary() == (
        "Vietnamese: 1 translations changed, 0 as before; 2 without a translation here keep what they had. "
        "It is a draft until a reviewer is named."
    )


def test_a_reviewer_vouches_for_all_messages(own, bare, tmp_path):
    with pytest.raises(InputError, match=r"a\.csv lacks 2 messages of the kit, first “\{number:,\.0f\} \{things\}”"):
        sheets.import_table("vi", table(tmp_path / "a.csv", (TERM, "dân số")), by="Lan")
    assert not own.exists()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(TERM, "x"), (SENTENCE, "{number} {things}")], r"row 3: it has \{number\} where the English has \{number:,\.0f\}"),
        ([("Total population", "x")], "row 2: “Total population” is no message of the kit"),
        ([(TERM, "x"), ("", ""), (TERM, "y")], "row 2: “total population” is there 2 times, row 4"),
        ([(SENTENCE, "{number:,.0f {things}")], "row 2: its braces do not pair"),
        ([(TERM, "𒀀")], "row 2: no font here has its letters 𒀀"),
        ([(SENTENCE, "x")] * 5, "and 7 more"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_nothing_is_written(own, bare, tmp_path, rows, told):
    with pytest.raises(InputError, match=rf"a\.csv was not imported: .*{told}"):
        sheets.import_table("vi", table(tmp_path / "a.csv", *rows), letters=missing_letters)
    assert not own.exists()


def test_a_table_in_another_encoding_is_refused(own, bare, tmp_path):
    with pytest.raises(InputError, match=r"a\.csv is not in UTF-8 \(byte \d+\)\. Save it as “CSV UTF-8”"):
        sheets.import_table("vi", table(tmp_path / "a.csv", (TERM, "x é"), encoding="cp1252"))
    with pytest.raises(InputError, match="is not in UTF-8"):
        sheets.import_table("vi", table(tmp_path / "b.csv", (TERM, "x"), encoding="utf-16"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Word,Translation\n", "must begin with the columns English and Translation"),
        ("", "must begin with the columns"),
        ("English,Translation\ntotal population\n", "row 2: it has one cell"),
        ('English,Translation\n"total population,x\n', "is not a table of values between commas"),
    ],
)
def test_what_is_no_such_table_is_refused(own, bare, tmp_path, text, told):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        sheets.import_table("vi", tmp_path / "a.csv")


@pytest.mark.parametrize("between", [";", "\t"])
def test_tables_of_other_spreadsheets_are_read(own, bare, tmp_path, between):
    text = (
        f"\ufeffEnglish{between}Translation{between}Where\r\n{TERM}{between}dân số{between}\r\n{between}{between}\r\n"
    )
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert sheets.import_table("vi", tmp_path / "a.csv").changed == 1


@pytest.mark.parametrize("code", ["en", "fr"])
def test_languages_without_a_catalogue_are_refused(own, tmp_path, code):
    with pytest.raises(InputError, match=r"catalogues are zh-Hant|has no language 'fr'"):
        sheets.export_table(code, tmp_path / "a.csv")


@given(st.text(alphabet="'=+-@＝a \t\n", max_size=6))
def test_no_cell_is_a_formula_and_none_is_changed(text):
    cell = sheets.safe(text)
    assert not cell.startswith(("=", "+", "-", "@", "＝", "\t", "\n"))
    assert sheets.unsafe(cell) == text


def test_nothing_is_written_before_the_kit_when_no_folder_is_named(monkeypatch):
    monkeypatch.setenv("KIT_CATALOGUES", " ")
    assert own_folder() is None


# The commands


def test_a_reviewers_round_on_the_command_line(own, tmp_path):
    path = tmp_path / "vi.csv"
    assert "messages" in run("catalogue", "export", "vi", path).stdout
    again = run("catalogue", "export", "vi", path)
    assert again.exit_code == 1
    assert "vi.csv exists already" in " ".join(again.output.split())
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    table(path, *[(row[0], "tổng dân số" if row[0] == TERM else row[1]) for row in rows[1:]])
    done = run("catalogue", "import", "vi", path, "--reviewer", "Lan Nguyen")
    assert done.exit_code == 0, done.output
    assert "It is reviewed by Lan Nguyen, 20" in " ".join(done.stdout.split())
    told = run("catalogue", "check", "vi")
    assert told.exit_code == 0, told.output
    assert "Lan Nguyen" in told.stdout


def test_the_check_names_what_is_wrong(own):
    own.mkdir()
    (own / "vi.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "{n} people"\nmsgstr "{m} người"\n', encoding="utf-8")
    told = run("catalogue", "check", "vi")
    assert told.exit_code == 1
    assert "vi: “{n} people”: it has {m} where the English has {n}" in " ".join(told.output.split())


def test_the_check_lists_all_languages(own):
    told = run("catalogue", "check")
    assert told.exit_code == 0, told.output
    assert len(told.stdout.splitlines()) == 24
    assert run("catalogue", "check", "en").exit_code == 1


def test_an_update_on_the_command_line(own, monkeypatch):
    monkeypatch.setattr("kit.catalogue.update_catalogues", lambda: [package_folder() / "vi.po"])
    assert run("catalogue", "update").stdout == "Wrote vi.po\n"
