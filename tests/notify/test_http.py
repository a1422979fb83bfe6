"""What each service answers, and what follows: every outcome exact, and no secret in any of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from coopgov.notify import send
from coopgov.notify.answer import answer_of
from coopgov.notify.network import Deadline, PrivateAddressError, vetted
from notify.notices import KINDS, NOW, notice, one_channel
from notify.servers import KEY, answer, cut, drip, drip_body, service, slow

if TYPE_CHECKING:
    from coopgov.notify import Receipt
    from notify.servers import Reply

pytest.importorskip("httpx", reason="needs httpx: pip install coopgov[notify]")

_OK: dict[str, object] = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "data": {}},
    "webhook": {"anything": True},
    "cloudevents": {},
}
_REFUSED: dict[str, list[dict[str, object]]] = {
    "wecom": [
        {"errcode": 93000, "errmsg": f"invalid webhook url {KEY}"},
        {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"},
        {"errcode": 12345, "errmsg": "something new"},
    ],
    "dingtalk": [
        {"errcode": 310000, "errmsg": "keywords not in content"},
        {"errcode": 400013, "errmsg": "?"},
    ],
    "feishu": [
        {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"},
        {"code": 19022, "msg": "Ip Not Allowed"},
        {"code": 19024, "msg": "Key Words Not Found"},
        {"code": 9499, "msg": "Bad Request"},
    ],
}
_LIMITED: dict[str, list[dict[str, object]]] = {
    "wecom": [
        {"errcode": 45009, "errmsg": "api freq out of limit"},
        {"errcode": -1, "errmsg": "system busy"},
    ],
    "dingtalk": [{"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}],
    "feishu": [{"code": 11232, "msg": "frequency limited"}, {"code": 9499, "msg": "too many request"}],
}
_ROBOTS = ("wecom", "dingtalk", "feishu")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deadline that is soon over, for services that do not answer."""
    monkeypatch.setattr("coopgov.notify.wire.SECONDS", 0.3)


def _came_of(kind: str, reply: Reply) -> Receipt:
    """The receipt of one notice that is sent to a service of a kind."""
    with service(reply) as running:
        (receipt,) = send([notice()], one_channel(kind), now=NOW, environment={"URL": running.address})
    return receipt


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_service_accepts_is_delivered(kind: str) -> None:
    """Each kind has its own sign of success; for a webhook it is the status alone."""
    assert _came_of(kind, answer(_OK[kind])).state == "delivered"


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind in _ROBOTS for body in _REFUSED[kind]])
def test_a_refusal_in_the_body_of_a_success_is_final(kind: str, body: dict[str, object]) -> None:
    """HTTP says 200, the body says no: it is refused for good, and what the service said is not repeated."""
    receipt = _came_of(kind, answer(body))
    assert receipt.state == "refused"
    assert str(body.get("errcode", body.get("code"))) in receipt.why
    assert KEY not in receipt.why


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind in _ROBOTS for body in _LIMITED[kind]])
def test_a_limit_in_the_body_of_a_success_is_tried_again(kind: str, body: dict[str, object]) -> None:
    """HTTP says 200, the body says later."""
    assert _came_of(kind, answer(body)).state == "again"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("reply", "state", "why"),
    [
        (answer({}, 429), "again", "status 429: too many messages"),
        (answer({}, 500), "again", "status 500: a fault of the service"),
        (answer({}, 503), "again", "status 503: a fault of the service"),
        (
            answer({}, 302, f"Location: http://127.0.0.1/{KEY}\r\n"),
            "refused",
            "status 302: redirects are not followed",
        ),
        (answer({}, 400), "refused", "status 400"),
        (answer({}, 404), "refused", "status 404"),
        (cut, "again", "the connection failed"),
    ],
    ids=["429", "500", "503", "302", "400", "404", "cut"],
)
def test_a_service_that_fails(kind: str, reply: Reply, state: str, why: str) -> None:
    """The same for all kinds: what can pass is tried again, what cannot is refused."""
    receipt = _came_of(kind, reply)
    assert (receipt.state, str(receipt.why)) == (state, why)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reply", [slow, drip, drip_body])
def test_a_service_that_does_not_answer_in_time(kind: str, reply: Reply) -> None:
    """One deadline holds for the whole request, also where each character comes soon after the last."""
    receipt = _came_of(kind, reply)
    assert (receipt.state, str(receipt.why)) == ("again", "no answer in time")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [b"<html>welcome</html>", b"", b"[0]", b"\xff\xfe", b"null"])
def test_an_answer_that_is_not_json(kind: str, body: bytes) -> None:
    """Where JSON is the answer, anything else is not from the service; a webhook may say anything."""
    receipt = _came_of(kind, answer(body))
    expected = "refused" if kind in _ROBOTS else "delivered"
    assert receipt.state == expected
    if kind in _ROBOTS:
        assert receipt.why == "the answer is not JSON: the address is not that of the service"


@pytest.mark.parametrize("kind", _ROBOTS)
@pytest.mark.parametrize(
    "body", [{}, {"errcode": None}, {"code": True, "errcode": True}, {"code": "x", "errcode": "x"}]
)
def test_json_without_a_code_is_no_success(kind: str, body: dict[str, object]) -> None:
    """Silence is never read as success."""
    assert _came_of(kind, answer(body)).why.startswith("the answer has no code")


def test_an_answer_that_never_ends_is_not_read_to_its_end() -> None:
    """A megabyte of zeros is no answer of a robot."""
    assert _came_of("wecom", answer(b'{"errcode": 0, "x": "' + b"0" * 1_000_000 + b'"}')).state == "refused"


