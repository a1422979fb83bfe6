"""Decision tables: rows are rules like any other, and every fault is at its cell."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import assess, explain, load_agreement
from coopgov.errors import InputError, RulesError
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.language.type_check import check
from coopgov.rules import RuleSet, load_rules, parse_rules
from coopgov.rules.table_rows import with_named_columns
from coopgov.source import Listing, Scalar, read_cells, read_document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
SUBJECTS = "subjects: {thing: {x: count, y: count, done: truth, colour: text}}\n"
TABLE = "tables:\n  - {id: t, about: thing, kind: k, message: m, conditions: [x, done], hit: HIT, rows: [\n"
AS_OF = date(2026, 6, 30)
PILOT = "examples/pilot/agreement.yaml"


def table(rows: str, hit: str = "unique", more: str = "") -> RuleSet:
    """A table about a thing, with columns for x and done."""
    return parse_rules(HEAD + SUBJECTS + TABLE.replace("HIT", hit) + rows + "]}\n" + more)


def outcome(rules: RuleSet, **facts: Any) -> tuple[list[str], list[str]]:
    """The rows that warn, and those that are undetermined."""
    hits, unsure = rules.checker("thing")(facts)
    return [hit[0] for hit in hits], [entry[0] for entry in unsure]


# Cells and hit policies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        ("above 3", "x above 3"),
        ('">= 3"', "x >= 3"),
        ("between 1 and 3", "x between 1 and 3"),
        ("is not 3", "x is not 3"),
        ("is known", "x is known"),
        ('"not in [1, 2]"', "x not in [1, 2]"),
        ("3", "x is 3"),
        ("-3", "x is -3"),
        ('"[1, 2]"', "x in [1, 2]"),
        ("above y * 2", "x above y * 2"),
        ("-", "true"),
        ('""', "true"),
        ("~", "true"),
        ("—", "true"),
    ],
)
def test_a_cell_is_what_follows_its_condition(cell: str, condition: str) -> None:
    """Its text is put behind the header; a bare value means `is`, a list `in`, a dash anything."""
    rules = table(f"[{cell}, -, minor]")
    assert rules.rule("t.1").texts["when"] == condition


def test_a_table_may_be_json() -> None:
    """Rows that are lists mean the same in a rule file that is JSON."""
    text = HEAD + SUBJECTS + TABLE.replace("HIT", "unique") + "[above 3, -, minor]]}\n"
    rules = parse_rules(json.dumps(read_document(text, "").data))
    assert rules.rule("t.1").texts["when"] == "x above 3"


@pytest.mark.parametrize(
    ("header", "cell", "condition"),
    [
        ("done", "true", "done"),
        ("done", "FALSE", "not done"),
        ("done or x above 3", "true", "(done or x above 3)"),
        ("done or x above 3", "false", "not (done or x above 3)"),
        ("not done", "false", "not not done"),
        ("x above 3", "is true", "(x above 3) is true"),
        ("x + y", "above 3", "x + y above 3"),
        ("(x)", "above 3", "(x) above 3"),
        ("colour", 'is "red"', 'colour is "red"'),
        ("colour", "\"'red'\"", "colour is 'red'"),
        ("x else 0", "3", "x else 0 is 3"),
    ],
)
def test_a_condition_gets_brackets_where_it_needs_them(header: str, cell: str, condition: str) -> None:
    """So that the text of the rule says what the table says."""
    text = (
        f"{SUBJECTS}tables: [{{id: t, about: thing, kind: k, message: m, conditions: ['{header}'], "
        f"rows: [[{cell}, minor]]}}]"
    )
    rules = parse_rules(HEAD + text)
    assert rules.rule("t.1").texts["when"] == condition
    _as_parsed(rules)


ROWS = "[above 10, -, critical], [above 5, true, major], [-, true, minor]"


def test_first_takes_the_first_row_that_holds() -> None:
    """Rows below one that holds say nothing."""
    rules = table(ROWS, "first")
    assert outcome(rules, x=11, done=True) == (["t.1"], [])
    assert outcome(rules, x=6, done=True) == (["t.2"], [])
    assert outcome(rules, x=1, done=True) == (["t.3"], [])
    assert outcome(rules, x=1, done=False) == ([], [])


def test_first_does_not_pass_by_a_row_that_is_unknown() -> None:
    """A later row is undetermined too, unless it is false anyway."""
    rules = table(ROWS, "first")
    assert outcome(rules, done=True) == ([], ["t.1", "t.2", "t.3"])
    assert outcome(rules, done=False) == ([], ["t.1"])
    assert outcome(rules, x=11) == (["t.1"], [])
    assert outcome(rules, x=6) == ([], ["t.2", "t.3"])


@pytest.mark.parametrize("hit", ["collect", "unique"])
def test_the_other_policies_let_every_row_speak(hit: str) -> None:
    """Each row by itself; rows of a unique table that overlap all the same are not dropped in silence."""
    rules = table(ROWS, hit)
    assert outcome(rules, x=11, done=True) == (["t.1", "t.2", "t.3"], [])
    assert outcome(rules, done=True) == (["t.3"], ["t.1", "t.2"])
    assert outcome(rules, x=1) == ([], ["t.3"])
    assert outcome(rules, done=False) == ([], ["t.1"])


def test_unique_is_the_hit_policy_without_one() -> None:
    """And the rule set keeps the table for those who analyse it."""
    text = (
        f"{SUBJECTS}tables: [{{id: t, about: thing, kind: k, where: y above 0, message: m, "
        "conditions: [x, done], rows: [[above 3, -, minor], {id: own, when: [-, true], severity: "
        "major}]}]"
    )
    (found,) = parse_rules(HEAD + text, "r.yaml").tables
    assert (found.id, found.about, found.hit, str(found.place)) == ("t", "thing", "unique", "r.yaml:5:15")
    assert [(row.rule, row.place.column) for row in found.rows] == [("t.1", 101), ("t.own", 127)]
    assert found.where == parse("y above 0")
    assert list(found.columns) == [parse("x"), parse("done")]
    assert [row.condition for row in found.rows] == [parse("x above 3"), parse("done")]
    assert [row.cells for row in found.rows] == [(parse("x above 3"), None), (None, parse("done"))]


def test_a_row_of_nothing_but_dashes_holds_always() -> None:
    """As the last row of a table, it is for all that is left."""
    rules = table("[above 3, -, major], [-, -, notice]", "first")
    assert outcome(rules, x=1) == (["t.2"], [])
    assert outcome(table("[-, -, notice]")) == (["t.1"], [])


# Rows are rules ---------------------------------------------------------------------------------------------

_NUMBERS = ["-", "above 2", "below 5", "between 2 and 4", "3", "is not 1", "is known", "in [1, 3]"]
_TRUTHS = ["-", "true", "false", "is known"]


def _condition(header: str, cell: str) -> str:
    """A cell, spelt by hand."""
    if cell == "true":
        return f"({header})"
    if cell == "false":
        return f"(not ({header}))"
    word = "is " if cell.isdigit() else ""
    return f"(({header}) {word}{cell})"


def _written_out(rows: Sequence[tuple[str, str, str]], hit: str) -> RuleSet:
    """The rules that somebody would write instead of a table."""
    conditions = [
        " and ".join(
            _condition(*pair) for pair in (("x + y", x), ("done or x above 3", done)) if pair[1] != "-"
        )
        or "true"
        for x, done, _ in rows
    ]
    if hit == "first":
        conditions = [
            " and ".join([f"({each})", *(f"not ({above})" for above in conditions[:number])])
            for number, each in enumerate(conditions)
        ]
    entries = "".join(
        f"  - {{id: t.{number}, about: thing, kind: k, message: m, when: '{each}', severity: {row[2]}}}\n"
        for number, (each, row) in enumerate(zip(conditions, rows, strict=True), 1)
    )
    return parse_rules(f"{HEAD}{SUBJECTS}rules:\n{entries}")


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(_NUMBERS), st.sampled_from(_TRUTHS), st.sampled_from(["minor", "major"])),
        min_size=1,
        max_size=4,
    ),
    hit=st.sampled_from(["first", "unique", "collect"]),
    things=st.lists(
        st.fixed_dictionaries(
            {}, optional={"x": st.integers(0, 6), "y": st.integers(0, 3), "done": st.booleans()}
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_a_table_gives_what_the_same_rules_give(
    rows: list[tuple[str, str, str]], hit: str, things: list[dict[str, Any]]
) -> None:
    """Same warnings, same undetermined entries, whatever is known."""
    written = ", ".join(f'["{x}", "{done}", {severity}]' for x, done, severity in rows)
    text = (
        f"tables: [{{id: t, about: thing, kind: k, message: m, hit: {hit}, conditions: [x + y, done "
        f"or x above 3], rows: [{written}]}}]\n"
    )
    rules = parse_rules(HEAD + SUBJECTS + text)
    by_table, by_hand = rules.checker("thing"), _written_out(rows, hit).checker("thing")
    for thing in things:
        assert by_table(thing) == by_hand(thing)
    _as_parsed(rules)


def _as_parsed(rules: RuleSet) -> None:
    """Each condition is the tree of its text, with the same places in it: so an explanation shows the right words."""
    for rule in rules.rules:
        if rule.id.startswith("t."):
            condition = rule.condition(rule.check.steps[0].severity)
            parsed = check(parse(rule.texts["when"]), rule.about, rules.catalogue)
            assert condition == parsed
            assert [(each.start, each.end) for each in s.walk(condition)] == [
                (each.start, each.end) for each in s.walk(parsed)
            ]


def test_an_assessment_of_a_table_is_that_of_its_rules() -> None:
    """With messages, actions, escalations and evidence."""
    shared = (
        "about: phase, kind: delay, title: Risk, where: started, causes: [technical], escalate: "
        '{major: joint-lead within 2 days}, message: "{phase.name}"'
    )
    one = (
        f"tables: [{{id: t, {shared}, conditions: [delay / window, overspend], rows: [[above 5 %, "
        "above 3 %, major, '{delay}', [overtime]], [-, at most 3 %, minor]]}]\n"
    )
    two = f"""rules:
  - {{id: t.1, {shared.partition(", message")[0]}, message: '{{delay}}', when: delay / window above 5 % and overspend above 3 %, severity: major, actions: [overtime]}}
  - {{id: t.2, {shared}, when: overspend at most 3 %, severity: minor}}
