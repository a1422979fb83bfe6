"""Evidence packs: a report with everything that it was made from, so that anyone can make it again and compare.

A pack is a ZIP file whose members are stored, with one fixed time. `manifest.json` lists the inputs and the files of
the report with their digests and sizes, the options, the versions, and the calendar with its holidays resolved.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from os.path import commonpath
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from coopgov.arguments import an_instance, checked
from coopgov.facts.derive import derive
from coopgov.model import load_agreement
from coopgov.reports.notes import load_report_notes
from coopgov.reports.report import report
from coopgov.reports.write import write_report
from coopgov.rules.load import load_rules
from coopgov.rules.pack_names import BUILT_IN, pack_names
from coopgov.source.files import file_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from coopgov.cases.cases import Cases
    from coopgov.model import Agreement, WorkingCalendar
    from coopgov.reports.notes import ReportNotes
    from coopgov.reports.period import ReportKind
    from coopgov.reports.report import Report
    from coopgov.rules import RuleSet

__all__ = [
    "FORMAT",
    "REPEATED",
    "EvidenceInputs",
    "Loaded",
    "calendar_of_pack",
    "file_name",
    "make_evidence",
    "resolved_calendar",
]

FORMAT = "evidence/1"
REPEATED = ("json", "md", "html")
"""The formats that a verification makes again; the others depend on fonts and libraries."""
_TIME = (1980, 1, 1, 0, 0, 0)
_LIBRARIES = ("pydantic", "pint", "pyyaml", "holidays", "typst", "python-docx")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceInputs:
    """What a report is made from: paths of files, and options.

    `rules` are paths, or names of shipped packs; none means the shipped pack. The other options are those of
    `coopgov.report`.
    """

    agreement: Path
    period: str
    rules: tuple[str, ...] = ()
    notes: Path | None = None
    cases: Cases | None = None
    as_of: date | None = None
    kind: ReportKind | None = None
    languages: tuple[str, ...] = ("en",)
    brief: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The values of inputs."""

    inputs: EvidenceInputs
    agreement: Agreement
    rules: RuleSet
    notes: ReportNotes | None

    @classmethod
    def of(cls, inputs: EvidenceInputs) -> Loaded:
        """Load the files of inputs.

        Raises:
            InputError: with every fault of a file.
        """
        notes = load_report_notes(inputs.notes) if inputs.notes else None
        return cls(inputs, load_agreement(inputs.agreement), load_rules(*inputs.rules), notes)

    def reports(self) -> Iterator[Report]:
        """The report in each language."""
        for language in self.inputs.languages:
            yield report(
                self.agreement,
                self.rules,
                period=self.inputs.period,
                as_of=self.inputs.as_of,
                cases=self.inputs.cases,
                notes=self.notes,
                language=language,
                kind=self.inputs.kind,
                brief=self.inputs.brief,
            )


def file_name(made: Report, format_: str) -> str:
    """The name of the file of a report, such as `harbour-data-2026-Q2.zh-Hans.pdf`."""
    return f"{made.id}.{made.language}{'.brief' if made.dense else ''}.{format_}"


