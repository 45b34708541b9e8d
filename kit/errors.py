"""Every deliberate exception of the kit, in one place.

A message says what was found, what was expected and what to do, names at most
five offenders, and never contains an API key.
"""

from __future__ import annotations

from collections.abc import Iterable


class KitError(Exception):
    """Base of every error the kit raises on purpose."""


class InputError(KitError, ValueError):
    """Something the caller passed cannot be used as it is."""


class SchemaError(InputError):
    """A table or file does not have the columns, ids or counts it must have."""


class CRSError(InputError):
    """A coordinate reference system is missing, or unfit for the task."""


class CoverageError(KitError, ValueError):
    """People or units are left out, or claimed twice."""


class SourceError(KitError, RuntimeError):
    """A data source could not be read."""


class KeyMissing(SourceError):
    """The Census API wants a key and none was found."""


class KeyRejected(KeyMissing):
    """The Census API does not know the key that was sent."""


class QueryRejected(SourceError):
    """The Census API does not know a variable or a geography that was asked for."""


class RateLimited(SourceError):
    """The server asked for fewer requests, and kept asking."""


class ServerFault(SourceError):
    """The server failed on its side, and went on failing."""


class NotPublished(SourceError):
    """The source does not publish what was asked for."""


class Offline(SourceError):
    """The network is needed and cannot be reached, or must not be used."""


class Corrupt(SourceError):
    """A file or reply is cut off, damaged, or not what its name says."""


class DataQualityWarning(UserWarning):
    """The work goes on, and the reader must know something about the data."""


def first_few(ids: Iterable[object], limit: int = 5) -> str:
    """Join the first few ids for a message.

    Parameters
    ----------
    ids : iterable
        Ids of offending rows, in the order they should be named.
    limit : int, default 5
        How many to name.

    Returns
    -------
    str
        Comma-separated ids, with the count of those not named.

    Examples
    --------
    >>> first_few(range(7))
    '0, 1, 2, 3, 4 and 2 more'
    """
    named = [str(i) for i in ids]
    tail = f" and {len(named) - limit:,} more" if len(named) > limit else ""
    return ", ".join(named[:limit]) + tail