"""  # noqa: E501  # a file as people write it
    extends = "extends: [cooperation-plan]\n"
    agreement = load_agreement(PILOT)
    by_table, by_hand = (
        assess(agreement, parse_rules(HEAD + extends + each), as_of=AS_OF).to_dict() for each in (one, two)
    )
    assert by_table == by_hand
    assert [each["rule"] for each in by_table["warnings"] if each["rule"].startswith("t.")]


def test_rows_are_overridden_like_rules() -> None:
    """By their id; what is overridden or switched off is not a row of the table any more."""
    more = """rules:
  - {id: t.2, override: true, enabled: false}
  - {id: t.3, override: true, when: x above 100}
  - {id: t.1, override: true, severity: minor}
"""
    rules = table(ROWS, "first", more)
    assert outcome(rules, x=101, done=True) == (["t.1", "t.3"], [])
    assert [row.rule for row in rules.tables[0].rows] == ["t.1"]


def test_the_digest_knows_cells_and_hit_policies() -> None:
    """What rows mean is part of what the rules mean; how they are laid out is not."""
    digest = table(ROWS).digest
    assert table(ROWS.replace("], [", "],\n\n  [")).digest == digest
    assert table(ROWS, "first").digest != digest
    assert table(ROWS.replace("5", "6")).digest != digest
    assert table(ROWS.replace("above 10", '">10"').replace("above 5", '"> 5.0"')).digest == digest


def test_the_digest_of_a_table_is_that_of_its_rules() -> None:
    """Whoever writes them out changes nothing."""
    rows = "[above 10, -, critical], [above 5, true, major]"
    written = """rules:
  - {id: t.1, about: thing, kind: k, message: m, when: x above 10, severity: critical}
  - {id: t.2, about: thing, kind: k, message: m, when: x above 5 and done and not (x above 10), severity: major}
