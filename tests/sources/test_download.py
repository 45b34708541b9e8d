"""Published files: fetched whole, resumed when cut off, refused when they are something else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from kit.errors import Corrupt, InputError, NotPublished, Offline, RateLimited, ServerFault, SourceError
from kit.files import sha256
from kit.model.geoid import state
from kit.settings import using
from kit.sources.download import cached_path, fetch, fetch_pl94171, pl_path, pl_url
from kit.sources.pl94171 import read_pl94171

PATH = "/geo/thing.zip"


def packed(size=200_000, seed=1):
    """Give a zip of about `size` bytes that does not compress."""
    import random

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as pack:
        pack.writestr("a.bin", random.Random(seed).randbytes(size))
    return stream.getvalue()


@pytest.fixture
def data(server):
    server.files[PATH] = packed()
    return server.files[PATH]


def ranges(server):
    return [a["headers"].get("Range") for a in server.asked]


def test_a_file_is_fetched_once_and_its_record_stands_beside_it(server, data, capfd):
    path = fetch(PATH, what="the thing")
    assert path.read_bytes() == data
    record = json.loads(path.with_name("thing.zip.json").read_text())
    assert record["url"] == server.root + PATH
    assert record["sha256"] == sha256(path)
    assert record["bytes"] == len(data)
    assert record["retrieved"].endswith("Z")
    assert fetch(PATH, what="the thing") == path
    assert len(server.asked) == 1
    assert sorted(p.name for p in path.parent.iterdir()) == ["thing.zip", "thing.zip.json"]
    assert capfd.readouterr() == ("", "")


def test_a_download_that_breaks_off_goes_on_where_it_stopped(server, data, waits):
    server.cuts = [70_000, 50_000]
    assert fetch(PATH, what="the thing").read_bytes() == data
    assert ranges(server) == [None, "bytes=65536-", "bytes=114688-"]  # whole pieces of 16 KiB are kept
    assert waits == [0.5, 1.0]


def test_the_next_run_goes_on_too(server, data):
    server.cuts = [50_000] * 3
    with pytest.raises(ServerFault, match=r"broke off at 147,456 bytes \(3 attempts\)\. Run it again"):
        fetch(PATH, what="the thing")
    assert not cached_path(PATH).exists()
    assert fetch(PATH, what="the thing").read_bytes() == data
    assert ranges(server)[-1] == "bytes=147456-"


def test_a_file_that_changed_meanwhile_is_not_spliced(server, data):
    server.cuts = [50_000] * 3
    with pytest.raises(ServerFault):
        fetch(PATH, what="the thing")
    server.files[PATH] = packed(seed=2)
    assert fetch(PATH, what="the thing").read_bytes() == server.files[PATH]


@pytest.mark.parametrize("lacking", ["ranges", "marks"])
def test_a_server_that_cannot_resume_sends_the_whole_file_again(server, data, lacking):
    setattr(server, lacking, False)
    server.cuts = [50_000]
    assert fetch(PATH, what="the thing").read_bytes() == data
    assert len(server.asked) == 2


def test_a_part_that_is_too_long_starts_again(server, data):
    target = cached_path(PATH)
    target.parent.mkdir(parents=True)
    target.with_name("thing.zip.part").write_bytes(bytes(len(data) + 5))
    import hashlib

    target.with_name("thing.zip.part.mark").write_text('"' + hashlib.sha256(data).hexdigest()[:16] + '"')
    assert fetch(PATH, what="the thing").read_bytes() == data


def test_a_reply_shorter_than_it_says_is_never_kept(server, data):
    server.cuts = [10, 10, 10]
    server.ranges = False
    with pytest.raises(ServerFault, match="broke off at 0 bytes"):
        fetch(PATH, what="the thing")
    assert not cached_path(PATH).exists()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<html>Sorry</html>", "sent is a web page, not a zip"),
        ("plain words", "sent is not a zip"),
        ("", "sent is empty"),
    ],
)
def test_something_else_under_that_name_is_refused(server, body, message):
    server.files[PATH] = body.encode()
    with pytest.raises(Corrupt, match=message):
        fetch(PATH, what="the thing")
    assert not list(cached_path(PATH).parent.glob("*"))


def test_refusals_are_told_apart(server, waits):
    with pytest.raises(NotPublished, match=r"the thing is not on 127\.0\.0\.1 \(404\)\. Check the place and the year"):
        fetch(PATH, what="the thing")
    assert waits == []
    for answers, kind, message in (
        ([(403, {}, "")], SourceError, r"refuses to send the thing \(403\)"),
        ([(500, {}, "")] * 3, ServerFault, "failed on its side"),
        ([(429, {"Retry-After": "2"}, "")] * 3, RateLimited, "asks for fewer requests"),
        ([(451, {}, "")], SourceError, "answered 451"),
    ):
        server.next += answers
        with pytest.raises(kind, match=message):
            fetch(PATH, what="the thing")


def test_the_server_wants_a_browser_and_gets_one(server, data):
    fetch(PATH, what="the thing")
    assert server.asked[0]["headers"]["User-Agent"].startswith("Mozilla/5.0")
    assert server.asked[0]["headers"]["Accept-Encoding"] == "identity"


def test_the_hash_asked_for_must_be_met(server, data, tmp_path):
    with pytest.raises(Corrupt, match="does not have the SHA-256 it should have"):
        fetch(PATH, what="the thing", known_hash="0" * 64)
    good = tmp_path / "x"
    good.write_bytes(data)
    fetch(PATH, what="the thing", known_hash=sha256(good))


def test_a_kept_file_that_changed_is_fetched_again_or_told(server, data):
    path = fetch(PATH, what="the thing")
    path.write_bytes(data[:-1])
    with using(offline=True), pytest.raises(Corrupt, match="has changed since it was fetched. Delete it"):
        fetch(PATH, what="the thing")
    assert fetch(PATH, what="the thing").read_bytes() == data
    assert len(server.asked) == 2


def test_offline_tells_what_to_put_where_and_takes_what_was_put_there(server, data):
    with using(offline=True):
        with pytest.raises(
            Offline, match=r"/geo/thing\.zip elsewhere and pass it as source=, or put it below files/ in the cache"
        ):
            fetch(PATH, what="the thing")
        target = cached_path(PATH)
        target.parent.mkdir(parents=True)
        target.write_bytes(data)
        assert fetch(PATH, what="the thing") == target
        assert json.loads(target.with_name("thing.zip.json").read_text())["url"] == ""
    assert server.asked == []


def test_no_server_at_all(server, waits):
    with using(files_url="http://127.0.0.1:9"), pytest.raises(Offline, match="cannot be reached"):
        fetch(PATH, what="the thing")


def test_paths_may_not_leave_the_cache():
    with pytest.raises(InputError, match="is no path of a file"):
        cached_path("/a/../../b.zip")


def test_addresses_of_the_redistricting_files():
    root = "https://www2.census.gov"
    new = "/programs-surveys/decennial/2020/data/01-Redistricting_File--PL_94-171"
    assert pl_url("HI", year=2020) == f"{root}{new}/Hawaii/hi2020.pl.zip"
    assert pl_url("New York", year=2020) == f"{root}{new}/New_York/ny2020.pl.zip"
    assert pl_url("DC", year=2010) == (
        f"{root}/census_2010/01-Redistricting_File--PL_94-171/District_of_Columbia/dc2010.pl.zip"
    )
    assert pl_url("72", year=2020).endswith("/Puerto_Rico/pr2020.pl.zip")
    with pytest.raises(NotPublished, match="downloaded for 2010 and 2020, not for year=2000"):
        pl_path(state("HI"), 2000)


def test_the_whole_way_from_the_server_to_units(server, maker, tmp_path, monkeypatch, key):
    made = maker(100)
    server.files[pl_path(state("HI"), 2020)] = made.write_zip(tmp_path / "x.zip").read_bytes()
    with pytest.raises(NotPublished):  # with a key, and nothing in the cache, tracts come from the API
        read_pl94171("HI", year=2020, level="tract")
    assert server.questions
    blocks = read_pl94171("HI", year=2020, level="block")
    assert blocks.frame["total_pop"].sum() == made.total("P1")
    assert blocks.sources[0].where == server.root + pl_path(state("HI"), 2020)
    assert blocks.sources[0].retrieved.startswith("20")
    asked = len(server.asked)
    with using(offline=True):
        read_pl94171("HI", year=2020, level="tract")
        assert fetch_pl94171("15", year=2020).name == "hi2020.pl.zip"
    assert len(server.asked) == asked
    monkeypatch.delenv("CENSUS_API_KEY")
    with pytest.raises(NotPublished, match="2010 redistricting file of Hawaii is not on"):
        read_pl94171("HI", year=2010, level="tract")
