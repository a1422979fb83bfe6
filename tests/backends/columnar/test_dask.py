"""Frames of Dask: which faults are reported at once, which when computing, and how items are joined to subjects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from backends.columnar.engines import frame_of, needs, rows_of
from backends.columnar.made_up import rules_of
from coopgov.language.types import Type

needs("dask", "pandas", "pyarrow")
from coopgov import portfolio  # noqa: E402  # what is tested needs narwhals

if TYPE_CHECKING:
    from backends.columnar.made_up import Columns

Checks = dict[str, tuple[str, ...]]
SITE: dict[str, Type | str] = {
    "late": Type("quantity", "day"),
    "state": Type("text", choices=("open", "shut")),
    "tasks": Type("collection", item="task"),
}
TASK: dict[str, Type | str] = {"load": Type("number")}
LATE: Checks = {"late": ("late", "above 2 days")}
COUNTED: Checks = {"many": ("count(tasks where load above 1)", "at least 2")}


def checked(frame: Any, checks: Checks, **options: Any) -> portfolio.Violations:
    """The violations of rules about a site."""
    rules = rules_of({"site": SITE, "task": TASK}, checks)
    return portfolio.check(frame, rules, "site", as_of=date(2026, 6, 30), **options)


def sites(**columns: tuple[str, list[Any]]) -> Any:
    """A frame of sites with ids, in two partitions."""
    return frame_of("dask", {"id": ("text", ["a", "b", "c"]), **columns})


def test_what_is_wrong_with_names_types_and_rules_is_reported_at_once() -> None:
    """Before anything is computed, as for any frame."""
    with pytest.raises(coopgov.FactError, match="fact late: found String, expected a column of numbers"):
        checked(sites(late=("text", ["1", "2", "3"])), LATE)
    with pytest.raises(coopgov.UnknownNameError, match='there is no column "number"'):
        checked(sites(late=("number", [1.0, 2.0, 3.0])), LATE, key="number")
    with pytest.raises(coopgov.errors.BackendError, match="it needs the frame of its `tasks`") as error:
        checked(sites(), COUNTED)
    assert error.value.rule == "many"


def test_frames_that_do_not_go_together() -> None:
    """Items must be in a frame of Dask, and their key of the type of that of the subjects: equal keys must meet."""
    tasks: Columns = {"of": ("text", ["a"]), "load": ("number", [2.0])}
    children = {"tasks": portfolio.Children(frame_of("pandas", tasks), "of")}
    with pytest.raises(coopgov.errors.BackendError, match="is a DataFrame, expected one of Dask"):
        checked(sites(), COUNTED, children=children)
    children = {"tasks": portfolio.Children(frame_of("dask", {**tasks, "of": ("whole", [1])}), "of")}
    with pytest.raises(
        coopgov.errors.BackendError, match="the key `of` of `tasks` is Int64, expected string as `id`"
    ):
        checked(sites(), COUNTED, children=children)


@pytest.mark.parametrize("kind", ["text", "whole", "decimal", "date"])
def test_items_meet_their_subjects_whatever_partition_they_begin_in(kind: str) -> None:
    """With keys of each type, in more partitions than there are subjects."""
    number, keys = 40, range(1, 41)
    ids = [_key(kind, each) for each in keys]
    own = {"id": (kind, ids), "late": ("number", [0.0] * number)}
    items = {
        "of": (kind, [*ids[::-1], *ids[::2], None]),
        "load": ("number", [2.0] * (number + number // 2 + 1)),
    }
    frame, tasks = frame_of("dask", own), frame_of("dask", items).repartition(npartitions=5)
    found = checked(frame, COUNTED, children={"tasks": portfolio.Children(tasks, "of")})
    assert sorted(row["id"] for row in rows_of(found.hits)) == ids[::2]
    assert {row["value"] for row in rows_of(found.hits)} == {2.0}


def _key(kind: str, number: int) -> Any:
    """A key of a type; keys of greater numbers come later."""
    if kind == "date":
        return date.fromordinal(739000 + number)
    if kind == "decimal":
        return Decimal(number).scaleb(-3)
    return f"{number:03}" if kind == "text" else number


def test_faults_in_rows_are_reported_when_they_are_computed() -> None:
    """A text that an enumeration does not know; two rows of one subject with a collection, wherever they were."""
    found = checked(sites(state=("text", ["open", "opne", "shut"])), {"r": ('state is "open"',)})
    with pytest.raises(coopgov.FactError, match="fact state: found 'opne', expected one of open, shut"):
        found.hits.compute()
    tasks = frame_of("dask", {"of": ("text", ["a"]), "load": ("number", [2.0])})
    twice = frame_of("dask", {"id": ("text", ["a", "b", "a"])})
    found = checked(twice, COUNTED, children={"tasks": portfolio.Children(tasks, "of")})
    with pytest.raises(coopgov.FactError, match="fact id: found 'a', expected one row for each subject"):
        found.hits.compute()


def test_results_keep_the_types_that_were_announced() -> None:
    """Also for a partition without rows; the rows are renumbered, so the Dask frame has no divisions."""
    found = checked(sites(late=("number", [3.0, None, 1.0])), LATE)
    for frame in (found.hits, found.undetermined):
        computed = frame.compute()
        assert dict(computed.dtypes) == dict(frame.dtypes)
        assert frame.known_divisions is False
    assert rows_of(found.hits) == [
        {"id": "a", "rule": "late", "severity": "minor", "value": 3.0, "threshold": 2.0, "past": False}
    ]
    assert rows_of(found.undetermined) == [
        {"id": "b", "rule": "late", "missing": "late", "because": "absent data"}
    ]
