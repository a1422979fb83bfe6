"""Messages in the Markdown of WeCom and DingTalk, and as plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.locales import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.notify.brief import Brief

__all__ = ["dingtalk_block", "feishu_block", "plain_block", "safe", "wecom_block"]

_COLOURS = {"critical": "warning", "major": "warning", "minor": "comment", "notice": "comment"}
"""The colours that WeCom has: orange and grey."""


def safe(said: str) -> str:
    """Return a text of somebody else that mentions nobody, opens no tag, and is no link in disguise.

    Robots know no escapes, so the few characters that begin something are replaced by their full-width forms.

    >>> print(safe("<@all> see [here](https://example.org) **now**"))
    \uff1c@all> see [here]\uff08https://example.org) \uff0a\uff0anow\uff0a\uff0a
    """
    said = (
        said.replace("<", "\uff1c").replace("](", "]\uff08").replace("**", "\uff0a\uff0a").replace("`", "'")
    )
    return re.sub(r"^(\s*)([#>])", lambda match: f"{match[1]} {match[2]}", said)


def _block(brief: Brief, heading: str, quoted: str, mention: Callable[[str], str], language: str) -> str:
    mentions = "".join(f" {mention(each)}" for each in brief.mentions)
    answer = ""
    if brief.link:
        answer = f"[{text('notify.answer', language)}]({brief.link})"
    elif brief.command:
        answer = f"`{brief.command.replace('`', '')}`"
    lines = [heading, safe(brief.to) + mentions, *(f"{quoted}{safe(line)}" for line in brief.lines), answer]
    apart = "\n" if quoted and answer else ""  # or it would belong to the quotation
    return "\n".join(filter(None, lines[:-1])) + (f"\n{apart}{answer}" if answer else "")


def wecom_block(brief: Brief, language: str) -> str:
    """Return a notice in WeCom's Markdown."""
    colour = _COLOURS[brief.severity]
    heading = f'**<font color="{colour}">{safe(brief.heading)}</font>**'
    return _block(brief, heading, "> ", "<@{}>".format, language)


def dingtalk_block(brief: Brief, language: str) -> str:
    """Return a notice in DingTalk's Markdown, in which a line ends with two spaces."""
    block = _block(brief, f"**{safe(brief.heading)}**", "> ", "@{}".format, language)
    return block.replace("\n", "  \n").replace("\n  \n", "\n\n")


def feishu_block(brief: Brief, language: str) -> str:
    """Return a notice in the Markdown of Feishu's cards."""
    return _block(brief, f"**{safe(brief.heading)}**", "", "<at id={}></at>".format, language)


def plain_block(brief: Brief, _language: str) -> str:
    """Return a notice as plain text."""
    lines = (brief.heading, brief.to, *brief.lines, brief.link or brief.command)
    return "\n".join(filter(None, lines))
