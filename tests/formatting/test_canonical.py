"""The canonical form of files: its layout, that it keeps the meaning, and that comments survive."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coopgov.errors import InputError
from coopgov.formatting.canonical import canonical_text
from coopgov.formatting.layout import read_layout
from coopgov.formatting.printing import print_layout
from coopgov.model import dump_agreement, parse_agreement
from coopgov.rules import parse_rules
from coopgov.rules.canonical_wording import canonical_band, canonical_cell
from coopgov.source import plain, read_document
from coopgov.testing import agreements

ROOT = Path(__file__).parents[2]
FILES = [
    *sorted((ROOT / "examples").glob("*/*.yaml")),
    ROOT / "src" / "coopgov" / "rules" / "packs" / "cooperation-plan.yaml",
]
FILES = [
    path
    for path in FILES
    if re.search("^coopgov: (rules|agreement)/1", path.read_text("utf-8"), re.MULTILINE)
]
TABLES = (ROOT / "examples" / "tables" / "rules.yaml").read_text("utf-8")

UNTIDY = """\
# Our tolerances.
# yaml-language-server: $schema=rules.schema.json


version: "1.0.0"    # as agreed
pack: 'ours'
coopgov: rules/1
rules:
# about phases
- {kind: delay, id: late, about: phase,   # the first
   measure: delay/window, bands: {major: '>20%', minor: above limit}, ends: ended and(started),
   message: {en: "Late, {measure}", zh-Hans: '延误{measure}'}}

  # in between


-   when: |
      spent>budget
         and not(ended)
    severity: minor
    # what people read
    message: "Too dear"
    # the end of the rule
    id: dear
    about: phase
    kind: overspend
  # the end of the rules
parameters:
    limit: {means: How much, is: 8%}
inhibit: [{about: same, hides: [dear], by: late}]
# the end of the file
"""
TIDY = """\
# Our tolerances.
# yaml-language-server: $schema=rules.schema.json

coopgov: rules/1
pack: ours
version: 1.0.0      # as agreed
parameters:
  limit: {is: 8 %, means: How much}
inhibit: [{by: late, hides: [dear], about: same}]
rules:
  # about phases
  - id: late
    about: phase                          # the first
    kind: delay
    measure: delay / window
    bands: {minor: above limit, major: above 20 %}
    ends: ended and started
    message: {en: "Late, {measure}", zh-Hans: "延误{measure}"}

  # in between

  # the end of the rule
  - id: dear
    about: phase
    kind: overspend
    when: spent above budget and not ended
    severity: minor
    # what people read
    message: Too dear
  # the end of the rules
