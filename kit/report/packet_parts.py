"""Everything that a packet prints, gathered before anything is set in type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from pathlib import Path

from kit.analysis.communities import CommunitySplits
from kit.analysis.compare import PlanComparison
from kit.analysis.concentration import DefinitionLadder
from kit.analysis.plan_measures import PlanMeasures
from kit.analysis.swaps import SwapSheet
from kit.model.frames import DistrictTable
from kit.model.source import Source
from kit.model.verdict import Verdict
from kit.report.exhibit import Exhibit
from kit.report.packet_pace import Timing, timing_of


@dataclass(frozen=True)
class HearingFacts:
    """Which hearing a packet is for, and who speaks.

    Parameters
    ----------
    body : str
        Who holds the hearing.
    date : datetime.date
        When.
    place : str
        Where it is held.
    speaker, organisation, contact : str
        Who speaks, for whom, and how to reach them. `organisation` may be empty.
    jurisdiction : str
        Whose districts are drawn.
    minutes : float
        Speaking time that the body allows.
    words_per_minute : int
        The speaker's pace.
    criteria : tuple of str
        The body's criteria, the first in rank first.
    languages : tuple of str
        Languages of the packet, the first is that of the pages.
    paces : tuple of (str, int)
        Language → the speaker's own pace in it, where it was measured.
    """

    body: str
    date: Date
    place: str
    speaker: str
    organisation: str
    contact: str
    jurisdiction: str
    minutes: float
    words_per_minute: int
    criteria: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    paces: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class PacketParts:
    """Everything that a packet prints; nothing is computed from it but words.

    Parameters
    ----------
    hearing : HearingFacts
        Which hearing, who speaks.
    ask : str
        What is asked for, in one sentence.
    script : tuple of str
        Paragraphs that are said aloud.
    leave_behind : tuple of str
        Paragraphs of the page that stays with the commission.
    exhibits : tuple of Exhibit
        A, B, C …, in order.
    tables : tuple of DistrictTable
        Figures by district.
    ladders : tuple of DefinitionLadder
        The same districts under every definition.
    verdicts : tuple of Verdict
        Checked claims; refused ones are left out of the pages.
    not_claimed : tuple of str
        What was left out, and why.
    measures : tuple of (str, PlanMeasures)
        Name of the plan, and its measures.
    comparison : PlanComparison or None
        Plan before and plan after.
    swaps : SwapSheet or None
        Who moves between them.
    splits : tuple of CommunitySplits
        What each plan does to the communities.
    sure : tuple of str
        What was measured and how sure it is.
    challenges : tuple of (str, str)
        How the packet could be challenged, and the answer.
    sources : tuple of Source
        Everything that was used.
    files : tuple of (pathlib.Path, str)
        Files that go with the packet, and what each is.
    glossary : tuple of (str, str)
        Term and meaning.
    stamps : tuple of str
        What must stand on every page, such as that the data are a sample.
    date : datetime.date
        Date on the pages and in the files.
    """

    hearing: HearingFacts
    ask: str
    script: tuple[str, ...]
    leave_behind: tuple[str, ...]
    exhibits: tuple[Exhibit, ...]
    tables: tuple[DistrictTable, ...]
    date: Date
    ladders: tuple[DefinitionLadder, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    not_claimed: tuple[str, ...] = ()
    measures: tuple[tuple[str, PlanMeasures], ...] = ()
    comparison: PlanComparison | None = None
    swaps: SwapSheet | None = None
    splits: tuple[CommunitySplits, ...] = ()
    sure: tuple[str, ...] = ()
    challenges: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()
    files: tuple[tuple[Path, str], ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()
    stamps: tuple[str, ...] = ()

    @property
    def timing(self) -> Timing:
        """How long the script takes.

        Returns
        -------
        Timing
            At the speaker's pace, or an estimate.
        """
        hearing = self.hearing
        return timing_of(self.script, hearing.languages[0], hearing.words_per_minute, dict(hearing.paces))

    @property
    def words(self) -> int:
        """How many words are said aloud.

        Returns
        -------
        int
            A dash or a bracket alone is none. Syllables or letters, where the
            language has no spaces between words.
        """
        return self.timing.number

    @property
    def seconds(self) -> int:
        """How long the script takes at the speaker's pace.

        Returns
        -------
        int
            Rounded to the second.
        """
        return self.timing.seconds

    @property
    def limit(self) -> int:
        """How long a speaker may speak.

        Returns
        -------
        int
            Seconds.
        """
        return round(60 * self.hearing.minutes)
