"""Block-group estimates on blocks: the kit, the recipe of maup's own guide, and gerrytools, on the same real input.

``pytest tests/benchmarks/bench_allocation.py`` times them; run as a script it
writes the comparison table that stands beside this file.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import types
import warnings
import zipfile
from functools import cache
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest

import kit
from kit.analysis.allocation_range import allocation_range
from kit.model.frames import Plan, Source, Units

HERE = Path(__file__).resolve()
DATA = HERE.parents[2].parent / "shared" / "data"
TABLE = HERE.with_name("allocation_comparison.md")

# Column of the block groups → the adults of the same group in the blocks. Asian alone, and Asian and White, stand
# in one column of this file, and the blocks have no two-race cells; so both follow Asian alone.
WEIGHTS = {
    "cvap_01": "total_vap",
    "asian_cvap": "nh_asian_alone_vap",
    "cvap_06": "nh_nhpi_alone_vap",
    "cvap_12": "P4_011N",
    "cvap_13": "P4_002N",
}
WORDS = {
    "cvap_01": "total",
    "asian_cvap": "Asian alone, and Asian and White",
    "cvap_06": "NHPI alone",
    "cvap_12": "remainder of two or more",
    "cvap_13": "Hispanic",
}
# The same groups under the names of gerrytools.
CATEGORIES = dict(zip(WEIGHTS, ("total", "asian", "nhpi", "two_or_more_races", "hispanic"), strict=True))
# Where gerrytools looks for them: adults in the redistricting data, and the letter of the survey's table B05003.
VARIABLES = {
    "total": ("P3_001N", ""),
    "asian": ("P3_006N", "D"),
    "nhpi": ("P3_007N", "E"),
    "two_or_more_races": ("P3_009N", "G"),
    "hispanic": ("P4_002N", "I"),
}
BLOCKS = {
    "pop": "total_pop",
    "vap": "total_vap",
    "vap_asian": "nh_asian_alone_vap",
    "vap_nhpi": "nh_nhpi_alone_vap",
    "vap_two": "P4_011N",
    "vap_hisp": "P4_002N",
}

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real data, ../shared/data, is not here"),
]


def quiet_maup():
    """Import maup, whose import warns about pandas options."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import maup
    return maup


@cache
def hawaii() -> tuple[Units, Units, Plan]:
    """Read 1,083 block groups with CVAP 2018–2022, 14,732 blocks and 51 House districts."""
    with zipfile.ZipFile(DATA / "hawaii/Geojson_HI.v06.zip") as packed:
        name = next(n for n in packed.namelist() if n.endswith("datasets.geojson"))
        features = json.loads(packed.read(name))["features"]
    ids = pd.Index([f["properties"]["id"] for f in features], dtype="str", name="GEOID")
    found = pd.DataFrame([f["properties"]["datasets"]["V_22_CVAP"] for f in features], index=ids)
    columns = dict(zip(("Total", "Asian", "Pacific", "RemTwoOrMore", "Hispanic"), WEIGHTS, strict=True))
    groups = Units(
        found[list(columns)].rename(columns=columns),
        level="block_group",
        year=2020,
        sources=(Source("CVAP 2018–2022 by block group"),),
    )
    blocks = kit.read_units(DATA / "hawaii/hi_2020_block.csv", id="GEOID20", columns=BLOCKS, level="block", year=2020)
    return groups, blocks, kit.read_plan(DATA / "hawaii/plans/HI_SLDL_bef.zip")


def kit_by_group() -> pd.DataFrame:
    groups, blocks, _ = hawaii()
    return kit.allocate(groups, blocks, weight=WEIGHTS).units.frame[list(WEIGHTS)]


def kit_by_people() -> pd.DataFrame:
    groups, blocks, _ = hawaii()
    return kit.allocate(groups, blocks, weight=dict.fromkeys(WEIGHTS, "total_pop")).units.frame[list(WEIGHTS)]


def maup_prorated(weights: dict[str, str]) -> pd.DataFrame:
    """Follow maup's guide: weight = fine unit / sum of its coarse unit, then prorate; 0 / 0 is left out."""
    maup = quiet_maup()
    groups, blocks, _ = hawaii()
    inside = pd.Series(blocks.frame.index.str[:12], index=blocks.frame.index)
    made = {}
    for name, column in weights.items():
        counts = blocks.frame[column]
        share = counts / inside.map(counts.groupby(inside).sum())
        made[name] = maup.prorate(inside, groups.frame[name], share.fillna(0))
    return pd.DataFrame(made)


