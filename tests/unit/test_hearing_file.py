"""The hearing file: what is accepted, and how every fault is told at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pydantic
import pytest

from kit.errors import InputError
from kit.hearing_faults import forbidden_words
from kit.hearing_file import Hearing, load_hearing
from kit.hearing_new import Answers, new_hearing
from kit.model.claims import Claim

TOP = """
body = "Fairwater County Board"
date = 2030-01-15
place = "County hall"
jurisdiction = "Fairwater County (fictional)"
speaker = "May Lee"
contact = "may@example.org"
ask = "Keep Lantern Hill in one district."
groups = ["aapi_aoic", "asian_alone"]
bases = ["vap"]
breaks = [0, 0.1, 0.3, 0.5, 1]
"""
REST = """
[units]
source = "sample:fictional_county"

[[plans]]
path = "sample:a"
role = "before"

[[plans]]
path = "sample:b"
role = "after"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "hearing.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    """Give the faults of a file, one a line, without the bullet."""
    with pytest.raises(InputError) as caught:
        load_hearing(write(folder, text))
    first, *lines = str(caught.value).splitlines()
    assert first == f"hearing.toml has {len(lines)} fault{'s' * (len(lines) > 1)}:"
    return [line.removeprefix("- ") for line in lines]


# What is accepted


def test_a_file_is_read_with_its_defaults(tmp_path):
    hearing = load_hearing(write(tmp_path, TOP + REST))
    assert hearing.body == "Fairwater County Board"
    assert hearing.date == dt.date(2030, 1, 15)
    assert hearing.groups == ("aapi_aoic", "asian_alone")
    assert hearing.breaks == (0, 0.1, 0.3, 0.5, 1)
    assert (hearing.rules.speaking_minutes, hearing.rules.words_per_minute) == (2, 130)
    assert hearing.languages == ("en",)
    assert hearing.organisation == ""
    assert [plan.role for plan in hearing.plans] == ["before", "after"]
    assert hearing.units.kind == "sample"
    assert hearing.file == tmp_path / "hearing.toml"


def test_a_folder_will_do_and_paths_are_relative_to_the_file(tmp_path, monkeypatch):
    write(tmp_path, TOP + REST)
    monkeypatch.chdir("/")
    hearing = load_hearing(tmp_path)
    assert hearing.path_of("plans/x.zip") == tmp_path / "plans/x.zip"


def test_it_cannot_be_changed(tmp_path):
    hearing = load_hearing(write(tmp_path, TOP + REST))
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        hearing.body = "Another"


def test_the_timestamp_is_that_of_the_hearing_or_as_given(tmp_path):
    hearing = load_hearing(write(tmp_path, TOP + REST))
    assert hearing.moment == dt.datetime(2030, 1, 15, tzinfo=dt.UTC)
    hearing = load_hearing(write(tmp_path, TOP + REST + "[build]\nepoch = 86400\nseed = 7\n"))
    assert hearing.moment == dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
    assert hearing.build.seed == 7


def test_claims_take_the_first_group_and_base(tmp_path):
    text = TOP + REST + '[[claims]]\nkind = "majority"\ndistrict = "2"\n'
    (claim,) = load_hearing(write(tmp_path, text)).claims
    assert claim.claim() == Claim.majority("2", group="aapi_aoic", base="vap")
    assert not claim.paired


@pytest.mark.parametrize(
    ("written", "claim"),
    [
        (
            'kind = "share"\ndistrict = "2"\nvalue = 0.41',
            Claim.share("2", group="aapi_aoic", base="vap", is_=0.41),
        ),
        (
            'kind = "share"\ndistrict = "2"\nthreshold = 0.4\ndirection = "at_least"',
            Claim.share("2", group="aapi_aoic", base="vap", at_least=0.4),
        ),
        ('kind = "split_into"\narea = "Hill"\nn = 2', Claim.split_into("Hill", 2, group="aapi_aoic", base="vap")),
        (
            'kind = "loses"\ndistrict = "2"\nn = 100\ngroup = "asian_alone"',
            Claim.loses("2", group="asian_alone", base="vap", n=100),
        ),
        ('kind = "grew"\ndistrict = "2"\nof = "people"', Claim.grew("2", group="aapi_aoic", base="vap", of="people")),
    ],
)
def test_each_kind_of_claim_can_be_written(tmp_path, written, claim):
    (given,) = load_hearing(write(tmp_path, f"{TOP}{REST}[[claims]]\n{written}\n")).claims
    assert given.claim() == claim


def test_blanks_in_what_is_said_are_evened_out(tmp_path):
    hearing = load_hearing(write(tmp_path, TOP.replace("Keep Lantern", "Keep   Lantern") + REST))
    assert hearing.ask == "Keep Lantern Hill in one district."


# What is refused


def test_all_faults_are_told_at_once(tmp_path):
    top = (
        TOP.replace('body = "Fairwater County Board"\n', 'bdy = "Fairwater County Board"\n')
        .replace("date = 2030-01-15", 'date = "2030-01-15"')
        .replace("aapi_aoic", "aapi_aoik")
        .replace("[0, 0.1, 0.3, 0.5, 1]", "[0, 0.5, 0.3, 1]")
    )
    rest = REST.replace('"sample:b"', '"missing.zip"').replace('"after"', '"afterwards"')
    told = faults(tmp_path, f"{top}{rest}[rules]\nspeaking_minute = 2\n")
    assert told == [
        "body: missing; expected who holds the hearing, such as 'City Districting Commission'",
        (
            "date: is '2030-01-15', not a date without quotes; expected date of the hearing, such as 2026-12-03, "
            "without quotes"
        ),
        "groups[0]: no group is called 'aapi_aoik'; near: aapi_aoic, nh_aapi_aoic, aapi_alone",
        "breaks: bounds rise from 0 to 1",
        "rules.speaking_minute: no such key; did you mean speaking_minutes?",
        "plans[1].path: file not found: 'missing.zip'; paths are relative to the hearing file",
        (
            "plans[1].role: is 'afterwards': input should be 'before', 'after' or 'other'; expected 'before', 'after' "
            "or 'other'"
        ),
        "bdy: no such key; did you mean body?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('bases = ["vap"]', 'bases = ["adults"]', "bases[0]: no base is called 'adults'; bases are pop, vap, cvap, registered, voted"),
        ('bases = ["vap"]', "bases = []", "bases: has too few entries; expected universe ids, the main one first: ['vap', 'pop']"),
        ('bases = ["vap"]', 'bases = "vap"', "bases: is 'vap', not a list in [ ]; expected universe ids, the main one first: ['vap', 'pop']"),
        ('speaker = "May Lee"', 'speaker = ""', "speaker: is empty; expected who speaks, by name"),
        ('speaker = "May Lee"', "speaker = 7", "speaker: is 7, not text in quotes; expected who speaks, by name"),
        ("one district.", "one district. And then pause.", "ask: has more than one sentence; ask for one thing, in one"),
        ("breaks = [0,", "breaks = [0.05,", "breaks: bounds rise from 0 to 1"),
        ('contact = "may@example.org"', 'contact = "x"\nroom = "200"', "room: no such key; keys here are body, date, time, place, jurisdiction, speaker, organisation, contact, ask, groups, bases, breaks, extent, maps, languages, written_in, rules, units, plans, communities, submissions, voters, returns, claims, words, translations, exhibits, build"),
        ('contact = "may@example.org"', 'contact = "x"\nspeaking_minutes = 3', "speaking_minutes: no such key here; it stands in [rules]"),
        ('"sample:fictional_county"', '"sample:atlantis"', "units.source: no sample is called 'sample:atlantis'; samples are sample:los_angeles_2010, sample:fictional_county"),
        ('"sample:fictional_county"', '"counts.csv"', "units.source: file not found: 'counts.csv'; paths are relative to the hearing file"),
        ('"sample:fictional_county"', '"HI"', "units: year and level must be said for 'HI'"),
        ('role = "after"', 'role = "before"', "plans: 2 plans have the role 'before'; one may\nplans: a comparison needs one plan with the role 'before' and one with 'after'"),
        ('role = "after"', 'role = "other"', "plans: a comparison needs one plan with the role 'before' and one with 'after'"),
        ('role = "after"', 'role = "after"\nask = "x"', "plans[1].ask: no such key here; it stands at the top of the file, before the first [table]"),
        ('role = "after"', 'role = "after"\nadopted = "2022"', "plans[1].adopted: is '2022', not a date without quotes; expected date of adoption, such as 2022-06-03, without quotes"),
        ('role = "after"', 'role = "after"\n[[claims]]\nkind = "majority"\ndistrict = 2', "claims[0].district: is 2, not text in quotes; expected label of the district, in quotes, such as '7'"),
        ('role = "after"', 'role = "after"\n[[claims]]\nkind = "majority"\ndistrict = "2"\nthreshold = 0.4', "claims[0]: a majority is more than half; use kind = 'share' for another threshold"),
        ('role = "after"', 'role = "after"\n[[claims]]\nkind = "largest"', "claims[0]: a claim of the kind 'largest' cannot be checked so: district is missing"),
        ('role = "after"', 'role = "after"\n[[claims]]\nkind = "majority"\nplan = "Unity"', "claims[0]: plan 'Unity' is none of the plans here: 'before', 'after'"),
        ('role = "after"', 'role = "after"\n[words]\nclosing = "Vote for the Blue Party!"\n[rules]\nforbidden = ["party", "incumbent"]', "words.closing: says 'party', which rules.forbidden rules out at this hearing"),
        ("breaks =", "extent = [-118, 33, -117]\nbreaks =", "extent: has 3 numbers; west, south, east and north are four"),
        ("breaks =", "extent = [33, -118, 34, -117]\nbreaks =", "extent: is west, south, east and north in degrees, such as [-118.95, 33.68, -117.64, 34.83]"),
        ('"sample:fictional_county"', '"sample:fictional_county"\nshapes = "sample:x"', "units: shapes is a file of polygons; samples have their own"),
        ("breaks =", 'languages = ["en", "kr"]\nbreaks =', "languages[1]: no language is called 'kr'; languages are en, zh-Hant, zh-Hans, ko, vi, tl, ja, hi, bn, pa, gu, ur, km, lo, th, hmn, my, ne, sm, to, mh, ch, haw, es"),
        ("breaks =", 'languages = ["en", "vi", "en"]\nbreaks =', "languages: 'en' stands twice"),
        ('role = "after"', 'role = "after"\n[translations.vi]\nask = "Xin"', "translations.vi: 'vi' is none of languages"),
        ('role = "after"', 'role = "after"\n[translations.vi]\naks = "Xin"', "translations.vi.aks: no such key; did you mean ask?"),
        ('role = "after"', 'role = "after"\n[translations.vi]\nask = 7', "translations.vi.ask: is 7, not text in quotes; expected the ask, in one sentence"),
        ('role = "after"', 'role = "after"\n[translations.vi]\nclosing = "Party!"\n[rules]\nforbidden = ["party"]', "translations.vi.closing: says 'party', which rules.forbidden rules out at this hearing"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "zoom"', "exhibits[0]: a 'zoom' needs districts = […] or extent = […]"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "share"\ndistricts = ["1"]', "exhibits[0]: districts is for 'zoom', not for 'share'"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "share"\nplan = "Unity"', "exhibits[0]: plan 'Unity' is none of the plans here: 'before', 'after'"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "communities"', "exhibits: a map 'communities' needs [[communities]]"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "ladder"', "exhibits: 'ladder' needs a table [voters] with source, elections and group"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "gap"', "exhibits[0]: a 'gap' needs gap_breaks = […], such as [0.02, 0.05, 0.1]"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "gap"\ngap_breaks = [0.1, 0.05]', "exhibits[0]: gap_breaks rise from above 0"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "share"\nrate = "turnout_cvap"', "exhibits[0]: rate is for 'gap', not for 'share'"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "ladder"\ngroup = "asian_alone"', "exhibits[0]: group cannot be chosen for 'ladder', which shows what [voters] says"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "forest"\nplan = "after"', "exhibits[0]: plan cannot be chosen for 'forest', which shows what [returns] says"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "forest"', "exhibits: 'forest' needs a table [returns] with source, contest and people"),
        ('role = "after"', 'role = "after"\n[[exhibits]]\nmap = "precincts"\n[returns]\nsource = "sample:fictional_county"\ncontest = "x"\n[returns.people]\nsource = "sample:fictional_county"\ngroups = { A = "a" }\ntotal = "t"\nof = "voters"', "returns.candidate: missing; expected the candidate that 'precincts' shows"),
        ('role = "after"', 'role = "after"\n[returns]\nsource = "sample:fictional_county"\n[returns.people]\nsource = "people.csv"\ntotal = "t"\nof = "people"', "returns.contest: missing; expected id of the contest, such as 'G20PRE'\nreturns.people.source: file not found: 'people.csv'; paths are relative to the hearing file\nreturns.people.groups: missing; expected group, in words → column of its people: { 'Asian' = 'asian_voted_2024' }\nreturns.people.of: is 'people': input should be 'voters', 'registered', 'cvap' or 'vap'; expected who was counted: 'voters', 'registered', 'cvap' or 'vap'"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "HI"\nelections = []', "voters.source: file not found: 'HI'; paths are relative to the hearing file\nvoters.elections: has too few entries; expected dates of one election or two, the earlier first: ['2024-11-05']\nvoters.group: missing; expected group of the list, such as 'nh_aapi_alone'"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "hearing.toml"\nelections = ["2024-11-05"]\ngroup = "nh_aapi_alone"', "voters: layout and by must be said for 'hearing.toml'"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "sample:fictional_county"\nelections = ["2024"]\ngroup = "nh_aapi_alone"\nby = "county"', "voters: by can be said for a file only, not for 'sample:fictional_county'"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "sample:fictional_county"\nelections = ["November"]\ngroup = "nh_aapi_alone"', "voters.elections[0]: 'November' is no date of an election; write it as '2024-11-05', or as the year of a sample"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "sample:fictional_county"\nelections = ["2024", "2022"]\ngroup = "nh_aapi_alone"', "voters: elections are 2024, 2022; give the earlier one first, and each once"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "sample:fictional_county"\nelections = ["2024-11-05", "2024-11-05"]\ngroup = "nh_aapi_alone"', "voters: elections are 2024-11-05, 2024-11-05; give the earlier one first, and each once"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "sample:fictional_county"\nelections = ["2024-13-45"]\ngroup = "nh_aapi_alone"', "voters.elections[0]: '2024-13-45' is no day of the calendar"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "sample:los_angeles_2010"\nelections = ["2024"]\ngroup = "nh_aapi_alone"', "voters.source: 'sample:los_angeles_2010' needs units of the same sample"),
        ('role = "after"', 'role = "after"\n[voters]\nsource = "sample:fictional_county"\nelections = ["2024"]\ngroup = "nh_aapi_alone"\n[voters.citizens]\nsource = "HI"', "voters.citizens: year and level must be said for 'HI'"),
        ('role = "after"', 'role = "after"\n[rules]\npaces = { vi = 2 }', "rules.paces.vi: is 2: input should be greater than or equal to 30; expected language → your own pace in it, such as vi = 200: syllables, letters or words a minute"),
    ],
)  # fmt: skip
def test_each_fault_in_its_own_words(tmp_path, old, new, told):
    text = TOP + REST
    assert old in text
    assert faults(tmp_path, text.replace(old, new, 1)) == told.splitlines()


def test_a_pair_of_plans_is_needed_for_a_claim_on_a_change(tmp_path):
    text = (TOP + REST).replace('role = "before"', "").replace('role = "after"', "")
    told = faults(tmp_path, text + '[[claims]]\nkind = "loses"\ndistrict = "2"\n')
    assert told == ["claims[0]: a claim of the kind 'loses' needs a plan with the role 'before' and one 'after'"]


def test_two_plans_of_one_name_are_refused(tmp_path):
    told = faults(tmp_path, (TOP + REST).replace("role =", 'name = "Plan"\nrole ='))
    assert told == ["plans: the name 'Plan' stands twice"]


def test_what_is_no_toml_is_told_with_its_line(tmp_path):
    with pytest.raises(InputError, match=r"hearing.toml cannot be read as TOML: .*line 2.*Text stands in quotes"):
        load_hearing(write(tmp_path, "body = 'x'\nspeaker = May Lee\n"))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"there is no file 'hearing.toml' here; write one with `kit new hearing`"):
        load_hearing(tmp_path)


def test_a_hearing_can_be_made_without_a_file():
    hearing = Hearing(
        body="Board",
        date=dt.date(2030, 1, 15),
        place="Hall",
        jurisdiction="County",
        speaker="May Lee",
        contact="may@example.org",
        ask="Keep us whole",
        groups=["aapi_aoic"],
        bases=["vap"],
        breaks=[0, 0.5, 1],
        units={"source": "sample:fictional_county"},
        plans=[{"path": "sample:a"}],
    )
    assert hearing.plans[0].role == "other"


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Keep Democrats together", ["Democrat"], ["Democrat"]),
        ("a third-party map", ["party"], ["party"]),
        ("participants", ["part"], []),
        ("Assemblymember LEE spoke", ["lee", ""], ["lee"]),
    ],
)
def test_forbidden_words_are_found_as_words(text, words, found):
    assert forbidden_words(text, words) == found


# A new file


def test_a_new_file_loads_and_says_what_was_answered(tmp_path):
    answers = Answers(speaker='May "Mei" Lee', date="2031-02-03", ask="Keep\nus whole.")
    path = new_hearing(tmp_path / "town", answers)
    assert path == tmp_path / "town" / "hearing.toml"
    hearing = load_hearing(path)
    assert hearing.speaker == 'May "Mei" Lee'
    assert hearing.date == dt.date(2031, 2, 3)
    assert hearing.ask == "Keep us whole."
    assert path.read_text(encoding="utf-8").count("#") > 20


def test_single_answers_can_be_given_by_name(tmp_path):
    hearing = load_hearing(new_hearing(tmp_path / "town", speaker="May Lee", languages=["en", "vi"]))
    assert (hearing.speaker, hearing.languages) == ("May Lee", ("en", "vi"))
    with pytest.raises(InputError, match="a hearing has no speeker; answers are body, date, time"):
        new_hearing(tmp_path / "other", speeker="May Lee")
    assert not (tmp_path / "other").exists()


def test_a_new_file_is_never_written_over_another(tmp_path):
    path = new_hearing(tmp_path)
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"hearing.toml is there already, and nothing is written over"):
        new_hearing(tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (Answers(date="soon"), "'soon' is no date; write it as 2026-12-03."),
        (Answers(ask="One. Two."), "ask: has more than one sentence"),
        (Answers(body=""), "body: is empty"),
    ],
)
def test_answers_that_cannot_stand_leave_nothing_behind(tmp_path, answers, told):
    with pytest.raises(InputError, match=told):
        new_hearing(tmp_path / "town", answers)
    assert not (tmp_path / "town").exists()
