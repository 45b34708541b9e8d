"""The Census API through the `census` package, on one session that caches and checks every reply.

The package asks the server for the type of each variable and joins pieces of
a query by position. Here values stay text, no metadata is fetched, and pieces
are joined by GEOID after checking that all have the same areas.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import requests
from census import core

from kit.errors import Corrupt, InputError, Offline, first_few
from kit.files import write_text
from kit.model.geoid import NATIONWIDE, NESTED
from kit.settings import census_key, current
from kit.sources._disk import told
from kit.sources._http import Session, host_of, quiet_log
from kit.sources.api_areas import GEOGRAPHY, geoids_of
from kit.sources.api_replies import BULK, cache_file, check_status, fault_of, kept_reply, no_key

CHUNK = 48
"""Variables in one request; the API takes 50, and GEO_ID and NAME ride along."""


@dataclass(frozen=True)
class Reply:
    """What the API answered.

    Parameters
    ----------
    frame : pandas.DataFrame
        The variables asked for, as text, indexed by GEOID. What the API gives
        as null is missing; special values are kept as they came.
    where : str
        Public address of the data set, without any key.
    retrieved : str
        Time in UTC of the oldest part.
    """

    frame: pd.DataFrame
    where: str
    retrieved: str


def query(
    dataset: str,
    variables: Sequence[str],
    *,
    year: int,
    level: str,
    state: str,
    counties: Sequence[str] | None = None,
    instead: str = BULK,
) -> Reply:
    """Ask for variables of all areas of a level in one State, or in the country.

    Parameters
    ----------
    dataset : str
        For example ``"dec/pl"`` or ``"acs/acs5"``.
    variables : sequence of str
        Any number of them; the order is kept.
    year : int
        Vintage.
    level : str
        Level of geography: one that nests, a county subdivision, a place, or a
        congressional or state legislative district; or one of the whole
        country, ``"nation"`` or ``"native_area"``.
    state : str
        Two-digit FIPS code; not used for the whole country.
    counties : sequence of str, optional
        Three-digit codes of the counties to keep.
    instead : str, optional
        What works without a key, to end the message where there is none.

    Returns
    -------
    Reply
        Text, one row an area.

    Raises
    ------
    KeyMissing, KeyRejected
        The API wants a key, or does not know the one sent.
    QueryRejected
        A variable or a geography is unknown to the API.
    NotPublished
        The API has nothing for that question.
    Corrupt
        A reply is not what was asked for, or its parts do not fit together.
    RateLimited, ServerFault, Offline
        The server would not, could not, or must not answer.
    """
    if level not in GEOGRAPHY:
        raise InputError(f"the API is asked for {', '.join(GEOGRAPHY)}, not for {level!r}.")
    wanted = list(dict.fromkeys(variables))
    session = ApiSession(instead)
    client = _Client(dataset, session)
    questions = _geographies(client, year, level, state, counties)
    try:
        frame = pd.concat([_areas(client, wanted, question, year, level) for question in questions])
    except Corrupt:
        session.forget()
        raise
    where = f"{current().api_url}/{year}/{dataset}"
    return Reply(frame, where, min(session.times, default=""))


def _geographies(
    client: _Client, year: int, level: str, state: str, counties: Sequence[str] | None
) -> Iterator[dict[str, str]]:
    """Yield the ``for`` and ``in`` of each request; small areas go county by county."""
    chosen = ",".join(counties) if counties else "*"
    if level in NATIONWIDE:
        yield {"for": f"{GEOGRAPHY[level]}:{'1' if level == 'nation' else '*'}"}
    elif level == "state":
        yield {"for": f"state:{state}"}
    elif level == "county":
        yield {"for": f"county:{chosen}", "in": f"state:{state}"}
    elif level in {"tract", "county_subdivision"}:
        yield {"for": f"{GEOGRAPHY[level]}:*", "in": f"state:{state} county:{chosen}"}
    elif level not in NESTED:
        yield {"for": f"{GEOGRAPHY[level]}:*", "in": f"state:{state}"}
    else:
        codes = counties
        if not codes:
            listed = client.ask(["NAME"], {"for": "county:*", "in": f"state:{state}"}, year)
            codes = sorted(str(row["county"]) for row in listed)
        for code in codes:
            yield {"for": f"{GEOGRAPHY[level]}:*", "in": f"state:{state} county:{code}"}


def _areas(client: _Client, wanted: list[str], geography: dict[str, str], year: int, level: str) -> pd.DataFrame:
    """Ask in pieces of a size the API takes, and join them by GEOID."""
    names = ["NAME"] if "NAME" in wanted else []
    numbers = [name for name in wanted if name != "NAME"]
    pieces = [numbers[at : at + CHUNK] for at in range(0, len(numbers), CHUNK)] or [[]]
    whole: pd.DataFrame | None = None
    for number, piece in enumerate(pieces):
        asked = [*(names if number == 0 else []), *piece]
        rows = client.ask([*asked, *(["GEO_ID"] if year >= 2010 else [])], geography, year)
        part = pd.DataFrame(rows, dtype="str")
        part.index = geoids_of(part, level, geography["for"])
        part = part[asked]
        if whole is None:
            whole = part
            continue
        if len(part) != len(whole) or not part.index.isin(whole.index).all():
            odd = sorted(set(part.index) ^ set(whole.index))
            raise Corrupt(
                f"two parts of one question to the Census API name different areas: {first_few(odd)} are in one only. "
                "Ask again; if it stays so, read a published file with source=."
            )
        whole = pd.concat([whole, part.reindex(whole.index)], axis=1)
    return pd.DataFrame(whole)[wanted]


class _Client(core.Client):  # type: ignore[misc]
    """The package's client, kept from asking for metadata."""

    def __init__(self, dataset: str, session: ApiSession) -> None:
        super().__init__(census_key() or "none", session=session, retries=1)
        self.dataset = dataset
        self.endpoint_url = f"{current().api_url}/%s/%s"

    def _field_type(self, _field: str, _year: int) -> type[str]:
        return str

    def ask(self, fields: list[str], geography: dict[str, str], year: int) -> list[dict[str, str | None]]:
        """Ask one question of at most 50 variables.

        Parameters
        ----------
        fields : list of str
            Variables.
        geography : dict
            ``for`` and ``in``.
        year : int
            Vintage.

        Returns
        -------
        list of dict
            One for each area.
        """
        rows: list[dict[str, str | None]] = self.query(fields, geography, year=year)
        return rows


