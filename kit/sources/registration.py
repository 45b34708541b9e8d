"""Registered people and people who voted, counted from a voter list or read from a table of turnout."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.files import sha256
from kit.i18n.messages import mark, say
from kit.model.source import Source
from kit.model.voters import VoterCounts
from kit.sources import voter_cells, voter_notes
from kit.sources.voter_cells import PEOPLE, require_known, showable
from kit.sources.voter_districts import read_districts
from kit.sources.voter_files import files_of
from kit.sources.voter_grid import Broken
from kit.sources.voter_groups import AREA, AREA_WORDS, grouped, words_of
from kit.sources.voter_labels import as_file, label_of, require_names
from kit.sources.voter_layout_rules import Headings, clean, leads_to_a_person, plain
from kit.sources.voter_layouts import Layout, layout_of

_YES = {"1", "Y", "YES", "T", "TRUE", "V", "VOTED", "X"}
_FEW = 40
_NO = {"0", "N", "NO", "F", "FALSE", ""}


def read_registration(
    path: str | os.PathLike[str],
    layout: str | os.PathLike[str] | Mapping[str, Any] | Layout,
    *,
    by: str,
    election: str = "",
    as_of: str = "",
    status: str = "active",
    voted: str | None = None,
    history: str | os.PathLike[str] | None = None,
    place_of: pd.Series | None = None,
    codes: Mapping[str, str] | None = None,
    outside: str = "error",
    broken: str = "error",
) -> VoterCounts:
    """Count registered people, and people who voted, by area and group.

    Parameters
    ----------
    path : path-like
        A table separated by tabs, pipes or commas, plain or in gzip; a zip or a
        folder of such tables; or a file of districts with counts as properties.
    layout : str, path-like, mapping or Layout
        Where the counts stand: an id such as ``"nc_voters"`` (see
        `kit.sources.voter_layouts.layouts`), or a table of your own for another
        State, as a TOML file or a mapping.
    by : str
        What to count by: a place of the layout, such as ``"county"`` or
        ``"precinct"``, or a heading of the file that names an area.
    election : str
        Date of the election in ISO form; needed where the file has several.
    as_of : str
        Date of the list in ISO form.
    status : {"active", "all"}
        Active registrations only, or inactive ones too; never those that are
        removed or were denied.
    voted : str, optional
        Heading of a column of the list that says who voted (yes or no).
    history : path-like, optional
        The second file of who voted, where the layout knows it.
    place_of : pandas.Series, optional
        Area of the list → district, so that people are summed by district.
    codes : dict of str to str, optional
        Codes of race that the layout does not know, and what they stand for:
        ``asian``, ``nhpi``, ``aapi``, ``hispanic``, ``black``, ``white``,
        ``aian``, ``several``, ``other`` or ``not_said``.
    outside : {"error", "report"}
        What to do with people who are in no area, or in an area without a district.
    broken : {"error", "report"}
        What to do with rows that do not have the fields they should have.

    Returns
    -------
    VoterCounts
        Exact counts, not yet fit to leave the machine: small ones are hidden by `participation` and by what writes.

    Raises
    ------
    InputError
        There is no such file, layout or election, or a column that leads to people was asked for.
    SchemaError
        Columns are missing, codes are unknown, or rows are broken.
    CoverageError
        People are in no area or in no district.
    Corrupt
        The file is cut off, damaged, or a web page.

    Notes
    -----
    The list stays where it is. Of each row only race, origin, status and area
    are taken, and the voter number while `history` is joined; names, addresses
    and birth dates are not read. Numbers are mixed with a key that is thrown away.
    No error and no note repeats a row.

    Who says Asian and not Hispanic is counted as ``nh_asian_alone``, Native
    Hawaiian or other Pacific Islander as ``nh_nhpi_alone``, both together as
    ``nh_aapi_alone``; where the list has one answer for both, only the last exists.

    References
    ----------
    Rosenman, Olivella and Imai (2023), Race and ethnicity data for first, middle,
    and surnames, Scientific Data 10:299, for the States that ask race.
    """
    file, kind = as_file(path, "a voter list or a table of turnout"), layout_of(layout)
    _require_choices(status, outside, broken, as_of)
    _require_text(by, election, voted)
    by = by.casefold() if by.casefold() in kind.places else by
    kind = kind.with_codes(codes) if codes else kind
    if kind.kind == "districts":
        _refuse(kind, voted=voted, history=history, codes=codes, place_of=place_of)
        return _of_districts(file, kind, by, election, as_of)
    if kind.kind == "table":
        _refuse(kind, voted=voted, history=history)
    if voted and history:
        raise InputError("voted= and history= both say who voted; pass one of them.")
    wanted, sums = _wanted(kind, by, voted, history=history is not None)
    faults = Broken()
    second = as_file(history, "history=") if history else None
    voters = voter_cells.voters_of(second, kind, election, faults) if second else None
    cells, rows = voter_cells.count(files_of(file), kind, wanted, sums=sums, voters=voters, broken=faults)
    faults.refuse(most=faults.count if broken == "report" else 0)
    facts = voter_notes.Facts(layout=kind, rows=rows, broken=faults.count, codes=dict(codes or {}), history=voters)
    cells = _read_codes(cells, kind, file.name, voted)
    _require_met(cells, voters, second)
    cells, election = _of_election(cells, election, file.name)
    cells = _standing(cells, status, facts)
    cells = _placed(cells, by, place_of, outside, facts)
    frame, groups = grouped(cells, kind)
    sources = (_source(file, kind, by, as_of, election), *((_voting(second, kind),) if second else ()))
    return VoterCounts(
        frame=frame,
        by="district" if place_of is not None else by,
        groups=groups,
        how=kind.how,
        election=election,
        as_of=as_of,
        place=kind.place,
        smallest=1,
        sources=sources,
        notes=voter_notes.notes(cells, frame, status, facts),
    )


def _require_choices(status: str, outside: str, broken: str, as_of: str) -> None:
    """Refuse choices that do not exist."""
    if status not in {"active", "all"}:
        raise InputError(f"status={status!r}: expected 'active' or 'all'.")
    for name, choice in (("outside", outside), ("broken", broken)):
        if choice not in {"error", "report"}:
            raise InputError(f"{name}={choice!r}: expected 'error' or 'report'.")
    if as_of:
        try:
            date.fromisoformat(as_of)
        except (TypeError, ValueError):
            raise InputError(f"as_of={as_of!r}: give the date of the list, such as '2024-11-05'.") from None


def _require_text(by: Any, election: Any, voted: Any) -> None:
    """Refuse what is no text where a name is due."""
    if not isinstance(by, str) or not by.strip():
        raise InputError(f"by={by!r}: say what to count by, such as 'county' or 'precinct', or a heading of the file.")
    if not isinstance(election, str):
        raise InputError(f"election={election!r}: give the date as text, such as '2024-11-05'.")
    if voted is not None and not isinstance(voted, str):
        raise InputError(f"voted={voted!r}: give the heading of the column that says who voted.")


def _require_met(cells: pd.DataFrame, voters: Any, history: Path | None) -> None:
    """Refuse a history of which nobody is on the list: the numbers are not written alike."""
    if voters is not None and history is not None and not cells["voted"].sum():
        raise SchemaError(
            f"{history.name} has {len(voters.marks):,} people who voted, and none of them is on the list. Are both of "
            "one State, and are voter numbers written alike (did a spreadsheet take their leading zeros)?"
        )


def _refuse(layout: Layout, **given: Any) -> None:
    """Refuse arguments that a kind of file has no use for."""
    useless = [f"{name}=" for name, value in given.items() if value is not None]
    if useless:
        raise InputError(f"layout {layout.name} is of counts, not of people: leave out {' and '.join(useless)}.")


def _wanted(
    layout: Layout, by: str, voted: str | None, *, history: bool
) -> tuple[dict[str, Headings], tuple[str, ...]]:
    """List the columns to read, and those of them that are numbers of people."""
    if by in layout.places:
        parts = layout.places[by]
    else:
        if layout.kind == "list" and leads_to_a_person(by):
            raise InputError(
                f"by={by!r} leads to people; count by an area that many share, such as {first_few(layout.places)}."
            )
        parts = ((by,),)
    wanted: dict[str, Headings] = {f"place_{at}": part for at, part in enumerate(parts)}
    for key in ("race", "origin", "status", "election"):
        if key in layout.columns:
            wanted[key] = layout.columns[key]
    if layout.kind == "table":
        sums = tuple(key for key in ("registered", "voted") if key in layout.columns)
        return wanted | {key: layout.columns[key] for key in sums}, sums
    if voted:
        if leads_to_a_person(voted):
            raise InputError(f"voted={voted!r} leads to people; give the column that says who voted.")
        wanted["voted"] = (voted,)
    if history:
        if "number" not in layout.columns:
            raise InputError(f"layout {layout.name} does not say where the voter number is; leave out history=.")
        wanted["number"] = layout.columns["number"]
    return wanted, ()


def _read_codes(cells: pd.DataFrame, layout: Layout, name: str, voted: str | None) -> pd.DataFrame:
    """Turn codes into what they stand for, and counts into registered and voted."""
    size = cells[PEOPLE] if PEOPLE in cells else cells["registered"]
    made = cells.copy()
    for key in ("race", "origin", "status"):
        if key in cells:
            table: Mapping[str, str] = getattr(layout, key)
            values = cells[key].map(clean)
            _require_one_header(values.map(plain), size, layout.columns[key], name)
            require_known(values, size, set(table), f"{name}, {layout.columns[key][0]}")
            made[key] = values.map(table)
    if PEOPLE in cells:
        made["registered"] = cells[PEOPLE]
        if voted:
            marks = cells["voted"].map(clean)
            require_known(marks, size, _YES | _NO, f"{name}, {voted}")
            made["voted"] = size.where(marks.isin(_YES), 0)
        elif "voted" in cells:
            made["voted"] = size.where(cells["voted"].astype(bool), 0)
        made = made.drop(columns=PEOPLE)
    return made


def _require_one_header(values: pd.Series, size: pd.Series, headings: Headings, name: str) -> None:
    """Refuse headings among the rows."""
    again = values.isin([plain(one) for one in headings])
    if again.any():
        raise SchemaError(
            f"{name} has its row of headings again in {int(size[again].sum()):,} rows: files were joined. Remove those "
            "rows, or pass the files as they came, in a folder or a zip."
        )


def _of_election(cells: pd.DataFrame, election: str, name: str) -> tuple[pd.DataFrame, str]:
    """Keep one election of a table that says which it is of."""
    if "election" not in cells:
        if election and "voted" not in cells:
            raise InputError(
                f"{name} does not say who voted, so election={election!r} has nothing to choose. Pass voted= or "
                "history=."
            )
        return cells, election
    there = sorted(cells["election"].unique())
    if not election and len(there) == 1:
        election = there[0]
    if election not in there:
        raise InputError(f"{name} has counts of {first_few(there)}; pass election= with one of them.")
    return cells[cells["election"] == election].drop(columns="election"), election


def _standing(cells: pd.DataFrame, status: str, facts: voter_notes.Facts) -> pd.DataFrame:
    """Keep those who are registered in the way that was asked for."""
    if "status" not in cells:
        return cells
    kept = cells["status"].isin({"active"} if status == "active" else {"active", "inactive"})
    left = cells[~kept].groupby("status")["registered"].sum()
    facts.inactive = int(left.get("inactive", 0))
    facts.unregistered = int(left.get("not_registered", 0))
    if not kept.any():
        raise SchemaError(f"nobody on the list has a status that counts as {status!r}; is it a list of the registered?")
    return cells[kept]


def _placed(
    cells: pd.DataFrame, by: str, place_of: pd.Series | None, outside: str, facts: voter_notes.Facts
) -> pd.DataFrame:
    """Name the area of each count; people without one are an error, or told of."""
    parts = [name for name in cells.columns if name.startswith("place_")]
    empty = cells[parts].apply(lambda part: part.str.strip("* ") == "").any(axis=1)
    made = cells.assign(**{AREA: cells[parts].agg(" ".join, axis=1)}).drop(columns=parts)
    nowhere = int(made.loc[empty, "registered"].sum())
    if nowhere and outside == "error":
        raise CoverageError(
            f"{nowhere:,} registered people have no {AREA_WORDS.get(by, by)} in the list. "
            'outside="report" leaves them out and says so.'
        )
    made = made[~empty]
    facts.nowhere = nowhere
    _require_areas(made, by)
    if place_of is None:
        return made
    to = _districts(place_of, by)
    without = ~made[AREA].isin(to.index)
    lost = made[without].groupby(AREA)["registered"].sum().sort_values(ascending=False)
    if len(lost) and outside == "error":
        raise CoverageError(
            f"{int(lost.sum()):,} registered people are in {len(lost):,} areas ({by}) that have no district: "
            f"{showable(lost)}. place_of has names like {first_few(to.index, 2) or 'none'}; "
            'outside="report" leaves them out.'
        )
    facts.unplaced, facts.unplaced_areas = int(lost.sum()), len(lost)
    facts.unmet = int((~to.index.isin(made[AREA])).sum())
    return made[~without].assign(**{AREA: made.loc[~without, AREA].map(to)})


def _districts(place_of: Any, by: str) -> pd.Series:
    """Give areas and their districts as text; a district without a name is none."""
    if isinstance(place_of, pd.Series):
        to = place_of.map(label_of).set_axis(place_of.index.map(label_of))
        if not to.index.has_duplicates:
            return to[to != ""]
    raise InputError(f"place_of= is a pandas Series from each {by}, once, to its district.")


def _require_areas(cells: pd.DataFrame, by: str) -> None:
    """Refuse areas so small that they are people, sums of areas, mangled names, and a list without anybody."""
    require_names(cells[AREA], by)
    if cells.empty:
        raise CoverageError(f"nobody of the list is in any {by}; is it the right column?")
    areas, people = cells[AREA].nunique(), int(cells["registered"].sum())
    if (areas > 1_000 and people < 5 * areas) or (areas > _FEW and people < 2 * areas):
        raise InputError(
            f"by={by!r} has {areas:,} different values for {people:,} people: that is a column of people, not of areas."
        )


def _source(file: Path, layout: Layout, by: str, as_of: str, election: str) -> Source:
    """Say where the counts came from."""
    day = as_of or election
    template = (
        mark("voter registration list of {place}") if layout.kind == "list" else mark("table of turnout of {place}")
    )
    return Source(
        title=say(template, place=layout.place or layout.name),
        publisher=layout.publisher,
        year=int(day[:4]) if day[:4].isdigit() else None,
        level=AREA_WORDS.get(by, by),
        where=file.name,
        sha256=sha256(file) if file.is_file() else "",
    )


def _voting(file: Path, layout: Layout) -> Source:
    """Say where it came from who voted."""
    return Source(
        title=say("history of voting of {place}", place=layout.place or layout.name),
        publisher=layout.publisher,
        where=file.name,
        sha256=sha256(file) if file.is_file() else "",
    )


def _of_districts(file: Path, layout: Layout, by: str, election: str, as_of: str) -> VoterCounts:
    """Read a table of districts."""
    frame, date_of, notes = read_districts(file, layout, election)
    has_votes = bool(frame["voted"].notna().any())
    return VoterCounts(
        frame=frame,
        by=by,
        groups={group: words_of(group, layout) for group in frame.index.unique("group")},
        how=layout.how,
        election=date_of if has_votes else "",
        as_of=as_of or ("" if has_votes else date_of),
        place=layout.place,
        smallest=1,
        sources=(_source(file, layout, by, as_of, date_of),),
        notes=notes,
    )
