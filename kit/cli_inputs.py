"""What the words of a command line name: units, plans, breaks and column maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import InputError, first_few

if TYPE_CHECKING:
    from kit.model.frames import Placement, Plan, Units
    from kit.samples import Sample

SAMPLE = "sample:"
DEFAULT_SAMPLE = "los_angeles_2010"
FORMATS = ("pdf", "png", "svg")
_LAYERS = (".shp", ".geojson", ".gpkg", ".kml", ".topojson")


@dataclass(frozen=True)
class Wanted:
    """What a command was asked to read, in the words of its options.

    Parameters
    ----------
    units : str
        A table of units; ``sample:los_angeles_2010``; or, with `state`, a zip
        or folder of raw P.L. 94-171 files.
    plan : str, optional
        A path, or ``sample:a`` for a plan of the sample that `units` names
        (Los Angeles when it names none).
    id : str
        Column of GEOIDs in a table, and in `shapes`.
    plan_id, plan_crs, plan_name : str, optional
        Column of district labels in the plan's file, the CRS of a file that
        does not say it, and the plan's title.
    columns : list of str
        ``FILE=KIT`` pairs; empty when columns are named as the kit names them.
    level, year, state : optional
        Level, census year and State; raw P.L. 94-171 files need all three.
    shapes : str, optional
        A file of polygons to join on by GEOID.
    title : str, optional
        The table's title in captions; by default its file name.
    rule, outside : str
        How units are placed, and what happens to people in no district.
    """

    units: str
    plan: str = ""
    id: str = "GEOID"
    plan_id: str | None = None
    plan_crs: str | None = None
    plan_name: str | None = None
    columns: tuple[str, ...] = ()
    level: str | None = None
    year: int | None = None
    state: str | None = None
    shapes: str | None = None
    title: str | None = None
    rule: str = "auto"
    outside: str = "error"

    def place(self) -> Placement:
        """Read units and plan, and place one in the other.

        Returns
        -------
        Placement
            Units placed in districts.
        """
        from kit.analysis.placement import place

        units = load_units(self)
        return place(units, load_plan(self, units), rule=self.rule, outside=self.outside)


def parse_breaks(text: str) -> list[float]:
    """Read class bounds from a comma-separated list.

    Parameters
    ----------
    text : str
        Fractions such as ``"0,.05,.10,1"``, or percentages such as ``"0%,5%,100%"``.

    Returns
    -------
    list of float
        Fractions in the order given.

    Raises
    ------
    InputError
        A bound is not a number.

    Examples
    --------
    >>> parse_breaks("0, 5%, .1, 1")
    [0.0, 0.05, 0.1, 1.0]
    """
    bounds = []
    for word in text.split(","):
        bare = word.strip()
        try:
            bound = float(bare.removesuffix("%")) / 100 if bare.endswith("%") else float(bare)
        except ValueError:
            bound = nan
        if not isfinite(bound):
            raise InputError(f"{bare!r} in the breaks is not a number; write them like 0,.05,.10,.20,1.")
        bounds.append(bound)
    return bounds


def parse_columns(pairs: Sequence[str]) -> dict[str, str]:
    """Read a column map from ``FILE=KIT`` pairs.

    Parameters
    ----------
    pairs : sequence of str
        Such as ``"TOTPOP=total_pop"``.

    Returns
    -------
    dict of str to str
        File column → the kit's column.

    Raises
    ------
    InputError
        A pair has no ``=`` or an empty side, or a column is named twice.

    Examples
    --------
    >>> parse_columns(["TOTPOP=total_pop"])
    {'TOTPOP': 'total_pop'}
    """
    found: dict[str, str] = {}
    for pair in pairs:
        theirs, sign, ours = (part.strip() for part in pair.rpartition("="))
        if not (theirs and sign and ours):
            raise InputError(f"{pair!r} is not of the form FILECOLUMN=KITCOLUMN, for example TOTPOP=total_pop.")
        if theirs in found or ours in found.values():
            raise InputError(f"{pair!r} maps a column that is mapped already; name each column once.")
        found[theirs] = ours
    return found


def output_names(out: Path, formats: str | None) -> tuple[Path, tuple[str, ...]]:
    """Settle the stem and the formats of the files to write.

    Parameters
    ----------
    out : pathlib.Path
        As typed, with or without a suffix.
    formats : str or None
        Formats with commas between; None takes the suffix, or all three.

    Returns
    -------
    stem : pathlib.Path
        Path without a suffix.
    formats : tuple of str
        Some of ``pdf``, ``png`` and ``svg``.

    Raises
    ------
    InputError
        A format is none of the three.

    Examples
    --------
    >>> output_names(Path("map.png"), None)[1], output_names(Path("map"), "svg,pdf")[1]
    (('png',), ('svg', 'pdf'))
    """
    suffix = out.suffix.lower().removeprefix(".")
    wanted = tuple(dict.fromkeys(word.strip().lower() for word in (formats or suffix or ",".join(FORMATS)).split(",")))
    unknown = [word for word in wanted if word not in FORMATS]
    if unknown:
        raise InputError(f"maps are written as {', '.join(FORMATS)}, not {', '.join(map(repr, unknown))}.")
    return (out.with_suffix("") if suffix in FORMATS else out), wanted


def sample_of(word: str) -> Sample | None:
    """Load the sample that a word such as ``sample:los_angeles_2010`` names.

    Parameters
    ----------
    word : str
        An argument of the command line.

    Returns
    -------
    Sample or None
        None when the word names no sample.
    """
    if not word.startswith(SAMPLE):
        return None
    from kit.samples import load_sample

    return load_sample(word.removeprefix(SAMPLE))


def load_plan(wanted: Wanted, units: Units) -> Plan:
    """Load the plan that is wanted.

    Parameters
    ----------
    wanted : Wanted
        What was asked for.
    units : Units
        What the plan is for, which some lists of units cannot be read without.

    Returns
    -------
    Plan
        The plan.

    Raises
    ------
    InputError
        There is no such file, or no such plan in the sample.
    """
    if not wanted.plan.startswith(SAMPLE):
        from kit.sources.plans import read_plan

        file = _existing(wanted.plan, "plan")
        return read_plan(file, id=wanted.plan_id, crs=wanted.plan_crs, name=wanted.plan_name, units=units)
    from kit.samples import load_sample

    sample = sample_of(wanted.units) or load_sample(DEFAULT_SAMPLE)
    key = wanted.plan.removeprefix(SAMPLE)
    if key not in sample.plans:
        names = ", ".join(SAMPLE + known for known in sample.plans)
        raise InputError(f"the sample has no plan called {key!r}; its plans are {names}.")
    return sample.plans[key]


def load_units(wanted: Wanted) -> Units:
    """Load the units that are wanted.

    Parameters
    ----------
    wanted : Wanted
        What was asked for.

    Returns
    -------
    Units
        Units with counts.

    Raises
    ------
    InputError
        There is no such file, or level, year or State is missing.
    """
    sample = sample_of(wanted.units)
    if sample is not None:
        return sample.units
    path = _existing(wanted.units, "units")
    units = _table(path, wanted) if wanted.state is None else _raw(path, wanted)
    return units if wanted.shapes is None else _with_shapes(units, wanted.shapes, id=wanted.id)


def read_layer(path: Path) -> Any:
    """Read polygons from a file, also one among others in a zip.

    Parameters
    ----------
    path : pathlib.Path
        Shapefile, GeoPackage, GeoJSON or another layer; a zip or a folder.

    Returns
    -------
    geopandas.GeoDataFrame
        The layer in the CRS of the file.

    Raises
    ------
    InputError
        No layer can be read, or a zip holds several.
    """
    import zipfile

    import geopandas
    import pyogrio

    inside = ""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as bag:
            layers = [n for n in bag.namelist() if n.lower().endswith(_LAYERS) and "__MACOSX" not in n]
        if len(layers) > 1:
            raise InputError(f"{path.name} holds several layers: {first_few(layers)}. Unpack it and name one of them.")
        inside = layers[0] if layers else ""
    try:
        return geopandas.read_file(f"/vsizip/{path.resolve()}/{inside}" if inside else path, engine="pyogrio")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError):
        raise InputError(
            f"{path.name} cannot be read as a layer of shapes. It must be a shapefile (with its .dbf, .shx and .prj, "
            "or zipped), a GeoPackage, GeoJSON or KML."
        ) from None


def _existing(word: str, what: str) -> Path:
    """Give the path of something that is there."""
    path = Path(word).expanduser()
    if not path.exists():
        hint = "sample:a" if what == "plan" else f"{SAMPLE}{DEFAULT_SAMPLE}"
        raise InputError(f"there is no file {path.name!r} for the {what}. Check the path; to try the kit, use {hint}.")
    return path


def _raw(path: Path, wanted: Wanted) -> Units:
    """Read raw P.L. 94-171 files."""
    from kit.sources.pl94171 import read_pl94171

    if wanted.year is None or wanted.level is None or wanted.state is None:
        raise InputError("raw P.L. 94-171 files need --year and --level as well as --state.")
    return read_pl94171(wanted.state, year=wanted.year, level=wanted.level, source=path)


def _table(path: Path, wanted: Wanted) -> Units:
    """Read a table of units, saying what is wanted when it is raw instead."""
    if path.is_dir() or path.name.lower().endswith((".pl", ".pl.zip")):
        raise InputError(f"{path.name} looks like raw P.L. 94-171 files; say which with --state, --year and --level.")
    from kit.sources.local import read_units
    from kit.sources.local_files import column_names

    columns = parse_columns(wanted.columns)
    own = [name for name in column_names(path, None) if _is_ours(name) and name not in columns]
    columns |= {name: name for name in own if name not in columns.values()}
    if not columns:
        raise InputError(
            f"no column of {path.name} is named as the kit names them, such as total_vap and aapi_aoic_vap. "
            "Say what its columns are: --map-column TOTPOP=total_pop, and again for each."
        )
    units = read_units(path, id=wanted.id, columns=columns, level=wanted.level, year=wanted.year)
    if wanted.title is None:
        return units
    return replace(units, sources=tuple(replace(s, title=wanted.title, where=path.name) for s in units.sources))


def _is_ours(name: str) -> bool:
    """Tell whether a file's column already has a name of the kit."""
    from kit.model.groups import parse_column
    from kit.model.tables import canonical

    return name == "name" or bool(parse_column(name.removesuffix("_moe")) or canonical(name))


def _with_shapes(units: Units, word: str, *, id: str) -> Units:
    """Join polygons from a file."""
    from kit.model.frames import Source

    path = _existing(word, "shapes")
    shapes = read_layer(path)
    column = next((c for c in (id, "GEOID", "GEOID20", "GEOID10", "id") if c in shapes.columns), None)
    if column is None:
        have = first_few(shapes.columns, 12)
        raise InputError(f"{path.name} has no column {id!r} or GEOID to join on; it has {have}.")
    return units.with_geometry(shapes, id=column, source=Source(f"Boundaries, {path.name}"))
