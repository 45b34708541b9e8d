"""One hearing in several languages: computed once, printed in each, and never a person's words translated by a machine."""

from __future__ import annotations

import html.parser
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from kit.errors import InputError
from kit.hearing import build_hearing, check_build
from kit.hearing_file import load_hearing
from kit.hearing_languages import in_language, lacking, language_notes
from kit.i18n import catalogues
from kit.i18n.catalogue_files import Catalogue, Entry, read_catalogue, write_catalogue
from kit.i18n.fonts import font_of
from kit.i18n.messages import Message, figure, joined, say
from kit.report.packet_pace import RATES, count_letters, count_words, pace_of, timing_of
from kit.report.packet_runs import marked, runs, spoken, tidy
from kit.settings import using

TEXT = """
body = "Fairwater County Board"
date = 2030-01-15
place = "County hall"
jurisdiction = "Fairwater County (fictional)"
speaker = "May Lee"
organisation = "Lantern Hill Neighbours"
contact = "may@example.org"
ask = "Keep Lantern Hill in one district."
groups = ["aapi_aoic"]
bases = ["vap"]
breaks = [0, 0.1, 0.3, 0.5, 1]
maps = []
languages = ["en", "vi", "ur"]

[rules]
criteria = ["equal population", "communities of interest"]

[words]
community = "Lantern Hill shares two temples and one school."

[translations.vi]
ask = "Xin giữ Lantern Hill trong một địa hạt."
community = "Lantern Hill có chung hai ngôi chùa và một trường học."
body = "Hội đồng Quận Fairwater"
criteria = ["dân số bằng nhau", "cộng đồng chung lợi ích"]

[units]
source = "sample:fictional_county"

[[plans]]
path = "sample:a"

[[communities]]
file = "sample:communities"

[[exhibits]]
map = "share"
title = "Lantern Hill is one place"
[exhibits.titles]
vi = "Lantern Hill là một nơi"

[[exhibits]]
map = "communities"

[[claims]]
kind = "largest"
district = "2"
"""
VI = {
    "Testimony to the {body}": "Lời chứng trước {body}",
    "What we ask": "Điều chúng tôi yêu cầu",
    "District tables": "Bảng theo địa hạt",
    "District": "Địa hạt",
    "Share": "Tỷ lệ",
    "Draft translation, not reviewed": "Bản dịch nháp, chưa được duyệt",
    "My name is {speaker}, and I speak for {organisation}.": "Tôi tên là {speaker}, đại diện cho {organisation}.",
    "I ask the {body} for one thing. {ask}": "Tôi xin {body} một điều. {ask}",
    "{body}: {when}, {place}": "{body}: {when}, {place}",
    "page {number} of {total}": "trang {number} trên {total}",
}
UR = {
    "Testimony to the {body}": "{body} کے سامنے گواہی",
    "What we ask": "ہماری درخواست",
    "District": "ضلع",
    "Share": "حصہ",
    "Draft translation, not reviewed": "ترجمے کا مسودہ، نظرثانی نہیں ہوئی",
}
outloud = shutil.which("outloud", path=str(Path(sys.executable).parent))
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")
pytestmark = pytest.mark.skipif(font_of("ur") is None, reason="no font for Urdu is here")


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """Write catalogues of one's own, with a few messages each."""
    folder = tmp_path_factory.mktemp("catalogues")
    for code, known in (("vi", VI), ("ur", UR)):
        write_catalogue(folder, Catalogue(code, {english: Entry(told) for english, told in known.items()}))
    # The kit's own stand without their words, so that what has no translation here has none.
    bare, kits = tmp_path_factory.mktemp("bare"), catalogues.package_folder()
    shutil.copy(kits.parent / "glossary.csv", bare)
    for code in ("vi", "ur"):
        entries = {english: replace(one, words="") for english, one in read_catalogue(kits, code).entries.items()}
        write_catalogue(bare, Catalogue(code, entries))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogues, "package_folder", lambda: bare)
        patch.setenv("KIT_CATALOGUES", str(folder))
        catalogues.forget()
        yield folder
    catalogues.forget()


@pytest.fixture(autouse=True)
def _with_words(words, monkeypatch):
    """Let every test have them."""
    monkeypatch.setenv("KIT_CATALOGUES", str(words))


