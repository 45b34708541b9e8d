"""Which volunteer watches which polling place, so that the largest needs for language help are covered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.monitor_solver import Choice, best_choice
from kit.analysis.monitoring import MonitoringList
from kit.analysis.monitoring_context import language_name
from kit.errors import InputError, first_few
from kit.i18n.messages import each, joined, mark, say, term
from kit.model.frames import Source
from kit.model.monitors import check_monitors, group_of
from kit.model.sentences import few, listed, number_of, people
from kit.model.shared import Shared

MOST_PAIRS = 20_000
NOBODY, NO_SHIFT, TOO_FAR = (
    mark("no monitor speaks it"),
    mark("no shift is left"),
    mark("too far for every monitor who speaks it"),
)
"""Why a need is not met."""


@dataclass(frozen=True)
class MonitorPlan:
    """Shifts of volunteers at polling places, and what they leave open.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a shift: ``place`` (id), ``name``, ``rank``, ``monitor``
        (pseudonym), ``languages`` (groups of languages that somebody speaks
        here; ids with semicolons between) and ``people`` (speakers of limited
        English of those groups whom no shift above covers).
    unmet : pandas.DataFrame
        One row a place and group of languages that nobody covers: ``place``,
        ``name``, ``rank``, ``language``, ``people`` and ``reason``.
    monitors : pandas.DataFrame
        By pseudonym: ``shifts`` offered and ``used``.
    need, covered, in_part : float
        Speakers of limited English at all places; those covered; and those of
        the covered whose group holds many languages, of which a monitor may
        speak only some.
    sources : tuple of Source
        Of the list.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    unmet: pd.DataFrame = Shared()  # noqa: RUF009
    monitors: pd.DataFrame = Shared()  # noqa: RUF009
    need: float = 0.0
    covered: float = 0.0
    in_part: float = 0.0
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say in plain sentences what the plan covers.

        Returns
        -------
        str
            People covered, shifts used, the largest needs left, and cautions.
        """
        used, offered = int(self.monitors["used"].sum()), int(self.monitors["shifts"].sum())
        told: list[str] = [
            say(
                "{used:,} of {offered:,} shifts are given out: {covered} of {need} speakers of limited English are "
                "covered.",
                used=used,
                offered=offered,
                covered=people(self.covered),
                need=people(self.need),
            )
        ]
        left = self.unmet.head(5)
        if len(left):
            rows = [
                say("{name}, {language} ({count}; {reason})", name=row["name"], language=language_name(row["language"]),
                    count=people(row["people"]), reason=term(row["reason"]))
                for row in left.to_dict("records")
            ]  # fmt: skip
            told.append(say("Largest needs left: {rows}.", rows=joined(rows, say("; "))))
        return joined([*told, *each(self.notes)])


def assign_monitors(
    found: MonitoringList,
    monitors: pd.DataFrame,
    *,
    per_place: int = 2,
    max_km: float | None = None,
    first: int | None = None,
) -> MonitorPlan:
    """Give volunteers shifts, so that the most people of limited English find somebody who speaks their language.

    Parameters
    ----------
    found : MonitoringList
        Ranked polling places, or precincts.
    monitors : pandas.DataFrame
        ``monitor`` (a pseudonym such as ``m-01``) and ``languages`` (with
        semicolons between); where wanted ``shifts`` (places somebody can
        watch, 1 by default), ``longitude``, ``latitude`` and ``max_km``.
        Names and contact data are refused.
    per_place : int, default 2
        At most so many monitors at a place.
    max_km : float, optional
        How far a monitor with coordinates may be sent, where the table does not say.
    first : int, optional
        Only so many places from the top of the list.

    Returns
    -------
    MonitorPlan
        Shifts, and the needs that nobody covers.

    Raises
    ------
    InputError
        The table leads to persons, distances are wanted and the list has no
        coordinates, or the task is too large.
    SchemaError
        Columns or values of the table are missing, or cannot be.

    Notes
    -----
    A whole-number programme, solved to the end: a need is the estimate of one
    group of languages at one place, and is covered once somebody who speaks a
    language of that group is there. Among plans that cover the most, one with
    the fewest shifts is taken, then the shortest way, then the ids that come
    first; the order of rows in the tables does not matter. How sure the
    estimates are does not enter: see ranks and margins.
    """
    if not isinstance(found, MonitoringList):
        raise InputError(f"a MonitoringList is due, from kit.rank_polling_places, not a {type(found).__name__}.")
    for name, value in (("per_place", per_place), ("first", 1 if first is None else first)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise InputError(f"{name}={value!r}; pass a whole number, 1 or more.")
    people_ = check_monitors(monitors)
    places = found.frame if first is None else found.frame.head(first)
    need = places[list(found.languages)].to_numpy(dtype="float64")
    unknown = int(np.isnan(need).all(axis=1).sum())
    need = np.where(np.isnan(need), 0.0, need)
    groups = [{group_of(one) for one in spoken} for spoken in people_["languages"]]
    speaks = np.array([[one in mine for one in found.languages] for mine in groups], dtype=bool)
    speaks = speaks.reshape(len(people_), len(found.languages))
    if len(people_) * len(places) > MOST_PAIRS:
        raise InputError(
            f"{len(people_):,} monitors and {len(places):,} places are more than {MOST_PAIRS:,} pairs. Pass first= to "
            "plan the places at the top of the list, or plan parts of the jurisdiction one by one."
        )
    reach, km = _reach(places, people_, max_km)
    choice = Choice(need, speaks, people_["shifts"].to_numpy(dtype="int64"), reach, km, per_place)
    chosen = best_choice(choice)
    frame, met = _shifts(places, people_, choice, chosen, found.languages)
    unmet = _unmet(places, choice, met, found.languages)
    partly = np.array([one.startswith("other_") for one in found.languages])
    used = pd.Series(chosen.sum(axis=1), index=people_.index)
    return MonitorPlan(
        frame=frame,
        unmet=unmet,
        monitors=pd.DataFrame({"shifts": people_["shifts"], "used": used.astype("int64")}),
        need=float(need.sum()),
        covered=float(need[met].sum()),
        in_part=float(need[met & partly].sum()),
        sources=found.sources,
        notes=tuple(_notes(found, met & partly & (need > 0), groups, people_, unknown)),
    )


def _reach(places: pd.DataFrame, monitors: pd.DataFrame, max_km: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Tell who may be sent where, and how far that is in kilometres; 0 for those without coordinates."""
    size = (len(monitors), len(places))
    if max_km is not None and (isinstance(max_km, bool) or not isinstance(max_km, (int, float)) or not max_km > 0):
        raise InputError(f"max_km={max_km!r}; pass kilometres, more than 0.")
    limits = monitors["max_km"] if max_km is None else monitors["max_km"].fillna(float(max_km))
    known = monitors["longitude"].notna().to_numpy()
    if (limits.notna().to_numpy() & ~known).any() and not known.any():
        raise InputError("max_km is given and no monitor has coordinates. Add longitude and latitude, or leave it out.")
    if not known.any():
        return np.ones(size, dtype=bool), np.zeros(size)
    if "longitude" not in places.columns or places["longitude"].isna().any():
        raise InputError(
            "monitors have coordinates and the list has none: precincts were ranked. Pass places= to "
            "kit.rank_polling_places, or leave the coordinates out."
        )
    import pyproj

    km = np.zeros(size)
    x, y = places["longitude"].to_numpy(), places["latitude"].to_numpy()
    for row in np.flatnonzero(known):
        here = monitors.iloc[row]
        start = np.full(len(x), here["longitude"]), np.full(len(x), here["latitude"])
        km[row] = pyproj.Geod(ellps="GRS80").inv(*start, x, y)[2] / 1000
    far = km > limits.to_numpy(dtype="float64")[:, np.newaxis]
    return ~far, km


