"""Render notices into what a channel of a kind is sent, as JSON values; nothing is sent, and no secret is needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_tag, checked, one_of
from coopgov.notify.brief import Background, briefs, headline, merged
from coopgov.notify.channels import CHANNEL_KINDS
from coopgov.notify.events import event_of, notice_data
from coopgov.notify.ids import message_id
from coopgov.notify.letter import letter
from coopgov.notify.markdown import dingtalk_block, feishu_block, plain_block, safe, wecom_block
from coopgov.notify.split import size, split_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coopgov.cases.notice import Notice
    from coopgov.notify.brief import Brief
    from coopgov.notify.channels import ChannelKind

    Payload = dict[str, Any]

__all__ = ["LIMITS", "named", "payloads", "render_notices"]

LIMITS = {"wecom": 4096, "dingtalk": 20_000, "feishu": 20_000}
"""The most bytes of UTF-8 of a message: of WeCom its Markdown, of the others the whole request."""
_SIGNING = 200
"""Room for what sending adds to a request of Feishu: the moment and the signature."""
_TEMPLATES = {"critical": "red", "major": "orange", "minor": "yellow", "notice": "blue"}
"""The colours of the heads of Feishu's cards."""
_HEAD = 120
"""The most characters of a headline: the title of an agreement may be long."""


@checked(kind=one_of(CHANNEL_KINDS), language=a_tag)
def render_notices(
    kind: ChannelKind,
    notices: Iterable[Notice | tuple[str, Notice]],
    language: str = "en",
    *,
    background: Background | None = None,
    keyword: str | None = None,
) -> tuple[Payload, ...]:
    r"""Return what a channel of a kind is sent for notices: one value of JSON for each part of the message.

    For `wecom`, `dingtalk` and `feishu` it is the body of the request; for `webhook` the body, with all notices; for
    `cloudevents` one event a notice; for `email` the subject, the text, the HTML and the calendar; for `apprise` a
    title and a text.

    Args:
        kind: of the channel.
        notices: of one agreement; each may come with its id, as `(id, notice)`. Without one, its id is made of what
            the notice says.
        language: of the message.
        background: the agreement and what else gives names, titles and addresses.
        keyword: what a robot asks for; it is in every part.

    Raises:
        ArgumentError: there is no such kind or language.

    >>> from datetime import date
    >>> from coopgov.cases.notice import Notice
    >>> from coopgov.schema import parse_text
    >>> notice = Notice(
    ...     on=date(2026, 11, 6), to="pm", by=date(2026, 11, 10), case="C-0123456789ab", rule="phase-late",
    ...     about="phase/core", severity="major", round=1, step=1, kind="fired", text=parse_text("Phase late: Core"),
    ... )
    >>> print(render_notices("apprise", [notice])[0]["body"])
    Phase late: Core
    For pm.
    coopgov cases ack C-0123456789ab --by pm --store STORE
    """
    return payloads(kind, list(named(notices)), language, background or Background(), keyword)


def named(notices: Iterable[Notice | tuple[str, Notice]]) -> Iterator[tuple[str, Notice]]:
    """Yield notices with their ids; one that comes without an id has one that follows from what it says."""
    for each in notices:
        yield each if isinstance(each, tuple) else (_own_id(each), each)


def payloads(
    kind: ChannelKind,
    notices: Sequence[tuple[str, Notice]],
    language: str,
    background: Background,
    keyword: str | None = None,
) -> tuple[Payload, ...]:
    """Return the payloads of notices that have ids; none for no notices."""
    made = briefs(notices, language, background)
    if kind not in _DATA:
        made = merged(made)
    return _RENDERERS[kind](made, language, background, keyword or "") if made else ()


def _own_id(notice: Notice) -> str:
    said = json.dumps(notice.to_dict(), sort_keys=True, ensure_ascii=False)
    return f"N-{message_id([said])[2:]}"


def _head(made: Sequence[Brief], language: str, background: Background, number: str) -> str:
    said = headline(made, language, background)
    said = said if len(said) <= _HEAD else f"{said[: _HEAD - 1]}…"
    return f"{safe(said)} {number}".rstrip()


