"""Print what a channel would be sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from coopgov.cli.output import counted, say
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.notify.preview import Preview

__all__ = ["preview_text"]


def preview_text(preview: Preview, language: str) -> str:
    """What a channel would be sent, as text: a heading, then each part, indented."""
    return "\n".join(_lines(preview, language))


def _lines(preview: Preview, language: str) -> Iterator[str]:
    if not preview.channel:
        yield say("notify.unrouted", language, what=", ".join(preview.notices))
        return
    yield say("notify.channel", language, channel=preview.channel, kind=preview.kind, address=preview.address)
    yield "  " + counted("notify.notices", language, len(preview.notices))
    if preview.missing:
        yield "  " + say("notify.missing", language, what=", ".join(preview.missing))
    if preview.unreachable:
        names = ", ".join(preview.unreachable)
        yield "  " + phrase("notify.answers.no-receiver", names=names).in_language(language)
    if preview.held:
        yield "  " + say("notify.waiting", language, number=preview.held)
    if preview.pending:
        yield "  " + say("notify.pending", language, number=preview.pending)
    for at, part in enumerate(preview.parts, 1):
        yield ""
        if len(preview.parts) > 1:
            yield "  " + say("notify.one-part", language, part=at, parts=len(preview.parts))
        yield from (f"  {line}".rstrip() for line in _text(preview.kind, part).split("\n"))


def _text(kind: str, part: Mapping[str, Any]) -> str:
    """The part as its reader sees it, before the service formats it."""
    match kind:
        case "wecom":
            return str(part["markdown"]["content"])
        case "dingtalk":
            return str(part["markdown"]["text"])
        case "feishu":
            card = part["card"]
            return f"{card['header']['title']['content']}\n\n{card['elements'][0]['content']}"
        case "email":
            return f"{part['recipient']}\n{part['subject']}\n\n{part['text']}".rstrip()
        case "apprise":
            return f"{part['title']}\n\n{part['body']}"
    return json.dumps(part, ensure_ascii=False, indent=2)
