"""Any rule file that loads can be analysed, and every finding can be ignored."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov
from coopgov.analysis.finding_codes import finding_codes

if TYPE_CHECKING:
    from coopgov.analysis.result import Analysis

AS_OF = date(2026, 6, 30)
HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
_SEVERITIES = ("notice", "minor", "major", "critical")
_MEASURES = {
    "delay": "days", "delay / window": "%", "start_delay": "days", "spent - budget": "CNY", "-delay": "days",
    "slack": "days",
    "max(delay, start_delay)": "days", "spent / budget - elapsed / window": "%", "count(tasks where not done)": "",
    "(spent else 0 CNY) / budget": "%", "sum(load of tasks) * 2": "%", 'count(warnings where kind is "delay")': "",
}  # fmt: skip
_CONDITIONS = (
    "not ended",
    "delay above 5 days",
    "spent > budget and slack < 3 days",
    "any(tasks where overdue > 2 days)",
)
_PIECES = (
    "{measure}",
    "{delay}",
    "{slack}",
    "{phase.name}",
    "{{",
    " ",
    "late",
    "延误",
    "12",
    "{threshold}",
    "{spent}",
)
_LANGUAGES = ("", "en", "en-GB", "zh-Hans", "zh-Hant", "zh-CN")
_KINDS = ("delay", "overspend", "weather", "own")
_COMMENTS = (
    "",
    "",
    "# plain",
    "# coopgov: ignore",
    "# coopgov: ignore missing-language: because",
    "# coopgov: ignore unused-fact, unused-action until 2026-01-01: because",
    "# coopgov: ignore x until y: z",
)


@st.composite
def _texts(draw: st.DrawFn, *, pieces: tuple[str, ...]) -> str:
    languages = draw(st.lists(st.sampled_from(_LANGUAGES), min_size=1, max_size=3, unique=True))
    written = {
        language: "".join(draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=4))).strip() or "x"
        for language in languages
    }
    if "" in written:
        return f'"{written[""]}"'
    return "{" + ", ".join(f'{language}: "{text}"' for language, text in written.items()) + "}"


@st.composite
def _rules(draw: st.DrawFn, number: int) -> list[str]:
    lines = [f"  - id: r{number}", "    about: phase", f"    kind: {draw(st.sampled_from(_KINDS))}"]
    severities = sorted(draw(st.sets(st.sampled_from(_SEVERITIES), min_size=1)), key=_SEVERITIES.index)
    measured = draw(st.booleans())
    if measured:
        measure, unit = draw(st.sampled_from(sorted(_MEASURES.items())))
        bands = (f"{severity}: above {at + 1} {unit}" for at, severity in enumerate(severities))
        lines += [f"    measure: {measure!r}", f"    bands: {{{', '.join(bands)}}}"]
    else:
        lines += [f"    when: {draw(st.sampled_from(_CONDITIONS))!r}", f"    severity: {severities[0]}"]
    pieces = (
        _PIECES if measured else tuple(each for each in _PIECES if each not in ("{measure}", "{threshold}"))
    )
    lines.append(f"    message: {draw(_texts(pieces=pieces))}")
    if draw(st.booleans()):
        lines.append(f"    title: {draw(_texts(pieces=('late', '延误', ' ', '1')))}")
    shown = draw(st.sets(st.sampled_from(_SEVERITIES)))
    entries = ", ".join(f"{severity}: lead within 1 day" for severity in sorted(shown))
    lines += [f"    escalate: {{{entries}}}"] if entries else []
    lines += ["    enabled: false"] if draw(st.integers(0, 4)) == 0 else []
    return lines


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    """Rule files that load: rules with texts, kinds and escalations of all sorts, facts and actions, and comments."""
    lines = ["extends: [cooperation-plan]"] if draw(st.integers(0, 5)) == 0 else []
    lines += ["facts:", '  - {name: slack, about: phase, is: "planned_end - as_of"}']
    lines += ["  - {name: energy, about: task, type: kWh}"] if draw(st.booleans()) else []
    answers = draw(st.lists(st.sampled_from(_KINDS), max_size=2, unique=True))
    if draw(st.booleans()):
        lines += ["actions:", f"  - {{id: a, answers: [{', '.join(answers)}], title: A}}"]
    count = draw(st.integers(0, 3))
    lines += ["rules:"] if count else []
    for number in range(count):
        lines += draw(_rules(number))
    commented = [f"{line} {draw(st.sampled_from(_COMMENTS))}".rstrip() for line in lines]
    return HEAD + "\n".join(commented) + "\n"


def _analysis(text: str) -> Analysis:
    return coopgov.analyse(coopgov.parse_rules(text, "f.yaml"), as_of=AS_OF, solver=False)


@settings(max_examples=60, deadline=None)
@given(rule_files())
def test_whatever_loads_can_be_analysed(text: str) -> None:
    """Findings have codes with pages, lie in the file in its order, and come out the same again."""
    analysis = _analysis(text)
    places = [each.fault.place for each in analysis.findings]
    assert places == sorted(places)
    assert all(each.fault.code in finding_codes() for each in analysis.findings)
    assert all(0 < place.line <= text.count("\n") for place in places)
    assert all(str(each) and each.to_dict() for each in analysis.findings)
    assert _analysis(text) == analysis


@settings(max_examples=60, deadline=None)
@given(rule_files())
def test_every_finding_can_be_ignored(text: str) -> None:
    """A comment at the end of its line hides each finding, and nothing else; no comment is then without use."""
    lines = "\n".join(line.partition(" #")[0] for line in text.split("\n")).split("\n")
    found = _analysis("\n".join(lines)).findings
    for number, codes in {
        each.fault.place.line: {
            other.fault.code for other in found if other.fault.place.line == each.fault.place.line
        }
        for each in found
    }.items():
        lines[number - 1] += f" # coopgov: ignore {', '.join(sorted(codes))}: because"
    analysis = _analysis("\n".join(lines))
    assert analysis.findings == ()
    assert len(analysis.ignored) == len(found)
