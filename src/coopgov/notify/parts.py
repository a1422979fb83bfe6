"""The parts of a message of a channel: which notices fit into it, who gets it, and the keys of its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.locales import phrase
from coopgov.notify.brief import PLACE, Background
from coopgov.notify.ids import message_id
from coopgov.notify.receipt import Receipt
from coopgov.notify.render import payloads
from coopgov.notify.secret import Secret
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgov.cases.notice import Notice
    from coopgov.notify.channels import ChannelEntry, Channels

    Named = tuple[str, Notice]

__all__ = ["RATES", "Draft", "background_for", "drafts", "key_of", "without_receiver"]

RATES = {"wecom": 20, "dingtalk": 20, "feishu": 5}
"""The most parts of a run: WeCom and DingTalk take 20 a minute, Feishu 100 a minute and 5 a second."""
_CONTACTS = {"wecom": "wecom", "dingtalk": "dingtalk_mobile", "feishu": "feishu", "email": "email"}
"""Where a kind of channel finds the addresses of people."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it is sent: its notices, each with its id, and its parts."""

    notices: tuple[Named, ...]
    parts: tuple[dict[str, Any], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its notices."""
        return tuple(name for name, _ in self.notices)


def background_for(channels: Channels, entry: ChannelEntry, background: Background) -> Background:
    """Return the background of a channel: with the link of the file, and the addresses that its kind uses."""
    key = _CONTACTS.get(entry.kind, "")
    people = {name: getattr(person, key, None) for name, person in channels.file.people.items()}
    found = {name: _placed(value) for name, value in people.items() if value is not None}
    return replace(background, people=found, link=channels.file.link or background.link)


def _placed(value: Secret | str) -> str:
    """An address as payloads hold it: a secret one by its name, until it is sent."""
    return f"{PLACE[0]}{value}{PLACE[1]}" if isinstance(value, Secret) else value


def drafts(
    channels: Channels, entry: ChannelEntry, notices: Sequence[Named], background: Background
) -> Iterator[Draft]:
    """Yield the message of a channel for notices; of CloudEvents, a message for each.

    It has the worst notices, as many as fit into what the channel takes in one run; the others wait.
    """
    if entry.kind == "cloudevents":
        yield from (_draft(channels, entry, [each], background) for each in notices)
        return
    worst = sorted(notices, key=lambda each: (-SEVERITIES.index(each[1].severity), each[1].on))
    found = _draft(channels, entry, worst, background)
    most = RATES.get(entry.kind)
    if most is not None and len(found.parts) > most:
        found = _fitting(channels, entry, worst, background, found)
    if found.parts:
        yield found


def _fitting(
    channels: Channels, entry: ChannelEntry, worst: Sequence[Named], background: Background, whole: Draft
) -> Draft:
    """The message of as many notices as fit; nearly as many, where finding the last one would take many attempts."""
    found, most = whole, RATES[entry.kind]
    while len(found.parts) > most and len(found.notices) > 1:
        share = len(found.notices) * most // len(found.parts)
        found = _draft(channels, entry, worst[: max(1, min(share, len(found.notices) - 1))], background)
    return found


def _draft(
    channels: Channels, entry: ChannelEntry, notices: Sequence[Named], background: Background
) -> Draft:
    known = background_for(channels, entry, background)
    made = payloads(entry.kind, notices, channels.language(entry.id), known, entry.keyword)
    if entry.kind == "email":
        to = list(dict.fromkeys(_receivers(entry, notices, known)))
        made = tuple({**each, "to": to, "recipient": one} for each in made for one in to)
    return Draft(tuple(notices), made)


def _receivers(entry: ChannelEntry, notices: Iterable[Named], background: Background) -> Iterator[str]:
    """The addresses of an e-mail, on the last day of its notices."""
    day = max(notice.on for _, notice in notices)
    for name in entry.to:
        yield from (name,) if "@" in name else background.reached(name, day)


def without_receiver(
    channels: Channels, entry: ChannelEntry, notices: Sequence[Named], background: Background
) -> Receipt | None:
    """Return the receipt of those who should get an e-mail and have no address; None if all have one."""
    if entry.kind != "email" or not notices:
        return None
    known = background_for(channels, entry, background)
    day = max(notice.on for _, notice in notices)
    lost = [name for name in entry.to if "@" not in name and not known.reached(name, day)]
    if not lost:
        return None
    why = phrase("notify.answers.no-receiver", names=", ".join(lost))
    ids = tuple(name for name, _ in notices)
    return Receipt(channel=entry.id, notices=ids, state="unsent", to=", ".join(lost), why=why)


def key_of(ids: Iterable[str], part: int, parts: int) -> str:
    """Return the key of a part: that of its message where it is the only one."""
    key = message_id(ids)
    return key if parts == 1 else f"{key}-{part}"
