"""Reads a board of Trello, as its export in JSON has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.imports.dates import Days
from coopgov.imports.json_source import Object, json_of, settle, text_of
from coopgov.imports.table import Row, table_of
from coopgov.imports.tasks import zone_for
from coopgov.imports.values import status_of
from coopgov.locales import phrase
from coopgov.schema import shown

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


def trello_day(board: Object, mapping: ImportMapping, agreement: Agreement) -> date | None:
    """The day of a board's last activity."""
    return Days((), zone_for(mapping, agreement), ()).read(board.text("dateLastActivity"))


def trello_table(
    source: Input, mapping: ImportMapping, agreement: Agreement, log: Log
) -> tuple[Table, Object]:
    """The cards of a board as a table, and the board."""
    board = json_of(source, "cards")
    if (count := len(board.array("actions"))) >= _MOST_ACTIONS:
        log.tell("last-actions", count=count)
    run = _Run(source.name, board, mapping, agreement, log)
    things = []
    for at, each in enumerate(board.array("cards")):
        if not isinstance(each, Object):
            expected = phrase("imports.rows.object")
            log.reject(f"{source.name}: cards[{at}]", "wrong-type", shown(each), expected)
        elif thing := run.thing(f"{source.name}: cards[{at}]", each):
            things.append(thing)
    for key, what in (("checklists", "imports.lost.checklists"), ("actions", "imports.lost.actions")):
        if count := len(board.array(key)):
            log.lose(phrase(what), f"{source.name}: {key}", count)
            settle(board.array(key))
    known = _COLUMNS | {each.text("name") for each in run.customs.values()}
    return table_of(source.name, things, known=known), board


class _Run:
    def __init__(
        self, file: str, board: Object, mapping: ImportMapping, agreement: Agreement, log: Log
    ) -> None:
        self.file, self.mapping, self.log = file, mapping, log
        self.lists = {
            each.text("id"): (each.text("name"), each.get("closed") is True)
            for each in board.objects("lists")
        }
        self.members = {
            each.text("id"): each.text("username") or each.text("fullName")
            for each in board.objects("members")
        }
        self.customs = {each.text("id"): each for each in board.objects("customFields")}
        self.days = Days((), zone_for(mapping, agreement), ())
        entry = mapping.fields.get("status")
        self.meant = dict(entry.values) if entry else {}
        self.moves: dict[str, list[tuple[str, str]]] = {}
        for each in board.objects("actions"):
            data = each.inner("data")
            to = data.inner("listAfter").text("name")
            if to:
                self.moves.setdefault(data.inner("card").text("id"), []).append((each.text("date"), to))

    def thing(self, place: str, card: Object) -> tuple[Row, list[tuple[str, str]]] | None:
        """A card as a row; None for an archived one that is left out."""
        list_name, list_closed = self.lists.get(card.text("idList"), ("", False))
        closed = card.get("closed") is True
        archived = list_closed or closed
        if archived and self.mapping.archived == "leave out":
            self.log.leave_out("archived" if closed else "archived-list", card.text("name"), place)
            card.settled = True
            return None
        values = [
            ("Card ID", card.text("id")),
            ("Card number", card.text("idShort")),
            ("Card name", card.text("name")),
            ("Description", card.text("desc")),
            ("List", list_name),
            ("Start date", card.text("start")),
            ("Due date", card.text("due")),
        ]
        values += [("Labels", each.text("name")) for each in card.objects("labels")]
        values += [("Members", self._member(text_of(each))) for each in card.array("idMembers")]
        values += [self._custom(each) for each in card.objects("customFieldItems")]
        status = "cancelled" if archived else "done" if card.get("dueComplete") is True else ""
        given: dict[str, Any] = {}
        if not archived:
            given = self._actual(card, list_name)
        groups = {"list": ((list_name,),) if list_name else ()}
        row = Row(place, (), given, status, decided=bool(status), groups=groups)
        return row, [(name, text) for name, text in values if text and name]

    def _actual(self, card: Object, list_name: str) -> dict[str, Any]:
        """The day on which a card came into the list that means done, where the actions still know it."""
        moves = sorted(self.moves.get(card.text("id"), []))
        started = next((day for day, to in moves if self._means(to) == "in progress"), "")
        actual = {}
        if begun := self.days.read(started):
            actual["start"] = begun
        if moves and moves[-1][1] == list_name and self._means(list_name) == "done":
            if ended := self.days.read(moves[-1][0]):
                actual["end"] = ended
        elif card.get("dueComplete") is True and (ended := self.days.read(card.text("dateCompleted"))):
            actual["end"] = ended
        return {"actual": actual} if actual else {}

    def _means(self, name: str) -> str:
        said = self.meant.get(name, "")
        return status_of(said) if said else ""

    def _member(self, key: str) -> str:
        return self.members.get(key) or key

    def _custom(self, item: Object) -> tuple[str, str]:
        """The name and the text of a custom field: typed values are texts, and options have ids."""
        key = item.text("idCustomField")
        definition = self.customs.get(key, Object())
        name = definition.text("name") or key
        for sort in item.inner("value"):
            return name, item.inner("value").text(sort)
        for each in definition.objects("options"):
            if each.text("id") == item.text("idValue"):
                return name, each.inner("value").text("text")
        return name, item.text("idValue")
