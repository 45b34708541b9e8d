"""Two plans side by side: which districts stay, who moves, and what that does to a group's shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis import compare_words
from kit.analysis.concentration import concentration
from kit.analysis.matching import NOWHERE, Pair, lay_over, match_districts, matched_by, variation_of_information
from kit.i18n.messages import mark, say
from kit.model.frames import DistrictTable, Placement, Source
from kit.model.geoid import natural_key
from kit.model.groups import column, definition
from kit.model.shared import Shared

_SIDES = ("before", "after")


@dataclass(frozen=True)
class Retention:
    """Where the residents of each district go.

    Parameters
    ----------
    people, base, group : pandas.DataFrame
        People, people of the base and people of the group, by district before
        (rows) and after (columns). In `group` a cell that rests on a single
        census block is missing: no count of a group is given for one block.
    units : pandas.DataFrame
        Number of units, likewise.
    """

    people: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, as below
    base: pd.DataFrame = Shared()  # noqa: RUF009
    group: pd.DataFrame = Shared()  # noqa: RUF009
    units: pd.DataFrame = Shared()  # noqa: RUF009
    _group_total: pd.Series = Shared()  # noqa: RUF009

    @property
    def share(self) -> pd.DataFrame:
        """Share of each old district's people in each new one.

        Returns
        -------
        pandas.DataFrame
            Fractions; each row adds up to 1, or is missing where nobody lived.
        """
        return _by_row(self.people, self.people.sum(axis=1))

    @property
    def group_share(self) -> pd.DataFrame:
        """Share of the group in each old district that is in each new one.

        Returns
        -------
        pandas.DataFrame
            Fractions; missing where `group` is.
        """
        return _by_row(self.group, self._group_total)


@dataclass(frozen=True)
class PlanComparison:
    """What changes between two plans on the same units.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a district of the plan after, indexed by its label: ``was``
        (the district before that answers to it; missing where it is new),
        ``status`` (``matched`` or ``created``), ``people_before`` and
        ``people_after``, ``count_…``, ``base_…``, ``share_…``, ``rank_…`` and
        ``tier_…`` before and after, ``difference`` (share after minus share
        before, a fraction), ``rank_change`` (places gained),
        ``people_kept`` and ``retention`` (of the people before),
        ``group_kept`` and ``group_retention``, ``base_retention``,
        ``largest_origin`` and ``largest_origin_share`` (of the people after).
        What a pair keeps of the group is missing where it keeps one census block.
        Where the units have margins of error also ``share_before_moe`` and
        ``share_after_moe``.
    ended : pandas.DataFrame
        Districts before that none answers to: ``people``, ``count``, ``base``,
        ``share`` and ``largest_destination``, by their old label.
    matching : pandas.Series
        District before → district after; missing where it ended.
    plan : pandas.Series
        ``label_matched_retention``, ``best_match_retention``,
        ``base_retention``, ``group_retention``, ``gap``,
        ``variation_of_information`` (nats), ``people_moved``, ``base_moved``,
        ``group_moved`` (missing where one census block moves) and ``units_moved``.
    retention : Retention
        Where the residents of each district go.
    group, base : str
        Definition id and universe id.
    matched_by : str
        Count column that districts were matched by.
    before, after : Placement
        What was compared.
    notes : tuple of str
        Cautions that belong to these figures.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, as below
    ended: pd.DataFrame = Shared()  # noqa: RUF009
    matching: pd.Series = Shared()  # noqa: RUF009
    plan: pd.Series = Shared()  # noqa: RUF009
    retention: Retention = None  # type: ignore[assignment]
    group: str = ""
    base: str = ""
    matched_by: str = ""
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
        """Say in plain sentences what changes.

        Returns
        -------
        str
            Who changes district, which shares change most, which districts
            end or are new, and cautions.
        """
        return compare_words.summarise(self)


