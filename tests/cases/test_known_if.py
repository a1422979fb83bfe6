"""Values that are known only where a condition holds, and the delays of done tasks and met milestones that use them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov import parse_rules, portfolio
from coopgov.cli.main import main
from optional import DURABLE, needs

if TYPE_CHECKING:
    from pathlib import Path

NOW = date(2026, 4, 10)
END = date(2026, 1, 30)
BACKENDS = ("direct", "interpreter", DURABLE)
HEAD = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"
LATE = parse_rules(
    HEAD + ('rules: [{id: late, about: task, kind: delay, measure: delay, bands: {minor: above 0 days}, '
        'message: "{measure}"}]')
)  # fmt: skip
MISSED = parse_rules(
    HEAD + ('rules: [{id: late, about: milestone, kind: delay, measure: overdue, bands: {minor: above 0 '
        'days}, message: "{measure}"}]')
)  # fmt: skip
UNSTATED = (("actual_end",), "absent data")
TASKS: list[tuple[dict[str, Any], Any]] = [
    ({"status": "done", "progress": 1}, UNSTATED),
    ({"status": "done", "progress": 0.5}, UNSTATED),
    ({"status": "done"}, UNSTATED),
    ({"progress": 1}, UNSTATED),
    ({}, 70),
    ({"status": "done", "progress": 1, "forecast_end": date(2026, 9, 1)}, UNSTATED),
    ({"status": "done", "progress": 1, "actual_end": date(2026, 4, 11)}, (("actual_end",), "not visible on this date")),
    ({"status": "done", "progress": 1, "done_by": END}, 0),
    ({"status": "done", "progress": 1, "done_by": END + timedelta(1)}, UNSTATED),
    ({"status": "done", "progress": 1, "actual_end": date(2026, 2, 2)}, 3),
    ({"actual_end": date(2026, 2, 2)}, 3),
    ({"status": "done", "actual_end": END}, 0),
    ({"status": "in progress", "progress": 0.5}, 70),
    ({"status": "not started"}, 70),
    ({"progress": 0.9}, 70),
    ({"status": "in progress", "forecast_end": date(2026, 5, 1)}, 91),
]  # fmt: skip
"""Records of tasks, and their delay: a number of days, or what is missing and why."""
MILESTONES: list[tuple[dict[str, Any], Any]] = [
    ({"status": "met"}, (("met",), "absent data")),
    ({"status": "met", "met_by": END}, 0),
    ({"status": "met", "met_by": END + timedelta(1)}, (("met",), "absent data")),
    ({"met": date(2026, 2, 2)}, 3),
    ({"status": "partially met"}, 70),
    ({}, 70),
]


def outcome(delay: Any) -> tuple[list[Any], list[Any]]:
    """The hits and the undetermined rules of a record with such a delay."""
    if isinstance(delay, tuple):
        return [], [("late", *delay)]
    return [("late", "minor", delay, 0)] if delay else [], []


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("record", "delay"), TASKS)
def test_the_delay_of_a_record_of_a_task(backend: str, record: dict[str, Any], delay: Any) -> None:
    """Done without an end or a day by which it was done: nobody knows whether it was late."""
    check = LATE.checker("task", backend=backend)
    assert check({"planned_end": END, **record}, as_of=NOW) == outcome(delay)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("record", "delay"), MILESTONES)
def test_the_days_past_due_of_a_record_of_a_milestone(
    backend: str, record: dict[str, Any], delay: Any
) -> None:
    """Met on a day that nobody knows."""
    check = MISSED.checker("milestone", backend=backend)
    assert check({"due": END, **record}, as_of=NOW) == outcome(delay)


def table(records: list[tuple[dict[str, Any], Any]], planned: str) -> pl.DataFrame:
    """A frame of records."""
    names = {name for record, _ in records for name in record}
    kinds: dict[str, Any] = {"status": pl.String, "progress": pl.Float64}
    columns = {name: [record.get(name) for record, _ in records] for name in sorted(names)}
    frame = pl.DataFrame(columns, schema={name: kinds.get(name, pl.Date) for name in columns})
    ids = [str(number) for number in range(len(records))]
    return frame.with_columns(pl.Series("id", ids), pl.lit(END).alias(planned))


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pandas", "duckdb"])
@pytest.mark.parametrize(
    ("records", "about", "planned", "rules"),
    [(TASKS, "task", "planned_end", LATE), (MILESTONES, "milestone", "due", MISSED)],
    ids=["task", "milestone"],
)
def test_frames_give_what_records_give(
    engine: str, records: list[tuple[dict[str, Any], Any]], about: str, planned: str, rules: Any
) -> None:
    """The same hits, and the same undetermined rows with the same reasons."""
    needs(engine.partition("-")[0])
    frame: Any = table(records, planned)
    if engine == "polars-lazy":
        frame = frame.lazy()
    elif engine == "pandas":
        frame = frame.to_pandas()
    elif engine == "duckdb":
        frame = pytest.importorskip("duckdb").from_arrow(frame.to_arrow())
    found = portfolio.check(frame, rules, about, as_of=NOW, key="id")
    hits, unsure = (rows(each, names) for each, names in (
        (found.hits, ("id", "value")), (found.undetermined, ("id", "missing", "because"))
    ))  # fmt: skip
    delays = {str(number): delay for number, (_, delay) in enumerate(records)}
    assert hits == {(key, delay) for key, delay in delays.items() if isinstance(delay, int) and delay}
    assert unsure == {
        (key, ", ".join(delay[0]), delay[1]) for key, delay in delays.items() if isinstance(delay, tuple)
    }


def rows(frame: Any, names: tuple[str, ...]) -> set[tuple[Any, ...]]:
    """The rows of a result."""
    if hasattr(frame, "collect"):
        frame = frame.collect()
    if hasattr(frame, "pl"):
        frame = frame.pl()
    if isinstance(frame, pd.DataFrame):
        frame = pl.from_pandas(frame)
    return set(frame.select(names).rows())


def test_a_table_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A task that is done, and a table without a column of ends."""
    (tmp_path / "tasks.csv").write_text(
        "id,planned_end,status,progress\na,2026-01-30,done,1\nb,2026-01-30,in progress,0.5\n"
    )
    (tmp_path / "rules.yaml").write_text(
        HEAD + "rules:\n  - {id: late, about: task, kind: delay, measure: delay, "
        'bands: {minor: above 0 days}, message: "{measure}"}\n'
    )
    (tmp_path / "map.yaml").write_text(
        "coopgov: mapping/1\nabout: task\nkey: id\ncolumns: {planned_end: planned_end, status: "
        "status, progress: progress}\n"
    )
    monkeypatch.chdir(tmp_path)
    main(
        [
            "portfolio",
            "check",
            "tasks.csv",
            "--map",
            "map.yaml",
            "--rules",
            "rules.yaml",
            "--as-of",
            "2026-04-10",
        ]
    )
    assert "undetermined: absent data (1)\n  missing: actual_end (1)\n" in capsys.readouterr().out


