"""Notices as an e-mail: the subject, a text, HTML that a telephone shows well, and a calendar of the deadlines."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Any

from coopgov.locales import text
from coopgov.notify.brief import headline
from coopgov.notify.ics import DayEvent, calendar_of_events, uid
from coopgov.notify.markdown import plain_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from coopgov.notify.brief import Background, Brief

__all__ = ["email_of", "is_address", "letter"]

_POLICY = SMTP.clone(cte_type="7bit")
"""Lines as servers want them, in letters that all of them take."""
_COLOURS = {"critical": "#b42318", "major": "#c4520a", "minor": "#93710a", "notice": "#2f6690"}
_FONT = "font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif"
_BODY = f"margin:0;padding:16px;background:#f4f5f7;color:#1f2328;{_FONT};font-size:16px;line-height:1.45"


def letter(made: Sequence[Brief], language: str, background: Background) -> dict[str, Any]:
    """Return an e-mail as JSON: `subject`, `text`, `html` and `calendar`; the calendar is empty without deadlines."""
    head = headline(made, language, background)
    plain = "\n\n".join([head, *(plain_block(each, language) for each in made)])
    return {
        "subject": head,
        "text": f"{plain}\n",
        "html": _html(head, made, language),
        "calendar": _calendar(head, made),
    }


def _html(head: str, made: Sequence[Brief], language: str) -> str:
    body = "\n".join(_notice(each, language) for each in made)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(head)}</title></head>\n'
        f'<body style="{_BODY}">\n'
        f'<div style="max-width:600px;margin:0 auto">\n'
        f'<h1 style="font-size:20px;margin:0 0 12px">{escape(head)}</h1>\n{body}\n</div>\n</body>\n</html>\n'
    )


def _notice(brief: Brief, language: str) -> str:
    colour = _COLOURS[brief.severity]
    lines = "<br>".join(map(escape, brief.lines))
    style = (
        f"background:#fff;border-left:6px solid {colour};border-radius:4px;padding:12px 14px;margin:0 0 12px"
    )
    parts = [
        f'<div style="{style}">',
        f'<h2 style="font-size:16px;margin:0 0 6px;color:{colour}">{escape(brief.heading)}</h2>',
        f'<p style="margin:0 0 8px;font-weight:600">{escape(brief.to)}</p>',
        f'<p style="margin:0">{lines}</p>',
    ]
    if brief.link:
        button = f"display:inline-block;margin-top:10px;padding:10px 18px;background:{colour};color:#fff;"
        button += "border-radius:4px;text-decoration:none"
        said = escape(text("notify.answer", language))
        parts.append(f'<a href="{escape(brief.link)}" style="{button}">{said}</a>')
    elif brief.command:
        code = "display:block;margin-top:8px;font-size:13px;color:#57606a;word-break:break-all"
        parts.append(f'<code style="{code}">{escape(brief.command)}</code>')
    return "".join([*parts, "</div>"])


def _calendar(head: str, made: Sequence[Brief]) -> str:
    """The days by which answers are due; empty if there are none."""
    events = {}
    for brief in made:
        notice = brief.notice
        if notice.by is not None:
            name = uid("answer", notice.case or brief.id, str(notice.round), str(notice.step), notice.to)
            said = "\n".join([brief.to, *brief.lines])
            events[name] = DayEvent(
                name, notice.by, notice.on, f"{brief.heading} – {brief.who}", said, link=brief.link
            )
    return calendar_of_events(head, events.values()) if events else ""


def is_address(text: str) -> bool:
    """Whether a text can be the address of somebody in an e-mail.

    >>> is_address("tech@example.org"), is_address("tech@"), is_address("tech")
    (True, False, False)
    """
    try:
        found = Address(addr_spec=text)
    except (ValueError, TypeError, LookupError, MessageError):
        return False
    return bool(found.username and found.domain) and text.isprintable()


def email_of(
    payload: Mapping[str, Any], sender: str, recipients: Sequence[str], now: datetime, key: str
) -> EmailMessage:
    """Return an e-mail to send: text and HTML as alternatives, and the calendar attached.

    Its id is made of `key`, so that a second copy of it can be recognised.
    """
    message = EmailMessage(_POLICY)
    message["From"] = Address(addr_spec=sender)
    message["To"] = tuple(Address(addr_spec=each) for each in recipients)
    message["Subject"] = payload["subject"]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(payload["text"])
    message.add_alternative(payload["html"], subtype="html")
    if payload["calendar"]:
        message.add_attachment(
            payload["calendar"].encode(),
            maintype="text",
            subtype="calendar",
            filename="coopgov.ics",
            params={"method": "PUBLISH", "charset": "utf-8"},
        )
    return message
