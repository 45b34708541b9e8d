"""Drawing a community in a notebook: `draw_community`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kit.errors import InputError

if TYPE_CHECKING:
    from kit.intake.widget import CommunityPad
    from kit.model.context import Context
    from kit.model.frames import Placement, Plan, Units


def draw_community(
    *,
    units: Units,
    folder: str | os.PathLike[str],
    group: str,
    base: str,
    breaks: Sequence[float],
    plan: Plan | Placement | None = None,
    plans: Sequence[Plan | Placement] | Mapping[str, Plan | Placement] = (),
    layers: Context | Mapping[str, Any] | None = None,
    id: str | None = None,
    submitter: str = "",
    collector: str = "",
    body: Any = "california",
    most_megabytes: float = 20.0,
) -> CommunityPad:
    """Draw and tell a community of interest in a notebook, with live figures and without a network.

    Parameters
    ----------
    units : Units
        Census units with polygons and with ``total_pop``; the community is made of whole ones.
    folder : path-like
        Where every stroke is kept, as `kit.intake.drafts.Drafts`; made where missing.
    group, base : str
        Definition id and universe id of the share that colours the map; the group is counted in the figures.
    breaks : sequence of float
        Class bounds of the map, as fractions from 0 to 1.
    plan : Plan or Placement, optional
        A plan whose districts are counted and drawn.
    plans : sequence or mapping of str to Plan or Placement
        Several plans.
    layers : Context or mapping of str to geopandas.GeoDataFrame, optional
        Water, roads and places, as `kit.read_context` reads them: drawn, and
        searched by name. Streets (``streets=True`` there) are searched all, and
        drawn as far as the map stays quick; the page says what it leaves out.
    id : str, optional
        Community to open; by default the newest unfinished one of the folder, else a new one.
    submitter : str
        Pseudonym of who tells it, never a name or address.
    collector : str
        Id of the volunteer or group that collects.
    body : str, path-like, BodyRules or None
        Whose rules wording is checked by; None for no advice.
    most_megabytes : float
        Larger uploads are refused. A Jupyter server cuts messages of more than
        10 MB off by itself, before the kit sees them, unless its
        ``tornado_settings`` say otherwise.

    Returns
    -------
    kit.intake.widget.CommunityPad
        Shown by a notebook; ``.community`` is what is kept, ``.figures`` what it adds up to.

    Raises
    ------
    InputError
        The widgets are not installed, units have no polygons, breaks are no
        class bounds, two plans have one name, or no community has that id.
    SchemaError
        The units lack a count, or a layer has no names.
    CoverageError
        The counts must not be added.
    CRSError
        A layer has no CRS.

    Notes
    -----
    A drawn outline holds the units whose point on the surface it encloses. The
    figures are those of `kit.community_splits` for `kit.locate_communities`
    with ``rule="point"``. Everything can be done without a mouse: units, places
    and streets are found by name, and ids can be typed.
    """
    try:
        import_module("ipyleaflet")
    except ImportError as error:
        raise InputError("drawing needs ipyleaflet: pip install 'aapi-redistricting-kit[notebooks]'.") from error
    from kit.analysis.concentration import unit_shares
    from kit.intake.drafts import Drafts
    from kit.intake.tally import Tally
    from kit.intake.widget import CommunityPad
    from kit.intake.widget_map import UnitMap
    from kit.sources.community_files import read_communities

    bounds = tuple(float(one) for one in breaks)
    if len(bounds) < 2 or bounds[0] != 0 or bounds[-1] != 1 or list(bounds) != sorted(set(bounds)):
        raise InputError("breaks are fractions that ascend from 0 to 1, such as 0, 0.1, 0.25, 0.5, 1.")
    placements = _placed(units, plan, plans)
    tally = Tally(units, placements, group=group)
    around = near_units(layers, units)
    drafts = Drafts(folder)
    community = _opened(drafts, id, submitter, collector)
    shares = unit_shares(units, group=group, base=base)["share"].to_numpy(dtype="float64")
    lines = {name: placement.plan for name, placement in placements.items()}
    drawn = UnitMap(tally, shares, bounds, lines, around)
    return CommunityPad(
        drafts,
        tally,
        community,
        drawn,
        breaks=bounds,
        reader=read_communities,
        layers=around,
        body=body,
        most_megabytes=most_megabytes,
    )


def near_units(layers: Context | Mapping[str, Any] | None, units: Units) -> Context | None:
    """Check layers, and keep what lies in the extent of units.

    Parameters
    ----------
    layers : Context, mapping of str to geopandas.GeoDataFrame, or None
        Water, roads, places and streets.
    units : Units
        With shapes.

    Returns
    -------
    Context or None
        None for no layers.

    Raises
    ------
    InputError
        There are no such layers, one does not say where it came from, or none reaches the units.
    SchemaError
        Roads, streets or places have no column ``name``.
    CRSError
        A layer or the units have no CRS.
    """
    from dataclasses import replace

    from kit.intake.surroundings import nearby
    from kit.maps.context import checked
    from kit.model.crs import require_crs

    if layers is None or units.geometry is None:
        return None
    found = checked(layers)
    if found.streets is not None:
        checked(replace(found, roads=found.streets))
    require_crs(units.geometry, what=f"the layer of {units.plural}")
    near = nearby(found, units.geometry)
    parts = (near.water, near.roads, near.places, near.streets)
    if not any(part is not None and len(part) for part in parts):
        raise InputError(
            f"no water, road or place of these layers lies near the {units.plural}; they may be of another county."
        )
    return near


def _placed(units: Units, plan: Any, plans: Any) -> dict[str, Placement]:
    """Place the units in each plan, by its name."""
    from kit.analysis.placement import place
    from kit.model.frames import Placement

    if plan is not None and plans:
        raise InputError("pass plan= or plans=, not both.")
    given = [plan] if plan is not None else plans
    if not isinstance(given, Mapping):
        names = [(one.plan if isinstance(one, Placement) else one).name for one in given]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise InputError(f"two plans are called {doubled[0]!r}; pass a dict of name to plan.")
        given = dict(zip(names, given, strict=True))
    return {
        str(name): one if isinstance(one, Placement) else place(units, one, outside="report")
        for name, one in given.items()
    }


def _opened(drafts: Any, id: str | None, submitter: str, collector: str) -> Any:
    """Find the community to open, or begin one."""
    from kit.intake.widget_form import unnamed
    from kit.model.community import Collected, Community

    if id is not None:
        return drafts.latest(id)
    open_ = [one for one in map(drafts.latest, drafts) if one.draft]
    if open_:
        return max(open_, key=lambda one: (one.made, one.id))
    return Community(
        name=str(unnamed()), draft=True, submitter=submitter, collected=Collected(how="drawn", collector=collector)
    )
