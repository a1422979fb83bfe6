"""Moments, durations, dates beyond the calendar and columns of the wrong type, on every engine."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from backends.columnar.engines import needs, rows_of

needs("polars", "pandas", "pyarrow", "duckdb", "dask")
import pyarrow as pa  # noqa: E402

from backends.columnar.host_frames import ENGINES, LAZY  # noqa: E402
from coopgov import portfolio  # noqa: E402

if TYPE_CHECKING:
    from coopgov.portfolio import Violations

NAMES = [name for name in ENGINES if name != "pandas-objects"]
RULES = coopgov.parse_rules("""
coopgov: rules/1
pack: edges
version: 1.0.0
subjects: {supplier: {seen: date, wait: days, talk: hours, size: number, ready: truth}}
rules:
  - {id: before, about: supplier, kind: delay, when: seen below 2026-07-01, severity: minor, message: m}
  - {id: long, about: supplier, kind: delay, measure: wait, bands: {minor: above 2 days}, message: m}
""")


def found(frame: Any, rules: Any = RULES, about: str = "supplier", **options: Any) -> Violations:
    """What rules say."""
    return portfolio.check(frame, rules, about, as_of=date(2026, 6, 30), **options)


def shown(violations: Violations, rule: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The keys that a rule holds for, and those it is undetermined for, with why."""
    hits = sorted(row["id"] for row in rows_of(violations.hits) if row["rule"] == rule)
    unsure = [(row["id"], row["because"]) for row in rows_of(violations.undetermined) if row["rule"] == rule]
    return hits, sorted(unsure)


@pytest.mark.parametrize("engine", NAMES)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_a_moment_is_its_day_in_one_zone(zone: str, engine: str) -> None:
    """Half past midnight in Shanghai is still the day before in UTC, whatever zone the column is in."""
    moment = 1782837000  # 2026-06-30 16:30 UTC, 2026-07-01 00:30 in Shanghai
    seen = pa.array([moment, None], pa.int64()).cast(pa.timestamp("s", zone))
    frame = ENGINES[engine](pa.table({"id": ["a", "b"], "seen": seen}))
    assert shown(found(frame), "before") == (["a"], [("b", "absent data")])
    assert shown(found(frame, time_zone="Asia/Shanghai"), "before") == ([], [("b", "absent data")])


def test_the_zone_of_a_connection_does_not_matter() -> None:
    """DuckDB shows moments in the zone of its connection; the day is that in UTC all the same."""
    import duckdb

    connection = duckdb.connect()
    connection.sql("set timezone = 'Asia/Shanghai'")
    frame = connection.sql("select 'a' as id, timestamptz '2026-07-01 00:30:00+08' as seen")
    assert shown(found(frame), "before") == (["a"], [])


def test_a_zone_that_is_not_known() -> None:
    """It is reported before anything is checked."""
    frame = ENGINES["polars"](pa.table({"id": ["a"]}))
    with pytest.raises(coopgov.UnknownNameError, match='there is no time zone "Mars/Olympus"'):
        found(frame, time_zone="Mars/Olympus")


@pytest.mark.parametrize("engine", NAMES)
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_durations_are_whole_days(unit: str, engine: str) -> None:
    """Whatever unit they are stored in; 36 hours are refused, or cannot be read where nothing is looked at."""
    waits = [timedelta(3), timedelta(-1), None]
    frame = ENGINES[engine](pa.table({"id": ["a", "b", "c"], "wait": pa.array(waits, pa.duration(unit))}))
    assert shown(found(frame), "long") == (["a"], [("c", "absent data")])
    (hit,) = rows_of(found(frame).hits)
    assert (hit["value"], hit["threshold"]) == (3.0, 2.0)
    parts = pa.array([timedelta(hours=36), timedelta(3)], pa.duration(unit))
    broken = ENGINES[engine](pa.table({"id": ["a", "b"], "wait": parts}))
    if engine in LAZY:
        assert shown(found(broken), "long") == (["b"], [("a", "unreadable cell")])
        return
    with pytest.raises(coopgov.FactError, match="expected durations of whole days"):
        rows_of(found(broken).hits)


