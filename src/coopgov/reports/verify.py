"""Verifies an evidence pack: makes its report again from its inputs, and compares every byte.

Nothing of a pack is trusted: names and sizes of its members are checked before anything is read or written, and an
input that is not as its manifest says is named before it is read.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from coopgov.arguments import A_PATH, checked
from coopgov.cases.cases import Cases
from coopgov.errors import CoopgovError, InputError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase, text, verbatim
from coopgov.reports.evidence import (
    FORMAT,
    REPEATED,
    EvidenceInputs,
    Loaded,
    calendar_of_pack,
    file_name,
    resolved_calendar,
)
from coopgov.reports.write import write_report
from coopgov.source.files import why_unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.locales import Phrase

__all__ = ["Difference", "Verification", "verify_evidence"]

_MOST_MEMBERS, _MOST_BYTES, _MOST_ALL = 500, 20_000_000, 100_000_000
_NAME = re.compile(
    r"(?:manifest\.json|inputs/cases\.json|(?:inputs/(?:agreement|rules|notes)|report)/[^\x00-\x1f\\:]+)"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as the pack says.

    `what` says why: the member has `changed`, is `missing` or `unlisted`, its report is `different` when made again,
    the `calendar` has other days, the rules have another meaning (`rules`), or the report cannot be made (`failed`).
    `name` is the member, and `detail` the reason of a failure.
    """

    what: Literal["changed", "missing", "unlisted", "different", "calendar", "rules", "failed"]
    name: str
    detail: str = ""

    def in_language(self, language: str) -> str:
        """Return it as a sentence in a language."""
        return text(f"reports.verify.{self.what}", language, name=self.name, detail=self.detail)

    def __str__(self) -> str:
        return self.in_language("en")


@dataclass(frozen=True, slots=True)
class Verification:
    """The result: `checked` are the files that were made again and are equal; `differences` is empty if all is well."""

    agreement: str
    checked: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Whether every input is unchanged, and every report equal when it is made again."""
        return not self.differences


@checked(path=A_PATH)
def verify_evidence(path: str | Path) -> Verification:
    """Make the report of an evidence pack again, and compare JSON, Markdown and HTML byte for byte.

    Other files of the report, such as a PDF, are compared with their digests. Inputs that changed are named, and then
    nothing is read of them.

    Raises:
        InputError: the file is no evidence pack, or has members that no pack has.
    """
    name = str(path)
    members = _members(Path(path), name)
    manifest = _manifest(members, name)
    listed = {str(each["name"]): each for each in (*manifest["inputs"], *manifest["report"])}
    found = list(_changed(members, listed))
    if found:
        return Verification(str(manifest["agreement"]), (), tuple(found))
    with TemporaryDirectory() as folder:
        equal, found = _again(members, manifest, Path(folder))
    return Verification(str(manifest["agreement"]), tuple(equal), tuple(found))


# Reading -------------------------------------------------------------------------------------------------------------


def _fault(name: str, found: Phrase, expected: Phrase) -> InputError:
    return InputError([Fault(Place(name, 1, 1), "not-evidence", found, expected)])


def _members(path: Path, name: str) -> dict[str, bytes]:
    """The members of a pack, once their number, names and sizes are fine."""
    unreadable = why_unreadable(path)
    if unreadable:
        raise _fault(name, unreadable, phrase("reports.verify.expected.pack"))
    data = path.read_bytes() if path.stat().st_size <= _MOST_ALL else b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            _check(entries, name)
            return {each.filename: _content(file, each) for each in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _fault(name, verbatim(str(error)), phrase("reports.verify.expected.pack")) from None


def _content(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a member; none if its checksum is wrong, so that its digest will be, too."""
    try:
        return file.read(entry)
    except zipfile.BadZipFile:
        return b""


