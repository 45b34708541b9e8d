"""The SOURCE.toml that lies beside a plan and says what it is and where it came from."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.files import sha256

RECORD_NAME = "SOURCE.toml"


class PlanRecord(BaseModel):
    """What a SOURCE.toml says.

    Parameters
    ----------
    name : str
        Title of the plan.
    file : str
        Name of the plan's file in the same folder.
    id : str
        Column of district labels; empty when the reader may find it.
    jurisdiction : str
        Whose plan it is.
    status : {"enacted", "adopted", "proposed", "draft", "illustrative"}
        How far the plan has come.
    adopted : str
        ISO date of adoption, or empty.
    year : int or None
        Vintage of the census geography a block list is made of.
    crs : str
        Coordinate reference system of shapes that do not carry one.
    publisher, url, retrieved, license, note : str
        Who published the file, where and when it was fetched, its terms, and
        what a reader must know.
    sha256 : str
        Hash of the file, 64 hexadecimal digits.
    sample : bool
        True for data made for learning.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    file: str = Field(min_length=1)
    id: str = ""
    jurisdiction: str = Field(min_length=1)
    status: Literal["enacted", "adopted", "proposed", "draft", "illustrative"]
    adopted: str = ""
    year: int | None = None
    crs: str = ""
    publisher: str = ""
    url: str = ""
    retrieved: str = ""
    license: str = Field(min_length=1)
    sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$")
    note: str = ""
    sample: bool = False

    @field_validator("adopted", "retrieved", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """Accept a TOML date as well as text."""
        return value.isoformat() if isinstance(value, dt.date) else value

    @field_validator("adopted")
    @classmethod
    def _is_a_date(cls, value: str) -> str:
        """Refuse what is not a date."""
        if value:
            dt.date.fromisoformat(value)
        return value

    @field_validator("file")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        """Refuse a file outside the folder."""
        parts = PurePosixPath(value.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts:
            raise ValueError("must be a file in the same folder")
        return value


def read_source_toml(path: str | Path) -> PlanRecord:
    """Read and check a SOURCE.toml.

    Parameters
    ----------
    path : path-like
        The file, or the folder it lies in.

    Returns
    -------
    PlanRecord
        Its values, with empty text for keys that are left out.

    Raises
    ------
    InputError
        There is no such file.
    SchemaError
        It is not TOML, a required key is missing, a key is unknown, or a value is not what it must be.
    """
    found = Path(path)
    if found.is_dir():
        found = found / RECORD_NAME
    if not found.is_file():
        raise InputError(f"there is no {found.name} in the folder {found.parent.name!r}; every plan folder has one.")
    try:
        values = tomllib.loads(found.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaError(f"{found.name} is not valid TOML: {error}. Text stands in straight double quotes.") from error
    try:
        return PlanRecord.model_validate(values)
    except ValidationError as error:
        raise SchemaError(
            f"{found.name}: {first_few(_faults(error))}. Keys: {', '.join(PlanRecord.model_fields)}."
        ) from None


def checked_file(folder: Path, record: PlanRecord) -> Path:
    """Return the file a record names, when it is there and unchanged.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the SOURCE.toml.
    record : PlanRecord
        What it says.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        The file is not in the folder.
    Corrupt
        Its SHA-256 is not the one written down.
    """
    target = folder / record.file
    if not target.exists():
        fetch = f" Fetch it from {record.url} into that folder." if record.url else " Put it there."
        raise InputError(f"{RECORD_NAME} names {record.file!r}, which is not in the folder {folder.name!r}.{fetch}")
    if target.is_dir():
        raise InputError(f"{RECORD_NAME} names the folder {record.file!r}; name a file, or put the parts into one zip.")
    found = sha256(target)
    if found != record.sha256.lower():
        raise Corrupt(
            f"{record.file} is not the file {RECORD_NAME} describes: SHA-256 {found[:12]}… found, "
            f"{record.sha256[:12].lower()}… expected. "
            "Fetch it again, or write the new hash down if it was meant to change."
        )
    return target


def _faults(error: ValidationError) -> list[str]:
    """Word each fault of a record in a few words."""
    faults = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"])
        if item["type"] == "extra_forbidden":
            faults.append(f"unknown key {key!r}")
        elif item["type"] == "missing":
            faults.append(f"key {key!r} is missing")
        else:
            faults.append(f"{key!r} {item['msg'][:1].lower()}{item['msg'][1:]}, found {item['input']!r}")
    return faults
