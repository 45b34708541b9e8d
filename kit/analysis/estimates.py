"""Survey estimates of any kind by district: detailed groups, languages, citizens, each with its margin."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kit.analysis import district_margins, moe
from kit.errors import InputError, SchemaError, first_few
from kit.model.frames import Placement
from kit.model.geoid import natural_key
from kit.model.identities import not_negative


def district_estimates(placement: Placement, names: Sequence[str], *, of: str | None = None) -> pd.DataFrame:
    """Add up survey estimates by district, with margins and reliability.

    Parameters
    ----------
    placement : Placement
        Units with estimates, placed in districts.
    names : sequence of str
        Columns of the units, such as ``"hmong_alone"`` or
        ``"korean_speakers_lep"``; each needs its margins in ``<name>_moe``, or
        was shared out by `kit.allocate` from estimates that have margins.
    of : str, optional
        Column to take shares of, with margins of its own; it must contain
        the people counted in `names`.

    Returns
    -------
    pandas.DataFrame
        One row a district (``all`` is the whole area) and name, indexed by
        ``district`` and ``estimate_of``: ``estimate`` and ``moe`` (people),
        ``share`` and ``share_moe`` (fractions) when `of` is given, and
        ``reliability`` and ``symbol`` of the estimate.

    Raises
    ------
    InputError
        No column is named, or `of` has fewer people than a part of it.
    SchemaError
        Columns, or their margins, are not in the units, or an estimate is negative.
    CoverageError
        The counts must not be added (noise drawn for each by itself).

    Notes
    -----
    Margins are at 90 per cent and carry sampling error only. A district with
    one unit whose estimate is not published has no estimate: missing is not zero.
    """
    units = placement.units
    units.require_additive("a district estimate would add several areas")
    wanted = [*names, *([of] if of else [])]
    if not names:
        raise InputError("name at least one column to add up, such as 'hmong_alone'.")
    absent = [name for name in wanted if name not in units.frame.columns]
    bare = [name for name in wanted if name not in absent and not district_margins.at_hand(units, [name])]
    if absent or bare:
        told = f"no column {first_few(absent)}" if absent else f"no margins for {first_few(bare)}"
        have = [name for name in units.frame.columns if district_margins.at_hand(units, [name])]
        raise SchemaError(f"these units have {told}. With margins they have: {first_few(have, 12) or 'nothing'}.")
    sums = {name: _pooled(placement, name) for name in wanted}
    rows = [
        sums[name].assign(estimate_of=name, **_shares(sums[name], sums[of] if of else None)).rename_axis("district")
        for name in names
    ]
    table = pd.concat(rows).set_index("estimate_of", append=True)
    if of:
        _check_parts(table, of)
    marks = moe.reliability(table["estimate"], table["moe"])
    table = table.assign(reliability=marks.word, symbol=marks.symbol)
    order = pd.MultiIndex.from_product([rows[0].index, list(names)], names=["district", "estimate_of"])
    return table.reindex(order)


def _check_parts(table: pd.DataFrame, of: str) -> None:
    """Refuse shares above one: what was counted is not among those of `of`."""
    beyond = table[table["share"] > 1]
    if len(beyond):
        district, name = beyond.index[0]
        raise InputError(
            f"{name} exceeds {of} in {len(beyond):,} sums, first in {district!r}, so it is no part of it. Give an of= "
            "that contains the people counted, such as 'asian_alone_pop' for 'hmong_alone'."
        )


def _pooled(placement: Placement, name: str) -> pd.DataFrame:
    """Add up one column and its margins, by district and for the whole."""
    placed = placement.assignment.notna()
    where = placement.assignment[placed].astype(str)
    counts = not_negative(placement.units.frame[name], placement.units.plural)[placed].astype("float64")
    labels = sorted({*placement.plan.labels, *where}, key=natural_key)
    table = pd.DataFrame({"estimate": counts.groupby(where).sum(skipna=False)}).reindex(labels)
    whole = pd.DataFrame({"estimate": counts.sum(skipna=False)}, index=["all"])
    margins = district_margins.of_districts(placement, [name], pd.Index(labels))[name]
    return pd.concat([table, whole]).assign(moe=margins.to_numpy()).where(lambda t: t["estimate"].notna())


def _shares(part: pd.DataFrame, whole: pd.DataFrame | None) -> dict[str, pd.Series]:
    """Divide once, with the margin of a proportion."""
    if whole is None:
        return {}
    share = part["estimate"] / whole["estimate"].where(whole["estimate"] != 0)
    return {"share": share, "share_moe": moe.proportion(part["estimate"], part["moe"], whole["estimate"], whole["moe"])}
