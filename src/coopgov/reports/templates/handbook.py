"""The handbook of the working group: duties, communication, authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.model import STANDARD_ROLES
from coopgov.reports.document import Listing, Paragraph, Strong, line
from coopgov.reports.templates.charter import meetings_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.reports.document import Block, Line, Section
    from coopgov.reports.templates.words import Words

__all__ = ["handbook_sections"]

_CHANNELS = ("chat", "tracking", "documents", "alarm")
_ALONE = ("dates", "people", "acceptance", "outside")


def handbook_sections(words: Words) -> tuple[Section, ...]:
    """The chapters of a handbook, numbered."""
    chapters = (
        ("duties", tuple(_duties(words))),
        ("communication", _communication(words)),
        ("authority", _authority(words)),
    )
    return tuple(
        words.section(number, f"handbook.{name}", *blocks, form="chapter")
        for number, (name, blocks) in enumerate(chapters, 1)
    )


def _duties(words: Words) -> Iterator[Block]:
    """What each role does, and who holds it; then what each body is for."""
    agreement = words.agreement
    held = [each.role for each in agreement.team.members if each.role] if agreement else []
    entries: list[Line] = []
    for role in dict.fromkeys((*STANDARD_ROLES, *held)):
        who = words.word(
            "handbook.duties.held",
            role=words.role(role),
            members=words.holders(role) or words.word("blanks.owner"),
        )
        duty = words.line(f"handbook.duties.{role if role in STANDARD_ROLES else 'other'}")
        yield Paragraph(line(*_strong(words, who)))
        yield Paragraph(duty)
    for body in agreement.team.bodies if agreement else ():
        task = words.said(body.duty) or words.word("handbook.duties.other")
        said = words.word("handbook.duties.held", role=words.said(body.label), members=task)
        entries.append(words.with_blanks(said))
    if entries:
        yield Listing(tuple(entries))


def _strong(words: Words, said: str) -> Line:
    """A line with emphasis, except for its blanks."""
    return tuple(Strong(part) if isinstance(part, str) else part for part in words.with_blanks(said))


def _communication(words: Words) -> tuple[Block, ...]:
    rows = [
        (
            words.line(f"handbook.communication.{channel}"),
            words.line("handbook.communication.tool"),
            words.line(f"handbook.communication.{channel}-rule"),
        )
        for channel in _CHANNELS
    ]
    return (
        *words.paragraphs("handbook.communication"),
        words.table(("channel", "tool", "rule"), rows, ()),
        Paragraph(words.line("handbook.communication.meetings")),
        meetings_table(words),
    )


def _authority(words: Words) -> tuple[Block, ...]:
    spending = (
        words.line("handbook.authority.spending"),
        words.line("handbook.authority.spending-limit"),
    )
    others = [
        (words.line(f"handbook.authority.{name}"), words.line("handbook.authority.role")) for name in _ALONE
    ]
    return (
        *words.paragraphs("handbook.authority"),
        words.table(("decision", "decides"), [spending, *others], ()),
    )
