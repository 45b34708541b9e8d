"""PACK.json and README.txt: what a pack for a hearing holds, where it came from, and how to use it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kit.errors import Corrupt, InputError
from kit.files import sha256, write_text
from kit.sources._disk import told
from kit.sources.download import describe_file

PACK_NAME = "PACK.json"
README_NAME = "README.txt"
WHAT = "the list of the pack, PACK.json,"


class PackedFile(BaseModel):
    """One file of a pack.

    Parameters
    ----------
    path : str
        Below the pack's folder, with forward slashes.
    sha256 : str
        Hash, 64 hexadecimal digits.
    size : int
        Bytes.
    product : str
        Title of the product it belongs to.
    vintage : int or None
        Year of the data.
    url : str
        Where it came from, without any key.
    retrieved : str
        When it was fetched, UTC.
    record_sha256 : str
        Hash of the record beside it; empty where there is none.
    """

    model_config = ConfigDict(frozen=True)

    path: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int
    product: str
    vintage: int | None = None
    url: str = ""
    retrieved: str = ""
    record_sha256: str = ""

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        """Refuse a file outside the pack."""
        parts = PurePosixPath(value)
        if not parts.parts or parts.is_absolute() or ".." in parts.parts or "\\" in value or ":" in value:
            raise ValueError("is not inside the pack")
        return value


class PackedProduct(BaseModel):
    """One product that was asked for, whether or not it could be had.

    Parameters
    ----------
    title : str
        What it is; no two of a pack have the same.
    kind : str
        ``"pl94171"``, ``"cvap"``, ``"acs"``, ``"boundaries/<layer>"``, ``"list/<kind>"``, ``"plan"`` or ``"other"``.
    vintage : int or None
        Year of the data.
    license : str
        Terms.
    read : str
        How to read it.
    note : str
        What a reader must know.
    fault : str
        Why it is missing; empty when it is there.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    kind: str
    vintage: int | None = None
    license: str = ""
    read: str = ""
    note: str = ""
    fault: str = ""


class PackList(BaseModel):
    """What PACK.json says.

    Parameters
    ----------
    format : int
        Layout of the file.
    made : str
        When it was last written, UTC.
    kit : str
        Version of the kit that wrote it.
    products : tuple of PackedProduct
        What was asked for.
    files : tuple of PackedFile
        What is there.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    made: str = ""
    kit: str = ""
    products: tuple[PackedProduct, ...] = ()
    files: tuple[PackedFile, ...] = ()

    @property
    def missing(self) -> tuple[PackedProduct, ...]:
        """List what could not be had.

        Returns
        -------
        tuple of PackedProduct
            In the order asked for.
        """
        return tuple(product for product in self.products if product.fault)

    def with_product(self, product: PackedProduct, files: list[PackedFile]) -> PackList:
        """Take over a product and its files in place of what was known of it.

        Parameters
        ----------
        product : PackedProduct
            As it is now.
        files : list of PackedFile
            What it consists of.

        Returns
        -------
        PackList
            A new one.
        """
        products = {p.title: p for p in self.products} | {product.title: product}
        kept = {f.path: f for f in self.files if f.product != product.title} | {f.path: f for f in files}
        files_now = tuple(kept[path] for path in sorted(kept))
        return self.model_copy(update={"products": tuple(products.values()), "files": files_now})


def read_list(folder: Path) -> PackList:
    """Read the PACK.json of a pack.

    Parameters
    ----------
    folder : pathlib.Path
        The pack.

    Returns
    -------
    PackList
        What it says.

    Raises
    ------
    InputError
        There is no such pack.
    Corrupt
        PACK.json is damaged.
    """
    path = folder / PACK_NAME
    if not path.is_file():
        raise InputError(f"{folder.name or 'this folder'} is no pack: it has no {PACK_NAME}. Make one with kit pack.")
    try:
        return PackList.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Corrupt(
            f"{PACK_NAME} of {folder.name} is damaged, or of another version of the kit: {where} {first['msg']}. "
            "Move it away and run kit pack again: whole files are kept."
        ) from None


def write_list(folder: Path, listed: PackList) -> PackList:
    """Write PACK.json, whole or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        The pack.
    listed : PackList
        What to write.

    Returns
    -------
    PackList
        As written, with the time.

    Raises
    ------
    SourceError
        The disk is full or may not be written to.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    dated = listed.model_copy(update={"made": now})
    with told(WHAT, folder):
        write_text(folder / PACK_NAME, dated.model_dump_json(indent=1) + "\n")
    return dated


def describe(path: Path, folder: Path, product: PackedProduct, *, url: str = "", retrieved: str = "") -> PackedFile:
    """Describe a file of a pack.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    folder : pathlib.Path
        The pack.
    product : PackedProduct
        What it belongs to.
    url, retrieved : str, optional
        Where and when it was fetched, where no record beside it says so.

    Returns
    -------
    PackedFile
        With hash and size.
    """
    record = path.with_name(path.name + ".json")
    facts = describe_file(path)
    return PackedFile(
        path=path.relative_to(folder).as_posix(),
        sha256=sha256(path),
        size=path.stat().st_size,
        product=product.title,
        vintage=product.vintage,
        url=facts["where"] or url,
        retrieved=facts["retrieved"] or retrieved,
        record_sha256=sha256(record) if record.is_file() else "",
    )


HOW_TO = """\
PACK FOR A HEARING: {folder}

This folder holds public data for work without a network and without a key.
Last packed {made} (UTC).

HOW TO USE IT
Copy the whole folder. In the folder that holds it, tell the kit to read from
it and to stay off the network:

  Linux, macOS:        export KIT_CACHE={folder} KIT_OFFLINE=1
  Windows PowerShell:  $env:KIT_CACHE="{folder}"; $env:KIT_OFFLINE="1"
  in Python:           with kit.using(cache="{folder}", offline=True): ...

Before the hearing run: kit verify {folder}
It compares every file with {list} and says what changed, is missing or is old.
It changes nothing.
"""


def write_readme(folder: Path, listed: PackList) -> Path:
    """Write README.txt in plain words.

    Parameters
    ----------
    folder : pathlib.Path
        The pack.
    listed : PackList
        What is in it.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    SourceError
        The disk is full or may not be written to.
    """
    made = listed.made[:16].replace("T", " ")
    lines = [HOW_TO.format(folder=folder.name, made=made, list=PACK_NAME)]
    there = [product for product in listed.products if not product.fault]
    lines.append("WHAT IS IN IT")
    for product in there:
        of_it = [file for file in listed.files if file.product == product.title]
        days = sorted({file.retrieved[:10] for file in of_it if file.retrieved})
        size = sum(file.size for file in of_it) / 1e6
        lines.append(f"* {product.title}")
        lines.append(
            f"    vintage {product.vintage or 'not stated'}; {len(of_it)} file{'s' * (len(of_it) != 1)}, {size:,.1f} MB"
            f"{f'; fetched {days[0]}' if days else ''}; terms: {product.license or 'not stated'}"
        )
        lines += [f"    {words}" for words in (product.read, product.note) if words]
    if listed.missing:
        lines += ["", "WHAT IS MISSING"]
        lines += [f"* {product.title}: {product.fault}" for product in listed.missing]
    lines += [
        "",
        "Figures of the Census Bureau are public domain; the Bureau does not endorse this folder.",
        "Plans belong to whoever made them.",
        "This is not legal advice.",
        "",
    ]
    with told(f"the {README_NAME} of the pack", folder):
        return write_text(folder / README_NAME, "\n".join(lines))
