"""All cases of one agreement, as of the last day seen. A frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coopgov.case_errors import UnknownCaseError
from coopgov.cases.case import Case
from coopgov.cases.json_form import read_into, several, the_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

__all__ = ["Cases"]


@dataclass(frozen=True, slots=True, repr=False)
class Cases:
    """The cases of an agreement, open and closed, in the order in which they began.

    `first` is the first day, and `last` the last day seen; None before the first. `rules` is the digest of the rules of
    the last day seen.

    >>> from datetime import date
    >>> cases = Cases.begin("harbour-data", date(2026, 10, 1))
    >>> cases, len(cases)
    (<Cases of harbour-data from 2026-10-01: no day seen, 0 open>, 0)
    """

    agreement: str
    first: date
    last: date | None = None
    rules: str = ""
    cases: tuple[Case, ...] = ()
    _by_id: dict[str, Case] = field(init=False, compare=False)
    _by_name: dict[tuple[str, str], Case] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[tuple[str, str], Case] = {}
        for case in self.cases:
            key = case.rule, case.about
            if key not in by_name or not by_name[key].open:
                by_name[key] = case
        object.__setattr__(self, "_by_id", {case.id: case for case in self.cases})
        object.__setattr__(self, "_by_name", by_name)

    @classmethod
    def begin(cls, agreement: str, first: date) -> Cases:
        """Return the cases of an agreement before its first day: none."""
        return cls(agreement, first)

    def __repr__(self) -> str:
        seen = f"seen until {self.last}" if self.last else "no day seen"
        return f"<Cases of {self.agreement} from {self.first}: {seen}, {len(self.open())} open>"

    def __iter__(self) -> Iterator[Case]:
        return iter(self.cases)

    def __len__(self) -> int:
        return len(self.cases)

    def open(self) -> tuple[Case, ...]:
        """The open cases."""
        return tuple(case for case in self.cases if case.open)

    def of(self, rule: str, about: str) -> Case | None:
        """Return the open case of a rule and subject, else the last closed one, else None."""
        return self._by_name.get((rule, about))

    def find(self, name: str) -> Case:
        """Return the case with an id; or the open one of `rule@subject`, else its last closed one.

        Raises:
            UnknownCaseError: there is none.
        """
        rule, _, about = name.partition("@")
        found = self._by_id.get(name) or self._by_name.get((rule, about))
        if found is None:
            raise UnknownCaseError(name, [*self._by_id, *(case.name for case in self.cases)])
        return found

    def get(self, id: str) -> Case | None:  # noqa: A002  # the field's word
        """Return the case with an id, or None."""
        return self._by_id.get(id)

    def having(self, changed: Iterable[Case], removed: Iterable[str] = ()) -> Cases:
        """Return the cases with some changed or added, by their ids, and some removed."""
        kept = dict(self._by_id)
        kept.update((case.id, case) for case in changed)
        for each in removed:
            kept.pop(each, None)
        return replace(self, cases=tuple(kept.values()))

    def to_dict(self) -> dict[str, Any]:
        """The cases as JSON."""
        return {
            "agreement": self.agreement,
            "first": self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
            "rules": self.rules,
            "cases": [case.to_dict() for case in self.cases],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Cases:
        """Make cases from their JSON."""
        readers = {"first": the_day, "last": the_day, "cases": several(Case.from_dict)}
        return read_into(cls, data, readers)
