"""Write results as JUnit XML, which build servers read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from coopgov.locales import listed, phrase, text
from coopgov.safe_text import visible
from coopgov.testing.rule_tests.report import failure_text, no_test

if TYPE_CHECKING:
    from coopgov.faults import Fault
    from coopgov.testing.rule_tests.result import Outcome, Results

__all__ = ["junit_xml"]


def junit_xml(results: Results, language: str = "en") -> str:
    """The results as JUnit XML, with texts in a language.

    There is one suite for each file and one case for each test and date. A fault of a file is a case with an error, a
    path without tests is a failed case.
    """
    root = ET.Element("testsuites", name="coopgov rules test")
    suites: dict[str, ET.Element] = {}
    for outcome in results.outcomes:
        _case(_suite(root, suites, outcome.place.file), outcome, language)
    for path in results.without:
        name = text("testing.report.any-test", language)
        case = ET.SubElement(_suite(root, suites, path), "testcase", classname=visible(path), name=name)
        ET.SubElement(case, "failure", message=visible(no_test(path, language)))
    for fault in results.faults:
        _fault(_suite(root, suites, fault.place.file), fault, language)
    for element in (root, *root):
        for word, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            element.set(word, str(len(element.findall(f".//{tag}"))))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, suites: dict[str, ET.Element], file: str) -> ET.Element:
    if file not in suites:
        suites[file] = ET.SubElement(root, "testsuite", name=visible(file))
    return suites[file]


def _case(suite: ET.Element, outcome: Outcome, language: str) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=visible(outcome.place.file), name=visible(outcome.title)
    )
    if not outcome.passed:
        differing = listed(each.id for each in outcome.compared if not each.passed)
        message = phrase("testing.report.not-as-expected", rules=differing).in_language(language)
        failure = ET.SubElement(case, "failure", message=visible(message))
        failure.text = visible(failure_text(outcome, language))


def _fault(suite: ET.Element, fault: Fault, language: str) -> None:
    name = text("testing.report.line", language, line=fault.place.line, code=fault.code)
    case = ET.SubElement(suite, "testcase", classname=visible(fault.place.file), name=visible(name))
    said = phrase("common.found", found=fault.found, expected=fault.expected).in_language(language)
    error = ET.SubElement(case, "error", message=visible(said))
    error.text = visible(fault.in_language(language))
