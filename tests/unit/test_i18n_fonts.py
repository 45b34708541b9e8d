"""Fonts of the languages: found, missing, installed late, hairline, and letters checked one by one."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties, fontManager

from kit import doctor
from kit.errors import KitError
from kit.i18n import fonts
from kit.i18n.languages import LANGUAGES


@pytest.fixture
def afresh(monkeypatch):
    """Look for fonts again, before and after."""
    kept = list(fontManager.ttflist)

    def forget():
        fonts._here.cache_clear()
        fonts._mended.cache_clear()

    forget()
    yield monkeypatch
    fontManager.ttflist = kept
    forget()


@pytest.fixture
def without_noto(afresh):
    """Leave only the fonts that come with matplotlib."""
    afresh.setattr(fontManager, "ttflist", [font for font in fontManager.ttflist if "DejaVu" in font.name])
    afresh.setattr(font_manager, "findSystemFonts", lambda *_, **__: [])
    return afresh


def file_of(family):
    fonts.families("km")
    return Path(font_manager.findfont(FontProperties(family=[family]), fallback_to_default=False))


def test_every_language_has_its_font_here():
    assert fonts.unfit() == [], "kit doctor says what to install"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_can_write_its_own_name(code):
    assert fonts.missing_letters(LANGUAGES[code].own, code) == ""
    assert all(path.is_file() for path in fonts.font_files(code))


def test_stacks_end_in_latin_letters():
    assert fonts.families("en") == fonts.map_families("en") == ("DejaVu Sans",)
    assert fonts.families("km") == ("Noto Sans Khmer", "Noto Sans", "DejaVu Sans")
    assert fonts.families("zh-Hant")[0] == "Noto Sans CJK TC"
    assert fonts.families("zh-Hans")[0] == "Noto Sans CJK SC"


def test_urdu_is_nastaliq_on_pages_and_not_on_maps():
    assert fonts.families("ur")[0] == "Noto Nastaliq Urdu"
    assert fonts.map_families("ur")[0] == "Noto Sans Arabic"
    assert fonts.missing_letters("ٹ ڈ ڑ ں ھ ہ ۂ ۓ ی ے ۔ ، ؟", "ur") == ""


def test_a_regular_nastaliq_is_not_drawn_with_its_bold_face():
    fonts.families("ur")
    found = {w: file_of_weight("Noto Nastaliq Urdu", w).stem for w in ("normal", "bold")}
    assert found == {"normal": "NotoNastaliqUrdu-Regular", "bold": "NotoNastaliqUrdu-Bold"}
    assert "NotoNastaliqUrdu-Bold" not in {path.stem for path in fonts.font_files("ur")}


def file_of_weight(family, weight):
    return Path(font_manager.findfont(FontProperties(family=[family], weight=weight), fallback_to_default=False))


def test_letters_are_checked_one_by_one():
    assert fonts.missing_letters("a ក b \u200b\u200d\u00a0\n", "km") == ""
    assert fonts.missing_letters("ab𒀀c𒀁𒀀", "km") == "𒀀𒀁"
    assert fonts.missing_letters("ក", "vi") == "ក"
    assert fonts.missing_letters("", "vi") == ""


def test_a_letter_that_only_pages_have_is_missing_on_maps(monkeypatch):
    monkeypatch.setattr(fonts, "map_families", lambda _: ("DejaVu Sans",))
    assert fonts.missing_letters("ក", "km") == "ក"


def test_checking_is_quick():
    fonts.missing_letters("人口", "zh-Hant")
    start = time.perf_counter()
    for code in LANGUAGES:
        fonts.missing_letters("District 12 有1,234人 " * 200, code)
    assert time.perf_counter() - start < 1
    fonts._read.cache_clear()
    start = time.perf_counter()
    fonts.missing_letters("人口", "ja")
    assert time.perf_counter() - start < 1


def test_letters_that_would_be_boxes_are_refused():
    fonts.require_letters(["ប្រជាជន", "people"], "km")
    with pytest.raises(KitError) as told:
        fonts.require_letters(["ក", "人口"], "km")
    assert str(told.value) == (
        "no font here has the letters 人 口 of a page in Khmer. Write them in letters that the language has."
    )


def test_without_its_font_a_language_says_what_to_install(without_noto):
    assert fonts.font_of("km") is None
    assert fonts.families("km") == ("DejaVu Sans",)
    assert fonts.font_of("vi") == "DejaVu Sans"
    with pytest.raises(
        KitError, match=r"letters ក of a page in Khmer\. Install fonts-noto-core .* justmytype-intl-sea"
    ):
        fonts.require_letters(["ក"], "km")
    with pytest.raises(KitError, match=r"apt-get install fonts-noto-cjk\), or name a folder of fonts in KIT_FONTS"):
        fonts.require_letters(["人口数一二三四五六七"], "ja")


def test_the_doctor_names_the_package(without_noto):
    found = {finding.what: finding for finding in doctor._fonts()}
    assert found["Font for English"].good
    assert found["Font for Khmer"].good is None
    assert found["Font for Khmer"].found == "none"
    assert "apt-get install fonts-noto-core" in found["Font for Khmer"].advice
    assert len(found) == len(LANGUAGES)


def test_a_folder_of_ones_own_is_looked_in(without_noto, tmp_path):
    kept = fonts._files_of(Path("/usr/share/fonts"))
    khmer = next(path for path in kept if path.name == "NotoSansKhmer-Regular.ttf")
    (tmp_path / "deep").mkdir()
    shutil.copy(khmer, tmp_path / "deep" / khmer.name)
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    without_noto.setenv("KIT_FONTS", str(tmp_path))
    assert fonts.families("km") == ("Noto Sans Khmer", "DejaVu Sans")
    assert fonts.missing_letters("ប្រជាជន people", "km") == ""
    assert fonts.font_files("km")[0] == tmp_path / "deep" / khmer.name


def test_fonts_that_matplotlib_has_not_listed_yet_are_found(afresh):
    afresh.setattr(fontManager, "ttflist", [font for font in fontManager.ttflist if "DejaVu" in font.name])
    assert fonts.font_of("zh-Hant") == "Noto Sans CJK TC"
    assert fonts.missing_letters("繁體中文", "zh-Hant") == ""


def test_a_font_whose_file_is_gone_is_not_here(without_noto, tmp_path):
    gone = fontManager.ttflist[0]
    import dataclasses

    fontManager.ttflist.append(dataclasses.replace(gone, fname=str(tmp_path / "x.ttf"), name="Noto Sans Khmer"))
    assert fonts.font_of("km") is None


def test_a_hairline_is_no_font_for_reading(without_noto):
    import dataclasses

    regular = next(font for font in fontManager.ttflist if font.weight == 400)
    fontManager.ttflist.append(dataclasses.replace(regular, name="Noto Sans SC", weight=100))
    assert fonts.font_of("zh-Hans") is None


def test_an_installed_font_package_is_looked_in(without_noto, tmp_path):
    khmer = next(path for path in fonts._files_of(Path("/usr/share/fonts")) if path.name == "NotoSansKhmer-Regular.ttf")
    info = tmp_path / "justmytype_intl_sea-0.1.0.dist-info"
    info.mkdir()
    (tmp_path / "fonts").mkdir()
    shutil.copy(khmer, tmp_path / "fonts" / khmer.name)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: justmytype-intl-sea\nVersion: 0.1.0\n")
    (info / "RECORD").write_text(f"fonts/{khmer.name},,\njustmytype_intl_sea-0.1.0.dist-info/METADATA,,\n")
    without_noto.syspath_prepend(str(tmp_path))
    assert fonts.font_of("km") == "Noto Sans Khmer"
