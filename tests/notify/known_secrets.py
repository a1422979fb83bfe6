"""A channels file whose every secret is known, and services that repeat what they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.servers import KEY, answer, cut, drip, slow

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from notify.servers import Reply

SIGNING, MOBILE, PASSWORD = "SECf00d5ecre7", "13812345678", "pa55-w0rd-0f-mail"
FILE = """\
coopgov: channels/1
channels:
  - {id: group, kind: wecom, url: env:URL}
  - {id: ding, kind: dingtalk, url: env:URL, secret: env:SIGNING}
  - {id: fs, kind: feishu, url: file:url.txt, secret: env:SIGNING}
  - {id: hook, kind: webhook, url: env:URL, proxy: env:PROXY}
  - {id: bus, kind: cloudevents, url: env:USER}
  - {id: bad, kind: cloudevents, url: env:BROKEN}
  - {id: board, kind: email, to: [tech], from: coopgov@example.org, server: env:SMTP}
routes: [{to: [group, ding, fs, hook, bus, bad, board]}]
people: {joint-lead: {dingtalk_mobile: env:MOBILE}, tech: {email: env:MAIL}}
"""


def _echo(connection: socket.socket) -> None:
    """An answer that repeats the address and the keys, in its head and its body."""
    said = {"errcode": 40001, "code": 40001, "errmsg": f"{KEY} {SIGNING} {MOBILE}"}
    connection.sendall(answer(said, 200, f"X-Key: {KEY}\r\n"))


REPLIES: tuple[Reply, ...] = (
    _echo,
    answer({"errmsg": KEY}, 400),
    answer(f"<a href='{KEY}'>".encode()),
    answer({}, 302, f"Location: https://example.org/{KEY}\r\n"),
    answer({}, 500),
    answer({}, 429),
    cut,
    slow,
    drip,
    f"HTTP/1.1 {KEY}\r\n\r\n".encode(),
)
"""What a service can do wrong."""


def environment(folder: Path, address: str, port: int) -> dict[str, str]:
    """Every secret of the file, for a service; one of them is in a file of a folder."""
    (folder / "url.txt").write_text(address, encoding="utf-8")
    return {
        "URL": address,
        "SIGNING": SIGNING,
        "MOBILE": MOBILE,
        "MAIL": f"tech.{KEY}@example.org",
        "PROXY": f"http://me:{PASSWORD}@127.0.0.1:{port}",
        "USER": address.replace("//", f"//me:{PASSWORD}@"),
        "SMTP": f"smtp://me:{PASSWORD}@127.0.0.1:{port}",
        "BROKEN": f"http://example.org/{KEY}",
    }


def clean(text: str) -> bool:
    """Whether a text holds no secret, and no path of an address."""
    return not any(secret in text for secret in (KEY, SIGNING, MOBILE, PASSWORD, "/hook/send"))
