"""How concentrated a group is in each district: counts summed, shares divided once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis import district_margins, margin_notes, moe
from kit.analysis.account import in_no_figure
from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import english, mark, say, term
from kit.model.detail import told_of
from kit.model.frames import DistrictTable, Placement, Source, Units
from kit.model.groups import DEFINITIONS, base_of, column, parts
from kit.model.sentences import goes_beyond, listed
from kit.model.tiers import NO_SHARE, tier_of
from kit.settings import current


def unit_shares(units: Units, *, group: str, base: str) -> pd.DataFrame:
    """Compute a group's share in each unit.

    Parameters
    ----------
    units : Units
        Units with counts.
    group : str
        Definition id, for example ``"aapi_aoic"``, or a column of a survey table.
    base : str
        Universe id, for example ``"vap"``, or the column of a survey table.

    Returns
    -------
    pandas.DataFrame
        Indexed by GEOID: ``count`` and ``base`` in people, ``share`` as a
        fraction, missing where nobody lives. Where the units have margins of
        error for both counts also ``count_moe``, ``base_moe``, ``share_moe``,
        ``share_low``, ``share_high`` (90 per cent) and ``reliability``.
        An estimate of the group that is larger than that of the base has no
        share: the two were rounded, or shared out, one by one.

    Raises
    ------
    InputError
        The group or the base is not in the vocabulary.
    SchemaError
        The units have no such counts, or counts that are no estimates exceed their base.
    """
    of_group, of_all = _columns(units, group, base)
    counts, bases = units.column(of_group), units.column(of_all)
    names = [str(counts.name), str(bases.name)]
    over = district_margins.estimates_over_base(units, *names)
    _refuse_excess(counts[~over], bases[~over], units.plural)
    frame = pd.DataFrame({"count": counts, "base": bases, "share": _divide(counts, bases).where(~over)})
    if len(district_margins.at_hand(units, names)) < 2:
        return frame
    count_moe, base_moe = (district_margins.of_units(units, name) for name in names)
    added = district_margins.share_columns(counts, count_moe, bases, base_moe)
    return pd.concat([frame.assign(count_moe=count_moe, base_moe=base_moe), added], axis=1)


def concentration(placement: Placement, *, group: str, base: str) -> DistrictTable:
    """Measure a group's concentration in every district.

    Parameters
    ----------
    placement : Placement
        Units placed in districts.
    group : str
        Definition id, for example ``"aapi_aoic"``; or a column of a survey
        table, such as ``"hmong_alone"`` or ``"korean_speakers_lep"``.
    base : str
        Universe id: ``"pop"``, ``"vap"``, ``"cvap"``, ``"registered"`` or
        ``"voted"``; or the column of a survey table that contains the group,
        such as ``"asian_alone_pop"`` or ``"people_5_and_over"``.

    Returns
    -------
    DistrictTable
        ``.frame`` by district: ``count`` and ``base`` (people), ``share``
        (fraction; missing where nobody lives), ``share_of_group`` (fraction of
        the group that lives there), ``difference`` (share minus the
        jurisdiction's share), ``location_quotient`` (share over the
        jurisdiction's share), ``rank`` (1 is the highest share) and ``tier``.
        For a combined group also ``asian``, ``asian_share``, ``nhpi`` and
        ``nhpi_share`` where the source has them. Where the units have margins
        of error, or were shared out by `kit.allocate` from units that have
        them, also ``count_moe``, ``base_moe``, ``share_moe``, the interval
        ``share_low`` to ``share_high``, ``reliability`` of the share, and
        ``difference_moe``, ``location_quotient_moe``, ``share_of_group_moe``.

    Raises
    ------
    InputError
        The group or the base is not in the vocabulary.
    SchemaError
        The units have no such counts.
    CoverageError
        The districts do not add up to the units.

    Notes
    -----
    Shares are divided once, from district sums; the combined group is a sum of
    disjoint cells, so its Asian and NHPI parts can overlap and need not add up.
    Margins are at 90 per cent and carry sampling error only, by `kit.moe.sum`
    and `kit.moe.proportion`; they do not change rank or tier. Figures that set
    a district against the whole have margins that know it is a part of the
    whole (`kit.analysis.part_of_whole.part_margins`). Margins of estimates
    shared out by `kit.allocate` take the shares as exact, so they are
    understated, as a note says; a unit of theirs that a district line cuts
    counts as if its two sides were apart.
    """
    units = placement.units
    names = dict(zip(("count", "base"), _columns(units, group, base), strict=True))
    shown = _parts_at_hand(units, group, base)
    sums = placement.totals([*names.values(), *shown.values()])
    frame = pd.DataFrame({short: sums[name] for short, name in names.items()})
    _refuse_excess(frame["count"], frame["base"], "districts")
    total_count, total_base = frame["count"].sum(), frame["base"].sum()
    whole = float(total_count / total_base) if total_base else np.nan
    frame["share"] = _divide(frame["count"], frame["base"])
    frame["share_of_group"] = frame["count"] / total_count if total_count else np.nan
    frame["difference"] = frame["share"] - whole
    frame["location_quotient"] = frame["share"] / whole if whole else np.nan
    frame["rank"] = frame["share"].rank(ascending=False, method="min").astype("Int64")
    frame["tier"] = tier_of(frame["share"]).replace(NO_SHARE, f"no {english(base_of(base).noun)}")
    same = 1.0 if total_count else np.nan
    total = pd.Series(
        {
            "count": total_count, "base": total_base, "share": whole,
            "share_of_group": same, "difference": whole - whole, "location_quotient": same,
        },
        dtype=object,
    )  # fmt: skip
    for who, name in shown.items():
        frame[who], frame[f"{who}_share"] = sums[name], _divide(sums[name], frame["base"])
        total[who] = sums[name].sum()
        total[f"{who}_share"] = float(total[who] / total_base) if total_base else np.nan
    frame, total = district_margins.with_margins(frame, total, placement, names | shown)
    notes = (
        *_cautions(placement, frame, group, base, shown),
        *margin_notes.notes(placement, frame, names),
    )
    return DistrictTable(frame, total, group, base, placement, notes)


@dataclass(frozen=True)
class DefinitionLadder:
    """The same districts under every definition that the source can count.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by ``district`` and ``definition``: ``count``, ``base``
        (people) and ``share`` (fraction), and where the units have margins of
        error ``count_moe``, ``base_moe`` and ``share_moe`` (missing for
        definitions without). The last district, ``all``, is the jurisdiction.
    base : str
        Universe id.
    missing : tuple of str
        Definitions that the source cannot count.
    sources : tuple of Source
        Where the figures came from.
    notes : tuple of str
        What a reader must know of the margins.
    """

    frame: pd.DataFrame
    base: str
    missing: tuple[str, ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()

    def shares(self) -> pd.DataFrame:
        """Lay the shares out with one column a definition.

        Returns
        -------
        pandas.DataFrame
            Districts by definition; fractions.
        """
        districts, definitions = (self.frame.index.unique(level) for level in ("district", "definition"))
        values = self.frame["share"].to_numpy().reshape(len(districts), len(definitions))
        return pd.DataFrame(values, index=districts, columns=definitions)


def definition_ladder(placement: Placement, *, base: str) -> DefinitionLadder:
    """Count every definition in every district.

    Parameters
    ----------
    placement : Placement
        Units placed in districts.
    base : str
        Universe id.

    Returns
    -------
    DefinitionLadder
        Counts and shares, and which definitions the source lacks.

    Raises
    ------
    InputError
        The base is not in the vocabulary, or a district is called ``all``.
    SchemaError
        The units have none of the definitions in this universe, or a group
        outnumbers its base.
    CoverageError
        The districts do not add up to the units.
    """
    known = set(placement.units.frame.columns)
    wanted = [name for name in DEFINITIONS if name != "total"]
    at_hand = [name for name in wanted if column(name, base) in known]
    if not at_hand:
        raise SchemaError(
            f"these units have no AAPI counts in the {base_of(base).label}. "
            f"Counts at hand: {first_few(placement.units.count_columns, 12) or 'none'}."
        )
    total = column("total", base)
    sums = placement.totals([total, *(column(name, base) for name in at_hand)])
    if "all" in sums.index:
        raise InputError("a district of this plan is called 'all', as the jurisdiction is here; give it another label.")
    for name in at_hand:
        _refuse_excess(sums[column(name, base)], sums[total], "districts")
    sums.loc["all"] = sums.sum()
    tall = [
        pd.DataFrame({"count": sums[column(name, base)], "base": sums[total]}).assign(definition=name)
        for name in at_hand
    ]
    frame = pd.concat(tall).set_index("definition", append=True)
    frame["share"] = _divide(frame["count"], frame["base"])
    order = pd.MultiIndex.from_product([sums.index, at_hand], names=["district", "definition"])
    missing = tuple(name for name in wanted if name not in at_hand)
    frame = frame.reindex(order)
    counted = [column(name, base) for name in at_hand]
    margins = district_margins.of_districts(placement, [total, *counted], sums.index[:-1])
    if total in margins and len(margins.columns) > 1:
        frame["count_moe"] = margins.reindex(columns=counted).to_numpy().ravel()
        frame["base_moe"] = margins[total].repeat(len(at_hand)).to_numpy()
        frame["share_moe"] = moe.proportion(frame["count"], frame["count_moe"], frame["base"], frame["base_moe"])
    notes = tuple(margin_notes.understated(placement.units, [total, *counted]))
    return DefinitionLadder(frame, base, missing, placement.sources, notes)


def _columns(units: Units, group: str, base: str) -> tuple[str, str]:
    """Name the columns of the group and of everybody, or say which source counts such a group."""
    found = column(group, base), column("total", base)
    told = "" if group in DEFINITIONS or found[0] in units.frame.columns else told_of(group)
    if told:
        raise InputError(told)
    return found


def _divide(count: pd.Series, base: pd.Series) -> pd.Series:
    """Divide once; a share of nobody is missing."""
    return (count / base.where(base != 0)).astype("float64")


def _refuse_excess(count: pd.Series, base: pd.Series, plural: str) -> None:
    """Refuse a group larger than the universe it is counted in."""
    over = count.index[count > base]
    if len(over):
        raise SchemaError(
            f"in {len(over):,} {plural} the group outnumbers its base, first {first_few(over)}. "
            "Numerator and base must be of one universe and one definition of residence."
        )


def _parts_at_hand(units: Units, group: str, base: str) -> dict[str, str]:
    """Name the columns of the Asian and the NHPI part of a combined group."""
    names = parts(group)
    if names is None:
        return {}
    found = {who: column(name, base) for who, name in zip(("asian", "nhpi"), names, strict=True)}
    return {who: name for who, name in found.items() if name in units.frame.columns}


# Whether there are several districts, and whether they are too small for any figure.
_SMALL = {
    (False, False): mark(
        "District {districts} had fewer than {number} {noun}: the Census Bureau's privacy noise can change the share."
    ),
    (False, True): mark(
        "District {districts} had fewer than {number} {noun}, too few for a figure: the Census Bureau's privacy noise "
        "can change the share."
    ),
    (True, False): mark(
        "Districts {districts} had fewer than {number} {noun}: the Census Bureau's privacy noise can change the share."
    ),
    (True, True): mark(
        "Districts {districts} had fewer than {number} {noun}, too few for a figure: the Census Bureau's privacy noise "
        "can change the share."
    ),
}


def _cautions(
    placement: Placement, frame: pd.DataFrame, group: str, base: str, shown: dict[str, str]
) -> tuple[str, ...]:
    """Write what a reader must know before using the figures."""
    notes = goes_beyond(placement.notes)
    notes += placement.notes[-1:] if len(placement.split_units) else ()
    lost = placement.unassigned["people"].sum()
    if lost > 0:
        notes.append(in_no_figure(lost))
    settings = current()
    noisy = any(source.uncertainty == "disclosure noise" for source in placement.units.sources)
    small = [str(d) for d in frame.index[(frame["base"] > 0) & (frame["base"] < settings.caution_base)]]
    if small and noisy:
        tiny = bool((frame["base"].loc[small] < settings.small_base).all())
        notes.append(
            say(
                _SMALL[len(small) > 1, tiny],
                districts=listed(small),
                number=settings.small_base if tiny else settings.caution_base,
                noun=term(base_of(base).noun),
            )
        )
    if parts(group) is not None and len(shown) < 2:
        if "asian" in shown:
            notes.append(say("This source does not count NHPI apart from the combined group."))
        elif "nhpi" in shown:
            notes.append(say("This source does not count Asian apart from the combined group."))
        else:
            notes.append(say("This source does not count Asian or NHPI apart from the combined group."))
    return tuple(notes)
