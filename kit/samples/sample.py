"""What a sample holds, and how its files are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import InputError
from kit.i18n.messages import mark, say, term
from kit.model.frames import Plan, Source, Units
from kit.model.groups import definition
from kit.model.polling import PollingPlaces
from kit.model.shared import Shared
from kit.model.submissions import Submissions
from kit.model.voters import VoterCounts

STAMP = mark("sample data, not for testimony")
"""What is printed on everything made of a sample."""

STAMPED = mark("Sample data, not for testimony.")
"""The same as a sentence."""

THIS_PROJECT = mark("this project")
"""Publisher of what is invented here."""

SURVEY_YEAR = 2022
"""Last year of the sample's invented survey."""


@dataclass(frozen=True)
class Sample:
    """An embedded example.

    Parameters
    ----------
    name : str
        The name it is loaded by.
    title : str
        For a caption.
    units : Units
        Census units with counts, polygons (EPSG:4269) and sources marked as sample.
    plans : mapping of str to Plan
        ``"a"`` and ``"b"``: polygons (EPSG:4269) and list of units, both.
    communities : geopandas.GeoDataFrame
        Example communities of interest: ``id``, ``name``, ``description`` and polygons (EPSG:4269).
    tables : mapping of str to pandas.DataFrame
        Further tables; empty where the sample has none.
    surveys : mapping of str to str
        Survey tables that `survey` reads, and the level of each.
    clusters : mapping of str to tuple of str
        Named lists of units.
    links : tuple of pairs of str
        Units that count as neighbours though they do not touch, such as an island and its ferry port.
    caveat : str
        What must be printed wherever the sample is used.
    """

    name: str
    title: str
    units: Units
    plans: Mapping[str, Plan]
    communities: Any = Shared()  # noqa: RUF009 — a descriptor, not a default
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    surveys: Mapping[str, str] = field(default_factory=dict)
    clusters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    caveat: str = ""

    def submissions(self) -> Submissions:
        """Read the sample's invented submissions of communities, as they came in.

        Returns
        -------
        Submissions
            As `kit.read_communities` gives them, marked as sample.

        Raises
        ------
        InputError
            The sample has none.
        """
        file = data_file(self.name, "submissions.geojson")
        if not file.exists():
            raise InputError(f"the sample {self.name!r} has no submissions of communities; 'fictional_county' has.")
        from kit.sources.community_files import read_communities

        found = read_communities(file)
        marked = (
            replace(
                s,
                title=mark("invented submissions of communities"),
                publisher=THIS_PROJECT,
                note=term(self.caveat),
                where=f"kit sample {self.name}",
                license="MIT",
                sample=True,
            )
            for s in found.sources
        )
        return replace(found, sources=tuple(marked))

    def citizens(self, level: str = "block_group") -> Units:
        """Read the sample's invented citizens of voting age.

        Parameters
        ----------
        level : {"block_group", "tract"}
            Level of the units.

        Returns
        -------
        Units
            As `kit.read_cvap` gives them, marked as sample.

        Raises
        ------
        InputError
            The sample has none.
        """
        if f"cvap_{level}s" not in self.tables:
            raise InputError(f"the sample {self.name!r} has no citizens by {level!r}; 'fictional_county' has.")
        from kit.sources.cvap import read_cvap

        units = read_cvap("98", year=SURVEY_YEAR, level=level, source=data_file(self.name, f"cvap_{level}s.csv"))
        sources = (
            replace(
                s,
                publisher=THIS_PROJECT,
                note=term(self.caveat),
                title=mark("invented citizens of voting age"),
                license="MIT",
                sample=True,
            )
            for s in units.sources
        )
        return replace(units, sources=tuple(sources))

    def voters(self, plan: str, year: int) -> VoterCounts:
        """Read the sample's invented registration and turnout by district.

        Parameters
        ----------
        plan : str
            A key of ``plans``.
        year : int
            Year of the election: 2022 or 2024.

        Returns
        -------
        VoterCounts
            As `kit.read_registration` gives them, marked as sample.

        Raises
        ------
        InputError
            The sample has none for that plan and year.
        """
        rows = self.tables["voters"] if "voters" in self.tables else pd.DataFrame({"plan": []})
        rows = rows[rows["plan"] == plan]
        if rows.empty or f"voted_{year}" not in rows:
            raise InputError(
                f"the sample {self.name!r} has no voters of {year} in plan {plan!r}; 'fictional_county' has those of "
                "2022 and 2024 in plans 'a' and 'b'."
            )
        frame = rows.rename(columns={"district": "area", f"voted_{year}": "voted"}).set_index(["area", "group"])
        source = Source(
            title=mark("invented list of voters"),
            publisher=THIS_PROJECT,
            year=year,
            where=f"kit sample {self.name}",
            note=term(self.caveat),
            license="MIT",
            sample=True,
        )
        words = {group: definition(group).short for group in frame.index.unique("group") if group != "total"}
        return VoterCounts(
            frame=frame[["registered", "voted"]].assign(hidden=False),
            by="district",
            groups=words,
            election=str(year),
            place=mark("a fictional county"),
            sources=(source,),
        )

    def polling_places(self) -> PollingPlaces:
        """Read the sample's invented polling places.

        Returns
        -------
        PollingPlaces
            As `kit.read_polling_places` gives them, marked as sample.

        Raises
        ------
        InputError
            The sample has none.
        """
        file = data_file(self.name, "polling_places.csv")
        if not file.exists():
            raise InputError(f"the sample {self.name!r} has no polling places; 'fictional_county' has.")
        from kit.sources.polling_places import read_polling_places

        source = Source(
            title=mark("invented polling places"),
            publisher=THIS_PROJECT,
            where=f"kit sample {self.name}",
            note=term(self.caveat),
            license="MIT",
            sample=True,
        )
        return read_polling_places(file, near=self.units, source=source)

    def survey(self, table: str) -> Units:
        """Read one of the sample's survey tables as units with estimates and margins.

        Parameters
        ----------
        table : str
            One of ``surveys``, such as ``"B02015"``.

        Returns
        -------
        Units
            As `kit.read_acs` gives them, marked as sample.

        Raises
        ------
        InputError
            The sample has no such table.
        """
        if table not in self.surveys:
            told = ", ".join(self.surveys) or "none"
            raise InputError(f"the sample {self.name!r} has no survey table {table!r}; it has {told}.")
        from kit.sources.acs import read_acs

        level = self.surveys[table]
        file, labels = data_file(self.name, f"acs_{level}s.csv"), data_file(self.name, "acs_variables.json")
        units = read_acs(table, "98", year=SURVEY_YEAR, level=level, source=file, labels=labels)
        sources = (
            replace(
                s,
                publisher=THIS_PROJECT,
                note=term(self.caveat),
                title=say("invented survey table {table}", table=table),
                sample=True,
            )
            for s in units.sources
        )
        return replace(units, sources=tuple(sources))