# the end of the file
"""


def canonical(text: str) -> str:
    """The canonical form, which has itself for canonical form."""
    found = canonical_text(text, "r.yaml")
    assert canonical_text(found, "r.yaml") == found
    return found


def test_the_canonical_form_of_a_rule_file() -> None:
    """Keys in the order of the format, two spaces a level, canonical expressions, few quotes; all comments stay."""
    assert canonical(UNTIDY) == TIDY


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("title: 'a: b'", 'title: "a: b"'),
        ("title: '\"a\" b'", "title: '\"a\" b'"),
        ('title: "it is \'a\' \\"b\\" # c"', 'title: "it is \'a\' \\"b\\" # c"'),
        ('title: "10"', 'title: "10"'),
        ('title: "no"', 'title: "no"'),
        ('title: "a\\tb"', 'title: "a\\tb"'),
        ("title: 10", "title: 10"),
        ("title: no", "title: no"),
        ("title: two\n  lines", "title: two lines"),
        ("title: >\n    folded\n    lines\n", "title: >\n  folded\n  lines"),
        ("title: |-\n     kept\n       lines\n", "title: |-\n  kept\n    lines"),
        ("title: >-  # why\n   folded\n\n", "title: >-  # why\n  folded"),
        ("title: {en: a,\n  zh-Hans: b}", "title: {en: a, zh-Hans: b}"),
        ("title: {en: a, # why\n  zh-Hans: b}", "title:\n  en: a  # why\n  zh-Hans: b"),
        ("title:   # why\n    en: a", "title:   # why\n  en: a"),
        ("title:\n    # why\n    en: a", "title:\n  # why\n  en: a"),
        ("title: {'en': a}", "title: {en: a}"),
        ("title:\n- x", "title:\n  - x"),
        ("title: [-, '-', '']", 'title: [-, "-", ""]'),
        ("title: []   # none", "title: []   # none"),
        ("title: [ # none\n  ]", "# none\ntitle: []"),
        ("title: ~", "title: ~"),
        ("title: &t {en: a}\nextra: *t", "title: &t {en: a}\nextra: *t"),
        ("title: a\n\n\n\nextra: b", "title: a\n\nextra: b"),
        ("title: a        # 1\nextra: b # 2", "title: a        # 1\nextra: b  # 2"),
        ("title: {en: 'a'}     # 1\nextra: 延     # 2", "title: {en: a}       # 1\nextra: 延     # 2"),
        ("title: a" + " " * 80 + "# far", "title: a  # far"),
        ("title: " + "x" * 200, "title: " + "x" * 200),
        (
            f"title: {{en: {'x' * 60}, zh-Hans: {'y' * 60}}}",
            f"title:\n  en: {'x' * 60}\n  zh-Hans: {'y' * 60}",
        ),
    ],
)
def test_how_values_are_laid_out(written: str, form: str) -> None:
    """Quotes, blocks, flow style, comments, blank lines."""
    laid_out = print_layout(read_layout(written))
    assert laid_out.rstrip("\n") == form
    assert print_layout(read_layout(laid_out)) == laid_out
    assert plain(read_document(laid_out, "a").root) == plain(read_document(written, "b").root)


def test_long_expressions_are_wrapped() -> None:
    """Lines are wrapped at spaces, never inside a text."""
    parts = " and ".join(f'name is not "a long name, {number}"' for number in range(8))
    text = (
        "coopgov: rules/1\npack: p\nversion: 1\nrules:\n  - id: a\n    about: phase\n    kind: k\n   "
        f" when: {parts}\n    severity: minor\n    message: m\n"
    )
    found = canonical(text)
    assert max(len(line) for line in found.splitlines()) <= 120
    assert "    when: >-\n      name is not" in found
    assert parse_rules(found).digest == parse_rules(text).digest
    assert parse_rules(found).rule("a").texts["when"] == parts


@pytest.mark.parametrize(
    ("band", "form"),
    [
        ("> 3", "above 3"),
        ("<=80%", "at most 80 %"),
        ("is not  known", "is not known"),
        ("is known", "is known"),
        ("not in ['a','b']", 'not in ["a", "b"]'),
        ("between 1 and x+1", "between 1 and x + 1"),
        ("!= 'a'", 'is not "a"'),
        ("nonsense", "nonsense"),
    ],
)
def test_bands_are_written_one_way(band: str, form: str) -> None:
    """As the language prints comparisons."""
    assert canonical_band(band) == canonical_band(form) == canonical_cell(band) == form


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("True", "true"),
        ("", "-"),
        ("－", "-"),
        ("'a'", 'is "a"'),
        ("[1,2]", "in [1, 2]"),
        ("10%", "10 %"),
        ("- 3", "-3"),
        ("2026-06-30", "2026-06-30"),
    ],
)
def test_cells_are_written_one_way(cell: str, form: str) -> None:
    """A bare number or date stays bare; texts and lists get their word, and need no quotes then."""
    assert canonical_cell(cell) == canonical_cell(form) == form


def test_rows_are_rewritten_in_both_forms() -> None:
    """Only the cells of conditions are expressions."""
    text = TABLES.replace("[above 20 %, -, major]", "['>20%', '', major, '>20%']")
    assert '      - [above 20 %, -, major, ">20%"]\n' in canonical(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("pack: p", "1:1: wrong-version: found nothing"),
        ("coopgov: rules/2", '1:10: wrong-version: found "rules/2", expected one of'),
        ('{"coopgov": "rules/1", "pack": "p"}', "1:1: odd-layout: found a file in JSON"),
        ("coopgov: rules/1\nversion: *a\npack: &a p", "2:10: unknown-alias"),
        ("coopgov: rules/1\nversion: &a 1\npack: *a", "1:1: odd-layout"),
        ("coopgov: [", "1:1: syntax"),
    ],
)
def test_what_has_no_canonical_form_is_refused(text: str, fault: str) -> None:
    """With a fault, like a file that cannot be loaded."""
    with pytest.raises(InputError) as caught:
        canonical_text(text, "r.yaml")
    assert str(caught.value).startswith(f"r.yaml:{fault}")


OTHER_FORMS = """\
coopgov: agreement/1
id: t
title: T
currency: CNY
term: {start: 2026/1/5, end: 2027年6月30日}
parties: [{id: a}, {id: 指导委员会}]
team: {leadership: 联合, members: [{id: m, role: 项目经理, load: ５０％}]}  # who leads
goals: [{id: g, statement: S, owner: 项目经理, agreed_by: {a: 2026/1/6}}]
kpis: [{id: k, category: 满意度, unit: 分, direction: 上升, floor: "1,200,000", every: 三个月}]
phases:
  - {id: p, planned: {start: 2026-01-05, end: 2026-12-31}, budget: 120万, buffer: 5天}
  - id: q
    planned: {start: 2026-01-05, end: 2026-12-31}
    budget: [{amount: 1.2亿, on: 2026/1/6}, 5千]
    spending: [{on: 2026-02-01, amount: ¥300}, {on: 2026-02-02, amount: 1e3}]
    milestones: [{id: m, due: 2026-02-01, status: 部分达成}]
    tasks: [{id: t, planned: {start: 2026-01-05, end: 2026-12-31}, status: {is: 进行中, on: 2026-02-01}, load: 5%}]
