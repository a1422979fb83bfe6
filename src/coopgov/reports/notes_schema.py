"""The format of the notes of a report, key by key: what people write, who reviewed it, and how it looks."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from coopgov.locales import phrase
from coopgov.reports.period import ReportKind
from coopgov.schema import (
    Day,
    Identifier,
    Label,
    Parsed,
    Part,
    Text,
    WholeFile,
    format_tag,
    problem,
    shown,
    written,
)

__all__ = [
    "NOTES_FORMAT",
    "SECTIONS",
    "HouseStyle",
    "Lesson",
    "NotesFile",
    "NotesPeriod",
    "NotesTexts",
    "Review",
    "SectionId",
    "contrast_on_white",
]

NOTES_FORMAT = "report/1"
SectionId = Literal["overview", "goals", "results", "problems", "lessons", "next"]
"""The sections of a report."""
SECTIONS: tuple[SectionId, ...] = ("overview", "goals", "results", "problems", "lessons", "next")
"""The sections in their order."""
_CONTRAST = 4.5
"""The least contrast of text on white, by WCAG 2.2, success criterion 1.4.3."""


def contrast_on_white(colour: str) -> float:
    """The contrast of a colour on white, from 1 to 21, by WCAG 2.2.

    >>> round(contrast_on_white("#2f6f9f"), 2)
    5.39
    """
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _parse_colour(value: object) -> str:
    said = written(value)
    if said is None or not re.fullmatch(r"#[0-9A-Fa-f]{6}", said):
        raise problem("not-a-colour", shown(value), phrase("reports.notes.colour.expected"))
    if contrast_on_white(said) < _CONTRAST:
        found = phrase("reports.notes.contrast.found", colour=said, contrast=f"{contrast_on_white(said):.1f}")
        raise problem("low-contrast", found, phrase("reports.notes.contrast.expected"))
    return said.lower()


_COLOUR = {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}


class NotesPeriod(Part):
    """The days that the report is about."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            expected = phrase("reports.period.order", first=self.start)
            raise problem("wrong-order", shown(self.end.isoformat()), expected, at=("end",))
        return self


class Lesson(Part):
    """What the parties learned, from a case or without one."""

    case: Label | None = None
    """The id of the case, or RULE@SUBJECT."""
    text: Text
    """What the parties learned."""


class NotesTexts(Part):
    """What people write into the sections."""

    overview: Text | None = None
    goals: Text | None = None
    results: Text | None = None
    problems: Text | None = None
    lessons: tuple[Lesson, ...] = ()
    next: Text | None = None


class Review(Part):
    """That somebody has reviewed the report for a party; without a day, the review is still open."""

    party: Identifier
    by: Label | None = None
    """Who reviewed it: the id of a member, or a name."""
    on: Day | None = None
    """The day on which the party agreed."""


class HouseStyle(Part):
    """The house style."""

    accent: Annotated[str | None, Parsed(_parse_colour, schema=_COLOUR)] = None
    """The colour of headings, such as #2f6f9f."""
    logo: Label | None = None
    """An SVG or PNG file in the folder of the notes."""


class NotesFile(WholeFile):
    """The notes of one report."""

    coopgov: Annotated[str, format_tag(NOTES_FORMAT)]
    """The format of the file: report/1."""
    agreement: Identifier
    """The id of the agreement."""
    kind: ReportKind | None = None
    """What the title calls the report: quarterly, yearly or custom."""
    period: NotesPeriod | None = None
    languages: tuple[Label, ...] = ()
    """The languages of the report; each becomes a file of its own."""
    sections: tuple[SectionId, ...] = SECTIONS
    """The sections that the report has."""
    notes: NotesTexts = Field(default_factory=NotesTexts.model_construct)
    review: tuple[Review, ...] = ()
    brand: HouseStyle = Field(default_factory=HouseStyle.model_construct)
    as_of: Day | None = None
    """The day as of which the report sees the data; by default, the last day of the period."""

    def reviewed_by(self, party: str) -> tuple[str | None, date | None]:
        """Who reviewed it for a party, and when."""
        found = [each for each in self.review if each.party == party]
        last = found[-1] if found else None
        return (last.by, last.on) if last else (None, None)
