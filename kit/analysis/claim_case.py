"""A claim beside its table: its figures, and the words that every verdict needs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kit.analysis.claim_evidence import bracket_of, figure_of, is_counted, labels_of, sources_of
from kit.analysis.claim_figures import MISSING, SAMPLED, SMALL, Figure, passes, tau_of
from kit.model.claims import Claim
from kit.model.frames import DistrictTable, Placement
from kit.model.geoid import natural_key
from kit.model.groups import BASES, who
from kit.model.margin_words import points
from kit.model.sentences import group_name, listed, people, percent
from kit.model.source import Source
from kit.model.tiers import TIERS
from kit.settings import current

LONGEST = 140
"""Characters that a title may have."""

NAMED = 6
"""At most so many districts are named one by one."""


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
        return BASES[self.claim.base].noun

    @property
    def group(self) -> str:
        """Name the people of the group.

        Returns
        -------
        str
            For the middle of a sentence.
        """
        return f"people counted as “{group_name(self.claim.group)}”" if self.claim.group != "total" else "people"

    @property
    def who(self) -> str:
        """Name the group in short.

        Returns
        -------
        str
            Such as ``"Asian or NHPI"``.
        """
        return who(self.claim.group)

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
        name = f"district {figure.label}" if figure.label else plan.jurisdiction or f"the area of {plan.name}"
        return f"the part of {name} that these {self.placement.units.plural} cover" if figure.partly else name

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
            return f"between {percent(low)} and {percent(high)}"
        if figure.kind == SAMPLED:
            return f"{percent(figure.share)} {points(figure.moe_low)}"
        return percent(figure.share) if self.counted else f"an estimated {percent(figure.share)}"

    @property
    def counted(self) -> bool:
        """Tell whether these are counts, and not estimates.

        Returns
        -------
        bool
            False for a bracket.
        """
        return self.table is not None and is_counted(self.table)

    def state(self, figure: Figure, relation: str = "") -> str:
        """Write the sentence on one share.

        Parameters
        ----------
        figure : Figure
            The share.
        relation : str
            How it stands to what was claimed.

        Returns
        -------
        str
            With the counts behind it.
        """
        base = people(float(figure.base))
        if figure.bracket:
            count = f"{people(float(figure.count))} to {people(figure.bracket[1] * float(figure.base))}"
        else:
            count = people(float(figure.count))
        told = f", {relation}" if relation else ""
        about = "an estimated " if figure.kind == SAMPLED and not self.counted and not figure.bracket else ""
        return (
            f"In {self.place(figure)}, {self.group} were {self.amount(figure)} of {self.noun}{told}: "
            f"{about}{count} of {base}{self.ends(figure)}."
        )

    def ends(self, figure: Figure) -> str:
        """Write what placing leaves open.

        Parameters
        ----------
        figure : Figure
            The share.

        Returns
        -------
        str
            Empty where nothing is open.
        """
        if not figure.open:
            return ""
        return f" as placed ({percent(float(figure.low))} to {percent(float(figure.high))} however they are placed)"

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
        place = self.place(figure)
        plain = f"{place}: {self.amount(figure)} of {self.noun} were counted as {self.who}"
        return shortest(f"{plain}, {relation}" if relation else plain, plain, f"{place}: {self.amount(figure)}")

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
        return next((f"more than {bound:.0%}" for bound in bounds if passes(figure, tau_of(bound))), "")


def shortest(*titles: str) -> str:
    """Choose the fullest title that is short enough.

    Parameters
    ----------
    *titles : str
        The fullest first.

    Returns
    -------
    str
        The first of at most `LONGEST` characters, else the last; with a capital.
    """
    chosen = next((title for title in titles if len(title) <= LONGEST), titles[-1])
    return chosen[:1].upper() + chosen[1:]


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
            f"In {case.place(figure)} these units have no {case.noun}, so there is no share. Missing is not 0."
        )
    if figure.kind == SMALL:
        limit = current().small_base
        return refused(
            f"In {case.place(figure)} there are {people(float(figure.base))} {case.noun}, under {limit}: noise added "
            "against disclosure can change so small a figure.",
            f"Base of at least {limit} people: not met.",
        )
    return None


def districts(labels: list[str]) -> str:
    """Name a few districts, or count many.

    Parameters
    ----------
    labels : list of str
        At least one.

    Returns
    -------
    str
        Such as ``"districts 3 and 7"``.
    """
    if len(labels) > NAMED:
        return f"{len(labels)} districts"
    return f"district{'s' * (len(labels) > 1)} {listed(labels)}"
