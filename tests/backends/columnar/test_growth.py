"""What grows with the rules and what does not: plans, queries and blocks are counted, not timed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from backends.columnar.engines import needs
from backends.columnar.made_up import rules_of
from coopgov import portfolio
from coopgov.language.types import NUMBER

if TYPE_CHECKING:
    from coopgov.rules import RuleSet

needs("polars", "duckdb", "pyarrow")
DAY = date(2026, 6, 30)


def many(number: int) -> RuleSet:
    """So many rules, each about two facts."""
    facts: Any = {"a": NUMBER, "b": NUMBER, "c": NUMBER}
    checks = {f"r{each}": (f"b - a above {each} or c below {each}",) for each in range(number)}
    return rules_of({"work": facts}, checks)


def columns(rows: int = 40) -> dict[str, list[Any]]:
    """Numbers, every third of them absent."""
    return {
        "id": list(range(rows)),
        **{
            name: [None if (row + place) % 3 == 0 else float(row * place) for row in range(rows)]
            for place, name in enumerate("abc", 1)
        },
    }


@pytest.mark.parametrize("number", [2, 20])
def test_a_lazy_polars_frame_is_checked_in_one_node(number: int) -> None:
    """Both results together run the rules once, however many rules there are."""
    import polars as pl

    read: list[int] = []

    def counted(frame: Any) -> Any:
        read.append(len(frame))
        return frame

    lazy = pl.LazyFrame(columns())
    source = lazy.map_batches(counted, schema=lazy.collect_schema())
    found = portfolio.check(source, many(number), "work", as_of=DAY)
    assert not read
    assert "UNION" not in found.hits.explain()
    hits, undetermined = pl.collect_all([found.hits, found.undetermined])
    assert len(read) == 1
    assert len(hits)
    assert len(undetermined)


def test_the_number_of_duckdb_queries_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB plans one query for each result, not one for each rule."""
    import duckdb

    counts = []
    for number in (2, 20):
        made: list[str] = []
        filter_ = duckdb.DuckDBPyRelation.filter
        select = duckdb.DuckDBPyRelation.select

        def filtered(self: Any, *given: Any, filter_: Any = filter_, made: list[str] = made) -> Any:
            made.append("filter")
            return filter_(self, *given)

        def selected(
            self: Any, *given: Any, select: Any = select, made: list[str] = made, **named: Any
        ) -> Any:
            made.append("select")
            return select(self, *given, **named)

        with monkeypatch.context() as patch:
            patch.setattr(duckdb.DuckDBPyRelation, "filter", filtered)
            patch.setattr(duckdb.DuckDBPyRelation, "select", selected)
            frame = duckdb.connect().from_arrow(_arrow())
            portfolio.check(frame, many(number), "work", as_of=DAY)
        counts.append(len(made))
    assert counts[0] == counts[1]


def _arrow() -> Any:
    import pyarrow as pa

    return pa.table(columns())


def test_words_of_reasons_do_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules about the same facts share one word of bits, so texts are looked up once for all of them."""
    import polars as pl

    from coopgov.backends.columnar import polars_reasons

    groups: list[int] = []
    texts = polars_reasons._Group.texts  # what is counted

    def counted(self: Any, meaning: Any) -> Any:
        groups.append(len(self.asked))
        return texts(self, meaning)

    monkeypatch.setattr(polars_reasons._Group, "texts", counted)  # what is counted
    portfolio.check(pl.DataFrame(columns()), many(20), "work", as_of=DAY)
    assert groups == [20]


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame in blocks gives the rows of the whole frame, in their order."""
    import polars as pl

    from coopgov.backends.columnar import results

    frame, rules = pl.DataFrame(columns()), many(5)
    whole = portfolio.check(frame, rules, "work", as_of=DAY)
    monkeypatch.setattr(results, "BLOCK", 7)
    blocks = portfolio.check(frame, rules, "work", as_of=DAY)
    assert whole.hits.equals(blocks.hits)
    assert whole.undetermined.equals(blocks.undetermined)


def test_many_facts_need_several_words() -> None:
    """A rule with more facts than a word has bits names the missing ones all the same."""
    import polars as pl

    names = [f"fact{number:02}" for number in range(40)]
    rules = rules_of({"work": dict.fromkeys(names, NUMBER)}, {"r": (" + ".join(names) + " above 1",)})
    rows = [
        {
            "id": str(row),
            **{name: None if (row * 7 + place) % (row + 2) == 0 else 1.0 for place, name in enumerate(names)},
        }
        for row in range(30)
    ]
    found = portfolio.check(pl.DataFrame(rows), rules, "work", as_of=DAY).undetermined
    expected = {row["id"]: ", ".join(name for name in names if row[name] is None) for row in rows}
    assert {row["id"]: row["missing"] for row in found.rows(named=True)} == {
        k: v for k, v in expected.items() if v
    }
