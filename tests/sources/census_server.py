"""A small server on this machine that answers as the Census API and the Census file server do."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pandas as pd

GOOD_KEY = "0123456789abcdef0123456789abcdef01234567"
MISSING_KEY = '<html style="font-size: 14px;">\n\n<head>\n    <title>Missing Key</title>\n</head></html>\n'
INVALID_KEY = '<html style="font-size: 14px;">\n\n<head>\n    <title>Invalid Key</title>\n</head></html>\n'
ERROR_PAGE = "<!DOCTYPE html>\n<html><head><title>Sorry</title></head><body>Down for maintenance</body></html>\n"
BAD_GEOGRAPHY = "error: unknown/unsupported geography heirarchy"
NATIVE = "american indian area/alaska native area/hawaiian home land"
COLUMNS = {
    "state": (0, 2),
    "county": (2, 5),
    "tract": (5, 11),
    "block group": (11, 12),
    "block": (11, 15),
    "place": (2, 7),
    "congressional district": (2, 4),
    NATIVE: (1, 5),
    "us": (2, 3),
}
PARENTS = {
    "state": [],
    "county": ["state"],
    "tract": ["state", "county"],
    "block group": ["state", "county", "tract"],
    "block": ["state", "county", "tract"],
    "place": ["state"],
    "congressional district": ["state"],
    NATIVE: [],
    "us": [],
}
NEEDED = {"state": set(), "county": {"state"}, "tract": {"state"}, "block group": {"state", "county"}}
NEEDED |= {"block": {"state", "county"}, "place": {"state"}, "congressional district": {"state"}}
NEEDED |= {NATIVE: set(), "us": set()}
DIGITS = {2: "state", 4: "congressional district", 5: "county", 7: "place", 11: "tract", 12: "block group", 15: "block"}
SUMMARY = {"state": "040", "county": "050", "tract": "140", "block group": "150", "block": "101"}
SUMMARY |= {"place": "160", "congressional district": "500", NATIVE: "250", "us": "010"}


def level_of(geoid: str) -> str:
    """Tell the level of an id; native areas are kept as N5003 and the nation as US1, as lengths are not enough."""
    return {"N": NATIVE, "U": "us"}.get(geoid[0], DIGITS.get(len(geoid), ""))


def geo_id(geoid: str, level: str) -> str:
    """Write the id as the API does."""
    return f"{SUMMARY[level]}0000US{'' if level == 'us' else geoid.removeprefix('N')}"


class CensusServer:
    """What the server has, what it was asked, and what goes wrong next."""

    def __init__(self) -> None:
        self.tables: dict[str, pd.DataFrame] = {}  # "2020/dec/pl" → variables (text) by GEOID of any level
        self.groups: dict[str, list[tuple[str, str, str, str | None]]] = {}  # data set → GEOID, code, label, count
        self.files: dict[str, bytes] = {}
        self.asked: list[dict] = []
        self.next: list = []  # answers to give first: (status, headers, body), or a function of the handler
        self.change = lambda number, rows: rows  # a last word on the rows of the n-th API answer
        self.ranges = True
        self.marks = True
        self.browser_only = True
        self.cuts: list[int] = []  # bytes after which to hang up, one for each file request
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args) -> None:
                pass

            def do_GET(self) -> None:
                outer.answer(self)

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        self.root = f"http://127.0.0.1:{self.http.server_port}"
        self.api_url = f"{self.root}/data"

    def close(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    @property
    def questions(self) -> list[dict]:
        """Requests to the API, without the error pages."""
        return [a for a in self.asked if a["path"].startswith("/data/") and not a["path"].endswith(".html")]

    def send(self, handler, status: int, body: bytes | str, kind: str = "text/html", **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        handler.send_response(status)
        if status != 204:
            handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    def answer(self, handler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append({"path": parts.path, "query": query, "headers": dict(handler.headers)})
        if self.next:
            first = self.next.pop(0)
            if callable(first):
                first(handler)
            else:
                status, headers, body = first
                self.send(handler, status, body, **headers)
        elif parts.path == "/data/missing_key.html":
            self.send(handler, 200, MISSING_KEY)
        elif parts.path == "/data/invalid_key.html":
            self.send(handler, 200, INVALID_KEY)
        elif parts.path.startswith("/data/") and parts.path not in self.files:
            self.api(handler, parts.path.removeprefix("/data/"), query)
        else:
            self.file(handler, parts.path)

    # --- the API -------------------------------------------------------------------------------

    def api(self, handler, dataset: str, query: dict[str, str]) -> None:
        if "key" not in query:
            return self.send(handler, 302, "", Location=f"{self.api_url}/missing_key.html")
        if query["key"] != GOOD_KEY:
            return self.send(handler, 302, "", Location=f"{self.api_url}/invalid_key.html")
        if "POPGROUP" in query:
            return self.population_groups(handler, self.groups[dataset], query)
        if dataset not in self.tables:
            return self.send(handler, 404, "<html><head><title>404</title></head></html>")
        table, asked = self.tables[dataset], query["get"].split(",")
        if len(asked) > 50:
            return self.send(handler, 400, "error: variables exceed the maximum of 50", "text/plain")
        unknown = [name for name in asked if name not in table.columns and name != "GEO_ID"]
        if unknown:
            return self.send(handler, 400, f"error: error: unknown variable '{unknown[0]}'", "text/plain")
        level, _, wanted = query["for"].partition(":")
        inside = dict(part.split(":") for part in query.get("in", "").split(" ") if part)
        if level not in COLUMNS or not NEEDED[level] <= set(inside):
            return self.send(handler, 400, BAD_GEOGRAPHY, "text/plain")
        rows = self.rows(table, asked, level, wanted, inside)
        if not rows:
            return self.send(handler, 204, b"")
        rows = self.change(len(self.questions), rows)
        header = [*asked, *PARENTS[level], level]
        return self.send(handler, 200, json.dumps([header, *rows]), "application/json;charset=utf-8")

    def population_groups(self, handler, known, query) -> None:
        level, _, wanted = query["for"].partition(":")
        asked, rows = query["get"].split(","), []
        for geoid, code, label, count in known:
            codes = [geoid[slice(*COLUMNS[name])] for name in [*PARENTS[level], level]]
            if level_of(geoid) == level and query["POPGROUP"] in {"*", code} and wanted in {"*", codes[-1]}:
                named = {"NAME": geoid, "POPGROUP_LABEL": label, "GEO_ID": geo_id(geoid, level)}
                rows.append([*(named.get(name, count) for name in asked), code, *codes])
        if not rows:
            return self.send(handler, 204, b"")
        header = [*asked, "POPGROUP", *PARENTS[level], level]
        return self.send(handler, 200, json.dumps([header, *rows]), "application/json;charset=utf-8")

    def rows(self, table, asked, level, wanted, inside) -> list[list[str | None]]:
        found = []
        for geoid, row in table.iterrows():
            if level_of(geoid) != level:
                continue
            codes = {name: geoid[slice(*COLUMNS[name])] for name in [*PARENTS[level], level]}
            chosen = {**inside, level: wanted}
            if all(chosen.get(name, "*") == "*" or code in chosen[name].split(",") for name, code in codes.items()):
                named = {
                    **{n: None if pd.isna(v) else v for n, v in row.items()},
                    "GEO_ID": geo_id(geoid, level),
                }
                found.append([*(named[name] for name in asked), *codes.values()])
        return found

    # --- files ---------------------------------------------------------------------------------

    def file(self, handler, path: str) -> None:
        if self.browser_only and not handler.headers.get("User-Agent", "").startswith("Mozilla/"):
            return self.send(handler, 403, "<html><head><title>403 Forbidden</title></head></html>")
        if path not in self.files:
            return self.send(handler, 404, "<html><head><title>404 Not Found</title></head></html>")
        data = self.files[path]
        mark = '"' + hashlib.sha256(data).hexdigest()[:16] + '"'
        asked, start = handler.headers.get("Range", ""), 0
        current = handler.headers.get("If-Range", mark) == mark
        if asked and self.ranges and current:
            start = int(asked.removeprefix("bytes=").split("-")[0])
            if start >= len(data):
                return self.send(handler, 416, b"")
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Type", "application/zip")
        handler.send_header("Content-Length", str(len(data) - start))
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if self.marks:
            handler.send_header("ETag", mark)
        handler.end_headers()
        stop = start + self.cuts.pop(0) if self.cuts else len(data)
        handler.wfile.write(data[start:stop])
        handler.close_connection = stop < len(data)
        return None
