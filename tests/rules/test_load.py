"""Rule files, alone and together: the rule set that they give, and all faults of all files at once."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov.errors import FactError, RulesError, UnknownNameError
from coopgov.language import to_text
from coopgov.rules import RuleSet, load_rules, parse_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
EXTENDING = HEAD + "extends: [cooperation-plan]\n"
LATE = "  - {id: late, about: phase, kind: delay, message: m, when: ended, severity: minor}\n"
AS_OF = date(2026, 6, 30)


def shown(make: Callable[[], RuleSet]) -> str:
    """The faults of rule files, as printed."""
    with pytest.raises(RulesError) as caught:
        make()
    return str(caught.value)


def faults_text(text: str) -> str:
    """The faults of one text."""
    return shown(lambda: parse_rules(text, "r.yaml"))


def written(folder: Path, **files: str) -> Path:
    """Write rule files; the path of the first."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(files))}.yaml"


# One file ---------------------------------------------------------------------------------------------------

GOLDEN = """
rules: [{id: r, abuot: phase}]
r.yaml:4:17: unknown-key: found the key "abuot", expected a known key; did you mean "about"?
    rules: [{id: r, abuot: phase}]
                    ^^^^^

rules: [{id: r, about: phse, kind: delay, message: m, when: ended, severity: minor}]
r.yaml:4:24: unknown-subject: found "phse", expected a type of subject: agreement, party, member, body, meeting, decision, goal, kpi, phase, milestone, deliverable, task, link, payment, report, risk, response, plan, waiver, evaluation, role, warning, case; did you mean "phase"?
    rules: [{id: r, about: phse, kind: delay, message: m, when: ended, severity: minor}]
                           ^^^^

rules: [{id: r}]
r.yaml:4:9: missing-key: found a rule "r" without it, expected the key "about"
    rules: [{id: r}]
            ^
r.yaml:4:9: missing-key: found a rule "r" without it, expected the key "kind"
    rules: [{id: r}]
            ^
r.yaml:4:9: missing-key: found a rule "r" without it, expected the key "message"
    rules: [{id: r}]
            ^

rules: [{id: r, about: phase, kind: delay, message: m, when: delay > 10 points, severity: minor}]
r.yaml:4:70: unit-mismatch: found a quantity in point, expected days
    rules: [{id: r, about: phase, kind: delay, message: m, when: delay > 10 points, severity: minor}]
                                                                         ^^^^^^^^^

rules: [{id: r, about: phase, kind: delay, message: m, when: delay, severity: minor}]
r.yaml:4:62: type-mismatch: found days, expected a condition
    rules: [{id: r, about: phase, kind: delay, message: m, when: delay, severity: minor}]
                                                                 ^^^^^

rules: [{id: r, about: phase, kind: delay, message: m, measure: delay, bands: {mnior: above 3 days}}]
r.yaml:4:80: unknown-severity: found "mnior", expected one of notice, minor, major, critical; did you mean "minor"?
    rules: [{id: r, about: phase, kind: delay, message: m, measure: delay, bands: {mnior: above 3 days}}]
                                                                                   ^^^^^

rules: [{id: r, about: phase, kind: delay, message: m, when: ended, severity: minor, measure: delay, bands: {minor: above 3 days}}]
r.yaml:4:62: measure-and-when: found a measure and `when`, expected bands on a measure, or `when`, not both
    rules: [{id: r, about: phase, kind: delay, message: m, when: ended, severity: minor, measure: delay, bands: {minor: above 3 days}}]
                                                                 ^^^^^

rules: [{id: r, about: phase, kind: delay, message: m, when: ended, severity: minor, escalate: {mjor: a within 3 days}}]
r.yaml:4:97: unknown-severity: found "mjor", expected one of notice, minor, major, critical; did you mean "major"?
    rules: [{id: r, about: phase, kind: delay, message: m, when: ended, severity: minor, escalate: {mjor: a within 3 days}}]
                                                                                                    ^^^^

parameters: {delay_tolerance: 8 %}
r.yaml:4:14: unknown-parameter: found "delay_tolerance", which no rule names, expected a parameter of an extended pack, or one that a rule names
    parameters: {delay_tolerance: 8 %}
                 ^^^^^^^^^^^^^^^

extends: [coperation-plan]
r.yaml:4:11: unknown-pack: found "coperation-plan", expected a shipped pack or a path relative to this file; did you mean "cooperation-plan"?
    extends: [coperation-plan]
              ^^^^^^^^^^^^^^^

facts: [{name: planned_end, about: phase, is: as_of}]
r.yaml:4:16: duplicate-fact: found "planned_end", expected a name that is not a base fact
    facts: [{name: planned_end, about: phase, is: as_of}]
                   ^^^^^^^^^^^

facts: [{name: slack, about: phase, is: 3 dayz + delay}]
r.yaml:4:50: unit-mismatch: found days, expected a quantity in dayz
    facts: [{name: slack, about: phase, is: 3 dayz + delay}]
                                                     ^^^^^

facts: [{name: a, about: phase, is: b}, {name: b, about: phase, is: a}]
r.yaml:4:37: fact-circle: found a → b → a, expected a formula that does not depend on itself
    facts: [{name: a, about: phase, is: b}, {name: b, about: phase, is: a}]
                                        ^

facts: [{name: of, about: phase, is: 1}, {name: on-time, about: phase, type: date}]
r.yaml:4:16: bad-name: found "of", expected letters, digits and _, and no word of the language
    facts: [{name: of, about: phase, is: 1}, {name: on-time, about: phase, type: date}]
                   ^^
r.yaml:4:49: bad-name: found "on-time", expected letters, digits and _, and no word of the language; write on_time
    facts: [{name: of, about: phase, is: 1}, {name: on-time, about: phase, type: date}]
                                                    ^^^^^^^

subjects: {phase: {x: date}, supplier: {above: count}}
r.yaml:4:12: duplicate-subject: found "phase", expected a type of subject that is not built in
    subjects: {phase: {x: date}, supplier: {above: count}}
               ^^^^^
r.yaml:4:41: bad-name: found "above", expected letters, digits and _, and no word of the language
    subjects: {phase: {x: date}, supplier: {above: count}}
                                            ^^^^^

actions: [{id: a, title: t}, {id: a, title: t, strains: [time]}]
r.yaml:4:35: duplicate-action: found the action "a" a second time, expected each action once
    actions: [{id: a, title: t}, {id: a, title: t, strains: [time]}]
                                      ^

rules: [{id: x, override: true, enabled: false}]
r.yaml:4:14: unknown-rule: found "x", expected the id of a rule of an extended pack
    rules: [{id: x, override: true, enabled: false}]
                 ^
"""  # noqa: E501  # a file as people write it