@pytest.fixture(scope="module")
def built(words, tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    (folder / "hearing.toml").write_text(TEXT, encoding="utf-8")
    return build_hearing(folder)


def page_texts(path):
    """Give the text of each page."""
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout
    return told.split("\f")[:-1]


def test_the_first_language_stands_in_the_folder_and_each_other_in_its_own(built):
    names = {path.relative_to(built.folder).as_posix() for path in built.paths}
    for code in ("", "vi/", "ur/"):
        assert {f"{code}{name}" for name in ("packet.pdf", "packet.html", "packet.docx", "script.txt")} <= names
        assert f"{code}exhibits/exhibit_b.pdf" in names
        assert f"{code}tables/plan_1_fairwater-county-illustrative_aapi_aoic_vap.html" in names
    once = [name for name in names if name.endswith(".geojson") or name.startswith("plans/")]
    assert once
    assert not [name for name in names if re.match(r"(vi|ur)/(plans|communities)/|(vi|ur)/tables/.*csv", name)]


def test_other_languages_do_not_change_the_english(built, tmp_path):
    text = re.sub(r"(?s)\[translations.vi\].*?(?=\[units\])", "", TEXT.replace(', "vi", "ur"]', "]"))
    (tmp_path / "hearing.toml").write_text(text, encoding="utf-8")
    alone = build_hearing(tmp_path)
    for name in ("packet.pdf", "packet.html", "packet.docx", "script.txt", "exhibits/exhibit_a.pdf"):
        assert (alone.folder / name).read_bytes() == (built.folder / name).read_bytes(), name
    assert alone.verdicts[0].statement == built.verdicts[0].statement


def test_the_same_inputs_give_the_same_bytes_in_every_language(built):
    found = check_build(built.folder)
    assert found.same, found.summary()


def test_the_pages_say_their_language(built):
    for code in ("vi", "ur"):
        with pikepdf.open(built.folder / code / "packet.pdf") as pdf:
            assert str(pdf.Root.Lang) == code
            assert bool(pdf.Root.MarkInfo.Marked)
    page = (built.folder / "ur" / "packet.html").read_text("utf-8")
    assert '<html lang="ur" dir="rtl">' in page
    assert '<html lang="vi">' in (built.folder / "vi" / "packet.html").read_text("utf-8")


@pytest.mark.skipif(outloud is None, reason="outloud is not here")
def test_the_checker_finds_no_error_in_a_page_from_right_to_left(built):
    told = subprocess.run(
        [outloud, str(built.folder / "ur/packet.pdf")], capture_output=True, check=False, text=True
    ).stdout
    assert " 0 error(s)" in told, told


@needs_poppler
def test_a_draft_says_so_on_every_page_in_both_languages(built):
    pages = page_texts(built.folder / "vi" / "packet.pdf")
    assert len(pages) > 8
    for text in pages:
        line = " ".join(text.split())
        assert "DRAFT TRANSLATION, NOT REVIEWED" in line
        assert "BẢN DỊCH NHÁP, CHƯA ĐƯỢC DUYỆT" in line
    assert not [text for text in page_texts(built.folder / "packet.pdf") if "DRAFT TRANSLATION" in text]
    web = (built.folder / "vi" / "packet.html").read_text("utf-8")
    assert 'class="stamp"><span lang="en" dir="ltr">Draft translation, not reviewed' in web


def test_a_reviewed_language_is_no_draft(tmp_path, monkeypatch):
    entries = {english: Entry(told) for english, told in VI.items()}
    write_catalogue(tmp_path / "own", Catalogue("vi", entries, "Lan Trần, 2030-01-02"))
    monkeypatch.setenv("KIT_CATALOGUES", str(tmp_path / "own"))
    text = TEXT.replace('["en", "vi", "ur"]', '["vi"]').replace('[[exhibits]]\nmap = "communities"\n', "")
    (tmp_path / "hearing.toml").write_text(text, encoding="utf-8")
    made = build_hearing(tmp_path)
    assert "Draft translation" not in (made.folder / "packet.html").read_text("utf-8")
    told = json.loads((made.folder / "MANIFEST.json").read_text("utf-8"))["languages"]
    assert [(one["language"], one["folder"], one["reviewer"]) for one in told] == [("vi", "", "Lan Trần, 2030-01-02")]
    assert (made.folder / "script.txt").read_text("utf-8").startswith("Tôi tên là May Lee")


def test_the_list_says_how_far_each_language_is(built):
    told = json.loads((built.folder / "MANIFEST.json").read_text("utf-8"))
    english, vietnamese, urdu = told["languages"]
    assert (english["folder"], english["draft"], english["messages"][0]) == ("", False, english["messages"][1])
    assert vietnamese["messages"][0] >= len(VI)
    assert vietnamese["messages"][0] < vietnamese["messages"][1]
    assert vietnamese["own words missing"] == []
    assert urdu["own words missing"] == ["ask", "community", "criteria", "exhibits[0].titles"]
    assert all(len(font["sha256"]) == 64 for font in urdu["fonts"])
    assert any("Nastaliq" in font["file"] or "Arabic" in font["file"] for font in urdu["fonts"])
    assert {"translations:vi.po", "translations:ur.po"} <= {one["file"] for one in told["inputs"]}


class Words(html.parser.HTMLParser):
    """Collect words of a page by the language they stand in."""

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "img", "br", "link"}:
            self.open.append(dict(attrs).get("lang", self.open[-1] if self.open else ""))

    def handle_endtag(self, tag):
        if tag not in {"meta", "img", "br", "link"}:
            self.open.pop()

    def handle_data(self, data):
        if data.strip():
            self.found.append((data.strip(), self.open[-1]))