def compare_plans(before: Placement, after: Placement, *, group: str, base: str) -> PlanComparison:
    """Compare two plans on the same units.

    Parameters
    ----------
    before, after : Placement
        The same units placed in two plans.
    group : str
        Definition id, for example ``"aapi_aoic"``.
    base : str
        Universe id, for example ``"vap"``.

    Returns
    -------
    PlanComparison
        District by district, and for the plan as a whole.

    Raises
    ------
    InputError
        The group or the base is not in the vocabulary, an argument is no
        Placement, or adjusted counts are compared with counts as published.
    SchemaError
        The units have no such counts.
    CoverageError
        The two are not of the same units, vintage or counts.

    Notes
    -----
    Districts are matched so that the most people stay together, by total
    population where the units have it and else by `base`. Between matchings
    that keep equally many people, the group, the base and the number of units
    kept together decide, the group with the most weight.
    ``gap`` is the group's retention minus that of everybody in the same
    universe; people moved are those whose district after does not answer to
    their district before, people placed or left out by one plan only among
    them. Shares before and after are sums over units in common, so their
    margins are not independent: no test of the difference is made.
    """
    names = {"count": column(definition(group).name, base), "base": column("total", base)}
    pair = lay_over(before, after, list(names.values()))
    tables = {
        "before": concentration(before, group=group, base=base),
        "after": concentration(after, group=group, base=base),
    }
    cells = {
        "people": pair.cross(pair.people),
        "group": pair.cross(names["count"]),
        "base": pair.cross(names["base"]),
        "units": pair.cross(None),
    }
    matching = match_districts(cells["people"], cells["group"], cells["base"], cells["units"])
    single = (cells["units"] == 1) & (before.units.level == "block")
    plan = _plan(cells, matching)
    return PlanComparison(
        frame=_frame(tables, cells, matching, single),
        ended=_ended(tables["before"], cells["people"], matching),
        matching=matching,
        retention=Retention(
            cells["people"], cells["base"], cells["group"].mask(single), cells["units"], cells["group"].sum(axis=1)
        ),
        plan=plan.where((plan.index != "group_moved") | (plan["units_moved"] != 1) | (before.units.level != "block")),
        group=group,
        base=base,
        matched_by=pair.people,
        before=before,
        after=after,
        notes=_notes(pair, tables, cells, int(single.to_numpy().sum())),
    )


def _frame(
    tables: dict[str, DistrictTable], cells: dict[str, pd.DataFrame], matching: pd.Series, single: pd.DataFrame
) -> pd.DataFrame:
    """Lay the figures of matched districts side by side."""
    labels = [label for label in cells["people"].columns if label != NOWHERE]
    was = pd.Series(matching.dropna().index, index=matching.dropna().to_numpy(), dtype="str").reindex(labels)
    frame = pd.DataFrame({"was": was}).rename_axis("district")
    frame["status"] = np.where(was.notna(), "matched", "created")
    for side, keys in (("before", was), ("after", pd.Series(labels, index=frame.index))):
        axis = int(side == "after")
        frame[f"people_{side}"] = cells["people"].sum(axis=1 - axis).reindex(keys).to_numpy()
        figures = tables[side].frame.reindex(keys)
        for name in ("count", "base", "share", "rank", "tier"):
            frame[f"{name}_{side}"] = figures[name].array
        if "share_moe" in figures:
            frame[f"share_{side}_moe"] = figures["share_moe"].array
    frame["difference"] = frame["share_after"] - frame["share_before"]
    frame["rank_change"] = frame["rank_before"] - frame["rank_after"]
    for what, kept, share in (
        ("people", "people_kept", "retention"),
        ("group", "group_kept", "group_retention"),
        ("base", "base_kept", "base_retention"),
    ):
        table = cells[what]
        found = [np.nan if pd.isna(old) else table.loc[old, new] for new, old in was.items()]
        frame[kept] = pd.array(found, dtype="Int64") if pd.api.types.is_integer_dtype(table.to_numpy()) else found
        whole = table.sum(axis=1).reindex(was).to_numpy("float64")
        frame[share] = np.divide(np.array(found, dtype=float), whole, out=np.full(len(whole), np.nan), where=whole > 0)
    hidden = [pd.notna(old) and bool(single.loc[old, new]) for new, old in was.items()]
    frame.loc[hidden, ["group_kept", "group_retention"]] = np.nan
    old = cells["people"].drop(index=NOWHERE, errors="ignore")[labels]
    frame["largest_origin"] = pd.array(_largest(old.T), dtype="str")
    frame["largest_origin_share"] = (old.max() / frame["people_after"].where(frame["people_after"] > 0)).to_numpy()
    return frame.drop(columns="base_kept")


