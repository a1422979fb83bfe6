"""Channels files: what they accept, and faults with places that quote no secret."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from coopgov.cli.schemas import schema_of
from coopgov.errors import ChannelsError
from coopgov.notify import Secret, load_channels, parse_channels
from coopgov.notify.masking import masked_line, shown_address, without_secrets
from coopgov.notify.secret import revealed
from coopgov.source import plain, read_document
from notify.servers import KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

WHOLE = """\
coopgov: channels/1
channels:
  - {id: group, kind: wecom, url: env:COOPGOV_WECOM}
  - {id: ding, kind: dingtalk, url: env:DING, secret: env:DING_SECRET, keyword: coopgov}
  - {id: fs, kind: feishu, url: file:/run/secrets/feishu}
  - {id: board, kind: email, to: [joint-lead, head@example.org], from: coopgov@example.org, server: env:SMTP}
  - {id: hook, kind: webhook, url: env:HOOK, proxy: env:PROXY, allow_private: true}
  - {id: bus, kind: cloudevents, url: env:BUS}
  - {id: else, kind: apprise, url: env:OTHER}
routes:
  - {severity: major, kinds: [fired, worsened, escalated], to: [group, board]}
  - {to: [bus]}
digest: daily
quiet: {weekend: hold, holidays: hold}
language: {group: zh_CN, board: en}
people: {tech: {wecom: zhang.san, dingtalk_mobile: env:TECH_MOBILE, email: tech@example.org, feishu: ou_1}}
link: https://example.org/cases/{case}
"""


def _faults(text: str) -> list[str]:
    with pytest.raises(ChannelsError) as error:
        parse_channels(text, "c.yaml")
    return [str(each) for each in error.value.faults]


def _file(channels: Sequence[str] = ("{id: group, kind: wecom, url: env:URL}",), rest: str = "") -> str:
    listed = "\n".join(f"  - {each}" for each in channels)
    return f"coopgov: channels/1\nchannels:\n{listed}\nroutes:\n  - {{to: [group]}}\n{rest}"


def test_a_whole_file() -> None:
    """Every key of the format."""
    channels = parse_channels(WHOLE)
    assert channels.ids == ("group", "ding", "fs", "board", "hook", "bus", "else")
    assert channels.language("group") == "zh-Hans"
    assert channels.language("bus") == "en"
    assert Secret("env", "TECH_MOBILE") in channels.secrets()
    assert str(channels.channel("fs").url) == "file:/run/secrets/feishu"


def test_the_example_loads() -> None:
    """The file that the pages show."""
    shipped = Path(__file__).parents[2] / "examples" / "notify" / "channels.yaml"
    assert load_channels(shipped).ids == ("group", "board", "bus")


def test_the_schema_accepts_what_the_loader_accepts() -> None:
    """`coopgov schema channels` is a JSON Schema for editors."""
    schema = schema_of("channels")
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema)
    assert list(valid.iter_errors(plain(read_document(WHOLE, "c").root))) == []
    wrong = plain(read_document(WHOLE.replace("env:BUS", "https://example.org"), "c").root)
    assert [error.json_path for error in valid.iter_errors(wrong)] == ["$.channels[5].url"]


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (
            "{id: group, kind: wecom}",
            "c.yaml:3:5: missing-key: found nothing, expected a channel of kind wecom needs the key `url`",
        ),
        (
            "{id: group, kind: wecom, url: env:URL, to: [a]}",
            'c.yaml:3:44: unknown-key: found the key "to", expected for wecom only url, proxy, allow_private',
        ),
        (
            "{id: group, kind: email, to: [a], from: x, server: env:S}",
            'c.yaml:3:45: wrong-type: found "x", expected an e-mail address',
        ),
        (
            "{id: group, kind: telegram, url: env:URL}",
            'c.yaml:3:23: wrong-choice: found "telegram", expected one of',
        ),
        (
            "{id: group, kind: wecom, url: env:NOT-A-NAME}",
            "c.yaml:3:35: plain-secret: found a value that is no reference, which is not repeated here because it",
        ),
    ],
)
def test_faults_of_a_channel(channel: str, expected: str) -> None:
    """Each with its place, what was found and what was expected."""
    assert _faults(_file([channel]))[0].split("\n")[0].startswith(expected)


def test_all_faults_at_once() -> None:
    """Names that no channel has, twice the same id, an unknown language, a link without a case."""
    text = _file(
        ["{id: group, kind: wecom, url: env:URL}", "{id: group, kind: feishu, url: env:URL}"],
        "  - {severity: grave, to: [grup], kinds: [fird]}\nlanguage: {group: klingon}\nlink: https://example.org\n"
        "quiet: {weekend: maybe}\ndigest: hourly\n",
    )
    codes = [each.split(": ")[1] for each in _faults(text)]
    assert codes == ["wrong-choice"] * 3 + ["wrong-type", "wrong-choice", "wrong-choice"]
    assert [each.split(": ")[1] for each in _faults(text.split("  - {severity")[0])] == ["duplicate-id"]
    routed = _file(rest="  - {to: [grup]}\nlanguage: {bus: en}\n")
    assert [each.split("; ")[-1].split("\n")[0] for each in _faults(routed)] == [
        'did you mean "group"?',
        'c.yaml:7:12: unknown-channel: found "bus", expected one of the channels "group"',
    ]


SECRETS = (
    f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}",
    f"smtps://me:{KEY}@mail.example.org",
    f"tgram://{KEY}/12345",
    KEY,
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "text",
    [
        _file(["{id: group, kind: wecom, url: SECRET}"]),
        _file(["{id: group, kind: dingtalk, url: env:A, secret: SECRET}"]),
        _file(["{id: group, kind: wecom, ulr: SECRET}"]),
        _file(["{id: group, kind: SECRET, url: env:A}"]),
        _file(["{id: SECRET, kind: wecom, url: env:A}"]),
        _file(["{id: group, kind: wecom, url: SECRET"]),
        _file(["{id: group, kind: wecom, url: [SECRET]}"]),
        _file(["id: group\n    kind: wecom\n    url: SECRET\n    url: SECRET"]),
        _file(["id: group\n    kind: wecom\n    url:\n      SECRET"]),
        _file(["id: group\n    kind: wecom\n\turl: SECRET"]),
        _file(rest="SECRET: 1\n"),
        _file(rest="link: SECRET\n"),
        _file(rest="language: {group: SECRET}\n"),
        _file(rest="people: {tech: {email: 'SECRET x'}}\n"),
        _file(rest="quiet: SECRET\n"),
        _file(rest="routes: SECRET\n"),
        "coopgov: channels/2\nSECRET\n",
        "coopgov: channels/1\n- SECRET\n",
    ],
)
def test_no_fault_quotes_a_secret(text: str, secret: str) -> None:
    """Wherever it was written by mistake, with whatever else is wrong."""
    with pytest.raises(ChannelsError) as error:
        parse_channels(text.replace("SECRET", secret), "c.yaml")
    for language in ("en", "zh-Hans", "zh-Hant"):
        assert KEY not in error.value.in_language(language)
    assert KEY not in repr(error.value)


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from("abcXYZ019:/?=&@ -_{}[],\"'#"), max_size=60))
def test_a_masked_line_is_as_long_as_before(line: str) -> None:
    """So the caret below it is at the right place."""
    assert len(masked_line(line)) == len(line)


def test_references_are_read_when_they_are_needed(tmp_path: Path) -> None:
    """From the environment and from files beside the channels file; what is empty is not there."""
    (tmp_path / "key").write_text(f"{KEY}\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(_file(["{id: group, kind: wecom, url: file:key}"]), encoding="utf-8")
    channels = load_channels(tmp_path / "c.yaml")
    assert revealed(channels.secrets(), channels.folder) == {"file:key": KEY}
    several = [Secret("env", "A"), Secret("env", "B"), Secret("file", "missing")]
    assert revealed(several, tmp_path, {"A": " x ", "B": ""}) == {"env:A": "x"}


def test_addresses_are_shown_without_what_is_secret() -> None:
    """The host is shown, the user, the path and the query are not."""
    shown = [shown_address(each, opaque=each.startswith("tgram")) for each in SECRETS]
    assert shown == ["https://qyapi.weixin.qq.com/***", "smtps://mail.example.org", "tgram://***", "***"]


def test_secrets_are_removed_from_texts_in_any_spelling() -> None:
    """As they are, percent-encoded, and the parts of addresses."""
    whole = "https://me:p%40ss-word@example.org/hook/t0ken-1234?key=a b"
    for text in (
        whole,
        "p@ss-word",
        "p%40ss-word",
        "/hook/t0ken-1234?key=a b",
        "t0ken-1234",
        "/hook/t0ken-1234",
    ):
        assert without_secrets(f"x {text} y", [whole]) == "x *** y"
    assert without_secrets("an ordinary text", [whole]) == "an ordinary text"