@checked(
    inputs=an_instance(EvidenceInputs, "errors.expected.evidence-inputs", "errors.hints.evidence-inputs")
)
def make_evidence(inputs: EvidenceInputs, files: Mapping[str, bytes] | None = None) -> bytes:
    """Make the evidence pack of a report: its inputs, its files, and the command that makes it again.

    The report is in the pack as JSON, Markdown and HTML, in each language.

    Args:
        inputs: what the report is made from.
        files: further files of the report, such as a PDF, by their names.

    Raises:
        InputError: with every fault of an input.
    """
    loaded = Loaded.of(inputs)
    made = list(loaded.reports())
    written = {file_name(each, name): write_report(each, name) for each in made for name in REPEATED}
    written |= {name: data for name, data in (files or {}).items() if name not in written}
    members = {f"report/{name}": data for name, data in sorted(written.items())}
    kept, options = _inputs(loaded)
    manifest = {
        "coopgov": FORMAT,
        "agreement": loaded.agreement.id,
        "command": made[0].command if made else "",
        "options": options,
        "versions": _versions(),
        "rules": loaded.rules.digest,
        "calendar": calendar_of_pack(resolved_calendar(loaded)),
        "inputs": [_listed(name, data) for name, data in kept.items()],
        "report": [_listed(name, data) for name, data in members.items()],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    return _zipped({"manifest.json": text.encode(), **kept, **members})


def resolved_calendar(loaded: Loaded) -> WorkingCalendar:
    """The working days of the agreement, with the holidays of its country."""
    day = loaded.inputs.as_of or loaded.agreement.counts_from
    return derive(loaded.agreement, day, loaded.rules.catalogue).calendar


def calendar_of_pack(calendar: WorkingCalendar) -> dict[str, Any]:
    """The working days as JSON, with every holiday by its date."""
    return {
        "weekend": sorted(calendar.weekend),
        "holidays": [str(day) for day in sorted(calendar.holidays)],
        "working": [str(day) for day in sorted(calendar.working)],
    }


def _inputs(loaded: Loaded) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files of the inputs by their names in the pack, and the options with these names."""
    inputs = loaded.inputs
    base = loaded.agreement.document
    found = {
        f"inputs/agreement/{name}": data
        for name, data in _agreement_files(loaded.agreement, inputs.agreement)
    }
    shipped = set(pack_names())
    own = [Path(each.document.file) for each in loaded.rules.sources if not _is_shipped(each.document.file)]
    folder = Path(commonpath([str(each.resolve().parent) for each in own])) if own else Path()
    named = {}
    for path in own:
        name = PurePosixPath("inputs/rules") / path.resolve().relative_to(folder).as_posix()
        named[path.resolve()] = str(name)
        found[str(name)] = file_bytes(path, str(path))
    options: dict[str, Any] = {
        "agreement": f"inputs/agreement/{inputs.agreement.name}" if base is not None else "",
        "period": inputs.period,
        "rules": [
            each if each in shipped else named.get(Path(each).resolve(), each) for each in inputs.rules
        ],
        "as_of": str(inputs.as_of) if inputs.as_of else None,
        "kind": inputs.kind,
        "languages": list(inputs.languages),
        "brief": inputs.brief,
        "notes": None,
        "cases": None,
    }
    if inputs.notes is not None and loaded.notes is not None:
        options["notes"] = f"inputs/notes/{inputs.notes.name}"
        found[options["notes"]] = file_bytes(inputs.notes, str(inputs.notes))
        if loaded.notes.brand.logo:
            found[f"inputs/notes/{PurePosixPath(loaded.notes.brand.logo)}"] = loaded.notes.logo
    if inputs.cases is not None:
        options["cases"] = "inputs/cases.json"
        found["inputs/cases.json"] = json.dumps(inputs.cases.to_dict(), ensure_ascii=False, indent=1).encode()
    return found, options


def _is_shipped(name: str) -> bool:
    return name in {f"{each}.yaml" for each in (BUILT_IN, *pack_names())}


def _agreement_files(agreement: Agreement, path: Path) -> Iterator[tuple[str, bytes]]:
    """The file of an agreement and those of its parts, by their paths from its folder."""
    yield path.name, file_bytes(path, str(path))
    folder = path.resolve().parent
    for part in agreement.observed:
        if part.file:
            own = Path(part.file).resolve()
            yield own.relative_to(folder).as_posix(), file_bytes(own, part.file)


def _listed(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _versions() -> dict[str, str]:
    """The versions of coopgov, of Python and of the libraries that are there."""
    found = {"coopgov": _version("coopgov"), "python": platform.python_version()}
    return found | {name: said for name in _LIBRARIES if (said := _version(name))}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _zipped(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as file:
        for name, data in members.items():
            member = zipfile.ZipInfo(name, _TIME)
            member.create_system = 0
            file.writestr(member, data)
    return made.getvalue()
