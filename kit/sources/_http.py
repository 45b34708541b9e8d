"""One careful way to ask a server: a timeout, bounded retries, and no key in any message."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests

from kit.errors import Offline, RateLimited, ServerFault, SourceError
from kit.settings import census_key, current

USER_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 aapi-kit/0.1"
)
"""The Census file server refuses agents that do not look like a browser."""

LONGEST_WAIT = 60.0
BROKEN = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
_sleep = time.sleep


def redact(text: object) -> str:
    """Take every API key out of a text.

    Parameters
    ----------
    text : object
        A message, an address, an exception.

    Returns
    -------
    str
        One line, with the key replaced by three asterisks.

    Examples
    --------
    >>> redact("GET /data/2020/dec/pl?get=NAME&key=abc123&for=us")
    'GET /data/2020/dec/pl?get=NAME&key=***&for=us'
    """
    clean = re.sub(r"(?i)(key=)[^&\s\"'<>)]+", r"\1***", str(text))
    key = census_key()
    if key:
        clean = clean.replace(key, "***")
    return " ".join(clean.split())


def host_of(url: str) -> str:
    """Name the server of an address.

    Parameters
    ----------
    url : str
        An address.

    Returns
    -------
    str
        Host name without port or path.
    """
    return urlsplit(url).hostname or "the server"


def pause(attempt: int, response: requests.Response | None = None) -> None:
    """Wait before another attempt, as long as the server asked for but never over a minute.

    Parameters
    ----------
    attempt : int
        Attempts made, from 0.
    response : requests.Response, optional
        Its ``Retry-After`` header counts, in seconds.
    """
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    seconds = float(asked) if asked.strip().isdigit() else 0.5 * 2**attempt
    _sleep(min(seconds, LONGEST_WAIT))


class Session(requests.Session):
    """A session that waits, tries again, and then says in plain words what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["User-Agent"] = USER_AGENT

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request and try again after failures that may pass.

        Parameters
        ----------
        method, url : str
            As for `requests`.
        *args, **kwargs
            As for `requests`; ``timeout`` defaults to the setting.

        Returns
        -------
        requests.Response
            Any answer but 429 and 5xx.

        Raises
        ------
        Offline
            The server cannot be reached.
        RateLimited
            The server went on asking for fewer requests.
        ServerFault
            The server went on failing.
        SourceError
            The answer cannot be followed.
        """
        settings = current()
        kwargs.setdefault("timeout", settings.timeout)
        host, last = host_of(str(url)), settings.retries
        for attempt in range(last + 1):
            response, broken, odd = None, "", ""  # names only: the exceptions carry the whole address
            try:
                response = super().request(method, url, *args, **kwargs)
            except BROKEN as failure:
                broken = type(failure).__name__
            except (requests.RequestException, ValueError) as failure:
                odd = type(failure).__name__
            if odd:
                raise SourceError(f"{host} gave an answer that cannot be followed ({odd}). Try again later.")
            if response is not None and response.status_code != 429 and response.status_code < 500:
                return response
            if attempt == last:
                raise _refusal(response, broken, host, last + 1)
            if response is not None:
                response.close()
            pause(attempt, response)
        raise ServerFault(f"{host} was not asked: retries is {last}.")


@contextmanager
def quiet_log() -> Iterator[None]:
    """Keep keys out of the debug log of the HTTP library while the block runs.

    Yields
    ------
    None
        Nothing.
    """
    logger = logging.getLogger("urllib3.connectionpool")

    def clean(record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True

    logger.addFilter(clean)
    try:
        yield
    finally:
        logger.removeFilter(clean)


def _refusal(response: requests.Response | None, broken: str, host: str, attempts: int) -> SourceError:
    if response is None:
        return Offline(
            f"{host} cannot be reached ({broken}, {attempts} attempts). Check the connection, or work from files: "
            "source= takes a path."
        )
    if response.status_code == 429:
        return RateLimited(f"{host} asks for fewer requests (429, {attempts} attempts). Wait some minutes, then retry.")
    status = response.status_code
    return ServerFault(
        f"{host} failed on its side ({status}, {attempts} attempts). Try again later, or use a local file."
    )
