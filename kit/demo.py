"""The main job, on the embedded sample: from tracts and two plans to maps, tables and exhibits."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kit.progress import meter

if TYPE_CHECKING:
    from kit.model.frames import DistrictTable

SAMPLE = "los_angeles_2010"
GROUP, BASE = "nh_aapi_alone", "pop"
BREAKS = (0, 0.05, 0.10, 0.20, 0.30, 0.50, 1)
# West, south, east and north in degrees: the mainland, where all but a few thousand residents live.
MAINLAND = (-118.95, 33.68, -117.64, 34.83)
AUTHOR = "The AAPI redistricting kit (demonstration)"
CONTACT = "no contact: this is a demonstration"


@dataclass(frozen=True)
class Demo:
    """What the demonstration made.

    Parameters
    ----------
    paths : tuple of pathlib.Path
        Files written.
    words : str
        Plain-language summary of both plans, and the caveat of the sample.
    """

    paths: tuple[Path, ...]
    words: str


def run_demo(out: str | os.PathLike[str]) -> Demo:
    """Make maps, tables and exhibits of the Los Angeles sample under two plans.

    Parameters
    ----------
    out : path-like
        Folder to write into; made when missing.

    Returns
    -------
    Demo
        The files and a summary in plain words.
    """
    from kit.analysis.concentration import concentration
    from kit.analysis.placement import place
    from kit.maps.choropleth import map_share
    from kit.maps.compare import map_compare
    from kit.report.exhibit import exhibit
    from kit.report.output import save_map
    from kit.report.tables import write_table
    from kit.samples import load_sample

    folder = Path(out)
    paths: list[Path] = []
    words: list[str] = []
    with meter("Maps and exhibits of the sample", 9) as bar:
        sample = load_sample(SAMPLE)
        bar.advance(1)
        placed = {key: place(sample.units, plan) for key, plan in sorted(sample.plans.items())}
        tables = {key: concentration(p, group=GROUP, base=BASE) for key, p in placed.items()}
        bar.advance(1)
        for key, placement in placed.items():
            ax = map_share(placement, group=GROUP, base=BASE, breaks=BREAKS, extent=MAINLAND)
            paths += save_map(ax, folder / f"plan_{key}")
            paths.append(write_table(tables[key], folder / f"plan_{key}.geojson"))
            bar.advance(2)
            page = exhibit(
                ax, tables[key], number=key.upper(), title=_claim(tables[key]), author=AUTHOR, contact=CONTACT
            )  # fmt: skip
            paths += page.save(folder / f"exhibit_{key}.pdf")
            words.append(tables[key].summary())
            bar.advance(1)
        first, second = placed.values()
        axes = map_compare(first, second, group=GROUP, base=BASE, breaks=BREAKS, extent=MAINLAND)
        paths += save_map(axes, folder / "side_by_side")
        bar.advance(1)
    return Demo(tuple(paths), "\n\n".join([*words, sample.caveat]))


def _claim(table: DistrictTable) -> str:
    """State the one thing an exhibit shows, from its numbers."""
    from kit.model.groups import definition
    from kit.model.sentences import percent

    top = table.frame["share"].idxmax()
    share = percent(table.frame.loc[top, "share"])
    return f"District {top} has this plan's highest share of “{definition(GROUP).short}” residents: {share}"
