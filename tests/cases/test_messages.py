"""One fault for one cause, figures that differ, languages, arguments, explanations."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from cases.faults import DAY, FOLDER, HEAD, RULES, faults_of, short, text_of
from coopgov.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable


# One cause --------------------------------------------------------------------------------------------------

USES = """\
rules:
  - {id: r, about: phase, kind: delay, when: gap above 3 days, severity: minor, message: "{gap}"}
  - {id: s, about: phase, kind: delay, measure: gap, bands: {minor: above 5 days, major: above 6 days}, message: m}
tables:
  - {id: t, about: phase, kind: delay, message: "{gap}", conditions: [gap], rows: [[above 3 days, minor], [above 4 days, major]]}
"""  # noqa: E501  # a file as people write it


@pytest.mark.parametrize(
    ("case", "reported_once"),
    [
        ("r.yaml", '5:35 unknown-fact did you mean "planned_end"?'),
        ("rule.yaml", "6:10 not-an-identifier write r-r"),
        ("override.yaml", "7:45 wrong-type"),
    ],
)
def test_one_cause_of_a_case_is_one_fault(case: str, reported_once: str) -> None:
    """The fault is reported where it is written."""
    assert short(faults_of(coopgov.parse_rules, text_of("34", case))) == [reported_once]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("facts: [{name: gap, about: phase, is: planed_end - as_of}]\n", "unknown-fact"),
        ("facts: [{name: gap, about: phase, is: planned_end -}]\n", "syntax"),
        (("facts: [{name: g, about: phase, is: planed_end - as_of}, {name: gap, about: phase, is: "
            "g + 1 day}]\n"), "unknown-fact"),
        ("facts: [{name: gap, about: phase}]\n", "missing-key"),
        ("facts: [{name: gap, about: phse, is: delay}]\n", "unknown-subject"),
        ("facts: [{name: gap, about: phase, is: g}, {name: g, about: phase, is: gap}]\n", "fact-circle"),
        ("parameters: {gap: 5 dys dys}\n", "syntax"),
        ("extends: [no-such-pack]\n", "unknown-pack"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_reported_once_whatever_uses_it(lines: str, code: str) -> None:
    """Conditions, measures, placeholders and tables do not report it again."""
    assert [each.code for each in faults_of(coopgov.parse_rules, RULES + lines + USES)] == [code]


def test_an_entry_that_cannot_be_read_excuses_what_it_names() -> None:
    """Its parameter is used, its rule and its action exist."""
    lines = "parameters: {lim: 5 days}\nactions: [{id: help}]\nrules:\n"
    wrong = "  - {id: r, about: phase, kid: delay, when: delay above lim, severity: minor, message: m}\n"
    other = (
        "  - {id: q, about: agreement, kind: delay, when: 'any(warnings where rule is \"r\")', "
        "severity: minor, message: m, actions: [help]}\n"
    )
    faults = faults_of(coopgov.parse_rules, RULES + lines + wrong + other)
    assert [each.code for each in faults] == ["missing-key", "unknown-key"]


# Figures ----------------------------------------------------------------------------------------------------


def warnings(rule: str, more: str = "", language: str = "en") -> list[Any]:
    """The warnings that a rule gives of the agreement of the case."""
    agreement = coopgov.parse_agreement(text_of("35", "a.yaml"))
    rules = coopgov.parse_rules(RULES + more + "rules:\n  - " + rule)
    return list(coopgov.assess(agreement, rules, as_of=DAY, language=language).warnings)


def test_the_figures_of_the_case() -> None:
    """Two figures that differ; a share as a share; no digit that nobody wrote; weeks in words."""
    agreement = coopgov.parse_agreement(text_of("35", "a.yaml"))
    rules = coopgov.parse_rules(text_of("35", "r.yaml"))
    for language, above, weeks in (
        ("en", "above", "weeks"),
        ("zh-Hans", "高于", "周"),
        ("zh-Hant", "高於", "週"),
    ):
        found: dict[str, Any] = {
            each.about: each
            for each in coopgov.assess(agreement, rules, as_of=DAY, language=language).warnings
        }
        assert [found["phase/p"].measure.text, found["phase/p"].threshold.text, found["phase/p"].message] == [
            "15.00000001 %",
            f"{above} 15 %",
            "15.00000001 %",
        ]
        assert found["kpi/w"].message == f"97 % 197 {weeks}"
        assert found["kpi/b"].message.split(" % ")[1].split()[0] == "20,000,000,000,000,000,000,000,000"


@pytest.mark.parametrize(
    ("measure", "band", "measured", "threshold"),
    [
        ("overspend", "above 14.99999999 %", "15.00000001 %", "above 14.99999999 %"),
        ("overspend", "below 15.00000002 %", "15.00000001 %", "below 15.00000002 %"),
        ("spent", "above 115000000 money", "115,000,000.01 CNY", "above 115,000,000 CNY"),
        ("spent / 3", "above 38333333.33 money", "38,333,333.34 CNY", "above 38,333,333.33 CNY"),
        ("elapsed / 3", "above 28.333 days", "28.3333 days", "above 28.333 days"),
        ("overspend * 1", "above 0.15", "0.1500000001", "above 0.15"),
        ("spent / 100000000 money * 1", "above 1.1", "1.15", "above 1.1"),
    ],
)
def test_a_measure_differs_from_its_threshold(measure: str, band: str, measured: str, threshold: str) -> None:
    """As many decimals as it takes, on both sides; a share times a plain number is a plain number."""
    (one,) = warnings(
        f"{{id: r, about: phase, kind: k, measure: {measure}, bands: {{minor: {band}}}, message: "
        "'{measure}, {threshold}'}\n"
    )
    assert (one.measure.text, one.threshold.text, one.message) == (
        measured,
        threshold,
        f"{measured}, {threshold}",
    )


def test_the_thresholds_of_a_page_differ() -> None:
    """Two bands that are close are printed with enough decimals to differ."""
    rule = (
        "rules: [{id: r, about: phase, kind: k, measure: overspend, bands: {minor: above 15.001 %, "
        "major: above 15.004 %}, message: m}]\n"
    )
    page = coopgov.rule_pages(coopgov.parse_rules(RULES + rule))["r.md"]
    assert "above 15.001 %" in page
    assert "above 15.004 %" in page


def test_explanations_distinguish_the_sides_of_a_comparison() -> None:
    """The measure, its formula and the sentence show the decimals that decide."""
    agreement = coopgov.parse_agreement(text_of("35", "a.yaml"))
    rules = coopgov.parse_rules(text_of("35", "r.yaml"))
    one = coopgov.explain(agreement, rules, rule="o", about="phase/p", as_of=DAY)
    assert [one.tree[0].value.text, one.tree[0].parts[0].value.text] == ["15.00000001 %", "15.00000001 %"]
    assert "15.00000001 % is above 15 %" in one.sentence


def test_an_item_of_warnings_is_named_by_its_warning() -> None:
    """In the tree and so in text and JSON."""
    agreement = coopgov.parse_agreement(text_of("37", "a.yaml"))
    for asked in (
        'any(warnings where rule is "phase-late")',
        'count(warnings where rule is "phase-late") at least 1',
        "count(warnings) at least 1",
    ):
        text = text_of("37", "r.yaml").replace('any(warnings where rule is "phase-late")', asked)
        one = coopgov.explain(agreement, coopgov.parse_rules(text), rule="bad", about="agreement", as_of=DAY)
        assert "phase-late@phase/p" in str(one.to_dict()["tree"])


# Languages and arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "status"),
    [("ZH-hans", "状态"), ("zh_CN", "状态"), ("zh", "状态"), ("zh-Hans-CN", "状态"), ("zh_TW", "狀態"), ("zh-HK",
     "狀態"), ("ZH_HANT", "狀態"), ("en_GB", "status"), ("EN", "status")],
)  # fmt: skip
def test_a_tag_of_any_spelling(tag: str, status: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Case, separator and region do not matter, on the command line and in the API."""
    path = next(FOLDER.glob("36-*")) / "a.yaml"
    assert main(["check", str(path), "--as-of", "2026-06-30", "--lang", tag]) == 0
    assert status in capsys.readouterr().out
    agreement = coopgov.load_agreement("examples/pilot/agreement.yaml")
    plain = {"状态": "zh-Hans", "狀態": "zh-Hant", "status": "en"}[status]
    assert coopgov.assess(agreement, as_of=DAY, language=tag) == coopgov.assess(
        agreement, as_of=DAY, language=plain
    )