def _shifts(
    places: pd.DataFrame, monitors: pd.DataFrame, choice: Choice, chosen: np.ndarray, languages: tuple[str, ...]
) -> tuple[pd.DataFrame, np.ndarray]:
    """List shifts place by place; also tell which needs are covered."""
    need, speaks = choice.need, choice.speaks
    met: np.ndarray = np.zeros_like(need, dtype=bool)
    rows = []
    for place in range(len(places)):
        for monitor in np.flatnonzero(chosen[:, place]):
            mine = speaks[monitor] & (need[place] > 0)
            fresh = mine & ~met[place]
            met[place] |= mine
            told = "; ".join(one for one, here in zip(languages, mine, strict=True) if here)
            rows.append(
                (places.index[place], places["name"].iloc[place], places["rank"].iloc[place], monitors.index[monitor],
                 told, float(need[place][fresh].sum()))
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["place", "name", "rank", "monitor", "languages", "people"])
    kinds = {"place": "str", "name": "str", "rank": "Int64", "monitor": "str", "languages": "str", "people": "float64"}
    return frame.astype(kinds), met


def _unmet(places: pd.DataFrame, choice: Choice, met: np.ndarray, languages: tuple[str, ...]) -> pd.DataFrame:
    """List the needs that nobody covers, largest first, and why."""
    need, speaks, reach = choice.need, choice.speaks, choice.reach
    rows = []
    for place, language in np.argwhere((need > 0) & ~met):
        able = speaks[:, language]
        reason = NOBODY if not able.any() else NO_SHIFT if (able & reach[:, place]).any() else TOO_FAR
        about = (places.index[place], places["name"].iloc[place], places["rank"].iloc[place])
        rows.append((*about, languages[language], float(need[place, language]), reason))
    frame = pd.DataFrame(rows, columns=["place", "name", "rank", "language", "people", "reason"])
    kinds = {"place": "str", "name": "str", "rank": "Int64", "language": "str", "people": "float64", "reason": "str"}
    return frame.astype(kinds).sort_values("people", ascending=False, kind="stable", ignore_index=True)


