"""Hide small counts, and as many others as it takes that no small one can be worked out, checked by linear programs."""

from __future__ import annotations

import numpy as np

from kit.analysis.suppression_kinds import REGISTERED, Floats
from kit.analysis.suppression_program import SLACK, Given, Program
from kit.analysis.suppression_secrets import Secret
from kit.analysis.suppression_system import Cell, System
from kit.model.voters import EVERYBODY
from kit.progress import meter

_SWEEPS, _FEW = 12, 0.3  # sweeps at most, and as long as each opens such a part of what is still closed
_NEAR = 10  # areas with which one area is looked at, where there are many more
# What hiding costs: the fewer people a figure counts the sooner it goes, and totals last.
_OF_EVERYBODY, _OF_THE_PLACE, _OF_REGISTERED, _OF_NOBODY, _BESIDE_HIDDEN = 20.0, 1e4, 2.0, 1e3, 0.5


class Search:
    """What the shown numbers leave open, and what to hide next.

    Parameters
    ----------
    system : System
        Tables of one list.
    secrets : list of Secret
        What must not be found out.
    smallest : int
        How many people wide what is left open for a secret must be.
    """

    def __init__(self, system: System, secrets: list[Secret], smallest: int) -> None:
        self.system = system
        self.secrets = secrets
        self.smallest = smallest
        self.program = Program(system, secrets, smallest)
        self.cells = self.program.cells
        self.low = np.full(len(secrets), np.inf)
        self.high = np.full(len(secrets), -np.inf)
        self._busy: set[int] = set()
        self._given: Given | None = None
        # Areas that are not divided by those of another table.
        self._plain = all(len(inside) == 1 for areas in system.places for inside in areas.values())

    def run(self) -> None:
        """Hide what is secret, then what would give it away."""
        self._hide_secrets()
        if self._plain:
            self._area_by_area()
        self._together()

    def _hide_secrets(self) -> None:
        """Hide the published numbers that are secret themselves, and votes that tell who stayed at home."""
        for secret in self.secrets:
            for column, _ in secret.columns[-1:]:
                for group in self.system.kinds.groups:
                    same = np.array_equal(self.program.weights(group), secret.weights)
                    cell = self.system.cells.get((secret.locations, group, column)) if same else None
                    if cell is not None:
                        cell.shown = False

    def _area_by_area(self) -> None:
        """Protect each area against what is shown of it alone: one program for all areas at a time."""
        todo: dict[int, list[int]] = {}
        for number, secret in enumerate(self.secrets):
            if len(secret.locations) == 1:
                todo.setdefault(secret.locations[0], []).append(number)
        while todo:
            self.low[:], self.high[:] = np.inf, -np.inf
            given = self.program.given(list(todo), totals=False)
            pins: dict[int, set[int]] = {}
            for turn in range(max(map(len, todo.values()))):
                mine = [numbers[turn] for numbers in todo.values() if len(numbers) > turn]
                for sign in (1.0, -1.0):
                    found, marks, _ = self.program.solve(given, sign * self._wanted(mine))
                    self._seen(found, mine)
                    for at in marks:
                        pins.setdefault(self.cells[at].locations[0], set()).add(at)
            todo = {
                location: bad
                for location, numbers in todo.items()
                if (bad := [number for number in numbers if not self._open(number)])
            }
            for location in todo:
                self._hide_one(pins.get(location, set()), (location,))
        self.low[:], self.high[:] = np.inf, -np.inf

    def _together(self) -> None:
        """Protect every secret against everything that is shown."""
        with meter("Hiding small counts", len(self.secrets)) as bar:
            self._sweep()
            near = self._neighbours() if self._plain and self.system.size > 4 * _NEAR else {}
            for number, secret in enumerate(self.secrets):
                if not self._open(number) and near and len(secret.locations) == 1:
                    self._look_near(number, near)
                while not self._open(number):
                    pins: set[int] = set()
                    for sign in (1.0, -1.0):
                        pins |= self._look(sign * self._wanted([number]))
                    if self._open(number) or (secret.at_least and self.high[number] < SLACK):
                        break
                    self._hide_one(pins, secret.locations)
                bar.advance(1)

    def _sweep(self) -> None:
        """Look at many secrets at once: all, then some of those that are not open yet, each as large or as small."""
        rng = np.random.default_rng(0)
        for turn in range(_SWEEPS):
            shut = np.array([number for number in range(len(self.secrets)) if not self._open(number)], dtype="intp")
            if not len(shut):
                return
            signs = rng.choice([-1.0, 1.0], len(shut)) if turn else np.ones(len(shut))
            some = rng.random(len(shut)) < (0.5 if turn % 2 and len(shut) > 1 else 1.0)
            wanted = self.program.of_secrets[shut].T @ (signs * some)
            for sign in (1.0, -1.0):
                self._look(sign * wanted)
            if turn and np.mean([self._open(number) for number in shut]) < _FEW:
                return

    def _neighbours(self) -> dict[str, list[int]]:
        """Name for each column the areas of which most is hidden: they leave the most room for others."""
        made = {}
        for column in self.system.columns:
            room = np.zeros(self.system.size)
            for cell in self.cells:
                if cell.column == column and len(cell.locations) == 1:
                    if np.isnan(cell.value):
                        return {}  # a missing count is no constant
                    room[cell.locations[0]] += 0.0 if cell.shown else cell.value
            made[column] = [int(at) for at in np.argsort(-room, kind="stable")[:_NEAR]]
        return made

    def _look_near(self, number: int, near: dict[str, list[int]]) -> None:
        """Look at an area with a few others, the rest as they are: what is possible then is possible at all."""
        secret = self.secrets[number]
        given = self.program.given([*secret.locations, *near[secret.columns[-1][0]]])
        for sign in (1.0, -1.0):
            self._seen(self.program.solve(given, sign * self._wanted([number]))[0], [number])

    def _look(self, wanted: Floats) -> set[int]:
        """Make a sum as large as can be, remember what every secret is then, and name what stops it."""
        if self._given is None:
            busy = self._not_constant()
            if busy != self._busy:  # constants are left out of sums of the whole place
                self._busy = busy
                wide = [number for number, secret in enumerate(self.secrets) if len(secret.locations) > 1]
                self.low[wide], self.high[wide] = np.inf, -np.inf
            self._given = self.program.given(sorted(busy))
        found, marks, sums = self.program.solve(self._given, wanted)
        self._seen(found)
        # The numbers of constant areas hold a sum of the whole place as much as it holds them.
        terms = (
            self.program.number.get(((at,), cell.group, cell.column))
            for cell in sums
            for at in cell.locations
            if at not in self._busy
        )
        return marks | {at for at in terms if at is not None}

    def _not_constant(self) -> set[int]:
        """Name the areas of which something is hidden or secret."""
        if not self._plain:
            return set(range(self.system.size))
        busy = {at for secret in self.secrets for at in secret.locations if len(secret.locations) == 1}
        return busy | {cell.locations[0] for cell in self.cells if not cell.shown and len(cell.locations) == 1}

    def _wanted(self, numbers: list[int]) -> Floats:
        """Add secrets up."""
        wanted: Floats = self.program.of_secrets[numbers].sum(axis=0)
        return wanted

    def _hide_one(self, pins: set[int], locations: tuple[int, ...]) -> None:
        """Hide the cheapest of the numbers that pin a secret down."""
        among = [at for at in pins if self.cells[at].shown]
        if not among:
            inside = set(locations)
            among = [at for at, cell in enumerate(self.cells) if cell.shown and inside & set(cell.locations)]
        if not among:
            among = [at for at, cell in enumerate(self.cells) if cell.shown]
        self.cells[min(among, key=lambda at: (self._cost(self.cells[at]), at))].shown = False
        self._given = None

    def _cost(self, cell: Cell) -> float:
        """Say how much is lost when a number is hidden."""
        cost = cell.value or _OF_NOBODY
        if cell.group == EVERYBODY:
            cost *= _OF_EVERYBODY
        if not cell.at:
            cost *= _OF_THE_PLACE
        if cell.column == REGISTERED:
            cost *= _OF_REGISTERED
        beside = (self.system.cells.get((cell.locations, group, cell.column)) for group in self.system.kinds.groups)
        return cost * _BESIDE_HIDDEN if any(other and not other.shown for other in beside) else cost

    def _open(self, number: int) -> bool:
        """Tell whether enough is left open for a secret."""
        high = np.floor(self.high[number] + SLACK)
        if self.secrets[number].at_least:
            return bool(high >= self.smallest)
        return bool(high - np.ceil(self.low[number] - SLACK) >= self.smallest)

    def _seen(self, found: Floats, numbers: list[int] | None = None) -> None:
        """Remember values that secrets can have."""
        at = slice(None) if numbers is None else numbers
        self.low[at], self.high[at] = np.minimum(self.low[at], found[at]), np.maximum(self.high[at], found[at])
