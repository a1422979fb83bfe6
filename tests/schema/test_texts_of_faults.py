"""What faults of files, values and agreements say, in every language of the library."""

from __future__ import annotations

import errno
import os
import re
import socket
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from pydantic import BaseModel, ValidationError

import coopgov
from cases.faults import HEAD
from cases.test_hints import VALUES
from coopgov.analysis.finding_codes import agreement_finding_codes
from coopgov.errors import InputError
from coopgov.hints import followed
from coopgov.languages import LANGUAGES
from coopgov.locales import Phrase, text, texts
from coopgov.model import calendar_of
from coopgov.model.parts.patterns import MOST_FILES
from coopgov.schema import Count, faults_of
from coopgov.source import MAX_BYTES, read_cells, read_document
from coopgov.source.files import is_file, replace_file, why_unreadable, why_unwritable
from coopgov.source.yaml_problems import PROBLEMS, problem_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov import Fault

SECTIONS = ("source.", "schema.", "hints.", "model.")
BEYOND = {
    "schema.duplicate-word.expected",
    "schema.duplicate-word.found",
    "schema.time-zone.install",
    "source.file.irregular",
    "source.file.not-unicode",
}
"""Texts of these sections that only other packages use, or only other systems need."""
ELSEWHERE = ("model.evaluation.", "model.unknown-survey.", "model.sort.survey", "model.part-unknown.surveys")
"""Texts that the tests of the evaluation and of parts bring up."""
NAMES = {
    "YAML",
    "JSON",
    "Schema",
    "UTF",
    "MB",
    "ISO",
    "CN",
    "CNY",
    "IANA",
    "USD",
    "YYYY",
    "MM",
    "DD",
    "Unicode",
    "Python",
    "U",
}
"""What Chinese writes in Latin letters, too."""
PLAN = "planned: {start: 2026-01-05, end: 2026-12-31}"
LINES = [
    "a: &a [*a]", "a: *b", "a: !x y", "a: > b", "a: {b: c, d}", "a: {{b} c}", "titl: {zh: a, b, en: c}", "? [a]\n: b",
    "a:\n\t- b", "a: b: c",
    "---\na: b", "a: [b", "a: {b", 'a: "\\q"', "id: t", "a:\n  - b\n c", "a: " + "[" * 60, "a: %x", "a: \x01",
    "team：\n  members: []",
    "title：　T", "team:\n　　members: []", "vision: {}", "vision: {x_y: a}", "vision: {zh-Hans: a, zh-hans: b}",
    "vision: ' '", "vision: [1]",
    "custom: {energy: {value: 5}}", "custom: 5", "risks: [{id: r, title: T, causes: ['a，b']}]", "parties: []",
    "parties: 5", "phases: [5]",
    "calendar: {holidays: [2026-02-30]}", "calendar: {holidays: [2026-01-06], working: [2026-01-06]}",
    "calendar: {country: china}",
    "calendar: {weekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]}",
    "calendar: {subdivision: x}", "calendar: {weekend: [mo]}",
    "rates: [{currency: USD, on: 2026-01-05, rate: 0}]",
    "rates: [{currency: USD, on: 2026-01-05, rate: 7}, {currency: USD, on: 2026-01-05, rate: 8}]",
    "rates: [{currency: US, on: 2026-01-05, rate: 7}]", "phasen: []", "strict: perhaps", "strict: 是",
    "meetings: [{id: m, every: 5 hours}]", "meetings: [{id: m, every: 1234567 days}]",
    "meetings: [{id: m, every: soon, body: x}]", f"phases: [{{id: p, {PLAN}, budget: x}}]",
    f"phases: [{{id: p, {PLAN}, budget: -5}}]", f"phases: [{{id: p, {PLAN}, budget: 5 usd}}]",
    f"phases: [{{id: p, {PLAN}, budget: 5 USD}}]", f"phases: [{{id: p, {PLAN}, budget: 0.001}}]",
    f"phases: [{{id: p, {PLAN}, budget: 5 XXA}}]", f"phases: [{{id: p, {PLAN}, progress: 5}}]",
    (f"rates: [{{currency: JPY, on: 2026-01-05, rate: 7}}]\nphases: [{{id: p, {PLAN}, budget: 0.5 "
        "JPY}]"), f"phases: [{{id: p, {PLAN}, forecast: [{{on: 2026-01-05}}]}}]",
    (f"phases: [{{id: p, {PLAN}, tasks: [{{id: a, {PLAN}, progress: 200 %, load: -5 %, after: "
        "[b]}]}]"), "phases: [{id: p, planned: {start: 2026-01-05, end: 2026-01-01}}]",
    (f"phases: [{{id: p, {PLAN}, tasks: [{{id: a, {PLAN}, after: [b, c]}}, {{id: b, {PLAN}, after: "
        "[a]}]}]"), f"phases: [{{id: p, {PLAN}, budget: [{{amount: 5}}, {{amount: 6}}]}}]",
    "risks: [{id: '(', title: T, impact: 9, probability: x}]",
    "kpis: [{id: k, baseline: {value: 5}, target: {value: 3}, scale: {from: 5, to: 1}}]",
    "kpis: [{id: k, baseline: {value: 5}, target: {value: 3}}]",
    ("kpis: [{id: k, scale: {from: 1, to: 5}, target: {value: 9}, readings: [{on: 2026-01-05, "
        "value: 1}, {on: 2026-01-05, value: 2}]}]"),
    "kpis: [{id: k, target: {value: " + "9" * 40 + "}}, {id: l, target: {}}]",
    ("team: {members: [{id: m, party: x, deputy: m}, {id: project-manager}], bodies: [{id: "
        "finance-liaison, members: [x]}]}"),
    "goals: [{id: g, statement: S, owner: x, kpis: [x]}]", "meetings: [{id: m, body: x}]",
    "waivers: [{rule: r, about: phase/x, until: 2026-01-05, reason: R}]",
    f"phases: [{{id: p, {PLAN}, tasks: [{{id: a, {PLAN}, after: [{{task: b, lag: 5}}]}}, {{id: b, {PLAN}}}]}}]",
    "time_zone: Asia/Shanghi", f"phases: [{{id: p, {PLAN}, qqqqqq: 5}}]",
]  # fmt: skip
"""Agreements with mistakes: what follows their first lines."""
TWICE = [
    *("team: {members: [{id: a}, {id: a}]}", "goals: [{id: a, statement: S}, {id: a, statement: S}]",
    "kpis: [{id: a}, {id: a}]", "meetings: [{id: a}, {id: a}]"),
    *(f"phases: [{{id: a, {PLAN}}}, {{id: a, {PLAN}}}]",
    "plans: [{id: a, title: T, answers: [x]}, {id: a, title: T, answers: [x]}]"),
    *("risks: [{id: a, title: T}, {id: a, title: T}]",
    "risks: [{id: a, title: T, responses: [{id: a, title: T}, {id: a, title: T}]}]"),
    *(f"phases: [{{id: p, {PLAN}, tasks: [{{id: a, {PLAN}}}, {{id: a, {PLAN}}}]}}]",
    (f"phases: [{{id: p, {PLAN}, milestones: [{{id: a, due: 2026-01-05}}, {{id: a, due: "
        "2026-01-05}]}]")),
    f"phases: [{{id: p, {PLAN}, deliverables: [{{id: a, due: 2026-01-05}}, {{id: a, due: 2026-01-05}}]}}]",
    "team: {members: [{id: a}], chairs: [{by: a, from: 2026-01-05}, {by: a, from: 2026-01-05}]}",
    "meetings: [{id: a, minutes: [{on: 2026-01-05}, {on: 2026-01-05}]}]",
    "meetings: [{id: a, minutes: [{on: 2026-01-05, decisions: [{id: a, what: W}, {id: a, what: W}]}]}]",
    ("reports: [{id: a, period: {start: 2026-01-05, end: 2026-01-05}, due: 2026-01-05}, "
        "{id: a, period: {start: 2026-01-05, end: 2026-01-05}, due: 2026-01-05}]"),
]  # fmt: skip
WHOLE: list[str | bytes] = [
    "", "\ufeff# nothing\n", "[]", "coopgov: rules/1\n", HEAD.replace("[{id: a}, {id: b}]", "[{id: a}, {id: a}]"),
    b"\xff\xfe", "a: \ud800", " " * (MAX_BYTES + 1),
    HEAD.replace("[{id: a}, {id: b}]", "[]"),
    HEAD.replace("CNY", "KWD") + f"phases: [{{id: p, {PLAN}, budget: '300,000'}}]\n",
    HEAD.replace("id: t", "id:\u3000t"),
    "a: &a [" + ", ".join("x" * 100) + "]\nb: &b [" + ", ".join(["*a"] * 100) + "]\nc: &c ["
    + ", ".join(["*b"] * 100) + "]\nd: [" + ", ".join(["*c"] * 10) + "]\n",
]  # fmt: skip
TABLES = ["", 'a,b\n"x', 'a,b\n"x" y,z\n']
OBJECTS: list[dict[str, Any]] = [
    {"title": {1, 2}}, {"$schema": 5}, {"title": "\ud800"}, {"title": object()}, {"vision": {"en": None}},
     {"parties": {"id": 1}},
]  # fmt: skip
PARTS = [
    "kpis: [{id: k, readings: [{on: 2026-06-30, value: 5}]}, {id: x}]", "into: other\nrisks: [{id: x}]",
    "kpis: [{id: k, floor: 3}]", "kpis: [{id: k, unit: days}]", "meetings: [{id: x}]", "team: {bodies: [{id: x}]}",
    "phases: [{id: x}]", "phases: [{id: p, milestones: [{id: x}], deliverables: [{id: x}]}]",
    "risks: [{id: r, responses: [{id: x}]}]",
    f"phases: [{{id: p, tasks: [{{id: t, {PLAN}, baselines: [{{id: a}}, {{id: a}}]}}]}}]",
    (f"phases: [{{id: p, tasks: [{{id: t, {PLAN}, spending: [{{on: 2026-01-05, amount: 5, id: 1}}, {{on: "
        "2026-01-05, amount: 5, id: 1}]}]}]"),
]  # fmt: skip
"""Parts with mistakes, or that do not fit the agreement of `_of_parts`."""
FINDINGS = [
    f"phases: [{{id: p, {PLAN}, tasks: [{{id: a, {PLAN}, after: [{{task: b, lag: 5 days}}]}}, {{id: b, {PLAN}}}]}}]",
    "team: {members: [{id: m, role: 项目经里}]}",
    f"phases: [{{id: p, {PLAN}, buffer: 999 days}}]",
    "kpis: [{id: k, baseline: {value: 1, on: 2026-06-30}, target: {value: 2, by: 2026-01-31}}]",
    "kpis: [{id: k, baseline: {value: 1, on: 2029-06-30}, target: {value: 2}}]",
    "phases: [{id: p, planned: {start: 2001-01-05, end: 2026-12-31}}]",
    "kpis: [{id: k, category: satisfaction}, {id: l, category: satisfaction, unit: 件}]",
    "team: {bodies: [{id: b, every: 1 month}]}\nmeetings: [{id: m, body: b, every: 3 months}]",
]  # fmt: skip