# Conditions of rules --------------------------------------------------------------------------------------------------

THINGS = (
    HEAD
    + """subjects:
  thing: {amount: "number", reported: "truth", open: "truth"}
rules:
  - {id: one, about: thing, kind: data, when: "known_if(amount, reported) above 3", severity: minor, message: m}
  - {id: else, about: thing, kind: data, when: "(known_if(amount, reported) else 0) above 3", severity: minor, message: m}
  - {id: other, about: thing, kind: data, when: "known_if(amount, open) above 3", severity: minor, message: m}
  - {id: figure, about: thing, kind: data, when: "known_if(amount, amount above 1 and reported) / 2 above 3", severity: minor, message: m}
"""  # noqa: E501  # a file as people write it
)
RULES = parse_rules(THINGS)
ITEMS = parse_rules(
    HEAD + ("rules: [{id: some, about: phase, kind: data, when: 'any(tasks where known_if(load, "
        "has_owner) above 50 %)', severity: minor, message: m}]")
)  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_condition_says_what_is_not_known(backend: str) -> None:
    """Where nothing else is missing, what the condition reads is listed; where something is, that alone."""
    check = RULES.checker("thing", backend=backend)
    hits, unsure = check({"amount": 5, "reported": False, "open": False}, as_of=NOW)
    assert hits == []
    assert sorted(unsure) == [
        ("figure", ("amount", "reported"), "absent data"),
        ("one", ("reported",), "absent data"),
        ("other", ("open",), "absent data"),
    ]
    hits, unsure = check({"reported": False}, as_of=NOW)
    assert hits == []
    assert sorted(unsure) == [
        ("figure", ("amount",), "absent data"),
        ("one", ("amount",), "absent data"),
        ("other", ("amount", "open"), "absent data"),
    ]
    hits, unsure = check({"amount": 8, "reported": True, "open": True}, as_of=NOW)
    assert sorted(hit[0] for hit in hits) == ["else", "figure", "one", "other"]
    assert unsure == []


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("tasks", "missing"),
    [
        ([{"load": 0.6, "has_owner": False}], ("tasks.has_owner",)),
        ([{"load": 0.6, "has_owner": False}, {"load": 0.6}], ("tasks.has_owner",)),
        ([{"load": 0.6, "has_owner": False}, {"load": 0.6, "has_owner": True}], None),
        ([{"load": 0.4, "has_owner": True}], None),
    ],
)
def test_items_whose_value_is_not_known(
    backend: str, tasks: list[dict[str, Any]], missing: tuple[str, ...] | None
) -> None:
    """An item that certainly counts decides the outcome; without one, it is unknown."""
    _, unsure = ITEMS.checker("phase", backend=backend)({"tasks": tasks}, as_of=NOW)
    assert unsure == ([] if missing is None else [("some", missing, "absent data")])


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_condition_that_reads_nothing(backend: str) -> None:
    """Nothing is missing, and the reason is the same."""
    text = THINGS.partition("  - {id: one")[0]
    own = parse_rules(
        text
        + (
            "  - {id: r, about: thing, kind: data, when: 'known_if(amount, false) above 1', "
            "severity: minor, message: m}\n"
        )
    )
    assert own.checker("thing", backend=backend)({"amount": 2}, as_of=NOW) == ([], [("r", (), "absent data")])
    if backend == "direct":
        frame = pl.DataFrame({"id": ["a"], "amount": [2.0]})
        found = portfolio.check(frame, own, "thing", as_of=NOW, key="id").undetermined
        assert rows(found, ("missing", "because")) in ({("", "absent data")}, {(None, "absent data")})