def _check(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > _MOST_MEMBERS or sum(each.file_size for each in entries) > _MOST_ALL:
        raise _fault(name, phrase("reports.verify.found.large"), phrase("reports.verify.expected.small"))
    seen: set[str] = set()
    for each in entries:
        parts = each.filename.split("/")
        fine = (
            _NAME.fullmatch(each.filename) and not {"", ".", ".."} & set(parts) and each.filename not in seen
        )
        seen.add(each.filename)
        if not fine or each.file_size > _MOST_BYTES or each.compress_type != zipfile.ZIP_STORED:
            found = phrase("reports.verify.found.member", name=each.filename)
            raise _fault(name, found, phrase("reports.verify.expected.member"))


def _manifest(members: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        manifest = json.loads(members.get("manifest.json", b""))
        entries = [*manifest["inputs"], *manifest["report"]]
        fine = manifest["coopgov"] == FORMAT and all(
            {"name", "size", "sha256"} <= {*each} for each in entries
        )
        fine = fine and {"period", "agreement", "rules", "languages"} <= {*manifest["options"]}
        fine = fine and {"calendar", "rules", "agreement"} <= {*manifest}
    except (ValueError, KeyError, TypeError):
        fine = False
    if not fine:
        raise _fault(
            name, phrase("reports.verify.found.manifest"), phrase("reports.verify.expected.manifest")
        )
    found: dict[str, Any] = manifest
    return found


def _changed(members: Mapping[str, bytes], listed: Mapping[str, Mapping[str, Any]]) -> Iterator[Difference]:
    for name, entry in listed.items():
        data = members.get(name)
        if data is None:
            yield Difference("missing", name)
        elif hashlib.sha256(data).hexdigest() != entry["sha256"] or len(data) != entry["size"]:
            yield Difference("changed", name)
    for name in members:
        if name not in listed and name != "manifest.json":
            yield Difference("unlisted", name)


# Making it again -----------------------------------------------------------------------------------------------------


def _again(
    members: Mapping[str, bytes], manifest: Mapping[str, Any], folder: Path
) -> tuple[list[str], list[Difference]]:
    """The files that are equal when made again, and what is different."""
    for name, data in members.items():
        if name.startswith("inputs/"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    try:
        loaded = Loaded.of(_options(members, manifest["options"], folder))
        made = {
            f"report/{file_name(each, name)}": write_report(each, name)
            for each in loaded.reports()
            for name in REPEATED
        }
    except (CoopgovError, KeyError, TypeError, ValueError) as error:
        return [], [Difference("failed", "manifest.json", str(error))]
    found = []
    if calendar_of_pack(resolved_calendar(loaded)) != manifest["calendar"]:
        found.append(Difference("calendar", "manifest.json"))
    if loaded.rules.digest != manifest["rules"]:
        found.append(Difference("rules", "manifest.json"))
    found += [Difference("different", name) for name, data in made.items() if members.get(name) != data]
    return [name for name, data in made.items() if members.get(name) == data], found


def _options(members: Mapping[str, bytes], options: Mapping[str, Any], folder: Path) -> EvidenceInputs:
    """The inputs of a pack, whose files are in a folder."""
    cases = options.get("cases")
    return EvidenceInputs(
        agreement=folder / _inside(options["agreement"]),
        period=str(options["period"]),
        rules=tuple(str(folder / _inside(each)) if "/" in each else each for each in options["rules"]),
        notes=folder / _inside(options["notes"]) if options.get("notes") else None,
        cases=Cases.from_dict(json.loads(members[cases])) if cases else None,
        as_of=date.fromisoformat(options["as_of"]) if options.get("as_of") else None,
        kind=options.get("kind"),
        languages=tuple(options["languages"]),
        brief=bool(options.get("brief")),
    )


def _inside(name: str) -> str:
    """A name of a member; anything else would lead out of the folder.

    Raises:
        ValueError: it is none.
    """
    if not _NAME.fullmatch(name) or ".." in name.split("/"):
        raise ValueError(name)
    return name
