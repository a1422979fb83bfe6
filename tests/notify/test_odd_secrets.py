"""Whatever is at a reference: sending raises nothing, keeps quiet about it, and says what cannot be used."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov.notify import parse_channels, send
from coopgov.schema import LocalText
from notify.known_secrets import clean
from notify.notices import KINDS, NOW, notice, one_channel
from notify.servers import KEY, answer, service
from notify.test_smtp import mail_server

pytest.importorskip("httpx", reason="needs httpx: pip install coopgov[notify]")

_MAIL = parse_channels(
    "coopgov: channels/1\nchannels: [{id: one, kind: email, to: [a, b], from: c@example.org, server: env:URL}]\n"
    "routes: [{to: [one]}]\npeople: {a: {email: env:A}, b: {email: env:B}}\n"
)
_MORE = {
    "dingtalk": ", secret: env:SECRET",
    "feishu": ", secret: env:SECRET",
    "webhook": ", proxy: env:PROXY",
}
_PIECE = st.one_of(
    st.sampled_from(
        [
            "http://",
            "https://",
            "smtp://",
            "smtps://",
            "127.0.0.1:1",
            "[::1",
            "]",
            "@",
            ":",
            "xn--",
            "%",
            "%zz",
            "\u2100",
        ]
    ),
    st.sampled_from(
        [f"/{KEY}", "?", "#", "..", "\ud800", "\x00", "\n", " ", "a" * 70, "0x7f.1", "[fe80::1%25eth0]"]
    ),
    st.characters(),
)
_ODD = st.lists(_PIECE, max_size=6).map(lambda pieces: "".join([*pieces, KEY]))
"""Addresses that are hardly any, each with a secret in it."""


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*KINDS, "email"]), st.sampled_from(["URL", "SECRET", "PROXY", "A"]), _ODD)
def test_odd_secrets_raise_nothing_and_are_not_shown(kind: str, where: str, odd: str) -> None:
    """Neither an address, nor a proxy, a signing secret or a recipient: the result is a receipt without it."""
    channels = _MAIL if kind == "email" else one_channel(kind, _MORE.get(kind, ""))
    good = {
        "URL": "smtp://127.0.0.1:1" if kind == "email" else "http://127.0.0.1:1/",
        "SECRET": "s",
        "A": "a@b.org",
    }
    known = {**good, "PROXY": "http://127.0.0.1:1", "B": "b@b.org", where: odd}
    with patch("coopgov.notify.network._asked", side_effect=OSError):
        receipts = send([notice()], channels, now=NOW, environment=known)
    assert receipts
    for receipt in receipts:
        assert not receipt.settled
        assert clean(f"{receipt!r} {receipt.to_dict()} {receipt.why.in_language('zh-Hant')}")


@pytest.mark.parametrize(
    ("kind", "where", "odd", "why"),
    [
        ("dingtalk", "URL", f"https://{KEY}\u2100@example.org/", "the address or the secret of the channel"),
        ("dingtalk", "SECRET", "\ud800", "the address or the secret of the channel"),
        ("feishu", "SECRET", "\ud800", "the address or the secret of the channel"),
        ("wecom", "URL", "https://xn--s3cr3tKEY99/", "the address is not one with https"),
        ("webhook", "PROXY", f"smtp://[::1{KEY}", "the address of the proxy"),
        ("webhook", "PROXY", "127.0.0.1:3128", "the address of the proxy"),
    ],
)
def test_what_cannot_be_used_is_said(kind: str, where: str, odd: str, why: str) -> None:
    """It is not sent, so nothing is lost when it is put right."""
    known = {"URL": "http://127.0.0.1:1/", "SECRET": "s", "PROXY": "http://127.0.0.1:1", where: odd}
    (receipt,) = send([notice()], one_channel(kind, _MORE.get(kind, "")), now=NOW, environment=known)
    assert receipt.state == "unsent"
    assert receipt.why.startswith(why)


@pytest.mark.parametrize("error", [RuntimeError, KeyError, RecursionError])
def test_an_error_of_a_library_is_not_shown(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    """Nobody knows what it holds; it counts as a try that failed, so that it does not go on for ever."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise error(KEY)

    monkeypatch.setattr("coopgov.notify.http.post", fail)
    (receipt,) = send([notice()], one_channel("wecom"), now=NOW, environment={"URL": "https://example.org/"})
    assert (receipt.state, receipt.why.key) == ("again", "notify.answers.unexpected")
    assert clean(repr(receipt))


@pytest.mark.parametrize(
    "wrong", ["tech", "tech@", "@example.org", "<a@b.org>", "a@b.org\nBcc: c@d.org", "\ud800@b.org"]
)
def test_one_recipient_without_a_valid_address_costs_the_others_nothing(wrong: str) -> None:
    """It is refused, and the header of the others' copies does not name it."""
    with mail_server({}) as (mailbox, address):
        known = {"URL": address, "A": wrong, "B": "b@b.org"}
        receipts = send([notice()], _MAIL, now=NOW, environment=known)
    assert [(each.to, each.state) for each in receipts] == [("env:A", "refused"), ("env:B", "delivered")]
    assert [each[1] for each in mailbox.arrived] == [["b@b.org"]]


@pytest.mark.parametrize("kind", [*KINDS, "email"])
def test_half_a_surrogate_pair_in_a_text_is_sent(kind: str) -> None:
    """UTF-8 cannot hold it; the rest of the message arrives."""
    odd = notice(text=LocalText((("en", "Odd \ud800 text\nline"),)))
    if kind == "email":
        with mail_server({}) as (_, address):
            receipts = send(
                [odd], _MAIL, now=NOW, environment={"URL": address, "A": "a@b.org", "B": "b@b.org"}
            )
    else:
        with service(answer({"errcode": 0, "code": 0})) as running:
            receipts = send([odd], one_channel(kind), now=NOW, environment={"URL": running.address})
            assert b"line" in running.seen[0].body
            assert running.seen[0].json
    assert {each.state for each in receipts} == {"delivered"}
