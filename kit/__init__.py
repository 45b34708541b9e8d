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
    from kit.analysis.contiguity import contiguity, district_parts
    from kit.analysis.crosswalk import crosswalk
    from kit.analysis.cvap import cvap_bracket
    from kit.analysis.estimates import district_estimates
    from kit.analysis.local_statistics import getis_ord, local_moran
    from kit.analysis.many_plans import score_plans
    from kit.analysis.mending import MendingRules, mend_communities
    from kit.analysis.moran import moran
    from kit.analysis.packing import packing
    from kit.analysis.placement import place
    from kit.analysis.plan_measures import measure_plan
    from kit.analysis.polarization import polarization
    from kit.analysis.rank_plans import rank_plans
    from kit.analysis.section203 import screen_203
    from kit.analysis.segregation import segregation
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
    from kit.maps.choropleth import map_share
    from kit.maps.clusters import map_clusters
    from kit.maps.communities import map_communities
    from kit.maps.compare import map_compare
    from kit.maps.districts import map_districts
    from kit.maps.dots import map_dots
    from kit.maps.language import map_language
    from kit.maps.multiples import map_plans
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
    from kit.model.submissions import Submissions
    from kit.model.tiers import TIERS
    from kit.model.verdict import Verdict
    from kit.report.exhibit import exhibit
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
    from kit.sources.community_write import write_communities
    from kit.sources.crosswalk import read_crosswalk
    from kit.sources.cvap import read_cvap
    from kit.sources.ddhca import read_ddhca
    from kit.sources.dhc import read_dhc
    from kit.sources.download import fetch_pl94171
    from kit.sources.language_access import read_section203
    from kit.sources.local import read_units
    from kit.sources.pl94171 import read_pl94171
    from kit.sources.plans import read_plan, write_plan
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
    "Context",
    "Corrupt",
    "CoverageError",
    "DataQualityWarning",
    "DistrictTable",
    "Drafts",
    "InputError",
    "KeyMissing",
    "KeyRejected",
    "KitError",
    "MendingRules",
    "NotPublished",
    "Offline",
    "Placement",
    "Plan",
    "QueryRejected",
    "RateLimited",
    "SchemaError",
    "ServerFault",
    "Source",
    "SourceError",
    "Submissions",
    "Units",
    "Verdict",
    "__version__",
    "adjacency",
    "allocate",
    "allocation_range",
    "bisg",
    "build_hearing",
    "build_packet",
    "calibrate_names",
    "check_build",
    "check_claim",
    "check_wording",
    "clusters",
    "communities_of",
    "community_split_table",
    "community_splits",
    "compactness",
    "compare_plans",
    "concentration",
    "consensus",
    "contiguity",
    "crosswalk",
    "current_settings",
    "cvap_bracket",
    "definition_ladder",
    "district_estimates",
    "district_margins",
    "district_parts",
    "draw_community",
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
    "map_districts",
    "map_dots",
    "map_language",
    "map_plans",
    "map_share",
    "map_zoom",
    "map_zooms",
    "measure_plan",
    "mend_communities",
    "moe",
    "moran",
    "new_hearing",
    "packing",
    "place",
    "polarization",
    "rank_plans",
    "read_acs",
    "read_block_assignment",
    "read_boundaries",
    "read_communities",
    "read_context",
    "read_crosswalk",
    "read_cvap",
    "read_ddhca",
    "read_dhc",
    "read_first_names",
    "read_pl94171",
    "read_plan",
    "read_section203",
    "read_surnames",
    "read_units",
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
    "swap_sheet",
    "to_counties",
    "unit_shares",
    "using",
    "write_communities",
    "write_plan",
    "write_table",
]