def gerrytools_inputs(*, at_least_citizens: bool) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Give blocks, tracts and the state as gerrytools names them, adults of the census standing for the survey's.

    A survey finds at least as many adults as it finds adult citizens, so the
    larger of the two stands in, unless the census figure is wanted as it is.
    """
    groups, blocks, _ = hawaii()
    adults = blocks.frame[list(WEIGHTS.values())].set_axis(list(WEIGHTS), axis=1)
    tract_adults, citizens = (
        frame.groupby(frame.index.str[:11]).sum() for frame in (adults, groups.frame[list(WEIGHTS)])
    )
    if at_least_citizens:
        tract_adults = tract_adults.where(tract_adults >= citizens, citizens)
    tracts = pd.concat(
        [tract_adults.rename(columns=as_named("vap_acs5_22")), citizens.rename(columns=as_named("cvap_acs5_22"))],
        axis=1,
    )
    parts = {"STATEFP": (0, 2), "COUNTYFP": (2, 5), "TRACTCE": (5, 11), "BLOCKCE": (11, 15), "TRACT_GEOID": (0, 11)}
    ids = {"GEOID": adults.index, **{name: adults.index.str[a:b] for name, (a, b) in parts.items()}}
    named = adults.rename(columns=as_named("vap_20")).assign(**ids).reset_index(drop=True)
    return named, tracts, tracts.sum().to_frame().T


def as_named(ending: str) -> dict[str, str]:
    return {name: f"{category}_{ending}" for name, category in CATEGORIES.items()}


def census_api(*, at_least_citizens: bool):
    """Answer as the Census API would, from the frames at hand; nobody is in the groups that they lack."""
    import httpx

    blocks, tracts, whole = gerrytools_inputs(at_least_citizens=at_least_citizens)
    frames = {"block": blocks.set_index("GEOID"), "tract": tracts, "state": whole.set_axis(["15"])}
    column = {pl: f"{name}_vap_20" for name, (pl, _) in VARIABLES.items()}
    for name, (_, letter) in VARIABLES.items():
        column |= {f"B05003{letter}_008E": f"{name}_vap_acs5_22", f"B05003{letter}_009E": f"{name}_cvap_acs5_22"}

    def answer(request):
        asked = request.url.params
        names, level = asked["get"].split(","), asked["for"].partition(":")[0]
        if level == "county":
            counties = sorted({geoid[2:5] for geoid in frames["tract"].index})
            return httpx.Response(200, json=[["NAME", "state", "county"], *(["", "15", county] for county in counties)])
        frame = frames[level]
        county = next((part[7:] for part in asked.get_list("in") if part.startswith("county:")), "*")
        frame = frame if county == "*" else frame[frame.index.str[2:5] == county]
        found = {n: frame[column[n]].astype(int).astype(str) if n in column else "0" for n in names[1:]}
        table = pd.DataFrame({"GEO_ID": "1000000US" + frame.index.astype(str), **found}, index=frame.index)
        return httpx.Response(200, json=[list(table.columns), *table.to_numpy().tolist()])

    return httpx.MockTransport(answer)


def gerrytools_rated(*, at_least_citizens: bool = True) -> pd.DataFrame:
    """Call `block_cvap_estimates` of gerrytools, with the Census API played on this machine."""
    import us

    estimator = importlib.import_module("gerrytools.data.uscensus.block_cvap")
    transport = census_api(at_least_citizens=at_least_citizens)
    httpx = estimator.httpx
    estimator.httpx = types.SimpleNamespace(Client=lambda **options: httpx.Client(transport=transport, **options))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it asks pandas for what pandas will drop
            made = estimator.block_cvap_estimates(us.states.HI, acs_year=2022, pl_year=2020, api_key="none")
    finally:
        estimator.httpx = httpx
    found = made.set_index("GEOID")[list(as_named("cvap_acs5_22_pl_20").values())]
    return found.set_axis(list(CATEGORIES), axis=1)


METHODS = {
    "kit, adults of the same group": kit_by_group,
    "kit, total population": kit_by_people,
    "maup, adults of the same group": lambda: maup_prorated(WEIGHTS),
    "maup, total population": lambda: maup_prorated(dict.fromkeys(WEIGHTS, "total_pop")),
}


@pytest.mark.parametrize("method", METHODS)
def test_speed(benchmark, method):
    benchmark.group = f"share citizens out to 14,732 blocks, {method.partition(', ')[2]}"
    hawaii()
    found = benchmark(METHODS[method])
    assert len(found) == 14_732


def test_who_keeps_everybody():
    groups, _, _ = hawaii()
    totals = groups.frame[list(WEIGHTS)].sum()
    for name in ("kit, adults of the same group", "kit, total population"):
        assert METHODS[name]().sum().to_numpy() == pytest.approx(totals.to_numpy(), rel=1e-12)
    lost = totals - METHODS["maup, adults of the same group"]().sum()
    assert lost["asian_cvap"] == pytest.approx(168)


def test_two_block_groups_one_without_people():
    """Census counts nobody in one block group, and the survey finds 40 citizens there."""
    kept, left = trap()
    assert kept == pytest.approx(60)
    assert left == pytest.approx(20)


def trap() -> tuple[float, float]:
    """Allocate 20 and 40 citizens with the kit and with maup's recipe."""
    maup = quiet_maup()
    groups = pd.Index(["150010201001", "150010201002"], dtype="str", name="GEOID")
    ids = pd.Index([f"{g}{n:03d}" for g in groups for n in (0, 1)], dtype="str", name="GEOID")
    coarse = Units(pd.DataFrame({"total_cvap": [20, 40]}, index=groups), level="block_group", year=2020)
    people = pd.DataFrame({"total_pop": [30, 10, 0, 0], "land_m2": [1, 1, 3, 1]}, index=ids)
    ours = kit.allocate(coarse, Units(people, level="block", year=2020), weight="total_pop")
    inside = pd.Series(ids.str[:12], index=ids)
    share = people["total_pop"] / inside.map(people["total_pop"].groupby(inside).sum())
    theirs = maup.prorate(inside, coarse.frame["total_cvap"], share)
    return float(ours.units.frame["total_cvap"].sum()), float(theirs.sum())


