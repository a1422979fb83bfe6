"""A notice: who is notified what of a case on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.cases.json_form import a_text, plain, read_into, the_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.cases.words import NoticeKind
    from coopgov.schema import LocalText
    from coopgov.severities import Severity

__all__ = ["Notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one receiver is notified of a case.

    `to` is a member, role, body or party; the deputy of an absent holder is notified instead. `by` is the day by which
    an answer is expected, None where none is. `case` is the id of the case; `round` and `step` place the notice in its
    ladder, `step` is None outside of it. `text` says what, why, since when, what to do, by when, and who else knows, in
    each language of the library. `late_evidence` says that data which came late re-opened the case, and `vacant_for`
    names the vacant step that this notice stands in for.
    """

    on: date
    to: str
    by: date | None
    case: str
    rule: str
    about: str
    severity: Severity
    round: int
    step: int | None
    kind: NoticeKind
    text: LocalText
    late_evidence: bool = False
    vacant_for: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The notice as JSON; its text by language."""
        found: dict[str, Any] = plain(self)
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Notice:
        """Make a notice from its JSON."""
        return read_into(cls, data, {"on": the_day, "by": the_day, "text": a_text})