# Public name → module and name in it.
_WHERE = {
    "using": "kit.settings:using",
    "current_settings": "kit.settings:current",
    "KitError": "kit.errors:KitError",
    "InputError": "kit.errors:InputError",
    "SchemaError": "kit.errors:SchemaError",
    "CRSError": "kit.errors:CRSError",
    "CoverageError": "kit.errors:CoverageError",
    "SourceError": "kit.errors:SourceError",
    "KeyMissing": "kit.errors:KeyMissing",
    "KeyRejected": "kit.errors:KeyRejected",
    "QueryRejected": "kit.errors:QueryRejected",
    "RateLimited": "kit.errors:RateLimited",
    "ServerFault": "kit.errors:ServerFault",
    "NotPublished": "kit.errors:NotPublished",
    "Offline": "kit.errors:Offline",
    "Corrupt": "kit.errors:Corrupt",
    "DataQualityWarning": "kit.errors:DataQualityWarning",
    "Source": "kit.model.frames:Source",
    "Units": "kit.model.frames:Units",
    "Plan": "kit.model.frames:Plan",
    "Placement": "kit.model.frames:Placement",
    "DistrictTable": "kit.model.frames:DistrictTable",
    "GROUPS": "kit.model.groups:DEFINITIONS",
    "DETAIL": "kit.model.detail:DETAIL",
    "BASES": "kit.model.groups:BASES",
    "TIERS": "kit.model.tiers:TIERS",
    "fetch_pl94171": "kit.sources.download:fetch_pl94171",
    "read_crosswalk": "kit.sources.crosswalk:read_crosswalk",
    "read_cvap": "kit.sources.cvap:read_cvap",
    "read_units": "kit.sources.local:read_units",
    "read_acs": "kit.sources.acs:read_acs",
    "read_ddhca": "kit.sources.ddhca:read_ddhca",
    "read_dhc": "kit.sources.dhc:read_dhc",
    "read_pl94171": "kit.sources.pl94171:read_pl94171",
    "read_plan": "kit.sources.plans:read_plan",
    "write_plan": "kit.sources.plans:write_plan",
    "moe": "kit.analysis:moe",
    "polarization": "kit.analysis.polarization:polarization",
    "place": "kit.analysis.placement:place",
    "allocate": "kit.analysis.allocation:allocate",
    "crosswalk": "kit.analysis.crosswalk:crosswalk",
    "concentration": "kit.analysis.concentration:concentration",
    "allocation_range": "kit.analysis.allocation_range:allocation_range",
    "cvap_bracket": "kit.analysis.cvap:cvap_bracket",
    "district_margins": "kit.analysis.allocation_range:district_margins",
    "definition_ladder": "kit.analysis.concentration:definition_ladder",
    "district_estimates": "kit.analysis.estimates:district_estimates",
    "unit_shares": "kit.analysis.concentration:unit_shares",
    "map_share": "kit.maps.choropleth:map_share",
    "map_compare": "kit.maps.compare:map_compare",
    "save_map": "kit.report.output:save_map",
    "show_map": "kit.report.output:show_map",
    "show_pages": "kit.report.pages:show_pages",
    "show_table": "kit.report.tables:show_table",
    "exhibit": "kit.report.exhibit:exhibit",
    "write_table": "kit.report.tables:write_table",
    "load_sample": "kit.samples:load_sample",
    "read_boundaries": "kit.sources.tiger:read_boundaries",
    "read_context": "kit.sources.tiger_context:read_context",
    "fetch_plan": "kit.sources.tiger_plan:fetch_plan",
    "read_block_assignment": "kit.sources.block_assignment:read_block_assignment",
    "read_section203": "kit.sources.language_access:read_section203",
    "screen_203": "kit.analysis.section203:screen_203",
    "adjacency": "kit.analysis.adjacency:adjacency",
    "contiguity": "kit.analysis.contiguity:contiguity",
    "district_parts": "kit.analysis.contiguity:district_parts",
    "segregation": "kit.analysis.segregation:segregation",
    "clusters": "kit.analysis.clusters:clusters",
    "stability": "kit.analysis.cluster_stability:stability",
    "moran": "kit.analysis.moran:moran",
    "local_moran": "kit.analysis.local_statistics:local_moran",
    "getis_ord": "kit.analysis.local_statistics:getis_ord",
    "compare_plans": "kit.analysis.compare:compare_plans",
    "swap_sheet": "kit.analysis.swaps:swap_sheet",
    "rank_plans": "kit.analysis.rank_plans:rank_plans",
    "score_plans": "kit.analysis.many_plans:score_plans",
    "to_counties": "kit.analysis.connecticut:to_counties",
    "Adjacency": "kit.model.adjacency:Adjacency",
    "Communities": "kit.model.communities:Communities",
    "measure_plan": "kit.analysis.plan_measures:measure_plan",
    "compactness": "kit.analysis.compactness:compactness",
    "community_splits": "kit.analysis.communities:community_splits",
    "communities_of": "kit.analysis.community_shapes:communities_of",
    "packing": "kit.analysis.packing:packing",
    "check_claim": "kit.analysis.claims:check_claim",
    "Claim": "kit.model.claims:Claim",
    "Verdict": "kit.model.verdict:Verdict",
    "community_split_table": "kit.analysis.communities:community_split_table",
    "map_communities": "kit.maps.communities:map_communities",
    "map_clusters": "kit.maps.clusters:map_clusters",
    "map_change": "kit.maps.change:map_change",
    "map_plans": "kit.maps.multiples:map_plans",
    "map_districts": "kit.maps.districts:map_districts",
    "map_dots": "kit.maps.dots:map_dots",
    "map_language": "kit.maps.language:map_language",
    "map_zoom": "kit.maps.zoom:map_zoom",
    "map_zooms": "kit.maps.zoom:map_zooms",
    "Context": "kit.model.context:Context",
    "load_hearing": "kit.hearing:load_hearing",
    "build_hearing": "kit.hearing:build_hearing",
    "check_build": "kit.hearing:check_build",
    "new_hearing": "kit.hearing_new:new_hearing",
    "build_packet": "kit.report.packet:build_packet",
    "bisg": "kit.analysis.bisg:bisg",
    "calibrate_names": "kit.analysis.bisg:calibrate_names",
    "read_first_names": "kit.sources.surnames:read_first_names",
    "read_surnames": "kit.sources.surnames:read_surnames",
    "Ask": "kit.model.community:Ask",
    "Community": "kit.model.community:Community",
    "Drafts": "kit.intake.drafts:Drafts",
    "MendingRules": "kit.analysis.mending:MendingRules",
    "Submissions": "kit.model.submissions:Submissions",
    "check_wording": "kit.intake.wording:check_wording",
    "consensus": "kit.analysis.consensus:consensus",
    "locate_communities": "kit.analysis.community_places:locate_communities",
    "mend_communities": "kit.analysis.mending:mend_communities",
    "read_communities": "kit.sources.community_files:read_communities",
    "round_trip": "kit.community_proof:round_trip",
    "draw_community": "kit.drawing:draw_community",
    "statement": "kit.analysis.community_statement:statement",
    "write_communities": "kit.sources.community_write:write_communities",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name == "__version__":
        value: Any = _version()
    elif name in _WHERE:
        from importlib import import_module

        module, _, attribute = _WHERE[name].partition(":")
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
