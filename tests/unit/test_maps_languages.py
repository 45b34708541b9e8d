"""Maps in the communities' languages: words, letters, lines and the side where reading begins."""

from __future__ import annotations

import itertools
import re
import string

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.text import Text

import kit
from kit.errors import KitError
from kit.i18n import catalogues, fonts
from kit.maps.change import map_change
from kit.maps.clusters import map_clusters
from kit.maps.communities import map_communities
from kit.maps.lettering import apart, families, fitted, height, high, rtl, shown, spacing, width, wrap
from kit.maps.words import alt_text, long_description

BREAKS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
# Words that stand in for a translation; none of them has been read by a speaker.
WORDS = {
    "vi": ("dân số", "khu vực", "bầu cử", "tỷ lệ", "người Việt", "cộng đồng", "ranh giới"),
    "zh-Hant": ("人口", "選區", "比例", "居民", "社區", "普查", "資料"),
    "ko": ("인구", "선거구", "비율", "주민", "지역사회", "자료"),
    "hi": ("जनसंख्या", "निर्वाचन", "क्षेत्र", "हिस्सा", "समुदाय", "जनगणना"),
    "km": ("ប្រជាជន", "មណ្ឌល", "ភាគរយ", "អ្នកស្រុក", "សហគមន៍", "ជំរឿន"),
    "my": ("လူဦးရေ", "ခရိုင်", "ရာခိုင်နှုန်း", "နေထိုင်သူ", "အစီအစဉ်", "ယူနစ်"),
    "th": ("ประชากร", "เขตเลือกตั้ง", "สัดส่วน", "ผู้อยู่อาศัย", "ชุมชน", "สำมะโน"),
    "ur": ("آبادی", "حلقہ", "تناسب", "رہائشی", "برادری", "مردم شماری"),
}
BETWEEN = {"zh-Hant": "", "km": "\u200b", "my": "\u200b", "th": "\u200b"}
MARK = "\u200b"

pytestmark = pytest.mark.skipif(
    any(fonts.font_of(code) is None for code in WORDS), reason="fonts of these scripts are not here"
)


def in_other_words(template, code):
    """Put words of a language for the words of a template, a little longer than they are; braces stay."""
    words, between = WORDS[code], BETWEEN.get(code, " ")

    def other(found):
        start, number = sum(map(ord, found[0])), max(1, round(len(found[0]) / 5))
        return between.join(words[(start + i) % len(words)] for i in range(number))

    parts = re.split(r"(\{[^}]*\})", template)
    return "".join(
        part.replace(":capital", "") if part.startswith("{") else re.sub(r"[A-Za-z][A-Za-z'’-]*", other, part)
        for part in parts
    )


@pytest.fixture
def spoken(monkeypatch):
    """Let every message have words in the languages of `WORDS`."""
    monkeypatch.setattr(
        catalogues, "translation", lambda said, code: in_other_words(said, code) if code in WORDS and said else None
    )


@pytest.fixture(scope="module")
def county():
    """Place the fictional county in both plans, and find its clusters."""
    sample = kit.load_sample("fictional_county")
    placed = {name: kit.place(sample.units, sample.plans[name]) for name in "ab"}
    found = kit.clusters(sample.units, group="aapi_aoic", base="vap", adjacency=kit.adjacency(sample.units))
    return sample, placed, found


def draw(name, county, **more):
    """Draw one kind of map of the county."""
    sample, placed, found = county
    shares = {"group": "aapi_aoic", "base": "vap", "breaks": BREAKS}
    kinds = {
        "share": lambda: kit.map_share(placed["a"], **shares, **more),
        "compare": lambda: kit.map_compare(placed["a"], placed["b"], **shares, **more)[0],
        "districts": lambda: kit.map_districts(placed["a"], **shares, **more),
        "communities": lambda: map_communities(placed["a"], sample.communities, **shares, **more),
        "change": lambda: map_change(placed["a"], placed["b"], group="aapi_aoic", base="vap", **more),
        "plans": lambda: kit.map_plans({"A": placed["a"], "B": placed["b"]}, **shares, **more)[0],
        "clusters": lambda: map_clusters(found, placement=placed["a"], **more),
        "zoom": lambda: kit.map_zoom(placed["a"], district="1", **shares, **more),
    }
    return kinds[name]()


