"""Where the Census Bureau publishes each layer of boundaries, and how its columns are called, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kit.model.vintages import NEWEST

LAST_YEAR = NEWEST["tiger"]
"""Newest yearly edition that is asked for."""
CONGRESS = {
    2010: 111, 2011: 112, 2012: 112, 2013: 113, 2014: 114, 2015: 114, 2016: 115, 2017: 115, 2018: 116, 2019: 116,
    2020: 116, 2021: 116, 2022: 118, 2023: 118, 2024: 119, 2025: 119, 2026: 119,
}  # fmt: skip
"""Edition → Congress whose districts it has."""
ID_COLUMNS = ("GEOID20", "GEOID10", "GEOID", "GEO_ID")
NAME_COLUMNS = ("NAMELSAD20", "NAMELSAD10", "NAMELSAD", "NAME20", "NAME10", "NAME", "FULLNAME")
LAND_COLUMNS = ("ALAND20", "ALAND10", "ALAND")
WATER_COLUMNS = ("AWATER20", "AWATER10", "AWATER")
SESSION_COLUMNS = ("CDSESSN", "LSY", "LSY20", "LSY10")
STATE_COLUMNS = ("STATEFP20", "STATEFP10", "STATEFP", "STATE")
COUNTY_COLUMNS = ("COUNTYFP20", "COUNTYFP10", "COUNTYFP", "COUNTY")
RESOLUTIONS = ("500k", "5m", "20m")

Scope = Literal["nation", "state", "county"]
Product = Literal["tiger", "cartographic"]


@dataclass(frozen=True)
class Part:
    """One way a layer is published, for a span of years.

    Parameters
    ----------
    years : range
        Editions.
    scope : {"nation", "state", "county"}
        What one file covers.
    path : str
        Path below ``/geo/tiger/``, with ``{year}``, ``{ss}`` (State),
        ``{ccc}`` (county), ``{cd}`` (Congress) and ``{res}`` (resolution).
    by_county : str
        Path of the same layer by county, where there is one.
    national : range
        Editions that also have one file of the whole country, under ``us``.
    """

    years: range
    scope: Scope
    path: str
    by_county: str = ""
    national: range = range(0)


@dataclass(frozen=True)
class Layer:
    """One layer of boundaries.

    Parameters
    ----------
    name : str
        The kit's name for it.
    plural : str
        For messages.
    level : str
        Level of geography, where it is one whose GEOIDs the kit knows.
    tiger, cartographic : tuple of Part
        Where the detailed and the generalized boundaries are.
    id : str
        Column of ids where it is none of `ID_COLUMNS`.
    in_county : bool
        Whether the first five digits of an id are the county's.
    in_state : bool
        Whether the first two digits of an id are the State's.
    label : str
        Pattern of the column of district labels, for plans.
    kind : str
        Column of classes that is read too, as ``mtfcc``; empty for none.
    """

    name: str
    plural: str
    level: str = ""
    tiger: tuple[Part, ...] = ()
    cartographic: tuple[Part, ...] = ()
    id: str = ""
    in_county: bool = False
    in_state: bool = True
    label: str = ""
    kind: str = ""


def _tiger(folder: str, suffix: str = "", *, scope: Scope = "state", first: int = 2010) -> tuple[Part, ...]:
    """Give the usual places: 2010 apart, one folder a year from 2011."""
    name, where = suffix or folder.lower(), {"nation": "us", "state": "{ss}", "county": "{ss}{ccc}"}[scope]
    yearly = Part(range(2011, LAST_YEAR + 1), scope, f"TIGER{{year}}/{folder}/tl_{{year}}_{where}_{name}.zip")
    if first > 2010:
        return (yearly,)
    if scope == "county":
        return (Part(range(2010, 2011), scope, f"TIGER2010/{folder}/tl_2010_{where}_{name}.zip"), yearly)
    return (Part(range(2010, 2011), scope, f"TIGER2010/{folder}/2010/tl_2010_{where}_{name}10.zip"), yearly)


def _cartographic(name: str, code: str = "", *, scope: Scope = "state") -> tuple[Part, ...]:
    """Give the usual places of generalized boundaries: 2010, 2013, and 2014 on."""
    where, res = ("us", "{res}") if scope == "nation" else ("{ss}", "500k")
    old = Part(range(2010, 2011), scope, f"GENZ2010/gz_2010_{where}_{code}_{res}.zip")
    parts = (
        Part(range(2013, 2014), scope, f"GENZ2013/cb_2013_{where}_{name}_{res}.zip"),
        Part(
            range(2014, LAST_YEAR + 1),
            scope,
            f"GENZ{{year}}/shp/cb_{{year}}_{where}_{name}_{res}.zip",
            national=range(2019, LAST_YEAR + 1) if scope == "state" else range(0),
        ),
    )
    return (old, *parts) if code else parts


def _schools(kind: str, short: str) -> Layer:
    newer = Part(
        range(2016, LAST_YEAR + 1),
        "state",
        f"GENZ{{year}}/shp/cb_{{year}}_{{ss}}_{short}_500k.zip",
        national=range(2019, LAST_YEAR + 1),
    )
    return Layer(
        f"school_{kind}",
        f"{kind} school districts",
        "",
        _tiger(short.upper()),
        (newer,),
        label=f"{short[:4].upper()}LEA",
    )


_BLOCK = (
    Part(
        range(2010, 2011),
        "state",
        "TIGER2010/TABBLOCK/2010/tl_2010_{ss}_tabblock10.zip",
        by_county="TIGER2010/TABBLOCK/2010/tl_2010_{ss}{ccc}_tabblock10.zip",
    ),
    Part(range(2011, 2014), "state", "TIGER{year}/TABBLOCK/tl_{year}_{ss}_tabblock.zip"),
    Part(range(2014, 2020), "state", "TIGER{year}/TABBLOCK/tl_{year}_{ss}_tabblock10.zip"),
    Part(
        range(2020, 2021),
        "state",
        "TIGER2020/TABBLOCK20/tl_2020_{ss}_tabblock20.zip",
        by_county="TIGER2020PL/LAYER/TABBLOCK/2020/tl_2020_{ss}{ccc}_tabblock20.zip",
    ),
    Part(range(2021, LAST_YEAR + 1), "state", "TIGER{year}/TABBLOCK20/tl_{year}_{ss}_tabblock20.zip"),
)
_VTD = (
    Part(
        range(2010, 2011),
        "state",
        "TIGER2010/VTD/2010/tl_2010_{ss}_vtd10.zip",
        by_county="TIGER2010/VTD/2010/tl_2010_{ss}{ccc}_vtd10.zip",
    ),
    Part(range(2012, 2013), "state", "TIGER2012/VTD/tl_2012_{ss}_vtd10.zip"),
    Part(
        range(2020, 2021),
        "state",
        "TIGER2020PL/LAYER/VTD/2020/tl_2020_{ss}_vtd20.zip",
        by_county="TIGER2020PL/LAYER/VTD/2020/tl_2020_{ss}{ccc}_vtd20.zip",
    ),
)
_CB_VTD = (Part(range(2020, 2021), "state", "GENZ2020/shp/cb_2020_{ss}_vtd_500k.zip", national=range(2020, 2021)),)
_CD = (
    Part(range(2010, 2011), "state", "TIGER2010/CD/111/tl_2010_{ss}_cd111.zip", national=range(2010, 2011)),
    Part(range(2011, 2022), "nation", "TIGER{year}/CD/tl_{year}_us_cd{cd}.zip"),
    Part(range(2022, LAST_YEAR + 1), "state", "TIGER{year}/CD/tl_{year}_{ss}_cd{cd}.zip"),
)
_CB_CD = (
    Part(range(2010, 2011), "nation", "GENZ2010/gz_2010_us_500_11_{res}.zip"),
    Part(range(2013, 2014), "nation", "GENZ2013/cb_2013_us_cd{cd}_{res}.zip"),
    Part(range(2014, LAST_YEAR + 1), "nation", "GENZ{year}/shp/cb_{year}_us_cd{cd}_{res}.zip"),
)
_NATIVE = (_tiger("AIANNH", scope="nation"), _cartographic("aiannh", scope="nation"))

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer("block", "census blocks", "block", _BLOCK, in_county=True),
        Layer(
            "block_group", "block groups", "block_group", _tiger("BG"), _cartographic("bg", "150_00"), in_county=True
        ),
        Layer("tract", "census tracts", "tract", _tiger("TRACT"), _cartographic("tract", "140_00"), in_county=True),
        Layer("vtd", "voting districts", "vtd", _VTD, _CB_VTD, in_county=True, label="VTDST"),
        Layer("place", "places", "place", _tiger("PLACE"), _cartographic("place", "160_00"), label="PLACEFP"),
        Layer(
            "county_subdivision",
            "county subdivisions",
            "county_subdivision",
            _tiger("COUSUB"),
            _cartographic("cousub", "060_00"),
            in_county=True,
        ),
        Layer(
            "county",
            "counties",
            "county",
            _tiger("COUNTY", scope="nation"),
            _cartographic("county", "050_00", scope="nation"),
            in_county=True,
            label="COUNTYFP",
        ),
        Layer(
            "state",
            "States",
            "state",
            _tiger("STATE", scope="nation"),
            _cartographic("state", "040_00", scope="nation"),
        ),
        Layer(
            "congressional_district", "congressional districts", "congressional_district", _CD, _CB_CD, label=r"CD\d*FP"
        ),
        Layer(
            "state_senate",
            "state senate districts",
            "state_senate",
            _tiger("SLDU"),
            _cartographic("sldu", "610_u2"),
            label="SLDUST",
        ),
        Layer(
            "state_house",
            "state house districts",
            "state_house",
            _tiger("SLDL"),
            _cartographic("sldl", "620_l2"),
            label="SLDLST",
        ),
        _schools("unified", "unsd"),
        _schools("elementary", "elsd"),
        _schools("secondary", "scsd"),
        Layer("native_area", "American Indian, Alaska Native and Hawaiian home lands", "", *_NATIVE, in_state=False),
        Layer("hawaiian_home_lands", "Hawaiian home lands", "", *_NATIVE, in_state=False),
        Layer("roads", "roads", "", _tiger("ROADS", scope="county"), id="LINEARID", in_state=False, kind="MTFCC"),
        Layer(
            "main_roads",
            "main roads",
            "",
            _tiger("PRISECROADS", first=2011),
            id="LINEARID",
            in_state=False,
            kind="MTFCC",
        ),
        Layer("area_water", "areas of water", "", _tiger("AREAWATER", scope="county"), id="HYDROID", in_state=False),
    )
}
ALIASES = {
    "tabblock": "block", "bg": "block_group", "cousub": "county_subdivision",
    "cd": "congressional_district", "sldu": "state_senate", "sldl": "state_house", "unsd": "school_unified",
    "elsd": "school_elementary", "scsd": "school_secondary", "aiannh": "native_area", "prisecroads": "main_roads",
    "areawater": "area_water", "water": "area_water", "road": "roads", "voting_district": "vtd",
    "senate_district": "state_senate", "house_district": "state_house",
}  # fmt: skip
"""Other names in the singular; plurals, and "census" before a name, are taken off before one is looked up."""
