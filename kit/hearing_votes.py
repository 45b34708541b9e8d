"""Reading the voters and the returns that a hearing file names; of a voter list only sums are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kit.analysis.precinct_shares import PrecinctShares
from kit.errors import Corrupt, InputError, KitError
from kit.hearing_file import Hearing
from kit.hearing_keys import SAMPLE, UnitsFrom
from kit.hearing_sources import sample_of, table_of
from kit.hearing_vote_keys import OF_RETURNS, OF_VOTERS, PeopleFrom, ReturnsFrom, VotersFrom
from kit.i18n.messages import mark
from kit.model.frames import Placement, Source, Units
from kit.model.returns import Returns
from kit.model.voters import VoterCounts


@dataclass(frozen=True)
class Votes:
    """Counts of voters and returns of a hearing.

    Parameters
    ----------
    counts : mapping of int to tuple of VoterCounts
        Plan, by its place in the file from 1, and one or two elections.
    citizens : mapping of int to Placement
        Plan and citizens of voting age in its districts.
    shares : PrecinctShares or None
        People and votes by precinct.
    contest : str
        What the contest is called.
    """

    counts: Mapping[int, tuple[VoterCounts, ...]] = field(default_factory=dict)
    citizens: Mapping[int, Placement] = field(default_factory=dict)
    shares: PrecinctShares | None = None
    contest: str = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of everything read.

        Returns
        -------
        tuple of Source
            Each once.
        """
        listed = [s for counts in self.counts.values() for one in counts for s in one.sources]
        placed = [s for one in self.citizens.values() for s in one.sources]
        told = self.shares.sources if self.shares else ()
        return tuple(dict.fromkeys([*listed, *placed, *told]))


def read_votes(hearing: Hearing, units: Units, placed: Sequence[Placement]) -> Votes:
    """Read voters and returns, as far as an exhibit shows them.

    Parameters
    ----------
    hearing : Hearing
        The file.
    units : Units
        The units of the hearing.
    placed : sequence of Placement
        Those units in each plan.

    Returns
    -------
    Votes
        Empty where no exhibit asks for any.

    Raises
    ------
    KitError
        A file cannot be read, or what it names is not there; the message begins with the key.
    """
    kinds = {one.map for one in hearing.exhibits}
    found = Votes()
    if hearing.voters is not None and kinds & OF_VOTERS:
        with _about("voters"):
            found = replace(found, counts=_counts(hearing, hearing.voters))
        with _about("voters.citizens"):
            found = replace(found, citizens=_citizens(hearing, hearing.voters, units, placed))
    if hearing.returns is not None and kinds & OF_RETURNS:
        with _about("returns"):
            shares, contest = _shares(hearing, hearing.returns)
        found = replace(found, shares=shares, contest=contest)
    return found


@contextmanager
def _about(key: str) -> Iterator[None]:
    """Say which table of the file an error is about."""
    try:
        yield
    except KitError as error:
        told = str(error)
        raise type(error)(told if told.startswith(f"{key}.") else f"{key}: {told}") from None


def _counts(hearing: Hearing, given: VotersFrom) -> dict[int, tuple[VoterCounts, ...]]:
    """Count voters for each plan: a sample has its own plans, and a file one set of areas for all."""
    if given.sample:
        sample = sample_of(given.source)
        keys = {number: one.path.removeprefix(SAMPLE) for number, one in enumerate(hearing.plans, 1)}
        named = {number: key for number, key in keys.items() if hearing.plans[number - 1].path.startswith(SAMPLE)}
        years = [int(day[:4]) for day in given.elections]
        return {number: tuple(sample.voters(key, year) for year in years) for number, key in named.items()}
    from kit.sources.registration import read_registration

    own = hearing.path_of(str(given.layout))
    counts = tuple(
        read_registration(
            hearing.path_of(given.source),
            own if own.is_file() else str(given.layout),
            by=str(given.by),
            election=day,
            as_of=given.as_of.isoformat() if given.as_of else "",
            voted=given.voted,
            history=hearing.path_of(given.history) if given.history else None,
        )
        for day in given.elections
    )
    return dict.fromkeys(range(1, len(hearing.plans) + 1), counts)