def _wecom(
    made: Sequence[Brief], language: str, background: Background, _keyword: str
) -> tuple[Payload, ...]:
    def dress(number: str, lines: str) -> str:
        return f"**{_head(made, language, background, number)}**\n\n{lines}"

    blocks = [f"{wecom_block(each, language)}\n" for each in made]
    texts = split_blocks(blocks, LIMITS["wecom"], dress)
    return tuple({"msgtype": "markdown", "markdown": {"content": each.rstrip()}} for each in texts)


def _dingtalk(
    made: Sequence[Brief], language: str, background: Background, keyword: str
) -> tuple[Payload, ...]:
    said = f" {safe(keyword)}" if keyword else ""

    def body(number: str, lines: str) -> Payload:
        head = _head(made, language, background, number)
        mobiles = sorted({mobile for each in made for mobile in each.mentions if f"@{mobile}" in lines})
        words = {"title": f"{head}{said}", "text": f"#### {head}{said}\n\n{lines}".rstrip()}
        return {"msgtype": "markdown", "markdown": words, "at": {"atMobiles": mobiles, "isAtAll": False}}

    everyone = [{"at": mobile} for each in made for mobile in each.mentions]
    blocks = [f"{dingtalk_block(each, language)}\n" for each in made]
    return _by_request(blocks, LIMITS["dingtalk"] - size(json.dumps(everyone)), body)


def _feishu(
    made: Sequence[Brief], language: str, background: Background, keyword: str
) -> tuple[Payload, ...]:
    said = f" {safe(keyword)}" if keyword else ""

    def body(number: str, lines: str) -> Payload:
        head = _head(made, language, background, number)
        title = {"tag": "plain_text", "content": f"{head}{said}"}
        card = {
            "config": {"wide_screen_mode": True},
            "header": {"template": _TEMPLATES[made[0].severity], "title": title},
            "elements": [{"tag": "markdown", "content": lines.rstrip()}],
        }
        return {"msg_type": "interactive", "card": card}

    return _by_request(
        [f"{feishu_block(each, language)}\n" for each in made], LIMITS["feishu"] - _SIGNING, body
    )


def _by_request(
    blocks: Sequence[str], limit: int, body: Callable[[str, str], Payload]
) -> tuple[Payload, ...]:
    """Split by the bytes of the whole request, in which a line feed or a quote is two characters."""

    def dress(number: str, lines: str) -> str:
        return json.dumps(body(number, lines), ensure_ascii=False)

    texts = split_blocks(blocks, limit, dress, lambda lines: size(json.dumps(lines, ensure_ascii=False)) - 2)
    return tuple(json.loads(each) for each in texts)


def _email(
    made: Sequence[Brief], language: str, background: Background, _keyword: str
) -> tuple[Payload, ...]:
    return (letter(made, language, background),)


def _webhook(
    made: Sequence[Brief], language: str, background: Background, _keyword: str
) -> tuple[Payload, ...]:
    agreement = background.agreement.id if background.agreement else None
    notices = [notice_data(each, language) for each in made]
    return ({"agreement": agreement, "headline": headline(made, language, background), "notices": notices},)


def _cloudevents(
    made: Sequence[Brief], language: str, background: Background, _keyword: str
) -> tuple[Payload, ...]:
    return tuple(event_of(each, language, background) for each in made)


def _apprise(
    made: Sequence[Brief], language: str, background: Background, _keyword: str
) -> tuple[Payload, ...]:
    body = "\n\n".join(plain_block(each, language) for each in made)
    return ({"title": headline(made, language, background), "body": body},)


_DATA = ("webhook", "cloudevents")
"""The kinds for programs, which get every notice."""
_RENDERERS: dict[str, Callable[[Sequence[Brief], str, Background, str], tuple[Payload, ...]]] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "email": _email,
    "webhook": _webhook,
    "cloudevents": _cloudevents,
    "apprise": _apprise,
}