KINDS = ("share", "compare", "districts", "communities", "change", "plans", "clusters")


def boxes(figure, dots=200):
    """Measure what stands on a page, in inches: its name and its box."""
    figure.set_dpi(dots)
    renderer = FigureCanvasAgg(figure).get_renderer()
    found = []
    for artist in [*figure.texts, *figure.legends]:
        box = artist.get_window_extent(renderer)
        patch = artist.get_bbox_patch() if isinstance(artist, Text) else None
        if patch is not None:
            artist.update_bbox_position_size(renderer)
            box = patch.get_window_extent(renderer)
        told = artist.get_text() if isinstance(artist, Text) else "legend"
        found.append((told, box))
    for axes in figure.axes:
        if " inset" not in axes.get_label():
            found.append((axes.get_label(), axes.get_window_extent(renderer)))
            outside = [text for text in axes.texts if not text.get_gid()]
            found += [(text.get_text(), text.get_window_extent(renderer)) for text in outside]
    return [(name, tuple(value / dots for value in box.extents)) for name, box in found]


def overlapping(found, slack=0.02):
    """List what covers something else by more than a little, in inches."""
    return [
        (a, b)
        for (a, one), (b, other) in itertools.combinations(found, 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > slack
        and min(one[3], other[3]) - max(one[1], other[1]) > slack
    ]


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        *itertools.product(KINDS, ("my", "ur", "km", "zh-Hant")),
        *itertools.product(("compare", "change"), ("vi", "ko", "hi", "th")),
        *itertools.product(("zoom",), ("my", "ur")),
    ],
)
def test_words_stay_on_the_page_and_apart(kind, code, county):
    with kit.using(language=code):
        figure = draw(kind, county).figure
    wide, tall = figure.get_size_inches()
    found = boxes(figure)
    outside = [name for name, (x0, y0, x1, y1) in found if x0 < 0.15 or y0 < 0.1 or x1 > wide - 0.15 or y1 > tall - 0.1]
    assert (outside, overlapping(found)) == ([], [])


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(
    ("kind", "code", "size"),
    [("change", "my", "letter portrait"), ("compare", "ur", "letter portrait"), ("communities", "km", "tabloid")],
)
def test_words_stay_apart_on_other_pages(kind, code, size, county):
    with kit.using(language=code):
        figure = draw(kind, county, page=size).figure
    wide, tall = figure.get_size_inches()
    found = boxes(figure)
    outside = [name for name, (x0, y0, x1, y1) in found if x0 < 0.15 or y0 < 0.1 or x1 > wide - 0.15 or y1 > tall - 0.1]
    assert (outside, overlapping(found)) == ([], [])


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("code", [code for code in WORDS if code != "vi"])
def test_no_english_is_left_but_names(code, county):
    with kit.using(language=code):
        figure = draw("share", county).figure
    heading = next(text for text in figure.texts if text.get_gid() == "heading").get_text()
    assert not re.search(r"[A-Za-z]{3}", heading)
    assert not any(MARK in text.get_text() for text in figure.findobj(Text))
    legend = figure.legends[0]
    assert not any("census" in text.get_text() or "over" in text.get_text() for text in legend.get_texts())


@pytest.mark.usefixtures("spoken")
def test_alt_text_and_description_are_said_in_the_language_in_force_when_they_are_printed(county):
    ax = draw("change", county)
    english = alt_text(ax), long_description(ax)
    with kit.using(language="ko"):
        korean = alt_text(ax), long_description(ax)
    assert "the largest move is from" in english[0]
    assert all(re.search("[가-힣]", text) and "largest" not in text for text in korean)
    assert (alt_text(ax), long_description(ax)) == english


def test_a_translator_s_own_catalogue_is_drawn(tmp_path, monkeypatch, county):
    lines = {
        "{length:g} mi": "{length:g} dặm",
        "{group}: share of {base}": "{base}: tỷ lệ của {group}",
        "district line and number": "ranh giới và số của khu vực",
    }
    entries = "".join(f'msgid "{english}"\nmsgstr "{own}"\n\n' for english, own in lines.items())
    (tmp_path / "vi.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: vi\\n"\n\n' + entries, "utf-8"
    )
    monkeypatch.setenv("KIT_CATALOGUES", str(tmp_path))
    catalogues.forget()
    try:
        with kit.using(language="vi"):
            figure = draw("share", county).figure
    finally:
        catalogues.forget()
    told = [text.get_text() for text in figure.findobj(Text)]
    assert "1 dặm" in told
    assert "2 km" in told
    assert "ranh giới và số của khu vực" in told
    heading = next(text for text in figure.texts if text.get_gid() == "heading").get_text()
    assert "tỷ lệ của" in heading


