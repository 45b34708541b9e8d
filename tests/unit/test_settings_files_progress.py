"""Settings, atomic files, progress bars and the words of errors."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import FrozenInstanceError

import pytest

from kit import errors
from kit.files import atomic_path, sha256, write_text
from kit.progress import meter
from kit.settings import Settings, census_key, current, using

# Settings


def test_cache_comes_from_the_environment_each_time(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_CACHE", str(tmp_path / "one"))
    assert current().cache == tmp_path / "one"
    monkeypatch.setenv("KIT_CACHE", str(tmp_path / "two"))
    assert current().cache == tmp_path / "two"


def test_cache_expands_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KIT_CACHE", "~/kit")
    assert current().cache == tmp_path / "kit"


def test_cache_defaults_to_the_platforms_own(monkeypatch):
    monkeypatch.delenv("KIT_CACHE")
    assert current().cache.name == "aapi-redistricting-kit"


@pytest.mark.parametrize(
    ("value", "offline"), [("", False), ("0", False), ("no", False), ("False", False), ("1", True)]
)
def test_offline_comes_from_the_environment(monkeypatch, value, offline):
    monkeypatch.setenv("KIT_OFFLINE", value)
    assert current().offline is offline


def test_using_changes_settings_inside_the_block_only(tmp_path):
    before = current()
    with using(cache=str(tmp_path), retries=1) as inside:
        assert inside.cache == tmp_path
        with using(timeout=3):
            assert (current().retries, current().timeout) == (1, 3)
        assert current() == inside
    assert current() == before


def test_using_puts_settings_back_after_an_error():
    before = current()
    with pytest.raises(RuntimeError), using(retries=0):
        raise RuntimeError
    assert current() == before


def test_using_refuses_an_unknown_setting():
    with pytest.raises(errors.InputError, match=r"unknown setting cash; settings are .*cache.*timeout"), using(cash=1):
        pass


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Settings().retries = 9


@pytest.mark.parametrize(("value", "key"), [(None, None), ("", None), ("  ", None), (" abc \n", "abc")])
def test_census_key(monkeypatch, value, key):
    if value is not None:
        monkeypatch.setenv("CENSUS_API_KEY", value)
    assert census_key() == key


# Files


def test_write_text_is_utf8_with_unix_lines(tmp_path):
    path = write_text(tmp_path / "new" / "a.txt", "Mānoa\n你好\n")
    assert path.read_bytes() == "Mānoa\n你好\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file_whole(tmp_path):
    path = write_text(tmp_path / "a.txt", "old")
    with pytest.raises(KeyboardInterrupt), atomic_path(path) as temporary:
        temporary.write_text("half of the n")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_atomic_path_keeps_suffix_and_folder(tmp_path):
    with atomic_path(tmp_path / "map.png") as temporary:
        assert temporary.suffix == ".png"
        assert temporary.parent == tmp_path
        assert not (tmp_path / "map.png").exists()
    assert (tmp_path / "map.png").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_written_files_have_ordinary_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        path = write_text(tmp_path / "a.txt", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_sha256(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    assert sha256(path) == hashlib.sha256(b"abc").hexdigest()
    assert sha256(path).startswith("ba7816bf")


# Progress


def test_progress_is_silent_unless_asked_for(capfd):
    with meter("Reading", 10) as bar:
        bar.advance(10)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("unit", ["items", "bytes"])
def test_progress_writes_to_standard_error(capfd, monkeypatch, unit):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with using(progress=True), meter("Reading blocks", 2, unit=unit) as bar:
        bar.advance(1)
        bar.advance(1)
    out, err = capfd.readouterr()
    assert out == ""
    assert "Reading blocks" in err


# Errors


def test_first_few_names_five_and_counts_the_rest():
    assert errors.first_few([]) == ""
    assert errors.first_few("abc") == "a, b, c"
    assert errors.first_few(range(5)) == "0, 1, 2, 3, 4"
    assert errors.first_few(range(1205)) == "0, 1, 2, 3, 4 and 1,200 more"
    assert errors.first_few(range(3), limit=2) == "0, 1 and 1 more"


@pytest.mark.parametrize(
    ("name", "parents"),
    [
        ("InputError", (errors.KitError, ValueError)),
        ("SchemaError", (errors.InputError,)),
        ("CRSError", (errors.InputError,)),
        ("CoverageError", (errors.KitError, ValueError)),
        ("SourceError", (errors.KitError, RuntimeError)),
        ("KeyMissing", (errors.SourceError,)),
        ("KeyRejected", (errors.KeyMissing,)),
        ("QueryRejected", (errors.SourceError,)),
        ("RateLimited", (errors.SourceError,)),
        ("ServerFault", (errors.SourceError,)),
        ("NotPublished", (errors.SourceError,)),
        ("Offline", (errors.SourceError,)),
        ("Corrupt", (errors.SourceError,)),
    ],
)
def test_family_of_errors(name, parents):
    found = getattr(errors, name)
    assert all(issubclass(found, parent) for parent in parents)
    assert found.__doc__
