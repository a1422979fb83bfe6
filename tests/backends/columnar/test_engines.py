"""Every engine gives the same results for nulls, NaN, infinities, decimals, thresholds, units, dates, collections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from backends.columnar.engines import ENGINE_NAMES, frame_of, needs, rows_of
from backends.columnar.made_up import rules_of
from backends.columnar.oracle import agree, expected_of
from coopgov.language.interpreter import Setting
from coopgov.language.types import Type
from coopgov.model import WorkingCalendar
from coopgov.portfolio.expressible import without
from coopgov.rules import parse_rules

needs()
from coopgov import portfolio  # noqa: E402  # what is tested needs narwhals

if TYPE_CHECKING:
    from backends.columnar.made_up import Columns
    from coopgov.rules import RuleSet

AS_OF = date(2026, 6, 30)
CALENDAR = WorkingCalendar(
    holidays=frozenset({date(2026, 6, 25), date(2026, 7, 1)}), working=frozenset({date(2026, 6, 28)})
)
SITE: dict[str, Type | str] = {
    "begin": Type("date"),
    "finish": Type("date"),
    "used": Type("money"),
    "planned": Type("money"),
    "score": Type("own"),
    "unit": Type("text"),
    "size": Type("number"),
    "rate": Type("quantity", "%"),
    "open": Type("truth"),
    "name": Type("text"),
    "wait": Type("quantity", "working day"),
    "term": Type("quantity", "month"),
    "limit": Type("number"),
    "tags": Type("texts"),
    "tasks": Type("collection", item="task"),
    "total": "sum(load of tasks)",
}
TASK: dict[str, Type | str] = {
    "load": Type("number"),
    "done": Type("truth"),
    "due": Type("date"),
    "heavy": "load above 1",
}
RULES = rules_of(
    {"site": SITE},
    {
        "dear": ("used / planned", "above 115 %", "above 70 %"),
        "exact": ("(used - planned) / planned", "at least 15 %"),
        "big": ("size at least 2 or size below 0",),
        "shut": ("not open",),
        "gate": ('name is "gate" or name in ["dock", "pier"]',),
        "late": ("finish - begin", "above 30 days"),
        "points": ("score below 80 points",),
        "bare": ("score below 80",),
        "stepped": ("begin + term below finish",),
        "worked": ("working_days(begin, begin + wait)", "above 3 working days"),
        "dollars": ("used above 100 USD",),
        "yuan": ("used above 100 CNY",),
        "rated": ("(rate else 10 %) above 5 %",),
    },
)
D = Decimal
NAN, INF = float("nan"), float("inf")
COLUMNS: Columns = {
    "name": ("text", ["gate", "dock", None, "", "Gate", "pier"]),
    "begin": ("date", [date(2026, 1, 31), date(2026, 6, 24), None, date(2024, 2, 29), date(2026, 6, 27), date(2026, 2,
    28)]),
    "finish": (
        "time",
        [datetime.fromisoformat(each) if each else None for each in (
            "2026-03-01T12:00", "2026-07-24", "", "2025-03-01", "", "2026-02-28"
        )],
    ),
    "used": ("decimal", [D("580.51"), D("0.345"), None, D("1"), D("10.5"), D("-3")]),
    "planned": ("number", [829.30, 0.3, 5.0, 0.0, NAN, INF]),
    "score": ("number", [79.0, 80.0, 12.5, 79.9999999999999, None, -1e101]),
    "unit": ("text", ["points", "point", "days", None, "count", "points"]),
    "size": ("whole", [1, 2, None, -1, 0, 3]),
    "rate": ("number", [5.0, 5.1, None, NAN, -INF, 1e100]),
    "open": ("truth", [True, False, None, True, None, False]),
    "id": ("text", ["a", "b", "c", "d", "e", "f"]),
    "wait": ("whole", [1, 3, -2, 0, 4, None]),
    "term": ("whole", [1, 1, 2, 12, None, -13]),
}  # fmt: skip


def records_of(columns: Columns) -> dict[str, dict[str, Any]]:
    """The rows of columns as records, by their id."""
    names = list(columns)
    rows = zip(*(values for _, values in columns.values()), strict=True)
    return {row[names.index("id")]: dict(zip(names, row, strict=True)) for row in rows}


def only(rules: RuleSet, *names: str) -> RuleSet:
    """Some of the rules."""
    return replace(rules, rules=tuple(rule for rule in rules.rules if rule.id in names))


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_every_engine_says_what_the_reference_says(engine: str) -> None:
    """Outcomes, values, thresholds, what is undetermined, missing and why."""
    frame, setting = frame_of(engine, COLUMNS), Setting(AS_OF, CALENDAR, "CNY")
    found = portfolio.check(frame, RULES, "site", as_of=AS_OF, calendar=CALENDAR, currency="CNY")
    program = RULES.program("site", 0)
    expected = expected_of(program, setting, records_of(COLUMNS))
    assert {rule for _, rule in {*expected[0], *expected[1]}} == {one.id for one in program.checks}
    agree((found.hits, found.undetermined), expected)
    assert type(found.hits) is type(found.undetermined) is type(frame)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_frames_without_rows_or_columns(engine: str) -> None:
    """No rows give none; a column that is not there is absent everywhere."""
    empty: Columns = {name: (kind, []) for name, (kind, _) in COLUMNS.items()}
    bare: Columns = {"id": ("text", ["a", "b"])}
    found = portfolio.check(frame_of(engine, empty), RULES, "site", as_of=AS_OF)
    assert rows_of(found.hits) == rows_of(found.undetermined) == []
    found = portfolio.check(frame_of(engine, bare), RULES, "site", as_of=AS_OF)
    expected = expected_of(RULES.program("site", 0), Setting(AS_OF, WorkingCalendar()), {"a": {}, "b": {}})
    agree((found.hits, found.undetermined), expected)


TASKS: Columns = {
    "of": ("text", ["a", "a", "b", "a", "d", None, "b", "x"]),
    "group": ("text", ["p", "p", "p", "p", "q", "q", "q", "p"]),
    "load": ("number", [0.5, NAN, 1.5, 2.0, 0.1, 9.0, 1.0, 1.0]),
    "done": ("truth", [True, None, False, False, True, True, True, None]),
    "due": ("date", [date(2026, 5, 1), None, date(2026, 7, 1), date(2026, 6, 1), None, None, date(2026, 6, 2), None]),
}  # fmt: skip
COLLECTIONS = rules_of(
    {"site": SITE, "task": TASK},
    {
        "some": ("count(tasks where not done)", "at least 2", "at least 1"),
        "few": ("count(tasks)", "below 2"),
        "share": ("share(done of tasks where heavy)", "below 60 %"),
        "total": ("total", "above 1"),
        "mean": ("mean(load of tasks where due is known)", "at least 1"),
        "least": ("min(load of tasks)", "below 1"),
        "last": ("max(due of tasks where done) below as_of",),
        "any": ("any(heavy of tasks where not done)",),
        "all": ("all(tasks where load below site.limit)",),
        "over": ("count(tasks where load above site.total / site.limit) at least 1",),
    },
)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_collections_of_every_engine(engine: str) -> None:
    """Empty groups, unknown items, bounds, facts of the subject around; items of nobody belong to nobody."""
    sites: Columns = {
        "id": ("text", ["a", "b", "c", "d"]),
        "of": ("text", ["p", "q", "p", "q"]),
        "limit": ("number", [2.0, None, 1.0, 0.0]),
    }
    children = {"tasks": portfolio.Children(frame_of(engine, TASKS), "of")}
    records = records_of(sites)
    for key, record in records.items():
        rows = zip(*(values for _, values in TASKS.values()), strict=True)
        record["tasks"] = [dict(zip(TASKS, row, strict=True)) for row in rows if row[0] == key]
    found = portfolio.check(frame_of(engine, sites), COLLECTIONS, "site", as_of=AS_OF, children=children)
    expected = expected_of(COLLECTIONS.program("site", 0), Setting(AS_OF, WorkingCalendar()), records)
    agree((found.hits, found.undetermined), expected)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_a_key_of_several_columns(engine: str) -> None:
    """Items are distinguished by all columns of the key, even if those have other names than the subjects' columns."""
    sites: Columns = {
        "load": ("text", ["a", "a", "b"]),
        "group": ("text", ["p", "q", "p"]),
        "limit": ("number", [1.0, 1.0, 1.0]),
    }
    rules = only(COLLECTIONS, "few")
    children = {"tasks": portfolio.Children(frame_of(engine, TASKS), ["of", "group"])}
    found = portfolio.check(
        frame_of(engine, sites), rules, "site", as_of=AS_OF, key=["load", "group"], children=children
    )
    counted = {(row["load"], row["group"]): row["value"] for row in rows_of(found.hits)}
    assert counted == {("a", "q"): 0, ("b", "p"): 1}
    assert list(rows_of(found.hits)[0]) == ["load", "group", "rule", "severity", "value", "threshold", "past"]


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pandas-arrow", "pyarrow", "duckdb"])
def test_columns_of_lists_of_texts(engine: str) -> None:
    """Engines that have lists can look for a text in them."""
    rules = rules_of(
        {"site": SITE},
        {
            "new": ('"new" in tags',),
            "old": ('not ("new" in tags)',),
            "tagged": ("tags is known",),
        },
    )
    columns: Columns = {
        "id": ("text", ["a", "b", "c", "d"]),
        "tags": ("texts", [["new", "x"], ["newer"], None, []]),
    }
    found = portfolio.check(frame_of(engine, columns), rules, "site", as_of=AS_OF)
    expected = expected_of(rules.program("site", 0), Setting(AS_OF, WorkingCalendar()), records_of(columns))
    agree((found.hits, found.undetermined), expected)


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pandas", "pyarrow", "duckdb"])
@pytest.mark.parametrize("name", ["_row", "_number", "_1", "__row", "x"])
def test_columns_of_any_name_are_left_alone(engine: str, name: str) -> None:
    """A host may name keys and other columns freely, even like the columns that are used internally."""
    rules = only(COLLECTIONS, "few")
    texts: Columns = {"id": ("text", ["a", "b"]), name: ("text", ["a", "b"])}
    tasks: Columns = {"of": ("text", ["a", "a", "b"]), name: ("text", ["a", "a", "b"])}
    sites, items = frame_of(engine, texts), frame_of(engine, tasks)
    for key, own in (("id", "of"), (name, "of"), ("id", name), (name, name)):
        children = {"tasks": portfolio.Children(items, own)}
        found = portfolio.check(sites, rules, "site", as_of=AS_OF, key=key, children=children)
        assert [(row[key], row["value"]) for row in rows_of(found.hits)] == [("b", 1)]
        bare = portfolio.check(sites, only(RULES, "shut"), "site", as_of=AS_OF, key=key)
        assert sorted(row[key] for row in rows_of(bare.undetermined)) == ["a", "b"]


