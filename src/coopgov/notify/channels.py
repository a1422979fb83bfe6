"""The format of channels files, key by key: where notices go, which of them, how often, and in which language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import ConfigDict, Field, model_validator

from coopgov.cases.words import NoticeKind
from coopgov.faults import NO_HINT, did_you_mean
from coopgov.languages import LANGUAGES, intended, is_supported, relative
from coopgov.locales import listed, one_of, phrase
from coopgov.notify.secret import Contact, Secret, SecretKey
from coopgov.schema import (
    Choice,
    Defect,
    Flag,
    Identifier,
    Label,
    Parsed,
    Part,
    WholeFile,
    format_tag,
    problem,
    problems,
    quoted,
    shown,
    written,
)
from coopgov.severities import Severity
from coopgov.source import Document

__all__ = [
    "CHANNELS_FORMAT",
    "CHANNEL_KINDS",
    "ChannelEntry",
    "ChannelKind",
    "Channels",
    "ChannelsFile",
    "Digest",
    "PersonEntry",
    "QuietEntry",
    "RouteEntry",
]

CHANNELS_FORMAT = "channels/1"
ChannelKind = Literal["wecom", "dingtalk", "feishu", "email", "webhook", "cloudevents", "apprise"]
"""What a channel is."""
CHANNEL_KINDS: tuple[ChannelKind, ...] = get_args(ChannelKind)
"""All kinds of channels."""
Digest = Literal["immediately", "daily", "weekly"]
"""How often a channel has a message."""
_HTTP = ("url", "proxy", "allow_private")
_KEYS: dict[str, tuple[str, ...]] = {
    "wecom": _HTTP,
    "dingtalk": (*_HTTP, "secret", "keyword"),
    "feishu": (*_HTTP, "secret", "keyword"),
    "email": ("to", "from", "server", "allow_private"),
    "webhook": _HTTP,
    "cloudevents": _HTTP,
    "apprise": ("url",),
}
"""The keys of each kind, besides `id` and `kind`."""
_NEEDED = {"email": ("to", "from", "server")}
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_LINK = re.compile(r"https://[^\s{}]*\{case\}[^\s{}]*")


def _parse_address(value: object) -> str:
    text = (written(value) or "").strip()
    if not _ADDRESS.fullmatch(text):
        raise problem("wrong-type", shown(value), phrase("notify.address"))
    return text


def _parse_receiver(value: object) -> str:
    """Parse who gets an e-mail: an address, or a name of the agreement or of `people`."""
    text = (written(value) or "").strip()
    if "@" in text:
        return _parse_address(value)
    if not text or re.search(r"\s", text):
        raise problem("wrong-type", shown(value), phrase("notify.receiver"))
    return text


def _parse_language(value: object) -> str:
    text = written(value) or ""
    if is_supported(text):
        return relative(text)
    near = intended(text)
    hint = phrase("common.did-you-mean", near=near) if near else NO_HINT
    raise problem("wrong-choice", shown(value), one_of(LANGUAGES), hint)


def _parse_link(value: object) -> str:
    text = (written(value) or "").strip()
    if not _LINK.fullmatch(text):
        raise problem("wrong-type", shown(value), phrase("notify.link"))
    return text


_ADDRESS_SCHEMA = {
    "title": "Address",
    "description": "An e-mail address.",
    "type": "string",
    "pattern": "^[^@]+@[^@]+$",
}
_RECEIVER_SCHEMA = {
    "title": "Receiver",
    "description": "An e-mail address, or a member, role or body.",
    "type": "string",
    "pattern": r"^\S+$",
}
_LANGUAGE_SCHEMA = {
    "title": "OwnLanguage",
    "description": "A language of coopgov: en, zh-Hans or zh-Hant.",
    "type": "string",
}
_LINK_SCHEMA = {
    "title": "CaseLink",
    "description": "A web address with {case} in place of the id of a case.",
    "type": "string",
    "pattern": r"^https://[^\s{}]*\{case\}[^\s{}]*$",
}
Address = Annotated[str, Parsed(_parse_address, schema=_ADDRESS_SCHEMA)]
Receiver = Annotated[str, Parsed(_parse_receiver, schema=_RECEIVER_SCHEMA)]
OwnLanguage = Annotated[str, Parsed(_parse_language, schema=_LANGUAGE_SCHEMA)]
CaseLink = Annotated[str, Parsed(_parse_link, schema=_LINK_SCHEMA)]


class ChannelEntry(Part):
    """A channel: a group robot, mailboxes, or the address of a program."""

    id: Identifier
    kind: ChannelKind
    """What it is: wecom, dingtalk, feishu, email, webhook, cloudevents, or apprise for all others."""
    url: SecretKey | None = None
    """Where its address is. It is a secret, so the file only names it."""
    secret: SecretKey | None = None
    """Where the secret of the signature is, if the robot checks signatures."""
    keyword: Label | None = None
    """The keyword that the robot asks for; it is in every part of a message."""
    to: tuple[Receiver, ...] = ()
    """Who gets the e-mail."""
    sender: Address | None = Field(default=None, alias="from")
    """The address that the e-mail comes from."""
    server: SecretKey | None = None
    """Where the address of the mail server is: smtp://host:port or smtps://user:password@host:port."""
    proxy: SecretKey | None = None
    """Where the address of a proxy is; proxies of the environment are not used."""
    allow_private: Flag = False
    """Whether its address may be in a private network."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ChannelEntry":
        if defects := list(self._misfits()):
            raise problems(defects)
        return self

    def _misfits(self) -> Iterator[Defect]:
        names = {"from": "sender"}
        known = _KEYS[self.kind]
        for key in ("url", "secret", "keyword", "to", "from", "server", "proxy", "allow_private"):
            given = names.get(key, key) in self.model_fields_set
            if given and key not in known:
                found = phrase("schema.the-key", key=key)
                expected = phrase("notify.key-of-kind", kind=self.kind, keys=listed(known))
                yield Defect((key,), "unknown-key", found, expected, key=True)
            elif key in _NEEDED.get(self.kind, ("url",)) and not getattr(self, names.get(key, key)):
                expected = phrase("notify.needed-key", kind=self.kind, key=key)
                yield Defect((key,), "missing-key", phrase("common.nothing"), expected, key=True)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The references to its secrets."""
        return tuple(filter(None, (self.url, self.secret, self.server, self.proxy)))