@pytest.mark.parametrize("block", GOLDEN.strip("\n").split("\n\n"))
def test_faults_as_people_read_them(block: str) -> None:
    """Each is at its place, and says what was found and what was expected."""
    line, faults = block.split("\n", 1)
    assert faults_text(HEAD + line + "\n") == faults


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("# nothing\n", "empty-file"),
        ("just text", "wrong-type"),
        ("- a\n- b\n", "wrong-type"),
        ("coopgov: rules/1\n", "missing-key"),
        ("coopgov: rules/2\npack: p\nversion: 1\n", "wrong-version"),
        ("coopgov: agreement/1\npack: p\nversion: 1\n", "wrong-version"),
        ("coopgov: rules/1\n\tpack: p\n", "tab"),
        (HEAD + "pack: q\n", "duplicate-key"),
        (HEAD + "---\n" + HEAD, "several-documents"),
        (HEAD + "rules: {a: b}\n", "wrong-type"),
        (HEAD + "rules: [[a]]\n", "wrong-type"),
        (HEAD + "rules: [{id: [a]}]\n", "not-an-identifier"),
        (HEAD + "parameters: {x: [1]}\n", "wrong-type"),
        (HEAD + "extends: cooperation-plan\n", "wrong-type"),
        (HEAD + "extends: ['']\n", "empty-text"),
        (HEAD + f"extends: [{'a' * 300}]\n", "unknown-pack"),
        (HEAD + 'extends: ["a\\0b"]\n', "unknown-pack"),
        (HEAD + "extends: [.]\n", "unknown-pack"),
        (HEAD + "extends: [built-in]\n", "unknown-pack"),
        (HEAD + "rules:\n" + LATE.replace("ended", "ended and " * 500 + "ended"), "expression-too-long"),
        (HEAD + "rules:\n" + LATE.replace("ended", "(" * 70 + "ended" + ")" * 70), "expression-too-deep"),
        (HEAD + "rules:\n" + LATE.replace("ended", "delay above 1e30 * 1e30 * 1 day"), "number-too-large"),
        (
            HEAD + "rules:\n" + LATE.replace("ended", "delay ＞ 3 days"),
            "full-width: found `＞`, expected a symbol of the language; write `>`",
        ),
        (HEAD + "rules:\n" + LATE.replace("minor", "mild"), "wrong-choice"),
        (
            HEAD + "rules:\n" + LATE.replace("when: ended", "measure: delay, bands: {minor: > 3 days}"),
            "unquoted-symbol",
        ),
        (HEAD + "rules:\n" + LATE.replace("message: m", "message: {en: Late, by days}"), "split-text"),
        (HEAD + "rules:\n" + LATE.replace("message: m", "message: {english: m}"), "not-a-language"),
        (HEAD + "rules:\n" + LATE + LATE, "duplicate-rule"),
        (HEAD + "facts: [{name: a, about: phase}]\n", "missing-key"),
        (HEAD + "facts: [{name: a, about: phase, is: 1, type: date}]\n", "missing-key"),
        (HEAD + "facts: [{name: a, about: phse, is: 1}]\n", "unknown-subject"),
        (
            HEAD + "facts: [{name: a, about: phase, is: 1}, {name: a, about: phase, is: 2}]\n",
            "duplicate-fact",
        ),
        (HEAD + "parameters: {x: delay}\nrules:\n" + LATE.replace("ended", "delay above x"), "not-a-literal"),
        (
            HEAD + "parameters: {x: as_of}\nrules:\n" + LATE.replace("ended", "planned_end above x"),
            "not-a-literal",
        ),
    ],
)
def test_wrong_files_of_every_sort(text: str, code: str) -> None:
    """They raise RulesError with a code and a place, and nothing else."""
    faults = faults_text(text)
    assert code in faults
    assert faults.startswith("r.yaml:")