"""
CANONICAL_FORMS = """\
coopgov: agreement/1
id: t
title: T
currency: CNY
term: {start: 2026-01-05, end: 2027-06-30}
parties: [{id: a}, {id: 指导委员会}]
team: {leadership: joint, members: [{id: m, role: project-manager, load: 50 %}]}  # who leads
goals: [{id: g, statement: S, owner: 项目经理, agreed_by: {a: 2026-01-06}}]
kpis: [{id: k, category: satisfaction, unit: points, direction: up, floor: "1200000", every: 3 months}]
phases:
  - {id: p, planned: {start: 2026-01-05, end: 2026-12-31}, budget: 1200000, buffer: 5 days}
  - id: q
    planned: {start: 2026-01-05, end: 2026-12-31}
    budget: [{amount: 120000000, on: 2026-01-06}, 5000]
    spending: [{on: 2026-02-01, amount: 300}, {on: 2026-02-02, amount: 1e3}]
    milestones: [{id: m, due: 2026-02-01, status: partially met}]
    tasks: [{id: t, planned: {start: 2026-01-05, end: 2026-12-31}, status: {is: in progress, on: 2026-02-01}, load: 5%}]
"""


def test_values_are_written_in_their_canonical_spelling() -> None:
    """Synonyms and other forms of values; what is canonical, ids, owners and comments stay as they are."""
    formatted = canonical_text(OTHER_FORMS)
    assert formatted == CANONICAL_FORMS
    assert canonical_text(formatted) == formatted
    assert parse_agreement(formatted) == parse_agreement(OTHER_FORMS)


def test_synonyms_can_be_kept() -> None:
    """Then only the layout is canonical."""
    kept = canonical_text(OTHER_FORMS, keep_synonyms=True)
    assert "budget: 120万" in kept
    assert "status: 部分达成" in kept
    assert canonical_text(kept, keep_synonyms=True) == kept
    assert canonical_text(kept) == canonical_text(OTHER_FORMS)


def test_an_amount_that_is_not_certain_is_not_rewritten() -> None:
    """What `¥` means in an agreement in euros, and 1,200 in dinars, only its author knows."""
    for currency, amount in (("EUR", "¥300"), ("KWD", '"1,200"')):
        text = CANONICAL_FORMS.replace("currency: CNY", f"currency: {currency}").replace(
            "1200000,", f"{amount},"
        )
        assert f"budget: {amount}," in canonical_text(text)


def test_severities_and_units_of_rules_are_written_in_their_canonical_spelling() -> None:
    """Keys of bands, too, which are then in their order; texts inside expressions stay as they are."""
    head = "coopgov: rules/1\npack: p\nversion: 1\nrules:\n"
    rest = 'about: kpi, kind: {kind}, where: category is "满意度", measure: value, bands: {bands}, message: m'
    text = (
        head
        + "  - {id: a, "
        + rest.format(kind="质量", bands="{嚴重: below 60 分, 轻微: below 80分}")
        + "}\n"
    )
    again = (
        head
        + "  - {id: a, "
        + rest.format(kind="quality", bands="{minor: below 80 points, major: below 60 points}")
    )
    lines = canonical_text(text)
    assert yaml.safe_load(lines) == yaml.safe_load(again.replace('is "满意度"', 'is "满意度"') + "}\n")
    assert list(yaml.safe_load(lines)["rules"][0]["bands"]) == ["minor", "major"]
    assert parse_rules(lines).digest == parse_rules(text).digest


def test_keys_of_cases_are_written_in_their_canonical_form() -> None:
    """In the order of the format, from mild to severe, with the words and units of every language."""
    written = """\
coopgov: rules/1
pack: p
version: 1.0.0
rules:
  - id: r
    treat: {严重: 10个工作日, minor: 1 month}
    escalate:
      # The owner first.
      严重: [joint-lead within 2个工作日, "steering within 5 working days"]
      轻微: 负责人 within 5个工作日
    acknowledge: 各方
    keep: 0天
    clear: {major: <=7days, 轻微: at most 3 天}
    for: ２次读数
    about: kpi
    kind: delay
    message: M
    measure: days_until_target
    bands: {minor: above 5 days, major: above 9 days}
