"""A pack for a hearing: one checked folder with everything, which is at the same time a cache to work from."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kit.errors import Corrupt, InputError, KitError
from kit.files import atomic_path, sha256
from kit.settings import using
from kit.sources._disk import alone, told
from kit.sources.pack_items import Item, Request, items_of
from kit.sources.pack_record import (
    PACK_NAME,
    WHAT,
    PackedProduct,
    PackList,
    describe,
    read_list,
    write_list,
    write_readme,
)
from kit.sources.plan_record import RECORD_NAME, PlanRecord, checked_file, read_source_toml

NOT_YET = "not fetched yet: the run that makes the pack was stopped, or is still going."
IGNORED = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""Files that file managers make; they are not part of a pack."""


@dataclass(frozen=True)
class Step:
    """How far the making of a pack is.

    Parameters
    ----------
    number, total : int
        Which product of how many, from 1.
    product : PackedProduct
        What it is; its ``fault`` says why it could not be had.
    size : int or None
        Bytes packed; None before it is fetched.
    """

    number: int
    total: int
    product: PackedProduct
    size: int | None


def make_pack(
    request: Request,
    folder: str | os.PathLike[str],
    *,
    plans: Sequence[str | os.PathLike[str]] = (),
    tell: Callable[[Step], None] | None = None,
) -> PackList:
    """Gather data and plans into one folder that the kit can work from offline.

    Parameters
    ----------
    request : Request
        What to fetch.
    folder : path-like
        The pack: a new or empty folder, or a pack that is to be added to.
    plans : sequence of path-like, optional
        Files or folders of plans to copy, with their SOURCE.toml where there
        is one.
    tell : callable, optional
        Called with a `Step` before and after each product.

    Returns
    -------
    PackList
        What is in the pack now; ``.missing`` is what could not be had.

    Raises
    ------
    InputError
        The folder has something else in it, or the request cannot be understood.
    NotPublished
        Something is asked for that is not published for that year; nothing has been fetched.
    Corrupt
        The folder's PACK.json is damaged.
    SourceError
        The folder cannot be written to.

    Notes
    -----
    A product that fails does not lose the others: it is listed with the
    reason. Running it again fetches what is missing and keeps what is whole.
    PACK.json is written before the first product and after each, so that
    `verify_pack` knows what a killed run left undone.
    """
    home = Path(folder).expanduser()
    given = [Path(plan).expanduser() for plan in plans]
    _refuse_namesakes(given)
    items = [*items_of(request), *(Item(_as_plan(path), partial(copy_plan, path, home)) for path in given)]
    listed = _begin(home, [item.product for item in items])
    with using(cache=home):
        for number, item in enumerate(items, 1):
            listed = _take(home, item, number, len(items), tell)
    write_readme(home, listed)
    return listed


def _begin(home: Path, products: list[PackedProduct]) -> PackList:
    """Write down what is wanted, before anything is fetched."""
    if home.exists() and not home.is_dir():
        raise InputError(f"{home.name} is a file; name a folder for the pack.")
    listed = PackList(kit=_version())
    with told(WHAT, home), alone(home / PACK_NAME, WHAT):
        if (home / PACK_NAME).exists():
            listed = read_list(home).model_copy(update={"kit": _version()})
        elif others := [p.name for p in home.iterdir() if p.name not in IGNORED and p.name != f"{PACK_NAME}.lock"]:
            raise InputError(
                f"{home.name} is no pack and has other things in it, such as {min(others)}. Name a new folder."
            )
        known = {product.title for product in listed.products}
        for product in products:
            if product.title not in known:
                listed = listed.with_product(product.model_copy(update={"fault": NOT_YET}), [])
        return write_list(home, listed)


def _take(home: Path, item: Item, number: int, total: int, tell: Callable[[Step], None] | None) -> PackList:
    """Get one product and write down what came of it."""
    product, paths = item.product, []
    if tell:
        tell(Step(number, total, product, None))
    try:
        paths = item.get()
        for path in paths:
            _check_zip(path, product)
    except KitError as error:
        product = product.model_copy(update={"fault": str(error)})
    files = [describe(path, home, product, **_facts(path, product)) for path in paths] if not product.fault else []
    with told(WHAT, home), alone(home / PACK_NAME, WHAT):
        listed = write_list(home, read_list(home).with_product(product, files))
    if tell:
        tell(Step(number, total, product, sum(file.size for file in files)))
    return listed