def test_a_fault_inside_a_folded_text_has_its_line() -> None:
    """Also where an expression runs over several lines."""
    text = HEAD + (
        "rules:\n  - id: r\n    about: phase\n    kind: delay\n    message: m\n    severity: "
        "minor\n    when: >-\n      ended and\n      delay above 3 points\n"
    )
    assert faults_text(text) == (
        "r.yaml:12:19: unit-mismatch: found a quantity in point, expected days\n          delay "
        "above 3 points\n                      ^^^^^^^^"
    )


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 50)
    | st.floats()
    | st.sampled_from(
        [
            "",
            "phase",
            "delay",
            "delay / window",
            "above 3 days",
            "above x",
            "ended",
            "8 %",
            "x",
            "r",
            "cooperation-plan",
            "{phase.name}",
            "{",
            "minor",
            "date",
            "a within 3 days",
            'count(warnings where rule is "r") above 1',
            "> 3",
            "港",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["en", "minor", "major", "is", "x", "a-b", "id", "above"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


def _entries(*required: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = {name: values | _VALUES if name not in required else values for name, values in keys.items()}
    return st.lists(
        st.fixed_dictionaries(
            {name: some[name] for name in required},
            optional={name: values for name, values in some.items() if name not in required},
        ),
        max_size=3,
    )


_names = st.sampled_from(["r", "q", "phase-late", "x"])
_bands = st.dictionaries(
    st.sampled_from(["minor", "major", "critical", "bad"]),
    st.sampled_from(["above 3 days", "above x", "below 2", "is 3 %", "bogus !", "above 1 week"]),
    max_size=3,
)
_files = st.fixed_dictionaries(
    {"coopgov": st.just("rules/1"), "pack": st.just("p"), "version": st.just("1")},
    optional={
        "extends": st.lists(st.sampled_from(["cooperation-plan", "nowhere", "./r.yaml", ".."]), max_size=2),
        "parameters": st.dictionaries(st.sampled_from(["x", "delay_tolerance", "a-b", "of"]),
        st.sampled_from(["3 days", "8 %", "40 %", "delay", "((", "'t'"]) | _VALUES, max_size=3),
        "subjects": st.dictionaries(st.sampled_from(["supplier", "phase", "a-b"]),
        st.dictionaries(st.sampled_from(["x", "share", "a-b"]), st.sampled_from(["%", "date", "件", "CNY"]),
        max_size=2) | _VALUES, max_size=2),
        "facts": _entries("name", "about", name=st.sampled_from(["x", "delay", "planned_end", "warnings", "a-b"]),
        about=st.sampled_from(["phase", "supplier", "none"]), **{"is": st.sampled_from(["delay", "x + 1 day",
        "count(warnings)", "("]), "type": st.sampled_from(["date", "%", "kWh"])}),
        "actions": _entries("id", id=_names, title=_VALUES, answers=_VALUES, strains=_VALUES, within=_VALUES),
        "rules": _entries("id", id=_names, about=st.sampled_from(["phase", "supplier", "kpi"]), kind=st.just("delay"),
        message=st.sampled_from(["m", "{delay}", "{measure}", "{x", "{tasks}"]), measure=st.sampled_from(["delay",
        "delay / window", "x", "name"]), bands=_bands, when=st.sampled_from(["ended", "x", "delay",
        'any(warnings where rule is "q")']), where=st.sampled_from(["ended", "x"]), severity=st.sampled_from(["minor",
        "mild"]), override=st.booleans(), enabled=st.booleans(), escalate=_VALUES, title=_VALUES, causes=_VALUES,
        means=_VALUES),
    },
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(_files)
def test_any_file_is_loaded_or_refused(content: dict[str, Any]) -> None:
    """Any values under the known keys give a rule set, or RulesError with places inside the files."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    try:
        rules = parse_rules(text, "r.yaml")
    except RulesError as error:
        assert error.faults  # noqa: PT017
        for fault in error.faults:
            assert fault.place.line >= 1
            assert fault.place.file in ("r.yaml", "cooperation-plan.yaml")
            assert str(fault)
    else:
        assert rules.digest.startswith("sha256:")
        for about in {rule.about for rule in rules.rules}:
            rules.checker(about)


# Several files ----------------------------------------------------------------------------------------------


def test_faults_behind_faults_are_reported_at_once() -> None:
    """A doubled key, a split text or an entry with a wrong key does not hide what is wrong elsewhere in the file."""
    text = (
        HEAD
        + "pack: again\nrules:\n"
        + "".join(
            f"  - {{id: r{number}, about: phase, kind: delay, {rest}}}\n"
            for number, rest in enumerate(
                (
                    "measure: delay, bands: {minor: above 10}, message: m",
                    "when: ended, severity: awful, message: m",
                    "when: ended, severity: minor, message: {en: Late, by 5 days}",
                    "when: delay, severity: minor, message: m",
                )
            )
        )
    )
    with pytest.raises(RulesError) as caught:
        parse_rules(text)
    codes = [fault.code for fault in caught.value.faults]
    assert sorted(codes) == ["duplicate-key", "split-text", "type-mismatch", "unit-mismatch", "wrong-choice"]


def test_the_default_pack() -> None:
    """Without a file, the shipped pack; by its name as well; the built-in rules are always part of it."""
    assert load_rules().digest == load_rules("cooperation-plan").digest
    assert load_rules().pack == "cooperation-plan"
    alone = parse_rules(HEAD)
    assert [rule.id for rule in alone.rules] == ["role-vacant", "waiver-expired", "waiver-without-rule"]
    assert (alone.pack, alone.version) == ("p", "1.0.0")


def test_files_extend_packs_and_files(tmp_path: Path) -> None:
    """A relative path starts from the file that names it; each file is read once."""
    (tmp_path / "shared").mkdir()
    written(
        tmp_path / "shared",
        base=HEAD + "extends: [more.yaml]\nrules:\n" + LATE,
        more=EXTENDING.replace("pack: p", "pack: more"),
    )
    main = written(
        tmp_path,
        main=HEAD.replace("pack: p", "pack: main")
        + "extends: [shared/base.yaml, shared/more.yaml, cooperation-plan]\n",
    )
    rules = load_rules(main)
    ids = [rule.id for rule in rules.rules]
    assert rules.pack == "main"
    assert len(ids) == len(set(ids)) == len(load_rules().rules) + 1
    assert rules.rule("late").place.file.endswith("base.yaml")


def test_several_files_make_one_set(tmp_path: Path) -> None:
    """As if each extended those before it; name and version are those of the last."""
    one = written(tmp_path, one=HEAD + "rules:\n" + LATE)
    two = written(
        tmp_path,
        two=HEAD.replace("pack: p", "pack: q").replace("1.0.0", "2.1.0")
        + "rules: [{id: late, override: true, severity: major}]\n",
    )
    rules = load_rules(one, two)
    assert (rules.pack, rules.version) == ("q", "2.1.0")
    assert rules.rule("late").check.steps[0].severity == "major"
    assert load_rules(str(one)).rule("late").check.steps[0].severity == "minor"
    assert "unknown-rule" in shown(lambda: load_rules(two, one))


@pytest.mark.parametrize(
    ("files", "blamed"),
    [
        ({"a": "a.yaml"}, "a"),
        ({"a": "b.yaml", "b": "a.yaml"}, "b"),
        ({"a": "b.yaml", "b": "c.yaml", "c": "./a.yaml"}, "c"),
    ],
)
def test_files_that_extend_each_other(tmp_path: Path, files: dict[str, str], blamed: str) -> None:
    """A circle is reported where it closes."""
    main = written(tmp_path, **{name: HEAD + f"extends: [{other}]\n" for name, other in files.items()})
    faults = shown(lambda: load_rules(main))
    assert faults.startswith(f"{tmp_path / blamed}.yaml:4:11: extends-circle: found ")
    assert len(faults.splitlines()) == 3


def test_what_cannot_be_extended(tmp_path: Path) -> None:
    """A missing file, a folder, a link to itself: each an unknown pack, at its place."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    main = written(tmp_path, main=HEAD + "extends: [missing.yaml, folder, loop.yaml]\n")
    faults = shown(lambda: load_rules(main))
    assert faults.count("unknown-pack") == 3
    for given_path in (
        tmp_path / "missing.yaml",
        tmp_path / "folder",
        tmp_path / "loop.yaml",
        tmp_path / ("a" * 300),
    ):
        assert "unreadable-file" in shown(partial(load_rules, given_path))


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    """Files that cannot be read, entries that do not fit, and rules that make no sense, in one error, file by file."""
    main = written(
        tmp_path,
        main=HEAD
        + (
            "extends: [broken.yaml, odd.yaml, wrong.yaml]\nrules: [{id: r, about: phase, kind: "
            "delay, when: dleay, severity: minor, message: '{x}'}]\n"
        ),
        broken="coopgov: [\n",
        odd=HEAD + "rulez: []\n",
        wrong=HEAD + "rules:\n" + LATE.replace("ended", "delay") + LATE,
    )
    faults = shown(lambda: load_rules(main, tmp_path / "nowhere.yaml")).replace(f"{tmp_path}/", "")
    heads = [line.split(": found")[0] for line in faults.splitlines() if not line.startswith(" ")]
    assert heads == [
        "broken.yaml:2:1: syntax",
        "main.yaml:5:50: unknown-fact",
        "nowhere.yaml:1:1: unreadable-file",
        "odd.yaml:4:1: unknown-key",
        "wrong.yaml:5:61: type-mismatch",
        "wrong.yaml:6:10: duplicate-rule",
    ]


# Overrides --------------------------------------------------------------------------------------------------


def test_an_override_changes_what_it_names() -> None:
    """Bands and escalations are merged key by key, all else field by field."""
    before = load_rules().rule("phase-late")
    rules = parse_rules(
        EXTENDING
        + (
            "rules: [{id: phase-late, override: true, bands: {major: above 25 %}, escalate: {minor: "
            "lead within 3 days}, causes: [weather], title: Late}]\n"
        )
    )
    after = rules.rule("phase-late")
    assert [to_text(step.threshold) for step in after.check.steps if step.threshold] == [
        "30 %",
        "25 %",
        "10 %",
    ]
    assert set(after.escalate) == {*before.escalate, "minor"}
    assert after.causes == ("weather",)
    assert str(after.title) == "Late"
    assert (after.kind, after.message.text, after.place) == (before.kind, before.message.text, before.place)
    assert len(rules.rules) == len(load_rules().rules)


def test_an_override_can_change_a_ladder_into_a_condition() -> None:
    """`when` takes the place of measure and bands, and vice versa."""
    rules = parse_rules(
        EXTENDING
        + "rules: [{id: phase-late, override: true, when: delay above 3 days, severity: major, message: late}]\n"
    )
    check = rules.rule("phase-late").check
    assert check.measure is None
    assert [step.severity for step in check.steps] == ["major"]
    again = (
        EXTENDING
        + "rules:\n"
        + LATE
        + "  - {id: late, override: true, measure: delay, bands: {minor: above 3 days}}\n"
    )
    assert parse_rules(again).rule("late").check.measure is not None


def test_a_rule_can_be_switched_off_and_on() -> None:
    """What is switched off does not run; its faults, and rules that name it, are still checked."""
    off = parse_rules(
        EXTENDING
        + (
            "rules: [{id: phase-late, override: true, enabled: false}, {id: role-vacant, override: "
            "true, enabled: false}]\n"
        )
    )
    assert {rule.id for rule in load_rules().rules} - {rule.id for rule in off.rules} == {
        "phase-late",
        "role-vacant",
    }
    with pytest.raises(UnknownNameError, match='there is no rule "phase-late"'):
        off.rule("phase-late")
    both = (
        HEAD
        + "rules:\n"
        + LATE.replace("ended", "ended, enabled: false")
        + "  - {id: late, override: true, enabled: true}\n"
    )
    assert parse_rules(both).rule("late").id == "late"


def test_a_second_rule_of_one_id_is_reported_with_the_first() -> None:
    """Without `override: true` it is a slip; the fault names the place of the first."""
    text = EXTENDING + "rules:\n" + LATE.replace("late", "phase-late", 1)
    first = load_rules().rule("phase-late").place
    assert faults_text(text).splitlines()[0] == (
        'r.yaml:6:10: duplicate-rule: found the rule "phase-late" a second time (the first is at '
        f"{first}), expected each id once; write override: true to change it"
    )


# Parameters -------------------------------------------------------------------------------------------------


def test_a_parameter_of_a_pack_can_be_set() -> None:
    """Its rules compare with the new value; what it was is kept."""
    rules = parse_rules(EXTENDING + "parameters: {delay_tolerance: 8 %, delay_days: 1 week}\n")
    assert to_text(rules.rule("phase-late").condition("minor")) == "delay / window above 8 %"
    assert to_text(rules.rule("phase-late-days").condition("notice")) == "delay above 1 week"
    parameter = rules.parameters["delay_tolerance"]
    assert (parameter.text, parameter.default, parameter.means) == (
        "8 %",
        "10 %",
        load_rules().parameters["delay_tolerance"].means,
    )


def test_a_file_can_declare_parameters_of_its_own() -> None:
    """A number with its unit, a text, a date or a truth value, with or without an explanation."""
    text = HEAD + "parameters: {limit: {is: 2 weeks, means: Two weeks.}, from: 2026-01-05, word: \"'x'\"}\n"
    text += "rules:\n" + LATE.replace(
        "ended", "delay above limit and planned_end above from and name is word"
    )
    assert (
        to_text(parse_rules(text).rule("late").check.steps[0].condition)
        == 'delay above 2 weeks and planned_end above 2026-01-05 and name is "x"'
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("8 days", "found 8 days, expected a percentage, as in 10 %"),
        ("8", "found 8, expected a percentage, as in 10 %"),
        ("'\"x\"'", 'found "x", expected a percentage, as in 10 %'),
        ("100 CNY", "found 100 CNY, expected a percentage"),
    ],
)
def test_a_parameter_keeps_its_unit(value: str, expected: str) -> None:
    """A value of another type is reported once, at the line that set it."""
    faults = faults_text(EXTENDING + f"parameters: {{delay_tolerance: {value}}}\n")
    assert faults.startswith("r.yaml:5:31: unit-mismatch: ")
    assert expected in faults
    assert len(faults.splitlines()) == 3


def test_a_misspelt_parameter() -> None:
    """A parameter that nothing names is a slip; the nearest one is the hint."""
    faults = faults_text(EXTENDING + "parameters: {delay_tolerence: 8 %}\n")
    assert faults.splitlines()[0].endswith('did you mean "delay_tolerance"?')


# Facts and subjects of the author ---------------------------------------------------------------------------


def test_derived_facts_of_the_author() -> None:
    """An author's facts can be used like those of the catalogue, in rules and in each other."""
    text = HEAD + (
        "facts:\n  - {name: slack, about: phase, is: allowed - delay}\n  - {name: allowed, "
        "about: phase, is: 'max(2 days, window * 10 %)'}\n"
    )
    text += "rules:\n" + LATE.replace(
        "when: ended, severity: minor", "measure: slack, bands: {minor: below 0 days}"
    ).replace("message: m", "message: '{slack} of {allowed}'")
    checker = parse_rules(text).checker("phase")
    facts = {
        "planned_start": date(2026, 1, 1),
        "planned_end": date(2026, 1, 31),
        "actual_end": date(2026, 2, 5),
    }
    assert checker(facts, as_of=AS_OF) == ([("late", "minor", -2, 0)], [])


def test_a_shipped_formula_can_be_replaced() -> None:
    """A derived fact of the catalogue is a formula like the author's own."""
    text = EXTENDING + "facts: [{name: delay, about: phase, is: 3 days}]\n"
    checker = parse_rules(text).checker("phase")
    facts = {"planned_start": date(2026, 1, 1), "planned_end": date(2026, 1, 11)}
    assert ("phase-late", "major", 0.3, 0.2) in checker(facts, as_of=AS_OF)[0]


@pytest.mark.parametrize(
    ("kind", "condition", "value"),
    [
        ("kWh", "x above 1 MWh", 1001),
        ("%", "x above 50 %", 51),
        ("count", "x above 3", 4),
        ("money", "x above 3 CNY", 4),
        ("CNY", "x above 3 CNY", 4),
        ("date", "x above 2026-01-05", date(2026, 1, 6)),
        ("text", 'x is "a"', "a"),
        ("truth", "x", True),
        ("true/false", "x", True),
        ("working days", "x above 3 working days", 4),
        ("weeks", "x above 20 days", 3),
        ("minutes", "x above 1 hour", 61),
        ("件", "x above 3 件", 4),
        ("°C", 'x above 30 "°C"', 31),
    ],
)
def test_custom_facts_have_a_type(kind: str, condition: str, value: object) -> None:
    """A declared value is checked as one of the model's own; the checker takes it in the unit declared."""
    text = (
        HEAD
        + f"facts:\n  - {{name: x, about: task, type: {kind!r}}}\nrules:\n"
        + LATE.replace("about: phase", "about: task").replace("ended", f"'{condition}'")
    )
    checker = parse_rules(text).checker("task", currency="CNY")
    assert checker({"x": value}) == ([("late", "minor", None, None)], [])
    assert checker({}) == ([], [("late", ("x",), "absent data")])


def test_subjects_of_the_host() -> None:
    """A rule file declares them with their base facts; formulas and rules are written as for any other."""
    text = (
        HEAD
        + """subjects:
  supplier: {on_time_share: "%", open_claims: count, last_audit: date, 地区: text}
facts:
  - {name: unaudited, about: supplier, is: "max(0 days, as_of - last_audit)"}
rules:
  - id: late-supplier
    about: supplier
    kind: external
    where: 地区 is not "test"
    measure: on_time_share
    bands: {minor: below 90 %, major: below 80 %}
    message: "{supplier.on_time_share} on time"
  - {id: unaudited, about: supplier, kind: external, when: unaudited above 1 week or open_claims above 3, severity: notice, message: m}
"""  # noqa: E501  # a file as people write it
    )
    checker = parse_rules(text).checker("supplier")
    facts = {"on_time_share": 79.5, "open_claims": 0, "last_audit": date(2026, 6, 22), "地区": "x"}
    expected = [("late-supplier", "major", 0.795, 0.8), ("unaudited", "notice", None, None)]
    assert checker(facts, as_of=AS_OF) == (expected, [])
    assert checker({**facts, "on_time_share": 80, "地区": "test"}, as_of=date(2026, 6, 29)) == ([], [])
    assert checker({"open_claims": 4, "on_time_share": float("nan")}, as_of=AS_OF) == (
        [expected[1]],
        [("late-supplier", ("on_time_share", "地区"), "absent data")],
    )
    with pytest.raises(FactError, match="fact last_audit: found '2026-06-22', expected a date"):
        checker({**facts, "last_audit": "2026-06-22"}, as_of=AS_OF)
    with pytest.raises(
        UnknownNameError, match='there is no type of subject "suplier"; did you mean "supplier"'
    ):
        parse_rules(text).checker("suplier")


# Digest -----------------------------------------------------------------------------------------------------

FULL = """coopgov: rules/1
pack: p
version: 1.0.0
parameters: {limit: 3 days, other: 5 days}
facts:
  - {name: a, about: phase, is: delay + 1 day}
  - {name: b, about: phase, is: a + 1 day}
subjects: {supplier: {x: date, y: text}}
actions:
  - {id: one, title: {en: One, zh-Hans: 一}, answers: [delay], within: 3 days}
  - {id: two, title: Two}
rules:
  - {id: r, about: phase, kind: delay, message: {en: Late, zh-Hans: 延误}, measure: b, bands: {minor: above limit, major: above other}, escalate: {minor: x within 3 days, major: y within 1 day}, causes: [m, n]}
  - {id: s, about: phase, kind: delay, message: m, when: ended, severity: minor}
"""  # noqa: E501  # a file as people write it


def _reordered(node: Any, turn: int) -> Any:
    if isinstance(node, dict):
        items = [(key, _reordered(value, turn)) for key, value in node.items()]
        return dict(items[turn:] + items[:turn])
    if isinstance(node, list):
        return [_reordered(item, turn) for item in node]
    return node


def test_the_digest_is_of_what_the_rules_mean() -> None:
    """Order of keys and entries, comments, quotes and the format of the file leave it alone.

    So does the file's name.
    """
    digest = parse_rules(FULL).digest
    lines = FULL.splitlines()
    same = [
        "# A comment.\n\n" + FULL.replace("\nrules:", "\n\n# Rules\nrules:"),
        FULL.replace("3 days, other: 5 days", "\"3 days\", other: '5 days'"),
        "\n".join([*lines[:12], lines[13], lines[12]]),
        "\n".join([*lines[:5], lines[6], lines[5], *lines[7:9], lines[10], lines[9], *lines[11:]]),
        FULL.replace("\n", "\r\n"),
        "\ufeff" + FULL,
    ]
    assert {parse_rules(text, "other.yaml").digest for text in same} == {digest}
    loaded = {
        "coopgov": "rules/1",
        "pack": "p",
        "version": "1.0.0",
        "rules": [
            {
                "id": "s",
                "about": "phase",
                "kind": "delay",
                "message": {"en": "m", "de": "n"},
                "measure": "delay",
                "bands": {"minor": "above 3 days", "major": "above 5 days"},
            }
        ],
    }
    assert len({parse_rules(json.dumps(_reordered(loaded, turn))).digest for turn in range(3)}) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("limit: 3 days", "limit: 4 days"),
        ("delay + 1 day", "delay + 2 days"),
        ("y: text", "y: date"),
        ("en: One", "en: Once"),
        ("zh-Hans: 一", "zh-Hans: 壹"),
        ("answers: [delay]", "answers: [quality]"),
        ("within: 3 days", "within: 4 days"),
        ("en: Late", "en: Later"),
        ("zh-Hans: 延误", "zh-Hans: 迟到"),
        ("minor: above limit", "minor: at least limit"),
        ("severity: minor", "severity: major"),
        ("x within 3 days", "x within 4 days"),
        ("causes: [m, n]", "causes: [m]"),
        ("id: s", "id: t"),
        ("when: ended", "when: ended, enabled: false"),
        ("when: ended", "when: ended, where: started"),
    ],
)
def test_the_digest_differs_when_the_meaning_does(old: str, new: str) -> None:
    """Every value, in every language, is part of it."""
    assert FULL.count(old) == 1
    assert parse_rules(FULL.replace(old, new)).digest != parse_rules(FULL).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("is: delay + 1 day}", "is: (delay)+1.0 day}"),
        ("is: a + 1 day", "is: 'a  +  1 day'"),
        ("minor: above limit", 'minor: "> limit"'),
        ("when: ended", "when: (ended)"),
        ("when: ended", "when: not (not ended), where: 1 < 2"),
        ("measure: b", "measure: (b)"),
        ("x within 3 days", "x  within 3  days"),
        ("limit: 3 days", "limit: {is: 3.0 days, means: How late.}"),
    ],
)
def test_the_digest_is_the_same_for_equal_expressions(old: str, new: str) -> None:
    """Symbols, brackets, spaces and trailing zeros are spelling; other trees are not."""
    assert FULL.count(old) == 1
    same = "not (" not in new
    assert (parse_rules(FULL.replace(old, new)).digest == parse_rules(FULL).digest) is same