"""
    assert table(rows, "first").digest == parse_rules(HEAD + SUBJECTS + written).digest


def test_tables_use_parameters() -> None:
    """A parameter that only a table names is in use."""
    rules = parse_rules(
        f"{HEAD}parameters: {{low: 3, high: 5}}\n{SUBJECTS}tables: [{{id: t, about: thing, kind: "
        "k, message: m, conditions: [x - low], rows: [[above high, minor]]}]"
    )
    assert outcome(rules, x=9) == (["t.1"], [])


def test_tables_read_warnings() -> None:
    """A table is in the layer above the rules that it names, in a header or in a cell."""
    entry = "{{id: {id}, about: phase, kind: k, message: m, conditions: [{header}], rows: [[{cell}, minor]]}}"
    below = entry.format(id="t", header="delay", cell="above 3 days")
    counted = "'count(warnings where rule is \"t.1\")'"
    above = entry.format(id="u", header=counted, cell="at least 1")
    beside = entry.format(id="v", header="1", cell=f"'below ' {counted}".replace("' '", ""))
    rules = parse_rules(f"{HEAD}tables:\n  - {below}\n  - {above}\n  - {beside}\n")
    assert [rules.rule(name).layer for name in ("t.1", "u.1", "v.1")] == [0, 1, 1]
    with pytest.raises(RulesError) as caught:
        parse_rules(f"{HEAD}tables:\n  - {above}\n  - {beside}\n")
    shown = [(fault.place.line, fault.place.column, fault.code) for fault in caught.value.faults]
    assert shown == [(5, 91, "unknown-rule"), (6, 109, "unknown-rule")]


def test_an_explanation_shows_the_cells() -> None:
    """And what the hit policy adds."""
    text = (
        "tables: [{id: t, about: phase, kind: delay, message: m, hit: first, conditions: [delay], "
        "rows: [[above 30 days, major], [above 3 days, minor]]}]"
    )
    shown = explain(
        load_agreement(PILOT), parse_rules(HEAD + text), rule="t.2", about="phase/core", as_of=AS_OF
    )
    assert shown.tree[0].text == "when: delay above 3 days and not (delay above 30 days)"
    assert [step.text for step in shown.tree[0].parts] == ["delay above 3 days", "not (delay above 30 days)"]


def test_rows_name_their_actions() -> None:
    """Those of the row, else those of the table, else those that answer the kind; in the order of the situation."""
    text = """extends: [cooperation-plan]
