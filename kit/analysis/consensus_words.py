"""Plain sentences about where submissions agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.i18n.messages import Message, each, joined, mark, say, term
from kit.model.groups import base_of, who
from kit.model.sentences import people, percent

if TYPE_CHECKING:
    from kit.analysis.consensus import Consensus

STANDS = (mark("core"), mark("contested"), mark("few"))
"""How a unit stands: most drew it, some drew it, or few did."""

_FEW_VOICES = 5


def summarise(result: Consensus) -> Message:
    """Say where submissions agree.

    Parameters
    ----------
    result : Consensus
        Figures.

    Returns
    -------
    str
        One fact a sentence, and the cautions.
    """
    return joined([*findings(result), *each(result.notes)])


def findings(result: Consensus) -> list[Message]:
    """Say where submissions agree, without the cautions.

    Parameters
    ----------
    result : Consensus
        Figures.

    Returns
    -------
    list of str
        One fact a sentence.
    """
    frame, noun = result.frame, term(base_of(result.base).noun)
    units = term(result.units.plural)
    said = [
        say(
            "{voices:,} submitters drew {count:,} {units} in {communities:,} communities.",
            voices=result.submitters,
            count=len(frame),
            units=units,
            communities=result.located.membership["community"].nunique(),
        )
    ]
    core = frame[frame["stands"] == STANDS[0]]
    if len(core):
        said.append(
            say(
                "In the core, drawn by at least {least:,} of {voices:,}, are {count:,} {units} with {whole} {noun}, "
                "{some} of them ({share}) {who}.",
                least=result.core_count,
                voices=result.submitters,
                count=len(core),
                units=units,
                whole=people(core["base"].sum()),
                noun=noun,
                some=people(core["count"].sum()),
                share=percent(core["count"].sum() / core["base"].sum() if core["base"].sum() else float("nan")),
                who=term(who(result.group)),
            )
        )
    else:
        said.append(
            say(
                "No unit was drawn by at least {least:,} of {voices:,}, so there is no core at this threshold.",
                least=result.core_count,
                voices=result.submitters,
            )
        )
    edge = frame[frame["stands"] == STANDS[1]]
    said.append(
        say(
            "Contested, drawn by at least {low:,} and fewer than {high:,}, are {count:,} {units} with {whole} {noun}.",
            low=result.edge_count,
            high=result.core_count,
            count=len(edge),
            units=units,
            whole=people(edge["base"].sum()),
            noun=noun,
        )
    )
    few = frame[frame["stands"] == STANDS[2]]
    if len(few):
        said.append(
            say(
                "{count:,} {units} with {whole} {noun} were drawn by fewer than {low:,}.",
                count=len(few),
                units=units,
                whole=people(few["base"].sum()),
                noun=noun,
                low=result.edge_count,
            )
        )
    return said


def cautions(result: Consensus) -> tuple[Message, ...]:
    """Write what a reader must know of the figures.

    Parameters
    ----------
    result : Consensus
        Figures.

    Returns
    -------
    tuple of str
        Notes.
    """
    found = [
        say(
            "Overlap counts different submitters, not residents; what they wrote stands word for word in the "
            "narratives and was not averaged."
        )
    ]
    nameless = sum(not one.submitter for one in result.submissions if one.area is not None)
    if nameless:
        found.append(
            say("{count:,} communities name no submitter and were each counted as one of their own.", count=nameless)
        )
    if result.submitters == 1:
        found.append(say("There is one submitter: one voice is no agreement."))
    elif result.submitters < _FEW_VOICES:
        found.append(say("There are {count:,} submitters; a single one changes the core.", count=result.submitters))
    silent = sum(not one.languages for one in result.submissions)
    if silent:
        found.append(
            say("{count:,} communities do not say which languages are spoken and are in no row of them.", count=silent)
        )
    drafts = sum(one.draft for one in result.submissions)
    if drafts:
        found.append(say("{count:,} communities are drafts.", count=drafts))
    return tuple(found)
