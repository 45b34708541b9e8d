"""Census data and district plans in; AAPI concentration, maps and exhibits out.

Names load when they are first used, so that ``import kit`` is quick.

Examples
--------
>>> import kit
>>> kit.GROUPS["aapi_aoic"].short
'Asian or NHPI, alone or in combination'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.public import WHERE

if TYPE_CHECKING:
    from kit.analysis import moe
    from kit.analysis.adjacency import adjacency
    from kit.analysis.allocation import allocate
    from kit.analysis.allocation_range import allocation_range, district_margins
    from kit.analysis.bisg import bisg, calibrate_names
    from kit.analysis.claims import check_claim
    from kit.analysis.cluster_stability import stability
    from kit.analysis.clusters import clusters
    from kit.analysis.communities import community_split_table, community_splits
    from kit.analysis.community_places import locate_communities
    from kit.analysis.community_shapes import communities_of
    from kit.analysis.community_statement import statement
    from kit.analysis.compactness import compactness
    from kit.analysis.compare import compare_plans
    from kit.analysis.concentration import concentration, definition_ladder, unit_shares
    from kit.analysis.connecticut import to_counties
    from kit.analysis.consensus import consensus
    from kit.analysis.contest_rule import ContestRule
    from kit.analysis.contests import ContestTable, contest_table
    from kit.analysis.contiguity import contiguity, district_parts
    from kit.analysis.cps_turnout import cps_turnout
    from kit.analysis.crosswalk import crosswalk
    from kit.analysis.cvap import cvap_bracket
    from kit.analysis.ecological import EcologicalEstimate, ecological_inference
    from kit.analysis.estimates import district_estimates
    from kit.analysis.local_statistics import getis_ord, local_moran
    from kit.analysis.many_plans import score_plans
    from kit.analysis.mending import MendingRules, mend_communities
    from kit.analysis.monitor_plan import assign_monitors
    from kit.analysis.monitoring import rank_polling_places
    from kit.analysis.moran import moran
    from kit.analysis.packing import packing
    from kit.analysis.participation import Participation, participation
    from kit.analysis.placement import place
    from kit.analysis.plan_measures import measure_plan
    from kit.analysis.polarization import polarization
    from kit.analysis.precinct_shares import precinct_shares
    from kit.analysis.precinct_votes import votes_by_unit
    from kit.analysis.rank_plans import rank_plans
    from kit.analysis.replay import replay
    from kit.analysis.section203 import screen_203
    from kit.analysis.segregation import segregation
    from kit.analysis.suppression import suppress_small, suppress_together
    from kit.analysis.swaps import swap_sheet
    from kit.community_proof import round_trip
    from kit.drawing import draw_community
    from kit.errors import (
        Corrupt,
        CoverageError,
        CRSError,
        DataQualityWarning,
        InputError,
        KeyMissing,
        KeyRejected,
        KitError,
        NotPublished,
        Offline,
        QueryRejected,
        RateLimited,
        SchemaError,
        ServerFault,
        SourceError,
    )
    from kit.hearing import build_hearing, check_build, load_hearing
    from kit.hearing_new import new_hearing
    from kit.intake.drafts import Drafts
    from kit.intake.wording import check_wording
    from kit.maps.change import map_change
    from kit.maps.chart_forest import chart_forest
    from kit.maps.chart_ladder import chart_ladder
    from kit.maps.chart_precincts import chart_precincts
    from kit.maps.choropleth import map_share
    from kit.maps.clusters import map_clusters
    from kit.maps.communities import map_communities
    from kit.maps.compare import map_compare
    from kit.maps.districts import map_districts
    from kit.maps.dots import map_dots
    from kit.maps.gap import map_gap
    from kit.maps.language import map_language
    from kit.maps.multiples import map_plans
    from kit.maps.polling import map_polling
    from kit.maps.voices import map_consensus
    from kit.maps.zoom import map_zoom, map_zooms
    from kit.model.adjacency import Adjacency
    from kit.model.claims import Claim
    from kit.model.communities import Communities
    from kit.model.community import Ask, Community
    from kit.model.context import Context
    from kit.model.detail import DETAIL
    from kit.model.frames import DistrictTable, Placement, Plan, Source, Units
    from kit.model.groups import BASES
    from kit.model.groups import DEFINITIONS as GROUPS
    from kit.model.polling import PollingPlaces
    from kit.model.returns import Returns
    from kit.model.submissions import Submissions
    from kit.model.tiers import TIERS
    from kit.model.verdict import Verdict
    from kit.model.voters import VoterCounts
    from kit.paper import paper_form
    from kit.report.exhibit import exhibit
    from kit.report.monitoring import write_monitoring
    from kit.report.output import save_map, show_map
    from kit.report.packet import build_packet
    from kit.report.pages import show_pages
    from kit.report.tables import show_table, write_table
    from kit.samples import load_sample
    from kit.settings import current as current_settings
    from kit.settings import using
    from kit.sources.acs import read_acs
    from kit.sources.block_assignment import read_block_assignment
    from kit.sources.community_files import read_communities
    from kit.sources.community_paper import read_paper_forms
    from kit.sources.community_write import write_communities
    from kit.sources.cps import read_cps
    from kit.sources.crosswalk import read_crosswalk
    from kit.sources.cvap import read_cvap
    from kit.sources.ddhca import read_ddhca
    from kit.sources.dhc import read_dhc
    from kit.sources.download import fetch_pl94171
    from kit.sources.language_access import read_section203
    from kit.sources.local import read_units
    from kit.sources.paper_compare import compare_paper_forms
    from kit.sources.paper_files import paper_sheet
    from kit.sources.pl94171 import read_pl94171
    from kit.sources.plans import read_plan, write_plan
    from kit.sources.polling_places import read_monitors, read_polling_places
    from kit.sources.registration import read_registration
    from kit.sources.returns import read_returns
    from kit.sources.surnames import read_first_names, read_surnames
    from kit.sources.tiger import read_boundaries
    from kit.sources.tiger_context import read_context
    from kit.sources.tiger_plan import fetch_plan

__all__ = [
    "BASES",
    "DETAIL",
    "GROUPS",
    "TIERS",
    "Adjacency",
    "Ask",
    "CRSError",
    "Claim",
    "Communities",
    "Community",
    "ContestRule",
    "ContestTable",
    "Context",
    "Corrupt",
    "CoverageError",
    "DataQualityWarning",
    "DistrictTable",
    "Drafts",
    "EcologicalEstimate",
    "InputError",
    "KeyMissing",
    "KeyRejected",
    "KitError",
    "MendingRules",
    "NotPublished",
    "Offline",
    "Participation",
    "Placement",
    "Plan",
    "PollingPlaces",
    "QueryRejected",
    "RateLimited",
    "Returns",
    "SchemaError",
    "ServerFault",
    "Source",
    "SourceError",
    "Submissions",
    "Units",
    "Verdict",
    "VoterCounts",
    "__version__",
    "adjacency",
    "allocate",
    "allocation_range",
    "assign_monitors",
    "bisg",
    "build_hearing",
    "build_packet",
    "calibrate_names",
    "chart_forest",
    "chart_ladder",
    "chart_precincts",
    "check_build",
    "check_claim",
    "check_wording",
    "clusters",
    "communities_of",
    "community_split_table",
    "community_splits",
    "compactness",
    "compare_paper_forms",
    "compare_plans",
    "concentration",
    "consensus",
    "contest_table",
    "contiguity",
    "cps_turnout",
    "crosswalk",
    "current_settings",
    "cvap_bracket",
    "definition_ladder",
    "district_estimates",
    "district_margins",
    "district_parts",
    "draw_community",
    "ecological_inference",
    "exhibit",
    "fetch_pl94171",
    "fetch_plan",
    "getis_ord",
    "load_hearing",
    "load_sample",
    "local_moran",
    "locate_communities",
    "map_change",
    "map_clusters",
    "map_communities",
    "map_compare",
    "map_consensus",
    "map_districts",
    "map_dots",
    "map_gap",
    "map_language",
    "map_plans",
    "map_polling",
    "map_share",
    "map_zoom",
    "map_zooms",
    "measure_plan",
    "mend_communities",
    "moe",
    "moran",
    "new_hearing",
    "packing",
    "paper_form",
    "paper_sheet",
    "participation",
    "place",
    "polarization",
    "precinct_shares",
    "rank_plans",
    "rank_polling_places",
    "read_acs",
    "read_block_assignment",
    "read_boundaries",
    "read_communities",
    "read_context",
    "read_cps",
    "read_crosswalk",
    "read_cvap",
    "read_ddhca",
    "read_dhc",
    "read_first_names",
    "read_monitors",
    "read_paper_forms",
    "read_pl94171",
    "read_plan",
    "read_polling_places",
    "read_registration",
    "read_returns",
    "read_section203",
    "read_surnames",
    "read_units",
    "replay",
    "round_trip",
    "save_map",
    "score_plans",
    "screen_203",
    "segregation",
    "show_map",
    "show_pages",
    "show_table",
    "stability",
    "statement",
    "suppress_small",
    "suppress_together",
    "swap_sheet",
    "to_counties",
    "unit_shares",
    "using",
    "votes_by_unit",
    "write_communities",
    "write_monitoring",
    "write_plan",
    "write_table",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name == "__version__":
        value: Any = _version()
    elif name in WHERE:
        from importlib import import_module

        module, _, attribute = WHERE[name].partition(":")
        home = import_module(module)
        value = getattr(home, attribute) if hasattr(home, attribute) else import_module(f"{module}.{attribute}")
    else:
        raise AttributeError(f"module 'kit' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})


def _version() -> str:
    """Read the version of the installed kit; a bare checkout has none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("aapi-redistricting-kit")
    except PackageNotFoundError:
        return "0+unknown"
