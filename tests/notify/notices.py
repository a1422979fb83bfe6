"""Notices and channels files for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from coopgov.cases.notice import Notice
from coopgov.notify import parse_channels
from coopgov.schema import LocalText

if TYPE_CHECKING:
    from coopgov.notify import Channels

NOW = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)
"""A Monday."""
DAY = date(2026, 11, 9)
ENGLISH = (
    "Worse, now major: Phase late, Core projects\nCore projects is late by 37 days, 20.3 % of its planned window.\n"
    "Since 2026-10-19.\nTo do: Second shift (Project manager).\nAnswer by 2026-11-10.\nAlso informed: Project manager."
)
CHINESE = (
    "加重，现为严重：阶段延误，核心项目\n核心项目延误 37 天，占计划工期的 20.3 %。\n始于 2026-10-19。\n"
    "建议措施：增加班次（项目经理）。\n请于 2026-11-10 前答复。\n已同时告知：项目经理。"
)
KINDS = ("wecom", "dingtalk", "feishu", "webhook", "cloudevents")
"""The kinds that are sent over HTTP by our own code."""


def notice(**changes: object) -> Notice:
    """A notice of the pilot, with changes."""
    values: dict[str, object] = {
        "on": DAY,
        "to": "joint-lead",
        "by": date(2026, 11, 10),
        "case": "C-0123456789ab",
        "rule": "phase-late",
        "about": "phase/core",
        "severity": "major",
        "round": 2,
        "step": 1,
        "kind": "worsened",
        "text": LocalText((("en", ENGLISH), ("zh-Hans", CHINESE), ("zh-Hant", CHINESE))),
    }
    return Notice(**{**values, **changes})  # type: ignore[arg-type]


def one_channel(kind: str, more: str = "", rest: str = "") -> Channels:
    """A channels file with one channel of a kind, whose address is in `env:URL`, and one route that takes all."""
    return parse_channels(
        f"coopgov: channels/1\nchannels:\n  - {{id: one, kind: {kind}, url: env:URL{more}}}\n"
        f"routes:\n  - {{to: [one]}}\n{rest}"
    )
