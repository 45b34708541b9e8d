"""A claim beside its table: its figures, and the words that every verdict needs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kit.analysis.claim_evidence import bracket_of, figure_of, is_counted, labels_of, sources_of
from kit.analysis.claim_figures import MISSING, SAMPLED, SMALL, Figure, passes, tau_of
from kit.i18n.messages import figure as figure_
from kit.i18n.messages import joined, mark, say, term
from kit.model.claims import Claim
from kit.model.frames import DistrictTable, Placement
from kit.model.geoid import natural_key
from kit.model.groups import who
from kit.model.margin_words import points
from kit.model.sentences import group_name, noun, people, percent
from kit.model.source import Source
from kit.model.tiers import TIERS
from kit.settings import current

LONGEST = 140
"""Characters that a title may have."""


@dataclass(frozen=True)
class Said:
    """What a test found, before sources are added.

    Parameters
    ----------
    status : str
        ``carried``, ``weaker`` or ``refused``.
    statement, title : str
        What may be said, in full and in short; empty when refused.
    reason : str
        Why.
    tests : tuple of str
        What was tested.
    """

    status: str
    statement: str
    title: str
    reason: str
    tests: tuple[str, ...] = ()


def refused(reason: str, *tests: str) -> Said:
    """Refuse a claim.

    Parameters
    ----------
    reason : str
        Why.
    *tests : str
        What was tested.

    Returns
    -------
    Said
        With nothing to say.
    """
    return Said("refused", "", "", reason, tests)


# Whether there is a relation.
_STATES = {
    False: mark("In {place}, {group} were {amount} of {noun}: {counts}."),
    True: mark("In {place}, {group} were {amount} of {noun}, {relation}: {counts}."),
}


@dataclass(frozen=True)
class Case:
    """A claim beside the table, or the placed units, that it is checked against.

    Parameters
    ----------
    claim : Claim
        What is claimed.
    placement : Placement
        Where the units lie.
    table : DistrictTable or None
        The figures; None where the group can only be bracketed.
    """

    claim: Claim
    placement: Placement
    table: DistrictTable | None

    @property
    def noun(self) -> str:
        """Name the people of the base.

        Returns
        -------
        str
            Such as ``"adults"``.
        """
        return noun(self.claim.base)

    @property
    def group(self) -> str:
        """Name the people of the group.

        Returns
        -------
        str
            For the middle of a sentence.
        """
        if self.claim.group == "total":
            return say("people")
        return say("people counted as “{group}”", group=group_name(self.claim.group))

    @property
    def who(self) -> str:
        """Name the group in short.

        Returns
        -------
        str
            Such as ``"Asian or NHPI"``.
        """
        return term(who(self.claim.group))

    @property
    def sources(self) -> tuple[Source, ...]:
        """List the sources of the counts and of the plan.

        Returns
        -------
        tuple of Source
            Counts first.
        """
        counts = sources_of(self.table) if self.table is not None else self.placement.units.sources
        return tuple(dict.fromkeys((*counts, *self.placement.plan.sources)))

    def labels(self) -> list[str]:
        """List the districts.

        Returns
        -------
        list of str
            In natural order.
        """
        if self.table is not None:
            return labels_of(self.table)
        held = self.placement.assignment.dropna().astype(str)
        return sorted({*self.placement.plan.labels, *held}, key=natural_key)

    def figure(self, label: str | None) -> Figure:
        """Give the figure of a district, or of the whole area.

        Parameters
        ----------
        label : str or None
            District; None for the whole area.

        Returns
        -------
        Figure
            Its share and how far it may be off.
        """
        if self.table is None:
            return bracket_of(self.placement, self.claim.group, label)
        return figure_of(self.table, label)

    def place(self, figure: Figure) -> str:
        """Name a place, for the middle of a sentence.

        Parameters
        ----------
        figure : Figure
            Its figure.

        Returns
        -------
        str
            Such as ``"district 7"``, or the part of it that the units cover.
        """
        plan = self.placement.plan
        name = plan.jurisdiction or say("the area of {plan}", plan=plan.name)
        if figure.label:
            name = say("district {district}", district=figure.label)
        if not figure.partly:
            return name
        return say("the part of {place} that these {units} cover", place=name, units=self.placement.units.plural)

    def amount(self, figure: Figure) -> str:
        """Write a share with what is known of its error.

        Parameters
        ----------
        figure : Figure
            The share.

        Returns
        -------
        str
            Such as ``"44.0% ± 1.2 points"``.
        """
        if figure.bracket:
            low, high = figure.bracket
            return say("between {low} and {high}", low=percent(low), high=percent(high))
        if figure.kind == SAMPLED:
            return joined([percent(figure.share), points(figure.moe_low)])
        return percent(figure.share) if self.counted else say("an estimated {share}", share=percent(figure.share))

    @property
    def counted(self) -> bool:
        """Tell whether these are counts, and not estimates.

        Returns
        -------
        bool
            False for a bracket.
        """
        return self.table is not None and is_counted(self.table)

    def against(self, figure: Figure) -> str:
        """Write the share that another is set against.

        Parameters
        ----------
        figure : Figure
            The share.

        Returns
        -------
        str
            Such as ``"the 44.0% in district 7"``.
        """
        counted = self.counted or bool(figure.bracket) or figure.kind == SAMPLED
        return say(
            mark("the {amount} in {place}") if counted else mark("{amount} in {place}"),
            amount=self.amount(figure),
            place=self.place(figure),
        )

    def state(self, figure: Figure, relation: str = "", more: str = "") -> str:
        """Write the sentence on one share.

        Parameters
        ----------
        figure : Figure
            The share.
        relation : str
            How it stands to what was claimed.
        more : str
            What is said after it, without a full stop.

        Returns
        -------
        str
            With the counts behind it.
        """
        counts = self.counts(figure)
        return say(
            _STATES[bool(relation)],
            place=self.place(figure),
            group=self.group,
            amount=self.amount(figure),
            noun=self.noun,
            relation=relation,
            counts=joined([counts, more], say("; ")) if more else counts,
        )

    def counts(self, figure: Figure) -> str:
        """Write the people behind a share, and what placing leaves open.

        Parameters
        ----------
        figure : Figure
            The share.

        Returns
        -------
        str
            Such as ``"1,204 of 4,800"``.
        """
        count: str = people(float(figure.count))
        if figure.bracket:
            count = say("{low} to {high}", low=count, high=people(figure.bracket[1] * float(figure.base)))
        about = figure.kind == SAMPLED and not self.counted and not figure.bracket
        told = say(
            mark("an estimated {count} of {base}") if about else mark("{count} of {base}"),
            count=count,
            base=people(float(figure.base)),
        )
        if not figure.open:
            return told
        return say(
            "{counts} as placed ({low} to {high} however they are placed)",
            counts=told,
            low=percent(float(figure.low)),
            high=percent(float(figure.high)),
        )

    def head(self, figure: Figure, relation: str = "") -> str:
        """Write the same in short.

        Parameters
        ----------
        figure : Figure
            The share.
        relation : str
            How it stands to what was claimed.

        Returns
        -------
        str
            For a title, without a full stop; without the relation where that
            would be too long.
        """
        words = {"place": self.place(figure), "amount": self.amount(figure), "noun": self.noun, "group": self.who}
        plain = say("{place:capital}: {amount} of {noun} were counted as {group}", **words)
        return shortest(
            say("{title}, {relation}", title=plain, relation=relation) if relation else plain,
            plain,
            say("{place:capital}: {amount}", **words),
        )

    def best_bound(self, figure: Figure, below: Fraction) -> str:
        """Name the highest bound of a band that a share passes under a threshold that it does not.

        Parameters
        ----------
        figure : Figure
            The share.
        below : fractions.Fraction
            The threshold.

        Returns
        -------
        str
            Such as ``"more than 30%"``; empty where it passes none.
        """
        bounds = [tier.above for tier in TIERS[:-1] if tau_of(tier.above) < below]
        found = next((bound for bound in bounds if passes(figure, tau_of(bound))), None)
        return "" if found is None else say("more than {bound}", bound=figure_(f"{found:.0%}"))


def shortest(*titles: str) -> str:
    """Choose the fullest title that is short enough.

    Parameters
    ----------
    *titles : str
        The fullest first.

    Returns
    -------
    str
        The first of at most `LONGEST` characters, else the last.
    """
    return next((title for title in titles if len(title) <= LONGEST), titles[-1])


def unfit(case: Case, figure: Figure) -> Said | None:
    """Refuse a claim on a figure that is not there or too small.

    Parameters
    ----------
    case : Case
        The claim and its table.
    figure : Figure
        The figure it is about.

    Returns
    -------
    Said or None
        None where the figure can be used.
    """
    if figure.kind == MISSING:
        return refused(
            say(
                "In {place} these units have no {noun}, so there is no share. Missing is not 0.",
                place=case.place(figure),
                noun=case.noun,
            )
        )
    if figure.kind == SMALL:
        limit = current().small_base
        return refused(
            say(
                "In {place} there are {people} {noun}, under {limit}: noise added against disclosure can change so "
                "small a figure.",
                place=case.place(figure),
                people=people(float(figure.base)),
                noun=case.noun,
                limit=limit,
            ),
            say("Base of at least {limit} people: not met.", limit=limit),
        )
    return None
