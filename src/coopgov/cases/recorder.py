"""Records what a day or an event does: the changes for the log, the notices, and the cases after them."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from coopgov.cases.case import Case
from coopgov.cases.change import CaseChange
from coopgov.cases.json_form import plain
from coopgov.cases.notice import Notice
from coopgov.cases.texts import writers
from coopgov.schema import FrozenMap, LocalText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.cases.cases import Cases
    from coopgov.cases.event import Event
    from coopgov.cases.observed import Observed
    from coopgov.cases.texts import Told, Writer

    Write = Callable[[Case, Told], LocalText]

__all__ = ["Recorder"]

_FIELDS = tuple(each.name for each in fields(Case))


class Recorder:
    """A day or an event in progress."""

    def __init__(
        self, cases: Cases, day: Observed, event: Event | None = None, write: Write | None = None
    ) -> None:
        """Begin to record; `write` gives the texts of notices, by default those of the day in every language."""
        self.before = cases
        self.day = day
        self.event = event
        self.text = write or self._text
        self.changed: dict[str, Case] = {}
        self.removed: list[str] = []
        self.changes: list[CaseChange] = []
        self.notices: list[Notice] = []

    def write(self, before: Case | None, after: Case, what: str) -> Case:
        """Record that a case changed, if it did, and return it with its new revision."""
        if after == before:
            return after
        revised = replace(after, revision=after.revision + 1)
        self._log(before, revised, what, _difference(before, revised))
        self.changed[revised.id] = revised
        return revised

    def remove(self, case: Case, what: str) -> None:
        """Record that a case is gone."""
        self.removed.append(case.id)
        self._log(case, None, what, FrozenMap())

    def _log(self, before: Case | None, after: Case | None, what: str, found: Mapping[str, Any]) -> None:
        case = after or before
        if case is None:  # pragma: no cover  # a change is always one of a case
            return
        event, self.event = self.event, None  # an event causes its first change, and is kept with it
        self.changes.append(
            CaseChange(
                on=self.day.on,
                case=case.id,
                what=what,
                was=None if before is None else before.state,
                is_=None if after is None else after.state,
                by=None if event is None else event.by,
                note=None if event is None else event.note,
                event=None if event is None else FrozenMap(event.to_dict()),
                revision=case.revision,
                fields=found,
            )
        )

    def get(self, id_: str) -> Case:
        """The case with an id, as it is now."""
        found = self.changed.get(id_) or self.before.get(id_)
        if found is None:  # pragma: no cover  # ids come from cases
            raise LookupError(id_)
        return found

    def now(self) -> tuple[Case, ...]:
        """All cases as they are now, in the order in which they began."""
        return self.before.having(self.changed.values(), self.removed).cases

    def note(self, what: str, **found: Any) -> None:
        """Record something about the cases as a whole."""
        self.changes.append(CaseChange(on=self.day.on, case="", what=what, fields=FrozenMap(plain(found))))

    def tell(self, case: Case, to: str, told: Told, step: int | None = None) -> None:
        """Give a notice of a case to a receiver."""
        notice = Notice(
            on=self.day.on,
            to=to,
            by=told.by,
            case=case.id,
            rule=case.rule,
            about=case.about,
            severity=case.severity,
            round=case.round,
            step=step,
            kind=told.kind,
            text=self.text(case, told),
            late_evidence=told.kind == "re-opened" and case.late,
            vacant_for=told.vacant_for,
        )
        self.notices.append(notice)

    def _text(self, case: Case, told: Told) -> LocalText:
        return LocalText(tuple((each.language, each.text(case, told)) for each in self._writers))

    @cached_property
    def _writers(self) -> tuple[Writer, ...]:
        return writers(self.day)

    def cases(self, **found: Any) -> Cases:
        """The cases after everything that was recorded."""
        return replace(self.before.having(self.changed.values(), self.removed), **found)


def _difference(before: Case | None, after: Case) -> Mapping[str, Any]:
    """The fields of a case that changed, as JSON; all of them for a new case."""
    return FrozenMap(
        {
            name.rstrip("_"): plain(getattr(after, name))
            for name in _FIELDS
            if before is None or getattr(before, name) != getattr(after, name)
        }
    )