def _notes(
    found: MonitoringList, partly: np.ndarray, groups: list[set[str]], monitors: pd.DataFrame, unknown: int
) -> list[str]:
    """Say what the plan rests on."""
    told: list[str] = [
        say(
            "A need is an estimate of people of limited English in one group of languages at one place; it counts as "
            "covered once one monitor who speaks a language of that group is there. Estimates have margins of error."
        )
    ]
    if partly.any():
        wide = [
            language_name(one)
            for one, here in zip(found.languages, np.atleast_1d(partly.any(axis=0)), strict=True)
            if here
        ]
        many = mark(
            "{languages:capital} are many languages: a monitor speaks only some of them, so they are covered in part."
        )
        told.append(say(many, languages=listed(wide)))
    if any("chinese" in mine for mine in groups):
        told.append(
            say("The table does not tell Mandarin, Cantonese and other Chinese languages apart: ask which is spoken.")
        )
    others = [one for one, mine in zip(monitors.index, groups, strict=True) if not mine & set(found.languages)]
    if others:
        idle = mark("Without a language of this list: {monitors} ({ids}).")
        told.append(say(idle, monitors=number_of(len(others), mark("monitors")), ids=few(others)))
    if unknown:
        told.append(say("Rows without an estimate, where nobody is sent: {number:,}.", number=unknown))
    return told


def shifts_at(plan: MonitorPlan, place: str) -> str:
    """List the monitors at a place.

    Parameters
    ----------
    plan : MonitorPlan
        Shifts.
    place : str
        Its id.

    Returns
    -------
    str
        Pseudonyms with semicolons between; empty for none.
    """
    frame = plan.frame
    return "; ".join(frame.loc[frame["place"] == place, "monitor"])


def require_same_list(plan: MonitorPlan, found: MonitoringList) -> None:
    """Refuse a plan that was made for other places.

    Parameters
    ----------
    plan : MonitorPlan
        Shifts.
    found : MonitoringList
        A list.

    Raises
    ------
    InputError
        It is no plan, or some of its places are not on the list.
    """
    if not isinstance(plan, MonitorPlan):
        raise InputError(f"a MonitorPlan is due, from kit.assign_monitors, not a {type(plan).__name__}.")
    strange = sorted(set(plan.frame["place"]) - set(found.frame.index))
    if strange:
        raise InputError(
            f"the plan has shifts at places that are not on this list: {first_few(strange)}. Make it anew."
        )
