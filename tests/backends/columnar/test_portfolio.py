"""The portfolio of a host: the options of its frames, the errors when they are wrong, and batches of Arrow."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from backends.columnar.engines import frame_of, needs, rows_of
from backends.columnar.made_up import rules_of
from coopgov.language.types import Type

needs("polars", "pyarrow")
from coopgov import portfolio  # noqa: E402  # what is tested needs narwhals
from coopgov.optional import pa  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF = date(2026, 6, 30)
SITE: dict[str, Type | str] = {
    "late": Type("quantity", "day"),
    "state": Type("text", choices=("open", "shut")),
    "start": Type("date"),
    "done": Type("truth"),
    "tasks": Type("collection", item="task"),
}
TASK: dict[str, Type | str] = {"load": Type("number"), "tasks": Type("collection", item="task")}
LATE = {"late": ("late above 2 days",)}


def checked(frame: Any, checks: Mapping[str, tuple[str, ...]], **options: Any) -> portfolio.Violations:
    """The violations of rules about a site."""
    rules = rules_of({"site": SITE, "task": TASK}, checks)
    return portfolio.check(frame, rules, "site", as_of=AS_OF, **options)


def polars_of(**columns: tuple[str, list[Any]]) -> Any:
    """A frame of Polars with ids."""
    number = len(next(iter(columns.values()))[1])
    return frame_of("polars", {"id": ("text", list("abcdef"[:number])), **columns})


def test_facts_can_have_other_names_and_units() -> None:
    """A host names the columns of facts, and the factors of their numbers."""
    frame = polars_of(hours=("whole", [72, 24, None]))
    found = checked(frame, LATE, columns={"late": portfolio.Column("hours", 1 / 24)})
    assert [row["id"] for row in rows_of(found.hits)] == ["a"]
    assert rows_of(found.undetermined) == [
        {"id": "c", "rule": "late", "missing": "late", "because": "absent data"}
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"key": "number"}, 'there is no column "number"'),
        ({"columns": {"late": "hours"}}, 'there is no column "hours"'),
        ({"columns": {"latte": "late"}}, 'there is no fact "latte"; did you mean "late"?'),
        ({"children": {"tusks": portfolio.Children(None, "of")}}, 'there is no collection "tusks"'),
    ],
)
def test_names_that_are_not_there(options: dict[str, Any], message: str) -> None:
    """A column, fact or collection that does not exist is reported with the nearest name."""
    with pytest.raises(coopgov.UnknownNameError) as shown:
        checked(polars_of(late=("number", [1.0])), LATE, **options)
    assert str(shown.value).startswith(message)


@pytest.mark.parametrize(
    ("kind", "values", "condition", "message"),
    [
        ("text", ["3"], "late above 2 days", "fact late: found String, expected a column of numbers"),
        ("truth", [True], "late above 2 days", "fact late: found Boolean, expected a column of numbers"),
        ("text", ["2026-01-01"], "start below as_of", "fact start: found String, expected a column of dates"),
        ("whole", [1], "done", "fact done: found Int64, expected a column of truth values"),
        ("whole", [1], 'state is "open"', "fact state: found Int64, expected a column of texts"),
        ("text", ["opne"], 'state is "open"', "fact state: found 'opne', expected one of open, shut"),
    ],
)
def test_columns_that_cannot_hold_a_fact(kind: str, values: list[Any], condition: str, message: str) -> None:
    """The column, its content and the expected content are reported before anything runs."""
    frame = polars_of(**{condition.split(maxsplit=1)[0]: (kind, values)})
    with pytest.raises(coopgov.FactError) as shown:
        checked(frame, {"r": (condition,)})
    assert str(shown.value) == message


def test_a_type_that_is_not_known() -> None:
    """The column is named, before an engine would fail at it; without values it is absent."""
    import pyarrow as pa

    spans = pa.array([(1, 2, 3), None], pa.month_day_nano_interval())
    frame, checks = pa.table({"id": ["a", "b"], "start": spans}), {"r": ("start below as_of",)}
    with pytest.raises(coopgov.FactError, match="fact start: found Unknown, expected a column of dates"):
        checked(frame, checks)
    assert [row["id"] for row in rows_of(checked(frame.slice(1), checks).undetermined)] == ["b"]


def test_days_that_arrow_counts_in_milliseconds() -> None:
    """They are dates as any other, though narwhals does not know their type."""
    import pyarrow as pa

    days = pa.array([date(2026, 1, 1), None], pa.date64())
    found = checked(pa.table({"id": ["a", "b"], "start": days}), {"r": ("start below as_of",)})
    assert [row["id"] for row in rows_of(found.hits)] == ["a"]
    assert [row["id"] for row in rows_of(found.undetermined)] == ["b"]


def test_figures_of_a_type_that_narwhals_does_not_know() -> None:
    """Arrow's decimals of 256 bits are numbers all the same."""
    import pyarrow as pa

    late = pa.array([Decimal("2.5"), None], pa.decimal256(40, 3))
    found = checked(pa.table({"id": ["a", "b"], "late": late}), LATE)
    assert [row["id"] for row in rows_of(found.hits)] == ["a"]
    assert [row["id"] for row in rows_of(found.undetermined)] == ["b"]