def test_what_has_no_translation_is_english_and_says_so(built):
    page = Words()
    page.feed((built.folder / "vi" / "packet.html").read_text("utf-8"))
    known = dict(page.found)
    assert known["Điều chúng tôi yêu cầu"] == "vi"
    assert known["Xin giữ Lantern Hill trong một địa hạt."] == "vi"
    assert known["Exhibits"] == "en"
    assert known["How this could be challenged, and our answer"] == "en"
    other = Words()
    other.feed((built.folder / "ur" / "packet.html").read_text("utf-8"))
    known = dict(other.found)
    assert known["Keep Lantern Hill in one district."] == "en"
    assert known["ضلع"] == "ur"


def test_a_persons_words_are_theirs_or_marked_and_never_translated(built):
    script = (built.folder / "vi" / "script.txt").read_text("utf-8")
    assert script.startswith("Tôi tên là May Lee, đại diện cho Lantern Hill Neighbours.\n\nLantern Hill có chung")
    assert "Tôi xin Hội đồng Quận Fairwater một điều. Xin giữ Lantern Hill trong một địa hạt." in script
    assert "Keep Lantern Hill in one district." in (built.folder / "ur" / "script.txt").read_text("utf-8")
    assert any("Urdu: [translations.ur] has no ask, community, criteria" in note for note in built.notes)
    assert not any("Vietnamese: [translations" in note for note in built.notes)
    assert any(
        note.startswith("Vietnamese: the speech takes about") and "190 syllables" in note for note in built.notes
    )
    told = json.loads((built.folder / "vi/exhibits/exhibit_a.manifest.json").read_text("utf-8"))
    assert told["title"] == "Lantern Hill là một nơi"
    assert (
        json.loads((built.folder / "ur/exhibits/exhibit_a.manifest.json").read_text("utf-8"))["title"]
        == "Lantern Hill is one place"
    )


def test_a_file_may_be_written_in_another_language(tmp_path):
    text = TEXT.replace('languages = ["en", "vi", "ur"]', 'languages = ["vi", "en"]\nwritten_in = "vi"')
    text = text.replace("[translations.vi]", "[translations.en]")
    (tmp_path / "hearing.toml").write_text(text, encoding="utf-8")
    hearing = load_hearing(tmp_path)
    assert lacking(hearing, "vi") == []
    assert lacking(hearing, "en") == ["exhibits[0].titles"]
    with using(language="vi"):
        mine = in_language(hearing, "vi")
    assert isinstance(mine.ask, Message)
    assert (mine.ask, mine.ask.language) == ("Keep Lantern Hill in one district.", "vi")
    assert (
        "English: [translations.en] has no exhibits[0].titles; what you wrote in Vietnamese"
        in language_notes(hearing)[0]
    )


# Runs of one language


def test_english_pages_have_one_run():
    assert runs("Plan A") == [("Plan A", "en")]
    assert runs(say("On {what}", what="x")) == [("On x", "en")]
    assert marked({"text": "Plan A", "rows": [["1"]]}) == {"text": "Plan A", "rows": [["1"]]}


