"""A reader who tries to work hidden counts out: every number that is published, and whole numbers of people.

Written apart from what is tested: one unknown for each piece of a place, kind of person, and whether they voted.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

# Who is in which group; the last is whoever is in none.
KINDS = {
    "asian": {"total", "nh_aapi_alone", "nh_asian_alone"},
    "nhpi": {"total", "nh_aapi_alone", "nh_nhpi_alone"},
    "silent": {"total", "not_said"},
    "other": {"total", "other_groups"},
    "nobody": {"total"},
}
ENDS = 1e6


class Attack:
    """All that is published about one list."""

    def __init__(self, tables, wholes=(), *, pieces=None, exhaustive=False, elections=None):
        """Take published frames; `pieces` are sets of areas that share people, one a set; by default each area alone."""
        areas = list(dict.fromkeys(a for t in tables for a in t.index.get_level_values("area")))
        self.pieces = [frozenset(p) for p in (pieces or [{a} for a in areas])]
        self.kinds = [k for k in KINDS if not (exhaustive and k == "nobody")]
        self.elections = elections or [0] * len(tables)
        self.width = len(self.pieces) * len(self.kinds) * (1 + len(set(self.elections)))
        rows, values = [], []
        for table, election in zip(tables, self.elections, strict=True):
            for (area, group), row in table.iterrows():
                for what in ("registered", "voted"):
                    if not pd.isna(row[what]):
                        rows.append(self.row({area}, group, what, election))
                        values.append(float(row[what]))
        for whole, election in zip(wholes, self.elections, strict=False):
            for group, row in whole.iterrows():
                for what in ("registered", "voted"):
                    if not pd.isna(row[what]):
                        rows.append(self.row(None, group, what, election))
                        values.append(float(row[what]))
        self.known = [LinearConstraint(np.array(rows), values, values)] if rows else []
        order = []
        for piece, kind, election in itertools.product(
            range(len(self.pieces)), range(len(self.kinds)), range(1 + max(self.elections))
        ):
            line = np.zeros(self.width)
            line[self.at(piece, kind, None)], line[self.at(piece, kind, election)] = 1, -1
            order.append(line)
        self.order = LinearConstraint(np.array(order), 0, np.inf)

    def at(self, piece, kind, election):
        block = 0 if election is None else 1 + election
        return (block * len(self.pieces) + piece) * len(self.kinds) + kind

    def row(self, areas, group, what, election=0, *, whole=False):
        """Write a number as a sum of unknowns: all pieces of some areas, or the one piece that is in all of them."""
        line = np.zeros(self.width)
        for (p, piece), (k, kind) in itertools.product(enumerate(self.pieces), enumerate(self.kinds)):
            inside = areas is None or (areas == piece if whole else areas & piece)
            if inside and group in KINDS[kind]:
                if what != "voted":
                    line[self.at(p, k, None)] = 1
                if what != "registered":
                    line[self.at(p, k, election)] = 1 if what == "voted" else -1
        return line

    def bracket(self, areas, group, what, election=0):
        """Give the least and the most that a number can be."""
        return self.ends(self.row(areas, group, what, election))

    def piece(self, areas, group, what, election=0):
        """Give the least and the most of one piece."""
        return self.ends(self.row(areas, group, what, election, whole=True))

    def ends(self, line):
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * line,
                constraints=[*self.known, self.order],
                integrality=np.ones(self.width),
                bounds=Bounds(0, ENDS),
                options={
                    "mip_rel_gap": 0,
                    "presolve": False,
                },  # with it, whole-number programs that have a solution come back without
            )
            assert found.status == 0, found.message
            ends.append(round(float(line @ found.x)))
        return tuple(ends)


def secrets(table, smallest):
    """List what of a full table must stay hidden: area, group, what."""
    nobody = {
        a
        for a, g in table.index
        if g == "total" and table.loc[(a, g), "voted"] == 0 and table.loc[(a, g), "registered"] >= 50
    }
    for (area, group), row in table.iterrows():
        registered, voted = int(row["registered"]), int(row["voted"])
        stayed = registered - voted
        for what, count in (("registered", registered), ("voted", voted), ("stayed", stayed)):
            if 0 < count < smallest:
                yield area, group, what
        if registered and not (voted and stayed) and area not in nobody:
            yield area, group, "voted"


def found_out(attack, table, smallest):
    """Name the secrets that are left open for fewer people than the smallest count."""
    known = []
    for area, group, what in secrets(table, smallest):
        low, high = attack.bracket({area}, group, what)
        if high - low < smallest:
            known.append((area, group, what, low, high))
    return known
