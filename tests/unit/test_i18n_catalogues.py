"""The messages of the kit, its catalogues and glossary, and what a translation must keep."""

from __future__ import annotations

import pytest

from kit import catalogue
from kit.errors import InputError, KitError
from kit.i18n import catalogue_files as files
from kit.i18n import catalogues
from kit.i18n.catalogue_files import CODES, Catalogue, Entry, Glossary
from kit.i18n.checks import faults_of
from kit.i18n.fonts import font_of
from kit.i18n.languages import LANGUAGES
from kit.i18n.messages import say, term
from kit.settings import using

UPDATE = "run `kit catalogue update`"


@pytest.fixture(scope="module")
def collected():
    return catalogue.collect_messages()


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Give a folder of translations of one's own."""
    monkeypatch.setenv("KIT_CATALOGUES", str(tmp_path))
    catalogues.forget()
    yield tmp_path
    catalogues.forget()


def put(folder, code="vi", reviewer="", **said):
    """Write a catalogue with a few translations."""
    files.write_catalogue(folder, Catalogue(code, {en: Entry(words) for en, words in said.items()}, reviewer))
    catalogues.forget()


# What the files hold


def test_each_catalogue_lists_the_messages_of_the_kit_and_no_others(collected):
    wanted = {one.english for one in collected if not one.term}
    listed = {code: set(files.read_catalogue(files.package_folder(), code).entries) for code in CODES}
    assert {code: found ^ wanted for code, found in listed.items() if found != wanted} == {}, UPDATE


def test_the_glossary_lists_the_terms_and_no_others(collected):
    terms = {one.english: one.term for one in collected if one.term}
    assert files.read_glossary(files.package_folder()).notes == terms, UPDATE


def test_every_word_of_the_maps_is_still_said(collected):
    assert sorted(set(catalogue.MAP_WORDS) - {one.english for one in collected}) == []


def test_every_language_has_a_catalogue():
    assert ("en", *CODES) == tuple(LANGUAGES)
    assert sorted(path.stem for path in files.package_folder().glob("*.po")) == sorted(CODES)


def test_all_english_messages_have_braces_that_pair(collected):
    assert [one.english for one in collected if catalogues.braces(one.english) is None] == []


@pytest.mark.parametrize("code", CODES)
def test_translations_keep_names_numbers_and_letters(code):
    if font_of(code) is None:
        pytest.fail(f"no font for {code} is here: kit doctor")
    assert catalogue.faults(code) == []


# Finding messages


def test_messages_are_found_under_any_name_and_in_both_branches():
    code = (
        "from kit.i18n.messages import mark, say as tell\n"
        "TABLE = {1: mark('one'), 2: mark('t' 'wo')}\n"
        "tell('three {n}', n=1)\n"
        "tell('four' if x else ('five' if y else mark('six')))\n"
        "tell(TABLE[1])\n"
        "tell(', ')\n"
        "tell(' ')\n"
    )
    found, wrong = catalogue.messages_of(code)
    assert sorted(found) == [", ", "five", "four", "one", "six", "three {n}", "two"]
    assert wrong == []


def test_a_function_of_another_module_with_the_same_name_is_left_alone():
    assert catalogue.messages_of("def say(x): ...\nsay('no message')\nsay(f'{x}')") == ([], [])


@pytest.mark.parametrize(
    "made", ["f'{x} people'", "'District' + 's'", "'%s people' % x", "'{}'.format(x)", "' '.join(x)"]
)
def test_a_message_put_together_is_a_fault(made):
    assert catalogue.messages_of(f"from kit.i18n.messages import say\n\nsay({made})")[1] == [3]


def test_the_kit_has_no_message_put_together(monkeypatch):
    monkeypatch.setattr(catalogue, "messages_of", lambda code: ([], [7] if "def require_matplotlib" in code else []))
    with pytest.raises(KitError, match=r"^messages are put together .*: kit\.maps\.style:7\. Write each sentence"):
        catalogue.collect_messages()


def test_terms_of_the_tables_are_found_with_what_they_are(collected):
    notes = {one.english: one.term for one in collected}
    assert notes["total population"] == "whom shares are taken of (pop)"
    assert notes["Asian or NHPI, alone or in combination"] == "definition aapi_aoic, in a legend"
    assert notes["Hmong"] == "people: group"
    assert notes["District"] == "a word of every map"


