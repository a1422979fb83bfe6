"""Rules as rows of severity and condition, for engines that know no ladders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workload import Joint, Leaf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workload import Condition, Rule

    Row = tuple[str, str, Condition]

__all__ = ["leaf_of", "rows_of"]


def rows_of(rules: list[Rule]) -> Iterator[Row]:
    """Conditions of which one at most holds for each rule: no value of the workload lies on a limit."""
    for rule in rules:
        worse: list[Leaf] = []
        for severity, condition in rule.steps:
            if isinstance(condition, Leaf):
                opposite = [Leaf(one.metric, _OPPOSITE[one.word], one.limit) for one in worse]
                worse.append(condition)
                condition = Joint("and", (condition, *opposite)) if opposite else condition  # noqa: PLW2901
            yield rule.id, severity, condition


_OPPOSITE = {"above": "below", "below": "above"}


def leaf_of(row: Row, rule: Rule) -> Leaf | None:
    """The comparison whose value and limit a hit shows."""
    found = next(condition for severity, condition in rule.steps if severity == row[1])
    return found if isinstance(found, Leaf) else None
