"""Notices as data: for webhooks, and as CloudEvents 1.0 in structured mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from coopgov.notify.brief import Background, Brief

__all__ = ["event_of", "notice_data"]


def notice_data(brief: Brief, language: str) -> dict[str, Any]:
    """Return a notice as JSON: its own fields with its text in one language, and how to answer it."""
    found = brief.notice.to_dict()
    return {
        "id": brief.id,
        **found,
        "text": "\n".join(brief.lines),
        "language": language,
        "heading": brief.heading,
        "receiver": brief.who,
        "answer": brief.link or brief.command or None,
    }


def event_of(brief: Brief, language: str, background: Background) -> dict[str, Any]:
    """Return a notice as a CloudEvent (CloudEvents 1.0, *JSON event format*).

    The id and the source name the event: a receiver that has seen both before has seen the event before. `time` is the
    beginning of the day of the notice, since notices have days and no hours.
    """
    notice = brief.notice
    agreement = quote(background.agreement.id if background.agreement else "unknown", safe="")
    return {
        "specversion": "1.0",
        "id": brief.id,
        "source": f"/coopgov/agreements/{agreement}",
        "type": f"coopgov.notice.{notice.kind}",
        "subject": f"{notice.rule}@{notice.about}",
        "time": f"{notice.on.isoformat()}T00:00:00Z",
        "datacontenttype": "application/json",
        "data": notice_data(brief, language),
    }
