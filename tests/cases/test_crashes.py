"""Any input gives a result or one of coopgov's own faults, in time; and all output is safe to show."""

from __future__ import annotations

import copy
import json
import os
import pickle
import re
import shutil
import socket
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import coopgov
from cases.layouts import laid_out
from coopgov.backends.python.backend import DirectBackend
from coopgov.cli import main
from coopgov.errors import InputError
from coopgov.formatting.canonical import canonical_text
from coopgov.safe_text import json_escaped, visible
from coopgov.source import plain, read_document
from coopgov.source.comments import comments
from coopgov.testing import rule_sets

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parent
HEAD = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"
AGREEMENT = """\
coopgov: agreement/1
id: t
title: T
currency: CNY
term: {start: 2026-01-05, end: 2027-06-30}
parties: [{id: a}, {id: b}]
phases: [{id: p, planned: {start: 2026-01-05, end: 2026-03-01}}]
"""
AS_OF = date(2026, 6, 30)
STEERING = "\x1b\x07\x7f\x9b\u202e\u2066\u200b\u200d\ufeff\u00ad\U000e0041"


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Run the command line in a folder of its own: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as error:
            code = int(error.code or 0)
        return code, *capsys.readouterr()

    return call


def case(name: str, folder: Path) -> None:
    """The files of a case, in a folder that may be written to."""
    for path in next(CASES.glob(f"{name}-*")).iterdir():
        shutil.copy(path, folder)


# Commands of rule authors


def test_rules_are_checked_changed_and_formatted(run: Any, tmp_path: Path) -> None:
    """A filter that names the subject outside, a `when` rule with a whole-agreement test, a long line with a comment."""
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
    text = f"coopgov: agreement/1\nteam:\n  members:\n    - {{id: m, name: {long}, party: a, role: project-manager}}  # one\n"
    assert canonical_text(text).count("# one") == 1


# Files


def test_a_chain_of_files_is_followed(run: Any, tmp_path: Path) -> None:
    """However long it is."""
    for number in range(600):
        extends = f"extends: [c{number + 1}.yaml]\n" if number < 599 else ""
        (tmp_path / f"c{number}.yaml").write_text(HEAD + extends)
    assert run("rules", "check", "c0.yaml")[0] == 0
    (tmp_path / "c599.yaml").write_text(HEAD + "extends: [c0.yaml]\n")
    assert "extends-circle" in run("rules", "check", "c0.yaml")[2]