tables:
  - {id: t, treat: {minor: 2 周}, for: 2 天, about: phase, kind: delay, message: M, conditions: [ended],
     rows: [['true', minor]]}
cases: {remind: 5个工作日, reopen: 3 weeks}
"""
    text = canonical_text(written)
    assert (
        text
        == """\
coopgov: rules/1
pack: p
version: 1.0.0
cases: {reopen: 3 weeks, remind: 5 working days}
rules:
  - id: r
    about: kpi
    kind: delay
    measure: days_until_target
    bands: {minor: above 5 days, major: above 9 days}
    for: 2 readings
    clear: {minor: at most 3 days, major: at most 7 days}
    keep: 0
    message: M
    acknowledge: each party
    escalate:
      minor: 负责人 within 5 working days
      # The owner first.
      major: [joint-lead within 2 working days, steering within 5 working days]
    treat: {minor: 1 month, major: 10 working days}
tables:
  - id: t
    about: phase
    kind: delay
    for: 2 days
    message: M
    treat: {minor: 2 weeks}
    conditions: [ended]
    rows: [["true", minor]]
"""
    )
    assert canonical_text(text) == text
    assert "for: ２次读数" in canonical_text(written, keep_synonyms=True)


def test_the_severity_of_a_row_is_written_in_its_canonical_spelling() -> None:
    """In rows that are lists, and in those that are mappings."""
    table = "tables:\n  - {id: t, about: phase, kind: delay, message: m, conditions: [delay], rows: [%s]}\n"
    text = (
        "coopgov: rules/1\npack: p\nversion: 1\n"
        + table % '["> 5天", 严重], {when: ["> 3天"], severity: 轻微}'
    )
    rows = yaml.safe_load(canonical_text(text))["tables"][0]["rows"]
    assert rows == [["above 5 days", "major"], {"when": ["above 3 days"], "severity": "minor"}]


# Properties -------------------------------------------------------------------------------------------------


def _loaded(text: str) -> Any:
    """What a file means."""
    if "coopgov: agreement/1" in text:
        return parse_agreement(text)
    return parse_rules(text, str(ROOT / "examples" / "tables" / "r.yaml")).digest


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_formatting_changes_no_meaning(path: Path) -> None:
    """Of the examples and the shipped packs."""
    text = path.read_text("utf-8")
    assert _loaded(canonical(text)) == _loaded(text)


@settings(deadline=None, max_examples=60)
@given(
    text=st.sampled_from([UNTIDY, TABLES, (ROOT / "examples/pilot/agreement.yaml").read_text("utf-8")]),
    data=st.data(),
)
def test_every_comment_survives_once(text: str, data: st.DataObject) -> None:
    """Wherever comments and blank lines are put into a file; and its meaning stays."""
    lines = text.split("\n")
    for number in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(["trailing", "own", "blank"]))
        if how == "trailing":
            lines[at] += f"  # mark {number}."
        else:
            lines.insert(
                at, "" if how == "blank" else " " * data.draw(st.integers(0, 8)) + f"# mark {number}."
            )
    edited = "\n".join(lines)
    try:
        document = read_document(edited, "a")
    except InputError:
        assume(False)
    assume(plain(document.root) == plain(read_document(text, "b").root))  # else a comment fell into a text
    found = canonical(edited)
    assert sorted(re.findall(r"# mark \d+\.", found)) == sorted(re.findall(r"# mark \d+\.", edited))
    assert _loaded(found) == _loaded(text)


@settings(deadline=None, max_examples=40)
@given(agreements())
def test_any_agreement_can_be_formatted(agreement: Any) -> None:
    """And is the same afterwards."""
    assert parse_agreement(canonical(dump_agreement(agreement))) == agreement


_TEXTS = st.text(st.sampled_from("ab -:#,[]{}'\"\\\n\t&*!|>%@`?~.0é中\u2028\x85\u00a0=<"), max_size=9)
_DATA = st.recursive(
    _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


_STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "default_style": st.sampled_from([None, '"', "'", "|", ">"]),
        "width": st.sampled_from([20, 80]),
    }
)


@settings(deadline=None, max_examples=150)
@given(data=st.dictionaries(_TEXTS, _DATA, min_size=1, max_size=4), style=_STYLES)
def test_any_text_is_written_so_that_it_is_read_again(data: dict[str, Any], style: dict[str, Any]) -> None:
    """Whatever its letters, and however it was written before."""
    text = yaml.safe_dump(data, allow_unicode=True, **style)
    try:
        before = read_document(text, "a")
    except InputError:
        assume(False)
    printed = print_layout(read_layout(text))
    assert plain(read_document(printed, "b").root) == plain(before.root)
    assert print_layout(read_layout(printed)) == printed
