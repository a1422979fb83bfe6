"""Any input gives a result or a fault, in time, and any output is safe to show."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import coopgov
from cases.crashes import AGREEMENT, AS_OF, HEAD, case
from cases.layouts import laid_out
from coopgov.errors import InputError
from coopgov.formatting.canonical import canonical_text
from coopgov.portfolio import parse_mapping
from coopgov.safe_text import json_string, visible
from coopgov.source import plain, read_document
from coopgov.source.comments import comments
from coopgov.testing import rule_sets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


STEERING = "\x1b\x07\x7f\x9b\u202e\u2066\u200b\u200d\ufeff\u00ad\U000e0041"


# Commands of rule authors


def test_rules_are_checked_changed_and_formatted(run: Any, tmp_path: Path) -> None:
    """A filter that names the subject outside, a `when` rule tested on an agreement, a long line with a comment."""
    case("27", tmp_path)
    assert run("rules", "check", "r.yaml")[:2] == (0, "r.yaml: t 1.0.0: 4 rules, no faults, no findings\n")
    code, out, err = run("rules", "mutate", "m.yaml")
    assert (code, err) == (1, "")
    assert out.endswith("3 mutants, 1 caught, 2 survived (1 test): 33.3 %\n")
    assert run("rules", "fmt", "--check", "long.yaml") == (1, "long.yaml: not in canonical form\n", "")


@settings(max_examples=25, deadline=None)
@given(rule_sets(), st.booleans())
def test_any_rule_set_is_analysed(rules: coopgov.RuleSet, solver: bool) -> None:  # noqa: FBT001  # drawn
    """Nested collections, facts of subjects outside and above, own units: findings or none."""
    assert isinstance(coopgov.analyse(rules, solver=solver, time_limit=1), coopgov.Analysis)


@settings(max_examples=200, deadline=None)
@given(laid_out())
def test_any_layout_has_a_canonical_form(text: str) -> None:
    """It says the same, keeps every comment once, and is its own canonical form."""
    try:
        before = read_document(text, "f.yaml")
    except InputError:
        assume(False)
    form = canonical_text(text, "f.yaml")
    after = read_document(form, "f.yaml")
    assert plain(after.root) == plain(before.root)
    assert Counter(each.text for each in comments(after)) == Counter(each.text for each in comments(before))
    assert canonical_text(form, "f.yaml") == form


@pytest.mark.parametrize("width", range(60, 80))
def test_a_long_line_with_a_comment_keeps_it(width: int) -> None:
    """Whether or not the line fits, and whatever the comment needs."""
    long = "W" * width
    text = (
        f"coopgov: agreement/1\nteam:\n  members:\n    - {{id: m, name: {long}, party: a, role: "
        "project-manager}  # one\n"
    )
    assert canonical_text(text).count("# one") == 1


@pytest.mark.parametrize(
    "body", ["? > # c\n a\n: b\n", "?\n> #\n 0", "? |- # c\n a\n: {b: 1}\n", "? |- # c\n a\n: - b # d\n"]
)
def test_a_key_that_is_a_block_keeps_its_comment(body: str) -> None:
    """Behind the entry, as that of any other key."""
    text = f"coopgov: agreement/1\n{body}"
    before, after = (read_document(each, "f.yaml") for each in (text, canonical_text(text)))
    assert plain(after.root) == plain(before.root)
    assert [each.text for each in comments(after)] == [each.text for each in comments(before)]


@pytest.mark.parametrize("body", ["s:\t[U\n\n]", "s: [a, # c\n\n]\nt: 1\n", "s: {a: 1\n\n\n}"])
def test_a_blank_line_before_a_closing_bracket_is_dropped(body: str) -> None:
    """The canonical form is its own canonical form."""
    form = canonical_text(f"coopgov: agreement/1\n{body}")
    assert canonical_text(form) == form


# Doubling and limits


@pytest.mark.parametrize(
    ("first", "step", "when"),
    [
        ("position", "F + F", "f35 above 1"),
        ("position", "max(F, F - 1)", "f35 above 1"),
        ("ended", "F or not F", "f35"),
    ],
)
def test_formulas_that_double_at_each_step_cost_little(
    run: Any, tmp_path: Path, first: str, step: str, when: str
) -> None:
    """Thirty-six of them on top of each other are checked, explained, analysed and documented at once."""
    formulas = [step.replace("F", f"f{number - 1}") if number else first for number in range(36)]
    facts = "".join(
        f'  - {{name: f{number}, about: phase, is: "{each}"}}\n' for number, each in enumerate(formulas)
    )
    rule = f'  - {{id: r, about: phase, kind: k, when: "{when}", severity: minor, message: m}}\n'
    (tmp_path / "d.yaml").write_text(f"{HEAD}facts:\n{facts}rules:\n{rule}")
    (tmp_path / "a.yaml").write_text(AGREEMENT)
    asked = ("check", "a.yaml", "--rules", "d.yaml", "--as-of", "2026-06-30")
    started = time.perf_counter()
    for command in (
        asked,
        (*asked, "--explain", "r@phase/p"),
        (*asked, "--explain", "all", "--format", "json"),
        ("rules", "check", "d.yaml"),
        ("rules", "mutate", "d.yaml"),
        ("rules", "doc", "d.yaml", "--out", "x"),
    ):
        code, out, _ = run(*command)
        assert code in (0, 1)
        assert len(out) < 2_000_000
    coopgov.load_rules(tmp_path / "d.yaml").checker("phase", backend="interpreter")({}, as_of=AS_OF)
    assert time.perf_counter() - started < 30


def test_the_time_limit_is_kept() -> None:
    """Of a thousand rules; each question that is open is listed."""
    rules = "".join(
        f"  - {{id: r{number}, about: phase, kind: delay, measure: delay + {number} days, bands: "
        "{minor: above 5 days, "
        f'major: above 10 days}}, message: "{{measure}}"}}\n'
        for number in range(1000)
    )
    loaded = coopgov.parse_rules(f"{HEAD}rules:\n{rules}")
    started = time.perf_counter()
    analysis = coopgov.analyse(loaded, time_limit=1)
    assert time.perf_counter() - started < 6
    assert {each.rule for each in analysis.undecided} == {
        rule.id for rule in loaded.rules if rule.pack == "t"
    }


@pytest.mark.parametrize(
    ("text", "code", "total"),
    [
        ("a: b\n" * 3000, "duplicate-key", 2999),
        (HEAD + "".join(f"k{number}: 1\n" for number in range(3000)), "unknown-key", 3000),
        (HEAD + "rules:\n" + "  - {id: r, about: phase, kind: k, when: ended, severity: minor, message: m}\n" * 500,
         "duplicate-rule", 499),
        ("a: {" + "b, " * 3000 + "}", "split-text", 2999),
    ],
)  # fmt: skip
def test_many_faults_of_a_sort_are_counted(text: str, code: str, total: int) -> None:
    """Two hundred are reported, and the last of them says how many more there are."""
    with pytest.raises(coopgov.RulesError) as caught:
        coopgov.parse_rules(text)
    alike = [each for each in caught.value.faults if each.code == code]
    assert (len(alike), sum(1 + each.more for each in alike)) == (200, total)
    assert f"… and {total - 200:,} more of this kind" in str(caught.value)


_FACT = "  - {{name: f{0}, about: phase, is: nothing{0} + 1}}\n"
_RULE = "  - {{id: r{0}, about: phase, kind: k, when: ended, severity: minor, message: m, override: true}}\n"
_MEMBER = "    - {{id: m{0}, name: M, party: a, role: project-manager, deputy: x{0}}}\n"
_MANY: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "unknown-parameter": (coopgov.parse_rules, HEAD + "parameters:\n", "  p{0}: 5\n"),
    "unknown-fact": (coopgov.parse_rules, HEAD + "facts:\n", _FACT),
    "unknown-rule": (coopgov.parse_rules, HEAD + "rules:\n", _RULE),
    "unknown-member": (coopgov.parse_agreement, AGREEMENT + "team:\n  members:\n", _MEMBER),
    "unknown-fact of a mapping": (
        lambda text: parse_mapping(text, coopgov.load_rules()),
        "coopgov: mapping/1\nabout: phase\nkey: id\ncolumns:\n",
        "  nothing{0}: Nothing\n",
    ),
}


@pytest.mark.parametrize("sort", _MANY)
def test_many_wrong_names_take_time_in_proportion(sort: str) -> None:
    """Looking for the nearest of thousands of names, for thousands of them, would take minutes."""
    load, head, each = _MANY[sort]
    text = head + "".join(each.format(number) for number in range(5000))
    started = time.perf_counter()
    with pytest.raises(coopgov.InputError) as caught:
        load(text)
    assert time.perf_counter() - started < 20
    alike = [fault for fault in caught.value.faults if fault.code == sort.split(maxsplit=1)[0]]
    assert (len(alike), sum(1 + fault.more for fault in alike)) == (200, 5000)


# Signs


def test_symbols_of_a_case_are_visible(run: Any, tmp_path: Path) -> None:
    """In the terminal and on pages, where HTML is escaped too."""
    case("30", tmp_path)
    code, out, err = run("rules", "test", "signs.yaml")
    assert (code, err, out.splitlines()[0]) == (1, "", r"signs.yaml:4:12: t\u001b[31m\u202e")
    out = run("facts", "--rules", "r.yaml", "--about", "phase", "--format", "markdown")[1]
    assert r"&lt;script>alert(2)&lt;/script> \\u202e" in out
    assert run("rules", "doc", "r.yaml", "--out", "d")[0] == 0
    for page in (tmp_path / "d").iterdir():
        assert not re.search("[\x00-\x08\x1b\u202e\u200b]|<script", page.read_text("utf-8"))


def test_no_text_output_steers_a_terminal(run: Any, tmp_path: Path) -> None:
    """Every command, with such characters in every text of a file, in colour and without; JSON means the same."""
    written = "".join(f"\\U{ord(sign):08x}" for sign in STEERING)
    rule = (
        f'  - {{id: late, about: phase, kind: k, title: "T{written}", means: "{written}m", when: not '
        f'ended, severity: minor, message: "m {written}"}}\n'
    )
    (tmp_path / "r.yaml").write_text(HEAD + "rules:\n" + rule)
    (tmp_path / "a.yaml").write_text(
        AGREEMENT.replace("title: T", f'title: "T{written}"').replace("id: p,", f'id: p, name: "P{written}",')
    )
    (tmp_path / "bad.yaml").write_text(AGREEMENT.replace("id: t", f'id: "{written}"'))
    asked = ("a.yaml", "--rules", "r.yaml")
    day = ("--as-of", "2026-06-30")
    for command in (
        ("check", *asked, *day), ("check", *asked, *day, "--color", "always"), ("check", *asked, *day, "--explain",
         "all"),
        ("check", "bad.yaml"), ("rules", "check", "r.yaml"), ("rules", "mutate", "r.yaml"), ("facts", "--rules",
         "r.yaml"),
        ("backtest", *asked, "--from", "2026-06-01", "--to", "2026-06-30"), (f"nothing{STEERING}",), ("check",
         f"x{STEERING}"),
    ):  # fmt: skip
        _, out, err = run(*command)
        shown = re.sub(r"\x1b\[[0-9;]*m", "", out) if "always" in command else out
        assert not set(STEERING) & set(shown + err), command
    data = json.loads(run("check", *asked, *day, "--format", "json")[1])
    assert data[0]["warnings"][0]["message"] == f"m {STEERING}"


@given(st.text())
def test_what_is_visible_is_so_for_good(text: str) -> None:
    """Twice is once, letters stay, and JSON reads the same."""
    assert visible(visible(text)) == visible(text)
    assert json.loads(json_string(text)) == text
    assert visible("期限 é\u0301 ❤\ufe0f 💡\n\t") == "期限 é\u0301 ❤\ufe0f 💡\n\t"