def test_a_sentence_is_parted_where_its_language_changes():
    with using(language="vi"):
        both = joined([say("What we ask"), say("Exhibits"), "12,5%"], ": ")
        assert runs(both) == [("Điều chúng tôi yêu cầu: ", "vi"), ("Exhibits: ", "en"), ("12,5%", "vi")]
        inner = say("Testimony to the {body}", body=say("Exhibits"))
        assert runs(inner) == [("Lời chứng trước ", "vi"), ("Exhibits", "en")]
        assert runs(say("Testimony to the {body}", body="Board")) == [("Lời chứng trước Board", "vi")]
        assert runs("15 tháng 1, 2030") == [("15 tháng 1, 2030", "vi")]
        assert runs(spoken("Mabuhay", "tl")) == [("Mabuhay", "tl")]
        assert marked(say("Exhibits")) == [{"lang": "en", "dir": "ltr", "text": "Exhibits"}]
    with using(language="ur"):
        # A Latin name in a line from right to left is a stretch of its own, or its signs would stand wrong.
        assert runs(say("Testimony to the {body}", body="Board (West)")) == [
            ("Board (West)", "en"),
            (" کے سامنے گواہی", "ur"),
        ]
        # Names one after the other are read from the right, one by one; so is what somebody signs with.
        names = joined([spoken("A. Person", "ur"), "a@b.org"], " · ")
        assert runs(names) == [("A. Person", "en"), (" · ", "ur"), ("a@b.org", "en")]
        assert runs(figure("30° N 140° W")) == [("30° N 140° W", "en")]
        assert runs(figure("12.5%")) == [("12.5%", "ur")]
        assert marked({"kind": "heading", "text": "12,345", "alt": "A map"}) == {
            "kind": "heading",
            "text": "12,345",
            "alt": "A map",
        }


def test_single_spaces_keep_the_language():
    assert tidy(" a  b ") == "a b"
    kept = tidy(spoken("một  hai", "vi"))
    assert (kept, kept.language) == ("một hai", "vi")


# How long it takes


@pytest.mark.parametrize(
    ("code", "unit", "minute", "own"),
    [("en", "words", 130, True), ("ja", "letters", 300, False), ("zh-Hans", "letters", 200, False), ("th", "letters", 520, False), ("vi", "syllables", 190, False), ("haw", "words", 130, False)],
)  # fmt: skip
def test_each_language_has_a_unit_and_a_rate(code, unit, minute, own):
    found = pace_of(code, 130)
    assert (found.unit, found.minute, found.own) == (unit, minute, own)
    assert pace_of(code, 65).minute == minute / 2
    assert all(rate.note for rate in RATES.values())


def test_a_speakers_own_pace_is_no_estimate():
    found = pace_of("ja", 130, {"ja": 250})
    assert (found.minute, found.own, found.seconds(500)) == (250, True, 120)


def test_words_and_letters_are_counted_as_they_are_said():
    assert count_words("Keep us — whole: 41.2%") == 4
    assert count_letters("選區 2，保留。") == 5
    assert count_letters("ប្រជាជន") == 5  # the marks around letters are none


def test_a_text_in_two_languages_takes_the_time_of_both():
    with using(language="ja"):
        # 100 signs at 300 a minute, and 26 words at 130 a minute.
        told = timing_of([spoken("あ" * 100, "ja"), spoken("word " * 26, "en")], "ja", 130)
    assert (told.seconds, told.mixed, told.own) == (32, True, False)
    assert told.noted(120) == "[About 32 seconds, some of it in another language; the limit is 120 seconds.]"


def test_an_estimate_refuses_nothing_and_ones_own_pace_does(tmp_path):
    long = "một " * 500
    text = TEXT.replace('["en", "vi", "ur"]', '["vi"]').replace(
        "[translations.vi]", f'[translations.vi]\neffect = "{long}"'
    )
    text = text.replace("[words]", '[words]\neffect = "x"')
    mixed = text.replace("[rules]", "[rules]\npaces = { vi = 200 }")
    path = tmp_path / "hearing.toml"
    path.write_text(mixed, encoding="utf-8")  # “Thank you.” has no translation here
    with pytest.raises(
        InputError, match=r"the script takes 162 seconds, more than the 2 minutes of the hearing, in Vie"
    ):
        build_hearing(path)
    path.write_text(mixed.replace("[translations.vi]", '[translations.vi]\nclosing = "Xin cảm ơn."'), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"the script has \d+ syllables, \d+ more than the 400 that 2 minutes hold at 200"
    ):
        build_hearing(path)
    path.write_text(text, encoding="utf-8")
    made = build_hearing(path)
    assert any("which is more than the 120 allowed. That is an estimate" in note for note in made.notes)
    page = (made.folder / "packet.html").read_text("utf-8")
    assert "The time is an estimate: read the text aloud with a watch." in page
