"""Reports and other documents of a cooperation, as a tree of values that writers turn into a format."""

from coopgov.reports.document import (
    Badge,
    Blank,
    Block,
    Brand,
    Code,
    Column,
    Data,
    Document,
    Field,
    Figure,
    Inline,
    Item,
    ItemKind,
    KeyNumber,
    KeyNumbers,
    Line,
    Listing,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Tone,
)
from coopgov.reports.evidence import EvidenceInputs, make_evidence
from coopgov.reports.markdown import markdown
from coopgov.reports.notes import ReportNotes, load_report_notes, parse_report_notes
from coopgov.reports.notes_schema import Lesson, NotesFile, Review, SectionId
from coopgov.reports.period import ReportKind, ReportPeriod
from coopgov.reports.report import Report, report
from coopgov.reports.templates import TEMPLATES, template
from coopgov.reports.verify import Difference, Verification, verify_evidence
from coopgov.reports.write import FORMATS, write_report

__all__ = [
    "FORMATS",
    "TEMPLATES",
    "Badge",
    "Blank",
    "Block",
    "Brand",
    "Code",
    "Column",
    "Data",
    "Difference",
    "Document",
    "EvidenceInputs",
    "Field",
    "Figure",
    "Inline",
    "Item",
    "ItemKind",
    "KeyNumber",
    "KeyNumbers",
    "Lesson",
    "Line",
    "Listing",
    "NotesFile",
    "Paragraph",
    "Report",
    "ReportKind",
    "ReportNotes",
    "ReportPeriod",
    "Review",
    "Row",
    "Section",
    "SectionId",
    "Strong",
    "Table",
    "Tone",
    "Verification",
    "load_report_notes",
    "make_evidence",
    "markdown",
    "parse_report_notes",
    "report",
    "template",
    "verify_evidence",
    "write_report",
]
