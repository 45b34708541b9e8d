"""Run a job again and again, killed one disk operation later each time; and once more, unharmed, after every kill.

A program of its own: it must fork, and a process with threads must not. Used by test_cache_safety.
Arguments: the job's name, the server's address, a folder. Prints what was found, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

from kit.settings import using
from kit.sources import census_api
from kit.sources.download import cached_path, fetch

WRITING = {"open", "os.rename", "os.remove", "os.truncate", "os.mkdir", "os.rmdir", "os.chmod", "tempfile.mkstemp"}
PATH = "/geo/thing.zip"


def kill_at(number, cache):
    """Kill this process just before its n-th operation that touches the cache."""
    left = [number]

    def watch(event, args):
        if event not in WRITING or not any(cache in os.fsdecode(a) for a in args if isinstance(a, (str, bytes))):
            return
        if event == "open" and isinstance(args[1], str) and not set(args[1]) & set("wax+"):
            return
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def in_a_child(work):
    """Do something in a process of its own; true when it ended by itself."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(3)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return False
    if os.WEXITSTATUS(status):
        raise SystemExit(f"the job failed with status {os.WEXITSTATUS(status)}")
    return True


def download():
    fetch(PATH, what="the thing")


def ask():
    census_api.query("dec/pl", ["P1_001N"], year=2020, level="county", state="15")


def kept(job):
    """Hash what stands in the cache under the final name; None where there is nothing."""
    if job is download:
        path = cached_path(PATH)
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None
    found = sorted((cached_path(PATH).parents[2] / "api").glob("[0-9a-f]*.json"))
    bodies = [json.dumps(json.loads(path.read_text())["body"]) for path in found]  # raises when one is cut off
    return hashlib.sha256("".join(bodies).encode()).hexdigest() if bodies else None


def main():
    name, root, folder, *before = sys.argv[1:]
    job, cache = {"download": download, "ask": ask}[name], Path(folder)
    found = []
    with using(cache=cache, files_url=root, api_url=f"{root}/data", retries=1, timeout=10):
        for number in range(1, 200):
            shutil.rmtree(cache, ignore_errors=True)
            if before:
                shutil.copytree(before[0], cache)
            ended = in_a_child(lambda number=number: (kill_at(number, str(cache)), job()))
            after_kill = kept(job)
            in_a_child(job)
            record = cached_path(PATH).with_name("thing.zip.json")
            url = json.loads(record.read_text())["url"] if record.exists() else ""
            found.append({"killed": not ended, "after_kill": after_kill, "in_the_end": kept(job), "url": url})
            if ended:
                break
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