amounts = st.none() | st.sampled_from([0.0, 1.0, 3.0, 4.0, 7.0])
truths = st.none() | st.booleans()


@given(st.lists(st.tuples(amounts, truths, truths), min_size=1, max_size=6))
def test_every_backend_agrees(found: list[tuple[float | None, bool | None, bool | None]]) -> None:
    """On the hits, on what is missing and on why."""
    checks = [RULES.checker("thing", backend=each) for each in ("direct", "interpreter")]
    records = [{"amount": a, "reported": b, "open": c} for a, b, c in found]
    expected = [checks[1](record, as_of=NOW) for record in records]
    assert [checks[0](record, as_of=NOW) for record in records] == expected
    kinds = {"id": pl.String, "amount": pl.Float64, "reported": pl.Boolean, "open": pl.Boolean}
    frame = pl.DataFrame([{"id": str(at), **each} for at, each in enumerate(records)], schema=kinds)
    result = portfolio.check(frame, RULES, "thing", as_of=NOW, key="id")
    assert rows(result.hits, ("id", "rule")) == {
        (str(at), hit[0]) for at, (hits, _) in enumerate(expected) for hit in hits
    }
    assert rows(result.undetermined, ("id", "rule", "missing", "because")) == {
        (str(at), rule, ", ".join(missing), because)
        for at, (_, unsure) in enumerate(expected)
        for rule, missing, because in unsure
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("known_if(amount) above 1", "wrong-number-of-values"),
        ("known_if(amount, reported, open) above 1", "wrong-number-of-values"),
        ("known_if(amount, amount) above 1", "type-mismatch"),
        ("known_if(reported, reported)", "type-mismatch"),
    ],
)
def test_a_value_and_a_condition_are_needed(text: str, code: str) -> None:
    """Two values, the second of which holds or not, and the first of which has an order."""
    with pytest.raises(Exception, match=code):
        parse_rules(
            THINGS.partition("  - {id: one")[0]
            + f"  - {{id: r, about: thing, kind: data, when: '{text}', severity: minor, message: m}}\n"
        )
