"""Page sizes of maps: exact in every file, with nothing cut and nothing covered."""

from __future__ import annotations

import itertools

import pikepdf
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

import kit
from kit.errors import InputError
from kit.maps.change import map_change
from kit.maps.clusters import map_clusters
from kit.maps.columns import key_height
from kit.maps.communities import map_communities
from kit.maps.page import half_width, room_for
from kit.maps.sizes import PAGE_SIZES, page_size
from kit.model.communities import Communities
from kit.report.output import heading_of, save_map

BREAKS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
INCHES = {
    "letter": (11.0, 8.5),
    "letter portrait": (8.5, 11.0),
    "tabloid": (17.0, 11.0),
    "tabloid portrait": (11.0, 17.0),
}
KINDS = ("share", "compare", "districts", "communities", "change", "plans", "clusters")


@pytest.fixture(scope="module")
def county():
    """Place the fictional county in both plans, and find its clusters."""
    sample = kit.load_sample("fictional_county")
    placed = {name: kit.place(sample.units, sample.plans[name]) for name in "ab"}
    found = kit.clusters(sample.units, group="aapi_aoic", base="vap", adjacency=kit.adjacency(sample.units))
    return sample, placed, found


def draw(kind, county, **more):
    """Draw one kind of map of the county."""
    sample, placed, found = county
    shares = {"group": "aapi_aoic", "base": "vap", "breaks": BREAKS}
    kinds = {
        "share": lambda: kit.map_share(placed["a"], **shares, **more),
        "compare": lambda: kit.map_compare(placed["a"], placed["b"], **shares, **more)[0],
        "districts": lambda: kit.map_districts(placed["a"], **shares, **more),
        "communities": lambda: map_communities(placed["a"], sample.communities, **shares, **more),
        "change": lambda: map_change(placed["a"], placed["b"], group="aapi_aoic", base="vap", **more),
        "plans": lambda: kit.map_plans({f"Plan {i}": placed["ab"[i % 2]] for i in range(5)}, **shares, **more)[0],
        "clusters": lambda: map_clusters(found, placement=placed["a"], **more),
    }
    return kinds[kind]()


def boxes(figure, dots=200):
    """Measure what stands on a page, in inches: its name and its box."""
    figure.set_dpi(dots)
    renderer = FigureCanvasAgg(figure).get_renderer()
    found = [(text.get_text(), text.get_window_extent(renderer)) for text in figure.texts]
    found += [("legend", legend.get_window_extent(renderer)) for legend in figure.legends]
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


@pytest.mark.parametrize("size", INCHES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_and_nothing_covered(kind, size, county):
    figure = draw(kind, county, page=size).figure
    assert tuple(figure.get_size_inches()) == INCHES[size]
    wide, tall = INCHES[size]
    found = boxes(figure)
    outside = [name for name, (x0, y0, x1, y1) in found if x0 < 0.15 or y0 < 0.1 or x1 > wide - 0.1 or y1 > tall - 0.1]
    assert (outside, overlapping(found)) == ([], [])


@pytest.mark.parametrize("size", ["letter portrait", "tabloid"])
def test_files_have_the_size_to_the_point(size, county, tmp_path):
    ax = draw("share", county, page=size)
    wide, tall = INCHES[size]
    written = {path.suffix: path for path in save_map(ax, tmp_path / "map", ["pdf", "png", "svg"])}
    with pikepdf.open(written[".pdf"]) as pdf:
        box = [float(value) for value in pdf.pages[0].MediaBox]
    assert box == pytest.approx([0, 0, 72 * wide, 72 * tall], abs=0.01)
    with Image.open(written[".png"]) as picture:
        assert picture.size == (300 * wide, 300 * tall)
    svg = written[".svg"].read_text("utf-8")
    assert f'width="{72 * wide:g}pt" height="{72 * tall:g}pt"' in svg


def test_letter_on_its_long_side_is_the_default(county):
    usual, asked = draw("compare", county), draw("compare", county, page="letter")
    assert boxes(usual.figure) == boxes(asked.figure)
    assert tuple(usual.figure.get_size_inches()) == (11.0, 8.5)


def test_a_larger_page_has_a_larger_map(county):
    def metres(size):
        ax = draw("share", county, page=size)
        return (ax.get_xlim()[1] - ax.get_xlim()[0]) / (ax.get_position().width * INCHES[size][0])

    assert metres("tabloid") < metres("letter")
    assert metres("tabloid portrait") < metres("letter portrait")


def test_on_a_portrait_page_the_legend_stands_under_a_square_map(county):
    figure = draw("share", county, page="letter portrait").figure
    found = dict(boxes(figure))
    assert found["legend"][3] < found["map 1"][1]


def test_a_legend_stays_beside_a_narrow_map_on_a_portrait_page(county):
    west, south, east, north = county[0].units.geometry.to_crs(4326).total_bounds
    narrow = (west, south, west + (east - west) / 5, north)
    figure = draw("share", county, page="letter portrait", extent=narrow).figure
    found = dict(boxes(figure))
    assert found["legend"][0] > found["map 1"][2]
    assert overlapping(boxes(figure)) == []


def test_two_plans_stand_one_over_the_other_where_they_are_larger_so(county):
    west, south, east, north = county[0].units.geometry.to_crs(4326).total_bounds
    wide = (west, south, east, south + (north - south) / 3)
    figure = draw("compare", county, page="letter portrait", extent=wide).figure
    one, other = (axes.get_position() for axes in figure.axes[:2])
    assert one.y0 > other.y1
    assert one.x0 == other.x0
    assert overlapping(boxes(figure)) == []
    beside = draw("compare", county, page="letter portrait").figure
    one, other = (axes.get_position() for axes in beside.axes[:2])
    assert one.y0 == other.y0


def test_a_long_key_has_room_under_a_portrait_map(county):
    sample, placed, _ = county
    ids = list(sample.units.frame.index[:30])
    many = Communities.of_units({f"Neighbourhood association {i}": [unit] for i, unit in enumerate(ids)})
    ax = map_communities(placed["a"], many, page="letter portrait")
    found = boxes(ax.figure)
    assert overlapping(found) == []
    assert any(name == "AD" for name, _ in found)


@pytest.mark.parametrize("kind", KINDS)
def test_no_printed_word_is_smaller_than_seven_points(kind, county):
    figure = draw(kind, county).figure
    sizes = {text.get_text(): text.get_fontsize() for text in figure.findobj(Text) if text.get_text().strip()}
    # Numbers of small districts on many small maps shrink to 6 points before they are left out.
    floor = 6.0 if kind == "plans" else 7.0
    assert min(sizes.values()) >= floor


def test_the_heading_is_kept_as_it_was_given(county):
    title = "A claim that is so long that it takes two lines on a page, or three of them on a narrower one"
    ax = draw("share", county, page="letter portrait", title=title)
    assert heading_of(kit.maps.record.record_of(ax)) == title


def test_an_unknown_size_is_refused(county):
    with pytest.raises(InputError, match=r"page='A4'; pages are 'letter', 'letter portrait'"):
        draw("share", county, page="A4")


def test_sizes_are_data():
    assert {name: (size.width, size.height) for name, size in PAGE_SIZES.items()} == INCHES
    assert [size.portrait for size in PAGE_SIZES.values()] == [False, True, False, True]
    assert page_size("letter").name == "letter"
    assert half_width("letter portrait") == pytest.approx((8.5 - 0.8 - 0.3) / 2)
    assert room_for(4, 2, "tabloid")[0] == pytest.approx((17 - 0.8 - 0.15) / 2)
    assert key_height([]) == 0.0