def test_gerrytools_on_the_same_input():
    """It multiplies adults by a rate of at most 1: citizens beyond the adults that the census found are lost."""
    pytest.importorskip("gerrytools")
    with pytest.raises(ValueError, match=r"tract \d{11} has CVAP estimate [\d.]+ exceeding VAP estimate [\d.]+"):
        gerrytools_rated(at_least_citizens=False)
    groups, blocks, _ = hawaii()
    found = gerrytools_rated()
    assert len(found) == 14_732
    adults = blocks.frame["nh_asian_alone_vap"].groupby(blocks.frame.index.str[:11]).sum()
    citizens = groups.frame["asian_cvap"].groupby(groups.frame.index.str[:11]).sum()
    given = found["asian_cvap"].groupby(found.index.str[:11]).sum()
    rated = citizens.clip(lower=adults) >= 20
    assert given[rated].to_numpy() == pytest.approx(citizens.clip(upper=adults)[rated].to_numpy())
    assert citizens.sum() - given.sum() == pytest.approx(35_888, abs=1)


def by_district(found: pd.DataFrame) -> pd.DataFrame:
    _, _, plan = hawaii()
    return found.groupby(plan.assignment.reindex(found.index)).sum()


def summary() -> pd.DataFrame:
    """Compare the four ways: people kept, and how far districts lie from the first way."""
    groups, _, _ = hawaii()
    totals, base = groups.frame[list(WEIGHTS)].sum(), by_district(kit_by_group())
    share = base["asian_cvap"] / base["cvap_01"]
    rows = []
    for name, method in METHODS.items():
        found = by_district(method())
        moved = (found - base).abs()
        points = (found["asian_cvap"] / found["cvap_01"] - share).abs() * 100
        rows.append(
            {
                "way": name,
                **{f"lost: {WORDS[c]}": f"{abs(totals[c] - found[c].sum()):,.0f}" for c in ("cvap_01", "asian_cvap")},
                "Asian citizens, largest district difference": f"{moved['asian_cvap'].max():,.0f}",
                "mean": f"{moved['asian_cvap'].mean():,.1f}",
                "Asian share, largest difference (points)": f"{points.max():.2f}",
                "NHPI alone, largest district difference": f"{moved['cvap_06'].max():,.0f}",
            }
        )
    return pd.DataFrame(rows)


