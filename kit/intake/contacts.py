"""How to reach the people who told of a community: kept apart, for the coordinator's eyes only.

No module of the kit imports this one. What writes files, draws maps, prints
packets or keeps logs knows submitters by their pseudonym.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kit.errors import Corrupt, InputError

SUFFIX = ".contact.json"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Contact:
    """How to reach somebody; its repr says nothing.

    Parameters
    ----------
    submitter : str
        The pseudonym that stands in communities.
    name, email, phone, address, note : str
        Whatever the person gave.
    """

    submitter: str
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    note: str = field(default="", repr=False)

    def __reduce__(self) -> Any:
        """Refuse to be copied into a cache or sent to another process."""
        raise TypeError("contacts are not pickled: they stay in their own file.")


class ContactBook:
    """Contacts in a folder of their own, which only this user may open.

    Parameters
    ----------
    folder : path-like
        A folder for nothing else; made where missing.

    Raises
    ------
    InputError
        The folder holds other files, so that it would be packed with them.

    Notes
    -----
    Each contact is a file, so that two people may write at once. The folder has
    mode 0700 and the files 0600 where the system knows modes. They are not
    encrypted: keep them on an encrypted disk, out of shared and
    synchronised folders, and delete them when the hearing is over.

    Examples
    --------
    >>> import tempfile
    >>> book = ContactBook(tempfile.mkdtemp())
    >>> someone = book.add(email="resident@example.org")
    >>> book.get(someone).email, repr(book).startswith("ContactBook(1 contact")
    ('resident@example.org', True)
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        there = [p.name for p in self._folder.iterdir()]
        others = [name for name in there if not name.endswith(SUFFIX) and not name.startswith(".")]
        if others:
            raise InputError(
                f"the folder for contacts holds {len(others)} other files, such as {others[0]!r}. Give contacts a "
                "folder of their own, so that they are never packed with anything."
            )
        self._folder.chmod(0o700)

    def __repr__(self) -> str:
        """Count them."""
        count = len(self)
        return f"ContactBook({count:,} contact{'' if count == 1 else 's'})"

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[str]:
        """Give the pseudonyms."""
        return iter(sorted(p.name.removesuffix(SUFFIX) for p in self._folder.glob(f"*{SUFFIX}")))

    def __reduce__(self) -> Any:
        """Refuse to be copied."""
        raise TypeError("contacts are not pickled: they stay in their own file.")

    def add(
        self,
        submitter: str = "",
        *,
        name: str = "",
        email: str = "",
        phone: str = "",
        address: str = "",
        note: str = "",
    ) -> str:
        """Keep a contact, or write it anew.

        Parameters
        ----------
        submitter : str
            Pseudonym; by default a new one that says nothing about anybody.
        name, email, phone, address, note : str
            What the person gave.

        Returns
        -------
        str
            The pseudonym, for `kit.model.community.Community.submitter`.

        Raises
        ------
        InputError
            The pseudonym is the person's own name, address or number.
        """
        given = [one.strip().casefold() for one in (name, email, phone, address) if one.strip()]
        if submitter.strip().casefold() in given:
            raise InputError(
                "a pseudonym must not be the person's name, address or number; leave it out for a new one."
            )
        known = submitter.strip() or f"s-{secrets.token_hex(6)}"
        target = self._file(known)
        handle, scratch = tempfile.mkstemp(prefix=".", dir=self._folder)  # mode 0600 from the start
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(asdict(Contact(known, name, email, phone, address, note)), stream, ensure_ascii=False)
        Path(scratch).replace(target)
        return known

    def get(self, submitter: str) -> Contact:
        """Look up a contact.

        Parameters
        ----------
        submitter : str
            Pseudonym.

        Returns
        -------
        Contact
            What the person gave.

        Raises
        ------
        InputError
            Nobody has that pseudonym.
        """
        path = self._file(submitter)
        if not path.is_file():
            raise InputError(f"no contact is kept for {submitter!r}.")
        try:
            return Contact(**json.loads(path.read_bytes()))
        except (json.JSONDecodeError, UnicodeDecodeError, TypeError):
            raise Corrupt(f"the contact kept for {submitter!r} is damaged; restore it from a backup.") from None

    def forget(self, submitter: str) -> None:
        """Delete a contact.

        Parameters
        ----------
        submitter : str
            Pseudonym; unknown ones are forgotten already.
        """
        self._file(submitter).unlink(missing_ok=True)

    def _file(self, submitter: str) -> Path:
        """Name the file of a contact."""
        if not _SAFE.fullmatch(submitter):
            raise InputError("a pseudonym is of letters, digits, dots and dashes; leave it out for a new one.")
        return self._folder / f"{submitter}{SUFFIX}"