def _faults_of(load: Callable[[], object]) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        load()
    return caught.value.faults


def _of_texts() -> Iterator[Fault]:
    for line in (*LINES, *TWICE):
        yield from _faults_of(lambda line=line: coopgov.parse_agreement(HEAD + line + "\n"))  # type: ignore[misc]
    for whole in WHOLE:
        yield from _faults_of(lambda whole=whole: coopgov.parse_agreement(whole))  # type: ignore[misc]
    for table in TABLES:
        yield from _faults_of(lambda table=table: read_cells(table, "t.csv", "a"))  # type: ignore[misc]
    for line, values in VALUES.items():
        for value in values:
            try:
                coopgov.parse_agreement(HEAD + line % value + "\n")
            except coopgov.AgreementError as error:
                yield from error.faults


def _of_parts(folder: Path) -> Iterator[Fault]:
    whole = HEAD + (
        f"phases: [{{id: p, {PLAN}}}]\nkpis: [{{id: k, unit: points, readings: [{{on: 2026-06-30, value: 4}}]}}]\n"
        "risks: [{id: r, title: T}]\n"
    )
    agreement = coopgov.parse_agreement(whole)
    head = "coopgov: part/1\nfrom: {format: form, on: 2026-06-30}\n"
    for part in PARTS:
        into = "" if "into" in part else "into: t\n"
        yield from _faults_of(
            lambda part=part, into=into: agreement.with_part(coopgov.parse_part(head + into + part))  # type: ignore[misc]
        )
    (folder / "link").symlink_to(folder / "a")
    (folder / "a").mkdir()
    for number in range(MOST_FILES + 1):
        (folder / "a" / f"{number}.yaml").write_bytes(b"")
    for parts in ("../a", "x.yaml", "link", "a/*.yaml"):
        (folder / "whole.yaml").write_text(f"{whole}parts: ['{parts}']\n", encoding="utf-8")
        yield from _faults_of(lambda: coopgov.load_agreement(folder / "whole.yaml"))
    yield from _faults_of(lambda: coopgov.parse_agreement(whole + "parts: [x]\n"))


