"""Load channels files; faults name what is wrong and where, and never quote what may be a secret."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked
from coopgov.errors import ChannelsError, InputError
from coopgov.notify.channels import Channels, ChannelsFile
from coopgov.notify.masking import masked_fault
from coopgov.schema import faults_of
from coopgov.source import Document, in_full_width, own_text, plain, read_document

if TYPE_CHECKING:
    from coopgov.errors import Fault

__all__ = ["load_channels", "parse_channels"]


@checked(path=A_PATH)
def load_channels(path: str | Path) -> Channels:
    """Load a channels file: where notices go.

    Secrets are not read yet: the file only names them, and sending reads them.

    Raises:
        ChannelsError: with every fault of the file.
    """
    try:
        data = own_text(Path(path), str(path))
    except InputError as error:
        raise ChannelsError(map(masked_fault, error.faults)) from None
    return parse_channels(data, str(path))


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
        return Channels(_validated(read_document(text, name)), Path(name).parent)
    except InputError as error:
        faults = error.faults
        corrected = in_full_width(text, name, faults, _faults) or error
        found = corrected.faults
    raise ChannelsError(map(masked_fault, found))


def _validated(document: Document) -> ChannelsFile:
    try:
        return ChannelsFile.model_validate(plain(document.root))
    except ValidationError as error:
        found = faults_of(document, error, ChannelsFile)
    raise ChannelsError(found)


def _faults(document: Document) -> tuple[Fault, ...]:
    try:
        _validated(document)
    except ChannelsError as error:
        return error.faults
    return ()
