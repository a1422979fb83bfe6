"""An assessment does work in proportion to what it assesses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import coopgov
from coopgov.source import Document
from work import growth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

    from coopgov.source.nodes import Node

AS_OF = date(2026, 6, 30)
_RULES = coopgov.load_rules()


def _agreement(**more: Any) -> coopgov.Agreement:
    return coopgov.Agreement.model_validate(
        {
            "coopgov": "agreement/1",
            "id": "harbour",
            "title": "Harbour",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2028-12-31"},
            "parties": [{"id": "port"}, {"id": "university"}],
            **more,
        }
    )


def _kpi(number: int) -> dict[str, Any]:
    readings = [{"on": "2026-02-01", "value": 60 + number % 5}]
    return {"id": f"kpi-{number}", "unit": "points", "floor": 68, "direction": "up", "readings": readings}


def _assessing(agreement: coopgov.Agreement) -> Callable[[], object]:
    engine = coopgov.Engine(_RULES)
    coopgov.assess(agreement, engine, as_of=AS_OF)
    return lambda: coopgov.assess(agreement, engine, as_of=AS_OF)


def test_an_assessment_looks_at_the_goals_once_and_not_for_each_warning() -> None:
    """With four times as many goals and KPIs, an assessment makes about four times as many calls."""

    def assessing(size: int) -> Callable[[], object]:
        goals = [
            {"id": f"goal-{each}", "statement": "Grow.", "kpis": [f"kpi-{each}"]} for each in range(size)
        ]
        return _assessing(_agreement(kpis=[_kpi(each) for each in range(size)], goals=goals))

    assert growth(assessing, 30) < 1.2


def test_an_assessment_evaluates_each_task_once_and_not_for_each_layer() -> None:
    """With four times as many tasks, members and readings, an assessment makes about four times as many calls."""

    def assessing(size: int) -> Callable[[], object]:
        members = [{"id": f"member-{each}", "role": f"role-{each}"} for each in range(size // 10)]
        window = {"start": "2026-02-02", "end": "2026-03-27"}
        tasks = [
            {
                "id": f"task-{each}",
                "owner": f"member-{each % len(members)}",
                "load": "20 %",
                "planned": window,
                "actual": {"start": "2026-02-02"},
                "after": [f"task-{each - 1}"] if each else [],
            }
            for each in range(size)
        ]
        return _assessing(
            _agreement(
                team={"members": members},
                phases=[{"id": "core", "planned": window, "tasks": tasks}],
                kpis=[_kpi(each) for each in range(size)],
            )
        )

    assert growth(assessing, 30) < 1.2


def test_a_place_in_the_file_is_looked_up_once_whatever_the_number_of_warnings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Evidence of several warnings and facts from one place has the place from one search of the file."""
    kpis = "".join(
        f"  - {{id: kpi-{each}, unit: points, floor: 68, direction: up, baseline: {{value: 70, on: 2025-12-31}}, "
        f"target: {{value: 90, by: 2028-12-31}}, readings: [{{on: 2026-02-01, value: 60}}]}}\n"
        for each in range(5)
    )
    agreement = coopgov.parse_agreement(
        "coopgov: agreement/1\nid: harbour\ntitle: Harbour\ncurrency: CNY\n"
        "term: {start: 2026-01-05, end: 2028-12-31}\nparties: [{id: port}]\nkpis:\n" + kpis,
        "a.yaml",
    )
    asked: list[Sequence[int | str]] = []
    find = Document.find

    def counted(document: Document, path: Sequence[int | str], *, key: bool = False) -> Node:
        asked.append(path)
        return find(document, path, key=key)

    monkeypatch.setattr(Document, "find", counted)
    found = coopgov.assess(agreement, _RULES, as_of=AS_OF)
    places = [each.at for one in found.warnings for each in one.evidence if each.at]
    assert len(asked) == len(set(asked)) < len(places)
