"""One community as a row of text: what is written into map files, and how foreign rows are understood."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kit.errors import InputError, SchemaError
from kit.i18n.messages import mark, say
from kit.model.community import UNFIT, Community, InCommon

MARK = "kit_record"
"""The column that says a row was written by the kit."""

_TOLD = tuple(InCommon.model_fields)
_LISTS = ("types", "bounds", "languages", "comments", "asks", "landmarks", "extra")
_PLAIN = ("submitter", "label", "told_in", "consent")

# What people must never find in a file of communities: who told of it, and how to reach them.
PRIVATE = re.compile(
    r"(?i)(.*_)?(author|user|first|last|full|contact|submitter|sender|owner|person|your)_?name|author|sender"
    r"|.*e_?mail.*|.*phone.*|.*mobile.*|tel(ephone)?|fax|whats_?app|wechat"
    r"|(.*_)?(address|street_?address|addr|home|apartment|apt|zip|zip_?code|postal_?code)\d*|(.*_)?(ip|ip_?address)"
    r"|contact.*|user|user_?id|social_?media|.*birth.*|ssn"
)
_MEANS: dict[str, re.Pattern[str]] = {
    "name": re.compile(
        r"(?i)name|entry_?name|community|community_?n(ame)?|coi|coi_?name|title|neighbou?rho(od)?(_?name)?"
        r"|name(lsad)?\d*|region|area_?name"
    ),
    "culture": re.compile(r"(?i)cultur\w*"),
    "work": re.compile(r"(?i)econom\w*|work|jobs|employment"),
    "services": re.compile(r"(?i)comm_acti\w*|comm(unity)?_activities|activities|services"),
    "history": re.compile(r"(?i)histor\w*"),
    "schools": re.compile(r"(?i)schools?|education"),
    "worship": re.compile(r"(?i)worship|religio\w*|faith"),
    "language": re.compile(r"(?i)language"),
    "other": re.compile(r"(?i)other_?cons?\w*|descriptio\w*|descr?|narrative|entry_?reaso?n?|reason|interests|story"),
    "label": re.compile(r"(?i)label"),
    "types": re.compile(r"(?i)types?|category|categories|tags?|kind"),
    "comments": re.compile(r"(?i)comments?|notes?|custom_?res\w*|remarks?"),
    "languages": re.compile(r"(?i)languages|languages_spoken"),
    "collector": re.compile(r"(?i)organi[sz]atio?n?|collector"),
    "bounds": re.compile(r"(?i)bounds|boundar(y|ies)|bounding_streets|streets"),
}
# Columns that are of the file and tell nothing of a community.
_NOTHING = re.compile(
    r"(?i)objectid\d*|fid|ogc_fid|shape_?(leng|length|area)|st_(area|length).*|altitudemode|tessellate|extrude"
    r"|visibility|draworder|icon|begin|end|timestamp|snippet|styleurl|fill(-\w+)?|stroke(-\w+)?|marker-\w+"
)


def as_text(value: Any) -> str:
    """Write a value of a file as text.

    Parameters
    ----------
    value : object
        Text, a number, a list, or nothing.

    Returns
    -------
    str
        Empty for nothing; lists and objects as JSON.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False)
    item = value.item() if hasattr(value, "item") else value
    return as_text(item) if item is not value else str(value)


def to_record(community: Community) -> dict[str, str]:
    """Write a community as a row of text, without its polygon.

    Parameters
    ----------
    community : Community
        One.

    Returns
    -------
    dict of str to str
        Every field that says something; lists as JSON. `from_record` reads it.
    """
    whole = community.model_dump(mode="json", exclude={"area"})
    record = {"id": community.id, "name": community.name} | {key: whole[key] for key in _PLAIN}
    record |= whole["in_common"]
    record |= {key: json.dumps(whole[key], ensure_ascii=False) for key in _LISTS if whole[key]}
    record |= {key: as_text(value) for key, value in whole["collected"].items()}
    record |= {"draft": "true" if community.draft else "", "version": str(community.version)}
    record |= {"parent": as_text(community.parent), "made": whole["made"]}
    area = community.area
    if area is not None and area.kind == "units":
        record |= {"geoids": " ".join(area.geoids), "level": area.level, "year": as_text(area.year)}
    return {MARK: "1"} | {key: text for key, text in record.items() if text}


def from_record(record: Mapping[str, Any], area: Any) -> Community:
    """Read a row that the kit wrote.

    Parameters
    ----------
    record : mapping of str to object
        As `to_record` gives; other columns are left aside.
    area : dict or None
        The polygon, where the file has one and the row lists no units.

    Returns
    -------
    Community
        As it was written.

    Raises
    ------
    SchemaError
        A field was changed into something that cannot be read.
    """
    row = {key: as_text(value) for key, value in record.items()}
    data: dict[str, Any] = {key: row[key] for key in ("id", "name", *_PLAIN) if row.get(key)}
    try:
        data |= {key: json.loads(row[key]) for key in _LISTS if row.get(key)}
    except json.JSONDecodeError as error:
        raise SchemaError(
            f"the community {data.get('id', '')!r} has a list that was changed after it was written ({error}). "
            "Export the file again, or remove the column kit_record to read it as a foreign file."
        ) from error
    data["in_common"] = {key: row.get(key, "") for key in _TOLD}
    data["collected"] = {key: row[key] for key in ("how", "collector", "file", "row") if row.get(key)}
    data |= {key: row[key] for key in ("version", "parent", "made") if row.get(key)}
    data["draft"] = row.get("draft") == "true"
    if row.get("geoids"):
        area = {"kind": "units", "geoids": row["geoids"].split(), "level": row.get("level", "")}
        area |= {"year": row["year"]} if row.get("year") else {}
    return Community(**data, area=area)