def _of_objects() -> Iterator[Fault]:
    good = {"coopgov": "agreement/1", "id": "t", "title": "T", "currency": "CNY", "parties": [{"id": "a"}]}
    term = {"start": date(2026, 1, 5), "end": date(2026, 12, 31)}
    for each in OBJECTS:
        yield from _faults_of(lambda each=each: coopgov.build_agreement({**good, "term": term, **each}))  # type: ignore[misc]
    yield from _faults_of(lambda: coopgov.build_agreement(good))
    try:
        _Counted.model_validate({"count": "x", "many": "x"})
    except ValidationError as error:
        yield from faults_of(read_document("count: x", "c.yaml"), error, _Counted)


class _Counted(BaseModel):
    count: Count | None = None
    many: int = 0


def _of_agreements(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fault]:
    for line in FINDINGS:
        yield from (each.fault for each in coopgov.parse_agreement(HEAD + line + "\n").findings)
    for code in agreement_finding_codes().values():
        analysis = coopgov.check_agreement(coopgov.parse_agreement(code.bad))
        yield from (each.fault for each in analysis.findings)
    loose = HEAD.replace("term: {start: 2026-01-05, end: 2027-06-30}", "strict: false\nterm: {%s}")
    for term in ("start: 2026-01-05", "end: 2026-01-05"):
        phase = "phases: [{id: p, planned: {start: 2001-01-05, end: 2039-12-31}}]\n"
        yield from (each.fault for each in coopgov.parse_agreement(loose % term + phase).findings)
    unknown = coopgov.parse_agreement(HEAD + "calendar: {country: QQ}\n")
    yield from _faults_of(lambda: calendar_of(unknown))
    monkeypatch.setitem(sys.modules, "holidays", None)
    other = coopgov.parse_agreement(HEAD + "calendar: {country: QX}\n")
    yield from _faults_of(lambda: calendar_of(other))


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Fault]:
    """The faults of everything above, and of files that do not exist, are no agreement or cannot be written."""
    (tmp_path / "other.yaml").write_text("a: 1\n", encoding="utf-8")
    names = ("missing.yaml", "other.yaml")
    of_files = [
        each
        for name in names
        for each in _faults_of(lambda name=name: coopgov.load_agreement(tmp_path / name))  # type: ignore[misc]
    ]
    return [*_of_texts(), *_of_parts(tmp_path), *_of_objects(), *_of_agreements(monkeypatch), *of_files]


