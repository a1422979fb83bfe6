"""Notices reach people where they are: channels files, messages in three languages, sending, and calendars."""

from coopgov.notify.brief import Background
from coopgov.notify.calendar import calendar_text
from coopgov.notify.channels import ChannelEntry, Channels, ChannelsFile, PersonEntry, QuietEntry, RouteEntry
from coopgov.notify.day import day_notices
from coopgov.notify.deliver import deliver
from coopgov.notify.load import load_channels, parse_channels
from coopgov.notify.receipt import Receipt, ReceiptState
from coopgov.notify.render import render_notices
from coopgov.notify.secret import Secret
from coopgov.notify.send import send

__all__ = [
    "Background",
    "ChannelEntry",
    "Channels",
    "ChannelsFile",
    "PersonEntry",
    "QuietEntry",
    "Receipt",
    "ReceiptState",
    "RouteEntry",
    "Secret",
    "calendar_text",
    "day_notices",
    "deliver",
    "load_channels",
    "parse_channels",
    "render_notices",
    "send",
]