def test_the_digest_distinguishes_a_text_from_a_date() -> None:
    """What is written alike need not mean the same."""
    text = (
        HEAD
        + "parameters: {p: X}\nrules: [{id: r, about: phase, kind: k, message: m, when: p is p, severity: minor}]"
    )
    digests = {
        parse_rules(text.replace("X", each)).digest for each in ("2026-01-05", "'\"2026-01-05\"'", "8 %", "8")
    }
    assert len(digests) == 4


def test_the_digest_is_of_the_rules_that_run() -> None:
    """A rule that is switched off is no part of it."""
    off = (
        FULL
        + "  - {id: z, about: phase, kind: k, message: m, when: ended, severity: minor, enabled: false}\n"
    )
    assert parse_rules(off).digest == parse_rules(FULL).digest


def test_the_digest_is_that_of_the_merged_rules(tmp_path: Path) -> None:
    """It does not matter in which file an entry is."""
    base = written(tmp_path, base=HEAD + "rules:\n" + LATE)
    main = written(
        tmp_path, main=HEAD + "extends: [base.yaml]\nrules: [{id: late, override: true, severity: major}]\n"
    )
    assert load_rules(main).digest == load_rules(base, main).digest
    assert load_rules(main).digest == parse_rules(HEAD + "rules:\n" + LATE.replace("minor", "major")).digest
    assert load_rules(main).to_dict() == {"pack": "p", "version": "1.0.0", "digest": load_rules(main).digest}