def test_intervals_with_months_have_no_certain_length() -> None:
    """DuckDB's intervals are days where they have no months."""
    import duckdb

    frame = duckdb.sql(
        "select unnest(['a', 'b', 'c']) as id, unnest([interval 3 days, interval 1 month, interval 72 hours]) as wait"
    )
    assert shown(found(frame), "long") == (["a", "c"], [("b", "unreadable cell")])


@pytest.mark.parametrize("engine", NAMES)
def test_days_beyond_the_calendar_are_out_of_range(engine: str) -> None:
    """Years below 1 and above 9999, which columns can hold and people cannot mean."""
    days = [20000, 2932896, 2932897, -719162, -719163, None]
    seen = pa.array(days, pa.int32()).cast(pa.date32())
    frame = ENGINES[engine](pa.table({"id": list("abcdef"), "seen": seen}))
    out = "out of range"
    assert shown(found(frame), "before") == (["a", "d"], [("c", out), ("e", out), ("f", "absent data")])


def test_days_without_end_are_out_of_range() -> None:
    """DuckDB's infinity is not a day."""
    import duckdb

    for kind in ("date", "timestamp", "timestamptz"):
        frame = duckdb.sql(
            f"select unnest(['a', 'b']) as id, unnest(['infinity'::{kind}, '-infinity'::{kind}]) as seen"
        )
        assert shown(found(frame), "before") == ([], [("a", "out of range"), ("b", "out of range")])


@pytest.mark.parametrize("engine", NAMES)
def test_numbers_outside_the_range_of_their_fact(engine: str) -> None:
    """A progress of 40, a budget of -1000 and infinity are unknown, and in `missing`, even an optional budget."""
    rules = coopgov.parse_rules("""
coopgov: rules/1
pack: ranges
version: 1.0.0
rules:
  - {id: low, about: task, kind: delay, when: progress below 50 %, severity: minor, message: m}
  - {id: dear, about: phase, kind: overspend, when: spent above budget, severity: minor, message: m}
""")
    columns = {
        "id": list("abcd"),
        "progress": [0.4, 40.0, float("inf"), float("nan")],
        "spent": [2.0, 2.0, 1e100, 2.0],
        "budget": [1.0, -1000.0, 1.0, None],
    }
    tasks, phases = (found(ENGINES[engine](pa.table(columns)), rules, about) for about in ("task", "phase"))
    out = "out of range"
    assert shown(tasks, "low") == (["a"], [("b", out), ("c", out), ("d", "absent data")])
    assert shown(phases, "dear") == (["a"], [("b", out), ("c", out)])
    missing = sorted((row["id"], row["missing"]) for row in rows_of(phases.undetermined))
    assert missing == [("b", "budget"), ("c", "spent")]


WRONG = {
    "number for a condition": ("ready", pa.array([1, 0])),
    "truth values for a number": ("size", pa.array([True, False])),
    "truth values for days": ("wait", pa.array([True, False])),
    "durations for a number": ("size", pa.array([timedelta(1), timedelta(2)])),
    "texts for days": ("wait", pa.array(["1", "2"])),
    "numbers for a date": ("seen", pa.array([1, 2])),
}


@pytest.mark.parametrize("engine", NAMES)
@pytest.mark.parametrize("what", WRONG)
def test_a_column_of_another_type_is_refused(what: str, engine: str) -> None:
    """The fact is named, and what was expected."""
    name, values = WRONG[what]
    condition = {"ready": "ready", "seen": "seen is known"}.get(name, f"{name} is known")
    rules = coopgov.parse_rules(f"""
coopgov: rules/1
pack: wrong
version: 1.0.0
facts:
  - {{name: ready, about: phase, type: truth}}
  - {{name: size, about: phase, type: number}}
  - {{name: wait, about: phase, type: days}}
  - {{name: seen, about: phase, type: date}}
rules:
  - {{id: r, about: phase, kind: delay, when: '{condition}', severity: minor, message: m}}
""")
    frame = ENGINES[engine](pa.table({"id": ["a", "b"], name: values}))
    with pytest.raises(coopgov.FactError, match=f"fact {name}: found"):
        rows_of(found(frame, rules, "phase").hits)