def data_file(sample: str, file: str) -> Path:
    """Find a file of a sample inside the installed package.

    Parameters
    ----------
    sample, file : str
        Names of the sample and of the file.

    Returns
    -------
    pathlib.Path
        Where it is.
    """
    return Path(str(resources.files("kit.samples"))) / "data" / sample / file


def read_text_table(sample: str, file: str) -> pd.DataFrame:
    """Read a CSV file of a sample with every column as text, blanks as missing.

    Parameters
    ----------
    sample, file : str
        Names of the sample and of the file.

    Returns
    -------
    pandas.DataFrame
        The rows in file order.
    """
    return pd.read_csv(data_file(sample, file), dtype="str", keep_default_na=False, na_values=[""])


def read_shapes(sample: str, file: str) -> Any:
    """Read a GeoJSON or GeoParquet file of a sample.

    Parameters
    ----------
    sample, file : str
        Names of the sample and of the file.

    Returns
    -------
    geopandas.GeoDataFrame
        The rows in file order, EPSG:4269.
    """
    import geopandas as gpd

    path = data_file(sample, file)
    return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path, engine="pyogrio")


def make_plan(name: str, districts: pd.Series, units: Units, *, jurisdiction: str, source: Source) -> Plan:
    """Join units to districts.

    Parameters
    ----------
    name : str
        Title of the plan.
    districts : pandas.Series
        GEOID → district label, every unit once.
    units : Units
        Units with polygons that share their borders.
    jurisdiction : str
        Whose plan it would be.
    source : Source
        Where the list came from.

    Returns
    -------
    Plan
        An illustrative plan with polygons and assignment.
    """
    import geopandas as gpd
    import shapely

    from kit.model.geoid import natural_key

    assignment = districts.reindex(units.frame.index)
    shapes = units.geometry
    labels = tuple(sorted(assignment.unique(), key=natural_key))
    joined = [shapely.coverage_union_all(shapes[(assignment == label).to_numpy()].to_numpy()) for label in labels]
    return Plan(
        name=name,
        labels=labels,
        geometry=gpd.GeoSeries(joined, index=pd.Index(labels, dtype="str", name="district"), crs=shapes.crs),
        assignment=assignment,
        level=units.level,
        year=units.year,
        jurisdiction=jurisdiction,
        status="illustrative",
        sources=(source,),
        notes=(say("Illustrative plan, sample data, not for testimony."),),
    )
