"""Pages of a PDF in a notebook: a picture of each, with words for those who do not see it."""

from __future__ import annotations

import base64
import io
import re

import pytest

from kit.errors import InputError
from kit.report.output import typeset
from kit.report.pages import show_pages


@pytest.fixture
def shown(monkeypatch):
    """Catch what a notebook would show."""
    found = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: found.append(data))
    return found


@pytest.fixture
def book(tmp_path):
    """Make a PDF of two pages with the kit's own template of figures."""
    square = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72"><rect width="72" height="72" fill="{}"/></svg>'
    )
    svgs = {"map_1.svg": square.format("#ff0000"), "map_2.svg": square.format("#0000ff")}
    pages = [{"file": name, "alt": "A square."} for name in svgs]
    data = {"title": "Two squares", "pages": pages, "width": "1", "height": "1"}
    return typeset("figure.typ", tmp_path / "squares.pdf", data=data, svgs=svgs)


def test_every_page_is_a_picture_with_words(book, shown):
    from PIL import Image

    show_pages(book, columns=2, dpi=72)
    page = shown[0]["text/html"]
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    middles = []
    for picture in pictures:
        image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
        assert image.size == (72, 72)
        middles.append(image.getpixel((36, 36)))
    assert middles == [(255, 0, 0), (0, 0, 255)]
    assert re.findall(r'alt="([^"]+)"', page) == ["Page 1 of 2 of squares.pdf.", "Page 2 of 2 of squares.pdf."]
    assert shown[0]["text/plain"].splitlines() == re.findall(r'alt="([^"]+)"', page)
    assert "width: calc(50% - 12px)" in page


def test_what_is_no_pdf_is_refused(tmp_path, shown):
    with pytest.raises(InputError, match=r"there is no file 'packet\.pdf'; build the packet first"):
        show_pages(tmp_path / "packet.pdf")
    (tmp_path / "packet.pdf").write_text("hello")
    with pytest.raises(InputError, match=r"'packet\.pdf' cannot be read as a PDF"):
        show_pages(tmp_path / "packet.pdf")
    with pytest.raises(InputError, match="above zero"):
        show_pages(tmp_path / "packet.pdf", columns=0)
    assert shown == []