def test_texts_take_tags_of_any_spelling() -> None:
    """They are kept as BCP 47 spells them, and found by any spelling."""
    agreement = coopgov.parse_agreement(
        HEAD.replace("title: T", "title: {en_gb: Pier, ZH_cn: 码头, zh_TW: 碼頭}")
    )
    assert agreement.title.languages == ("en-GB", "zh-Hans-CN", "zh-Hant-TW")
    assert [agreement.title.in_language(each) for each in ("en", "zh", "zh-hk")] == ["Pier", "码头", "碼頭"]


def test_an_unknown_language_is_refused_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The error lists those that there are."""
    with pytest.raises(SystemExit):
        main(["check", "a.yaml", "--lang", "klingon"])
    assert 'found "klingon", expected one of en, zh-Hans, zh-Hant' in capsys.readouterr().err


AGREEMENT = coopgov.load_agreement("examples/pilot/agreement.yaml")
PACK = coopgov.load_rules()
HISTORY = coopgov.backtest(AGREEMENT, first=DAY, last=DAY)
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "assess": (coopgov.assess, {"agreement": AGREEMENT, "rules": PACK, "as_of": DAY, "language": "en",
    "backend": "direct"}),
    "explain": (coopgov.explain, {"agreement": AGREEMENT, "rules": PACK, "rule": "phase-late", "about": "phase/core",
    "as_of": DAY, "language": "en"}),
    "explain_all": (coopgov.explain_all, {"agreement": AGREEMENT, "rules": PACK, "rule": "phase-late",
    "about": "phase/core", "as_of": DAY, "language": "en"}),
    "what_if": (coopgov.what_if, {"agreement": AGREEMENT, "rules": PACK, "changes": {}, "as_of": DAY,
    "language": "en"}),
    "backtest": (coopgov.backtest, {"agreement": AGREEMENT, "rules": PACK, "first": DAY, "last": DAY,
    "language": "en"}),
    "compare": (coopgov.compare, {"new": HISTORY, "old": HISTORY}),
    "derive": (coopgov.derive, {"agreement": AGREEMENT, "as_of": DAY, "catalogue": PACK.catalogue}),
    "analyse": (coopgov.analyse, {"rules": coopgov.parse_rules(RULES), "as_of": DAY, "solver": False,
    "time_limit": 1.0}),
    "history_svg": (coopgov.history_svg, {"histories": [HISTORY], "language": "en"}),
    "rule_pages": (coopgov.rule_pages, {"rules": coopgov.parse_rules(RULES)}),
    "dump_agreement": (coopgov.dump_agreement, {"agreement": AGREEMENT, "format": "yaml"}),
    "load_agreement": (coopgov.load_agreement, {"path": "examples/pilot/agreement.yaml", "name": "a.yaml"}),
    "parse_agreement": (coopgov.parse_agreement, {"text": HEAD, "name": "a.yaml"}),
    "build_agreement": (coopgov.build_agreement, {"mapping": {}}),
    "parse_rules": (coopgov.parse_rules, {"text": RULES, "name": "r.yaml"}),
    "checker": (PACK.checker, {"about": "phase", "calendar": None, "currency": "CNY", "backend": "direct"}),
    "rule": (PACK.rule, {"id": "phase-late"}),
    "readers": (PACK.readers, {"about": "phase"}),
    "at_least": (coopgov.assess(AGREEMENT, as_of=DAY).at_least, {"severity": "minor"}),
}  # fmt: skip
STRANGE = [
    3.5,
    b"x",
    object(),
    ["x"],
    {"x": 1},
    "no such thing",
    coopgov.faults.Place("a", 1, 1),
    AGREEMENT,
    PACK,
]


@pytest.mark.parametrize(
    ("name", "argument"), [(name, argument) for name, (_, takes) in CALLS.items() for argument in takes]
)
def test_a_strange_argument_is_an_argument_error(name: str, argument: str) -> None:
    """Whatever is given, an error says which argument, or the call works."""
    function, takes = CALLS[name]
    for strange in STRANGE:
        try:
            function(**{**takes, argument: strange})
        except coopgov.ArgumentError as error:
            refused = error.argument
        except coopgov.CoopgovError:
            continue
        else:
            continue
        assert refused == argument


def test_the_arguments_of_the_case() -> None:
    """Each is one of coopgov's own errors, and says what is accepted."""
    assessed = coopgov.assess(AGREEMENT, as_of=DAY)
    assess: Any = coopgov.assess
    for call, text in (
        (lambda: assessed.at_least("mayor"),  # type: ignore[arg-type]  # what the message is about
         ('severity: found "mayor", expected one of clear, undetermined, notice, minor, major, '
            'critical; did you mean "major"?')),
        (lambda: assess(AGREEMENT, as_of="2026-06-30"),
         ('as_of: found "2026-06-30", expected a date such as date(2026, 6, 30); write date(2026, '
            '6, 30)')),
        (lambda: assess(AGREEMENT, "cooperation-plan", as_of=DAY),
         ('rules: found "cooperation-plan", expected a rule set; load_rules(…) loads packs and '
            'rule files')),
        (lambda: assess("a.yaml", as_of=DAY),
         ('agreement: found "a.yaml", expected an agreement; load_agreement(…) reads one from a '
            'file')),
        (lambda: assess(PACK, AGREEMENT, as_of=DAY),
         ("agreement: found a value of type RuleSet, expected an agreement; load_agreement(…) "
            "reads one from a file")),
        (lambda: assess(AGREEMENT, as_of=DAY, language="klingon"),
         ('language: found "klingon", expected a language: en, zh-Hans, zh-Hant, or the tag of '
            'another that texts are written in')),
        (lambda: coopgov.load_rules("nope-pack"),
         ("nope-pack:1:1: unreadable-file: found No such file or directory, expected a file to "
            "read; shipped packs: cooperation-plan")),
        (lambda: PACK.checker("phse"), 'there is no type of subject "phse"; did you mean "phase"?'),
    ):  # fmt: skip
        with pytest.raises(coopgov.CoopgovError) as caught:
            call()
        assert str(caught.value) == text


@pytest.mark.parametrize("backend", ["direct", "interpreter"])
def test_the_date_of_a_checker_is_a_date(backend: str) -> None:
    """A text is refused by the name of the argument."""
    checker = PACK.checker("phase", backend=backend)
    with pytest.raises(coopgov.ArgumentError) as caught:
        checker({"planned_start": DAY, "planned_end": DAY}, as_of="2026-06-30")  # type: ignore[arg-type]
    assert caught.value.hint == "write date(2026, 6, 30)"


def test_an_instant_counts_as_its_own_day() -> None:
    """As it does for facts."""
    assert coopgov.assess(AGREEMENT, as_of=datetime(2026, 6, 30, 23)) == coopgov.assess(AGREEMENT, as_of=DAY)  # noqa: DTZ001