def _citizens(hearing: Hearing, given: VotersFrom, units: Units, placed: Sequence[Placement]) -> dict[int, Placement]:
    """Share citizens of voting age out to the units by adults, and place them in each plan."""
    if given.citizens is None:
        return {}
    from kit.analysis.allocation import allocate
    from kit.analysis.placement import place

    shared = allocate(_citizen_units(hearing, given.citizens), units, weight="total_vap").units
    pairs = zip(hearing.plans, placed, strict=True)
    return {number: place(shared, one.plan, outside=plan.outside) for number, (plan, one) in enumerate(pairs, 1)}


def _citizen_units(hearing: Hearing, given: UnitsFrom) -> Units:
    """Read the units that citizens are counted by."""
    if given.kind == "sample":
        return sample_of(given.source).citizens(given.level or "block_group")
    if given.kind == "table":
        return table_of(hearing, given, "voters.citizens")
    from kit.sources.cvap import read_cvap

    place = given.source if given.kind == "state" else str(given.state)
    file = None if given.kind == "state" else hearing.path_of(given.source)
    return read_cvap(place, year=int(given.year or 0), level=str(given.level), source=file)


def _shares(hearing: Hearing, given: ReturnsFrom) -> tuple[PrecinctShares, str]:
    """Join votes and people by precinct."""
    from kit.analysis.precinct_shares import precinct_shares

    returns = _returns(hearing, given)
    people, source = _people(hearing, given.people, _year(returns, given))
    with _about("returns.people"):
        shares = precinct_shares(
            people,
            groups=given.people.groups,
            total=given.people.total,
            of=given.people.of,
            returns=returns,
            contest=given.contest,
            candidates=given.candidates or None,
            sources=(source,),
        )
    return shares, str(returns.contests["name"].get(given.contest, given.contest))


def _returns(hearing: Hearing, given: ReturnsFrom) -> Returns:
    """Read the votes of the contest."""
    from kit.sources.returns import read_returns

    more: dict[str, Any] = {"contests": [given.contest], "kind": given.kind, "year": given.year, "stage": given.stage}
    more |= {"precinct": given.precinct, "columns": given.columns or None}
    if not given.source.startswith(SAMPLE):
        returns = read_returns(hearing.path_of(given.source), **more)
    else:
        returns = read_returns(_of_sample(given.source, "votes"), **more)
        returns = replace(returns, sources=(_invented(given.source, _year(returns, given)),))
    told = (
        replace(
            one,
            title=given.title or one.title,
            publisher=given.publisher or one.publisher,
            year=one.year or _year(returns, given),
        )
        for one in returns.sources
    )
    return replace(returns, sources=tuple(told))


def _year(returns: Returns, given: ReturnsFrom) -> int | None:
    """Give the year of the contest, where the file or the returns say it."""
    import pandas as pd

    told = returns.contests["year"].get(given.contest)
    return given.year or (None if told is None or pd.isna(told) else int(told))


def _people(hearing: Hearing, given: PeopleFrom, year: int | None) -> tuple[Any, Source]:
    """Read the table of precincts, by their ids."""
    if given.source.startswith(SAMPLE):
        table, source = _of_sample(given.source, "precincts"), _invented(given.source, given.year or year)
    else:
        from kit.files import sha256

        path = hearing.path_of(given.source)
        table = _table(path, given.precinct)
        title = given.title or mark("People by precinct")
        source = Source(title, given.publisher, given.year or year, where=path.name, sha256=sha256(path))
    if given.precinct not in table:
        # The first row of a file without headings may be somebody's: it is counted, and not repeated.
        raise InputError(
            f"returns.people.precinct: there is no column {given.precinct!r} among the {len(table.columns):,} of "
            f"{source.where}. Say which column has the ids of precincts; the file is a CSV with commas."
        )
    return table.set_index(given.precinct), source


def _table(path: Path, id: str) -> Any:
    """Read a table of precincts, ids as text."""
    import pandas as pd

    try:
        return pd.read_csv(path, dtype={id: "str"})
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, OSError):
        raise Corrupt(f"returns.people.source: {path.name} cannot be read as a CSV table; is it cut off?") from None


def _of_sample(word: str, table: str) -> Any:
    """Give a table of a sample."""
    tables = sample_of(word).tables
    if table not in tables:
        raise InputError(f"the sample {word.removeprefix(SAMPLE)!r} has no table of {table}; 'fictional_county' has.")
    return tables[table]


def _invented(word: str, year: int | None) -> Source:
    """Say where the votes and the voters of a sample come from."""
    title = mark("invented votes and voters by precinct")
    return replace(sample_of(word).units.sources[0], title=title, year=year, tables="", level="precinct")
