"""Messages: what they say in three languages, and how long ones are split."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import load_agreement
from coopgov.notify import Background, render_notices
from coopgov.notify.channels import CHANNEL_KINDS
from coopgov.notify.split import size, split_blocks
from coopgov.schema import LocalText
from notify.notices import notice

if TYPE_CHECKING:
    from coopgov.cases.notice import Notice

PILOT = Background(load_agreement("examples/pilot/agreement.yaml"), store="cases.db")


def _said(text: str, **changes: object) -> Notice:
    return notice(text=LocalText((("", text),)), **changes)


def _texts(kind: str, payload: dict[str, Any]) -> str:
    match kind:
        case "wecom":
            return str(payload["markdown"]["content"])
        case "dingtalk":
            return str(payload["markdown"]["text"])
        case "feishu":
            return f"{payload['card']['header']['title']['content']}\n{payload['card']['elements'][0]['content']}"
    return str(payload.get("text") or payload.get("body"))


_CHINESE_MESSAGE = (
    '**港口数据合作：1 项严重**\n\n**<font color="warning">加重，现为严重：阶段延误，核心项目</font>**\n'
    "通知 Joint leads（Project manager of the port、Technical liaison of the university）。请于 2026-11-10 前答复。\n"
    "> 核心项目延误 37 天，占计划工期的 20.3 %。\n> 始于 2026-10-19。\n> 建议措施：增加班次（项目经理）。\n"
    "> 已同时告知：项目经理。\n\n"
    "`coopgov cases ack C-0123456789ab --by joint-lead --store cases.db`"
)
_ENGLISH_MESSAGE = (
    "Worse, now major: Phase late, Core projects\n"
    "For Joint leads (Project manager of the port, Technical liaison of the university). Answer by 2026-11-10.\n"
    "Core projects is late by 37 days, 20.3 % of its planned window.\nSince 2026-10-19.\n"
    "To do: Second shift (Project manager).\nAlso informed: Project manager.\n"
    "coopgov cases ack C-0123456789ab --by joint-lead --store cases.db"
)


@pytest.mark.parametrize(
    ("kind", "language", "expected"),
    [
        ("wecom", "zh-Hans", _CHINESE_MESSAGE),
        ("apprise", "en", _ENGLISH_MESSAGE),
    ],
)
def test_what_a_message_says(kind: Any, language: str, expected: str) -> None:
    """What, for whom, why, since when, what to do, by when, who else knows, and how to answer."""
    (payload,) = render_notices(kind, [notice()], language, background=PILOT)
    assert _texts(kind, payload) == expected


@pytest.mark.parametrize("kind", CHANNEL_KINDS)
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_kind_in_every_language(kind: Any, language: str) -> None:
    """The text of the language is in each payload, which is JSON."""
    (payload,) = render_notices(kind, [notice()], language, background=PILOT)
    said = json.dumps(payload, ensure_ascii=False)
    assert ("37 days" in said) is (language == "en")
    assert "C-0123456789ab" in said


def test_the_worst_is_first_and_counted_in_the_head() -> None:
    """What a telephone shows of a message is its head."""
    several = [
        _said("a", severity="minor"),
        _said("b", severity="critical"),
        _said("c", severity="minor", case="C-2"),
    ]
    (payload,) = render_notices("dingtalk", several, "en", background=PILOT)
    assert payload["markdown"]["title"] == "Harbour data cooperation: 1 critical, 2 minor"
    text = payload["markdown"]["text"]
    assert text.index("**b**") < text.index("**a**") < text.index("**c**")


def test_who_is_only_informed_joins_those_who_are_asked() -> None:
    """One block for a case, since it names who else is informed; programs get both notices."""
    both = [notice(), notice(kind="informed", to="project-manager", by=None)]
    (payload,) = render_notices("wecom", both, "en", background=PILOT)
    assert payload["markdown"]["content"].count("Core projects is late") == 1
    assert "1 major" in payload["markdown"]["content"]
    assert len(render_notices("webhook", both)[0]["notices"]) == 2
    assert len(render_notices("cloudevents", both)) == 2


def test_people_are_mentioned() -> None:
    """Each service in its own way: the body's own address, else those of its members."""
    people = {"pm": "li.si", "tech": "zhang.san"}
    known = Background(PILOT.agreement, people=people)
    (wecom,) = render_notices("wecom", [notice()], background=known)
    (dingtalk,) = render_notices("dingtalk", [notice()], background=known)
    (feishu,) = render_notices("feishu", [notice()], background=known)
    assert "<@li.si> <@zhang.san>" in wecom["markdown"]["content"]
    assert dingtalk["at"] == {"atMobiles": ["li.si", "zhang.san"], "isAtAll": False}
    assert "@li.si @zhang.san" in dingtalk["markdown"]["text"]
    assert "<at id=li.si></at>" in feishu["card"]["elements"][0]["content"]