# Keeping translations


def test_an_update_keeps_translations_and_drops_what_is_no_longer_said(tmp_path, monkeypatch):
    folder = tmp_path / "catalogues"
    found = [catalogue.Found("District", ("kit.x",), "a word"), catalogue.Found("{n} people", ("kit.y",))]
    monkeypatch.setattr(catalogue, "collect_messages", lambda: found)
    catalogue.update_catalogues(folder)
    put(folder, "vi", "Lan, 2026-11-22", **{"{n} people": "{n} người", "gone": "mất", "District": "Khu"})
    files.write_glossary(folder, Glossary({"Old": ""}, {"Old": {"vi": "cũ"}, "{n} people": {"ko": "{n}명"}}))
    catalogue.update_catalogues(folder)
    vi, ko = (files.read_catalogue(folder, code) for code in ("vi", "ko"))
    assert vi.entries == {"{n} people": Entry("{n} người", ("kit.y",))}
    assert vi.reviewer == "Lan, 2026-11-22"
    assert ko.entries["{n} people"].words == ""  # it had no line of its own in that glossary
    assert files.read_glossary(folder) == Glossary({"District": "a word"}, {"District": {"vi": "Khu"}})


def test_an_update_writes_the_same_bytes_again(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "collect_messages", lambda: [catalogue.Found("a “b” \\ c", ("kit.x", "kit.y"))])
    first = [path.read_bytes() for path in catalogue.update_catalogues(tmp_path)]
    assert [path.read_bytes() for path in catalogue.update_catalogues(tmp_path)] == first
    assert len(first) == 24
    assert b"\r" not in first[1]
    assert first[1].count(b"Date") == 0


def test_a_catalogue_reads_back_as_it_was_written(tmp_path):
    entries = {
        'a "quote", 100% of {n:,}\nand more': Entry('"x" 100% {n:,}\ny', ("kit.a", "kit.b"), comments=("asked Lan",)),
        "unsure": Entry("hm", ("kit.a",), unsure=True),
        "  spaces ": Entry("", ("kit.c",)),
    }
    put_in = Catalogue("km", entries, "Sok Dara, 2026-11-22")
    text = files.write_catalogue(tmp_path, put_in).read_text(encoding="utf-8")
    assert files.read_catalogue(tmp_path, "km") == put_in
    assert "python-format" not in text
    assert '#. kit.a\n#. kit.b\nmsgid ""\n"a \\"quote\\", 100% of {n:,}\\n"' in text


