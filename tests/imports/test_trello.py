"""Boards of Trello: moments in UTC, archived cards and lists, values of custom fields."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from importing import DAY, codes, read, task, tasks

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """
    from: trello
    phase: {id: core}
    fields:
      status: {from: List, values: {Backlog: not started, Doing: in progress, Shipped: done}}
      owner: {from: Members, values: {wang: pm}}
"""


def card(name: str, in_list: str = "l1", **more: Any) -> dict[str, Any]:
    """A card."""
    return {"id": name, "name": name, "idList": in_list, "closed": False, "due": None, **more}


def board(
    tmp_path: Path, *cards: dict[str, Any], mapping: str = MAPPING, as_of: date | None = DAY, **more: Any
) -> Any:
    """What is read of a board."""
    lists = [
        {"id": "l1", "name": "Backlog", "closed": False},
        {"id": "l2", "name": "Doing", "closed": False},
        {"id": "l3", "name": "Shipped", "closed": False},
        {"id": "l4", "name": "Old", "closed": True},
    ]
    members = [{"id": "m1", "username": "wang", "fullName": "Wang"}]
    data = {
        "cards": cards,
        "lists": lists,
        "members": members,
        "dateLastActivity": "2026-06-29T20:00:00.000Z",
        **more,
    }
    return read(tmp_path, json.dumps(data), mapping, as_of=as_of)


def test_a_moment_in_utc_is_a_day_in_the_zone_of_the_agreement(tmp_path: Path) -> None:
    """2026-06-30T16:00Z is 2026-07-01 in Shanghai; a mapping's own zone wins."""
    due = card("a", due="2026-06-30T16:00:00.000Z")
    assert task(board(tmp_path, due), "a").planned.end == date(2026, 7, 1)
    there = MAPPING + "    time_zone: America/New_York\n"
    assert task(board(tmp_path, due, mapping=there), "a").planned.end == date(2026, 6, 30)


def test_the_day_of_the_file_is_its_last_activity(tmp_path: Path) -> None:
    """In the zone of the agreement."""
    assert board(tmp_path, card("a"), as_of=None).on == date(2026, 6, 30)


def test_done_is_a_list_of_the_mapping_or_a_due_date_that_is_complete(tmp_path: Path) -> None:
    """Whatever list a card with a complete due date is in."""
    found = board(tmp_path, card("a"), card("b", "l3"), card("c", "l2", dueComplete=True), card("d", "l2"))
    assert [each.status[0].value for each in tasks(found).values()] == [
        "not started",
        "done",
        "done",
        "in progress",
    ]


def test_archived_cards_and_those_of_archived_lists_are_left_out_and_counted(tmp_path: Path) -> None:
    """`archived: cancelled` keeps them."""
    cards = [card("a"), card("b", closed=True), card("c", "l4")]
    found = board(tmp_path, *cards)
    assert list(tasks(found)) == ["a"]
    assert {"archived", "archived-list"} <= set(codes(found))
    kept = board(tmp_path, *cards, mapping=MAPPING + "    archived: cancelled\n")
    assert [each.status[0].value for each in tasks(kept).values()] == [
        "not started",
        "cancelled",
        "cancelled",
    ]


def test_custom_values_are_texts_and_options_have_ids(tmp_path: Path) -> None:
    """Numbers, days and options arrive as what people see."""
    customs = [
        {"id": "f1", "name": "Effort", "type": "number"},
        {"id": "f2", "name": "Area", "type": "list", "options": [{"id": "o1", "value": {"text": "North"}}]},
        {"id": "f3", "name": "Begin", "type": "date"},
    ]
    values = [
        {"idCustomField": "f1", "value": {"number": "3"}},
        {"idCustomField": "f2", "idValue": "o1", "value": None},
        {"idCustomField": "f3", "value": {"date": "2026-05-31T16:30:00.000Z"}},
    ]
    mapping = (
        MAPPING.replace("fields:\n", "fields:\n      planned_start: Begin\n")
        + "    custom: {effort: Effort, area: Area}\n"
    )
    found = board(tmp_path, card("a", customFieldItems=values), mapping=mapping, customFields=customs)
    one = task(found, "a")
    assert (dict(one.custom), one.planned.start) == ({"effort": "3", "area": "North"}, date(2026, 6, 1))


def test_moves_give_actual_days_as_far_as_the_actions_go(tmp_path: Path) -> None:
    """A board exports its last 1,000 actions only, which is reported."""
    moves = [
        {"date": "2026-05-04T18:00:00Z", "data": {"card": {"id": "a"}, "listAfter": {"name": "Doing"}}},
        {"date": "2026-05-10T01:00:00Z", "data": {"card": {"id": "a"}, "listAfter": {"name": "Shipped"}}},
    ]
    found = board(tmp_path, card("a", "l3"), actions=moves)
    actual = task(found, "a").actual
    assert actual is not None
    assert (actual.start, actual.end) == (date(2026, 5, 5), date(2026, 5, 10))
    assert "last-actions" in codes(board(tmp_path, card("a"), actions=[{}] * 1000))
    assert {each.what: each.count for each in found.lost} == {"actions": 2, "members.fullName": 1}


def test_members_are_owners(tmp_path: Path) -> None:
    """Unknown ones are reported."""
    found = board(tmp_path, card("a", idMembers=["m1"]), card("b", idMembers=["m2"]))
    assert (task(found, "a").owner, task(found, "b").owner) == ("pm", None)
    assert codes(found)["unknown-person"].endswith(": m2")


@pytest.mark.parametrize("by", ["List", "Labels"])
def test_phases_by_list_or_label(tmp_path: Path, by: str) -> None:
    """The name of a list, or of a label, is a phase of the mapping."""
    mapping = f"from: trello\nphase: {{by: {by}, values: {{Doing: core, L: core}}}}\n"
    assert list(tasks(board(tmp_path, card("a", "l2", labels=[{"name": "L"}]), mapping=mapping))) == ["a"]
