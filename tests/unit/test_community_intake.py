"""Drafts that are never lost, contacts that nothing else reads, and advice on wording that changes no word."""

from __future__ import annotations

import ast
import json
import os
import pickle
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from kit.analysis.community_statement import statement
from kit.analysis.consensus import consensus
from kit.analysis.mending import mend_communities
from kit.analysis.placement import place
from kit.community_proof import round_trip
from kit.errors import Corrupt, InputError
from kit.intake.contacts import Contact, ContactBook
from kit.intake.drafts import Drafts
from kit.intake.wording import body_rules, check_wording
from kit.model.community import Community
from kit.model.submissions import Submissions
from kit.sources.community_files import read_communities
from kit.sources.community_write import FORMATS, write_communities

PLANTED = {
    "name": "Plantedname Quill", "email": "planted.mail@example.org", "phone": "555-867-5309",
    "address": "77 Plantedroad Lane", "note": "plantednote",
}  # fmt: skip


# --- contacts ---------------------------------------------------------------------------------------------


def test_contacts_are_kept_apart_and_for_the_owner_only(tmp_path):
    book = ContactBook(tmp_path / "contacts")
    someone = book.add(**PLANTED)
    assert book.get(someone) == Contact(someone, **PLANTED)
    assert list(book) == [someone]
    assert len(book) == 1
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "contacts").stat().st_mode) == 0o700
        assert {stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "contacts").iterdir()} == {0o600}
    assert book.add(someone, email="new@example.org") == someone
    assert book.get(someone).email == "new@example.org"
    assert ContactBook(tmp_path / "contacts").get(someone).email == "new@example.org"
    book.forget(someone)
    book.forget(someone)
    assert len(book) == 0
    with pytest.raises(InputError, match=f"no contact is kept for '{someone}'"):
        book.get(someone)


def test_a_contact_never_shows_in_a_repr_an_error_or_a_pickle(tmp_path):
    book = ContactBook(tmp_path / "contacts")
    someone = book.add(**PLANTED)
    said = repr(book) + repr(book.get(someone)) + str(book.get(someone))
    assert not [word for word in PLANTED.values() if word in said]
    for thing in (book, book.get(someone)):
        with pytest.raises(TypeError, match="contacts are not pickled"):
            pickle.dumps(thing)
    with pytest.raises(InputError, match="a pseudonym must not be the person's name") as caught:
        book.add(PLANTED["name"], name=PLANTED["name"])
    assert PLANTED["name"] not in str(caught.value)
    for bad in ("../x", "a/b", "", "…"):
        if bad:
            with pytest.raises(InputError, match="a pseudonym is of letters, digits, dots and dashes"):
                book.add(bad)
    next((tmp_path / "contacts").glob("*.json")).write_text('{"email": "planted')
    with pytest.raises(Corrupt, match="is damaged") as caught:
        book.get(someone)
    assert "planted" not in str(caught.value).replace(someone, "")


def test_contacts_want_a_folder_of_their_own(tmp_path):
    (tmp_path / "communities.geojson").write_text("{}")
    with pytest.raises(InputError, match=r"the folder for contacts holds 1 other files, such as 'communities.geojson'"):
        ContactBook(tmp_path)


