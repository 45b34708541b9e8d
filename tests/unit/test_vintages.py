"""The newest vintage of each product, kept in one place."""

from __future__ import annotations

import pytest

from kit.errors import InputError, NotPublished
from kit.model import vintages
from kit.model.detail_offers import LATEST
from kit.model.vintages import NEWEST, check_vintage, newest_known
from kit.sources.cvap_files import LAST_YEAR
from kit.sources.language_access import PUBLIC_YEAR
from kit.sources.pack_verify import newest_of
from kit.sources.pl_layout import FILE_YEARS
from kit.sources.tiger_layout import CONGRESS
from kit.sources.tiger_layout import LAST_YEAR as LAST_EDITION


def test_everything_reads_the_same_numbers():
    assert LATEST == newest_of("acs") == NEWEST["acs5"]
    assert LAST_YEAR == newest_of("cvap") == NEWEST["cvap"]
    assert LAST_EDITION == max(CONGRESS) == NEWEST["tiger"]
    assert newest_of("list/districts") == newest_of("boundaries/state_house") == NEWEST["legislatures"]
    assert newest_of("pl94171") == max(FILE_YEARS) == NEWEST["pl94171"]
    assert NEWEST["section203"] == PUBLIC_YEAR
    assert newest_known("roads") is None


@pytest.mark.parametrize("product", ["acs5", "cvap"])
def test_newer_is_refused_without_a_file_and_told_with_one(product, monkeypatch):
    newest = NEWEST[product]
    assert check_vintage(product, newest, local=False) == check_vintage(product, 2009, local=True) == ""
    with pytest.raises(NotPublished, match=f"knows is {newest - 4}–{newest}, not year={newest + 1}"):
        check_vintage(product, newest + 1, local=False)
    monkeypatch.setattr(vintages, "this_year", lambda: newest + 2)
    assert "this file is said to be newer" in check_vintage(product, newest + 1, local=True)
    with pytest.raises(InputError, match=f"year={newest + 2}: that period is not over"):
        check_vintage(product, newest + 2, local=True)


def test_the_year_of_today():
    assert vintages.this_year() >= 2026
