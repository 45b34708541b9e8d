"""Frames that belong to a frozen object and cannot be changed through it."""

from __future__ import annotations

from typing import Any


class Shared:
    """A frame held by a frozen object: callers get a view that cannot change ours.

    With pandas' copy-on-write a shallow copy costs nothing, and writing into
    it leaves the original as it was.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            raise AttributeError(self._name)
        value = getattr(instance, self._name)
        return None if value is None else value.copy(deep=False)

    def __set__(self, instance: Any, value: Any) -> None:
        object.__setattr__(instance, self._name, None if value is None else value.copy(deep=False))


class SharedOrNone(Shared):
    """The same, where None is the default."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return None if instance is None else super().__get__(instance, owner)