tables:
  - {id: t, about: phase, kind: delay, message: m, conditions: [delay], actions: [reprioritise], rows: [
      [above 1 day, minor, m, [overtime, reprioritise]], [above 1 day, minor], [above 1 day, minor, m, []]]}
rules: [{id: late, about: phase, kind: delay, when: delay above 1 day, severity: minor, message: m}]
"""
    answer = assess(load_agreement(PILOT), parse_rules(HEAD + text), as_of=AS_OF)
    shown = {
        each.rule: [action.id for action in each.actions]
        for each in answer.warnings
        if each.about == "phase/core"
    }
    assert shown["t.1"] == ["reprioritise", "overtime"]  # spending is over, and overtime costs money
    assert shown["t.2"] == ["reprioritise"]
    assert shown["t.3"] == []
    assert "outside-consultants" in shown["late"]


# Faults -----------------------------------------------------------------------------------------------------

GOLDEN = """
[above 3 days, -, minor]
7:8: unit-mismatch: found days, expected a number

[above, -, minor]
7:7: syntax: found the end, expected a value, a name or `(`

[high, -, minor]
7:2: syntax: found `high`, expected a comparison, such as `above 10 %`; write `is "high"`

["above 3,5", -, minor]
7:9: not-a-number: found `3,5`, expected a number such as 1000 or 0.5; write `3.5`

[above 3 or done, -, minor]
7:10: syntax: found `or`, expected an operator or the end

[true, -, minor]
7:2: type-mismatch: found a truth value, expected what a number can be, such as `above 10 %`

[false, -, minor]
7:2: type-mismatch: found a number, expected a condition

["3 3", -, minor]
7:5: syntax: found `3`, expected an operator or the end

[-, above 3, minor]
7:11: type-mismatch: found a number, expected a condition

[above z, nope, minor]
7:8: unknown-fact: found `z`, expected a fact about thing or a parameter
7:11: syntax: found `nope`, expected a comparison, such as `above 10 %`; write `is "nope"`

[above 3, -]
7:1: ragged-row: found a row of 2 cells, expected 3 to 5: 2 for the conditions, then severity, message and actions

[above 3, -, minor, m, [], 1]
7:28: ragged-row: found a row of 6 cells, expected 3 to 5: 2 for the conditions, then severity, message and actions

[above 3, -, mayor]
7:14: wrong-choice: found "mayor", expected one of "notice", "minor", "major", "critical"; did you mean "major"?

[above 3, -, minor, "{z}"]
7:21: unknown-placeholder: found {z}, expected a fact about thing, or one of measure, threshold, severity, about

[above 3, -, minor, m, overtime]
7:24: unknown-action: found "overtime", expected an action of this file or of what it extends

{when: [above 3], severity: minor}
7:8: ragged-row: found 1 cell for the conditions, expected 2, one for each condition