@pytest.mark.usefixtures("spoken")
def test_numbers_are_written_as_the_language_writes_them(county):
    with kit.using(language="vi"):
        told = [text.get_text() for text in draw("share", county).figure.texts]
    assert any("22.036" in text and "23,1%" in text for text in told)


def test_words_without_a_translation_stay_as_they_are_in_english(county):
    with kit.using(language="haw"):
        told = [text.get_text() for text in draw("share", county).figure.texts]
    assert any("22,036" in text and "23.1%" in text for text in told)


@pytest.mark.usefixtures("spoken")
def test_urdu_stands_at_the_right(county):
    with kit.using(language="ur"):
        figure = draw("change", county).figure
    found = dict(boxes(figure))
    heading = next(text for text in figure.texts if text.get_gid() == "heading").get_text()
    assert found[heading][2] == pytest.approx(11 - 0.4, abs=0.02)
    stamp = next(box for name, box in found.items() if "Draft translation" in name)
    assert stamp[0] < 0.6
    legend = found["legend"]
    assert legend[2] == pytest.approx(11 - 3.05 - 0.2 + 2.65, abs=0.03)


@pytest.mark.usefixtures("spoken")
def test_the_first_class_of_an_urdu_legend_in_columns_stands_at_the_right(county):
    with kit.using(language="ur"):
        figure = draw("compare", county).figure
    legend = figure.legends[0]
    renderer = FigureCanvasAgg(figure).get_renderer()
    at = {text.get_text(): text.get_window_extent(renderer) for text in legend.get_texts()}
    highest = next(box for name, box in at.items() if "100%" in name)
    assert highest.x1 == max(box.x1 for box in at.values())
    assert highest.y1 == max(box.y1 for box in at.values())


