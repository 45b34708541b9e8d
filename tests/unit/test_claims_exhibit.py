"""Checked claims on an exhibit: the page, the words and the manifest say what was checked, and refuse the rest."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

import kit
from kit.analysis.claims import check_claim
from kit.errors import InputError
from kit.i18n.messages import say
from kit.model.claims import Claim
from kit.report.checked import own_words
from kit.report.packet_runs import spoken

GIVEN = {"number": "A", "author": "A. Person", "contact": "person@example.org", "date": date(2026, 7, 1)}
WHAT = {"group": "aapi_aoic", "base": "vap"}
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")


@pytest.fixture
def placed(four_squares):
    return kit.place(*four_squares)


@pytest.fixture
def table(placed):
    return kit.concentration(placed, **WHAT)


def made(placed, table, **changes):
    ax = kit.map_share(placed, **WHAT, breaks=[0, 0.1, 0.2, 0.4, 1])
    return kit.exhibit(ax, table, **{**GIVEN, "title": "A title", **changes})


def pdf_text(path):
    told = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(told.stdout.split())


@needs_poppler
def test_a_checked_title_and_finding(placed, table, tmp_path):
    # 57 of 230 in district 1, 24.8%; 29 of 500 in district 2.
    title = check_claim(Claim.largest("1", **WHAT), table)
    finding = check_claim(Claim.majority("1", **WHAT), table)
    assert (title.status, finding.status) == ("carried", "weaker")
    page = made(placed, table, title=title, findings=[finding])
    assert page.title == "District 1: 24.8% of adults were counted as Asian or NHPI, the highest share of 2 districts"
    page.save(tmp_path / "a.pdf")
    text = pdf_text(tmp_path / "a.pdf")
    for part in (
        "24.8% of adults were counted as Asian or NHPI, the highest share of 2 districts",
        "Checked: In district 1, people counted as “Asian or NHPI, alone or in combination” were 24.8% of adults",
        "more than 20%, but not a majority: 57 of 230.",
        "The title was checked against the table:",
        "The finding was checked against the table: The claim is not true in these figures: 24.8% is not more than 50%.",
        "Distance to 50%: 25.2 points below; 59 more people of the group would be needed.",
    ):
        assert part in text, part
    assert "author's statement" not in text
    words = (tmp_path / "a.txt").read_text("utf-8")
    assert words.startswith(title.title)
    assert finding.sentence in words
    told = json.loads((tmp_path / "a.manifest.json").read_text("utf-8"))
    assert told["title"] == title.title
    assert [(row["where"], row["kind"], row["status"], row["sentence"]) for row in told["claims"]] == [
        ("title", "largest", "carried", title.sentence),
        ("finding", "majority", "weaker", finding.sentence),
    ]
    assert told["claims"][1]["tests"] == list(finding.tests)


@needs_poppler
def test_a_free_title_is_the_authors(placed, table, tmp_path):
    page = made(placed, table)
    page.save(tmp_path / "a.pdf")
    assert "The title is the author's statement." in pdf_text(tmp_path / "a.pdf")
    told = json.loads((tmp_path / "a.manifest.json").read_text("utf-8"))
    assert (told["title"], told["claims"]) == ("A title", [])


@needs_poppler
def test_several_findings_are_numbered(placed, table, tmp_path):
    findings = [check_claim(Claim.share(label, more_than=0.05, **WHAT), table) for label in ("1", "2")]
    made(placed, table, findings=findings).save(tmp_path / "a.pdf")
    text = pdf_text(tmp_path / "a.pdf")
    assert "Finding 1 was checked against the table:" in text
    assert "Finding 2 was checked against the table:" in text


def test_what_was_refused_may_not_stand_there(placed, table):
    refused = check_claim(Claim.largest("2", **WHAT), table)
    assert refused.status == "refused"
    with pytest.raises(
        InputError, match="the title makes a claim that was refused: The claim is not true: the share is"
    ):
        made(placed, table, title=refused)
    with pytest.raises(InputError, match="the finding makes a claim that was refused"):
        made(placed, table, findings=[refused])


def test_what_was_checked_elsewhere_may_not_stand_there(placed, table):
    other = kit.concentration(replace(placed, plan=replace(placed.plan, name="Another")), **WHAT)
    told = r"checked against other figures \(aapi_aoic of vap in Another\) than the page shows \(aapi_aoic of vap in Two rows\)"
    with pytest.raises(InputError, match=told):
        made(placed, table, title=check_claim(Claim.largest("1", **WHAT), other))
    narrow = kit.concentration(placed, group="asian_alone", base="vap")
    with pytest.raises(InputError, match=r"\(asian_alone of vap in Two rows\) than the page"):
        made(placed, table, findings=[check_claim(Claim.largest("1", group="asian_alone", base="vap"), narrow)])
    doubled = kit.place(replace(placed.units, frame=placed.units.frame * 2), placed.plan)
    with pytest.raises(InputError, match="Check it against the table of the exhibit"):
        made(placed, table, findings=[check_claim(Claim.largest("1", **WHAT), doubled)])


def test_only_text_and_verdicts(placed, table):
    with pytest.raises(InputError, match="a title is text or what kit.check_claim returned, not int"):
        made(placed, table, title=7)
    with pytest.raises(InputError, match="findings are what kit.check_claim returned, not str"):
        made(placed, table, findings=["District 1 is great"])


def test_a_split_stands_beside_its_own_plan(placed, table, tmp_path):
    frame = pd.DataFrame({"community": ["Quay"] * 2, "district": ["1", "2"], "people": [500, 400], "group": [300, 250]})
    ours = SimpleNamespace(pieces=frame, sources=placed.sources, plan="Two rows")
    claim = Claim.split_into("Quay", 2, **WHAT)
    page = made(placed, table, title=check_claim(claim, ours))
    assert page.title == "Quay: split among 2 districts, 1 (55.6%) and 2 (44.4%)"
    # The page's table has no figures of the area, so the page does not say that they stand there.
    page.save(tmp_path / "split.pdf")
    words = (
        "The title was checked against the people of Quay in each district, which are not in the table of this page:"
    )
    assert words in pdf_text(tmp_path / "split.pdf")
    theirs = SimpleNamespace(pieces=frame, sources=placed.sources, plan="Three rows")
    with pytest.raises(InputError, match="in Three rows"):
        made(placed, table, title=check_claim(claim, theirs))


def test_a_comparison_carries_claims_on_either_plan(placed, table):
    moved = placed.assignment.copy()
    moved.iloc[1] = "2"
    after = replace(placed, plan=replace(placed.plan, name="After", geometry=None, assignment=moved), assignment=moved)
    axes = kit.map_compare(placed, after, **WHAT, breaks=[0, 0.1, 0.2, 0.4, 1])
    second = kit.concentration(after, **WHAT)
    share = check_claim(Claim.share("2", more_than=0.01, **WHAT), second)
    assert share.status == "carried"
    page = kit.exhibit(axes, table, title=share, **GIVEN)
    assert page.checked is share


def test_a_title_of_the_kits_own_is_not_called_the_authors():
    assert own_words("My claim") == "The title is the author's statement."
    assert own_words(spoken("Yêu cầu", "vi")) == "The title is the author's statement."
    assert own_words(say("Who moves between the two plans")) == "The title names what is drawn and claims nothing."