def _facts(path: Path, product: PackedProduct) -> dict[str, str]:
    """Say where and when a file was fetched that has no record beside it: a plan, or a reply of the API."""
    if product.kind == "plan" and (record := _record_of(path)):
        return {"url": record.url, "retrieved": record.retrieved}
    if path.parent.name == "api":
        reply = json.loads(path.read_text(encoding="utf-8"))
        return {"url": str(reply.get("url", "")), "retrieved": str(reply.get("retrieved", ""))}
    return {}


def _check_zip(path: Path, product: PackedProduct) -> None:
    """Read a zip through; one that is damaged is taken out of the pack, so that the next run fetches it again."""
    if path.suffix.lower() != ".zip":
        return
    try:
        with zipfile.ZipFile(path) as opened:
            bad = opened.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError):
        bad = path.name
    if bad and product.kind != "plan":
        with told(product.title, path.parent), alone(path, product.title):
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".json").unlink(missing_ok=True)
    if bad:
        raise Corrupt(f"{path.name} is damaged inside ({bad}), although its length is right. Fetch it again.")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("aapi-redistricting-kit")
    except PackageNotFoundError:
        return ""


# --- plans ------------------------------------------------------------------------------------------


def _refuse_namesakes(paths: list[Path]) -> None:
    """Refuse two plans that would go into one folder."""
    names = [_plan_name(path) for path in paths]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"two of the plans are called {twice[0]}; give each a file or folder name of its own.")


def _as_plan(path: Path) -> PackedProduct:
    """Say what a plan is, before it is copied."""
    name = _plan_name(path)
    read = f'kit.read_plan(".../plans/{name}")'
    fresh = PackedProduct(title=f"plan {name}", kind="plan", read=read)
    try:
        record = _record_of(path)
    except KitError:
        return fresh
    if record is None:
        return fresh.model_copy(update={"note": "No SOURCE.toml: status, date and terms are not written down."})
    note = f"{record.name} ({record.status}){'; sample data, not for testimony' if record.sample else ''}"
    return fresh.model_copy(update={"license": record.license, "vintage": record.year, "note": note})


def _plan_name(path: Path) -> str:
    """Name the folder of a plan below ``plans/``."""
    whole = path.resolve()
    if whole.is_dir():
        return whole.name
    with_record = whole.name == RECORD_NAME or (whole.parent / RECORD_NAME).is_file()
    return whole.parent.name if with_record else whole.stem


def _record_of(path: Path) -> PlanRecord | None:
    folder = path if path.is_dir() else path.parent
    return read_source_toml(folder) if (folder / RECORD_NAME).is_file() else None


def copy_plan(path: Path, home: Path) -> list[Path]:
    """Copy a plan into a pack, with its SOURCE.toml where there is one; a later copy takes the place of an earlier.

    Parameters
    ----------
    path : pathlib.Path
        A file or a folder.
    home : pathlib.Path
        The pack.

    Returns
    -------
    list of pathlib.Path
        The copies.

    Raises
    ------
    InputError
        There is no such plan.
    Corrupt
        The file is not the one that its SOURCE.toml names.
    SourceError
        The disk is full or may not be written to.
    """
    if not path.exists():
        raise InputError(f"there is no plan {path.name!r}. Check the path.")
    record = _record_of(path)
    folder = path if path.is_dir() else path.parent
    if record is not None:
        checked_file(folder, record)
    if path.is_dir() or record is not None:
        parts = [p for p in sorted(folder.iterdir()) if p.is_file() and not p.name.startswith(".")]
    elif path.suffix.lower() == ".shp":
        parts = [p for p in sorted(folder.iterdir()) if p.is_file() and p.name.partition(".")[0] == path.stem]
    else:
        parts = [path]
    parts = [part for part in parts if part.name not in IGNORED]
    if not parts:
        raise InputError(f"the folder {path.name!r} has no files of a plan.")
    target = home / "plans" / _plan_name(path)
    copies = [target / part.name for part in parts]
    for part, copy in zip(parts, copies, strict=True):
        if not copy.exists() or sha256(copy) != sha256(part):
            with told(f"the plan {target.name}", home), atomic_path(copy) as temporary:
                shutil.copyfile(part, temporary)
    return copies