{when: [above 3, -], severity: minor, mesage: m}
7:39: unknown-key: found the key "mesage", expected a known key; did you mean "message"?

{id: 2, when: [-, -], severity: minor}, [-, -, minor]
7:41: duplicate-id: found the row "t.2" a second time, expected each row once

[above 3, [x], minor]
7:11: wrong-type: found a list, expected a cell, such as `above 10 %`, or - for anything

5
7:1: wrong-type: found "5", expected a mapping of keys and values
"""


@pytest.mark.parametrize("case", GOLDEN.strip().split("\n\n"))
def test_faults_point_at_cells(case: str) -> None:
    """Each line below a row is one of its faults: place, code, what was found and expected."""
    rows, *expected = case.split("\n")
    with pytest.raises(RulesError) as caught:
        table(rows)
    assert [str(fault).split("\n")[0].removeprefix("<text>:") for fault in caught.value.faults] == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("conditions: [x]", "4:10: missing-key"),
        ("rows: [[-, minor]]", "4:10: missing-key"),
        ("conditions: [x], rows: [[-, minor]], csv: a.csv", "4:10: table-and-csv"),
        ("conditions: [x], rows: [[-, minor]], hit: last", "4:95: wrong-choice"),
        ("conditions: [x, zz], rows: [[-, -, minor], [1, 2, major]]", "4:69: unknown-fact"),
        ("csv: none.csv", "4:58: unreadable-file"),
    ],
)
def test_faults_of_the_table_itself(entry: str, expected: str) -> None:
    """Once each, however many rows there are."""
    with pytest.raises(RulesError) as caught:
        parse_rules(f"{HEAD}tables: [{{id: t, about: thing, kind: k, message: m, {entry}}}]\n{SUBJECTS}")
    (fault,) = caught.value.faults
    assert f"{fault.place.line}:{fault.place.column}: {fault.code}" == expected


def test_a_wrong_row_hides_no_other_fault() -> None:
    """It is left out, and what names it is not blamed."""
    with pytest.raises(RulesError) as caught:
        table(
            "[above 3, -, mayor],\n[above 3 days, -, minor]",
            more="rules: [{id: t.1, override: true, enabled: false}, {id: late, about: thing}]",
        )
    codes = [(fault.place.line, fault.code) for fault in caught.value.faults]
    assert codes == [
        (7, "wrong-choice"),
        (8, "unit-mismatch"),
        (9, "missing-key"),
        (9, "missing-key"),
        (9, "missing-key"),
    ]


def test_tables_and_rules_have_ids_of_their_own() -> None:
    """A table twice, and a rule that has the same name as a row."""
    with pytest.raises(RulesError, match='duplicate-id: found the table "t" a second time'):
        table(
            "[-, -, minor]",
            more="  - {id: t, about: thing, kind: k, message: m, conditions: [x], rows: [[-, minor]]}",
        )
    with pytest.raises(RulesError, match=r'duplicate-rule: found the rule "t\.1" a second time'):
        table(
            "[-, -, minor]",
            more="rules: [{id: t.1, about: thing, kind: k, message: m, when: done, severity: minor}]",
        )


def test_long_tables_are_refused() -> None:
    """Rows count among the rules of a file; where the first counts, far fewer make sense."""
    with pytest.raises(RulesError, match=r"too-many-rules: found 201 rows, expected at most 200"):
        table(",".join(["[1, true, minor]"] * 201), "first")
    with pytest.raises(RulesError, match="too-many-rules: found 10,001 rules, 10,001 of them rows of tables"):
        table(",".join(["[1, -, minor]"] * 10_001))


# CSV --------------------------------------------------------------------------------------------------------


def beside(folder: Path, data: str | bytes, more: str = "") -> Path:
    """A rule file with a table in a CSV file beside it."""
    (folder / "t.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
    path = folder / "rules.yaml"
    entry = f"tables: [{{id: t, about: thing, kind: k, csv: t.csv{more}}}]\n"
    path.write_text(
        HEAD + "actions: [{id: a, title: A}, {id: b, title: B}]\n" + SUBJECTS + entry, encoding="utf-8"
    )
    return path


def faults(path: Path) -> list[str]:
    """The faults of a rule file, without their folder and carets."""
    with pytest.raises(RulesError) as caught:
        load_rules(path)
    folder = f"{path.parent}/"
    return [str(fault).split("\n")[0].removeprefix(folder) for fault in caught.value.faults]


SMALL = "x,done,severity,message,actions,id\nabove 3,-,minor,m,a,one\nabove 5,true,major,M,a b,\n"


@pytest.mark.parametrize(
    "data",
    [
        SMALL,
        SMALL.replace("\n", "\r\n"),
        SMALL.replace("\n", "\r"),
        SMALL.rstrip("\n"),
        SMALL.replace(",", ";"),
        SMALL.replace(",", "\t"),
        "\ufeff" + SMALL,
        "sep=;\n" + SMALL.replace(",", ";"),
        "sep=|\n" + SMALL.replace(",", "|"),
        '"sep=,"\r\n' + SMALL,
        SMALL.replace("above 3,-", "above 3,"),
        SMALL.replace("above 3,-", "above 3,－"),
        SMALL.replace("true", "TRUE"),
        SMALL.replace("a b", '"a, b"'),
        SMALL.replace("a b", '"a; b"'),
        SMALL.replace("above 5", ' "above 5" '),
        SMALL.replace("\n", "\n\n"),
        SMALL.replace("\nabove 5", "\n,,,,,\nabove 5"),
        "\n".join(line + ",," for line in SMALL.splitlines()),
        SMALL.replace("severity,message", "Severity, ＭＥＳＳＡＧＥ "),
    ],
)
def test_spreadsheets_write_csv_in_many_ways(tmp_path: Path, data: str) -> None:
    """Separators, line ends, BOM, quotes, blank lines and columns change nothing."""
    rules = load_rules(beside(tmp_path, data))
    shown = [
        (each.id, each.texts["when"], str(each.message.text), each.actions)
        for each in rules.rules
        if each.id.startswith("t.")
    ]
    assert shown == [("t.one", "x above 3", "m", ("a",)), ("t.2", "x above 5 and done", "M", ("a", "b"))]


def test_quoted_cells_hold_anything(tmp_path: Path) -> None:
    """Separators, line breaks, doubled quotes; texts in several languages; headers in any script."""
    data = (
        'colour,"max(x, y)",severity,message.en,message.zh-Hans,title.zh-Hans\n"in [""red"", '
        '""blue""]",3,minor,"{colour},\n""so""",“{colour}”，超标,颜色\nis "red",,major,n,不,色\n'
    )
    first, second = (load_rules(beside(tmp_path, data)).rule(name) for name in ("t.1", "t.2"))
    assert first.texts["when"] == 'colour in ["red", "blue"] and max(x, y) is 3'
    assert dict(first.message.text.entries) == {"en": '{colour},\n"so"', "zh-Hans": "“{colour}”，超标"}
    assert dict(first.title.entries) == {"zh-Hans": "颜色"}
    assert second.texts["when"] == 'colour is "red"'
    assert (second.place.line, second.place.column) == (4, 1)