def _phrases(said: object) -> Iterator[Phrase]:
    """A phrase, and those in its placeholders."""
    if isinstance(said, tuple):
        for each in said:
            yield from _phrases(each)
    elif isinstance(said, Phrase):
        yield said
        for value in said.values.values():
            yield from _phrases(value)


def _bare(said: object, language: str) -> str:
    """A text of the library without what users wrote."""
    if isinstance(said, tuple):
        return " ".join(_bare(each, language) for each in said)
    if not (isinstance(said, Phrase) and said.key):
        return ""
    return text(said.key, language, **{name: _bare(value, language) for name, value in said.values.items()})


def test_what_a_fault_says_is_a_phrase_of_every_language(faults: list[Fault]) -> None:
    """Nothing is a plain text; and Chinese has Latin letters only in names, and in what is to be written as it is."""
    for fault in faults:
        for said in (fault.found, fault.expected, fault.hint):
            assert isinstance(said, Phrase), (fault.code, said)
            for language in LANGUAGES[1:]:
                shown = re.sub(r"`[^`]*`|“[^”]*”|「[^」]*」|\{.*\}", "", _bare(said, language))
                assert set(re.findall("[A-Za-z]+", shown)) <= NAMES, (fault.code, shown)


def test_every_text_is_used(faults: list[Fault], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The mistakes above bring up every text that the locales have for them."""
    said = [each for fault in faults for each in (fault.found, fault.expected, fault.hint)]
    said += [*map(problem_text, (*PROBLEMS, None, "found a riddle")), *_reasons(monkeypatch, tmp_path)]
    used = {each.key for each in _phrases(tuple(said))}
    known = {key for key in texts("en") if key.startswith(SECTIONS) and not key.startswith(ELSEWHERE)}
    assert sorted(known - used) == sorted(BEYOND)


def _reasons(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Phrase]:
    """Why files cannot be read or written."""
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(folder / "socket"))
    (folder / "kept").write_bytes(b"")
    yield from map(
        why_unreadable, (folder, folder / "pipe", folder / "socket", Path("/dev/null"), Path("a\0"))
    )
    with pytest.raises(InputError) as caught:
        replace_file(folder, b"")
    yield caught.value.faults[0].expected
    monkeypatch.setattr(os, "access", lambda *_: False)
    yield why_unwritable(folder / "kept")
    for number in (errno.EACCES, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.ENOSPC, errno.EROFS):
        monkeypatch.setattr(Path, "stat", _failing(number))
        assert not is_file(folder / "kept")
        yield why_unreadable(folder / "kept")


def _failing(number: int) -> Callable[..., NoReturn]:
    def stat(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return stat


@pytest.mark.parametrize(("problem", "key"), PROBLEMS.items())
def test_the_english_text_of_a_problem_is_that_of_the_parser(problem: str, key: str) -> None:
    """Only the word `found` is missing, which a fault puts before it."""
    assert text(key, "en") == problem.removeprefix("found ")


def test_a_chinese_hint_says_what_the_english_one_says(faults: list[Fault]) -> None:
    """What is accepted when an English hint is followed is in the Chinese ones, too."""
    followable = [(each.hint, written) for each in faults if (written := followed(each.hint, "", 0, 0))]
    assert len(followable) > 50
    for hint, written in followable:
        assert isinstance(hint, Phrase)
        for language in LANGUAGES[1:]:
            assert written in hint.in_language(language) or "space" in written
