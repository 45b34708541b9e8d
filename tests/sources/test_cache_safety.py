"""The cache under two processes at once, under kill −9, and on a full disk."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from kit.errors import Corrupt, SourceError
from kit.settings import using
from kit.sources import _disk, census_api
from kit.sources.download import cached_path, fetch

PATH = "/geo/thing.zip"
KILLER = Path(__file__).with_name("killed_at_every_step.py")
JOB = """
import sys
from kit.settings import using
from kit.files import sha256
from kit.errors import KitError
from kit.sources.download import fetch
with using(files_url=sys.argv[1], retries=0, timeout=20):
    try:
        sys.stdout.write(sha256(fetch("/geo/thing.zip", what="the thing")))
    except KitError as error:
        sys.stdout.write(f"{type(error).__name__}: {error}")
"""
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of Unix")


def packed(size=200_000, seed=1):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as pack:
        pack.writestr(zipfile.ZipInfo("a.bin"), random.Random(seed).randbytes(size))
    return stream.getvalue()


def digest(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def data(server):
    server.files[PATH] = packed()
    return server.files[PATH]


@pytest.fixture
def gate(server):
    """Make the next file stop half-way until the gate opens."""
    opened = threading.Event()

    def slowly(handler):
        body = server.files[PATH]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("ETag", '"' + digest(body)[:16] + '"')
        handler.end_headers()
        try:
            handler.wfile.write(body[:100_000])
            handler.wfile.flush()
            opened.wait(20)
            handler.wfile.write(body[100_000:])
        except OSError:  # the other end was killed
            handler.close_connection = True

    server.next = [slowly]
    yield opened
    opened.set()


@pytest.fixture
def start(server):
    """Start processes that fetch the thing into this test's cache; none is left behind."""
    begun = []

    def begin(before="", job=JOB):
        words = [sys.executable, "-c", before + job, server.root]
        begun.append(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return begun[-1]

    yield begin
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.communicate()


def said(process):
    out, err = process.communicate(timeout=60)
    assert err == ""
    return out


def wait_for(true):
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "waited half a minute"
        time.sleep(0.02)


def part():
    return cached_path(PATH).with_name("thing.zip.part")


def half_way():
    return part().exists() and part().stat().st_size >= 90_000


def names():
    return sorted(p.name for p in cached_path(PATH).parent.iterdir())


# --- two at once --------------------------------------------------------------------------------------


def test_two_processes_want_the_same_file_and_one_fetches_it(server, data, gate, start):
    first, second = start(), start()
    wait_for(half_way)
    time.sleep(0.3)
    gate.set()
    assert said(first) == said(second) == digest(data)
    assert len(server.asked) == 1
    assert names() == ["thing.zip", "thing.zip.json"]
    assert json.loads(cached_path(PATH).with_name("thing.zip.json").read_text())["url"] == server.root + PATH


def test_threads_wait_for_each_other_too(server, data):
    found = []
    settings = {"files_url": server.root, "cache": cached_path(PATH).parents[2]}

    def work():
        with using(**settings):
            found.append(digest(fetch(PATH, what="the thing").read_bytes()))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [digest(data)] * 8
    assert len(server.asked) == 1


@unix
def test_the_one_that_waits_takes_over_when_the_other_is_killed(server, data, gate, start):
    first = start()
    wait_for(half_way)
    second = start()
    time.sleep(1.5)  # long enough to be waiting for the lock
    assert second.poll() is None
    first.send_signal(signal.SIGKILL)
    assert said(second) == digest(data)
    assert server.asked[-1]["headers"]["Range"].startswith("bytes=9")  # and goes on where the first one stopped
    assert names() == ["thing.zip", "thing.zip.json"]


def test_a_lock_that_is_never_given_back_is_told(data, monkeypatch):
    monkeypatch.setattr(_disk, "LONGEST", 0.3)
    path = cached_path(PATH)
    with (
        _disk.alone(path, "the thing"),
        pytest.raises(SourceError, match="another run of the kit has been fetching the thing for an hour. Stop it"),
    ):
        fetch(PATH, what="the thing")
    assert fetch(PATH, what="the thing").read_bytes() == data


def test_a_lock_file_without_an_owner_stops_nobody(data):
    lock = cached_path(PATH).with_name("thing.zip.lock")
    lock.parent.mkdir(parents=True)
    lock.touch()
    assert fetch(PATH, what="the thing").read_bytes() == data
    assert not lock.exists()


# --- kill −9 ------------------------------------------------------------------------------------------


@unix
def test_killed_in_the_middle_of_a_download(server, data, gate, start):
    process = start()
    wait_for(half_way)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not cached_path(PATH).exists()
    assert names() == ["thing.zip.lock", "thing.zip.new", "thing.zip.part", "thing.zip.part.mark"]
    gate.set()
    assert fetch(PATH, what="the thing").read_bytes() == data
    assert server.asked[-1]["headers"]["Range"].startswith("bytes=9")
    assert names() == ["thing.zip", "thing.zip.json"]


@unix
def test_killed_and_then_there_is_another_file_of_that_name(server, data, gate, start):
    process = start()
    wait_for(half_way)
    process.send_signal(signal.SIGKILL)
    process.wait()
    server.files[PATH] = packed(seed=2)
    gate.set()
    assert fetch(PATH, what="the thing").read_bytes() == server.files[PATH]


@unix
@pytest.mark.parametrize("earlier", ["nothing", "part", "changed"])
def test_killed_before_every_single_operation_on_the_disk(server, data, tmp_path, earlier):
    before = tmp_path / "before"
    if earlier != "nothing":  # a part of another version, or a file that somebody changed
        with using(cache=before):
            target = cached_path(PATH)
        target.parent.mkdir(parents=True)
        other = packed(seed=2)
        if earlier == "part":
            target.with_name("thing.zip.part").write_bytes(other[:120_000])
            target.with_name("thing.zip.part.mark").write_text('"' + digest(other)[:16] + '"')
        else:
            target.write_bytes(other)
            target.with_name("thing.zip.json").write_text(json.dumps({"sha256": "0" * 64, "url": "x"}))
    found = killed(server, tmp_path, "download", before if earlier != "nothing" else None)
    allowed = {None, digest(data)} | ({digest(packed(seed=2))} if earlier == "changed" else set())
    assert {run["after_kill"] for run in found} <= allowed
    assert {run["in_the_end"] for run in found} == {digest(data)}
    assert {run["url"] for run in found} == {server.root + PATH}
    assert len([run for run in found if run["killed"]]) >= 10


@unix
def test_a_reply_of_the_api_killed_before_every_operation(server, key, tmp_path):
    server.tables["2020/dec/pl"] = pd.DataFrame({"P1_001N": ["10", "20"]}, index=["15001", "15003"])
    found = killed(server, tmp_path, "ask")
    whole = {run["in_the_end"] for run in found}
    assert len(whole) == 1
    assert None not in whole
    assert {run["after_kill"] for run in found} <= {None, *whole}
    assert len([run for run in found if run["killed"]]) >= 4


def killed(server, tmp_path, job, before=None):
    words = [sys.executable, str(KILLER), job, server.root, str(tmp_path / "cache"), *([str(before)] if before else [])]
    run = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert not found[-1]["killed"]  # the last time no operation was left to be killed at
    return found


# --- the disk -----------------------------------------------------------------------------------------


@unix
def test_a_full_disk_is_told_and_leaves_nothing_half(server, data, start):
    text = said(start(LIMITED.format(limit=110_000)))
    assert text.startswith("SourceError: the thing could not be written: there is no room for it on the disk (")
    assert text.endswith("MB free). Make room, or choose another folder (KIT_CACHE), and retry.")
    assert not cached_path(PATH).exists()
    assert fetch(PATH, what="the thing").read_bytes() == data
    assert names() == ["thing.zip", "thing.zip.json"]


@unix
def test_a_full_disk_and_a_reply_of_the_api(server, key, start):
    ids = [f"15{n:03d}" for n in range(500)]
    server.tables["2020/dec/pl"] = pd.DataFrame({"P1_001N": ["10"] * 500}, index=ids)
    job = """
import sys
from kit.settings import using
from kit.errors import KitError
from kit.sources import census_api
with using(api_url=sys.argv[1] + "/data"):
    try:
        census_api.query("dec/pl", ["P1_001N"], year=2020, level="county", state="15")
    except KitError as error:
        sys.stdout.write(f"{type(error).__name__}: {error}")
"""
    text = said(start(LIMITED.format(limit=1000), job=job))
    assert text.startswith("SourceError: the reply of the Census API could not be written: there is no room")
    cache = cached_path(PATH).parents[2]
    assert list((cache / "api").iterdir()) == []
    got = census_api.query("dec/pl", ["P1_001N"], year=2020, level="county", state="15")
    assert got.frame["P1_001N"].tolist() == ["10"] * 500


def test_two_that_ask_the_api_the_same_question(server, key):
    server.tables["2020/dec/pl"] = pd.DataFrame({"P1_001N": ["10"]}, index=["15001"])
    settings = {"api_url": server.api_url, "cache": cached_path(PATH).parents[2]}
    found = []

    def work():
        with using(**settings):
            reply = census_api.query("dec/pl", ["P1_001N"], year=2020, level="county", state="15")
            found.append(reply.frame["P1_001N"].tolist())

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [["10"]] * 6
    kept = list((settings["cache"] / "api").iterdir())
    assert len(kept) == 1
    assert json.loads(kept[0].read_text())["body"][1] == ["10", "0500000US15001", "15", "001"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (28, "there is no room for it on the disk"),
        (30, r"the folder 'cache' may not be written to\. Choose another folder \(KIT_CACHE\)"),
        (5, r"the disk failed \(Input/output error\)\. Choose a folder on another disk"),
    ],
)
def test_what_a_disk_can_say(tmp_path, number, words):
    with pytest.raises(SourceError, match=words), _disk.told("the thing", tmp_path / "cache"):
        raise OSError(number, os.strerror(number))
    with pytest.raises(OSError, match="not of the disk"), _disk.told("the thing", tmp_path):
        raise OSError("not of the disk")


def test_a_cache_that_cannot_be_written_to_is_read(server, data, monkeypatch):
    target = cached_path(PATH)
    target.parent.mkdir(parents=True)
    target.write_bytes(data)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kit.sources.download.write_text", refuse)
    assert fetch(PATH, what="the thing").read_bytes() == data
    assert names() == ["thing.zip"]
    with pytest.raises(SourceError, match="another thing could not be written: the folder .* may not be written to"):
        fetch("/geo/missing.zip", what="another thing") if server.files.setdefault("/geo/missing.zip", data) else None


def test_a_zip_that_only_begins_like_one_is_refused_by_its_hash(server, data):
    path = fetch(PATH, what="the thing")
    path.write_bytes(data[:-10] + bytes(10))
    with using(offline=True), pytest.raises(Corrupt, match="has changed since it was fetched"):
        fetch(PATH, what="the thing")
    assert fetch(PATH, what="the thing").read_bytes() == data
