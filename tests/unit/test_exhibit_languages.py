"""The same exhibit in every language of the kit: letters, tags, words, stamp, direction and table."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from html import unescape

import pikepdf
import pytest

import kit
from kit.i18n.catalogues import draft, draft_stamp, translation
from kit.i18n.fonts import font_of, missing_letters
from kit.i18n.languages import LANGUAGES
from kit.i18n.messages import figure, joined, say, term
from kit.maps.words import alt_text
from kit.model.groups import BASES, DEFINITIONS
from kit.report.lettering import page_settings
from kit.report.marked_html import html
from kit.report.packet_runs import spoken

GIVEN = {"number": "A", "title": "Two rows", "author": "A. Person", "contact": "a@b.org", "date": date(2026, 7, 1)}
WHAT = {"group": "aapi_aoic", "base": "vap"}
BREAKS = [0, 0.1, 0.2, 0.4, 1]
# Invisible marks: places to break a line, and directions.
UNSEEN = re.compile("[\u200b-\u200f\u2066-\u2069\u202a-\u202e]")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here"),
    pytest.mark.skipif(any(font_of(code) is None for code in LANGUAGES), reason="fonts of some language are not here"),
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Save the exhibit once a language, and keep what its map says."""
    folder, kept = tmp_path_factory.mktemp("languages"), {}

    def save(code, placed):
        if code not in kept:
            with kit.using(language=code):
                ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
                kept[code] = (kit.exhibit(ax, **GIVEN).save(folder / f"{code}.pdf"), alt_text(ax))
        return kept[code]

    return save


@pytest.fixture
def page(request, saved, four_squares):
    """Give a language, the files of its exhibit by the end of their names, and the alt text of its map."""
    code = request.param
    written, alt = saved(code, kit.place(*four_squares))
    return code, {path.name.removeprefix(code): path for path in written}, alt


every = pytest.mark.parametrize("page", LANGUAGES, indirect=True)


def tags(path):
    """Read the language, title, marks and alternative texts of a tagged PDF."""
    with pikepdf.open(path) as file:
        found = [str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
        with file.open_metadata() as about:
            part = about.get("pdfuaid:part")
        return str(file.Root.Lang), bool(file.Root.MarkInfo.Marked), part, found


def words_of(path):
    """Read the words of a PDF with the place of each across its page, as a share of its width."""
    told = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True, text=True).stdout
    wide = float(re.search(r'<page width="([\d.]+)"', told)[1])
    found = re.findall(r'<word xMin="([\d.]+)"[^>]*>([^<]*)</word>', told)
    return [(UNSEEN.sub("", unescape(word)), float(left) / wide) for left, word in found]


def glyphs(holder):
    """Walk through the glyphs that a page or a drawing on it shows: font and number; 0 is the box for unknown letters."""
    resources = holder.get("/Resources", {})
    font = None
    for given, operator in pikepdf.parse_content_stream(holder):
        if str(operator) == "Tf":
            font = resources.Font[str(given[0])]
        elif str(operator) in {"Tj", "TJ"}:
            parts = given[0] if str(operator) == "TJ" else given
            for shown in (bytes(part) for part in parts if isinstance(part, pikepdf.String)):
                if str(font.Subtype) == "/Type0":
                    yield from (
                        (str(font.BaseFont), int.from_bytes(shown[at : at + 2])) for at in range(0, len(shown), 2)
                    )
    for drawing in resources.get("/XObject", {}).values():
        if str(drawing.get("/Subtype")) == "/Form":
            yield from glyphs(drawing)


@every
def test_the_page_is_tagged_and_says_its_language(page):
    code, files, alt = page
    lang, marked, part, alts = tags(files[".pdf"])
    settings = page_settings(code)
    assert lang == (f"{settings['lang']}-{settings['region']}" if settings["region"] else code)
    assert (marked, part) == (True, "1")
    assert alt in alts


@every
def test_no_letter_is_missing(page):
    code, files, _ = page
    words = files[".txt"].read_text("utf-8") + unescape(files["_table.html"].read_text("utf-8"))
    assert missing_letters(words, code) == ""
    with pikepdf.open(files[".pdf"]) as file:
        found = [glyph for one in file.pages for glyph in glyphs(one.obj)]
    assert len(found) > 500
    assert [font for font, number in found if number == 0] == []
    family = font_of(code).replace(" ", "").removesuffix("TC").removesuffix("SC").removesuffix("JP").removesuffix("KR")
    assert any(family in font for font, _ in found)


@every
def test_alternative_text_is_in_the_language(page, saved, four_squares):
    code, files, alt = page
    english = saved("en", kit.place(*four_squares))[1]
    assert alt in files[".txt"].read_text("utf-8")
    assert len(alt.parts) == len(english.parts) > 1
    for said, before in zip(alt.parts, english.parts, strict=True):
        known = code != "en" and translation(before.template, code)
        assert said.language == (code if known else "en")
        assert said.template == before.template
        assert said != before or not known or known == before.template


@every
def test_a_draft_says_so_and_english_does_not(page):
    code, files, _ = page
    stamped = " ".join(word for word, _ in words_of(files[".pdf"])).upper()
    assert ("DRAFT TRANSLATION, NOT REVIEWED" in stamped) == draft(code)
    html = unescape(re.sub("<[^>]*>", "", files["_table.html"].read_text("utf-8")))
    if draft(code):
        assert files[".txt"].read_text("utf-8").rstrip().endswith(draft_stamp(code))
        assert draft_stamp(code) in html
    else:
        assert "Draft translation" not in html


@every
def test_the_table_says_the_same_in_the_language(page):
    code, files, _ = page
    html = files["_table.html"].read_text("utf-8")
    heads = [unescape(re.sub("<[^>]*>", "", one)) for one in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html)
    rule, base = DEFINITIONS["aapi_aoic"], BASES["vap"]
    with kit.using(language=code):
        assert [heads[0], heads[3]] == [say("District"), say("Share")]
        caption = say(
            "Counted: {long} (definition {name}). Base: {base}.",
            long=term(rule.long),
            name=rule.name,
            base=term(base.label),
        )
        assert caption in unescape(re.sub("<[^>]*>", "", html))
        shares = [figure("24.8%"), figure("5.8%"), figure("11.8%")]
    assert [unescape(label) for label, _ in rows[:2]] == ["1", "2"]
    for (_, cells), share in zip(rows, shares, strict=True):
        assert f"<td>{share}</td>" in cells


@every
def test_the_page_begins_where_its_language_does(page):
    code, files, _ = page
    turned = code == "ur"
    titled = [left for word, left in words_of(files[".pdf"]) if word == "rows"]
    assert [left > 0.5 for left in titled[:1]] == [turned]
    html = files["_table.html"].read_text("utf-8")
    assert f'<html lang="{code}"{" dir=" + chr(34) + "rtl" + chr(34) if turned else ""}>' in html
    signed = {word: left for word, left in words_of(files[".pdf"]) if word in {"Person", "a@b.org"}}
    assert (signed["Person"] > signed["a@b.org"]) == turned  # the name first, from the side where reading begins


def test_names_on_an_urdu_page_are_read_from_the_left():
    with kit.using(language="ur"):
        told = html(joined([spoken("A. Person (West)", "ur"), figure("30° N 140° W"), say("District")], " · "))
        assert html("12.5%") == "12.5%"
        district = say("District")
    left = '<span lang="en" dir="ltr">'
    assert told == f"{left}A. Person (West)</span> · {left}30° N 140° W</span> · {district}"
