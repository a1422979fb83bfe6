"""Finds the phase of each row: one for all, or by the values of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.faults import did_you_mean
from coopgov.imports.table import mapping_fault
from coopgov.locales import listed, phrase, verbatim
from coopgov.schema import problem, quoted

if TYPE_CHECKING:
    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.table import Row, Table
    from coopgov.locales import Phrase
    from coopgov.model import Agreement
    from coopgov.schema.problems import Path

__all__ = ["Phases"]

_NAMES = {
    "component": ("Component", "Components", "Component/s"),
    "fix version": ("Fix version", "Fix versions", "Fix Version/s"),
    "sprint": ("Sprint",),
    "list": ("List",),
    "epic": ("Epic Link", "Custom field (Epic Link)", "Parent key", "Parent", "Parent summary"),
}
_MOST = 12


class Phases:
    """The phases of an agreement, as a mapping finds them."""

    def __init__(self, mapping: ImportMapping, agreement: Agreement, table: Table) -> None:
        assert mapping.phase is not None
        self.phase, self.table = mapping.phase, table
        self.known = {each.id: each.id for each in agreement.phases}
        titled = {said: each.id for each in agreement.phases if each.name for _, said in each.name.entries}
        self.titles = {**titled, **self.known}
        ids = list(self.known)
        wrong: list[tuple[Path, str]] = [(("phase", "id"), self.phase.id)] if self.phase.id else []
        wrong += [(("phase", "values", key), each) for key, each in self.phase.values.items()]
        for path, each in wrong:
            if each not in self.known:
                expected = phrase("imports.rows.one-of-phases", names=listed(ids[:_MOST]))
                hint = did_you_mean(each, ids)
                raise mapping_fault(mapping, path, "unknown-phase", quoted(each), expected, hint)
        by = self.phase.by or ""
        self.by = by.casefold()
        self.names = _NAMES.get(self.by, (by,))
        has_groups = any(self.by in row.groups for row in table.rows)
        if by and table.rows and not has_groups and not any(map(table.knows, self.names)):
            raise table.unknown([by], mapping, ("phase", "by"))

    def of(self, row: Row) -> str:
        """The phase of a row.

        Raises:
            PydanticCustomError: it names none, several, or an unknown one.
        """
        if self.phase.id:
            return self.phase.id
        values = row.groups.get(self.by)
        if values is None:
            values = tuple((text,) for name in self.names for text in self.table.values(row, name))
        if not values:
            raise problem("no-phase", phrase("imports.rows.without", by=self.phase.by), self._expected())
        known = self.phase.values or self.titles
        found = [next((known[each] for each in names if each in known), "") for names in values]
        if self.by == "sprint":
            found = found[-1:]
        hits = list(dict.fromkeys(each for each in found if each))
        if len(hits) == 1:
            return hits[0]
        said = listed(dict.fromkeys(names[0] for names in values))
        if not hits:
            raise problem("unknown-phase", quoted(said), self._expected())
        raise problem("several-phases", quoted(said), phrase("imports.rows.one-phase"))

    def _expected(self) -> Phrase:
        names = list(self.phase.values or self.known)
        shown = listed([*names[:_MOST], *(["…"] if len(names) > _MOST else [])])
        return phrase("imports.rows.one-of-phases", names=shown or verbatim("-"))