class ApiSession(Session):
    """A session whose every answer is a checked table, from the cache where it is there.

    Parameters
    ----------
    instead : str
        What works without a key, to end the message where there is none.
    """

    def __init__(self, instead: str = BULK) -> None:
        super().__init__()
        self.instead = instead
        self.times: list[str] = []
        self._stored: list[Path] = []

    def get(self, url: str | bytes, *, params: Any = None, **kwargs: Any) -> requests.Response:
        """Answer from the cache or from the server.

        Parameters
        ----------
        url : str
            Address without parameters.
        params : dict
            Parameters; a key is used for the request and for nothing else.
        **kwargs
            As for `requests`.

        Returns
        -------
        requests.Response
            With status 200 and a checked JSON table.
        """
        public = {name: value for name, value in (params or {}).items() if name != "key"}
        asked = str(public.get("get", "")).split(",")
        stored = cache_file(str(url), public)
        body, retrieved = kept_reply(stored, asked)
        if body is None:
            body, retrieved = self._fetch(str(url), public, asked, **kwargs)
            record = {"url": str(url), "params": public, "retrieved": retrieved, "body": body}
            with told("the reply of the Census API", current().cache):
                write_text(stored, json.dumps(record))
        self.times.append(retrieved)
        self._stored.append(stored)
        answer = requests.Response()
        answer.status_code = 200
        answer.encoding = "utf-8"
        answer._content = json.dumps(body).encode()  # noqa: SLF001
        return answer

    def forget(self) -> None:
        """Drop the replies of this session from the cache, because they do not fit together."""
        for stored in self._stored:
            stored.unlink(missing_ok=True)

    def _fetch(self, url: str, public: dict[str, Any], asked: list[str], **kwargs: Any) -> tuple[list[Any], str]:
        host = host_of(url)
        if current().offline:
            raise Offline(
                f"the reply of {host} to {'/'.join(url.split('/')[-3:])}, {public.get('for', '')}, is not in the cache "
                "and the network is off (KIT_OFFLINE). "
                "Run once with the network, or pass source= with a file."
            )
        key = census_key()
        if key is None:
            raise no_key(self.instead)
        with quiet_log():
            response = super().get(url, params={**public, "key": key}, **kwargs)
        check_status(response, host, public)
        try:
            body = response.json()
        except ValueError:
            body = None
        fault = fault_of(body, asked)
        if fault:
            raise Corrupt(f"the reply of {host} is not the table asked for: {fault}. Ask again later.")
        return body, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
