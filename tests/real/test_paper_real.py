"""Forms of real places: maps that people can read, and numbers that lead back to the same units."""

from __future__ import annotations

import pytest

from kit.errors import InputError
from kit.paper import paper_form

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def groups(loaders, data_dir):
    return loaders.nyc_block_groups(data_dir)


def test_chinatown_and_around_on_one_map(groups, tmp_path):
    tracts = [f"36061{tract:06d}" for tract in (600, 800, 1600, 1800, 2500, 2700, 2900, 4100, 4300)]
    made = paper_form(tmp_path / "form.pdf", groups, within=tracts, numbers="1-20")
    assert made.maps == 1
    assert set(made.key.geoids) == {one for one in groups.frame.index if one[:11] in tracts}
    assert made.key.find(made.key.numbers(made.key.geoids[5:20])) == made.key.geoids[5:20]
    assert made.files[0].stat().st_size < 5_000_000


def test_a_part_of_queens_on_several_maps(groups, tmp_path):
    made = paper_form(tmp_path / "form.pdf", groups, within="3608104")
    assert 1 < made.maps <= 8
    assert len(set(made.key.geoids)) == sum(groups.frame.index.str.startswith("3608104"))
    assert {square.partition("-")[0] for square in made.key.squares} == {str(n + 1) for n in range(made.maps)}


def test_a_whole_city_is_no_form(groups, tmp_path):
    with pytest.raises(InputError, match="6,806 block groups cannot be numbered on the maps of one form"):
        paper_form(tmp_path / "form.pdf", groups)