def test_a_planted_contact_reaches_no_output(tmp_path, four_squares, capsys, caplog, repo_root):
    """Whatever the kit writes, says or raises about a community is searched for the contact of its submitter."""
    units, plan = four_squares
    a, b, *_ = units.frame.index
    book = ContactBook(tmp_path / "contacts")
    someone = book.add(**PLANTED)
    west, south, _, north = units.geometry.total_bounds
    shape = gpd.GeoSeries([shapely.box(west, south, west + 1000, north)], crs=5070).to_crs(4269).iloc[0]
    fields = {"submitter": someone, "consent": "public", "languages": ["Khmer"], "collected": {"collector": "v1"}}
    told = Community(id="c-1", name="Acre", area={"kind": "units", "geoids": [a, b], "year": 2020}, **fields)
    drawn = Community(id="c-2", name="Canal", area={"kind": "polygon", "shape": shape}, **fields)
    every = Submissions((told, drawn))
    out = tmp_path / "out"
    out.mkdir()
    said = []
    for kind, suffixes in FORMATS.items():
        for suffix in suffixes:
            proof = round_trip(every, out / f"{kind}{suffix}", units, format=kind)
            said += [proof.summary(), repr(proof)]
    drafts = Drafts(out / "drafts")
    said += [repr(drafts.save(told)), repr(drafts), repr(drafts.submissions())]
    how = {"group": "aapi_aoic", "base": "pop"}
    agreed = consensus(every, units, **how)
    fixed = mend_communities(every, units=units)
    spoken = statement(told, units, **how)
    for result in (agreed, fixed, spoken):
        said += [str(result.summary()), repr(result), str(result.sources)]
    said += [
        table.to_csv() for table in (agreed.frame, agreed.narratives, agreed.by_collector, fixed.report, every.frame)
    ]
    said += [str(check_wording(told))]
    with pytest.raises(InputError) as caught:
        write_communities([told.revised(consent="private")], out / "x.geojson")
    said.append(str(caught.value))
    _pictures(every, place(units, plan), out)
    files = [p for p in out.rglob("*") if p.is_file()]
    assert len(files) > 15
    streams = capsys.readouterr()
    text = "\n".join([*said, streams.out, streams.err, caplog.text]).casefold()
    data = b"".join(p.read_bytes() for p in files).lower() + text.encode()
    for archive in out.glob("*.[zk][im][pz]"):
        import zipfile

        with zipfile.ZipFile(archive) as opened:
            data += b"".join(opened.read(name) for name in opened.namelist()).lower()
    found = [word for word in PLANTED.values() if word.lower().encode() in data]
    assert found == []
    assert someone.encode() in data  # the pseudonym is there, so the search looked in the right places


def _pictures(every, placed, out):
    """Draw the communities and save the map as vectors with its text."""
    import matplotlib.pyplot as plt

    import kit

    ax = kit.map_communities(placed, kit.locate_communities(every, placed.units))
    ax.figure.savefig(out / "map.svg")
    plt.close(ax.figure)


