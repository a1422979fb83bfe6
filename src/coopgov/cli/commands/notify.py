"""`coopgov notify`: send notices of a store, or of the warnings of one day, over the channels of a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_format, add_rules, current_moment, day
from coopgov.cli.output import counted, json_text, say, to_stderr, write
from coopgov.errors import UnknownNameError
from coopgov.locales import phrase

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from coopgov.cli.parser import Parser
    from coopgov.model import Agreement
    from coopgov.notify import Background, Channels, Receipt
    from coopgov.notify.preview import Preview

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", metavar="AGREEMENT", help="whatif.agreement")
    command.add_argument("--channels", required=True, metavar="FILE", help="notify.channels")
    command.add_argument("--store", metavar="STORE", help="notify.store")
    command.add_argument("--as-of", type=command.reader(day), metavar="DATE", help="notify.as-of")
    add_rules(command)
    command.add_argument("--dry-run", action="store_true", help="notify.dry-run")
    command.add_argument("--only", metavar="CHANNEL", help="notify.only")
    add_format(command)
    command.set_defaults(run=run, wrong_usage=command.error)


def run(options: Namespace) -> int:
    """Send, or show what would be sent; 1 where anything was not delivered."""
    from coopgov.model import load_agreement
    from coopgov.notify import Background, load_channels
    from coopgov.notify.load import strangers

    if (options.store is None) == (options.as_of is None):
        options.wrong_usage(phrase("cli.usage.store-or-day"))
    channels = load_channels(options.channels)
    if options.only is not None and options.only not in channels.ids:
        raise UnknownNameError("channel", options.only, channels.ids)
    agreement = load_agreement(options.agreement)
    background = Background(agreement, store=_shown(options.store))
    now = current_moment()
    for fault in strangers(channels, agreement, options.as_of or now.date()):
        to_stderr(fault, options.message_lang)
    if options.store is None:
        return _of_day(options, agreement, channels, background, now)
    return _of_store(options, agreement, channels, background, now)


def _shown(store: str | None) -> str | None:
    """The store as messages may name it: the address of a server can hold a password."""
    return None if store is None or "://" in store else store


def _of_day(
    options: Namespace, agreement: Agreement, channels: Channels, background: Background, now: datetime
) -> int:
    """The warnings of one day; nothing is remembered."""
    from coopgov.notify import day_notices, send
    from coopgov.notify.preview import previews
    from coopgov.notify.secret import revealed
    from coopgov.rules import load_rules

    notices = day_notices(agreement, load_rules(*(options.rules or ())), as_of=options.as_of)
    secrets = revealed(channels.secrets(), channels.folder)
    if options.dry_run:
        found = previews(
            notices, channels, day=now.date(), background=background, secrets=secrets, only=options.only
        )
        return _show(options, found, secrets)
    names = {name: f"{each.rule}@{each.about}" for name, each in notices}
    receipts = send(notices, channels, now=now, background=background, only=options.only)
    return _report(options, receipts, secrets, names)


def _of_store(
    options: Namespace, agreement: Agreement, channels: Channels, background: Background, now: datetime
) -> int:
    """The outbox of a store."""
    from coopgov.cases.store import open_store
    from coopgov.notify import deliver
    from coopgov.notify.ids import id_in_outbox
    from coopgov.notify.preview import previews_of_outbox
    from coopgov.notify.secret import revealed

    secrets = revealed(channels.secrets(), channels.folder)
    with open_store(options.store, agreement=agreement.id, create=False) as store:
        if options.dry_run:
            found = previews_of_outbox(
                store.outbox,
                channels,
                day=now.date(),
                background=background,
                secrets=secrets,
                only=options.only,
            )
            return _show(options, found, secrets)
        names = {
            id_in_outbox(agreement.id, each.seq, ""): f"{each.notice.rule}@{each.notice.about}"
            for each in store.outbox.unrouted()
        }
        receipts = deliver(store.outbox, channels, now=now, background=background, only=options.only)
    return _report(options, receipts, secrets, names)


def _report(
    options: Namespace, receipts: Sequence[Receipt], secrets: Mapping[str, str], names: Mapping[str, str]
) -> int:
    """Print what was delivered, and on stderr what was not."""
    from coopgov.notify.masking import without_secrets

    if options.format == "json":
        text = json_text([each.to_dict() for each in receipts], options.lang)
        write(without_secrets(text, secrets.values()))
    for receipt in receipts:
        language = options.lang if receipt.settled else options.message_lang
        line = without_secrets(_line(receipt, language, names), secrets.values())
        if not receipt.settled:
            to_stderr(line)
        elif options.format == "text":
            write(line)
    if not receipts and options.format == "text":
        write(say("notify.nothing", options.lang))
    return int(not all(each.settled for each in receipts))


def _line(receipt: Receipt, language: str, names: Mapping[str, str]) -> str:
    """One receipt in words."""
    what = counted("notify.notices", language, len(receipt.notices))
    if receipt.state == "unrouted":
        what = ", ".join(names.get(each, each) for each in receipt.notices)
        return say("notify.unrouted", language, what=what)
    part = say("notify.part", language, part=receipt.part, parts=receipt.parts) if receipt.parts > 1 else ""
    where = (
        say("notify.to", language, channel=receipt.channel, to=receipt.to) if receipt.to else receipt.channel
    )
    values = {"channel": where, "what": f"{what}{part}", "why": receipt.why.in_language(language)}
    if receipt.next is not None and receipt.state == "again":
        return say("notify.later", language, **values, next=f"{receipt.next.astimezone():%Y-%m-%d %H:%M}")
    return say(f"notify.{receipt.state}", language, **values)


def _show(options: Namespace, found: Iterable[Preview], secrets: Mapping[str, str]) -> int:
    """Print what would be sent."""
    from coopgov.notify.masking import without_secrets

    shown = list(found)
    if options.format == "json":
        text = json_text([each.to_dict() for each in shown], options.lang)
    else:
        from coopgov.cli.notices import preview_text

        text = "\n\n".join(preview_text(each, options.lang) for each in shown)
    write(without_secrets(text, secrets.values()))
    sys.stdout.flush()
    return int(any(not each.channel for each in shown))