def test_urdu_lines_are_read_from_the_right_and_names_in_them_from_the_left():
    with kit.using(language="ur"):
        assert rtl()
        assert shown("") == ""
        assert shown("حلقہ (aapi_aoic)") == "\u2067حلقہ (\u2066aapi_aoic\u2069)\u2069"
        named = shown("حلقہ Plan A (Hill in one\ndistrict) آبادی")
        first, second = named.split("\n")
        assert first == "\u2067حلقہ \u2066Plan A (Hill in one\u2069\u2069"
        assert second == "\u2067\u2066district)\u2069 آبادی\u2069"
        assert shown("A  2 → 1") == "\u2067\u2066A\u2069  \u20662 → 1\u2069\u2069"
        assert shown("Every place is invented.") == "Every place is invented."
    assert shown("حلقہ") == "حلقہ"
    assert not rtl()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("zh-Hant", "人口普查資料顯示選區居民的比例。" * 4),
        ("ja", "国勢調査の人口（2020年）によります。" * 4),
        ("th", "ประชากร\u200bเขต\u200bเลือกตั้ง\u200bชุมชน\u200b" * 5),
        ("km", "ប្រជាជន\u200bមណ្ឌល\u200bសហគមន៍\u200b" * 5),
        ("lo", "ປະຊາກອນ\u200bເຂດ\u200bຊຸມຊົນ\u200b" * 5),
        ("my", "လူဦးရေ\u200bခရိုင်\u200bယူနစ်\u200b" * 5),
        ("ur", "آبادی حلقہ تناسب رہائشی " * 5),
    ],
)
def test_lines_break_where_the_script_allows(code, text):
    with kit.using(language=code):
        lines = wrap(text, 2.0, size=9).split("\n")
        assert len(lines) > 2
        assert all(width(line, size=9) <= 144 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(MARK, "").replace(" ", "")
    if code in {"zh-Hant", "ja"}:
        assert not any(line[0] in "。、）" for line in lines)
    if MARK in text:
        words = set(text.split(MARK))
        assert all(not set(line) or any(line.startswith(word) for word in words if word) for line in lines)


@pytest.mark.parametrize("code", ["en", "vi", "ur", "ja", "km"])
@pytest.mark.parametrize("inches", [0.6, 1.2, 2.0, 2.6])
def test_coordinates_stay_on_one_line(code, inches):
    with kit.using(language=code):
        lines = wrap("Centred on 34.3° N 118.3° W. Not 5° or so.", inches, size=8).split("\n")
    assert sum("34.3° N 118.3° W." in line for line in lines) == 1
    assert " ".join(lines) == "Centred on 34.3° N 118.3° W. Not 5° or so."


def test_the_word_for_north_stands_off_its_arrow(county):
    for code in ("en", "my"):
        with kit.using(language=code):
            figure = draw("share", county).figure
        figure.set_dpi(200)
        renderer = FigureCanvasAgg(figure).get_renderer()
        arrow = [one for one in figure.axes[0].patches if isinstance(one, Polygon)][-1]
        tip = arrow.get_window_extent(renderer).y1 / 200
        word = figure.axes[0].texts[-1]
        # The box of a word is larger than its ink, which is what must not touch.
        assert word.get_window_extent(renderer).y0 / 200 > tip - 0.03, (code, tip)


def test_a_long_run_without_marks_breaks_between_syllables():
    with kit.using(language="km"):
        lines = wrap("ប្រជាជនមណ្ឌលសហគមន៍អ្នកបោះឆ្នោត", 0.5, size=9).split("\n")
        assert all(width(line, size=9) <= 36 for line in lines)
    # No line begins with a sign that belongs under or beside the letter before it.
    assert not any(line[0] in "\u17d2ា៍ះោំុ" for line in lines)
    assert not any(line.endswith("\u17d2") for line in lines)
    with kit.using(language="th"):
        lines = wrap("ประชากรเขตเลือกตั้ง", 0.4, size=9).split("\n")
    assert len(lines) > 1
    assert not any(line[-1] in "เแโใไ" for line in lines)


def test_english_maps_keep_their_font():
    assert families() == ("DejaVu Sans",)
    assert families("Plan “A” → B – 5°") == ("DejaVu Sans",)
    assert spacing("Plan A") == apart("Plan A") == 1.2
    assert height("a\nb", size=10) == pytest.approx(2 * 13 / 72)
    assert high("12") == 0.74


def test_names_in_other_letters_get_a_font_that_has_them():
    assert families("Phnom Penh ភ្នំពេញ")[:2] == ("DejaVu Sans", "Noto Sans Khmer")
    assert width("ភ្នំពេញ", size=10) > 10
    with kit.using(language="ko"):
        assert families("서울 ขอนแก่น")[0] == "Noto Sans CJK KR"
        assert "Noto Sans Thai" in families("서울 ขอนแก่น")


def test_letters_that_no_font_has_are_refused():
    with pytest.raises(KitError, match="no font here has the letters"):
        families("\U0001e900\U0001f9ff\ue000")


@pytest.mark.parametrize(("code", "word"), [("my", "နှုန်း"), ("km", "ស្ត្រី"), ("th", "ที่ปุ้"), ("hi", "र्द्धि")])
def test_lines_of_tall_letters_do_not_touch(code, word):
    with kit.using(language=code):
        assert height(f"{word}\n{word}", size=10) >= 2 * 1.3 * 10 / 72
        assert apart(word) >= 1.2
        assert len(bands(f"{word}\n{word}")) == 2 * len(bands(word))


def bands(told):
    """Draw lines of text, and list the bands of rows that hold ink."""
    figure = Figure(figsize=(2, 2), dpi=200)
    figure.text(0.1, 0.9, told, fontsize=20, va="top", family=list(families(told)), linespacing=spacing(told))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    rows = (np.asarray(canvas.buffer_rgba())[:, :, 0] < 250).any(axis=1)
    return [dark for dark, _ in itertools.groupby(rows) if dark]


def test_a_long_entry_breaks_before_its_number():
    assert fitted("over 10% to 20%   (69 blocks)", 5.0, size=8.5) == "over 10% to 20%   (69 blocks)"
    assert fitted("over 10% to 20%   (69 blocks)", 1.4, size=8.5) == "over 10% to 20%\n(69 blocks)"


def test_templates_keep_their_braces_in_these_tests():
    said = "{count:,} of {whole} {noun:capital}."
    names = [name for _, name, _, _ in string.Formatter().parse(in_other_words(said, "km")) if name]
    assert names == ["count", "whole", "noun"]