def test_how_long_a_service_asks_to_wait() -> None:
    """DingTalk blocks for ten minutes, `Retry-After` counts up to four hours, WeCom is asked three times more."""
    blocked = answer_of("dingtalk", 200, b'{"errcode": 130101}', {})
    assert blocked.wait == timedelta(minutes=10)
    assert answer_of("webhook", 429, b"", {"retry-after": "90"}).wait == timedelta(seconds=90)
    assert answer_of("webhook", 429, b"", {"retry-after": "999999"}).wait == timedelta(hours=4)
    assert answer_of("webhook", 429, b"", {"retry-after": "soon"}).wait == timedelta(0)
    assert answer_of("wecom", 200, b'{"errcode": -1}', {}).most == 3


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/hook",
        "http://localhost:1/hook",
        "ftp://127.0.0.1/hook",
        "https://",
        "not an address",
        "https://[::1",
    ],
)
def test_only_https_is_used(address: str) -> None:
    """Plain HTTP is for 127.0.0.1 alone; nothing is sent, so nothing is lost when the address is put right."""
    (receipt,) = send([notice()], one_channel("wecom"), now=NOW, environment={"URL": address})
    assert receipt.state == "unsent"
    assert "https" in receipt.why
    assert address not in str(receipt.to_dict())


@pytest.mark.parametrize(
    "host",
    ["10.1.2.3", "192.168.1.1", "169.254.169.254", "127.0.0.2", "[::1]", "[::ffff:10.0.0.1]", "2130706433"],
)
def test_private_addresses_are_refused(host: str) -> None:
    """Whatever the spelling, a private address is not reached unless the file allows it."""
    (receipt,) = send([notice()], one_channel("wecom"), now=NOW, environment={"URL": f"https://{host}/x"})
    assert (receipt.state, "allow_private" in receipt.why) == ("unsent", True)


def test_a_name_with_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses of a name are looked at, and one private address among them is enough."""
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr("coopgov.notify.network.socket.getaddrinfo", lambda *_, **__: found)
    with pytest.raises(PrivateAddressError):
        vetted("example.org", 443, Deadline(1), allow_private=False)
    assert vetted("example.org", 443, Deadline(1), allow_private=True) == ["93.184.216.34", "10.0.0.7"]


@pytest.mark.usefixtures("impatient")
def test_a_name_server_that_does_not_answer_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Finding the address is part of the deadline."""
    forever = threading.Event()
    monkeypatch.setattr("coopgov.notify.network.socket.getaddrinfo", lambda *_, **__: forever.wait(5) and [])
    (receipt,) = send([notice()], one_channel("wecom"), now=NOW, environment={"URL": "https://example.org/x"})
    forever.set()
    assert receipt.why == "no answer in time"


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a proxy that the file names is used."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert _came_of("webhook", answer({})).state == "delivered"


def test_a_proxy_of_the_file_is_used() -> None:
    """The whole address goes to the proxy, which answers in the place of the service."""
    with service(answer({})) as proxy:
        secrets = {"URL": f"http://127.0.0.1:9/hook?key={KEY}", "PROXY": f"http://127.0.0.1:{proxy.port}"}
        channels = one_channel("webhook", ", proxy: env:PROXY")
        (receipt,) = send([notice()], channels, now=NOW, environment=secrets)
        assert receipt.state == "delivered"
        assert proxy.seen[0].target.startswith("http://127.0.0.1:9/hook")


def test_dingtalk_is_signed() -> None:
    """The query has the milliseconds, and base64 of HMAC-SHA256 over them and the secret."""
    with service(answer(_OK["dingtalk"])) as running:
        secrets = {"URL": running.address, "SEC": "SEC0a1b2c"}
        channels = one_channel("dingtalk", ", secret: env:SEC")
        send([notice()], channels, now=NOW, environment=secrets)
        query = parse_qs(urlsplit(running.seen[0].target).query)
    milliseconds = str(int(NOW.timestamp() * 1000))
    expected = hmac.new(b"SEC0a1b2c", f"{milliseconds}\nSEC0a1b2c".encode(), hashlib.sha256).digest()
    assert query["key"] == [KEY]
    assert query["timestamp"] == [milliseconds]
    assert query["sign"] == [base64.b64encode(expected).decode()]


def test_feishu_is_signed() -> None:
    """The key of the signature is the seconds and the secret, and the text is empty."""
    with service(answer(_OK["feishu"])) as running:
        secrets = {"URL": running.address, "SEC": "demo"}
        send([notice()], one_channel("feishu", ", secret: env:SEC"), now=NOW, environment=secrets)
        body = running.seen[0].json
    seconds = str(int(NOW.timestamp()))
    expected = hmac.new(f"{seconds}\ndemo".encode(), b"", hashlib.sha256).digest()
    assert body["timestamp"] == seconds
    assert body["sign"] == base64.b64encode(expected).decode()


def test_each_request_has_its_key_and_type() -> None:
    """The same notices have the same `Idempotency-Key`; CloudEvents have their own type, and one event a notice."""
    with service(answer({})) as running:
        for _ in range(2):
            for kind in ("webhook", "cloudevents"):
                two = [notice(), notice(case="C-other")]
                send(two, one_channel(kind), now=NOW, environment={"URL": running.address})
    keys = [each.headers["idempotency-key"] for each in running.seen]
    types = [each.headers["content-type"].partition(";")[0] for each in running.seen]
    assert types == ["application/json", "application/cloudevents+json", "application/cloudevents+json"] * 2
    assert keys[:3] == keys[3:]
    assert len(set(keys)) == 3


def test_what_libraries_log_names_no_address(caplog: pytest.LogCaptureFixture) -> None:
    """Not even at the level of debugging, also where the service repeats its address."""
    caplog.set_level(logging.DEBUG)
    _came_of("wecom", answer({}, 302, f"Location: https://example.org/{KEY}\r\n"))
    assert KEY not in caplog.text
