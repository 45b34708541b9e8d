"""A community while it is being told: every stroke kept, every stroke undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.errors import InputError, first_few
from kit.i18n.messages import Message, say
from kit.intake.drafts import Drafts
from kit.intake.tally import Figures, Tally
from kit.model.community import Community
from kit.model.community_area import DrawnArea, ListedArea

Area = DrawnArea | ListedArea | None


class Sketch:
    """A community that is being drawn, kept at each stroke.

    Parameters
    ----------
    drafts : Drafts
        Where every version is kept.
    tally : Tally
        Units to choose from.
    community : Community
        What to begin with; its kept versions, if any, can be undone.

    Notes
    -----
    A drawn outline is kept as it was drawn, and holds the units whose point it
    encloses. Once a unit is added or taken away by hand, the area is a list of
    whole units; undoing brings the outline back.
    """

    def __init__(self, drafts: Drafts, tally: Tally, community: Community) -> None:
        self._drafts, self._tally = drafts, tally
        self._past: list[Area] = []
        if community.id in set(drafts):
            for one in drafts.history(community.id):
                self._remember(one.area)
            community = drafts.latest(community.id)
        else:
            community = drafts.save(community)
            self._remember(community.area)
        self.community = community
        self.positions, self.absent = tally.held(community.area)

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back.

        Returns
        -------
        bool
            False at the beginning.
        """
        return len(self._past) > 1

    @property
    def ids(self) -> tuple[str, ...]:
        """The units chosen.

        Returns
        -------
        tuple of str
            GEOIDs.
        """
        return self._tally.ids(self.positions)

    def figures(self) -> Figures:
        """Add up the units chosen.

        Returns
        -------
        Figures
            As they are now.
        """
        return self._tally.figures(self.positions)

    def draw(self, shape: Any) -> None:
        """Take an outline.

        Parameters
        ----------
        shape : shapely.Geometry or None
            All that is drawn now, in degrees; None where it was rubbed out.
            Where units were chosen by hand, those inside are added to them.

        Raises
        ------
        InputError
            No unit lies inside.
        """
        if shape is None:
            self._take(None)
            return
        inside = self._tally.inside(shape)
        if not len(inside):
            raise InputError("no unit has its middle inside this outline; draw a larger one, or add units by name.")
        if isinstance(self.community.area, ListedArea):
            self._take(self._tally.listed({*self.ids, *self._tally.ids(inside)}))
        else:
            self._take(DrawnArea(shape=shape))

    def add(self, ids: Iterable[str]) -> int:
        """Add whole units.

        Parameters
        ----------
        ids : iterable of str
            GEOIDs; that of a larger unit stands for all the units in it.

        Returns
        -------
        int
            How many were new.

        Raises
        ------
        InputError
            An id is not among the units; nothing was added.
        """
        before = set(self.ids)
        after = before | self._known(ids)
        if after != before:
            self._take(self._tally.listed(after))
        return len(after) - len(before)

    def remove(self, ids: Iterable[str]) -> int:
        """Take whole units away.

        Parameters
        ----------
        ids : iterable of str
            GEOIDs; that of a larger unit stands for all the units in it.

        Returns
        -------
        int
            How many went.

        Raises
        ------
        InputError
            An id is not among the units; nothing was taken away.
        """
        before = set(self.ids)
        after = before - self._known(ids)
        if after != before:
            self._take(self._tally.listed(after))
        return len(before) - len(after)

    def toggle(self, id: str) -> bool:
        """Add a unit, or take it away where it is chosen.

        Parameters
        ----------
        id : str
            GEOID.

        Returns
        -------
        bool
            True where it is chosen now.
        """
        if id in set(self.ids):
            self.remove([id])
            return False
        self.add([id])
        return True

    def undo(self) -> bool:
        """Take the last stroke back; the version stays among those kept.

        Returns
        -------
        bool
            False where nothing is left to undo.
        """
        if not self.can_undo:
            return False
        self._past.pop()
        self._keep(area=self._past[-1])
        return True

    def tell(self, **fields: Any) -> None:
        """Keep what was written in the form.

        Parameters
        ----------
        **fields : object
            Fields of `Community`; nothing is kept where none changes.

        Raises
        ------
        InputError
            A field cannot be kept; the version before stays.
        """
        now = self.community.revised(**fields)
        if any(getattr(now, name) != getattr(self.community, name) for name in fields):
            self._keep(**fields)

    def adopt(self, found: Community) -> None:
        """Take the area of a community from a file, and its words where none stand yet.

        Parameters
        ----------
        found : Community
            As it was read.

        Raises
        ------
        InputError
            It has no area, or none of its units is here.
        """
        if found.area is None:
            raise InputError(f"{found.name[:60]!r} has no area in that file; choose another of its communities.")
        positions, _ = self._tally.held(found.area)
        if not len(positions):
            raise InputError(f"{found.name[:60]!r} holds none of these units; it may be of another place or year.")
        words = {}
        for name in ("in_common", "asks", "bounds", "landmarks", "languages", "told_in", "comments"):
            empty = type(found).model_fields[name].get_default(call_default_factory=True)
            if getattr(self.community, name) == empty:
                words[name] = getattr(found, name)
        self._remember(found.area)
        self._keep(area=found.area, collected=found.collected, name=found.name, **words)

    def _known(self, ids: Iterable[str]) -> set[str]:
        """Find units by their ids, or refuse all."""
        wanted = tuple(dict.fromkeys(one.strip() for one in ids if one.strip()))
        if not wanted:
            raise InputError("no id was given; type GEOIDs, separated by spaces or commas.")
        strange = [one for one in wanted if not one.isdigit()]
        if strange and not set(strange) <= set(self._tally.units.frame.index):
            raise InputError(f"these are no GEOIDs: {first_few(one[:30] for one in strange)}. They are digits only.")
        try:
            area = ListedArea(geoids=wanted, level=self._tally.units.level if strange else "")
        except ValueError:
            area = ListedArea(geoids=wanted, level=self._tally.units.level)
        positions, absent = self._tally.held(area)
        if absent:
            raise InputError(
                f"{len(absent):,} ids are not among these {self._tally.units.plural}: {first_few(absent)}. "
                "Nothing was changed; check the digits."
            )
        return set(self._tally.ids(positions))

    def _remember(self, area: Area) -> None:
        """Put an area on the pile; the one before the last again is an undoing."""
        if len(self._past) > 1 and self._past[-2] == area:
            self._past.pop()
        elif not self._past or self._past[-1] != area:
            self._past.append(area)

    def _take(self, area: Area) -> None:
        """Make a stroke."""
        if not self._past or self._past[-1] != area:
            self._past.append(area)
            self._keep(area=area)

    def _keep(self, **changes: Any) -> None:
        """Keep the next version."""
        self.community = self._drafts.save(self.community.revised(**changes))
        self.positions, self.absent = self._tally.held(self.community.area)


def saved_words(sketch: Sketch) -> Message:
    """Say that the draft is kept.

    Parameters
    ----------
    sketch : Sketch
        What is being drawn.

    Returns
    -------
    str
        With the number of the version.
    """
    return say("Saved: version {number:,}.", number=sketch.community.version)
