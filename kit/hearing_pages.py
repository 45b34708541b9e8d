"""What the packet says in words: the leave-behind, how sure we are, what may be said against it, and a glossary."""

from __future__ import annotations

from kit.hearing_data import HearingData
from kit.hearing_file import Hearing
from kit.hearing_work import HearingWork
from kit.maps.page import SAMPLE_STAMP
from kit.model.groups import BASES, LADDER, column, definition
from kit.model.sentences import RULE_WORDS, listed, people, percent
from kit.report.tables import DISCLAIMER, KINDS


def stamps(data: HearingData, contact: str) -> tuple[str, ...]:
    """Write what must be stamped on every page.

    Parameters
    ----------
    data : HearingData
        What was read.
    contact : str
        How to reach the speaker.

    Returns
    -------
    tuple of str
        Sample data, and how far the plans have come.
    """
    told = [SAMPLE_STAMP] if any(source.sample for source in data.sources) else []
    statuses = [one.plan.status for one in data.plans if not one.is_law]
    told += [f"{one.capitalize()} plan{'s' * (statuses.count(one) > 1)}" for one in dict.fromkeys(statuses)]
    return (*told, *([] if contact else ["Draft: contact to be added"]))


def leave_behind(hearing: Hearing, data: HearingData, work: HearingWork) -> tuple[str, ...]:
    """Write the page that stays with the commission.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.

    Returns
    -------
    tuple of str
        The ask, the findings, what the plan does to communities, criteria, and
        how to reach us.
    """
    told = [f"What we ask: {hearing.ask}"]
    told += [data.told(verdict) for verdict in work.said]
    if not work.said:
        told.append(_whole(work, data))
    told += [_kept(work, data)] if work.splits else []
    if hearing.words.community:
        told.append(hearing.words.community)
    if hearing.rules.criteria:
        told.append(f"The {hearing.body}'s criteria, in order: {'; '.join(hearing.rules.criteria)}.")
    who = f"{hearing.speaker}, {hearing.organisation}" if hearing.organisation else hearing.speaker
    return (*told, f"{who}. Contact: {hearing.contact}. {DISCLAIMER}")


def _whole(work: HearingWork, data: HearingData) -> str:
    """Say the figure of the whole plan, where no claim is made."""
    from kit.model.sentences import whole_area

    return whole_area(next(table for read, table in work.tables if read.number == data.main.number))


def _kept(work: HearingWork, data: HearingData) -> str:
    """Say how many communities each plan keeps whole."""
    told = []
    for read, splits in zip(data.plans, work.splits, strict=True):
        marks = splits.frame["kept_whole"].dropna()
        told.append(f"{read.plan.name} keeps {int(marks.sum())} of {len(marks)}")
    many = len(work.splits[0].frame)
    return f"Communities in one district, of the {many} in this packet: {'; '.join(told)}."


def how_sure(hearing: Hearing, data: HearingData, work: HearingWork) -> tuple[str, ...]:
    """Write what was measured and how sure it is.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.

    Returns
    -------
    tuple of str
        Definition, counts, uncertainty, placement and what was checked.
    """
    units = data.units
    told = [f"Counted: {definition(name).long} (definition {name})." for name in hearing.groups]
    bases = listed([BASES[name].label for name in hearing.bases])
    told.append(f"Shares are of the {bases}. Counts are added up by district and divided once.")
    for source in units.sources:
        kind = KINDS.get(source.uncertainty, source.uncertainty)
        told.append(f"{source.citation()} Uncertainty: {kind}. {source.note}".strip())
    for read in data.plans:
        rule = RULE_WORDS[read.placement.rule]
        told.append(f"{read.plan.name}: {len(units):,} {units.plural} were placed by {rule}.")
        told += [f"{read.plan.name}: {note}" for note in read.placement.notes]
    told += list(units.notes)
    told += [note for splits in work.splits[:1] for note in splits.communities.notes]
    counts = {status: sum(v.status == status for _, v in work.verdicts) for status in ("carried", "weaker", "refused")}
    if work.verdicts:
        told.append(
            f"Statements checked against the figures: {len(work.verdicts)}. Carried: {counts['carried']}; printed in a "
            f"weaker form that is true: {counts['weaker']}; left out: {counts['refused']}."
        )
    return tuple(dict.fromkeys(told))


def not_claimed(work: HearingWork) -> tuple[str, ...]:
    """Write what was left out, and why.

    Parameters
    ----------
    work : HearingWork
        What was computed.

    Returns
    -------
    tuple of str
        One line for each claim that was refused, in words that do not repeat it.
    """
    told = []
    for given, verdict in work.verdicts:
        if verdict.status == "refused":
            about = f"district {given.district}" if given.district else given.area or "the whole plan"
            told.append(f"What we did not claim: a statement of the kind “{given.kind}” on {about}. {verdict.reason}")
    return tuple(told)


