"""Converts times with a time zone to local times of one zone, which each engine does in its own way."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from coopgov.errors import UnknownNameError
from coopgov.language.host_values import Gap
from coopgov.optional import spark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.backends.columnar.context import Frame

__all__ = ["in_zone"]


def in_zone(frame: Frame, names: Sequence[str], zone: str) -> Frame:
    """Return the frame with the times in some columns converted to local times of a zone.

    Raises:
        UnknownNameError: the zone does not exist.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise UnknownNameError("time zone", zone, ("UTC", "Asia/Shanghai")) from None
    if frame.implementation.is_duckdb():
        return _in_duckdb(frame, names, zone)
    if frame.implementation.is_pandas():
        return _in_pandas(frame, names, ZoneInfo(zone))
    schema = frame.collect_schema()
    moments = [name for name in names if getattr(schema[name], "time_zone", None) is not None]
    if frame.implementation.is_pyspark() and moments:
        return _in_spark(frame, moments, zone)
    clocks = [nw.col(name).dt.convert_time_zone(zone).dt.replace_time_zone(None) for name in moments]
    return frame.with_columns(*clocks) if clocks else frame


def _in_pandas(frame: Frame, names: Sequence[str], zone: ZoneInfo) -> Frame:
    """Convert in pandas: also times among objects, and time zones that narwhals does not know."""
    native: Any = frame.to_native()
    schema, clocks = frame.collect_schema(), {}
    for name in names:
        series = native[name]
        dtype = getattr(series.dtype, "pyarrow_dtype", series.dtype)
        if getattr(dtype, "tz", None) is not None:
            clocks[name] = series.dt.tz_convert(zone).dt.tz_localize(None)
        elif schema[name] == nw.Object and any(map(_moment, series)):
            converted = [_clock(value, zone) for value in series]
            clocks[name] = type(series)(converted, index=series.index, dtype=object)
    moved: Frame = nw.from_native(native.assign(**clocks)) if clocks else frame
    return moved


def _moment(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _clock(value: Any, zone: ZoneInfo) -> Any:
    try:
        return value.astimezone(zone) if _moment(value) else value
    except OverflowError:  # the local time is before the year 1 or after 9999
        return Gap.OUT_OF_RANGE


def _in_duckdb(frame: Frame, names: Sequence[str], zone: str) -> Frame:
    """Convert in DuckDB, which otherwise displays times in the zone of its connection."""
    native: Any = frame.to_native()
    types = dict(zip(native.columns, map(str, native.types), strict=True))
    moments = [name for name in names if types[name].startswith(("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"))]
    quoted = ['"' + name.replace('"', '""') + '"' for name in moments]
    clocks = ", ".join(f"timezone('{zone}', {name}) as {name}" for name in quoted)
    moved: Frame = nw.from_native(native.project(f"* replace ({clocks})")) if clocks else frame
    return moved


def _in_spark(frame: Frame, names: Sequence[str], zone: str) -> Frame:
    """Convert in Spark, which otherwise displays times in the zone of its session."""
    native: Any = frame.to_native()
    clocks = {}
    for name in names:
        since = spark.unix_micros(spark.col(f"`{name.replace('`', '``')}`"))
        utc = spark.timestamp_add(
            "MICROSECOND", since, spark.to_timestamp_ntz(spark.lit("1970-01-01 00:00:00"))
        )
        clocks[name] = spark.convert_timezone(spark.lit("UTC"), spark.lit(zone), utc)
    moved: Frame = nw.from_native(native.withColumns(clocks))
    return moved
