"""Which district, place or voting district each census block lies in, as the Census Bureau lists it."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.files import sha256
from kit.model.frames import Plan, Source
from kit.model.geoid import State, state
from kit.sources.download import describe_file, fetch
from kit.sources.plans import read_plan

PUBLISHER = "U.S. Census Bureau"
_BAF = "Block Assignment Files"
_BEF = "Block Equivalency Files"
_MAPPING = "/programs-surveys/decennial/rdo/mapping-files"
# Kind → what its parts are called, and the file's code in a census year's Block Assignment Files.
KINDS = {
    "cd": ("congressional districts", "CD"),
    "sldu": ("state senate districts", "SLDU"),
    "sldl": ("state house districts", "SLDL"),
    "vtd": ("voting districts", "VTD"),
    "place": ("incorporated places and census-designated places", "INCPLACE_CDP"),
    "county_subdivision": ("county subdivisions", "MCD"),
    "native_area": ("American Indian, Alaska Native and Hawaiian home lands", "AIANNH"),
    "school_unified": ("unified school districts", "SDUNI"),
    "school_elementary": ("elementary school districts", "SDELM"),
    "school_secondary": ("secondary school districts", "SDSEC"),
}
_ALIASES = {
    "congressional_district": "cd",
    "state_senate": "sldu",
    "state_house": "sldl",
    "aiannh": "native_area",
    "mcd": "county_subdivision",
    "incplace_cdp": "place",
}
_LABEL = {"native_area": "AIANNHCE"}  # where a file has a second column beside it
_FOLDERS = {2010: "/geo/docs/maps-data/data/baf", 2020: "/geo/docs/maps-data/data/baf2020"}
# Files of districts drawn after the census: kind, year → path and the end of the State's member.
_LATER = {
    ("cd", 2022): (f"{_MAPPING}/2023/118-congressional-district-bef/cd118.zip", "CD118"),
    ("cd", 2024): (f"{_MAPPING}/2025/119-congressional-district-befs/cd119.zip", "CD119"),
    ("sldu", 2022): (f"{_MAPPING}/2023/2022-state-legislative-bef/sldu_2022.zip", "SLDU22"),
    ("sldl", 2022): (f"{_MAPPING}/2023/2022-state-legislative-bef/sldl_2022.zip", "SLDL22"),
    ("sldu", 2024): (f"{_MAPPING}/2025/2024-state-legislative-bef/sldu24.zip", "SLDU24"),
    ("sldl", 2024): (f"{_MAPPING}/2025/2024-state-legislative-bef/sldl24.zip", "SLDL24"),
}
OLD_LINES = "Districts in force when the {year} census was taken, not those drawn from it; for these pass year={later}."


@dataclass(frozen=True)
class AskedList:
    """A list that was asked for, checked.

    Parameters
    ----------
    state : State
        Whose blocks.
    year : int
        Census, or election.
    kind : str
        A key of `KINDS`.
    path : str
        On the Census file server.
    code : str
        How the file calls the kind.
    """

    state: State
    year: int
    kind: str
    path: str
    code: str

    @property
    def title(self) -> str:
        """Name the list.

        Returns
        -------
        str
            For a source.
        """
        return f"{_BAF if self.year in _FOLDERS else _BEF} {self.year}, {KINDS[self.kind][0]}, {self.state.name}"

    @property
    def blocks_of(self) -> int:
        """Tell the census whose blocks are listed.

        Returns
        -------
        int
            2010 or 2020.
        """
        return 2010 if self.year == 2010 else 2020


def read_block_assignment(place: str, *, year: int, kind: str, source: str | os.PathLike[str] | None = None) -> Plan:
    """Read the Census Bureau's list of blocks and the district or place of each.

    Parameters
    ----------
    place : str
        A State, the District of Columbia or Puerto Rico.
    year : {2010, 2020, 2022, 2024}
        2010 and 2020: Block Assignment Files of that census, with the
        districts in force then. 2022 and 2024: Block Equivalency Files of the
        congressional and legislative districts of those elections, in 2020
        blocks.
    kind : str
        ``"cd"``, ``"sldu"`` (senate) or ``"sldl"`` (house); of a census year
        also ``"vtd"``, ``"place"``, ``"county_subdivision"``,
        ``"native_area"``, ``"school_unified"``, ``"school_elementary"`` and
        ``"school_secondary"``.
    source : path-like, optional
        The published zip, an unpacked folder, or the one text file.

    Returns
    -------
    Plan
        Block list; ``.year`` is the vintage of the blocks. Labels are the
        Bureau's codes. Blocks in no district are left out and counted in
        ``.notes``.

    Raises
    ------
    InputError
        Place or kind cannot be understood, or the file is of another State.
    NotPublished
        There is no such list for that year or State.
    Corrupt
        The file is cut off or damaged.
    Offline
        It is not in the cache, and the network is off or away.

    References
    ----------
    U.S. Census Bureau, Block Assignment Files and Block Equivalency Files.
    """
    asked = ask_list(place, year, kind)
    facts = {"where": "", "retrieved": ""}
    if source is None:
        given = fetch(asked.path, what=f"the file of {asked.title}")
        facts = describe_file(given)
    else:
        given = Path(source).expanduser()
    with tempfile.TemporaryDirectory(prefix="kit-blocks-") as scratch:
        text, note = _member(given, asked, Path(scratch))
        plan = read_plan(text, year=asked.blocks_of, id=_LABEL.get(asked.kind), name=asked.title)
    _require_state(plan, asked, given.name)
    made = Source(
        title=asked.title,
        publisher=PUBLISHER,
        year=asked.year,
        level="block",
        where=facts["where"] or given.name,
        sha256=sha256(given) if given.is_file() else "",
        retrieved=facts["retrieved"],
        note=note,
        license="public domain (U.S. Government work)",
    )
    notes = (*([note] if note else []), *plan.notes)
    return replace(plan, jurisdiction=asked.state.name, status=_status(asked), sources=(made,), notes=notes)


def _status(asked: AskedList) -> str:
    return "enacted" if asked.kind in {"cd", "sldu", "sldl"} else ""


def ask_list(place: str, year: int, kind: str) -> AskedList:
    """Find the file that has a list, or say what comes near.

    Parameters
    ----------
    place : str
        A State, the District of Columbia or Puerto Rico.
    year : {2010, 2020, 2022, 2024}
        As in `read_block_assignment`.
    kind : str
        As in `read_block_assignment`.

    Returns
    -------
    AskedList
        The file and what is wanted of it.

    Raises
    ------
    InputError
        Place or kind cannot be understood.
    NotPublished
        There is no such list.
    """
    where = state(place, product="P.L. 94-171")
    key = str(kind).strip().lower().replace(" ", "_")
    key = _ALIASES.get(key, key)
    if key not in KINDS:
        raise InputError(f"there is no block assignment of kind {kind!r}; kinds are {', '.join(KINDS)}.")
    if key == "sldl" and where.abbr in {"NE", "DC"}:
        raise NotPublished(f"{where.name} has one chamber only; use kind='sldu'.")
    if year in _FOLDERS:
        path = f"{_FOLDERS[year]}/BlockAssign_ST{where.fips}_{where.abbr}.zip"
        return AskedList(where, year, key, path, KINDS[key][1])
    if (key, year) in _LATER:
        return AskedList(where, year, key, *_LATER[key, year])
    there = sorted({*_FOLDERS, *(y for k, y in _LATER if k == key)})
    given = year if isinstance(year, int) else 2020
    nearest = min(there, key=lambda y: (abs(y - given), -y))
    raise NotPublished(
        f"block lists of {KINDS[key][0]} are read for {first_few(there)}, not for year={year!r}. "
        f"The nearest is year={nearest}."
    )


def _member(given: Path, asked: AskedList, scratch: Path) -> tuple[Path, str]:
    """Find the list's own file, taken out of a zip if need be."""
    if not given.exists():
        raise InputError(f"there is no file {given.name!r} to read a block assignment from. Check the path.")
    if given.is_file() and given.suffix.lower() != ".zip":
        return given, _note(asked)
    if given.is_dir():
        names = [path.name for path in given.iterdir() if path.is_file()]
        found, national = _choose(names, asked, given.name)
        return (
            (given / found, _note(asked))
            if not national
            else _states_rows((given / found).read_text(encoding="utf-8-sig"), asked, scratch)
        )
    try:
        with zipfile.ZipFile(given) as opened:
            found, national = _choose(opened.namelist(), asked, given.name)
            raw = opened.read(found)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Corrupt(f"{given.name} is damaged or cut off, not a whole zip file. Fetch it again.") from error
    if national:
        return _states_rows(raw.decode("utf-8-sig"), asked, scratch)
    target = scratch / PurePosixPath(found).name
    target.write_bytes(raw)
    return target, _note(asked)