def test_facts_may_be_called_like_columns_and_in_chinese(tmp_path: Path) -> None:
    """In brackets, a header is always a condition."""
    path = beside(tmp_path, '能耗,(title),severity\nabove 3,"""x""",minor\n', ", message: m")
    path.write_text(
        path.read_text(encoding="utf-8").replace("x: count", "能耗: count, title: text"), encoding="utf-8"
    )
    assert load_rules(path).rule("t.1").texts["when"] == '能耗 above 3 and (title) is "x"'


CSV_FAULTS = r"""
x,done,severity,message\nabove 3 days,-,minor,m\n
t.csv:2:7: unit-mismatch: found days, expected a number

x;done;severity;message\n"above\n3 days";nope;minor;m\n
t.csv:3:1: unit-mismatch: found days, expected a number
t.csv:3:9: syntax: found `nope`, expected a comparison, such as `above 10 %`; write `is "nope"`

x,done,severity,message\n1,-,minor,"say ""hi"", {z}"\n
t.csv:2:24: unknown-placeholder: found {z}, expected a fact about thing, or one of measure, threshold, severity, about

x,done,severity,message.en,message.zh-Hans\n1,-,minor,m,{z}延误\n
t.csv:2:13: unknown-placeholder: found {z}, expected a fact about thing, or one of measure, threshold, severity, about

x,done,severity,message\n1,-,minor,one, two\n
t.csv:2:16: ragged-row: found 5 cells, expected 4, as in the header row; put a text that contains the separator in quotes

x,done,severity,message\n1,minor,m\n
t.csv:2:1: ragged-row: found 3 cells, expected 4, as in the header row

x,done,severity,message,\n1,-,minor,m,more\n
t.csv:2:13: ragged-row: found a cell in a column without a header, expected a header above it

x,done,severty,message\n1,-,minor,m\n
t.csv:1:1: unknown-column: found a header row without it, expected a column "severity" after the conditions; is it the column "severty"?

x,zz,severity,message\n1,-,minor,m\n2,-,minor,m\n
t.csv:1:3: unknown-fact: found `zz`, expected a fact about thing or a parameter

x,severity,done,message\n1,minor,-,m\n
t.csv:1:12: unknown-column: found "done", expected one of id, severity, message, actions, title, means; conditions are left of severity

x,severity,message,message.en\n1,minor,m,n\n
t.csv:1:20: unknown-column: found the column "message.en" beside one for the same, expected each column once

x,severity,message\n1,,m\n2,mayor,m\n
t.csv:2:3: missing-key: found nothing, expected the key "severity" with a value
t.csv:3:3: wrong-choice: found "mayor", expected one of "notice", "minor", "major", "critical"; did you mean "major"?

x,severity,message,actions\n1,minor,m,"a, c"\n
t.csv:2:15: unknown-action: found "c", expected an action of this file or of what it extends

id,x,severity,message\none,1,minor,m\none,2,minor,m\n
t.csv:3:1: duplicate-id: found the row "t.one" a second time, expected each row once

x,severity,message\n1,minor,"m\n
t.csv:2:9: broken-quotes: found a cell without its closing quote, expected a closing quote

x,severity,message\n1,minor,"m" n\n
t.csv:2:13: broken-quotes: found `n` after a closing quote, expected the next cell; a quote inside a quoted cell is doubled

x,severity,message\n1,minor,"m\n2,minor,n\n3,minor,"o" p\n4,minor,q"\n5,minor,"r\n
t.csv:2:9: broken-quotes: found a cell without its closing quote, expected a closing quote
t.csv:4:13: broken-quotes: found `p` after a closing quote, expected the next cell; a quote inside a quoted cell is doubled
t.csv:6:9: broken-quotes: found a cell without its closing quote, expected a closing quote

x,severity,message\n
t.csv:1:1: missing-key: found a header row alone, expected rows below it

\n
t.csv:1:1: empty-file: found nothing, expected a header row, and rows below it
"""  # noqa: E501  # a file as people write it