def imports_of(path):
    """Name every module that a file imports, also inside functions and by name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_nothing_outside_the_intake_knows_of_contacts(repo_root):
    kit = repo_root / "kit"
    outside = [p for p in kit.rglob("*.py") if p.relative_to(kit).parts[0] != "intake"]
    assert len(outside) > 100
    guilty = [
        p.name for p in outside if any("intake.contacts" in name or name == "ContactBook" for name in imports_of(p))
    ]
    # A sentence that says where contacts are kept is no import.
    prose = {p.name for p in outside if "`kit.intake.contacts`" in p.read_text(encoding="utf-8")}
    assert set(guilty) <= prose
    inside = [p.name for p in (kit / "intake").glob("*.py") if p.name != "contacts.py"]
    knows = [name for name in inside if any("intake.contacts" in i for i in imports_of(kit / "intake" / name))]
    assert knows == []
    import kit as surface

    assert not {"ContactBook", "Contact"} & set(surface.__all__)


def test_a_community_has_no_field_for_a_contact():
    assert not {"email", "phone", "address", "contact", "full_name"} & set(Community.model_fields)


# --- drafts -----------------------------------------------------------------------------------------------


def test_every_version_is_kept(tmp_path):
    drafts = Drafts(tmp_path)
    first = drafts.save(Community(id="c-1", name="A", draft=True))
    assert drafts.save(first) == first  # saving again changes nothing
    second = drafts.save(first.revised(name="B", area={"kind": "polygon", "shape": "POLYGON((0 0,1 0,1 1,0 0))"}))
    assert drafts.history("c-1") == (first, second)
    assert sorted(p.name for p in (tmp_path / "c-1").iterdir()) == ["v000001.json", "v000002.json"]
    assert list(drafts) == ["c-1"]
    assert len(drafts.submissions()) == 0
    assert drafts.submissions().notes == ("Drafts that are not finished, left out: 1.",)
    assert list(drafts.submissions(drafts=True)) == [second]
    drafts.save(second.revised(draft=False))
    assert [one.version for one in drafts.submissions()] == [3]


def test_two_who_save_at_once_lose_nothing(tmp_path):
    drafts = Drafts(tmp_path)
    first = drafts.save(Community(id="c-1", name="A"))
    one, other = first.revised(name="mine"), first.revised(name="yours")
    assert drafts.save(one).version == 2
    kept = drafts.save(other)
    assert (kept.version, kept.parent, kept.name) == (3, 1, "yours")
    assert [c.name for c in drafts.history("c-1")] == ["A", "mine", "yours"]


WRITER = """
import sys
from kit.intake.drafts import Drafts
from kit.model.community import Community
drafts, name = Drafts(sys.argv[1]), sys.argv[2]
one = Community(id="c-1", name=name, comments=["x" * 200_000])
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    one = drafts.save(one.revised(name=f"{name} {number}"))
"""


def run(folder, name, count):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(folder), name, str(count)], stdout=subprocess.PIPE
    )


def test_two_processes_write_at_once(tmp_path):
    both = [run(tmp_path, name, 15) for name in ("ana", "bo")]
    assert [p.wait(timeout=60) for p in both] == [0, 0]
    for process in both:
        process.stdout.close()
    history = Drafts(tmp_path).history("c-1")
    assert sorted(c.name for c in history) == sorted(f"{name} {n}" for name in ("ana", "bo") for n in range(15))
    assert [c.version for c in history] == sorted({c.version for c in history})


@pytest.mark.skipif(os.name != "posix", reason="signals of another kind")
def test_killed_in_the_middle_of_a_save(tmp_path):
    """SIGKILL leaves every version that has a name whole, and the next save goes on."""
    process = run(tmp_path, "ana", 100_000)
    process.stdout.readline()
    deadline = time.monotonic() + 30
    while len(list((tmp_path / "c-1").glob("v*.json"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    process.stdout.close()
    drafts = Drafts(tmp_path)
    history = drafts.history("c-1")
    assert len(history) >= 5
    assert all(len(one.comments[0]) == 200_000 for one in history)
    assert drafts.save(history[-1].revised(name="after")).version == history[-1].version + 1


def test_drafts_that_cannot_be(tmp_path):
    drafts = Drafts(tmp_path)
    for bad in ("../up", "a/b", "ü", " "):
        with pytest.raises(InputError):
            drafts.save(Community(id=bad, name="A"))
    with pytest.raises(InputError, match="no community '../up' is kept here"):
        drafts.latest("../up")
    with pytest.raises(InputError, match="no community 'c-9' is kept here"):
        drafts.history("c-9")
    drafts.save(Community(id="c-1", name="A"))
    (tmp_path / "c-1" / "v000001.json").write_text('{"name": "A"')
    with pytest.raises(Corrupt, match=r"c-1/v000001.json is damaged"):
        drafts.latest("c-1")


# --- wording ----------------------------------------------------------------------------------------------


def found(text, **how):
    return [(one.found, one.kind) for one in check_wording(Community(name="A", in_common={"history": text}), **how)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("We vote for the Democratic Party", "political party", "Democratic Party"),
        ("most are registered Republicans", "political party", "registered Republicans"),
        ("a safe GOP area", "political party", "GOP"),
        ("keep this a blue district", "political party", "blue district"),
        ("our partisan lean", "political party", "partisan"),
        ("los republicanos de aquí", "political party", "republicanos"),
        ("支持民主黨", "political party", "民主黨"),
        ("민주당 지지", "political party", "민주당"),
        ("so that a candidate of ours can win", "political candidate", "candidate"),
        ("she is running for city council", "political candidate", "running for city council"),
        ("to elect Maria", "political candidate", "elect Maria"),
        ("keep our incumbent", "incumbent", "incumbent"),
        ("Assemblymember Doe helped us", "incumbent", "Assemblymember Doe"),
        ("keep us with our current representative", "incumbent", "our current representative"),
    ],
)
def test_words_the_rules_do_not_admit(text, kind, words):
    assert (words, kind) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "a democratic block association", "the Republic of Korea", "we party at New Year", "political refugees from Laos",
        "our supervisors at work", "the mayor's office hours", "representative of many families", "green areas and parks",
        "the red line train", "we elect a board of our temple", "Green Street", "Vote by mail is hard for elders",
    ],
)  # fmt: skip
def test_words_of_daily_life(text):
    assert found(text) == []


def test_names_of_the_place_can_be_given():
    text = "Jane  Q. Doe's office and Doering Street"
    assert found(text, names=["Jane Q. Doe", "Doe"]) == [("Jane  Q. Doe", "incumbent")]
    assert found(text) == []
    assert found(text, names=[" "]) == []


def test_advice_says_where_why_and_how_and_changes_nothing():
    one = Community(name="Incumbents' park", comments=["fine", "for the Democrats and the GOP"])
    before = one.model_dump()
    advice = check_wording(one)
    assert [(a.field, a.found) for a in advice] == [
        ("name", "Incumbents"),
        ("comments.2", "Democrats"),
        ("comments.2", "GOP"),
    ]
    texts = one.texts()
    assert all(texts[a.field][a.start : a.end] == a.found for a in advice)
    assert one.model_dump() == before
    said = advice[1].sentence()
    assert said.startswith(
        "“Democrats” in comments.2 may speak of this: political party. A community may not be defined by"
    )
    assert said.endswith("leave the party out.")


def test_rules_of_another_body(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text(
        'body = "Town"\nlaw = "Charter"\n[[rule]]\nkind = "shop"\nwhy = "w"\nreword = "r"\npatterns = [\'\\bshops?\\b\']\n'
    )
    assert found("two Shops", body=path) == [("Shops", "shop")]
    rules = body_rules("california")
    assert rules.law == "California Constitution, article XXI, section 2(d)(4)"
    assert rules.reviewed == ("en",)
    assert found("the GOP", body=rules) == [("GOP", "political party")]
    with pytest.raises(InputError, match="no word lists are kept for 'atlantis'; there are california"):
        body_rules("atlantis")
    path.write_text('body = "Town"')
    with pytest.raises(InputError, match=r"the word lists in rules.toml cannot be read: 'law'|'rule'"):
        body_rules(path)


# --- a community as a volunteer makes it ------------------------------------------------------------------


def test_from_draft_to_file_and_back(tmp_path):
    drafts = Drafts(tmp_path / "drafts")
    one = drafts.save(Community(id="c-1", name="Acre", draft=True))
    one = drafts.save(one.revised(area={"kind": "units", "geoids": ["250173101001000"], "year": 2020}))
    one = drafts.save(one.revised(consent="public", draft=False))
    path = write_communities(drafts.submissions(), tmp_path / "out.geojson")
    assert list(read_communities(path)) == [one]
    assert json.loads(Path(path).read_text())["features"][0]["properties"]["version"] == "3"


def test_drafts_where_the_disk_knows_no_links(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    drafts = Drafts(tmp_path)
    first = drafts.save(Community(id="c-1", name="A"))
    drafts.save(first.revised(name="B"))
    assert drafts.save(first.revised(name="C")).version == 3
    assert [one.name for one in drafts.history("c-1")] == ["A", "B", "C"]
    assert not [p for p in tmp_path.rglob("*") if p.name.startswith(".")]