def _choose(names: list[str], asked: AskedList, whole: str) -> tuple[str, bool]:
    """Choose the State's file, or else the national one."""
    texts = [n for n in names if n.lower().endswith(".txt") and "__MACOSX" not in n]
    own = re.compile(
        rf"(?i)BlockAssign_ST{asked.state.fips}_{asked.state.abbr}_{asked.code}\.txt"
        rf"|{asked.state.fips}_{asked.state.abbr}_{asked.code}\.txt"
    )
    national = re.compile(rf"(?i)National_?{asked.code}\.txt")
    for pattern, is_national in ((own, False), (national, True)):
        found = [n for n in texts if pattern.fullmatch(PurePosixPath(n).name)]
        if found:
            return found[0], is_national
    raise NotPublished(
        f"{whole} has no list of {KINDS[asked.kind][0]} of {asked.state.name} ({asked.code}); it has "
        f"{first_few(PurePosixPath(n).name for n in texts) or 'no text files'}."
    )


def _states_rows(text: str, asked: AskedList, scratch: Path) -> tuple[Path, str]:
    """Take the rows of one State out of a national list."""
    header, _, rest = text.partition("\n")
    kept = [line for line in rest.splitlines() if line.lstrip('"').startswith(asked.state.fips)]
    if not kept:
        raise NotPublished(f"the national list of {asked.title} has no blocks of {asked.state.name}.")
    target = scratch / f"{asked.state.fips}_{asked.state.abbr}_{asked.code}.txt"
    target.write_text("\n".join([header.strip(), *kept]) + "\n", encoding="utf-8")
    return target, _note(asked)


def _note(asked: AskedList) -> str:
    """Say which lines these are."""
    if asked.year not in _FOLDERS or asked.kind not in {"cd", "sldu", "sldl"}:
        return ""
    later = "2022" if asked.year == 2020 else "2020"
    return OLD_LINES.format(year=asked.year, later=later)


def _require_state(plan: Plan, asked: AskedList, name: str) -> None:
    """Refuse a list of other blocks than the State's."""
    if plan.level != "block":
        raise SchemaError(f"{name} lists {plan.level or 'units of unknown level'}, not census blocks of 15 digits.")
    other = plan.assignment.index[~plan.assignment.index.str.startswith(asked.state.fips)]
    if len(other):
        raise InputError(
            f"{name} has {len(other):,} blocks that are not of {asked.state.name} ({asked.state.fips}): "
            f"{first_few(other)}. Check the file and place."
        )
