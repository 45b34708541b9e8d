"""Plain sentences about what became of submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.i18n.messages import Message, each, joined, mark, say, term
from kit.model.things import number_of

if TYPE_CHECKING:
    from kit.analysis.mending import Mended

NO_SHAPE = mark("it has no shape and lists no units")
NOWHERE = mark("its coordinates are no place on earth")
A_POINT = mark("it is a point, not an area")
A_LINE = mark("it is a line, not an area")
NOTHING = mark("its rings enclose nothing")
"""Why submissions are set aside."""


def summarise(result: Mended) -> Message:
    """Say what became of submissions.

    Parameters
    ----------
    result : Mended
        The account.

    Returns
    -------
    str
        One fact a sentence; numbers that add up.
    """
    report = result.report
    status = report["status"].value_counts()
    said = [
        say(
            "Of {whole:,} submissions: used as drawn {drawn:,}, mended {mended:,}, held back {held:,}, set aside "
            "{aside:,}.",
            whole=len(report),
            drawn=int(status.get("as drawn", 0)),
            mended=int(status.get("mended", 0)),
            held=int(status.get("held back", 0)),
            aside=int(status.get("set aside", 0)),
        )
    ]
    aside = report.loc[report["status"] == "set aside", "reason"].value_counts()
    said += [
        say("Set aside: {count:,} ({reason}).", count=int(count), reason=term(str(reason)))
        for reason, count in aside.items()
    ]
    changed = report.loc[report["status"] == "mended", "change_km2"].abs().sum()
    if status.get("mended", 0):
        said.append(say("Mending changed areas by {area:,.3f} km² in all.", area=float(changed)))
    grouped = report[report["group"] > 0]
    if len(grouped):
        said.append(
            say(
                "{count:,} submissions are near-copies of one another ({groups}); they are counted by who sent them, "
                "and none is removed.",
                count=len(grouped),
                groups=number_of(int(grouped["group"].nunique()), "groups"),
            )
        )
    flagged = int((report["marks"] != "").sum())
    if flagged:
        said.append(
            say("To be looked at by a person, because of a flag: {count}.", count=number_of(flagged, "submissions"))
        )
    return joined([*said, *each(result.notes)])
