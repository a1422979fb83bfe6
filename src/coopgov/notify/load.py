"""Load channels files; faults name what is wrong and where, and never quote what may be a secret."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked
from coopgov.assessment.people import People
from coopgov.errors import ChannelsError
from coopgov.facts import derive
from coopgov.faults import did_you_mean
from coopgov.locales import phrase
from coopgov.notify.channels import Channels, ChannelsFile
from coopgov.notify.masking import masked_fault
from coopgov.schema import Defect, fault_of, quoted
from coopgov.schema.whole_file import parsed_as, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopgov.faults import Fault
    from coopgov.model import Agreement

__all__ = ["load_channels", "parse_channels", "strangers"]


@checked(path=A_PATH)
def load_channels(path: str | Path) -> Channels:
    """Load a channels file: where notices go.

    Secrets are not read yet: the file only names them, and sending reads them.

    Raises:
        ChannelsError: with every fault of the file.
    """
    return parse_channels(text_of(path, ChannelsError, "channels"), str(path))


@checked(text=TEXT_OF_FILE, name=a_text)
def parse_channels(text: str | bytes, name: str = "<text>") -> Channels:
    """Load a channels file from its text; `name` is what faults call it, and what relative paths start from.

    Raises:
        ChannelsError: with every fault of the text.

    >>> channels = parse_channels('''
    ... coopgov: channels/1
    ... channels:
    ...   - {id: group, kind: wecom, url: env:COOPGOV_WECOM}
    ... routes:
    ...   - {severity: major, to: [group]}
    ... ''')
    >>> channels.ids, str(channels.channel("group").url)
    (('group',), 'env:COOPGOV_WECOM')
    """
    try:
        file, document = parsed_as(text, name, ChannelsFile, ChannelsError)
    except ChannelsError as error:
        raise ChannelsError(map(masked_fault, error.faults)) from None
    return Channels(file, Path(name).parent, document)


def strangers(channels: Channels, agreement: Agreement, day: date) -> tuple[Fault, ...]:
    """Return a fault for each name in a channels file that an agreement does not have on a day.

    They stop nothing: somebody may have left, and all others are still to be notified.
    """
    holders = People(derive(agreement, day), "en").holders
    named: list[tuple[tuple[str | int, ...], str, bool]] = [
        (("people", name), name, True) for name in channels.file.people
    ]
    for number, channel in enumerate(channels.file.channels):
        named += [
            (("channels", number, "to", at), name, False)
            for at, name in enumerate(channel.to)
            if "@" not in name
        ]
    return tuple(
        masked_fault(fault_of(channels.document, _stranger(path, name, holders.holding, key=key)))
        for path, name, key in named
        if not holders.known(holders.of(name))
    )


def _stranger(path: tuple[str | int, ...], name: str, known: Iterable[str], *, key: bool) -> Defect:
    hint = did_you_mean(name, known)
    return Defect(path, "unknown-owner", quoted(name), phrase("notify.name"), hint, key=key)
