"""Moments, which have a time zone, as the time that clocks show in one zone: each engine has its own idea of theirs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from coopgov.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.backends.columnar.sheet import Frame

__all__ = ["in_zone"]


def in_zone(frame: Frame, names: Sequence[str], zone: str) -> Frame:
    """The same frame, with the moments in some columns as times in a zone.

    Raises:
        UnknownNameError: there is no such zone.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise UnknownNameError("time zone", zone, ("UTC", "Asia/Shanghai")) from None
    schema = frame.collect_schema()
    moments = [name for name in names if schema[name] == nw.Datetime and schema[name].time_zone is not None]
    if frame.implementation.is_pandas():
        frame = _in_objects(frame, [name for name in names if schema[name] == nw.Object], zone)
    if not moments:
        return frame
    if frame.implementation.is_duckdb():
        return _in_duckdb(frame, moments, zone)
    if frame.implementation.is_pyspark():
        return _in_spark(frame, moments, zone)
    clocks = (nw.col(name).dt.convert_time_zone(zone).dt.replace_time_zone(None) for name in moments)
    return frame.with_columns(*clocks)


def _in_objects(frame: Frame, names: Sequence[str], zone: str) -> Frame:
    """Moments among the objects of pandas."""
    native: Any = frame.to_native()
    clocks = {}
    for name in names:
        values = native[name].tolist()
        if any(isinstance(value, datetime) and value.tzinfo for value in values):
            clocks[name] = native[name].map(partial(_clock, ZoneInfo(zone)))
    moved: Frame = nw.from_native(native.assign(**clocks)) if clocks else frame
    return moved


def _clock(zone: ZoneInfo, value: Any) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) and value.tzinfo else value


def _in_duckdb(frame: Frame, names: Sequence[str], zone: str) -> Frame:
    """DuckDB shows moments in the zone of its connection."""
    native: Any = frame.to_native()
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    clocks = ", ".join(f"timezone('{zone}', {name}) as {name}" for name in quoted)
    moved: Frame = nw.from_native(native.project(f"* replace ({clocks})"))
    return moved


def _in_spark(frame: Frame, names: Sequence[str], zone: str) -> Frame:
    """Spark shows moments in the zone of its session."""
    from pyspark.sql import functions as sql

    native: Any = frame.to_native()
    clocks = {}
    for name in names:
        since = sql.unix_micros(sql.col(f"`{name.replace('`', '``')}`"))
        utc = sql.timestamp_add("MICROSECOND", since, sql.to_timestamp_ntz(sql.lit("1970-01-01 00:00:00")))
        clocks[name] = sql.convert_timezone(sql.lit("UTC"), sql.lit(zone), utc)
    moved: Frame = nw.from_native(native.withColumns(clocks))
    return moved
