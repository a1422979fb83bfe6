"""Reads a board of Trello, as its export in JSON has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.imports.dates import Days
from coopgov.imports.json_source import fields, items, json_of, text_of
from coopgov.imports.table import Row, table_of
from coopgov.imports.tasks import zone_for
from coopgov.imports.values import status_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from datetime import date

    from coopgov.imports.bytes_of import Input
    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.result import Log
    from coopgov.imports.table import Table
    from coopgov.model import Agreement

__all__ = ["trello_day", "trello_table"]

_MOST_ACTIONS = 1000
_COLUMNS = frozenset(
    (
        "Card ID",
        "Card number",
        "Card name",
        "Description",
        "List",
        "Start date",
        "Due date",
        "Labels",
        "Members",
    )
)
"""The columns that a board always has; further ones have the names of its custom fields."""


def trello_day(board: dict[str, Any], mapping: ImportMapping, agreement: Agreement) -> date | None:
    """The day of a board's last activity."""
    return Days((), zone_for(mapping, agreement), ()).read(text_of(board.get("dateLastActivity")))


def trello_table(
    source: Input, mapping: ImportMapping, agreement: Agreement, log: Log
) -> tuple[Table, dict[str, Any]]:
    """The cards of a board as a table, and the board."""
    board = json_of(source, "cards")
    if len(items(board.get("actions"))) >= _MOST_ACTIONS:
        log.tell("last-actions", count=len(items(board.get("actions"))))
    run = _Run(source.name, board, mapping, agreement, log)
    things = []
    for at, each in enumerate(items(board["cards"])):
        thing = run.thing(f"{source.name}: cards[{at}]", fields(each))
        if thing:
            things.append(thing)
    for key, what in (("checklists", "imports.lost.checklists"), ("actions", "imports.lost.actions")):
        if count := len(items(board.get(key))):
            log.lose(phrase(what), f"{source.name}: {key}", count)
    known = _COLUMNS | {text_of(each.get("name")) for each in run.customs.values()}
    return table_of(source.name, things, known=known), board


class _Run:
    def __init__(
        self, file: str, board: dict[str, Any], mapping: ImportMapping, agreement: Agreement, log: Log
    ) -> None:
        self.file, self.mapping, self.log = file, mapping, log
        self.lists = {text_of(fields(each).get("id")): fields(each) for each in items(board.get("lists"))}
        self.members = {text_of(fields(each).get("id")): fields(each) for each in items(board.get("members"))}
        self.customs = {
            text_of(fields(each).get("id")): fields(each) for each in items(board.get("customFields"))
        }
        self.days = Days((), zone_for(mapping, agreement), ())
        entry = mapping.fields.get("status")
        self.meant = dict(entry.values) if entry else {}
        self.moves: dict[str, list[tuple[str, str]]] = {}
        for each in items(board.get("actions")):
            data = fields(fields(each).get("data"))
            to = text_of(fields(data.get("listAfter")).get("name"))
            if to:
                card = text_of(fields(data.get("card")).get("id"))
                self.moves.setdefault(card, []).append((text_of(fields(each).get("date")), to))

    def thing(self, place: str, card: dict[str, Any]) -> tuple[Row, list[tuple[str, str]]] | None:
        """A card as a row; None for an archived one that is left out."""
        in_list = self.lists.get(text_of(card.get("idList")), {})
        archived = card.get("closed") is True or in_list.get("closed") is True
        if archived and self.mapping.archived == "leave out":
            self.log.tell(
                "archived" if card.get("closed") is True else "archived-list", text_of(card.get("name"))
            )
            return None
        list_name = text_of(in_list.get("name"))
        values = [
            ("Card ID", text_of(card.get("id"))),
            ("Card number", text_of(card.get("idShort"))),
            ("Card name", text_of(card.get("name"))),
            ("Description", text_of(card.get("desc"))),
            ("List", list_name),
            ("Start date", text_of(card.get("start"))),
            ("Due date", text_of(card.get("due"))),
        ]
        values += [("Labels", text_of(fields(each).get("name"))) for each in items(card.get("labels"))]
        values += [("Members", self._member(text_of(each))) for each in items(card.get("idMembers"))]
        values += [self._custom(fields(each)) for each in items(card.get("customFieldItems"))]
        status = "cancelled" if archived else "done" if card.get("dueComplete") is True else ""
        given: dict[str, Any] = {}
        if not archived:
            given = self._actual(card, list_name)
        groups = {"list": ((list_name,),) if list_name else ()}
        row = Row(place, (), given, status, decided=bool(status), groups=groups)
        return row, [(name, text) for name, text in values if text and name]

    def _actual(self, card: dict[str, Any], list_name: str) -> dict[str, Any]:
        """The day on which a card came into the list that means done, where the actions still know it."""
        moves = sorted(self.moves.get(text_of(card.get("id")), []))
        started = next((day for day, to in moves if self._means(to) == "in progress"), "")
        actual = {}
        if begun := self.days.read(started):
            actual["start"] = begun
        if moves and moves[-1][1] == list_name and self._means(list_name) == "done":
            if ended := self.days.read(moves[-1][0]):
                actual["end"] = ended
        elif card.get("dueComplete") is True and (
            ended := self.days.read(text_of(card.get("dateCompleted")))
        ):
            actual["end"] = ended
        return {"actual": actual} if actual else {}

    def _means(self, name: str) -> str:
        said = self.meant.get(name, "")
        return status_of(said) if said else ""

    def _member(self, key: str) -> str:
        member = self.members.get(key, {})
        return text_of(member.get("username")) or text_of(member.get("fullName")) or key

    def _custom(self, item: dict[str, Any]) -> tuple[str, str]:
        """The name and the text of a custom field: typed values are texts, and options have ids."""
        definition = self.customs.get(text_of(item.get("idCustomField")), {})
        name = text_of(definition.get("name")) or text_of(item.get("idCustomField"))
        if value := fields(item.get("value")):
            return name, next((text_of(each) for each in value.values()), "")
        for each in items(definition.get("options")):
            if text_of(fields(each).get("id")) == text_of(item.get("idValue")):
                return name, text_of(fields(fields(each).get("value")).get("text"))
        return name, text_of(item.get("idValue"))