@pytest.mark.parametrize(
    "command",
    [
        ("check", "*"),
        ("check", "a.yaml", "--rules", "*"),
        ("rules", "check", "*"),
        ("rules", "test", "*"),
        ("rules", "mutate", "*"),
        ("rules", "fmt", "*"),
        ("rules", "doc", "*", "--out", "d"),
        ("backtest", "*", "--from", "2026-01-05", "--to", "2026-01-06"),
        ("portfolio", "check", "*", "--map", "m.yaml"),
        ("portfolio", "check", "t.csv", "--map", "*"),
        ("portfolio", "check", "t.csv", "--map", "m.yaml", "--rules", "own.yaml", "--out", "*.csv"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("sort", ["pipe", "socket", "loop", "long", "surrogate", "gone"])
@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
def test_what_is_no_file_is_a_fault_at_once(
    run: Any, tmp_path: Path, command: tuple[str, ...], sort: str
) -> None:
    """Pipes, sockets, links to themselves, names that are too long or that nobody can write."""
    case("31", tmp_path)
    (tmp_path / "a.yaml").write_text(AGREEMENT)
    name = {"long": "w" * 5000, "surrogate": "x\udcff", "gone": "gone"}.get(sort, "odd")
    target = Path("*.csv".replace("*", name) if command[-1] == "*.csv" else name)
    server = socket.socket(socket.AF_UNIX)
    if sort == "pipe":
        os.mkfifo(target)
    elif sort == "socket":
        server.bind(str(target))
    elif sort == "loop":
        target.symlink_to(target)
    code, _, err = run(*(each.replace("*", name) for each in command))
    server.close()
    written = command[-1] == "*.csv" and sort in ("surrogate", "gone", "loop")
    assert written or (code == 2 and err.strip()), err
    assert "Traceback" not in err
    assert "fault of coopgov" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes in folders")
def test_a_pipe_that_a_file_names_is_not_waited_for(run: Any, tmp_path: Path) -> None:
    """By `extends`, by the rows of a table, by rule tests."""
    os.mkfifo(tmp_path / "odd")
    table = "tables:\n  - {id: x, about: phase, kind: delay, message: m, csv: odd}\n"
    (tmp_path / "t.yaml").write_text(HEAD + table)
    (tmp_path / "e.yaml").write_text(HEAD + "extends: [odd]\n")
    (tmp_path / "x.tests.yaml").write_text(
        "coopgov: rule-tests/1\nagreement: odd\nrules: [odd]\ntests: [{name: n, rule: r, expect: nothing}]\n"
    )
    for command in (("check", "t.yaml"), ("check", "e.yaml"), ("test", "x.tests.yaml")):
        assert run("rules", *command)[0] == 2


def test_no_line_of_another_file_is_quoted(run: Any, tmp_path: Path) -> None:
    """Whichever file leads there, as YAML, as JSON, or broken."""
    case("31", tmp_path)
    (tmp_path / "secret.txt").write_text("root:x:0:0:do-not-show:/root:/bin/sh\n")
    assert run("rules", "check", "r.yaml") == (
        2,
        "",
        'secret.txt:1:1: missing-key: found a file without it, expected the key "coopgov" with the format of the file\n',
    )
    for text in (
        "password: do-not-show\n",
        '{"do-not-show": 1}',
        "do-not-show: [",
        "a:\n\tdo-not-show",
        "%do-not-show",
    ):
        (tmp_path / "secret.txt").write_text(text)
        for command in (
            ("rules", "check", "r.yaml"),
            ("check", "secret.txt"),
            ("rules", "fmt", "secret.txt"),
        ):
            code, out, err = run(*command)
            assert (code, "do-not-show" in out + err) == (2, False)


def test_no_line_of_another_table_is_quoted(run: Any, tmp_path: Path) -> None:
    """A file of rows has a column of severities."""
    (tmp_path / "secret.csv").write_text("root:x:0,do-not-show\n1,do-not-show\n")
    (tmp_path / "t.yaml").write_text(
        HEAD + "tables:\n  - {id: x, about: phase, kind: delay, message: m, csv: secret.csv}\n"
    )
    code, out, err = run("rules", "check", "t.yaml")
    assert (code, "unknown-column" in err, "do-not-show" in out + err) == (2, True, False)


def test_a_lone_surrogate_is_a_fault() -> None:
    """In texts, in the escapes of JSON, and in Python objects."""
    with pytest.raises(coopgov.RulesError) as caught:
        coopgov.parse_rules(HEAD + 'title: "\ud800"\n')
    assert [(each.code, each.place.line, each.place.column) for each in caught.value.faults] == [
        ("character", 4, 9)
    ]
    for escape in (r"\ud800", r"\udc00", r"\ud800\ud800"):
        with pytest.raises(coopgov.CoopgovError):
            coopgov.parse_agreement(
                json.dumps({"coopgov": "agreement/1", "title": "T"}).replace('"T"', f'"{escape}"')
            )
    with pytest.raises(coopgov.AgreementError) as refused:
        coopgov.build_agreement({"coopgov": "agreement/1", "id": "\ud800", "title": "x\udfff"})
    assert str(refused.value).encode()


def test_nothing_is_left_of_a_refused_target(run: Any, tmp_path: Path) -> None:
    """Not even a part of it."""
    case("31", tmp_path)
    (tmp_path / "dir.csv").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    command = (
        "portfolio",
        "check",
        "t.csv",
        "--map",
        "m.yaml",
        "--rules",
        "own.yaml",
        "--as-of",
        "2026-06-30",
    )
    assert run(*command, "--out", "dir.csv") == (
        2, "", "dir.csv:1:1: unwritable-file: found Is a directory, expected a file to write\n",
    )  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_nothing_is_left_on_a_full_disk(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, no part, no folder that was made for them."""
    (tmp_path / "r.yaml").write_text(
        HEAD + "rules: [{id: r, about: phase, kind: k, when: ended, severity: minor, message: m}]\n"
    )
    written = Path.write_text
    count = iter(range(100))

    def full(path: Path, *arguments: Any, **options: Any) -> int:
        if next(count) > 2:
            raise OSError(28, "No space left on device", str(path))
        return written(path, *arguments, **options)

    monkeypatch.setattr(Path, "write_text", full)
    assert run("rules", "doc", "r.yaml", "--out", "a/b")[0] == 2
    opened = Path.open
    more = iter(range(100))

    def filled(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if mode == "x" and next(more) > 3:
            raise OSError(28, "No space left on device", str(path))
        return opened(path, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", filled)
    assert run("init", "c/d")[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["r.yaml"]


# Copies


@pytest.mark.parametrize("copied", [lambda each: pickle.loads(pickle.dumps(each)), copy.copy, copy.deepcopy])  # noqa: S301
def test_a_used_rule_set_can_be_copied(copied: Callable[[Any], Any]) -> None:
    """The copy is equal, and works; so do the checkers of each backend."""
    rules = coopgov.load_rules()
    facts = {"planned_end": date(2026, 1, 1)}
    for backend in (None, "interpreter", DirectBackend()):
        checker = rules.checker("phase", backend=backend)
        expected = checker(facts, as_of=AS_OF)
        twin = copied(rules)
        assert (twin, hash(twin)) == (rules, hash(rules))
        assert twin.checker("phase")(facts, as_of=AS_OF) == expected
        assert copied(checker)(facts, as_of=AS_OF) == expected
    again = copied(rules.rechecker("phase", "planned_end"))
    assert again(facts, expected, as_of=AS_OF) == expected
    assert rules != coopgov.parse_rules(HEAD)


def test_copies_of_a_checker_keep_the_currency_it_was_made_for() -> None:
    """One rule set gives checkers of several currencies; a limit in money is that of each."""
    rule = "  - {id: dear, about: phase, kind: delay, when: budget above 10.5 CNY, severity: major, message: x}\n"
    rules = coopgov.parse_rules(f"{HEAD}rules:\n{rule}")
    for currency, expected in (("CNY", ["dear"]), ("EUR", [])):
        checker = rules.checker("phase", currency=currency)
        for one in (checker, pickle.loads(pickle.dumps(checker)), copy.copy(checker), copy.deepcopy(checker)):  # noqa: S301
            hits, undetermined = one({"budget": 11}, as_of=AS_OF)
            assert [hit[0] for hit in hits] == expected
            assert [entry[2] for entry in undetermined] == ([] if expected else ["unit"])


def test_a_checker_that_cannot_be_pickled_says_so() -> None:
    """A backend of the host's own may hold anything."""

    class Own(DirectBackend):
        def __getstate__(self) -> Any:
            raise TypeError("a connection")

    checker = coopgov.load_rules().checker("phase", backend=Own())
    with pytest.raises(coopgov.BackendError, match="a connection"):
        pickle.dumps(checker)


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
    for command in (asked, (*asked, "--explain", "r@phase/p"), (*asked, "--explain", "all", "--format", "json"),
                    ("rules", "check", "d.yaml"), ("rules", "mutate", "d.yaml"), ("rules", "doc", "d.yaml", "--out", "x")):  # fmt: skip
        code, out, _ = run(*command)
        assert code in (0, 1)
        assert len(out) < 2_000_000
    coopgov.load_rules(tmp_path / "d.yaml").checker("phase", backend="interpreter")({}, as_of=AS_OF)
    assert time.perf_counter() - started < 30


def test_the_time_limit_is_kept() -> None:
    """Of a thousand rules; each question that is open is listed."""
    rules = "".join(
        f"  - {{id: r{number}, about: phase, kind: delay, measure: delay + {number} days, bands: {{minor: above 5 days, "
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
        (HEAD + "rules:\n" + "  - {id: r, about: phase, kind: k, when: ended, severity: minor, message: m}\n" * 500, "duplicate-rule", 499),
        ("a: {" + "b, " * 3000 + "}", "split-text", 2999),
    ],
)  # fmt: skip
def test_many_faults_of_a_sort_are_counted(text: str, code: str, total: int) -> None:
    """Two hundred are reported, and the last of them says how many more there are."""
    with pytest.raises(coopgov.RulesError) as caught:
        coopgov.parse_rules(text)
    alike = [each for each in caught.value.faults if each.code == code]
    assert (len(alike), sum(1 + each.more for each in alike)) == (200, total)
    assert f"… and {total - 200:,} more of this sort" in str(caught.value)


# Signs


def test_signs_of_a_case_are_visible(run: Any, tmp_path: Path) -> None:
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
    """Every command, with such signs in every text of a file, in colour and without; JSON means the same."""
    written = "".join(f"\\U{ord(sign):08x}" for sign in STEERING)
    rule = f'  - {{id: late, about: phase, kind: k, title: "T{written}", means: "{written}m", when: not ended, severity: minor, message: "m {written}"}}\n'
    (tmp_path / "r.yaml").write_text(HEAD + "rules:\n" + rule)
    (tmp_path / "a.yaml").write_text(
        AGREEMENT.replace("title: T", f'title: "T{written}"').replace("id: p,", f'id: p, name: "P{written}",')
    )
    (tmp_path / "bad.yaml").write_text(AGREEMENT.replace("id: t", f'id: "{written}"'))
    asked = ("a.yaml", "--rules", "r.yaml")
    day = ("--as-of", "2026-06-30")
    for command in (
        ("check", *asked, *day), ("check", *asked, *day, "--color", "always"), ("check", *asked, *day, "--explain", "all"),
        ("check", "bad.yaml"), ("rules", "check", "r.yaml"), ("rules", "mutate", "r.yaml"), ("facts", "--rules", "r.yaml"),
        ("backtest", *asked, "--from", "2026-06-01", "--to", "2026-06-30"), (f"nothing{STEERING}",), ("check", f"x{STEERING}"),
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
    assert json.loads(json_escaped(json.dumps(text, ensure_ascii=False))) == text
    assert visible("期限 é\u0301 ❤\ufe0f 💡\n\t") == "期限 é\u0301 ❤\ufe0f 💡\n\t"


# The analysis


def test_a_claim_that_fails_for_large_numbers_is_not_made(run: Any, tmp_path: Path) -> None:
    """`n1 + 0.5 above n1` is false at 1e13."""
    case("08", tmp_path)
    assert run("rules", "check", "r.yaml")[:2] == (0, "r.yaml: t 1.0.0: 4 rules, no faults, no findings\n")


@pytest.mark.parametrize(
    ("column", "cells", "gap"),
    [
        ("budget", ("at most 99.99 CNY", "at least 100 CNY"), False),
        ("budget", ("at most 99.98 CNY", "at least 100 CNY"), True),
        ("budget", ("at most 99 JPY", "at least 100 JPY"), False),
        ("budget", ("at most 99.99 KWD", "at least 100 KWD"), True),
        ("budget", ("at most 99.999 KWD", "at least 100 KWD"), False),
        ("spent - budget", ("at most 99.99 CNY", "at least 100 CNY"), False),
        ("max(spent, budget)", ("at most 99.99 CNY", "at least 100 CNY"), False),
        ("spent", ("below 100 CNY", "above 100 CNY"), True),
        ("position", ("at most 3", "at least 4"), False),
        ("delay", ("at most 3 days", "at least 4 days"), False),
        ("planned_end", ("at most 2026-01-01", "at least 2026-01-02"), False),
    ],
)
def test_no_gap_is_finer_than_what_a_column_holds(column: str, cells: tuple[str, str], gap: bool) -> None:  # noqa: FBT001  # a table
    """Amounts have the minor unit of their currency, whole facts and days are whole."""
    low, high = cells
    rows = f'    rows:\n      - ["{low}", notice]\n      - ["{high}", minor]\n'
    table = f"tables:\n  - id: x\n    about: phase\n    kind: k\n    message: m\n    conditions: [{column!r}]\n{rows}"
    codes = {each.fault.code for each in coopgov.analyse(coopgov.parse_rules(HEAD + table)).findings}
    assert ("table-gap" in codes) is gap
