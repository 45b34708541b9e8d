"""The arguments and options that commands share: which units, which plans, how they are read and placed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kit.cli_inputs import Wanted, load_plan, load_units
from kit.cli_session import check_words, session
from kit.cli_words import refuse_overwriting
from kit.errors import InputError, first_few

if TYPE_CHECKING:
    from rich.console import Console

    from kit.model.frames import Placement, Plan, Units

READING = "How files are read"
NONE = "-"
"""What stands for a plan that needs no value of an option."""
_EACH = " For several plans once for all, or once each in their order, - for none."


@dataclass(frozen=True)
class Asked:
    """What a command was asked to read.

    Parameters
    ----------
    console : rich.console.Console
        Where results are told.
    wanted : Wanted
        Units, and how they are read and placed.
    plans : tuple of Wanted
        The same with each plan.
    group, base : str
        Definition id and universe id; empty where the command takes none.
    """

    console: Console
    wanted: Wanted
    plans: tuple[Wanted, ...] = ()
    group: str = ""
    base: str = ""

    @cached_property
    def units(self) -> Units:
        """The units, read once.

        Returns
        -------
        Units
            Units with counts.
        """
        return load_units(self.wanted)

    def placements(self) -> list[Placement]:
        """Place the units in each plan.

        Returns
        -------
        list of Placement
            One a plan, in the order asked; plans that would share a name carry
            that of their file as well.

        Raises
        ------
        InputError
            A plan was named twice.
        """
        from kit.analysis.placement import place
        from kit.progress import meter

        units = self.units
        if len(self.plans) == 1:
            only = self.plans[0]
            return [place(units, load_plan(only, units), rule=only.rule, outside=only.outside)]
        twice = [w.plan for at, w in enumerate(self.plans) if w in self.plans[:at]]
        if twice:
            raise InputError(f"the plan {Path(twice[0]).name!r} is given twice; name each plan once.")
        placed = []
        with meter("Placing units", len(self.plans)) as bar:
            for wanted, plan in zip(self.plans, self._named(units), strict=True):
                placed.append(place(units, plan, rule=wanted.rule, outside=wanted.outside))
                bar.advance(1)
        return placed

    def _named(self, units: Units) -> list[Plan]:
        """Read the plans, and tell apart those of one name."""
        plans = [load_plan(wanted, units) for wanted in self.plans]
        names = [plan.name for plan in plans]
        files = [Path(wanted.plan).name for wanted in self.plans]
        told = [name if names.count(name) == 1 else f"{name} ({file})" for name, file in zip(names, files, strict=True)]
        if len(set(told)) < len(told):
            doubled = first_few(sorted({name for name in told if told.count(name) > 1}))
            raise InputError(f"several plans are called {doubled}; give each a name with --plan-name.")
        return [replace(plan, name=name) for plan, name in zip(plans, told, strict=True)]

    def protect(self, *written: Path | None, read: Sequence[str | None] = ()) -> None:
        """Refuse to write over what is read, or two results into one file.

        Parameters
        ----------
        *written : pathlib.Path or None
            Files that are to be made.
        read : sequence of str or None
            Files that are read besides units, plans and shapes.

        Raises
        ------
        InputError
            A file to be made is one of those to be read, or is made twice.
        """
        made = [path for path in written if path is not None]
        plans = [wanted.plan for wanted in self.plans]
        refuse_overwriting([self.wanted.units, *plans, self.wanted.shapes, *read], made)
        resolved = [path.expanduser().resolve() for path in made]
        twice = [path.name for at, path in enumerate(resolved) if path in resolved[:at]]
        if twice:
            raise InputError(f"two results would be written to {twice[0]}. Give each a name of its own.")


def _option(kind: Any, default: Any, *flags: str, **told: Any) -> tuple[Any, Any]:
    return Annotated[kind, typer.Option(*flags, rich_help_panel=READING, **told)], default


_UNITS = Annotated[
    str,
    typer.Argument(
        metavar="UNITS",
        help="Table of census units (CSV, Parquet, GeoPackage, shapefile), raw P.L. 94-171 files "
        "(with --state, --year, --level), or sample:los_angeles_2010.",
        show_default=False,
    ),
]
_PLAN = "District plan: a file, a folder, or sample:a."


def _plan(metavar: str, told: str, kind: Any = str) -> Any:
    return Annotated[kind, typer.Argument(metavar=metavar, help=told, show_default=False)]


_PLANS: dict[str, dict[str, Any]] = {
    "none": {},
    "one": {"plan": _plan("PLAN", _PLAN)},
    "two": {
        "before": _plan("BEFORE", f"{_PLAN} The plan to start from."),
        "after": _plan("AFTER", "The plan that is compared with it: a file, a folder, or sample:b."),
    },
    "many": {"plan": _plan("PLAN", "District plans: files, folders, or sample:a sample:b.", list[str])},
}
_GROUP = {
    "group": Annotated[
        str, typer.Option(help="Who is counted: aapi_aoic, asian_alone, nhpi_aoic, nh_aapi_doj …", show_default=False)
    ],
    "base": Annotated[
        str, typer.Option(help="Share of whom: pop, vap, cvap, registered or voted.", show_default=False)
    ],
}
_OF_UNITS: dict[str, tuple[Any, Any]] = {
    "id": _option(str, "GEOID", "--id", help="Column of GEOIDs in the table."),
    "map_column": _option(
        list[str] | None,
        None,
        "--map-column",
        metavar="FILE=KIT",
        help="Name a column, as TOTPOP=total_pop; repeat for more.",
    ),
    "level": _option(str | None, None, help="Level of the units: block, block_group, tract …"),
    "year": _option(int | None, None, help="Census year of the units."),
    "state": _option(str | None, None, help="State of raw P.L. 94-171 files, such as HI."),
    "shapes": _option(str | None, None, help="File of polygons of the units, joined on by GEOID."),
    "units_title": _option(str | None, None, help="What the table of units is called in captions."),
}
_OF_PLANS = {
    "plan_id": ("--plan-id", "Column of district labels in the plan's file."),
    "plan_crs": ("--plan-crs", "Coordinates of a plan whose file does not say, such as EPSG:4269."),
    "plan_name": ("--plan-name", "Title of the plan; else the file's own."),
}
_OF_PLACING: dict[str, tuple[Any, Any]] = {
    "rule": _option(str, "auto", help="How units are placed: auto, assignment, point or area."),
    "outside": _option(str, "error", help="People in no district: error, or report and go on."),
}


def asks(
    plans: Literal["none", "one", "two", "many"] = "one", *, group: bool = True
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the arguments and options that say what is read.

    Parameters
    ----------
    plans : {"none", "one", "two", "many"}
        How many plans the command takes.
    group : bool
        Whether it counts a group.

    Returns
    -------
    callable
        A decorator. The function is called inside a session, with an `Asked`
        first, then arguments and options of its own; the command shows those
        and the shared ones.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        several = plans in {"two", "many"}
        shared: dict[str, tuple[Any, Any]] = dict(_OF_UNITS)
        if plans != "none":
            kind = list[str] | None if several else str | None
            for name, (flag, told) in _OF_PLANS.items():
                shared[name] = _option(kind, None, flag, help=f"{told}{_EACH if several else ''}")
            shared |= _OF_PLACING

        def run(**given: Any) -> None:
            with session() as console:
                function(_asked(console, given, tuple(_PLANS[plans]), [*shared], counted=group), **given)

        empty = inspect.Parameter.empty
        named = [(name, kind, empty) for name, kind in {"units": _UNITS, **_PLANS[plans]}.items()]
        named += [(p.name, p.annotation, p.default) for p in own if p.kind is p.POSITIONAL_OR_KEYWORD]
        named += [(name, kind, empty) for name, kind in _GROUP.items() if group]
        named += [(p.name, p.annotation, p.default) for p in own if p.kind is p.KEYWORD_ONLY]
        named += [(name, kind, default) for name, (kind, default) in shared.items()]
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
                for name, kind, default in named
            ]
        )
        run.__annotations__ = {name: kind for name, kind, _ in named}
        run.__doc__, run.__name__ = function.__doc__, function.__name__
        return run

    return decorate


def _asked(
    console: Console, given: dict[str, Any], plans: tuple[str, ...], shared: list[str], *, counted: bool
) -> Asked:
    """Take what is shared out of what was typed."""
    typed = [given.pop(name) for name in plans]
    words = typed[0] if typed and isinstance(typed[0], list) else typed
    group, base = (given.pop("group"), given.pop("base")) if counted else ("", "")
    options = {name: given.pop(name) for name in shared}
    if counted:
        check_words(group, base)
    columns = {name: _one_each(options.pop(name, None), len(words), name) for name in _OF_PLANS}
    wanted = Wanted(
        given.pop("units"),
        columns=tuple(options.pop("map_column") or ()),
        title=options.pop("units_title"),
        **options,
    )
    rows = zip(words, *columns.values(), strict=True)
    each = tuple(
        replace(wanted, plan=word, plan_id=label, plan_crs=crs, plan_name=name) for word, label, crs, name in rows
    )
    return Asked(console, wanted, each, group, base)


def _one_each(given: str | list[str] | None, count: int, name: str) -> list[str | None]:
    """Give each plan its own value of an option."""
    values = [given] if isinstance(given, str) else list(given or [])
    if len(values) not in {0, count} and not (len(values) == 1 and name != "plan_name"):
        option = f"--{name.replace('_', '-')}"
        raise InputError(
            f"{option} is given {len(values)} time{'s' * (len(values) > 1)} and there are {count} plans. Give it "
            f"{'' if name == 'plan_name' else 'once for all, or '}once for each in their order, {NONE} for none."
        )
    spread = values * count if len(values) == 1 else values or [""] * count
    return [None if value in {"", NONE} else value for value in spread]
