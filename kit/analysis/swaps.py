"""The swap sheet: which units go from which district to which, and how many people with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis import swap_words
from kit.analysis.matching import NOWHERE, Pair, lay_over, match_districts
from kit.errors import CoverageError, InputError, first_few
from kit.i18n.messages import say
from kit.model.adjacency import Adjacency
from kit.model.frames import Placement, Source
from kit.model.groups import column, definition
from kit.model.sentences import people
from kit.model.shared import Shared
from kit.settings import current

_COUNTS = ("people", "group", "base")


@dataclass(frozen=True)
class SwapSheet:
    """Who moves between districts from one plan to another.

    Parameters
    ----------
    moves : pandas.DataFrame
        One row a pair of districts, numbered from 1, the largest group first:
        ``from`` (label before), ``to`` (label after), ``to_was`` (the district
        before that answers to it; missing where it is new), ``units``,
        ``pieces`` (contiguous, where `swap_sheet` was given neighbours),
        ``people``, ``base``, ``group``, ``share`` (of the group among the base
        that moves), ``share_of_group`` (of the group in the old district) and
        ``group_text``. ``group`` and both shares are missing where the base is
        too small, or where one census block is all that moves;
        ``group_text`` then says so, as "fewer than 200" or "one block".
    units : pandas.DataFrame
        One row a unit that moves, by GEOID: ``from``, ``to``, ``people``,
        ``move`` (number of the row in `moves`) and ``piece`` (number of the
        row in `pieces`). No count of the group stands here.
    pieces : pandas.DataFrame or None
        One row a contiguous piece, numbered from 1: ``move`` and the columns
        of `moves` from ``from`` to ``group_text`` that apply. None without neighbours.
    net : pandas.DataFrame
        One row a district: ``district`` (label after; missing where it ended),
        ``was`` (label before; missing where it is new), ``units_in`` and
        ``units_out``, and for people, base and group ``…_in``, ``…_out`` and
        ``…_net``; in and out of the group are missing as in `moves`.
    total : pandas.Series
        ``units``, ``people``, ``base`` and ``group`` that move; the group is
        missing as in `moves`.
    group, base : str
        Definition id and universe id.
    before, after : Placement
        What was compared.
    notes : tuple of str
        Cautions that belong to these figures.
    """

    moves: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, as below
    units: pd.DataFrame = Shared()  # noqa: RUF009
    pieces: pd.DataFrame | None = Shared()  # noqa: RUF009
    net: pd.DataFrame = Shared()  # noqa: RUF009
    total: pd.Series = Shared()  # noqa: RUF009
    group: str = ""
    base: str = ""
    before: Placement = None  # type: ignore[assignment]
    after: Placement = None  # type: ignore[assignment]
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the units and of both plans.

        Returns
        -------
        tuple of Source
            Units first, each once.
        """
        return tuple(dict.fromkeys((*self.before.sources, *self.after.sources)))

    def summary(self) -> str:
        """Say in plain sentences who moves.

        Returns
        -------
        str
            How many move, the three largest moves, and cautions.
        """
        return swap_words.summarise(self)


