"""`coopgov rules check`: findings as text, JSON and SARIF, exit codes, explanations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import coopgov
from coopgov.analysis import analyse, scope
from coopgov.analysis.finding_codes import finding_codes
from coopgov.fault_codes import fault_codes

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

ROOT = Path(__file__).parents[2]
RULES = """\
coopgov: rules/1
pack: ours
version: 1.0.0
actions:
  - {id: overtime, answers: [delay], title: Work overtime}
rules:
  - id: late
    about: phase
    kind: weather
    measure: delay
    bands: {minor: above 5 days}
    message: "{phase.name} 延误。"
  - id: start-late
    about: phase
    kind: delay
    measure: start_delay
    bands: {minor: above 5 days}
    message: "{phase.name} is late."  # coopgov: ignore message-without-measure until 2026-12-31: the list has it
"""
TEXT = """\
note: ours.yaml:9:11: kind-without-action: found the kind "weather", which no action answers, expected a kind that an action answers
        kind: weather
              ^^^^^^^
warning: ours.yaml:12:14: message-without-measure: found a message without the measured value, expected {measure} in it; the measure is `delay`
        message: "{phase.name} 延误。"
                 ^^^^^^^^^^^^^^^^^^^^^
ours.yaml: ours 1.0.0: 5 rules, no faults, 2 findings (1 warning, 1 note), 1 ignored
"""  # noqa: E501  # a file as people write it


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and the working directory, with a rule file that has findings."""
    (tmp_path / "ours.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("ours")
def test_findings_are_printed_with_their_lines(run: Run) -> None:
    """Level, place, what was found and expected, the line with a caret; then one line about the file."""
    ran = run("rules", "check", "ours.yaml", "--as-of", "2026-06-30")
    assert (ran.code, ran.out, ran.err) == (1, TEXT, "")


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(("level", "code"), [("note", 1), ("warning", 1), ("error", 0), ("never", 0)])
def test_the_exit_code_is_by_level(run: Run, level: str, code: int) -> None:
    """A finding of the level or a worse one fails; the findings are printed all the same."""
    ran = run("rules", "check", "ours.yaml", "--fail-on", level, "--as-of", "2026-06-30")
    assert (ran.code, ran.out) == (code, TEXT)


def test_without_fail_on_a_note_fails(run: Run, ours: Path) -> None:
    """Any finding is one."""
    text = RULES.replace("延误", "{measure}")
    (ours / "ours.yaml").write_text(text, encoding="utf-8")
    ran = run("rules", "check", "ours.yaml", "--as-of", "2026-06-30")
    assert ran.code == 1
    assert ran.out.endswith(" 1 finding (1 note), 1 ignored\n")


def test_faults_are_worse_than_findings(run: Run, ours: Path) -> None:
    """A file that does not load makes the exit code 2, whatever is found in the others."""
    (ours / "broken.yaml").write_text(RULES.replace("start_delay", "start_dely"), encoding="utf-8")
    ran = run("rules", "check", "broken.yaml", "ours.yaml", "--as-of", "2026-06-30", "--fail-on", "never")
    assert (ran.code, ran.out) == (2, TEXT)
    assert ran.err.startswith("broken.yaml:16:14: unknown-fact: ")


@pytest.mark.usefixtures("ours")
def test_the_date_judges_comments(run: Run) -> None:
    """After its last day a comment ignores nothing, and is reported."""
    out = run("rules", "check", "ours.yaml", "--as-of", "2027-01-01").out
    assert "warning: ours.yaml:18:39: expired-ignore: found 2026-12-31 as its last day" in out
    assert out.endswith(" no faults, 4 findings (3 warnings, 1 note)\n")


@pytest.mark.usefixtures("ours")
def test_json_holds_what_the_library_answers(run: Run) -> None:
    """One object for each file, also for one that does not load."""
    ran = run("rules", "check", "ours.yaml", "nowhere.yaml", "--format", "json", "--as-of", "2026-06-30")
    ours, nowhere = json.loads(ran.out)
    rules = coopgov.load_rules("ours.yaml")
    assert ran.code == 2
    assert ours == {
        "file": "ours.yaml",
        "pack": "ours",
        "version": "1.0.0",
        "rules": 5,
        "faults": [],
        **coopgov.analyse(rules).to_dict(),
    }
    assert ours["ignored"][0]["until"] == "2026-12-31"
    assert (nowhere["pack"], nowhere["findings"]) == (None, [])
    assert nowhere["faults"][0]["code"] == "unreadable-file"
    assert "nowhere.yaml:1:1: unreadable-file" in ran.err


def _sarif(run: Run, *arguments: str) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(run("rules", "check", *arguments, "--format", "sarif").out)
    schema = json.loads((Path(__file__).parent / "sarif.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(log)
    return log


def test_sarif_has_results_with_regions(run: Run, ours: Path) -> None:
    """Findings and faults are results; what the file ignores is suppressed.

    Each result refers to what is said of its code.
    """
    (ours / "brok en.yaml").write_text(RULES.replace("start_delay", "start_dely"), encoding="utf-8")
    log = _sarif(run, "brok en.yaml", "ours.yaml", "--as-of", "2026-06-30")
    (one,) = log["runs"]
    results = {result["ruleId"]: result for result in one["results"] if "suppressions" not in result}
    (ignored,) = (result for result in one["results"] if "suppressions" in result)
    assert [(code, result["level"]) for code, result in results.items()] == [
        ("unknown-fact", "error"),
        ("kind-without-action", "note"),
        ("message-without-measure", "warning"),
    ]
    assert ignored["suppressions"] == [
        {"kind": "inSource", "justification": "the list has it (until 2026-12-31)"}
    ]
    place = results["kind-without-action"]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "ours.yaml"},
        "region": {"startLine": 9, "startColumn": 11, "endColumn": 18, "snippet": {"text": "weather"}},
    }
    fault = results["unknown-fact"]["locations"][0]["physicalLocation"]
    assert fault["artifactLocation"] == {"uri": "brok%20en.yaml"}
    codes = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    assert all(codes[result["ruleIndex"]] == result["ruleId"] for result in one["results"])


def test_sarif_of_a_clean_file_is_a_run_without_results(run: Run, ours: Path) -> None:
    """A host learns that nothing is wrong any more; a file elsewhere has an absolute address."""
    (one,) = _sarif(run, "cooperation-plan")["runs"]
    assert one["results"] == []
    (two,) = _sarif(run, str(ours / "ours.yaml"))["runs"]
    uri = two["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (ours / "ours.yaml").as_uri()


@pytest.mark.usefixtures("ours")
def test_what_is_not_decided_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in the line about the file, a notification of SARIF, and no reason to fail."""
    undecided = scope.NotDecided("unused-fact", "late", "in 1 second")
    monkeypatch.setattr(analyse, "FAMILIES", (lambda _: [undecided],))
    ran = run("rules", "check", "cooperation-plan")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "not decided: unused-fact of late: in 1 second")
    assert ran.out.endswith(" no faults, no findings, 1 not decided\n")
    (one,) = _sarif(run, "cooperation-plan")["runs"]
    (notification,) = one["invocations"][0]["toolExecutionNotifications"]
    assert notification["associatedRule"] == {"id": "unused-fact"}
    assert [rule["id"] for rule in one["tool"]["driver"]["rules"]] == ["unused-fact"]


def test_much_that_is_not_decided_is_counted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five questions are printed, the others counted."""
    undecided = [scope.NotDecided("unused-fact", f"r{number}", "in 1 second") for number in range(7)]
    monkeypatch.setattr(analyse, "FAMILIES", (lambda _: undecided,))
    lines = run("rules", "check", "cooperation-plan").out.splitlines()
    assert lines[4:6] == [
        "not decided: unused-fact of r4: in 1 second",
        "not decided: 2 more, which --format json lists",
    ]
    assert lines[6].endswith(", 7 not decided")


@pytest.mark.parametrize("code", finding_codes())
def test_a_code_of_a_finding_is_explained(run: Run, code: str) -> None:
    """The page has the level, the summary, the text, a file with the finding and the same file corrected."""
    ran = run("rules", "check", "--explain", code)
    each = finding_codes()[code]
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(
        f"{code} ({each.level}): {each.summary}\n\n{each.explanation}\n\nFound in:\n\n    coopgov:"
    )
    assert ran.out.count("    coopgov: rules/1\n") == 2


def test_a_code_of_a_fault_is_explained_too(run: Run) -> None:
    """By its sentence."""
    ran = run("rules", "check", "--explain", "unknown-fact")
    assert (ran.code, ran.out) == (0, f"unknown-fact (a fault): {fault_codes()['unknown-fact']}\n")


def test_an_unknown_code_is_bad_usage(run: Run) -> None:
    """With the nearest one."""
    ran = run("rules", "check", "--explain", "missing-langauge")
    assert (ran.code, ran.out) == (2, "")
    assert (
        'found "missing-langauge", expected the code of a finding or fault; did you mean "missing-language"?'
        in ran.err
    )


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_limit_is_a_number_of_seconds(run: Run, seconds: str) -> None:
    """Anything else is bad usage."""
    ran = run("rules", "check", "cooperation-plan", "--time-limit", seconds)
    assert (ran.code, ran.out) == (2, "")
    assert f'argument --time-limit: found "{seconds}", expected a number of seconds above 0' in ran.err


def test_a_solver_that_is_not_there_cannot_be_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`always` says what to install; the others do without."""
    monkeypatch.setattr(scope, "find_spec", lambda _: None)
    ran = run("rules", "check", "cooperation-plan", "--solver", "always")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'coopgov: the solver is not installed; run `pip install "coopgov[analysis]"`\n'
    for solver in ("auto", "never"):
        assert run("rules", "check", "cooperation-plan", "--solver", solver).code == 0
