"""Words of the communities' scripts as matplotlib draws them, beside a browser's drawing with the same font file."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image

from kit.catalogue import MAP_WORDS
from kit.i18n.breaks import drawn as drawn_text
from kit.i18n.catalogues import draft_stamp
from kit.i18n.fonts import families, map_families
from kit.i18n.languages import LANGUAGES
from kit.i18n.messages import figure, joined, say, term
from kit.model.groups import BASES, DEFINITIONS
from kit.settings import using

pytestmark = pytest.mark.browser

PIXELS, DPI = 80, 72
LIKE, WIDTH = 0.9, 0.03
# Language, fonts of pages or maps, words that need shaping: conjuncts, marks that move, joined letters.
WORDS = [
    ("hi", map_families, "निर्वाचन क्षेत्र की जनसंख्या"),
    ("bn", map_families, "নির্বাচনী জেলার জনসংখ্যা"),
    ("km", map_families, "ប្រជាជននៅក្នុងស្រុកបោះឆ្នោត"),
    ("my", map_families, "မဲဆန္ဒနယ် လူဦးရေ ကြည့်ပါ"),
    ("ur", map_families, "انتخابی ضلع کی آبادی"),
    ("ur", families, "انتخابی ضلع کی آبادی"),
    ("ur", map_families, "ضلع 12 میں 1,234 (14.5%) ہیں"),
    ("pa", map_families, "ਜ਼ਿਲ੍ਹੇ ਦੀ ਆਬਾਦੀ"),
    ("gu", map_families, "મતવિસ્તારની વસ્તી ક્ષેત્ર"),
    ("th", map_families, "จำนวนประชากรที่มีสิทธิ์"),
    ("lo", map_families, "ຈຳນວນພົນລະເມືອງທີ່ມີສິດ"),
]
NAMES = [f"{code}-{stack.__name__}-{at}" for at, (code, stack, _) in enumerate(WORDS)]
each = pytest.mark.parametrize(
    ("name", "code", "stack", "words"), [(name, *row) for name, row in zip(NAMES, WORDS, strict=True)], ids=NAMES
)


def file_of(family):
    return Path(font_manager.findfont(FontProperties(family=[family]), fallback_to_default=False))


def ink_of(image):
    """Crop a drawing to its ink: 0 is paper, 1 ink."""
    ink = 1 - np.asarray(image.convert("L"), dtype=float) / 255
    rows, columns = (np.flatnonzero((ink > 0.3).any(axis=axis)) for axis in (1, 0))
    assert len(rows), "nothing was drawn"
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def drawn(texts, stack):
    """Draw texts with matplotlib, one after the other, and give ink and advance width in pixels."""
    font = FontProperties(family=list(stack), size=PIXELS * 72 / DPI)
    with mpl.rc_context({"text.hinting": "none"}):
        canvas = FigureCanvasAgg(Figure(figsize=(2000 / DPI, 500 / DPI), dpi=DPI))
        renderer = canvas.get_renderer()
        along = 0.0
        for text in texts:
            canvas.figure.text((100 + along) / 2000, 0.4, text, fontproperties=font)
            along += renderer.get_text_width_height_descent(text, font, False)[0]
        canvas.draw()
    return ink_of(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")), along


def browsed(page, text, stack):
    """Draw a text in the browser with the files that matplotlib takes, and give ink and advance width in pixels."""
    faces = ""
    for at, family in enumerate(stack):
        data = base64.b64encode(file_of(family).read_bytes()).decode()
        faces += f"@font-face {{font-family: tried{at}; src: url(data:font/ttf;base64,{data})}}"
    names = ", ".join(f"tried{at}" for at in range(len(stack)))
    page.set_content(
        f"<style>{faces} p {{font: {PIXELS}px {names}; position: absolute; left: 100px; top: 100px; margin: 0;"
        f"white-space: nowrap}}</style><body style='background: white; color: black'><p dir=auto>{text}</p></body>"
    )
    loaded = f"Promise.all({[f'20px tried{at}' for at in range(len(stack))]}.map(one => document.fonts.load(one)))"
    assert page.evaluate(f"{loaded}.then(all => all.flat().length)") == len(stack)
    width = page.evaluate("document.querySelector('p').getBoundingClientRect().width")
    return ink_of(Image.open(io.BytesIO(page.screenshot()))), width


def likeness(one, other):
    """Correlate two drawings, brought to the size of the first."""
    size = one.shape[::-1]
    scaled = Image.fromarray((other * 255).astype(np.uint8)).resize(size, Image.Resampling.BILINEAR)
    return float(np.corrcoef(one.ravel(), np.asarray(scaled, dtype=float).ravel())[0, 1])


@pytest.fixture(scope="module")
def theirs(browser):
    """Draw each words once in the browser: ink and advance width."""
    opened = browser.new_page(viewport={"width": 2000, "height": 500})
    yield {name: browsed(opened, words, stack(code)) for name, (code, stack, words) in zip(NAMES, WORDS, strict=True)}
    opened.close()


@each
def test_words_are_shaped_as_the_browser_shapes_them(theirs, name, code, stack, words):
    ours, width = drawn([words], stack(code))
    ink, their_width = theirs[name]
    assert likeness(ink, ours) >= LIKE
    assert width == pytest.approx(their_width, rel=WIDTH)
    assert ours.shape == pytest.approx(ink.shape, rel=WIDTH)


@each
def test_letters_drawn_one_by_one_would_fail(theirs, name, code, stack, words):
    unshaped, width = drawn(list(words), stack(code))
    ink, their_width = theirs[name]
    assert likeness(ink, unshaped) < LIKE / 2
    assert width != pytest.approx(their_width, rel=3 * WIDTH)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("ur")])
def test_urdu_from_left_to_right_would_fail(theirs, name):
    code, stack, words = WORDS[NAMES.index(name)]
    turned, _ = drawn([words[::-1]], stack(code))
    assert likeness(theirs[name][0], turned) < LIKE / 2


def lines_of(code):
    """Give title, legend and label line of an exhibit in a language, and the language's own name."""
    with using(language=code):
        rule, base = DEFINITIONS["aapi_aoic"], BASES["vap"]
        words = [term(rule.short), term(rule.long), term(base.label), term(base.noun), term("census tracts")]
        return [
            LANGUAGES[code].own,
            joined(words[:3], " · "),
            say("Share of {base}", base=words[2]),
            f"{say('District')} 12 · {say('Share')} {figure('14.5%')} · {figure('1,234')} {words[3]} ±",
            *words,
            *(term(word) for word in MAP_WORDS),
            draft_stamp(code),
        ]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_no_letter_of_an_exhibit_is_a_box(code, weight):
    for stack in {families(code), map_families(code)}:
        canvas = FigureCanvasAgg(Figure(figsize=(8, 8)))
        for at, line in enumerate(lines_of(code)):
            canvas.figure.text(0, at / 60, drawn_text(line), family=list(stack), weight=weight)
        canvas.draw()  # a letter without a glyph is a warning, and warnings are errors here


def test_a_box_would_be_seen():
    canvas = FigureCanvasAgg(Figure())
    canvas.figure.text(0, 0.5, "ប្រជាជន", family=["Noto Sans", "DejaVu Sans"])
    with pytest.warns(UserWarning, match="missing from font"):
        canvas.draw()