def test_a_text_that_an_enumeration_of_a_lazy_frame_does_not_know() -> None:
    """It cannot be read, and so the rule is undetermined: a lazy frame is not looked into."""
    frame = frame_of("polars-lazy", {"id": ("text", ["a", "b"]), "state": ("text", ["opne", "open"])})
    found = checked(frame, {"r": ('state is "open"',)})
    assert [row["id"] for row in rows_of(found.hits)] == ["b"]
    (row,) = rows_of(found.undetermined)
    assert (row["id"], row["missing"], row["because"]) == ("a", "state", "unreadable cell")


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("count(tasks) above 1", "it needs the frame of its `tasks`; pass it in `children`"),
        ("count(tasks where any(tasks where load above 1)) above 1", "it needs the frame of its `tasks`"),
    ],
)
def test_collections_without_a_frame(condition: str, why: str) -> None:
    """The error names the rule, its part, the reason, and the backends that can decide it."""
    with pytest.raises(coopgov.errors.BackendError) as shown:
        checked(polars_of(late=("number", [1.0])), {"r": (condition,)})
    assert (shown.value.rule, shown.value.part, shown.value.others) == (
        "r",
        "minor",
        ("direct", "interpreter"),
    )
    assert shown.value.why.startswith(why)


def test_a_collection_inside_of_another_one() -> None:
    """Columns do not reach it."""
    tasks = portfolio.Children(frame_of("polars", {"of": ("text", ["a"])}), "of")
    with pytest.raises(coopgov.errors.BackendError, match="`tasks` is a collection inside of another one"):
        checked(
            polars_of(late=("number", [1.0])),
            {"r": ("count(tasks where any(tasks where load above 1)) above 1",)},
            children={"tasks": tasks},
        )


def test_frames_that_do_not_go_together() -> None:
    """What is not a frame, frames of two engines, and two rows of one subject are refused."""
    frame = polars_of(late=("number", [1.0]))
    with pytest.raises(coopgov.errors.BackendError, match=r"found list, expected a frame of Polars"):
        checked([{"id": "a"}], LATE)
    tasks = portfolio.Children(frame_of("pyarrow", {"of": ("text", ["a"])}), "of")
    with pytest.raises(
        coopgov.errors.BackendError, match="is a Table of pyarrow, expected a DataFrame of polars"
    ):
        checked(frame, LATE, children={"tasks": tasks})
    with pytest.raises(coopgov.errors.BackendError, match='"rule" has the name of a column of the result'):
        checked(frame.rename({"id": "rule"}), LATE, key="rule")
    twice = frame_of("polars", {"id": ("text", ["a", "a"]), "late": ("number", [1.0, 2.0])})
    tasks = portfolio.Children(frame_of("polars", {"of": ("text", ["a"])}), "of")
    with pytest.raises(coopgov.FactError, match="fact id: found 'a', expected one row for each subject"):
        checked(twice, LATE, children={"tasks": tasks})


def test_keys_that_do_not_go_together() -> None:
    """A collection has as many keys as its subjects, of types that can be compared."""
    tasks = frame_of("polars", {"of": ("text", ["a"]), "number": ("whole", [1]), "load": ("number", [1.0])})
    checks = {"r": ("count(tasks) above 1",)}
    frame = polars_of(late=("number", [1.0]))
    children = {"tasks": portfolio.Children(tasks, ["of", "number"])}
    with pytest.raises(
        coopgov.errors.BackendError, match="keys of `tasks` are of, number; expected one for each"
    ):
        checked(frame, checks, children=children)
    children = {"tasks": portfolio.Children(tasks, "number")}
    with pytest.raises(
        coopgov.FactError, match="fact number: found Int64, expected a column that can be compared"
    ):
        checked(frame, checks, children=children)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ([], "no key was named, expected the name of one column or more"),
        (["id", "id"], 'the key column "id" is named twice'),
        (
            ["id", "late"],
            "the keys of `tasks` are of; expected one for each of those of the subjects: id, late",
        ),
    ],
)
def test_keys_that_cannot_be_one(key: list[str], message: str) -> None:
    """A faulty key is reported before any engine runs."""
    tasks = portfolio.Children(frame_of("polars", {"of": ("text", ["a"])}), "of")
    with pytest.raises(coopgov.errors.BackendError, match=message):
        checked(polars_of(late=("number", [1.0])), LATE, key=key, children={"tasks": tasks})


@pytest.mark.parametrize("engine", ["polars", "pandas", "pandas-nullable", "pandas-arrow", "pyarrow"])
def test_keys_that_an_engine_does_not_compare(engine: str) -> None:
    """Numbers are not texts: the error names the columns and their types."""
    tasks = portfolio.Children(frame_of(engine, {"of": ("whole", [1, 2])}), "of")
    with pytest.raises(
        coopgov.FactError, match="fact of: found Int64, expected a column that can be compared with id, Str"
    ):
        checked(
            frame_of(engine, {"id": ("text", ["a"])}),
            {"r": ("count(tasks) above 1",)},
            children={"tasks": tasks},
        )