def swap_sheet(
    before: Placement,
    after: Placement,
    *,
    group: str,
    base: str,
    adjacency: Adjacency | None = None,
    small_base: int | None = None,
) -> SwapSheet:
    """List which units move between districts, and how many people with them.

    Parameters
    ----------
    before, after : Placement
        The same units placed in two plans.
    group : str
        Definition id, for example ``"aapi_aoic"``.
    base : str
        Universe id, for example ``"vap"``.
    adjacency : Adjacency, optional
        Neighbours, from `kit.adjacency`; with them moves are also given by
        contiguous piece.
    small_base : int, optional
        Counts of the group are not shown where fewer people of the base move;
        by default ``small_base`` of the settings.

    Returns
    -------
    SwapSheet
        Moves, units, pieces and the net of each district.

    Raises
    ------
    InputError
        The group or the base is not in the vocabulary, an argument is of
        another kind, or adjusted counts are compared with counts as published.
    SchemaError
        The units have no such counts.
    CoverageError
        The two are not of the same units, vintage or counts; the neighbours
        are of other units; or moves do not add up to the districts' change.

    Notes
    -----
    Districts are matched as by `kit.compare_plans`; a unit moves where its
    district after does not answer to its district before. Units in no
    district count as being in one called "in no district". The net of each
    district is checked against the district's totals, to the person.
    """
    names = {"group": column(definition(group).name, base), "base": column("total", base)}
    if adjacency is not None and not isinstance(adjacency, Adjacency):
        raise InputError(f"adjacency is an Adjacency, from kit.adjacency, not a {type(adjacency).__name__}.")
    small = current().small_base if small_base is None else small_base
    pair = lay_over(before, after, list(names.values()))
    names["people"] = pair.people
    matching = match_districts(*(pair.cross(names.get(what)) for what in (*("people", "group", "base"), "units")))
    frame = pair.frame
    table = pd.DataFrame({what: frame[names[what]] for what in _COUNTS})
    table = table.assign(**{"from": frame["before"], "to": frame["after"]})
    answers = table["from"].map(pd.concat([matching, pd.Series({NOWHERE: NOWHERE})]))
    moved = table[answers.isna() | (answers != table["to"])]
    hide = _Hiding(small, by_block=before.units.level == "block")
    old_group = table.groupby("from")["group"].sum()
    moves = hide(_added_up(moved, ["from", "to"]))
    moves["share_of_group"] = moves["group"] / old_group.where(old_group > 0).reindex(moves["from"]).to_numpy()
    was = pd.Series(matching.dropna().index, index=matching.dropna().to_numpy(), dtype="str")
    moves.insert(2, "to_was", moves["to"].map(was).astype("str"))
    moves = _numbered(moves, "move")
    number = pd.Series(moves.index, index=pd.MultiIndex.from_frame(moves[["from", "to"]]))
    units = moved[["from", "to", "people"]].copy()
    units["move"] = number.reindex(pd.MultiIndex.from_frame(moved[["from", "to"]])).to_numpy()
    pieces = None
    if adjacency is not None:
        units["piece"], pieces = _pieces(moved, units["move"], adjacency, hide)
        moves.insert(4, "pieces", pieces.groupby("move").size().reindex(moves.index))
    units = units.sort_values([name for name in ("move", "piece") if name in units], kind="stable")
    return SwapSheet(
        moves=moves,
        units=units,
        pieces=pieces,
        net=_net(pair, table, moved, matching, hide),
        total=hide.total(moved),
        group=group,
        base=base,
        before=before,
        after=after,
        notes=swap_words.notes(pair, moves, pieces, base, hide),
    )


@dataclass(frozen=True)
class _Hiding:
    """When a count of the group is not shown."""

    small: int
    by_block: bool

    def hidden(self, units: pd.Series, base: pd.Series) -> pd.Series:
        """Tell where the base is small, or one census block is all there is."""
        return (base > 0) & ((base < self.small) | (self.by_block & (units == 1)))

    def total(self, moved: pd.DataFrame) -> pd.Series:
        """Add up all that moves."""
        counts = {what: moved[what].sum() for what in ("people", "base", "group")}
        total = pd.Series({"units": len(moved)} | counts, dtype=object)
        row = pd.DataFrame({"units": [len(moved)], "base": [counts["base"]]})
        if self.hidden(row["units"], row["base"]).any():
            total["group"] = pd.NA
        return total

    def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
        """Hide counts of the group, and say in words why."""
        hidden = self.hidden(table["units"], table["base"])
        words = [
            people(count)
            if not gone
            else say("fewer than {number:,}", number=self.small)
            if base < self.small
            else say("one block")
            for count, gone, base in zip(table["group"], hidden, table["base"], strict=True)
        ]
        shown = table["group"].astype("Int64" if pd.api.types.is_integer_dtype(table["group"]) else "Float64")
        table = table.assign(group=shown.mask(hidden))
        table["share"] = (table["group"] / table["base"].where(table["base"] > 0)).astype("Float64")
        return table.assign(group_text=pd.array(words, dtype="str"))


