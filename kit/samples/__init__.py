"""Samples that come with the kit: load one and try everything, without a key and without the network.

``los_angeles_2010`` is real: census tracts of one county with 2010 counts, and
two illustrative plans. ``fictional_county`` is invented from end to end and has
every kind of table the kit reads. Neither is for testimony.
"""

from __future__ import annotations

from kit.errors import InputError
from kit.samples.sample import STAMP, Sample

__all__ = ["SAMPLES", "STAMP", "Sample", "load_sample"]

SAMPLES = ("los_angeles_2010", "fictional_county")
"""Names that `load_sample` knows."""


def load_sample(name: str) -> Sample:
    """Load an embedded sample.

    Parameters
    ----------
    name : {"los_angeles_2010", "fictional_county"}
        Which one.

    Returns
    -------
    Sample
        Units, plans, communities and tables, read afresh at each call.

    Raises
    ------
    InputError
        No sample has that name.

    Notes
    -----
    Coordinates are longitude and latitude, NAD83 (EPSG:4269).

    Examples
    --------
    >>> la = load_sample("los_angeles_2010")
    >>> len(la.units), sorted(la.plans), int(la.units.column("total_pop").sum())
    (2346, ['a', 'b'], 9818593)
    """
    if name == "los_angeles_2010":
        from kit.samples.los_angeles import load
    elif name == "fictional_county":
        from kit.samples.fictional import load
    else:
        raise InputError(f"no sample is called {name!r}; samples are {' and '.join(SAMPLES)}.")
    return load()
