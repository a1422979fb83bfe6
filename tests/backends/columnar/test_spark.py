"""Spark, on a cluster of two workers: the tests of every engine, names with dots, and batches of Arrow."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from backends.columnar import test_engines, test_not_applicable
from backends.columnar.engines import frame_of, needs, rows_of
from backends.columnar.made_up import rules_of
from backends.columnar.oracle import agree, expected_of
from coopgov.language.interpreter import Setting
from coopgov.model import WorkingCalendar
from portfolio.test_public_data import SCHOOLS, summary_of
from spark_session import begun

needs("pyspark", "pyarrow")
from coopgov import portfolio  # noqa: E402  # what is tested needs narwhals

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.columnar.made_up import Columns

pytestmark = [
    pytest.mark.usefixtures("spark"),
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
spark = pytest.fixture(begun, scope="session")
AS_OF = test_engines.AS_OF
CASES = [
    test_engines.test_every_engine_says_what_the_reference_says,
    test_engines.test_frames_without_rows_or_columns,
    test_engines.test_collections_of_every_engine,
    test_engines.test_a_key_of_several_columns,
    test_engines.test_columns_of_lists_of_texts,
    test_engines.test_whole_numbers_that_are_not_exact,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__.removeprefix("test_"))
def test_what_every_engine_is_asked(case: Callable[[str], None]) -> None:
    """The same corpus: nulls, NaN, infinities, decimals, thresholds, units, dates, gaps and collections, lazily."""
    case("spark")


@pytest.mark.parametrize("optional", [(), ("size", "ready", "state")], ids=["observations", "settings"])
def test_what_does_not_apply_is_not_set(optional: tuple[str, ...]) -> None:
    """As on every engine."""
    test_not_applicable.test_what_does_not_apply_is_not_set("spark", optional)


@pytest.mark.parametrize("name", ["_1", "_each"])
def test_columns_of_any_name_are_left_alone(name: str) -> None:
    """Also those that are named as columns on the way to a result."""
    test_engines.test_columns_of_any_name_are_left_alone("spark", name)


def test_there_are_two_workers(spark: Any) -> None:
    """Rows are worked on by two processes that are not this one."""
    import os

    def worked(_: Any) -> Any:
        import os
        import time

        time.sleep(1)
        yield os.getppid()

    parents = {*spark.sparkContext.parallelize(range(2), 2).mapPartitions(worked).collect()}
    assert len(parents) == 2
    assert os.getpid() not in parents


def test_names_with_dots(spark: Any) -> None:
    """Facts of a parent subject are in columns with a dot. Columns of the host may have dots, too; keys may not."""
    rules = coopgov.parse_rules("""
coopgov: rules/1
pack: late-tasks
version: 1.0.0
rules:
  - {id: outlasts, about: task, kind: delay, measure: planned_end - phase.planned_end, bands: {minor: above 2 days}, message: Late.}
""")  # noqa: E501  # a file as people write it
    rows = [
        ("a", date(2026, 3, 4), date(2026, 3, 1)),
        ("b", date(2026, 3, 3), date(2026, 3, 1)),
        ("c", date(2026, 3, 9), None),
    ]
    frame = spark.createDataFrame(rows, "id string, `Planned.End` date, `phase.planned_end` date")
    found = portfolio.check(frame, rules, "task", as_of=AS_OF, columns={"planned_end": "Planned.End"})
    assert [(row["id"], row["value"], row["threshold"]) for row in rows_of(found.hits)] == [("a", 3.0, 2.0)]
    assert [(row["id"], row["missing"]) for row in rows_of(found.undetermined)] == [
        ("c", "phase.planned_end")
    ]
    with pytest.raises(coopgov.errors.BackendError, match=r'the dot in the key column "task\.id"'):
        portfolio.check(frame.withColumnRenamed("id", "task.id"), rules, "task", as_of=AS_OF, key="task.id")


def test_nothing_runs_before_it_is_asked_for(spark: Any) -> None:
    """A check of a lazy frame starts no job, unless a rule compares with a literal of a KPI's unit.

    One is one job for all rules.
    """
    frame = frame_of("spark", test_engines.COLUMNS)
    rules = test_engines.only(test_engines.RULES, "dear", "big", "late", "worked")
    tracker, context = spark.sparkContext.statusTracker(), spark.sparkContext
    context.setJobGroup("check", "what a check starts")
    found = portfolio.check(frame, rules, "site", as_of=AS_OF)
    assert list(tracker.getJobIdsForGroup("check")) == []
    context.setJobGroup("hits", "what hits start")
    assert found.hits.count() > 0
    assert len(tracker.getJobIdsForGroup("hits")) <= 3


def test_ansi_mode_finds_nothing_to_abort(spark: Any) -> None:
    """Spark aborts a job at a division by zero, an overflow or a text that is not a number.

    None of them is left to it.
    """
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"
    rules = rules_of(
        {"site": test_engines.SITE},
        {
            "ratio": ("size / limit above 1",),
            "product": ("size * size * size above 1",),
            "dear": ("used / used above 0",),
        },
    )
    columns: Columns = {
        "id": ("text", ["a", "b", "c"]),
        "size": ("whole", [2**62, 1, -(2**63)]),
        "limit": ("whole", [0, 0, 1]),
        "used": ("decimal", [None, test_engines.D("0"), test_engines.D("999999999999999.999")]),
    }
    found = portfolio.check(frame_of("spark", columns), rules, "site", as_of=AS_OF)
    setting = Setting(AS_OF, WorkingCalendar())
    expected = expected_of(rules.program("site", 0), setting, test_engines.records_of(columns))
    agree((found.hits, found.undetermined), expected)


def test_batches_in_spark() -> None:
    """`mapInArrow` hands batches to the workers, and what comes back is what the reference says."""
    find = portfolio.batch_function(
        test_engines.RULES, "site", as_of=AS_OF, calendar=test_engines.CALENDAR, currency="CNY"
    )
    schema = (
        "id string, rule string, severity string, value double, threshold double, past boolean, "
        "missing string, because string"
    )
    told = frame_of("spark", test_engines.COLUMNS).mapInArrow(find.each, schema)
    hits, undetermined = told.where("severity is not null"), told.where("severity is null")
    setting = Setting(AS_OF, test_engines.CALENDAR, "CNY")
    expected = expected_of(find.program, setting, test_engines.records_of(test_engines.COLUMNS))
    agree((hits, undetermined), expected)


def test_a_public_table_batch_by_batch() -> None:
    """The command's engine of that name: the same summary as with Polars."""
    found, expected = (
        summary_of("nyc-school-construction", *SCHOOLS, engine=each) for each in ("spark", "polars")
    )
    assert found.to_dict() == expected.to_dict()
