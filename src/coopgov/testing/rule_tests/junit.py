"""Write results as JUnit XML, which build servers read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from coopgov.safe_text import visible
from coopgov.testing.rule_tests.report import failure_text, no_test

if TYPE_CHECKING:
    from coopgov.errors import Fault
    from coopgov.testing.rule_tests.result import Outcome, Results

__all__ = ["junit_xml"]


def junit_xml(results: Results) -> str:
    """The results as JUnit XML.

    There is one suite for each file and one case for each test and date. A fault of a file is a case with an error, a
    path without tests is a failed case.
    """
    root = ET.Element("testsuites", name="coopgov rules test")
    suites: dict[str, ET.Element] = {}
    for outcome in results.outcomes:
        _case(_suite(root, suites, outcome.place.file), outcome)
    for path in results.without:
        case = ET.SubElement(_suite(root, suites, path), "testcase", classname=visible(path), name="any test")
        ET.SubElement(case, "failure", message=visible(no_test(path)))
    for fault in results.faults:
        _fault(_suite(root, suites, fault.place.file), fault)
    for element in (root, *root):
        for word, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            element.set(word, str(len(element.findall(f".//{tag}"))))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, suites: dict[str, ET.Element], file: str) -> ET.Element:
    if file not in suites:
        suites[file] = ET.SubElement(root, "testsuite", name=visible(file))
    return suites[file]


def _case(suite: ET.Element, outcome: Outcome) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=visible(outcome.place.file), name=visible(outcome.title)
    )
    if not outcome.passed:
        differing = ", ".join(each.id for each in outcome.compared if not each.passed)
        failure = ET.SubElement(case, "failure", message=visible(f"not as expected: {differing}"))
        failure.text = visible(failure_text(outcome))


def _fault(suite: ET.Element, fault: Fault) -> None:
    name = f"line {fault.place.line}: {fault.code}"
    case = ET.SubElement(suite, "testcase", classname=visible(fault.place.file), name=visible(name))
    error = ET.SubElement(case, "error", message=visible(f"found {fault.found}, expected {fault.expected}"))
    error.text = visible(str(fault))