class RouteEntry(Part):
    """Which notices go to which channels; a notice takes every route that matches."""

    severity: Annotated[Severity, Choice("severities")] | None = None
    """The least severity; without it, all."""
    kinds: tuple[NoticeKind, ...] = ()
    """The kinds of notices; without them, all."""
    to: tuple[Identifier, ...]
    """The channels; an empty list says that nobody is notified, which never holds for critical notices."""


class QuietEntry(Part):
    """On which days notices wait; critical ones never do."""

    weekend: Literal["hold", "send"] = "send"
    """hold, if notices wait for the next working day on a weekend of the agreement."""
    holidays: Literal["hold", "send"] = "send"
    """hold, if notices wait for the next working day on a holiday of the agreement."""


class PersonEntry(Part):
    """Where a person can be reached, so that messages can mention them."""

    wecom: Contact | None = None
    """The user id in WeCom."""
    dingtalk_mobile: Contact | None = None
    """The mobile number in DingTalk."""
    feishu: Contact | None = None
    """The open id in Feishu, such as ou_123."""
    email: Contact | None = None
    """The e-mail address."""


class ChannelsFile(WholeFile):
    """A channels file: where notices of cases and warnings go."""

    model_config: ClassVar[ConfigDict] = ConfigDict(validate_default=False)

    coopgov: Annotated[str, format_tag(CHANNELS_FORMAT)]
    """The format of the file: channels/1."""
    channels: tuple[ChannelEntry, ...]
    """Where messages go."""
    routes: tuple[RouteEntry, ...]
    """Which notices go to which channels."""
    digest: Digest = "immediately"
    """How often a channel has a message: immediately (with each run), daily or weekly.

    Critical notices are in the next run.
    """
    quiet: QuietEntry = Field(default_factory=QuietEntry)
    """On which days notices wait."""
    language: dict[Identifier, OwnLanguage] = Field(default_factory=dict)
    """The language of each channel; English without it."""
    people: dict[Identifier, PersonEntry] = Field(default_factory=dict)
    """Where people can be reached: by the id of a member, role or body of the agreement."""
    link: CaseLink | None = None
    """A web page on which a case is answered: https://…/{case}; without it, messages show a command."""

    @model_validator(mode="after")
    def _holds_together(self) -> "ChannelsFile":
        if defects := list(self._loose_ends()):
            raise problems(defects)
        return self

    def _loose_ends(self) -> Iterator[Defect]:
        seen: set[str] = set()
        for number, channel in enumerate(self.channels):
            if channel.id in seen:
                found = phrase("notify.second-channel", id=channel.id)
                yield Defect(("channels", number, "id"), "duplicate-id", found, phrase("notify.own-id"))
            seen.add(channel.id)
        for number, route in enumerate(self.routes):
            for at, name in enumerate(route.to):
                if name not in seen:
                    yield _unknown(("routes", number, "to", at), name, seen)
        for name in self.language:
            if name not in seen:
                yield _unknown(("language", name), name, seen, key=True)


def _unknown(path: tuple[str | int, ...], name: str, known: set[str], *, key: bool = False) -> Defect:
    expected = phrase("notify.one-of-channels", names=listed(map(quoted, sorted(known))))
    return Defect(path, "unknown-channel", quoted(name), expected, did_you_mean(name, known), key=key)


@dataclass(frozen=True, slots=True)
class Channels:
    """A channels file that holds together, as `load_channels` returns it.

    `folder` is where paths of `file:` references start, and `document` knows the places of the values. It holds
    references to secrets, and never a secret.
    """

    file: ChannelsFile
    folder: Path
    document: Document | None = field(default=None, compare=False, repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the channels, in file order."""
        return tuple(each.id for each in self.file.channels)

    def channel(self, name: str) -> ChannelEntry:
        """Return a channel by its id."""
        return next(each for each in self.file.channels if each.id == name)

    def language(self, name: str) -> str:
        """Return the language of a channel."""
        return self.file.language.get(name, "en")

    def secrets(self) -> tuple[Secret, ...]:
        """Return the references to all secrets of the file."""
        contacts: list[Any] = [value for person in self.file.people.values() for _, value in person]
        found = [*(each for one in self.file.channels for each in one.secrets), *contacts]
        return tuple(dict.fromkeys(each for each in found if isinstance(each, Secret)))
