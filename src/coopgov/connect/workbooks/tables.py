"""The sheets of a workbook and their columns: which values of an agreement are in which column, in which form."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ESCAPE", "MORE", "TABLES", "Column", "Table"]

MORE = "more"
"""The last column of each sheet, for keys that have no column of their own."""
ESCAPE = "yaml:"
"""What a cell begins with whose value has no plainer form; YAML follows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, such as `planned.start`, and the form of its values.

    Forms: `text` (in several languages), `word` (an id or another scalar), `owner`, `choice`, `day`, `number`, `money`,
    `share`, `span` (a length of time), `words`, `days` and `links` (several in a cell), `lines` and `periods` (one in
    each line of a cell), `map` and `days-by-party` (a column for each key), `other` (YAML). A column of dated
    values has `bare`, the key of the value in an entry: the day of a single entry is in a column beside it, several are
    lines with their days. `choices` is the table of the words that are shown for fixed values.
    """

    key: str
    form: str
    choices: str = ""
    bare: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The keys that lead to the value."""
        return tuple(self.key.split("."))


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, and its columns; `wide` is false for the sheet with one value below the other."""

    name: str
    columns: tuple[Column, ...]
    parents: tuple[str, ...] = ()
    wide: bool = True

    def column(self, key: str) -> Column | None:
        """The column of a key."""
        return next((each for each in self.columns if each.key == key), None)


_FORMS = {
    "t": "text",
    "w": "word",
    "o": "owner",
    "d": "day",
    "n": "number",
    "m": "money",
    "%": "share",
    "sp": "span",
    "ws": "words",
    "ds": "days",
    "ls": "links",
    "l": "lines",
    "ps": "periods",
    "map": "map",
    "dp": "days-by-party",
    "y": "other",
}


def _column(written: str) -> Column:
    key, _, form = written.partition(":")
    form, _, bare = form.partition("@")
    form, _, choices = form.partition("=")
    return Column(key, "choice" if choices and form == "c" else _FORMS[form], choices, bare)


def _table(name: str, columns: str, parents: str = "", *, wide: bool = True) -> Table:
    listed = [*columns.split(), f"{MORE}:y"]
    return Table(name, tuple(map(_column, listed)), tuple(parents.split()), wide)


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            _table(
                "agreement",
                "id:w title:t vision:t currency:w term.start:d term.end:d time_zone:w team.leadership:c=leadership "
                "team.key_roles:ws=roles calendar.country:w calendar.subdivision:w calendar.weekend:ws=weekdays "
                "calendar.holidays:ds calendar.working:ds custom:map",
                wide=False,
            ),
            _table("parties", "id:w name:t source:t"),
            _table(
                "members",
                "id:w name:t party:w role:w=roles deputy:w load:% absent:ps source:t custom:map",
            ),
            _table("bodies", "id:w name:t members:ws chair:w every:sp held:ds duty:t source:t"),
            _table("meetings", "id:w name:t every:sp length:sp body:w held:ds agenda:t source:t"),
            _table(
                "decisions",
                "meeting:w on:d id:w what:t owner:o due:d done:d source:t",
                "meeting on",
            ),
            _table(
                "goals",
                "id:w statement:t owner:o due:d kpis:ws agreed_by:dp achievable:t relevant:t source:t custom:map",
            ),
            _table(
                "kpis",
                "id:w name:t category:w=categories unit:w direction:c=directions baseline.value:n baseline.on:d "
                "target.value:n target.by:d floor:n every:sp scale.from:n scale.to:n source:t owner:o custom:map",
            ),
            _table("readings", "kpi:w on:d value:n source:t note:t", "kpi"),
            _table(
                "phases",
                "id:w name:t owner:o planned.start:d planned.end:d actual.start:d actual.end:d forecast:d@end "
                "progress:%@is budget:m@amount buffer:sp original.start:d original.end:d original.budget:m source:t "
                "custom:map",
            ),
            _table(
                "milestones",
                "phase:w id:w name:t due:d met:d status:c=milestone-statuses@is owner:o source:t custom:map",
                "phase",
            ),
            _table(
                "deliverables",
                "phase:w id:w name:t due:d delivered:d accepted:d owner:o source:t custom:map",
                "phase",
            ),
            _table(
                "tasks",
                "phase:w id:w name:t owner:o planned.start:d planned.end:d actual.start:d actual.end:d "
                "status:c=task-statuses@is progress:%@is forecast:d@end after:ls load:% deadline:d budget:m@amount "
                "original.start:d original.end:d source:t custom:map",
                "phase",
            ),
            _table("spending", "phase:w task:w on:d amount:m note:t id:w", "phase task"),
            _table(
                "risks",
                "id:w title:t category:w probability:%@is impact:n@is owner:o status:c=risk-statuses@is review_by:d "
                "on:d signs:l causes:ws=causes source:t custom:map",
            ),
            _table("responses", "risk:w id:w title:t owner:o body:w every:sp held:ds source:t", "risk"),
            _table("plans", "id:w title:t answers:ws strains:ws=strains owner:o within:sp source:t"),
            _table("reports", "id:w name:t period.start:d period.end:d due:d signed_by:dp source:t"),
            _table("waivers", "rule:w about:w until:d reason:t by:t"),
        )
    }
)
"""The sheets of a workbook, in their order."""
