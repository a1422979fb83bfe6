"""The notes of a report: loads what people write, and checks it against the agreement."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked
from coopgov.errors import InputError, ReportNotesError
from coopgov.faults import NO_HINT
from coopgov.locales import one_of, phrase
from coopgov.nearest import nearest
from coopgov.reports.notes_schema import NotesFile
from coopgov.reports.period import ReportPeriod
from coopgov.schema import Defect, fault_of, quoted
from coopgov.schema.whole_file import parsed_as, text_of
from coopgov.source.files import file_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.cases.cases import Cases
    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.model import Agreement
    from coopgov.reports.notes_schema import HouseStyle, Lesson, Review
    from coopgov.source import Document

__all__ = ["ReportNotes", "check_notes", "load_report_notes", "parse_report_notes"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReportNotes:
    """What people wrote for a report: `file` has the values, `source` the text, `logo` the bytes of the picture."""

    file: NotesFile
    source: bytes
    document: Document
    logo: bytes = b""

    def __repr__(self) -> str:
        return f"<ReportNotes of {self.file.agreement}>"

    @property
    def period(self) -> ReportPeriod | None:
        """The period, if the notes name one."""
        days = self.file.period
        return ReportPeriod(days.start, days.end) if days else None

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """What the parties learned."""
        return self.file.notes.lessons

    @property
    def review(self) -> tuple[Review, ...]:
        """Who reviewed the report."""
        return self.file.review

    @property
    def brand(self) -> HouseStyle:
        """The house style."""
        return self.file.brand

    def written(self, section: str, language: str) -> str:
        """What people wrote into a section, in a language; empty for nothing."""
        found = getattr(self.file.notes, section, None)
        return found.in_language(language) if found is not None else ""


@checked(path=A_PATH)
def load_report_notes(path: str | Path, name: str | None = None) -> ReportNotes:
    """Load the notes of a report, and the logo that they name.

    Args:
        path: the file.
        name: the name of the file in faults; by default, the path.

    Raises:
        ReportNotesError: with every fault of the file.
    """
    name = name or str(path)
    notes = parse_report_notes(text_of(path, ReportNotesError, "report", name), name)
    return _with_logo(notes, Path(path).parent)


def _with_logo(notes: ReportNotes, folder: Path) -> ReportNotes:
    logo = notes.brand.logo
    if not logo:
        return notes
    path = Path(logo)
    inside = not path.is_absolute() and ".." not in path.parts
    if not inside or path.suffix.lower() not in (".svg", ".png"):
        raise ReportNotesError([_logo_fault(notes, quoted(logo))])
    try:
        data = file_bytes(folder / path, logo)
    except InputError as error:
        raise ReportNotesError([_logo_fault(notes, each.found) for each in error.faults]) from None
    return ReportNotes(notes.file, notes.source, notes.document, data)


def _logo_fault(notes: ReportNotes, found: Phrase) -> Fault:
    expected = phrase("reports.notes.logo.expected")
    return fault_of(notes.document, Defect(("brand", "logo"), "unusable-logo", found, expected))


@checked(text=TEXT_OF_FILE, name=a_text)
def parse_report_notes(text: str | bytes, name: str = "<text>") -> ReportNotes:
    """Read the notes of a report from a text; a logo that they name is not read.

    Args:
        text: the text, or its bytes in UTF-8.
        name: the name of the text in faults.

    Raises:
        ReportNotesError: with every fault of the text.

    >>> notes = parse_report_notes('''
    ... coopgov: report/1
    ... agreement: harbour-data
    ... period: {start: 2026-04-01, end: 2026-06-30}
    ... notes: {overview: {en: The core project started well., zh-Hans: 核心项目启动顺利。}}
    ... ''')
    >>> str(notes.period), notes.written("overview", "zh-Hans")
    ('2026-Q2', '核心项目启动顺利。')
    """
    file, document = parsed_as(text, name, NotesFile, ReportNotesError)
    return ReportNotes(file, text.encode() if isinstance(text, str) else text, document)


def check_notes(notes: ReportNotes, agreement: Agreement, cases: Cases | None) -> None:
    """Compare the names in notes with the agreement and the cases.

    Raises:
        ReportNotesError: with every name that nobody has.
    """
    defects = list(_defects(notes, agreement, cases))
    if defects:
        raise ReportNotesError([fault_of(notes.document, each) for each in defects])


def _defects(notes: ReportNotes, agreement: Agreement, cases: Cases | None) -> Iterator[Defect]:
    if notes.file.agreement != agreement.id:
        expected = phrase("reports.notes.agreement.expected", agreement=agreement.id)
        yield Defect(("agreement",), "other-agreement", quoted(notes.file.agreement), expected)
    parties = [party.id for party in agreement.parties]
    for number, review in enumerate(notes.review):
        if review.party not in parties:
            yield _unknown(("review", number, "party"), "unknown-party", review.party, parties)
    if cases is None:
        return
    names = [name for case in cases for name in (case.id, case.name)]
    for number, lesson in enumerate(notes.lessons):
        if lesson.case is not None and lesson.case not in names:
            yield _unknown(("notes", "lessons", number, "case"), "unknown-case", lesson.case, names)


def _unknown(path: tuple[str | int, ...], code: str, found: str, known: Iterable[str]) -> Defect:
    names = list(known)
    near = nearest(found, names)
    hint = phrase("common.did-you-mean", near=near) if near else NO_HINT
    expected = one_of(names[:8]) if names else phrase("reports.notes.case.none")
    return Defect(path, code, quoted(found), expected, hint)