def test_a_link_replaces_the_command() -> None:
    """Where there is a page to answer on, nobody needs a terminal."""
    (payload,) = render_notices(
        "wecom", [notice()], "zh-Hans", background=Background(link="https://example.org/c/{case}")
    )
    assert "[答复](https://example.org/c/C-0123456789ab)" in payload["markdown"]["content"]
    assert "coopgov cases" not in payload["markdown"]["content"]


def test_what_needs_no_answer_shows_the_case() -> None:
    """An overdue action is not acknowledged."""
    (payload,) = render_notices("wecom", [notice(kind="action-overdue")])
    assert "`coopgov cases show C-0123456789ab --store STORE`" in payload["markdown"]["content"]


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize(
    "evil",
    ["<@all>", "<at id=all></at>", '<font color="info">ok</font>', "[safe](https://evil.example)", "`code`"],
)
def test_texts_of_agreements_steer_nothing(kind: Any, evil: str) -> None:
    """Nobody is mentioned, nothing coloured and no link hidden by what an agreement says."""
    text = _texts(kind, render_notices(kind, [_said(f"x {evil}\ny {evil}")])[0])
    assert evil not in text
    assert "](https://evil" not in text


def test_control_characters_are_visible() -> None:
    """They could turn a message around."""
    (payload,) = render_notices("wecom", [_said("a\u202eb\x1b[2K")])
    assert "\\u202e" in payload["markdown"]["content"]


def test_cloudevents_have_what_the_specification_wants() -> None:
    """CloudEvents 1.0, structured: id, source, specversion and type, and the same id whenever it is made."""
    (event,) = render_notices("cloudevents", [("N-1", notice())], "en", background=PILOT)
    assert {key: event[key] for key in ("specversion", "id", "source", "type", "subject", "time")} == {
        "specversion": "1.0",
        "id": "N-1",
        "source": "/coopgov/agreements/harbour-data",
        "type": "coopgov.notice.worsened",
        "subject": "phase-late@phase/core",
        "time": "2026-11-09T00:00:00Z",
    }
    assert event["data"]["by"] == "2026-11-10"
    assert render_notices("cloudevents", [notice()]) == render_notices("cloudevents", [notice()])


def test_no_notices_give_no_message() -> None:
    """Not even an empty one."""
    assert [render_notices(kind, []) for kind in CHANNEL_KINDS] == [()] * 7


def test_a_chinese_digest_of_400_lines() -> None:
    """WeCom: five parts of at most 4,096 bytes, every line once, and no character cut."""
    lines = [f"第{number:03d}行阶段延误需要尽快答复。" for number in range(400)]
    assert {len(line) for line in lines} == {16}
    parts = render_notices("wecom", [_said("\n".join(["标题", *lines]))], "zh-Hans", background=PILOT)
    texts = [part["markdown"]["content"] for part in parts]
    assert [size(text) <= 4096 for text in texts] == [True] * len(texts)
    assert len(texts) == 5
    found = [line.removeprefix("> ") for text in texts for line in text.split("\n")]
    assert [line for line in found if line in set(lines)] == lines
    assert [text.split("\n")[0][-7:] for text in texts] == [
        f"({n}/{len(texts)})**" for n in range(1, len(texts) + 1)
    ]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_long_digests_of_dingtalk_and_feishu(kind: Any) -> None:
    """Their limit holds for the whole request, in which a line feed is two bytes; the keyword is in every part."""
    many = [_said(f"标题{n}\n" + '"引号"\n' * 60, case=f"C-{n}") for n in range(80)]
    parts = render_notices(kind, many, "zh-Hans", background=PILOT, keyword="协作")
    assert len(parts) > 1
    for part in parts:
        assert size(json.dumps(part, ensure_ascii=False)) <= 20_000
        assert "协作" in _texts(kind, part)


@settings(max_examples=300)
@given(
    st.lists(st.text(alphabet="ab 期限，。\U0001f600", max_size=80), min_size=1, max_size=30),
    st.integers(40, 200),
)
def test_splitting_keeps_every_character(blocks: list[str], limit: int) -> None:
    """Parts fit, and together they are the whole, but for spaces and line ends where they were cut."""
    parts = split_blocks(blocks, limit, lambda number, lines: f"{number}|{lines}")
    assert all(size(part) <= limit for part in parts)
    joined = "".join(part.split("|", 1)[1] for part in parts)
    assert "".join(joined.split()) == "".join("".join(blocks).split())


def test_dates_are_those_of_the_notice() -> None:
    """Rendering reads no clock: the same notices give the same payloads."""
    one = [render_notices(kind, [notice(on=date(2020, 1, 1))]) for kind in CHANNEL_KINDS]
    assert one == [render_notices(kind, [notice(on=date(2020, 1, 1))]) for kind in CHANNEL_KINDS]
