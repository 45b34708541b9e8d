"""Exhibits, tables and drawings in other languages: words, numbers, fonts, direction, and what is not translated."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pikepdf
import pytest

import kit
from kit.errors import KitError
from kit.i18n.catalogues import draft_stamp
from kit.i18n.fonts import font_of
from kit.maps.words import alt_text
from kit.model.communities import Communities
from kit.report.output import accessible_svg, svg_of
from kit.report.svg_fonts import is_joined

GIVEN = {"number": "A", "title": "Tiêu đề", "author": "A. Person", "contact": "a@b.org", "date": date(2026, 7, 1)}
WHAT = {"group": "aapi_aoic", "base": "vap"}
BREAKS = [0, 0.1, 0.2, 0.4, 1]
# A few words, put in the place of the kit's own by these tests: nobody has read them over.
SAID = {
    "vi": {"What the map shows": "Bản đồ cho thấy", "EXHIBIT {number}": "PHỤ LỤC {number}", "Share": "Tỷ lệ", "District": "Khu vực", "over {low} to {high}": "trên {low} đến {high}", "{length:g} mi": "{length:g} dặm"},
    "zh-Hant": {"What the map shows": "地圖顯示", "EXHIBIT {number}": "附件 {number}", "Share": "比例", "District": "選區", "over {low} to {high}": "{low} 以上至 {high}", "{length:g} mi": "{length:g} 英里"},
    "ur": {"What the map shows": "نقشہ کیا دکھاتا ہے", "EXHIBIT {number}": "ضمیمہ {number}", "Share": "حصہ", "District": "ضلع", "over {low} to {high}": "{low} سے {high}", "{length:g} mi": "{length:g} میل"},
    "km": {"What the map shows": "ផែនទីបង្ហាញ", "EXHIBIT {number}": "ឧបសម្ព័ន្ធ {number}", "Share": "ភាគរយ", "District": "ស្រុក", "over {low} to {high}": "ពី {low} ដល់ {high}", "{length:g} mi": "{length:g} ម៉ាយ"},
    "hi": {"What the map shows": "नक्शा क्या दिखाता है", "EXHIBIT {number}": "प्रदर्श {number}", "Share": "हिस्सा", "District": "ज़िला", "over {low} to {high}": "{low} से {high}", "{length:g} mi": "{length:g} मील"},
    "ko": {"What the map shows": "지도가 보여 주는 것", "EXHIBIT {number}": "별첨 {number}", "Share": "비율", "District": "선거구", "over {low} to {high}": "{low} 초과 {high}", "{length:g} mi": "{length:g} 마일"},
}  # fmt: skip
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")


@pytest.fixture
def speaks(tmp_path_factory, monkeypatch):
    """Let the kit read a few words from a folder of these tests."""
    from kit.i18n.catalogues import forget

    folder = tmp_path_factory.mktemp("catalogues")
    for code, said in SAID.items():
        head = f'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        rows = "".join(f'\nmsgid "{english}"\nmsgstr "{words}"\n' for english, words in said.items())
        (folder / f"{code}.po").write_text(head + rows, encoding="utf-8")
    monkeypatch.setenv("KIT_CATALOGUES", str(folder))
    forget()
    yield
    forget()


@pytest.fixture
def placed(four_squares):
    return kit.place(*four_squares)


def drawn(placed, kind="share"):
    if kind == "share":
        return kit.map_share(placed, **WHAT, breaks=BREAKS)
    member = pd.DataFrame([("Town", placed.units.frame.index[0], 1.0)], columns=["community", "GEOID", "share"])
    return kit.map_communities(placed, Communities(("Town",), member), **WHAT, breaks=BREAKS)


def save(placed, code, folder, kind="share", **changes):
    with kit.using(language=code):
        return kit.exhibit(drawn(placed, kind), **{**GIVEN, **changes}).save(folder / f"{code}.pdf")


def pdf_text(path):
    told = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(told.stdout.split())


def langs(path):
    with pikepdf.open(path) as file:
        found = [str(o.Lang) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Lang" in o]
        return str(file.Root.Lang), set(found)


@needs_poppler
def test_words_numbers_and_dates_are_in_the_language(placed, speaks, tmp_path):
    written = save(placed, "vi", tmp_path)
    text = pdf_text(written[0])
    for part in ("PHỤ LỤC A", "Bản đồ cho thấy", "Tỷ lệ", "Khu vực", "trên 40% đến 100%", "24,8%", "1 tháng 7, 2026"):
        assert part in text, part
    assert "DRAFT TRANSLATION, NOT REVIEWED" in text
    words = written[1].read_text("utf-8")
    assert words.rstrip().endswith(draft_stamp("vi"))
    assert draft_stamp("vi").startswith("Draft translation, not reviewed")


def test_the_page_says_its_language_and_marks_what_is_english(placed, speaks, tmp_path):
    for code, spoken in (("vi", "vi"), ("zh-Hant", "zh-TW"), ("ur", "ur"), ("km", "km")):
        whole, parts = langs(save(placed, code, tmp_path)[0])
        assert whole == spoken
        assert "en" in parts


@pytest.mark.parametrize("code", SAID)
@pytest.mark.parametrize("kind", ["share", "communities"])
def test_every_script_is_set_with_its_own_font(placed, speaks, tmp_path, code, kind):
    if font_of(code) is None:
        pytest.skip(f"no font for {code} is here")
    written = save(placed, code, tmp_path, kind)
    told = subprocess.run(["pdffonts", str(written[0])], capture_output=True, check=True, text=True).stdout
    assert font_of(code).replace(" ", "").lower()[:12] in told.lower()
    assert all(" yes yes " in line for line in told.splitlines()[2:])  # embedded, and cut to what is used
    (html,) = (path.read_text("utf-8") for path in written if path.name == f"{code}_table.html")
    assert f'<html lang="{code}"{" dir=" + chr(34) + "rtl" + chr(34) if code == "ur" else ""}>' in html
    assert SAID[code]["Share"] in html
    assert '<span lang="en" dir="ltr">' in html
    assert '<p class="stamp"' in html


@pytest.mark.slow
@pytest.mark.parametrize("code", ["vi", "zh-Hant", "ur", "km"])
@pytest.mark.parametrize("kind", ["share", "communities"])
def test_a_checker_finds_no_error(placed, speaks, tmp_path, code, kind):
    outloud = shutil.which("outloud", path=str(Path(sys.executable).parent))
    assert outloud, "outloud is a development dependency"
    written = save(placed, code, tmp_path, kind)
    told = subprocess.run([outloud, str(written[0])], capture_output=True, check=False, text=True)
    assert "0 error(s)" in told.stdout, told.stdout


def test_the_same_exhibit_twice_gives_the_same_bytes(placed, speaks, tmp_path):
    for folder in ("one", "two"):
        save(placed, "km", tmp_path / folder)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_english_pages_carry_no_marks(placed, tmp_path):
    written = save(placed, "en", tmp_path)
    whole, parts = langs(written[0])
    assert (whole, parts) == ("en", {"en"})
    (html,) = (path.read_text("utf-8") for path in written if path.name == "en_table.html")
    assert '<html lang="en">' in html
    assert "<span lang" not in html
    assert "Draft translation" not in html


def test_letters_without_a_font_are_refused(placed, tmp_path):
    with pytest.raises(KitError, match=r"no font here has the letters 𓀀 of a page in English\. Write them in letters"):
        save(placed, "en", tmp_path, author="𓀀")
    assert not list(tmp_path.iterdir())


def test_a_map_with_letters_without_a_font_is_refused(placed, tmp_path):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    ax.text(0, 0, "𓀀")
    for name in ("pdf", "svg", "png"):
        with pytest.raises(KitError, match="no font here has the letters 𓀀 of a page in English"):
            kit.save_map(ax, tmp_path / "map", [name])
    assert not list(tmp_path.iterdir())


def test_words_of_joined_scripts_are_outlines_in_print(placed, speaks):
    with kit.using(language="km"):
        figure = drawn(placed).figure
        text, printed = svg_of(figure), svg_of(figure, printed=True)
    assert "ម៉ាយ" in re.sub("<[^>]*>", "", text)
    assert is_joined(text)
    assert not is_joined(printed)
    assert re.search(r"<text[^>]*>2</text>", printed)  # the number of a district stays text
    assert printed.count("<use") > text.count("<use")


def test_english_drawings_have_no_outlines(placed):
    figure = drawn(placed).figure
    assert svg_of(figure) == svg_of(figure, printed=True)


def test_svg_carries_the_fonts_of_its_scripts(placed, speaks, chromium, tmp_path):
    """What Chromium measures with the fonts inside is what it measures with the fonts of the system."""
    from playwright.sync_api import sync_playwright

    with kit.using(language="km"):
        ax = drawn(placed)
        alone = accessible_svg(svg_of(ax.figure), title="a", description="b")
    assert 'lang="km"' in alone
    family = font_of("km")
    assert f"@font-face{{font-family:'{family}'" in alone
    assert len(alone) < 400_000
    measure = """async () => { await document.fonts.ready;
        const found = [...document.querySelectorAll('text')].map(t => t.getComputedTextLength());
        return [found, [...document.fonts].map(f => f.status)]; }"""
    # Under another name the system has no such font: the letters can only come from inside.
    renamed = alone.replace(family, "Inside Only").replace("'Noto Sans'", "'Inside Latin'")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        told = []
        for one in (alone, renamed):
            page.set_content(f"<!doctype html><body>{one[one.index('<svg') :]}</body>")
            told.append(page.evaluate(measure))
        browser.close()
    (system, _), (inside, status) = told
    assert "loaded" in status
    assert "error" not in status
    assert len(system) > 5
    assert inside == pytest.approx(system, rel=0.01)


def test_a_notebook_says_the_language_of_its_words(placed, speaks, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: shown.append(args[0]))
    with kit.using(language="ur"):
        ax = drawn(placed)
        kit.show_map(ax)
        kit.show_table(kit.concentration(placed, **WHAT))
        assert shown[0]["text/plain"] == alt_text(ax)
    assert 'lang="ur" dir="rtl"' in shown[0]["text/html"]
    assert shown[1]["text/html"].startswith('<div lang="ur" dir="rtl">')
    assert "حصہ" in shown[1]["text/html"]