def test_columns_of_pandas_that_are_all_nan() -> None:
    """So reads it a file with an empty column; whatever the fact is, it is absent."""
    names = [
        name
        for name, kind in SITE.items()
        if isinstance(kind, Type) and kind.kind not in ("collection", "texts")
    ]
    frame = frame_of(
        "pandas", {"id": ("text", ["a", "b"]), **{name: ("number", [NAN, NAN]) for name in names}}
    )
    found = portfolio.check(frame, RULES, "site", as_of=AS_OF)
    expected = expected_of(RULES.program("site", 0), Setting(AS_OF, WorkingCalendar()), {"a": {}, "b": {}})
    agree((found.hits, found.undetermined), expected)


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pyarrow"])
def test_lists_of_texts_that_are_all_empty(engine: str) -> None:
    """An engine does not know what would be in them; no text is."""
    needs("polars")
    import polars as pl

    frame = pl.DataFrame({"id": ["a", "b"], "tags": [[], None]})
    shown = {"polars": frame, "polars-lazy": frame.lazy(), "pyarrow": frame.to_arrow()}[engine]
    rules = rules_of({"site": SITE}, {"old": ('not ("new" in tags)',)})
    found = portfolio.check(shown, rules, "site", as_of=AS_OF)
    assert [row["id"] for row in rows_of(found.hits)] == ["a"]
    assert [row["id"] for row in rows_of(found.undetermined)] == ["b"]


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_whole_numbers_that_are_not_exact(engine: str) -> None:
    """Above 2^53 the nearest binary number is taken, also where the host counts in another unit."""
    columns: Columns = {
        "id": ("text", ["a", "b", "c"]),
        "size": ("whole", [2**53 + 1, -(2**53) - 3, 1]),
    }
    frame, rules = frame_of(engine, columns), rules_of({"site": SITE}, {"big": ("size", "at least 2")})
    for place, factor in (("size", 1.0), (portfolio.Column("size", 0.5), 0.5)):
        found = portfolio.check(frame, rules, "site", as_of=AS_OF, columns={"size": place})
        assert [(row["id"], row["value"]) for row in rows_of(found.hits)] == [("a", 2.0**53 * factor)]
        assert rows_of(found.undetermined) == []


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_what_is_past_is_said_in_a_column(engine: str) -> None:
    """Where `ends` is true; not where it is false, unknown or not written. The rest of the hits stay as they are."""
    rules = parse_rules(
        "coopgov: rules/1\npack: t\nversion: 1.0.0\nrules:\n"
        "  - {id: late, about: phase, kind: k, measure: delay, bands: {minor: above 5 days, major: above 50 days}, "
        "ends: spent above 10 money, message: M}\n"
        "  - {id: open, about: phase, kind: k, when: delay above 5 days, severity: minor, message: M}\n"
        "  - {id: over, about: phase, kind: k, when: delay above 5 days, severity: minor, "
        "ends: planned_end is known, message: M}\n"
    )
    columns: Columns = {
        "id": ("text", ["a", "b", "c", "d"]),
        "planned_end": ("date", [date(2026, 6, 1), date(2026, 3, 1), date(2026, 6, 1), date(2026, 6, 30)]),
        "spent": ("number", [11.0, 5.0, None, 11.0]),
    }
    found = portfolio.check(frame_of(engine, columns), rules, "phase", as_of=AS_OF)
    hits = {(row["id"], row["rule"], row["severity"]): row["past"] for row in rows_of(found.hits)}
    assert hits == {
        ("a", "late", "minor"): True,
        ("b", "late", "major"): False,
        ("c", "late", "minor"): False,
        **{(key, "open", "minor"): False for key in "abc"},
        **{(key, "over", "minor"): True for key in "abc"},
    }
    assert rows_of(found.undetermined) == []
    none = portfolio.check(frame_of(engine, columns), without(rules, ("late", "over")), "phase", as_of=AS_OF)
    assert {row["past"] for row in rows_of(none.hits)} == {False}