def test_columns_of_pandas_whose_names_are_no_texts() -> None:
    """They are not facts, and in nobody's way."""
    frame = frame_of("pandas", {"id": ("text", ["a"]), "late": ("number", [5.0])})
    frame[7] = 1.0
    assert [row["id"] for row in rows_of(checked(frame, LATE).hits)] == ["a"]


def test_rules_about_warnings_are_named() -> None:
    """A frame has no warnings; that these rules were not decided is said."""
    rules = coopgov.parse_rules("""
coopgov: rules/1
pack: warnings
version: 1.0.0
rules:
  - {id: late, about: phase, kind: delay, when: delay above 5 days, severity: minor, message: Late.}
  - {id: bad, about: phase, kind: delay, when: count(warnings) at least 2, severity: major, message: Bad.}
""")
    frame = polars_of(planned_end=("date", [date(2026, 1, 1)]))
    found = portfolio.check(frame, rules, "phase", as_of=AS_OF)
    assert found.left_out == ("bad",)
    assert [row["rule"] for row in rows_of(found.hits)] == ["late"]


def test_batches_of_arrow() -> None:
    """The function can be pickled, says its schema beforehand and gives one batch for each."""
    import pyarrow as pa

    rules = rules_of({"site": SITE}, LATE)
    find = pickle.loads(pickle.dumps(portfolio.batch_function(rules, "site", as_of=AS_OF)))  # noqa: S301
    batch = pa.RecordBatch.from_pydict({"id": [1, 2, 3], "late": [3.0, None, 1.0]})
    first, second = find.each([batch, batch.slice(2)])
    absent = {"severity": None, "value": None, "threshold": None, "past": None}
    assert first.to_pylist() == [
        {"id": 1, "rule": "late", "severity": "minor", "value": None, "threshold": None, "past": False,
             "missing": None,
         "because": None},
        {"id": 2, "rule": "late", **absent, "missing": "late", "because": "absent data"},
    ]  # fmt: skip
    assert second.num_rows == 0
    assert first.schema == second.schema == find.schema(batch.schema)
    assert first.schema.field("id").type == pa.int64()


def test_batches_in_other_processes() -> None:
    """Dask hands the function and batches to two processes."""
    needs("dask")
    import dask
    import pyarrow as pa

    find = portfolio.batch_function(rules_of({"site": SITE}, LATE), "site", as_of=AS_OF)
    table = pa.table({"id": ["a", "b", "c"], "late": [3.0, 5.0, 1.0]})
    tasks = [dask.delayed(find)(batch) for batch in table.to_batches(max_chunksize=2)]
    found = dask.compute(*tasks, scheduler="processes", num_workers=2)
    assert [batch.column("id").to_pylist() for batch in found] == [["a", "b"], []]


@pytest.mark.parametrize(
    ("checks", "part"),
    [
        ({"late": LATE["late"], "r": ("count(tasks) above 1",)}, "minor"),
        ({"r": ("some", "above 1")}, "measure"),
    ],
)
def test_batches_know_no_collections(checks: Mapping[str, tuple[str, ...]], part: str) -> None:
    """A rule that reads a collection, also through a formula, is refused when the function is made."""
    rules = rules_of({"site": {**SITE, "some": "count(tasks)"}, "task": TASK}, checks)
    with pytest.raises(coopgov.errors.BackendError, match="it reads the collection `tasks`") as shown:
        portfolio.batch_function(rules, "site", as_of=AS_OF)
    assert (shown.value.rule, shown.value.part) == ("r", part)


ENDING = """
coopgov: rules/1
pack: t
version: 1.0.0
rules:
  - {id: late, about: phase, kind: k, when: delay above 5 days, severity: minor, ends: ended, message: M}
  - {id: counted, about: phase, kind: k, when: delay above 5 days, severity: minor, ends: HOW, message: M}
"""


def test_batches_say_what_is_past() -> None:
    """In a column that is null where it is not known whether there is a hit at all."""
    rules = coopgov.parse_rules(ENDING.replace("HOW", "ended"))
    find = portfolio.batch_function(rules, "phase", as_of=AS_OF)
    batch = pa.RecordBatch.from_pydict(
        {
            "id": ["a", "b", "c"],
            "planned_end": [date(2026, 6, 1), date(2026, 6, 1), None],
            "actual_end": [date(2026, 6, 20), None, None],
        }
    )
    found = find(batch)
    assert found.schema == find.schema(batch.schema)
    assert [(row["id"], row["rule"], row["past"]) for row in found.to_pylist() if row["rule"] == "late"] == [
        ("a", "late", True),
        ("b", "late", False),
        ("c", "late", None),
    ]


def test_what_ends_a_warning_must_be_expressible_too() -> None:
    """A batch has no items, so no rule can end by them; the message names the key."""
    with pytest.raises(coopgov.BackendError, match=r"counted.*ends"):
        portfolio.batch_function(
            coopgov.parse_rules(ENDING.replace("HOW", "'not any(tasks where not done)'")),
            "phase",
            as_of=AS_OF,
        )
