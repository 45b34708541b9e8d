"""Drafts and versions of communities, each in a file of its own, so that nothing is lost or written over."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kit.errors import Corrupt, InputError
from kit.i18n.messages import say
from kit.model.community import Community
from kit.model.submissions import Submissions

_FILE = re.compile(r"v(\d{6})\.json")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Drafts:
    """A folder of communities, every version of each kept.

    Parameters
    ----------
    folder : path-like
        Made where missing. Each community has a folder there, and each version a file.

    Notes
    -----
    A version is written whole and then given its name in one step, which fails
    where the name is taken: two people who save at once get two versions, and
    a program that is killed leaves the versions before it whole.

    Examples
    --------
    >>> import tempfile
    >>> drafts = Drafts(tempfile.mkdtemp())
    >>> first = drafts.save(Community(name="Chinatown", id="c-1", draft=True))
    >>> second = drafts.save(first.revised(name="Old Chinatown"))
    >>> [one.name for one in drafts.history("c-1")], drafts.latest("c-1").version
    (['Chinatown', 'Old Chinatown'], 2)
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)

    def __repr__(self) -> str:
        """Count them."""
        return f"Drafts({len(list(self)):,} communities)"

    def __iter__(self) -> Iterator[str]:
        """Give the ids."""
        return iter(sorted(p.name for p in self._folder.iterdir() if p.is_dir() and self._versions(p.name)))

    def save(self, community: Community) -> Community:
        """Keep a version.

        Parameters
        ----------
        community : Community
            As it is now. Where its version is taken by other words, it becomes
            the next free version of the one it came from.

        Returns
        -------
        Community
            As it was kept.

        Raises
        ------
        InputError
            Its id is no name for a folder.
        """
        if not _SAFE.fullmatch(community.id):
            raise InputError(
                f"the id {community.id[:40]!r} cannot name a folder; use letters, digits, dots and dashes."
            )
        home = self._folder / community.id
        home.mkdir(exist_ok=True)
        kept = community
        while True:
            there = home / f"v{kept.version:06d}.json"
            if self._place(kept, there):
                return kept
            if self._read(there) == kept:
                return kept
            taken = max(self._versions(community.id))
            parent = kept.parent if kept.parent is not None else kept.version
            fields = {name: getattr(kept, name) for name in type(kept).model_fields}
            kept = Community(**{**fields, "version": taken + 1, "parent": min(parent, taken)})

    def latest(self, id: str) -> Community:
        """Give the newest version.

        Parameters
        ----------
        id : str
            Id of a community.

        Returns
        -------
        Community
            The version with the highest number.

        Raises
        ------
        InputError
            There is none.
        """
        return self._read(self._folder / id / f"v{self._known(id)[-1]:06d}.json")

    def history(self, id: str) -> tuple[Community, ...]:
        """Give every version, the oldest first.

        Parameters
        ----------
        id : str
            Id of a community.

        Returns
        -------
        tuple of Community
            At least one.

        Raises
        ------
        InputError
            There is none.
        """
        return tuple(self._read(self._folder / id / f"v{number:06d}.json") for number in self._known(id))

    def submissions(self, *, drafts: bool = False) -> Submissions:
        """Give the newest version of every community.

        Parameters
        ----------
        drafts : bool
            Also those that are not finished.

        Returns
        -------
        Submissions
            In order of their ids, with a note on drafts that are left out.
        """
        newest = [self.latest(one) for one in self]
        kept = tuple(one for one in newest if drafts or not one.draft)
        out = len(newest) - len(kept)
        notes = (say("Drafts that are not finished, left out: {count:,}.", count=out),) if out else ()
        return Submissions(kept, notes=notes)

    def _known(self, id: str) -> list[int]:
        """List the version numbers of a community that is here."""
        numbers = self._versions(id) if _SAFE.fullmatch(id) else []
        if not numbers:
            raise InputError(f"no community {id[:40]!r} is kept here.")
        return numbers

    def _versions(self, id: str) -> list[int]:
        """List the version numbers of a community."""
        home = self._folder / id
        found = (_FILE.fullmatch(p.name) for p in home.iterdir()) if home.is_dir() else iter(())
        return sorted(int(match.group(1)) for match in found if match)

    def _place(self, community: Community, target: Path) -> bool:
        """Write a version where none stands; False where the name is taken."""
        handle, name = tempfile.mkstemp(prefix=".", suffix=".json", dir=target.parent)
        scratch = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(community.model_dump_json(indent=1))
                stream.flush()
                os.fsync(stream.fileno())
            os.link(scratch, target)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            if target.exists():
                return False
            scratch.replace(target)
        finally:
            scratch.unlink(missing_ok=True)
        return True

    def _read(self, path: Path) -> Community:
        """Read a version."""
        try:
            return Community.model_validate_json(path.read_bytes())
        except ValueError as error:
            raise Corrupt(f"{path.parent.name}/{path.name} is damaged: {str(error)[:120]}. Restore it.") from error