@pytest.mark.parametrize("case", CSV_FAULTS.strip().split("\n\n"))
def test_faults_point_into_the_csv_file(tmp_path: Path, case: str) -> None:
    """File, line and character; all of them at once."""
    data, *expected = case.split("\n")
    assert faults(beside(tmp_path, data.replace(r"\n", "\n"))) == expected


def test_a_missing_row_file_is_reported_where_it_is_named(tmp_path: Path) -> None:
    """With the nearest file that is there; other encodings are refused."""
    path = beside(tmp_path, SMALL)
    path.write_text(path.read_text(encoding="utf-8").replace("t.csv", "tt.csv"), encoding="utf-8")
    (shown,) = faults(path)
    assert shown.startswith('rules.yaml:6:46: unreadable-file: found "tt.csv": No such file')
    assert shown.endswith('did you mean "t.csv"?')
    (shown,) = faults(beside(tmp_path, SMALL.replace("m", "延误").encode("gb18030")))
    assert shown.startswith("t.csv:1:1: encoding")


def test_the_caret_is_under_the_cell(tmp_path: Path) -> None:
    """Wide letters count double in a terminal."""
    with pytest.raises(RulesError) as caught:
        load_rules(beside(tmp_path, "x,severity,message,actions\n1,minor,延误,c\n"))
    assert str(caught.value).split("\n")[1:] == ["    1,minor,延误,c", "                 ^"]


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from('ab",;\t\n\r -severitymessage.actionsxid>3中\ufeff'), max_size=60))
def test_any_text_is_a_table_or_has_faults(text: str) -> None:
    """A CSV file never ends in anything else; each cell is where its place says."""
    try:
        document = read_cells(text, "t.csv", "severity")
    except InputError:
        return
    for row in document.root.items if isinstance(document.root, Listing) else ():
        for cell in row.items if isinstance(row, Listing) else ():
            assert isinstance(cell, Scalar)
            assert document.lines[cell.line - 1][cell.column - 1 :].startswith(
                (cell.style[:1] or cell.text)[:1]
            )
    with_named_columns(document)
