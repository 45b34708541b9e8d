"""Where lines may break, in scripts with and without spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.i18n.breaks import drawn, pieces


def only(text, code):
    return [piece for _, piece in pieces(text, code)]


def test_english_breaks_at_spaces_as_it_always_did():
    text = "In District 12,  57 of 230 adults (24.8%)\tare Asian"
    assert only(text, "en") == text.split()
    assert "".join(before + piece for before, piece in pieces(text, "en")) == " ".join(text.split())


def test_a_space_that_holds_words_together_is_kept():
    assert only("5\u00a0km away", "en") == ["5\u00a0km", "away"]


@pytest.mark.parametrize("sign", "、。，）」』】？！ーっァ々％")
def test_no_line_starts_with_a_closing_sign(sign):
    assert only(f"人口{sign}数", "ja") == ["人", f"口{sign}", "数"]


@pytest.mark.parametrize("sign", "（「『【“￥")
def test_no_line_ends_with_an_opening_sign(sign):
    assert only(f"人{sign}口数", "zh-Hant") == ["人", f"{sign}口", "数"]


def test_latin_words_and_numbers_stay_whole_among_chinese_signs():
    assert only("第12選區有1,234人（18.5%）是AAPI居民。", "zh-Hant") == [
        "第", "12選", "區", "有", "1,234人", "（18.5%）", "是", "AAPI", "居", "民。",
    ]  # fmt: skip


def test_a_dash_of_two_signs_is_not_torn():
    assert only("人口——人数……", "zh-Hans") == ["人", "口——", "人", "数……"]


def test_korean_breaks_at_spaces_only():
    assert only("투표 연령 인구（18세）", "ko") == ["투표", "연령", "인구（18세）"]


def test_marks_of_translators_are_places_to_break_and_are_never_drawn():
    text = "ປະຊາ\u200bກອນ ທັງ\u200b\u200bໝົດ\u200b"
    assert pieces(text, "lo") == [("", "ປະຊາ"), ("", "ກອນ"), (" ", "ທັງ"), ("", "ໝົດ")]
    assert drawn(text) == "ປະຊາກອນ ທັງໝົດ"


def test_joiners_that_shape_letters_stay():
    assert only("می\u200cخواهم ක්\u200dෂ", "ur") == ["می\u200cخواهم", "ක්\u200dෂ"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_nothing_has_no_pieces(text):
    assert pieces(text, "th") == []


@given(st.text(alphabet="ab 1,人口（）。ー\u200bກ“”—", max_size=40), st.sampled_from(["en", "ja", "ko", "lo"]))
def test_no_letter_is_lost_or_moved(text, code):
    again = "".join(before + piece for before, piece in pieces(text, code))
    assert again.replace(" ", "") == drawn(text).replace(" ", "")
    assert all(piece for _, piece in pieces(text, code))
