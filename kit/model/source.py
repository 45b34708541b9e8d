"""Where figures came from."""

from __future__ import annotations

from dataclasses import dataclass

from kit.model.geoid import LEVELS


@dataclass(frozen=True)
class Source:
    """Where figures came from.

    Parameters
    ----------
    title : str
        The product, as a reader would look for it.
    publisher : str
        Who published it.
    year : int or None
        Vintage of the data.
    tables : str
        Tables or columns used.
    level : str
        Level of geography that was read.
    where : str
        Public address without any key, or the bare file name of a local file.
    sha256 : str
        Hash of the file, where there is one file.
    retrieved : str
        Date in UTC when it was fetched.
    uncertainty : str
        Kind of uncertainty: ``none stated``, ``disclosure noise``,
        ``sampling MOE``, ``allocation`` or ``model``.
    note : str
        What a reader must know before using the figures.
    license : str
        Terms of the source.
    sample : bool
        True for data made for learning; whatever is made of it is stamped
        "sample data, not for testimony".
    """

    title: str
    publisher: str = ""
    year: int | None = None
    tables: str = ""
    level: str = ""
    where: str = ""
    sha256: str = ""
    retrieved: str = ""
    uncertainty: str = "none stated"
    note: str = ""
    license: str = ""
    sample: bool = False

    def citation(self) -> str:
        """Write the source as one sentence for a caption.

        Returns
        -------
        str
            Publisher, title, tables, level, place and date of retrieval.
        """
        who = f"{self.publisher[:1].upper()}{self.publisher[1:]}, " if self.publisher else ""
        parts = [f"{who}{self.title}"]
        if self.tables:
            parts.append(f"tables {self.tables}" if self.tables[:1].isupper() else self.tables)
        if self.level:
            parts.append(f"by {LEVELS[self.level].name.replace('_', ' ') if self.level in LEVELS else self.level}")
        if self.where:
            parts.append(self.where)
        if self.retrieved:
            parts.append(f"retrieved {self.retrieved[:10]}")
        return ", ".join(parts) + "."