def challenges(hearing: Hearing, data: HearingData, work: HearingWork) -> tuple[tuple[str, str], ...]:
    """Write how the packet could be challenged, and the answer.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.

    Returns
    -------
    tuple of (str, str)
        Challenge and answer.
    """
    group, base = hearing.groups[0], hearing.bases[0]
    years = sorted({source.year for source in data.units.sources if source.year})
    kinds = dict.fromkeys(source.uncertainty for source in data.units.sources)
    told = {
        "Another definition gives another number.": _by_definition(work, data, group, base),
        "The counts are old.": (
            f"They are of {listed([str(year) for year in years])}, the vintage of the source; every table says so. "
            "People who came or left since are in no figure here."
        ),
        "The counts are not exact.": (
            f"True of every count: {'; '.join(KINDS.get(kind, kind) for kind in kinds)}. "
            "Statements were checked with that in mind and are no stronger than the figures."
        ),
        "People were put in the wrong district.": _placing(data),
    }
    if work.measures:
        told["The shape of the districts is the real question."] = _shapes(work)
    if work.splits:
        told["A community like this is always split."] = (
            "No baseline was computed: how often plans drawn without regard to it would split it is not known. "
            "We say what these plans do, district by district."
        )
    rests = [
        *(["what the community shares"] if hearing.words.community else []),
        *(["the criteria of this body"] if hearing.rules.criteria else []),
    ]
    told["This sorts voters by race."] = (
        "These figures describe who lives where under the lines shown; no line was drawn from them here. "
        f"{f'The ask rests on {listed(rests)}. ' if rests else ''}"
        "What the law requires of a plan is a question for counsel."
    )
    told["This is about party."] = "No figure here counts parties, candidates or incumbents."
    return tuple(told.items())


def _by_definition(work: HearingWork, data: HearingData, group: str, base: str) -> str:
    """Say how far definitions differ in the district with the highest share."""
    table = next(t for read, t in work.tables if read.number == data.main.number and (t.group, t.base) == (group, base))
    words = f"We say which we use: {definition(group).long} (definition {group})."
    shares = table.frame["share"].dropna()
    ladder = work.ladders[data.plans.index(data.main)] if work.ladders else None
    if ladder is None or not len(shares):
        return words
    top = str(shares.idxmax())
    found = ladder.frame.loc[top]["share"].dropna()
    found = found[[name for name in found.index if _family(name) == _family(group)]]
    if len(found) < 2:
        return f"{words} The source counts no other definition of the group."
    low, high = found.idxmin(), found.idxmax()
    return (
        f"{words} Under the others, district {top} of {table.placement.plan.name} goes from {percent(found[low])} "
        f"({low}) to {percent(found[high])} ({high}); the ladder of definitions shows every district."
    )


def _family(group: str) -> str:
    """Tell which people a definition is about: all AAPI, Asian people, or NHPI people."""
    name = group.removeprefix("nh_")
    return name if name.endswith("both") else name.partition("_")[0]


def _placing(data: HearingData) -> str:
    """Say how units were placed, and how many a line cuts."""
    told = []
    for read in data.plans:
        placed = read.placement
        cut, lost = len(placed.split_units), placed.unassigned["people"].sum()
        words = f"{read.plan.name}: by {RULE_WORDS[placed.rule]}"
        words += f", {cut:,} {placed.units.plural} cut by a line ({people(placed.split_units['people'].sum())} people)"
        told.append(f"{words}, {people(lost)} people in no district" if lost > 0 else words)
    return f"No unit is counted twice, and the sums were checked to the person. {'; '.join(told)}."


def _shapes(work: HearingWork) -> str:
    """Say how equal and how connected the districts are."""
    told = []
    for read, found in work.measures:
        plan = found.plan
        words = read.plan.name
        if plan["population_range_share"] == plan["population_range_share"]:
            words += f": population range {percent(plan['population_range_share'], 2)}"
        if plan["noncontiguous"] == plan["noncontiguous"]:
            words += f", {int(plan['noncontiguous'])} districts in several parts"
        told.append(words)
    return f"{'; '.join(told)}. These measures describe the plans; no baseline was computed and they are no verdict."


def glossary(hearing: Hearing, data: HearingData) -> tuple[tuple[str, str], ...]:
    """Explain the terms that the packet uses.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.

    Returns
    -------
    tuple of (str, str)
        Term and meaning, in the order of the alphabet.
    """
    terms = {definition(name).short: f"{definition(name).long} (definition {name})." for name in hearing.groups}
    terms |= {BASES[name].noun: f"The {BASES[name].label}." for name in hearing.bases}
    terms |= {
        "AAPI": "Asian American and Pacific Islander.",
        "NHPI": "Native Hawaiian and Other Pacific Islander.",
        "share": "Part of a whole, in per cent: the group divided by everyone counted in the same universe.",
        data.units.plural: f"The areas that the counts were published for; {len(data.units):,} of them here.",
    }
    wanted = {name for name in data.units.frame.columns if name in {column(who, of) for who in LADDER for of in BASES}}
    if len(wanted) > 1:
        terms["definition ladder"] = "The same district counted under every definition of the group."
    if data.communities is not None:
        terms["community"] = "A named area, as the files of this packet draw it."
    if any(not read.is_law for read in data.plans):
        terms["equivalency file"] = "A list that says in which district each census unit lies."
    return tuple(sorted(terms.items(), key=lambda pair: pair[0].casefold()))