def gerrytools_part() -> str:
    """Describe what gerrytools made of the same input, or say that it is not here."""
    if not importlib.util.find_spec("gerrytools"):
        return "gerrytools is not installed here and was left out."
    groups, _, _ = hawaii()
    _, tracts, _ = gerrytools_inputs(at_least_citizens=False)
    found = gerrytools_rated()
    moved = (by_district(found) - by_district(kit_by_group())).abs()
    table = pd.DataFrame(
        {
            "group": WORDS[name],
            "tracts with more citizens than adults": f"{tracts.eval(f'{own}_cvap_acs5_22 > {own}_vap_acs5_22').sum()}",
            "citizens in the survey": f"{groups.frame[name].sum():,.0f}",
            "citizens estimated": f"{found[name].sum():,.0f}",
            "largest district difference": f"{moved[name].max():,.0f}",
            "mean": f"{moved[name].mean():,.1f}",
        }
        for name, own in CATEGORIES.items()
    )
    return f"""gerrytools {metadata.version("gerrytools")} does not share out block-group figures. Its `block_cvap_estimates` multiplies the adults of each block
by citizens ÷ adults of its tract in the survey, group by group, and takes the rate of the state where a tract has
fewer than 20 such adults. It takes no frames and asks the Census API for every input. Here that function was run as
its users call it, on {len(tracts)} tracts and {len(found):,} blocks, with the API's answers made on this machine from
the block groups above, summed to tracts, with the groups above in place of its own.

Adults by group in the survey (table B05003) are not in this input. The adults of the 2020 census stand in for them,
or the citizens where the survey has more of those: it refuses a tract with more citizens than adults. That is common
for Asian citizens here, whose column takes in Asian and White while the column of adults does not. So these rows say
what it does to this input, and not what its users would get.

{markdown(table)}

Differences are to the kit's first way. A rate is never above 1, so where the survey has more citizens than the census
has adults, the citizens beyond are not estimated. Its figures start from the adults of the census and are not meant
to add up to the citizens of the survey."""


def districts(count: int = 8) -> pd.DataFrame:
    """Show the districts where the ways differ most."""
    groups, blocks, plan = hawaii()
    done = kit.allocate(groups, blocks, weight=WEIGHTS)
    spread = allocation_range(done, kit.place(done.units, plan))
    columns = {name: by_district(method())["asian_cvap"] for name, method in METHODS.items()}
    if importlib.util.find_spec("gerrytools"):
        columns["gerrytools (see below)"] = by_district(gerrytools_rated())["asian_cvap"]
    table = pd.DataFrame(columns)
    table["least"], table["most"] = spread["asian_cvap_min"], spread["asian_cvap_max"]
    apart = (table["maup, total population"] - table["kit, adults of the same group"]).abs()
    shown = table.loc[apart.sort_values(ascending=False).index[:count]]
    return shown.map(lambda v: f"{v:,.0f}").rename_axis("district").reset_index()


def markdown(table: pd.DataFrame) -> str:
    head = " | ".join(table.columns)
    lines = [" | ".join(map(str, row)) for row in table.itertuples(index=False)]
    return "\n".join([f"| {head} |", f"|{' --- |' * len(table.columns)}", *(f"| {line} |" for line in lines)])


def write() -> None:
    kept, left = trap()
    groups, blocks, plan = hawaii()
    text = f"""# Allocation, side by side

Written by `bench_allocation.py`. Citizens of voting age 2018–2022 in {len(groups):,} block groups of Hawaii, shared out
to {len(blocks):,} blocks of 2020 and added up in the {len(plan)} House districts of the plan at hand. maup
{metadata.version("maup")} is used as in its guide: weight = block ÷ sum of its block group, then `prorate`. Block-group
figures: U.S. Census Bureau, as packaged by Dave's Redistricting (CC BY-SA 4.0).

{markdown(summary())}

Differences are to the first row. “Lost” is citizens of the block groups that are in no block.

## Asian alone, and Asian and White: the districts that differ most

{markdown(districts())}

“Least” and “most” leave out, or take in whole, every block group that district lines cut.

## gerrytools

{gerrytools_part()}

## A block group without people in the census and 40 citizens in the survey

Of 20 + 40 citizens the kit keeps {kept:.0f} (40 of them by land area, and says so); the recipe keeps {left:.0f}.
"""
    TABLE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
    sys.stdout.write(TABLE.read_text(encoding="utf-8"))