def _ended(table: DistrictTable, people_moved: pd.DataFrame, matching: pd.Series) -> pd.DataFrame:
    """List the districts that nothing answers to."""
    gone = matching.index[matching.isna()]
    frame = table.frame.reindex(gone)[["count", "base", "share"]]
    frame.insert(0, "people", people_moved.sum(axis=1).reindex(gone).to_numpy())
    new = people_moved.drop(columns=NOWHERE, errors="ignore").loc[gone]
    frame["largest_destination"] = pd.array(_largest(new), dtype="str")
    return frame.rename_axis("district")


def _largest(table: pd.DataFrame) -> list[str | None]:
    """Name the largest column of each row; none where a row is empty."""
    return [str(row.idxmax()) if len(row) and row.max() > 0 else None for _, row in table.iterrows()]


def _plan(cells: dict[str, pd.DataFrame], matching: pd.Series) -> pd.Series:
    """Measure the two plans as wholes."""
    pairs = [(old, new) for old, new in matching.dropna().items()]
    kept = {name: float(sum(table.loc[old, new] for old, new in pairs)) for name, table in cells.items()}
    whole = {name: float(table.drop(index=NOWHERE, errors="ignore").to_numpy().sum()) for name, table in cells.items()}
    nowhere = {
        name: float(table.loc[NOWHERE, NOWHERE]) if NOWHERE in table.index and NOWHERE in table.columns else 0.0
        for name, table in cells.items()
    }
    moved = {name: float(cells[name].to_numpy().sum()) - kept[name] - nowhere[name] for name in cells}
    named = cells["people"]
    same = [label for label in named.index if label in named.columns and label != NOWHERE]
    retained = {name: kept[name] / whole[name] if whole[name] else np.nan for name in cells}
    by_label = sum(float(named.loc[label, label]) for label in same)
    return pd.Series(
        {
            "label_matched_retention": by_label / whole["people"] if whole["people"] else np.nan,
            "best_match_retention": retained["people"],
            "base_retention": retained["base"],
            "group_retention": retained["group"],
            "gap": retained["group"] - retained["base"],
            "variation_of_information": variation_of_information(named),
            "people_moved": moved["people"],
            "base_moved": moved["base"],
            "group_moved": moved["group"],
            "units_moved": moved["units"],
        }
    )


def _by_row(table: pd.DataFrame, whole: pd.Series) -> pd.DataFrame:
    """Divide each row once; a share of nobody is missing."""
    return table.div(whole.where(whole > 0), axis=0).astype("float64")


_OF_SIDE = {"before": mark("Before ({plan}): {note}"), "after": mark("After ({plan}): {note}")}


def _notes(
    pair: Pair, tables: dict[str, DistrictTable], cells: dict[str, pd.DataFrame], single: int
) -> tuple[str, ...]:
    """Write what a reader must know before using the figures."""
    plural = pair.before.units.plural
    notes: list[str] = [
        matched_by(pair),
        say("Label-matched retention says nothing where a plan numbers its districts anew."),
    ]
    told = {side: list(table.notes) for side, table in tables.items()}
    notes += [note for note in told["before"] if note in told["after"]]
    for side, other in (_SIDES, _SIDES[::-1]):
        name = getattr(pair, side).plan.name
        notes += [say(_OF_SIDE[side], plan=name, note=note) for note in told[side] if note not in told[other]]
        empty = sorted(
            set(getattr(pair, side).plan.labels)
            - set(cells["people"].index if side == "before" else cells["people"].columns),
            key=natural_key,
        )
        if empty:
            notes.append(
                say(
                    mark("District {district} of {plan} holds none of these {units} and is left out.")
                    if len(empty) == 1
                    else mark("{number:,} districts of {plan} hold none of these {units} and are left out."),
                    district=empty[0],
                    number=len(empty),
                    plan=name,
                    units=plural,
                )
            )
    if NOWHERE in cells["people"].index or NOWHERE in cells["people"].columns:
        notes.append(say("People placed or left out by one plan only count as moved."))
    if any("share_moe" in table.frame for table in tables.values()):
        notes.append(
            say(
                "Shares before and after come from one survey and have {units} in common, so their margins are not "
                "independent; whether a difference is more than sampling error was not tested.",
                units=plural,
            )
        )
    if single:
        notes.append(
            say(
                mark("1 cell of the group's retention rests on one census block and is not shown.")
                if single == 1
                else mark("{number:,} cells of the group's retention rest on one census block and are not shown."),
                number=single,
            )
        )
    return tuple(dict.fromkeys(notes))
