"""Columns of precinct returns that say in ten signs who ran for what: as VEST, and as others write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

STAGES = {"G": "general", "P": "primary", "S": "special", "R": "runoff", "C": "general"}
"""First sign of a column, and the stage; ``C`` is a recount."""
OFFICES = {
    "AGR": "Agriculture Commissioner",
    "ATG": "Attorney General",
    "AUD": "Auditor",
    "COC": "Corporation Commissioner",
    "COM": "Comptroller",
    "CON": "U.S. House",
    "COU": "City Council",
    "DEL": "Delegate to the U.S. House",
    "GOV": "Governor",
    "INS": "Insurance Commissioner",
    "LAB": "Labor Commissioner",
    "LTG": "Lieutenant Governor",
    "PRE": "President",
    "PSC": "Public Service Commissioner",
    "SL": "State House",
    "SOC": "Secretary of the Commonwealth",
    "SOS": "Secretary of State",
    "SPI": "Superintendent of Public Instruction",
    "SSC": "State Supreme Court",
    "SU": "State Senate",
    "TRE": "Treasurer",
    "USS": "U.S. Senate",
}
"""Signs of offices, and what they are called."""
PARTIES = {"D": "Democratic", "R": "Republican", "dem": "Democratic", "rep": "Republican"}
"""Signs of parties that are the same everywhere; others differ by State and stay signs."""

# G20PREDBID, G20H01DABC, R21USSRPER
_VEST = re.compile(
    r"(?P<stage>[GPSRC])(?P<year>\d{2})(?P<office>H\d{2}|HAL|[A-Z]{3})(?P<party>[A-Z])(?P<name>[A-Z0-9'+-]{3})"
)
# GCON01DABC, GSL012RXYZ: no year fits beside a district
_DISTRICT = re.compile(r"(?P<stage>[GPSR])(?P<office>CON|SU|SL)(?P<district>\d{2,3})(?P<party>[A-Z])(?P<name>[A-Z]{3})")
# pre_20_dem_bid, sos_r18_rep_raf
_LOWER = re.compile(r"(?P<office>[a-z]{3})_(?P<stage>[rsp]?)(?P<year>\d{2})_(?P<party>[a-z]{3})_(?P<name>[a-z]{3})")


@dataclass(frozen=True)
class Coded:
    """What one column says.

    Parameters
    ----------
    column : str
        As it stands in the file.
    contest : str
        The part that all candidates of the contest share.
    candidate : str
        The rest: party and three letters of a name.
    stage : str
        ``"general"``, ``"primary"``, ``"runoff"`` or ``"special"``.
    year : int or None
        Year of the election; None where the column has none.
    office : str
        What was voted for.
    party : str
        In words where the sign is the same everywhere, otherwise the sign.
    name : str
        Three letters of the candidate's name.
    """

    column: str
    contest: str
    candidate: str
    stage: str
    year: int | None
    office: str
    party: str
    name: str


def decode(column: str) -> Coded | None:
    """Read what a column says.

    Parameters
    ----------
    column : str
        Name of a column.

    Returns
    -------
    Coded or None
        None where it is no such column.

    Examples
    --------
    >>> found = decode("G20PREDBID")
    >>> found.stage, found.year, found.office, found.party, found.name
    ('general', 2020, 'President', 'Democratic', 'BID')
    """
    if match := _VEST.fullmatch(column):
        office, year = match["office"], _year(match["year"])
        district = office[1:] if office[0] == "H" and office[1:] in {"AL"} | {f"{n:02d}" for n in range(100)} else ""
        named = _office("CON", district) if district else OFFICES.get(office, office)
        return _made(match, column[:6], STAGES[match["stage"]], year, named)
    if match := _DISTRICT.fullmatch(column):
        contest = column[: match.end("district")]
        return _made(match, contest, STAGES[match["stage"]], None, _office(match["office"], match["district"]))
    if match := _LOWER.fullmatch(column):
        stage = STAGES[(match["stage"] or "g").upper()]
        contest = column[: match.start("party") - 1]
        office = OFFICES.get(match["office"].upper(), match["office"])
        return _made(match, contest, stage, _year(match["year"]), office)
    return None


def _year(digits: str) -> int:
    """Give the year of two digits."""
    return 2000 + int(digits) if int(digits) < 70 else 1900 + int(digits)


def _office(sign: str, district: str) -> str:
    """Name an office of one district."""
    number = "at large" if district == "AL" else f"district {int(district)}"
    return f"{OFFICES[sign]}, {number}"


def _made(match: re.Match[str], contest: str, stage: str, year: int | None, office: str) -> Coded:
    """Put together what a column says."""
    column = match.string
    party, name = match["party"], match["name"]
    return Coded(column, contest, column[match.start("party") :], stage, year, office, PARTIES.get(party, party), name)
