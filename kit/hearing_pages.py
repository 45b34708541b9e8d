"""What the packet says in words: the leave-behind, how sure we are, what may be said against it, and a glossary."""

from __future__ import annotations

from math import isnan

from kit.hearing_data import HearingData
from kit.hearing_file import Hearing
from kit.hearing_work import HearingWork
from kit.i18n.messages import joined, mark, retold, say, term
from kit.maps.page import SAMPLE_STAMP
from kit.model.groups import BASES, LADDER, column, definition
from kit.model.sentences import RULE_WORDS, listed, percent
from kit.report.tables import DISCLAIMER, KINDS

_STAMPS = {
    "proposed": (mark("Proposed plan"), mark("Proposed plans")),
    "draft": (mark("Draft plan"), mark("Draft plans")),
    "illustrative": (mark("Illustrative plan"), mark("Illustrative plans")),
}
_REFUSED = {
    "district": mark("What we did not claim: a statement of the kind “{kind}” on district {place}. {reason}"),
    "area": mark("What we did not claim: a statement of the kind “{kind}” on {place}. {reason}"),
    "whole": mark("What we did not claim: a statement of the kind “{kind}” on the whole plan. {reason}"),
}
_PLACED = {
    False: mark("{plan}: by {rule}, {cut:,} {plural} cut by a line ({people:,.0f} people)"),
    True: mark(
        "{plan}: by {rule}, {cut:,} {plural} cut by a line ({people:,.0f} people), {lost:,.0f} people in no district"
    ),
}
_SHAPED = {
    (True, True): mark("{plan}: population range {spread}, {parted} districts in several parts"),
    (True, False): mark("{plan}: population range {spread}"),
    (False, True): mark("{plan}, {parted} districts in several parts"),
    (False, False): mark("{plan}"),
}
_RESTS = {
    (True, True): mark("The ask rests on what the community shares and the criteria of this body."),
    (True, False): mark("The ask rests on what the community shares."),
    (False, True): mark("The ask rests on the criteria of this body."),
}


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
    told: list[str] = [term(SAMPLE_STAMP)] if any(source.sample for source in data.sources) else []
    statuses = [one.plan.status for one in data.plans if not one.is_law]
    told += [say(_STAMPS[one][statuses.count(one) > 1]) for one in dict.fromkeys(statuses)]
    return (*told, *([] if contact else [say("Draft: contact to be added")]))


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
    told: list[str] = [say("What we ask: {ask}", ask=hearing.ask)]
    told += [data.told(verdict) for verdict in work.said]
    if not work.said:
        told.append(_whole(work, data))
    told += [_kept(work, data)] if work.splits else []
    if hearing.words.community:
        told.append(hearing.words.community)
    if hearing.rules.criteria:
        criteria = "; ".join(hearing.rules.criteria)
        told.append(say("The {body}'s criteria, in order: {criteria}.", body=hearing.body, criteria=criteria))
    who = f"{hearing.speaker}, {hearing.organisation}" if hearing.organisation else hearing.speaker
    last = say("{who}. Contact: {contact}.", who=who, contact=hearing.contact)
    return (*told, joined([last, term(DISCLAIMER)]))


def _whole(work: HearingWork, data: HearingData) -> str:
    """Say the figure of the whole plan, where no claim is made."""
    from kit.model.sentences import whole_area

    return whole_area(next(table for read, table in work.tables if read.number == data.main.number))