def _added_up(moved: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Add up units and counts in groups."""
    groups = moved.groupby(by, sort=False)
    table = groups[["people", "base", "group"]].sum()
    table.insert(0, "units", groups.size())
    return table.reset_index()


def _numbered(table: pd.DataFrame, name: str, first: tuple[str, ...] = ()) -> pd.DataFrame:
    """Put the largest group first, rows without one last, and number the rows."""
    order = pd.DataFrame({key: table[key] for key in first}, index=table.index)
    order["group"] = -table["group"].astype("Float64")
    order["people"] = -table["people"].astype("float64")
    order = order.assign(**{key: table[key] for key in ("from", "to")})
    table = table.loc[order.sort_values(list(order.columns), na_position="last", kind="stable").index]
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name=name))


def _pieces(
    moved: pd.DataFrame, move: pd.Series, adjacency: Adjacency, hide: _Hiding
) -> tuple[pd.Series, pd.DataFrame]:
    """Number the contiguous pieces of each move."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    at = adjacency.ids.get_indexer(moved.index)
    if (at < 0).any():
        strangers = moved.index[at < 0]
        raise CoverageError(
            f"{len(strangers):,} of the {len(moved):,} units that move are not among the {len(adjacency.ids):,} "
            f"units of the neighbours, first {first_few(strangers)}. Make the neighbours of these units."
        )
    place = np.full(len(adjacency.ids), -1)
    place[at] = np.arange(len(moved))
    ends = place[adjacency.pairs]
    ends = ends[(ends >= 0).all(axis=1)]
    number = move.to_numpy()
    ends = ends[number[ends[:, 0]] == number[ends[:, 1]]]
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(moved), len(moved)))
    _, label = connected_components(graph, directed=False)
    labelled = moved.assign(move=number, raw=label)
    table = hide(_added_up(labelled, ["raw", "move", "from", "to"]))
    table = _numbered(table, "piece", ("move",))
    found = pd.Series(table.index, index=table["raw"]).reindex(label).to_numpy()
    return pd.Series(found, index=moved.index, name="piece"), table.drop(columns="raw")


def _net(pair: Pair, table: pd.DataFrame, moved: pd.DataFrame, matching: pd.Series, hide: _Hiding) -> pd.DataFrame:
    """Add up what each district gains and loses, and check it against the districts' totals."""
    after = [label for label in pair.cross(None).columns if label != NOWHERE]
    was = pd.Series(matching.dropna().index, index=matching.dropna().to_numpy(), dtype="str").reindex(after)
    rows = [(new, old) for new, old in was.items()] + [(None, old) for old in matching.index[matching.isna()]]
    rows += [(NOWHERE, NOWHERE)] if (table[["from", "to"]] == NOWHERE).any(axis=None) else []
    net = pd.DataFrame(rows, columns=["district", "was"]).astype("str")
    whole_before, whole_after = (table.groupby(side)[list(_COUNTS)].sum() for side in ("from", "to"))
    counted = moved.assign(units=1)
    out, into = (counted.groupby(side)[["units", *_COUNTS]].sum() for side in ("from", "to"))
    for what in ("units", *_COUNTS):
        net[f"{what}_in"] = _at(into[what], net["district"])
        net[f"{what}_out"] = _at(out[what], net["was"])
        net[f"{what}_net"] = net[f"{what}_in"] - net[f"{what}_out"]
        if what in _COUNTS:
            change = _at(whole_after[what], net["district"]) - _at(whole_before[what], net["was"])
            net_change = net[f"{what}_net"].to_numpy("float64")
            wrong = ~np.isclose(net_change, change.to_numpy("float64"), rtol=1e-9, atol=1e-6)
            if wrong.any():
                at = first_few(net["district"][wrong])
                raise CoverageError(f"{what}: moves do not add up to the change of district {at}.")
    for way in ("in", "out"):
        hidden = hide.hidden(net[f"units_{way}"], net[f"base_{way}"])
        kind = "Int64" if pd.api.types.is_integer_dtype(net[f"group_{way}"]) else "Float64"
        net[f"group_{way}"] = net[f"group_{way}"].astype(kind).mask(hidden)
    return net


def _at(sums: pd.Series, labels: pd.Series) -> pd.Series:
    """Look up sums by label; a label without any has 0 of them."""
    return sums.reindex(labels, fill_value=0).set_axis(labels.index)
