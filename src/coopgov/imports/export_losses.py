"""What an export leaves out: every key of an agreement that its format does not write, with places and counts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from coopgov.arguments import a_day, an_instance, checked, one_of
from coopgov.imports.result import Log
from coopgov.locales import phrase
from coopgov.model import Agreement, plain_agreement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.imports.result import Lost

__all__ = ["export_losses"]

_WINDOW = ("start", "end")
_WRITTEN: Mapping[str, frozenset[str]] = {
    "mspdi": frozenset(
        (
            "coopgov",
            "strict",
            "id",
            "title",
            "currency",
            *(f"term.{each}" for each in _WINDOW),
            "calendar.weekend",
            "calendar.holidays",
            "calendar.working",
            "phases.id",
            "phases.name",
            *(f"phases.planned.{each}" for each in _WINDOW),
            *(f"phases.milestones.{each}" for each in ("id", "name", "due", "met")),
            *(
                f"phases.tasks.{each}"
                for each in ("id", "name", "owner", "after", "constraint", "deadline", "progress")
            ),
            *(
                f"phases.tasks.{window}.{each}"
                for window in ("planned", "actual", "original")
                for each in _WINDOW
            ),
            *(f"phases.tasks.baselines.{each}" for each in ("id", *_WINDOW, "budget")),
            "phases.tasks.custom.resources",
        )
    ),
    "csv": frozenset(
        (
            "coopgov",
            "strict",
            "phases.id",
            *(f"phases.tasks.{each}" for each in ("id", "name", "owner", "deadline", "status", "progress")),
            *(f"phases.tasks.{window}.{each}" for window in ("planned", "actual") for each in _WINDOW),
            "phases.tasks.forecast",
            "phases.tasks.after.task",
        )
    ),
}
"""The keys that each format writes. All others are left out, those included that an agreement does not have yet."""
_NEWEST = {"phases.tasks.status", "phases.tasks.progress", "phases.tasks.forecast"}
"""Dated lists of which the newest entry is written."""
_WHOLE_PERCENT: Mapping[str, frozenset[str]] = {
    "mspdi": frozenset(("phases.tasks.progress",)),
    "csv": frozenset(),
}
_UIDS = {"phases.id", "phases.milestones.id", "phases.tasks.id"}
_MOST_BASELINES = 11


@checked(
    agreement=an_instance(Agreement, "errors.expected.agreement", "errors.hints.agreement"),
    to=one_of(("mspdi", "csv")),
    as_of=a_day,
)
def export_losses(agreement: Agreement, *, to: Literal["mspdi", "csv"], as_of: date) -> tuple[Lost, ...]:
    """List what `mspdi_text` or `tasks_csv` leaves out of an agreement, because the format has no place for it.

    Args:
        agreement: the agreement.
        to: the format: `mspdi` or `csv`.
        as_of: the day of the export; of a list of dated values, it has the newest one up to then.

    >>> from datetime import date
    >>> from coopgov import export_losses, load_agreement
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> lost = export_losses(pilot, to="mspdi", as_of=date(2026, 6, 30))
    >>> [(each.what, each.count) for each in lost if each.what == "phases.budget"]
    [('phases.budget', 3)]
    """
    log = Log()
    _Walk(to, as_of, log).walk(plain_agreement(agreement), "", "")
    return log.lost()


class _Walk:
    def __init__(self, to: str, as_of: date, log: Log) -> None:
        self.to, self.as_of, self.log = to, as_of, log
        self.written = _WRITTEN[to]
        self.inside = {name.rpartition(".")[0] for name in self.written} | {"phases.tasks", "phases"}

    def walk(self, thing: dict[str, Any], path: str, place: str) -> None:
        """Count the keys of a thing that are not written, and go on in those that are written in part."""
        for key, value in thing.items():
            name = f"{path}.{key}" if path else key
            if name in self.written:
                self._partly(name, key, value, thing, path, place)
            elif name in self.inside and not (name == "phases.tasks.custom" and "owner" in thing):
                for at, below in enumerate(value if isinstance(value, list) else [value]):
                    if name == "phases.tasks.baselines" and at >= _MOST_BASELINES - ("original" in thing):
                        self.log.lose_key(path, key, place)
                    elif isinstance(below, dict):
                        self.walk(below, name, _under(place, below, key))
            else:
                for _ in range(len(value) if isinstance(value, list) else 1):
                    self.log.lose_key(path, key, place or key)

    def _partly(self, name: str, key: str, value: Any, thing: dict[str, Any], path: str, place: str) -> None:
        """Count what is lost of a key that is written: older entries, other languages, ids, fractions."""
        if name in _NEWEST:
            entries = value if isinstance(value, list) else [value]
            known = [each for each in entries if _day(each) <= self.as_of.isoformat()]
            for _ in range(len(entries) - bool(known)):
                self.log.lose(phrase("imports.lost.other-entries", name=name), place)
            if name in _WHOLE_PERCENT[self.to] and known and _percent(max(known, key=_day)) % 1:
                self.log.lose(phrase("imports.lost.fractions"), place)
        elif key in {"name", "title"} and isinstance(value, dict):
            for _ in range(len(value) - 1):
                self.log.lose(phrase("imports.lost.languages"), place or key)
        elif self.to == "mspdi" and _is_renamed(name, thing):
            self.log.lose_key(path, key, place)


def _is_renamed(name: str, thing: dict[str, Any]) -> bool:
    """Whether an id becomes another: a UID, or the number of a baseline; without a name, the id is the name."""
    own = {**dict.fromkeys(_UIDS, "u[1-9][0-9]{0,8}"), "phases.tasks.baselines.id": "b([0-9]|10)"}.get(name)
    named = "name" in thing or name not in _UIDS
    return own is not None and named and not re.fullmatch(own, thing["id"])


def _under(place: str, thing: dict[str, Any], key: str) -> str:
    """The place of a thing: the ids on the way to it."""
    name = str(thing.get("id", key))
    return f"{place}/{name}" if place else name


def _day(entry: Any) -> str:
    return str(entry.get("on") or "") if isinstance(entry, dict) else ""


def _percent(entry: Any) -> Decimal:
    """The percentage of an entry of progress."""
    share = entry.get("is", entry) if isinstance(entry, dict) else entry
    return Decimal(str(share).removesuffix("%").strip()) * (1 if "%" in str(share) else 100)