def _kept(work: HearingWork, data: HearingData) -> str:
    """Say how many communities each plan keeps whole."""
    told = []
    for read, splits in zip(data.plans, work.splits, strict=True):
        marks = splits.frame["kept_whole"].dropna()
        told.append(say("{plan} keeps {kept} of {count}", plan=read.plan.name, kept=int(marks.sum()), count=len(marks)))
    return say(
        "Communities in one district, of the {count} in this packet: {told}.",
        count=len(work.splits[0].frame),
        told=joined(told, "; "),
    )


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
    told: list[str] = [
        say("Counted: {long} (definition {name}).", long=term(definition(name).long), name=name)
        for name in hearing.groups
    ]
    bases = listed([term(BASES[name].label) for name in hearing.bases])
    told.append(say("Shares are of the {bases}. Counts are added up by district and divided once.", bases=bases))
    for source in units.sources:
        kind = say("Uncertainty: {kind}.", kind=term(KINDS.get(source.uncertainty, source.uncertainty)))
        told.append(joined([source.citation(), kind, retold(source.note)]))
    for read in data.plans:
        told.append(
            say(
                "{plan}: {count:,} {plural} were placed by {rule}.",
                plan=read.plan.name,
                count=len(units),
                plural=term(units.plural),
                rule=term(RULE_WORDS[read.placement.rule]),
            )
        )
        told += [say("{plan}: {note}", plan=read.plan.name, note=retold(note)) for note in read.placement.notes]
    told += [retold(note) for note in units.notes]
    told += [retold(note) for splits in work.splits[:1] for note in splits.communities.notes]
    counts = {status: sum(v.status == status for _, v in work.verdicts) for status in ("carried", "weaker", "refused")}
    if work.verdicts:
        told.append(
            say(
                "Statements checked against the figures: {count}. Carried: {carried}; printed in a weaker form that is "
                "true: {weaker}; left out: {refused}.",
                count=len(work.verdicts),
                **counts,
            )
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
            about = "district" if given.district else "area" if given.area else "whole"
            place = given.district or given.area or ""
            told.append(say(_REFUSED[about], kind=given.kind, place=place, reason=retold(verdict.reason)))
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
    told: dict[str, str] = {
        say("Another definition gives another number."): _by_definition(work, data, group, base),
        say("The counts are old."): say(
            "They are of {years}, the vintage of the source; every table says so. "
            "People who came or left since are in no figure here.",
            years=listed([str(year) for year in years]),
        ),
        say("The counts are not exact."): say(
            "True of every count: {kinds}. "
            "Statements were checked with that in mind and are no stronger than the figures.",
            kinds=joined([term(KINDS.get(kind, kind)) for kind in kinds], "; "),
        ),
        say("People were put in the wrong district."): _placing(data),
    }
    if work.measures:
        told[say("The shape of the districts is the real question.")] = _shapes(work)
    if work.splits:
        told[say("A community like this is always split.")] = say(
            "No baseline was computed: how often plans drawn without regard to it would split it is not known. "
            "We say what these plans do, district by district."
        )
    rests = _RESTS.get((bool(hearing.words.community), bool(hearing.rules.criteria)), "")
    told[say("This sorts voters by race.")] = joined(
        [
            say("These figures describe who lives where under the lines shown; no line was drawn from them here."),
            say(rests) if rests else "",
            say("What the law requires of a plan is a question for counsel."),
        ]
    )
    told[say("This is about party.")] = say("No figure here counts parties, candidates or incumbents.")
    return tuple(told.items())


def _by_definition(work: HearingWork, data: HearingData, group: str, base: str) -> str:
    """Say how far definitions differ in the district with the highest share."""
    table = next(t for read, t in work.tables if read.number == data.main.number and (t.group, t.base) == (group, base))
    words = say("We say which we use: {long} (definition {name}).", long=term(definition(group).long), name=group)
    shares = table.frame["share"].dropna()
    ladder = work.ladders[data.plans.index(data.main)] if work.ladders else None
    if ladder is None or not len(shares):
        return words
    top = str(shares.idxmax())
    found = ladder.frame.loc[top]["share"].dropna()
    found = found[[name for name in found.index if _family(name) == _family(group)]]
    if len(found) < 2:
        return joined([words, say("The source counts no other definition of the group.")])
    low, high = found.idxmin(), found.idxmax()
    others = say(
        "Under the others, district {district} of {plan} goes from {low_share} ({low}) to {high_share} ({high}); "
        "the ladder of definitions shows every district.",
        district=top,
        plan=table.placement.plan.name,
        low_share=percent(found[low]),
        low=low,
        high_share=percent(found[high]),
        high=high,
    )
    return joined([words, others])


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
        told.append(
            say(
                _PLACED[bool(lost > 0)],
                plan=read.plan.name,
                rule=term(RULE_WORDS[placed.rule]),
                cut=cut,
                plural=term(placed.units.plural),
                people=float(placed.split_units["people"].sum()),
                lost=float(lost),
            )
        )
    return say("No unit is counted twice, and the sums were checked to the person. {told}.", told=joined(told, "; "))


def _shapes(work: HearingWork) -> str:
    """Say how equal and how connected the districts are."""
    told = []
    for read, found in work.measures:
        spread, parted = found.plan["population_range_share"], found.plan["noncontiguous"]
        told.append(
            say(
                _SHAPED[not isnan(spread), not isnan(parted)],
                plan=read.plan.name,
                spread=percent(spread, 2),
                parted=0 if isnan(parted) else int(parted),
            )
        )
    return say(
        "{told}. These measures describe the plans; no baseline was computed and they are no verdict.",
        told=joined(told, "; "),
    )


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
    terms: dict[str, str] = {
        term(definition(name).short): say("{long} (definition {name}).", long=term(definition(name).long), name=name)
        for name in hearing.groups
    }
    terms |= {term(BASES[name].noun): say("The {label}.", label=term(BASES[name].label)) for name in hearing.bases}
    terms |= {
        say("AAPI"): say("Asian American and Pacific Islander."),
        say("NHPI"): say("Native Hawaiian and Other Pacific Islander."),
        say("share"): say("Part of a whole, in per cent: the group divided by everyone counted in the same universe."),
        term(data.units.plural): say(
            "The areas that the counts were published for; {count:,} of them here.", count=len(data.units)
        ),
    }
    wanted = {name for name in data.units.frame.columns if name in {column(who, of) for who in LADDER for of in BASES}}
    if len(wanted) > 1:
        terms[say("definition ladder")] = say("The same district counted under every definition of the group.")
    if data.communities is not None:
        terms[say("community")] = say("A named area, as the files of this packet draw it.")
    if any(not read.is_law for read in data.plans):
        terms[say("equivalency file")] = say("A list that says in which district each census unit lies.")
    return tuple(sorted(terms.items(), key=lambda pair: pair[0].casefold()))
