"""Columns that say where a fact does not apply: any fact is not set there, as in the interpreter."""

from __future__ import annotations

import pickle
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from backends.columnar.engines import ENGINE_NAMES, frame_of, needs, rows_of
from backends.columnar.made_up import rules_of
from backends.columnar.oracle import agree
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.types import Type
from coopgov.language.values import NOT_SET
from coopgov.model import WorkingCalendar

needs()
from coopgov import portfolio  # noqa: E402  # what is tested needs narwhals

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF = date(2026, 6, 30)
SITE: dict[str, Type | str] = {
    "size": Type("number"),
    "limit": Type("number"),
    "begin": Type("date"),
    "state": Type("text", choices=("open", "shut")),
    "ready": Type("truth"),
    "share": "size / limit",
}
FACTS: Mapping[str, tuple[str, tuple[Any, Any]]] = {
    "size": ("number", (4.0, 1.0)),
    "limit": ("number", (2.0, 0.0)),
    "begin": ("date", (date(2026, 6, 1), date(2026, 7, 1))),
    "state": ("text", ("open", "shut")),
    "ready": ("truth", (True, False)),
}
CHECKS = {
    "plain": ("size above 2",),
    "ladder": ("share", "above 150 %", "above 50 %"),
    "both": ("ready and size above 2",),
    "one": ('state is "open" or size above 2',),
    "negated": ("not ready",),
    "shown": ("begin is known",),
    "else": ("(size else limit) above 1",),
    "older": ("begin below as_of",),
    "among": ('state in ["shut"]',),
    "most": ("max(size, limit) above 3",),
}
ABSENT, ELSEWHERE, CODED = "absent", "elsewhere", "coded"
"""No value; the fact does not apply; it does not apply though there is a value."""


def made() -> tuple[list[dict[str, Any]], list[set[str]]]:
    """Records, each with the facts that do not apply to it: every pair of facts in every pair of states."""
    records, elsewhere = [], []
    for first, second in product(FACTS, FACTS):
        for one, other in product((0, 1, ABSENT, ELSEWHERE, CODED), repeat=2):
            record: dict[str, Any] = {name: values[0] for name, (_, values) in FACTS.items()}
            missing = set()
            for name, state in ((first, one), (second, other)):
                record[name] = FACTS[name][1][state] if isinstance(state, int) else FACTS[name][1][0]
                if state in (ABSENT, ELSEWHERE):
                    record[name] = None
                if state in (ELSEWHERE, CODED):
                    missing.add(name)
            records.append(record)
            elsewhere.append(missing)
    return records, elsewhere


@pytest.mark.parametrize("optional", [(), ("size", "ready", "state")], ids=["observations", "settings"])
@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_what_does_not_apply_is_not_set(engine: str, optional: tuple[str, ...]) -> None:
    """Every engine says what the interpreter says when the fact is supposed to be not set."""
    rules = rules_of({"site": SITE}, CHECKS, optional)
    records, elsewhere = made()
    keys = [f"s{number}" for number in range(len(records))]
    columns: dict[str, tuple[str, list[Any]]] = {"id": ("text", keys)}
    for name, (kind, _) in FACTS.items():
        columns[name] = (kind, [record[name] for record in records])
        flags = [
            True if name in missing else None if number % 2 else False
            for number, missing in enumerate(elsewhere)
        ]
        columns[f"no {name}"] = ("truth", flags)
    places = {name: portfolio.Column(name, not_applicable=f"no {name}") for name in FACTS}
    found = portfolio.check(frame_of(engine, columns), rules, "site", as_of=AS_OF, columns=places)
    hits: dict[Any, Any] = {}
    undetermined: dict[Any, Any] = {}
    setting = Setting(AS_OF, WorkingCalendar())
    for key, record, missing in zip(keys, records, elsewhere, strict=True):
        supposed = Interpreter(rules.catalogue, setting).supposing(
            *((record, "site", name, NOT_SET) for name in missing)
        )
        shown, unsure = ReferenceBackend().compile(rules.program("site", 0), setting, supposed)(record)
        hits |= {(key, rule): tuple(rest) for rule, *rest in shown}
        undetermined |= {(key, rule): (", ".join(names), because) for rule, names, because in unsure}
    assert hits
    assert undetermined
    agree((found.hits, found.undetermined), (hits, undetermined))


def test_a_column_that_is_not_there() -> None:
    """The column that says where a fact does not apply must be there, as that of the fact."""
    needs("polars")
    frame = frame_of("polars", {"id": ("text", ["a"]), "size": ("number", [1.0])})
    rules = rules_of({"site": SITE}, CHECKS)
    with pytest.raises(coopgov.UnknownNameError, match='there is no column "no sizes"'):
        portfolio.check(
            frame,
            rules,
            "site",
            as_of=AS_OF,
            columns={"size": portfolio.Column("size", not_applicable="no sizes")},
        )


def test_batches_say_it_too() -> None:
    """A function over Arrow batches honours the column, also after it was pickled."""
    needs("pyarrow")
    rules = rules_of({"site": SITE}, {"size": ("size above 2",)})
    places = {"size": portfolio.Column("size", not_applicable="code")}
    find = pickle.loads(pickle.dumps(portfolio.batch_function(rules, "site", as_of=AS_OF, columns=places)))  # noqa: S301
    columns: dict[str, tuple[str, list[Any]]] = {
        "id": ("text", ["a", "b", "c"]),
        "size": ("number", [3.0, 3.0, None]),
        "code": ("truth", [True, False, None]),
    }
    (batch,) = frame_of("pyarrow", columns).to_batches()
    assert [(row["id"], row["severity"]) for row in find(batch).to_pylist()] == [("b", "minor"), ("c", None)]


def test_other_rules_of_the_row_are_still_decided() -> None:
    """A fact that does not apply silences the rules that read it, and no others."""
    needs("polars")
    rules = rules_of({"site": SITE}, {"size": ("size above 2",), "ready": ("ready",)})
    columns: dict[str, tuple[str, list[Any]]] = {
        "id": ("text", ["a", "b"]),
        "size": ("number", [3.0, None]),
        "ready": ("truth", [True, True]),
        "code": ("truth", [True, False]),
    }
    places = {"size": portfolio.Column("size", not_applicable="code")}
    found = portfolio.check(frame_of("polars", columns), rules, "site", as_of=AS_OF, columns=places)
    assert [(row["id"], row["rule"]) for row in rows_of(found.hits)] == [("a", "ready"), ("b", "ready")]
    assert [(row["id"], row["rule"]) for row in rows_of(found.undetermined)] == [("b", "size")]
