"""Where the labels of a table of the American Community Survey come from: the API, the cache, or a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.errors import Corrupt, InputError, NotPublished, Offline
from kit.files import write_text
from kit.model.acs_tables import TABLES
from kit.settings import census_key, current
from kit.sources._disk import told
from kit.sources._http import Session, host_of, quiet_log
from kit.sources.acs_lines import FIRST_SHELLS, Labels, built_in, from_file, from_pairs, from_shells, shells_path
from kit.sources.api_replies import BULK, cache_file, check_status, no_key


def from_api(table: str, year: int, *, instead: str = BULK) -> Labels:
    """Ask the Census API for the labels of a table, once.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the period.
    instead : str, optional
        What works without a key, to end the message where there is none.

    Returns
    -------
    Labels
        Of that year.

    Raises
    ------
    KeyMissing, Offline
        They are not in the cache, and there is no key or no network.
    NotPublished
        There is no such table that year.
    Corrupt
        The reply holds no labels.
    """
    kept = _kept(table, year)
    body = _fetch(_groups_url(table, year), table, year, instead) if kept is None else kept
    return _of_variables(body, table, year)


def _groups_url(table: str, year: int) -> str:
    return f"{current().api_url}/{year}/acs/acs5/groups/{table}.json"


def _kept(table: str, year: int) -> dict[str, Any] | None:
    """Find the API's labels in the cache; a damaged file counts as absent."""
    stored = cache_file(_groups_url(table, year), {})
    try:
        body = json.loads(stored.read_text(encoding="utf-8"))["body"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return body if isinstance(body, dict) and body.get("variables") else None


def _of_variables(body: dict[str, Any], table: str, year: int) -> Labels:
    variables = body["variables"]
    pairs = [(name, str(facts.get("label", ""))) for name, facts in variables.items() if isinstance(facts, dict)]
    return from_pairs(table, year, pairs, f"the Census API's labels of {year}")


def label_files(table: str, year: int) -> str:
    """Name the files that have a year's labels, and where they are, for a message.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the period.

    Returns
    -------
    str
        For the middle of a sentence.

    Examples
    --------
    >>> label_files("B02016", 2019)
    'B02016.json (api.census.gov/data/2019/acs/acs5/groups/B02016.json)'
    """
    listed = f"{table}.json (api.census.gov/data/{year}/acs/acs5/groups/{table}.json)"
    if year < FIRST_SHELLS:
        return listed
    folder, _, name = shells_path(year).rpartition("/")
    return f"{name} (www2.census.gov{folder}) or {listed}"


def _fetch(url: str, table: str, year: int, instead: str) -> dict[str, Any]:
    host = host_of(url)
    if current().offline:
        raise Offline(
            f"the labels of {table} for {year} are not in the cache and the network is off (KIT_OFFLINE). "
            f"Run once with the network, or pass labels= with {label_files(table, year)}."
        )
    key = census_key()
    if key is None:
        raise no_key(instead)
    with quiet_log(), Session() as session:
        response = session.get(url, params={"key": key})
    if response.status_code == 404:
        raise NotPublished(f"{host} has no table {table} in the 5-year estimates of {year}. Check table and year.")
    check_status(response, host, {"for": f"the labels of {table}"})
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("variables"), dict) or not body["variables"]:
        raise Corrupt(f"the reply of {host} holds no labels of table {table}. Ask again later, or pass labels=.")
    retrieved = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with told(f"the labels of {table}", current().cache):
        write_text(stored := cache_file(url, {}), json.dumps({"url": url, "retrieved": retrieved, "body": body}))
    return dict(json.loads(stored.read_text(encoding="utf-8"))["body"])


def known_labels(table: str, year: int, labels: Path | None) -> Labels | None:
    """Find labels without the network: the caller's, the cached shells or list of the API, or the kit's own record.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the period.
    labels : pathlib.Path, optional
        File of labels.

    Returns
    -------
    Labels or None
        None when the lines of that table and year are not known.

    Raises
    ------
    SchemaError, NotPublished
        The caller's file does not hold them.
    """
    from kit.sources.download import cached_path

    if labels is not None:
        return from_file(labels, table, year)
    kept = cached_path(shells_path(year))
    if kept.is_file():
        return from_shells(kept, table, year)
    listed = _kept(table, year)
    return built_in(table, year) if listed is None else _of_variables(listed, table, year)


def refuse_to_guess(table: str, year: int) -> None:
    """Stop where a table of groups has lines that are not known.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the period.

    Raises
    ------
    InputError
        Always for a table of groups or languages.
    """
    if TABLES.get(table) and TABLES[table].holds:
        raise InputError(
            f"the lines of {table} for {year} are not known without that year's labels, and the same code can be "
            f"another group. Pass labels= with {label_files(table, year)}."
        )
