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


class LazyPoints:
    """Points kept as two columns of numbers until somebody asks for shapes.

    Parameters
    ----------
    x, y : numpy.ndarray
        Coordinates.
    index : pandas.Index
        Ids, in the order of the coordinates.
    crs : str
        Their coordinate reference system.

    Notes
    -----
    A State's blocks as point objects take ten times the memory of their
    coordinates, and a block list needs none of them.
    """

    def __init__(self, x: Any, y: Any, index: Any, crs: str) -> None:
        self.x, self.y, self.index, self.crs = x, y, index, crs

    def build(self) -> Any:
        """Make the shapes.

        Returns
        -------
        geopandas.GeoSeries
            Points on the index.
        """
        import geopandas
        import shapely

        return geopandas.GeoSeries(shapely.points(self.x, self.y), index=self.index, crs=self.crs)


class SharedOrNone(Shared):
    """The same, where None is the default and points are made when first asked for."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return None
        value = getattr(instance, self._name)
        if isinstance(value, LazyPoints):
            object.__setattr__(instance, self._name, value.build())
        return super().__get__(instance, owner)

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, LazyPoints):
            object.__setattr__(instance, self._name, value)
        else:
            super().__set__(instance, value)
