"""What all templates need: texts with blanks, the names of people, and tables that never are empty."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.assessment.figures import Form
from coopgov.locales import text, texts_below
from coopgov.reports.document import Blank, Column, Paragraph, Row, Section, Table, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgov.model import Agreement, Member
    from coopgov.reports.document import Block, Inline, Line
    from coopgov.schema import Amount, LocalText, Span

__all__ = ["Words"]

_BLANK = re.compile("\u3010([^\u3010\u3011]*)\u3011")
"""A blank as texts write it: the hint between its brackets."""


class Words:
    """The texts of a template in its language, and what the agreement fills in."""

    def __init__(self, agreement: Agreement | None, language: str) -> None:
        self.agreement = agreement
        self.language = language
        self.form = Form(language, agreement.currency if agreement else "", 1)
        self._members: dict[str, Member] = {}
        self._labels: dict[str, LocalText] = {}
        if agreement is not None:
            self._members = {each.id: each for each in agreement.team.members}
            parts = (*agreement.parties, *agreement.team.bodies, *agreement.team.members)
            self._labels = {each.id: each.label for each in parts}

    @property
    def colon(self) -> str:
        """What is between a name and what belongs to it."""
        return text("reports.colon", self.language)

    def word(self, key: str, **values: object) -> str:
        """A text of the templates."""
        return text(f"templates.{key}", self.language, **values)

    def line(self, key: str, **values: object) -> Line:
        """A text of the templates as a line, with its blanks."""
        return self.with_blanks(self.word(key, **values))

    @staticmethod
    def with_blanks(written: str) -> Line:
        """A text as a line: what is between the brackets of a blank is one."""
        parts = _BLANK.split(written)
        return line(*(Blank(part) if at % 2 else part for at, part in enumerate(parts)))

    def paragraphs(self, path: str, **values: object) -> tuple[Block, ...]:
        """The numbered texts below a path, one paragraph each."""
        keys = (key for key in texts_below(f"templates.{path}", self.language) if key.isdigit())
        return tuple(Paragraph(self.line(f"{path}.{key}", **values)) for key in keys)

    def section(self, number: int, path: str, *blocks: Block, form: str = "numbered") -> Section:
        """A numbered section; its id is the last part of its path."""
        numbered = self.word(form, number=number, title=self.word(f"{path}.title"))
        return Section(path.rpartition(".")[2], numbered, blocks)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[Line]], blanks: Sequence[str]) -> Table:
        """A table; without any row, it has a row to fill in."""
        columns = tuple(Column(self.word(f"heads.{head}")) for head in heads)
        found = [Row(tuple(cells)) for cells in rows]
        if not found:
            found = [Row(tuple(self.line(f"blanks.{blank}") for blank in blanks))]
        return Table(columns, tuple(found))

    def filled(self, written: object, blank: str) -> Line:
        """What the agreement knows, as a text, or a blank."""
        return (str(written),) if written else self.line(f"blanks.{blank}")

    def said(self, label: LocalText | None) -> str:
        """A text of the agreement in the language; empty if there is none."""
        return label.in_language(self.language) if label is not None else ""

    def name(self, id_: str | None) -> str:
        """The display name of a party, body or member, or of a role; empty for None."""
        if id_ is None:
            return ""
        label = self._labels.get(id_)
        return label.in_language(self.language) if label is not None else self.role(id_)

    def role(self, role: str) -> str:
        """The display name of a role or body."""
        return self.form.texts.get(f"assessment.people.roles.{role}", role)

    def listed(self, names: Iterable[str]) -> str:
        """Names with commas between them."""
        return text("common.comma", self.language).join(filter(None, names))

    def member(self, id_: str) -> Member | None:
        """A member by its id."""
        return self._members.get(id_)

    def holders(self, role: str) -> str:
        """The names of the members who hold a role."""
        return self.listed(self.name(each.id) for each in self._members.values() if each.role == role)

    def every(self, span: Span | None) -> Line:
        """How often something happens, or a blank."""
        if span is None:
            return self.line("blanks.cadence")
        return (self.word("every", span=self.form.span(span)),)

    def money(self, amount: Amount) -> str:
        """An amount with its currency."""
        currency = amount.currency or self.form.currency
        written = self.form.texts.get(f"assessment.money.{currency}", f"{{number}} {currency}")
        return written.format(number=f"{amount.value:,f}").rstrip()

    def period(self, first: object, last: object) -> Line:
        """A period, or a blank where a day is missing."""
        if first is None or last is None:
            return self.line("blanks.time")
        return (self.word("period", first=first, last=last),)

    def signatures(self, number: int) -> Section:
        """A line for each party to sign."""
        parties = self.agreement.parties if self.agreement else ()
        rows = [
            (line(self.said(each.label)), *(self.line(f"blanks.{name}") for name in ("signatory", "signature")),
             self.line("meeting.day-blank"))
            for each in parties
        ]  # fmt: skip
        blank: tuple[Inline, ...] = self.line("unnamed")
        if not rows:
            others = (
                self.line("blanks.signatory"),
                self.line("blanks.signature"),
                self.line("meeting.day-blank"),
            )
            rows = [(blank, *others)] * 2
        table = self.table(("party", "signatory", "signature", "date"), rows, ())
        return Section(
            "signatures", self.word("numbered", number=number, title=self.word("signatures")), (table,)
        )
