"""Derives facts from an agreement and a date: every subject with its base facts, linked to its parents and parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day, an_instance, checked, or_none
from coopgov.errors import AgreementError, UnknownNameError
from coopgov.facts.catalogue import Catalogue
from coopgov.facts.reader import Reader
from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.facts.subject import Subject, called_subjects, without_gap
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.syntax import Name
from coopgov.language.values import missing
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.model import Agreement, WorkingCalendar

__all__ = ["Facts", "derive", "facts_of", "reader_of"]


@dataclass(frozen=True, eq=False, repr=False)
class Facts:
    """The facts of an agreement on a date: its subjects by type, and what formulas about them need."""

    agreement: Agreement
    as_of: date
    catalogue: Catalogue
    subjects: Mapping[str, tuple[Subject, ...]]
    undated: tuple[str, ...]
    calendar: WorkingCalendar

    def __eq__(self, other: object) -> bool:
        return self._identity == other._identity if isinstance(other, Facts) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.agreement.id, self.as_of))

    def __repr__(self) -> str:
        return f"<Facts of {self.agreement.id} as of {self.as_of}>"

    @property
    def _identity(self) -> tuple[Agreement, date, Catalogue]:
        return self.agreement, self.as_of, self.catalogue

    @property
    def setting(self) -> Setting:
        """What evaluation shares across all subjects."""
        return Setting(
            self.as_of, self.calendar, self.agreement.currency, 10 ** MINOR_DIGITS[self.agreement.currency]
        )

    def subject(self, name: str) -> Subject:
        """Return the subject of a name such as `phase/setup`.

        Raises:
            UnknownNameError: the agreement has no such subject.
        """
        for subject in self.subjects.get(name.partition("/")[0], ()):
            if subject.id == name:
                return subject
        called = called_subjects(self)
        raise UnknownNameError("subject", name, [subject.id for subject in self], called)

    def value(self, subject: str, fact: str) -> Any:
        """Return the value of a fact: None if it is unknown or not set, money in minor units, dates as dates.

        Raises:
            UnknownNameError: the subject or fact does not exist.
        """
        found = self.subject(subject)
        kind = self.catalogue.type_of(found.about, fact)
        if kind is None:
            raise UnknownNameError("fact", fact, self.catalogue.names(found.about))
        if self.catalogue.definition(found.about, fact) is None:
            return without_gap(found.record.get(fact))
        value = Interpreter(self.catalogue, self.setting).value(
            Name(fact, about=found.about, type=kind), found.record
        )
        if missing(value):
            return None
        return date.fromordinal(int(value)) if kind.kind == "date" else value

    def __iter__(self) -> Iterator[Subject]:
        """Iterate over all subjects, the agreement first."""
        return (subject for group in self.subjects.values() for subject in group)


@checked(
    agreement=AN_AGREEMENT,
    as_of=a_day,
    catalogue=or_none(an_instance(Catalogue, "errors.expected.catalogue", "errors.hints.catalogue")),
)
def derive(agreement: Agreement, as_of: date, catalogue: Catalogue | None = None) -> Facts:
    """Read all base facts of an agreement as it was known on a date.

    Args:
        agreement: what was agreed and observed.
        as_of: the date; later observations are not visible.
        catalogue: the facts to read; by default, the shipped ones. Pass a rule set's catalogue to read custom values.

    Raises:
        AgreementError: a custom value does not fit the type that a rule file declares for it.

    >>> from datetime import date
    >>> from coopgov import derive, load_agreement
    >>> facts = derive(load_agreement("examples/pilot/agreement.yaml"), date(2026, 6, 30))
    >>> facts.value("phase/setup", "delay"), facts.value("phase/core", "actual_end")
    (20, None)
    """
    return facts_of(reader_of(agreement, catalogue or default_catalogue(), as_of))


def reader_of(agreement: Agreement, catalogue: Catalogue, as_of: date) -> Reader:
    """Return a reader that has read the facts of an agreement on a date.

    Raises:
        AgreementError: as `derive` does.
    """
    reader = Reader(agreement, catalogue, as_of)
    if reader.faults:
        raise AgreementError(reader.faults)
    return reader


def facts_of(reader: Reader) -> Facts:
    """Return what a reader has read, as facts on its date."""
    return Facts(
        reader.agreement,
        reader.as_of,
        reader.catalogue,
        dict(reader.subjects),
        reader.undated,
        reader.calendar,
    )