class Foreign:
    """Reads rows of other tools, and remembers what it left aside.

    Parameters
    ----------
    file : str
        Name of the file.
    consent : str
        What its people agreed to.
    name : str, optional
        Column of names; found by its own name where not given.
    id : str, optional
        Column of ids.
    submitter : str, optional
        Column that tells submitters apart.
    pattern : str, optional
        Regular expression whose first group in that column is the submitter.
    """

    def __init__(
        self,
        file: str,
        consent: str,
        *,
        name: str | None = None,
        id: str | None = None,
        submitter: str | None = None,
        pattern: str | None = None,
    ) -> None:
        self.file, self.consent, self.pattern = file, consent, pattern
        self.columns = {"name": name, "id": id, "submitter": submitter}
        self.left_out: dict[str, int] = {}
        self.cleaned = 0
        self.unnamed = 0
        self.pseudonyms: dict[str, str] = {}
        self.used: set[str] = set()

    def community(
        self, record: Mapping[str, Any], area: Any, row: int, *, how: str = "file", landmarks: Sequence[Any] = ()
    ) -> Community:
        """Understand one row.

        Parameters
        ----------
        record : mapping of str to object
            Column → value.
        area : dict or None
            Where it is.
        row : int
            Its place in the file, from 1.
        how : str
            How it was collected.
        landmarks : sequence of dict
            Places that the file marks.

        Returns
        -------
        Community
            Every column that says something is in it, but for those that tell who people are.
        """
        data: dict[str, Any] = {
            "in_common": {},
            "types": [],
            "comments": [],
            "languages": [],
            "bounds": [],
            "extra": {},
        }
        data["landmarks"] = landmarks
        data["collected"] = {"how": how, "file": self._clean(self.file), "row": row}
        self._own_columns(record, data)
        taken = {self.columns[key] for key in self.columns}
        for key, value in record.items():
            text = self._clean(as_text(value))
            if key in taken or not text.strip() or _NOTHING.fullmatch(key):
                continue
            if PRIVATE.fullmatch(key):
                self.left_out[key] = self.left_out.get(key, 0) + 1
                continue
            self._take(key, text, value, data)
        if "name" not in data:
            self.unnamed += 1
            data["name"] = data.get("label") or data.get("id") or f"Community {row}"
        data |= {"consent": self.consent, "area": area}
        data.setdefault("id", "")
        data["id"] = data["id"] or self._fresh(f"{self.file}-{row}")
        try:
            return Community(**data)
        except InputError as error:
            raise SchemaError(f"{self.file}, row {row}: {error}") from error

    def notes(self) -> list[str]:
        """Tell what was left aside.

        Returns
        -------
        list of str
            A sentence a kind, with its count.
        """
        told: list[str] = []
        if self.left_out:
            columns = ", ".join(f"{key} ({count:,})" for key, count in sorted(self.left_out.items()))
            told.append(say("Columns that tell who people are were left unread (rows): {columns}.", columns=columns))
        if self.cleaned:
            told.append(say("Texts with control characters, which were replaced: {count:,}.", count=self.cleaned))
        if self.unnamed:
            several = mark("{count:,} communities have no name in the file and are called by id or number.")
            one = mark("1 community has no name in the file and is called by id or number.")
            told.append(say(several if self.unnamed > 1 else one, count=self.unnamed))
        return told

    def _own_columns(self, record: Mapping[str, Any], data: dict[str, Any]) -> None:
        """Take the columns that the caller names."""
        for key, column in self.columns.items():
            if column is None:
                continue
            if column not in record:
                raise InputError(f"{self.file} has no column {column!r}; it has {', '.join(map(str, record))[:300]}.")
            text = self._clean(as_text(record[column])).strip()
            if key == "submitter" and text and self.pattern:
                found = re.search(self.pattern, text)
                text = (found.group(1) or "") if found else text
            if key == "submitter" and text and PRIVATE.fullmatch(column):
                text = self.pseudonyms.setdefault(text, f"submitter {len(self.pseudonyms) + 1}")
            if text:
                data[key] = self._fresh(text) if key == "id" else text

    def _take(self, key: str, text: str, value: Any, data: dict[str, Any]) -> None:
        """Put one column where it belongs; a second one of the same meaning is kept under its own name."""
        meaning = next((what for what, pattern in _MEANS.items() if pattern.fullmatch(key)), "")
        if meaning in {"types", "comments", "languages", "bounds"}:
            data[meaning] += [part for part in _listed(value, text) if part.strip()]
        elif meaning in _TOLD and meaning not in data["in_common"]:
            data["in_common"][meaning] = text
        elif meaning == "collector" and "collector" not in data["collected"]:
            data["collected"]["collector"] = text
        elif meaning in {"name", "label"} and meaning not in data:
            data[meaning] = text
        elif key.casefold() in {"id", "entry_id", "uuid"} and "id" not in data:
            data["id"] = self._fresh(text)
        else:
            data["extra"][self._clean(key)] = text

    def _clean(self, text: str) -> str:
        """Replace what no map file can carry."""
        if not UNFIT.search(text):
            return text
        self.cleaned += 1
        return UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)

    def _fresh(self, wanted: str) -> str:
        """Give an id that no other row has."""
        found, number = " ".join(wanted.split())[:900], 1
        base = found
        while found in self.used:
            number += 1
            found = f"{base} ({number})"
        self.used.add(found)
        return found


def _listed(value: Any, text: str) -> list[str]:
    """Split what may be a list."""
    if isinstance(value, (list, tuple)):
        return [as_text(one) for one in value]
    if text.startswith("["):
        try:
            found = json.loads(text)
        except json.JSONDecodeError:
            return [text]
        return [as_text(one) for one in found] if isinstance(found, list) else [text]
    return [text]
