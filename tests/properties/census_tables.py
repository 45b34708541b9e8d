"""Random P.L. 94-171 tables that obey every identity, built up from people as a census is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from kit.model.tables import NOT_HISPANIC_SHIFT, RACE_CELLS, cell

LEAVES = list(RACE_CELLS)
SIZES = {number: len(races) for number, races in RACE_CELLS.items()}
HEADERS = {10: 2, 26: 3, 47: 4, 63: 5, 70: 6}


def table_of(leaves, table, shift, hispanic=None):
    """Fill one table from its 63 leaf counts (rows by leaves)."""
    cells = {cell(table, n + shift): leaves[:, i] for i, n in enumerate(LEAVES)}
    by_size = {size: sum(leaves[:, i] for i, n in enumerate(LEAVES) if SIZES[n] == size) for size in range(1, 7)}
    cells[cell(table, 2 + shift)] = by_size[1]
    cells[cell(table, 9 + shift)] = sum(by_size[size] for size in range(2, 7))
    cells |= {cell(table, header + shift): by_size[size] for header, size in HEADERS.items()}
    everyone = leaves.sum(axis=1)
    if shift:
        cells[cell(table, 3)] = everyone
        cells[cell(table, 2)] = hispanic
        cells[cell(table, 1)] = everyone + hispanic
    else:
        cells[cell(table, 1)] = everyone
    return cells


def tables_from(people):
    """Fill P1 to P4 from counts of people by row, leaf, origin (2) and age (2)."""
    everyone, adults = people.sum(axis=3), people[..., 1]
    filled = {}
    for counts, race, origin in ((everyone, "P1", "P2"), (adults, "P3", "P4")):
        filled |= table_of(counts.sum(axis=2), race, 0)
        filled |= table_of(counts[..., 0], origin, NOT_HISPANIC_SHIFT, counts[..., 1].sum(axis=1))
    ids = pd.Index([f"36061000100{i:04d}" for i in range(len(people))], dtype="str", name="GEOID")
    return pd.DataFrame(filled, index=ids)


@st.composite
def census_tables(draw, max_rows=4):
    """Draw a table of a few units; many leaf counts are zero, as in blocks."""
    rows = draw(st.integers(1, max_rows))
    seed = draw(st.integers(0, 2**32 - 1))
    density = draw(st.sampled_from([0.0, 0.05, 0.5, 1.0]))
    largest = draw(st.sampled_from([1, 7, 5_000]))
    rng = np.random.default_rng(seed)
    shape = (rows, len(LEAVES), 2, 2)
    return tables_from(rng.integers(0, largest, shape, endpoint=True) * (rng.random(shape) < density))