def test_a_file_that_is_no_catalogue_is_refused(tmp_path):
    (tmp_path / "vi.po").write_bytes(b'msgid "a"\nmsgstr "\xff"\n')
    with pytest.raises(InputError, match=r"vi\.po is not a catalogue \(\.po\) in UTF-8"):
        files.read_catalogue(tmp_path, "vi")
    (tmp_path / "vi.po").write_text("these are words\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"vi\.po is not a catalogue"):
        files.read_catalogue(tmp_path, "vi")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("word,vi\nx,y\n", "its columns must be en, note and codes of languages, each once; it has word, vi"),
        ("en,note,vn\n", "it has vn"),
        ("en,note,vi,vi\n", "each once"),
        ("", "it has none"),
        ("en,note,vi\na,b\n", r"glossary\.csv, row 2: it does not have 3 cells"),
        ('en,note,vi\na,b,"c\n', "not a table of commas in UTF-8"),
    ],
)
def test_a_file_that_is_no_glossary_is_refused(tmp_path, text, told):
    (tmp_path / "glossary.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        files.read_glossary(tmp_path)


# What is wrong with a translation


@pytest.mark.parametrize(
    ("english", "words", "told"),
    [
        ("{n:,} people", "{n:,} người", []),
        ("{n:,} people", "{n:,} người ({n:,})", []),
        ("{who:capital} live here", "{who} sống ở đây", []),
        ("{n:,} people", "{n} người", ["it has {n} where the English has {n:,}"]),
        ("{n:,} people", "người", ["it lacks {n:,}"]),
        ("{n} people", "{n} người {m}", ["it has {m}, which the English has not"]),
        ("{n} people", "{n người", ["its braces do not pair"]),
        ("{n} people", "{} người", ["it has {} where the English has {n}"]),
        ("{n!r} people", "{n} người", ["it has {n} where the English has {n:!r}"]),
        ("18 and over in {year}", "từ 18 tuổi năm {year}", []),
        ("18 and over", "từ 16 tuổi", ["it lacks the number 18"]),
        ("18 and over", "१८ और अधिक", ["it lacks the number 18", "it writes digits other than 0 to 9"]),
        ("No figure here", "No figure here", ["it is the English"]),
        ("No figure", "No figure", []),
        ("people", "a\u202eb", ["it turns the direction of writing by hand"]),
        ("one line here", "hai\ndòng", ["it breaks lines elsewhere"]),
    ],
)
def test_faults_of_a_translation(english, words, told):
    assert faults_of(english, words) == told


def test_words_without_spaces_need_places_to_break():
    word, mark = "ประชากร", "\u200b"
    assert faults_of("people", f"{word}{mark}" * 9, "th") == []
    assert faults_of("people", word * 5, "vi") == []
    told = ["it has 35 letters in a row without a zero-width space (U+200B), where a line could break"]
    assert faults_of("people", word * 5, "th") == told
    assert faults_of("{n:,.0f} x", "{n:,.0f}" + word * 4, "th") == []


def test_faults_name_message_language_and_letters(own):
    put(own, "ko", **{"{n} people here": "{m}명", "word": "단어 \U00012000", "fine": "좋아요"})
    assert catalogue.faults("ko") == [
        "“word”: no font here has its letters \U00012000",
        "“{n} people here”: it has {m} where the English has {n}",
    ]


# Speaking


def test_a_folder_of_ones_own_goes_before_the_kit(own):
    put(own, **{"{count:,} people": "{count:,} người"})
    files.write_glossary(own, Glossary({"adults": ""}, {"adults": {"vi": "người lớn"}}))
    catalogues.forget()
    with using(language="vi"):
        assert say("{count:,} people", count=1234) == "1.234 người"
        assert term("adults") == "người lớn"
    with using(language="ko"):
        assert catalogues.translation("{count:,} people", "ko") is None


def test_the_glossary_goes_before_the_catalogue(own):
    put(own, adults="catalogue")
    files.write_glossary(own, Glossary({"adults": ""}, {"adults": {"vi": "glossary"}}))
    catalogues.forget()
    assert catalogues.translation("adults", "vi") == "glossary"


def test_an_unsure_or_broken_translation_is_not_printed(own):
    entries = {"{n} a": Entry("{m} x"), "{n} b": Entry("{n x"), "c": Entry("x", unsure=True), "{n} d": Entry("{n} x")}
    files.write_catalogue(own, Catalogue("vi", entries))
    catalogues.forget()
    with using(language="vi"):
        assert [say("{n} a", n=1), say("{n} b", n=1), say("c"), say("{n} d", n=1)] == ["1 a", "1 b", "c", "1 x"]


def test_a_language_is_a_draft_until_a_reviewer_is_named(own):
    put(own, **{"Draft translation, not reviewed": "Bản dịch nháp"})
    assert catalogues.draft("vi")
    assert catalogues.draft_stamp("vi") == "Draft translation, not reviewed · Bản dịch nháp"
    put(own, reviewer="Lan Nguyen, 2026-11-22")
    assert not catalogues.draft("vi")
    assert catalogues.reviewer("vi") == "Lan Nguyen, 2026-11-22"
    assert catalogues.draft_stamp("vi") == ""


def test_the_stamp_is_in_english_too_where_nothing_is_translated(own, monkeypatch):
    monkeypatch.setattr(catalogues, "translation", lambda *_: None)
    assert catalogues.draft_stamp("haw") == "Draft translation, not reviewed"


def test_english_is_no_draft():
    assert not catalogues.draft("en")
    assert catalogues.draft_stamp("en") == ""
    done, every = catalogues.coverage("en")
    assert done == every > 500


def test_coverage_counts_messages_of_the_kit_only(own):
    done, every = catalogues.coverage("haw")
    put(own, "haw", **{"no message of the kit": "ʻaʻole"})
    assert catalogues.coverage("haw") == (done, every)
    assert every == catalogues.coverage("vi")[1]
