"""Replies of the Census API: where they are kept, what a refusal means, and what is wrong with one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import requests

from kit.errors import KeyMissing, KeyRejected, NotPublished, QueryRejected, SourceError, first_few
from kit.settings import current
from kit.sources._http import redact

SIGN_UP = "https://api.census.gov/data/key_signup.html"
BULK = "or use source='bulk', which needs no key"
"""What works without a key, where the product has files by State or table."""
FILE_ONLY = "or pass source= with a file; the published bulk files do not have it"
"""What works without a key where it has none."""


def no_key(instead: str) -> KeyMissing:
    """Say that there is no key, and what works without one.

    Parameters
    ----------
    instead : str
        `BULK`, `FILE_ONLY` or words like them.

    Returns
    -------
    KeyMissing
        To be raised.
    """
    return KeyMissing(f"the Census API needs a key: get one at {SIGN_UP} and set CENSUS_API_KEY, {instead}.")


def cache_file(url: str, public: dict[str, Any]) -> Path:
    """Name the file that keeps the reply to a question.

    Parameters
    ----------
    url : str
        Address without parameters.
    public : dict
        Parameters without the key.

    Returns
    -------
    pathlib.Path
        In the cache folder, named by a SHA-256.
    """
    question = json.dumps([url, sorted(public.items())])
    return current().cache / "api" / f"{hashlib.sha256(question.encode()).hexdigest()}.json"


def kept_reply(stored: Path, asked: list[str]) -> tuple[list[Any] | None, str]:
    """Read a kept reply; one that is damaged counts as absent.

    Parameters
    ----------
    stored : pathlib.Path
        As `cache_file` names it.
    asked : list of str
        Variables it must have.

    Returns
    -------
    body : list or None
        Header and rows; None when it is absent.
    retrieved : str
        Time in UTC.
    """
    try:
        record = json.loads(stored.read_text(encoding="utf-8"))
        body, retrieved = record["body"], str(record["retrieved"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, ""
    return (None, "") if fault_of(body, asked) else (body, retrieved)


def check_status(response: requests.Response, host: str, public: dict[str, Any]) -> None:
    """Turn each way in which the API refuses into its own error.

    Parameters
    ----------
    response : requests.Response
        What came.
    host : str
        Name of the server.
    public : dict
        Parameters of the question without the key.

    Raises
    ------
    KeyMissing, KeyRejected
        It wants a key, or does not know the one sent.
    NotPublished
        It has nothing for that question.
    QueryRejected
        It does not know a variable or a geography.
    SourceError
        It refuses in another way.
    """
    words = redact(response.text[:300])
    page = response.url.rpartition("/")[2].partition("?")[0] + words[:200].casefold()
    if "missing_key" in page or "<title>missing key" in page:
        raise KeyMissing(f"{host} asks for a key although one was sent; set CENSUS_API_KEY again ({SIGN_UP}).")
    if "invalid_key" in page or "<title>invalid key" in page:
        raise KeyRejected(f"{host} does not know the key in CENSUS_API_KEY. Check it, or get one at {SIGN_UP}.")
    status = response.status_code
    if status == 200:
        return
    question = f"{public.get('for', '')} in {public.get('in', 'the nation')}"
    if status == 204:
        raise NotPublished(
            f"{host} has nothing for {question}: the table is not published for those areas, or the place has none. "
            "Ask for larger areas, such as level='county' or 'state', or check place and year."
        )
    if status == 404:
        raise NotPublished(f"{host} does not have this data set for this year (404). Check year and table.")
    if status == 400:
        raise QueryRejected(f"{host} rejects the question for {question}: {words[:160]}")
    raise SourceError(f"{host} answered {status} for {question}: {words[:120]}")


def fault_of(body: Any, asked: list[str]) -> str:
    """Say what is wrong with a reply.

    Parameters
    ----------
    body : object
        As JSON gave it.
    asked : list of str
        Variables it must have.

    Returns
    -------
    str
        Empty when it is a table of the variables asked for.
    """
    if not isinstance(body, list) or not body or not all(isinstance(row, list) for row in body):
        return "it is not a JSON table"
    header, *rows = body
    absent = [name for name in asked if name not in header]
    if absent:
        return f"it lacks {first_few(absent)}"
    if len(set(header)) < len(set(asked)) or not rows:
        return "it has no rows"
    if any(len(row) != len(header) for row in rows):
        return "its rows are of unequal length"
    return ""
