"""Findings as SARIF 2.1.0, the format that code hosts read (OASIS Standard, 27 March 2020).

Faults of files that cannot be loaded are results at the level error, too: a host shows nothing else of such a file.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from coopgov import __version__
from coopgov.analysis.finding_codes import agreement_finding_codes, finding_codes
from coopgov.cli.output import worded
from coopgov.fault_codes import fault_codes
from coopgov.locales import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.analysis.ignores import Ignored
    from coopgov.analysis.scope import NotDecided
    from coopgov.cli.findings import Checked
    from coopgov.faults import Fault
    from coopgov.finding import Example, Finding

__all__ = ["sarif_log"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_log(checked: Sequence[Checked], language: str = "en") -> dict[str, Any]:
    """The log of one run: faults, findings and ignored findings are results, undecided questions are notifications.

    Whole sentences are in the language; phrases among the data stay phrases.
    """
    results = [result for each in checked for result in _results(each, language)]
    notifications = [
        _notification(each, one, language) for each in checked for one in each.analysis.undecided
    ]
    codes = dict.fromkeys(result["ruleId"] for result in results)
    codes |= dict.fromkeys(one.code for each in checked for one in each.analysis.undecided)
    index = {code: number for number, code in enumerate(codes)}
    results = [{**result, "ruleIndex": index[result["ruleId"]]} for result in results]
    driver = {"name": "coopgov", "version": __version__, "rules": [_rule(code, language) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _results(checked: Checked, language: str) -> Iterator[dict[str, Any]]:
    yield from (_result(fault, "error", language) for fault in checked.faults)
    yield from (_finding(each, language) for each in checked.analysis.findings)
    yield from (_ignored(each, language) for each in checked.analysis.ignored)


def _finding(found: Finding, language: str) -> dict[str, Any]:
    result = _result(found.fault, found.level, language, found.example)
    if found.rule:
        result["locations"][0]["logicalLocations"] = [{"name": found.rule, "kind": "rule"}]
    return result


def _ignored(ignored: Ignored, language: str) -> dict[str, Any]:
    reason = ignored.reason
    if ignored.until:
        reason = text("cli.sarif.until", language, reason=reason, day=ignored.until)
    suppression = {"kind": "inSource", "justification": reason}
    return {**_finding(ignored.finding, language), "suppressions": [suppression]}


def _result(fault: Fault, level: str, language: str, example: Example | None = None) -> dict[str, Any]:
    values = {name: worded(getattr(fault, name), language) for name in ("found", "expected", "hint")}
    sentence = text("cli.sarif.fault-hint" if fault.hint else "cli.sarif.fault", language, **values)
    if example:
        sentence += text("cli.sarif.example", language, example=worded(example, language))
    return {
        "ruleId": fault.code,
        "level": level,
        "message": {"text": sentence[:1].upper() + sentence[1:]},
        "locations": [{"physicalLocation": _location(fault)}],
    }


def _location(fault: Fault) -> dict[str, Any]:
    """Where a fault is; columns count characters from 1, and the end is the column after the last."""
    place, artifact = fault.place, {"uri": _uri(fault.place.file)}
    if not place.line:
        return {"artifactLocation": artifact}
    start = place.column
    end = min(start + fault.width, len(fault.source) + 1) if fault.source else start
    region: dict[str, Any] = {"startLine": place.line, "startColumn": start, "endColumn": max(start, end)}
    if fault.source:
        region["snippet"] = {"text": fault.source[start - 1 : end - 1]}
    return {"artifactLocation": artifact, "region": region}


def _uri(file: str) -> str:
    """A file as SARIF names it: relative to where the command ran, or absolute."""
    if PurePath(file).is_absolute():
        return Path(file).as_uri()
    return quote(PurePath(file).as_posix())


def _rule(code: str, language: str) -> dict[str, Any]:
    """The description of a code, as a viewer shows it."""
    each = finding_codes().get(code) or agreement_finding_codes().get(code)
    if each is None:
        return {
            "id": code,
            "shortDescription": {"text": fault_codes(language)[code]},
            "defaultConfiguration": {"level": "error"},
        }
    summary, explained = worded(each.summary, language), worded(each.explanation, language)
    examples = text("cli.sarif.examples", language, bad=each.bad, good=each.good)
    return {
        "id": code,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": explained},
        "help": {
            "text": f"{summary}\n\n{explained}",
            "markdown": f"{explained}\n\n{examples}",
        },
        "defaultConfiguration": {"level": each.level},
    }


def _notification(checked: Checked, undecided: NotDecided, language: str) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": {"uri": _uri(checked.name)}}}
    return {
        "level": "note",
        "message": {"text": worded(undecided, language)},
        "associatedRule": {"id": undecided.code},
        "locations": [location],
    }
