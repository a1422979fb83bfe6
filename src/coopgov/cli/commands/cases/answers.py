"""`coopgov cases ack`, `assign`, `agree` and so on: one command for each thing that people say about a case."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.cases.event_keys import EVENT_KEYS
from coopgov.cli.arguments import add_output, day
from coopgov.cli.case_store import add_inputs, add_store, cases_of, inputs_of, names_of, now, opened
from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from coopgov.cases.event_keys import EventKeys
    from coopgov.cases.words import EventName
    from coopgov.cli.parser import Parser

__all__ = ["ANSWERS", "Answer"]

_SHARED = ("by",)
"""The fields that every command asks for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The command for an event; each of its keys is an option."""

    event: EventName
    keys: EventKeys

    @property
    def fields(self) -> Mapping[str, bool]:
        """The fields that only some events have, and whether this one needs them."""
        needed, possible = self.keys
        return {
            name: name in needed
            for name in (*needed, *(each for each in possible if each not in needed))
            if name not in _SHARED
        }

    def add_arguments(self, command: Parser) -> None:
        """Add the arguments."""
        command.add_argument("case", metavar="CASE", help="cases.case")
        command.add_argument("--by", required=True, metavar="WHO", help="cases.by")
        for name, needed in self.fields.items():
            _add_field(command, name, needed=needed)
        command.add_argument("--note", metavar="TEXT", help="cases.fields.note")
        command.add_argument("--on", type=command.reader(day), metavar="DATE", help="cases.on")
        add_store(command)
        add_inputs(command)
        add_output(command)
        command.set_defaults(run=self.run)

    def run(self, options: Namespace) -> int:
        """Record the event, and say what follows."""
        from coopgov.cases.answer import answer
        from coopgov.cases.event import Event

        with opened(options) as store:
            cases = cases_of(store)
            agreement, rules = inputs_of(options, store)
            values = {_field(name): getattr(options, _field(name)) for name in self.fields}
            said: dict[str, Any] = {
                "case": options.case,
                "event": self.event,
                "by": options.by,
                "note": options.note,
            }
            event = Event(on=options.on or cases.last or cases.first, **said, **values)
            step = store.update(
                lambda known: answer(known or cases, event, agreement=agreement, rules=rules), at=now()
            )
            changed = step.cases.find(step.changes[0].case if step.changes else options.case)
            if options.format == "json":
                notices = [notice.to_dict() for notice in step.notices]
                write(json_text({"case": changed.to_dict(), "notices": notices}, options.lang))
            else:
                from coopgov.cli.case_text import answered_text
                from coopgov.cli.text import Terminal

                terminal = Terminal.of(sys.stdout, options.lang, options.color)
                write(answered_text(terminal, names_of(options, store, event.on), changed, step.notices))
        return 0


def _field(name: str) -> str:
    """The attribute of an option; one has the name of a word of Python."""
    return "is_" if name == "is" else name


def _add_field(command: Parser, name: str, *, needed: bool) -> None:
    option, dest, about = f"--{name}", _field(name), f"cases.fields.{name}"
    if name == "force":
        command.add_argument(option, dest=dest, action="store_true", help=about)
    elif name in ("until", "due"):
        read = command.reader(day)
        command.add_argument(option, dest=dest, type=read, required=needed, metavar="DATE", help=about)
    else:
        command.add_argument(option, dest=dest, required=needed, metavar=_METAVARS[name], help=about)


_METAVARS = {
    "to": "WHO",
    "is": "WORD",
    "action": "ACTION",
    "owner": "WHO",
    "evidence": "TEXT",
    "reason": "TEXT",
    "outcome": "OUTCOME",
    "about": "SUBJECT",
}
ANSWERS: Mapping[str, Answer] = {
    "ack" if event == "acknowledge" else event: Answer(event, keys) for event, keys in EVENT_KEYS.items()
}
"""The commands, by their names."""
