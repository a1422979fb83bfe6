"""`coopgov rules check`: rule files without any agreement, or with one for its roles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

EXAMPLES = ("examples/pilot/tolerances.yaml", "examples/compact/rules.yaml")


@pytest.mark.usefixtures("pier")
def test_a_sound_file_is_reported_with_its_rules(run: Run) -> None:
    """One line for each file: its pack, version and number of rules; packs go by their names."""
    ran = run("rules", "check", "own.yaml", "cooperation-plan")
    own, pack = (line for line in ran.out.splitlines() if not line.startswith("not decided: "))
    assert (ran.code, ran.err) == (0, "")
    assert own.startswith("own.yaml: own 1.0.0: ")
    assert own.endswith(" rules, no faults, no findings")
    assert pack.startswith("cooperation-plan: cooperation-plan ")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_sound(run: Run, name: str, pytestconfig: pytest.Config) -> None:
    """The rule files of the examples pass."""
    assert run("rules", "check", pytestconfig.rootpath / name).code == 0


def test_faults_of_one_file_do_not_stop_the_others(run: Run, pier: Path) -> None:
    """All faults of a file at once on stderr, the sound files on stdout, exit code 2."""
    text = (pier / "own.yaml").read_text(encoding="utf-8")
    broken = text.replace("delay / window", "delai / window").replace("about: kpi", "about: kpy")
    (pier / "broken.yaml").write_text(broken, encoding="utf-8")
    ran = run("rules", "check", "broken.yaml", "nowhere.yaml", "own.yaml")
    assert ran.code == 2
    assert ran.out.startswith("own.yaml: own")
    assert 'did you mean "delay"?' in ran.err
    assert 'did you mean "kpi"?' in ran.err
    assert "nowhere.yaml:1:1: unreadable-file" in ran.err


@pytest.mark.usefixtures("pier")
def test_an_agreement_given_as_rules_is_reported(run: Run) -> None:
    """The fault says which format was found and which was expected."""
    ran = run("rules", "check", "pier.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert 'pier.yaml:1:10: wrong-version: found "agreement/1", expected "rules/1"' in ran.err


@pytest.mark.usefixtures("pier")
def test_roles_that_an_agreement_lacks_are_faults(run: Run) -> None:
    """With `--agreement`, an owner or escalation that nobody in it holds is reported at the place that names it."""
    ran = run("rules", "check", "own.yaml", "--agreement", "pier.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert 'vacant-role: found "mason", expected a role, body or member of the agreement' in ran.err
    assert '"port"' not in ran.err
    assert ran.err.startswith("own.yaml:5:")


@pytest.mark.usefixtures("pier")
def test_baselines_that_an_agreement_lacks_are_faults(run: Run) -> None:
    """With `--agreement`, each is reported where it is named, in formulas and messages too, with the nearest one."""
    Path("kept.yaml").write_text(
        "coopgov: agreement/1\nid: a\ntitle: A\ncurrency: CNY\nterm: {start: 2026-01-05, end: 2027-06-30}\n"
        "parties: [{id: port}]\nphases:\n  - {id: core, planned: {start: 2026-02-01, end: 2026-08-31}, "
        "baselines: [{id: approved, end: 2026-06-30}]}\n",
        encoding="utf-8",
    )
    Path("past.yaml").write_text(
        "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
        "facts: [{name: past, about: phase, is: planned_end - baseline_end('aproved'), means: M}]\n"
        "rules:\n  - {id: r, about: phase, kind: delay, title: T, when: 'past above 1 day', severity: minor,\n"
        '     message: \'{baseline_end("approved")} {baseline_end("old")}\'}\n',
        encoding="utf-8",
    )
    ran = run("rules", "check", "past.yaml", "--agreement", "kept.yaml")
    assert ran.code == 2
    expected = "expected the id of a baseline of a phase or task of the agreement"
    assert [line for line in ran.err.splitlines() if line.startswith("past")] == [
        f'past.yaml:4:67: unknown-baseline: found "aproved", {expected}; did you mean "approved"?',
        f'past.yaml:7:57: unknown-baseline: found "old", {expected}',
    ]


@pytest.mark.usefixtures("pier")
def test_a_ladder_that_nobody_holds_is_a_fault(run: Run) -> None:
    """Beside the names; a ladder of one step is its name, and is reported once."""
    Path("ladder.yaml").write_text(
        "coopgov: rules/1\npack: p\nversion: 1.0.0\nrules:\n  - {id: r, about: phase, kind: delay, message: M, "
        "measure: delay, bands: {minor: above 5 days},\n"
        "     escalate: {minor: [chief within 1 day, boss within 2 days], major: king within 1 day}}\n",
        encoding="utf-8",
    )
    ran = run("rules", "check", "ladder.yaml", "--agreement", "pier.yaml", "--lang", "zh-Hans")
    assert ran.code == 2
    assert (
        "ladder.yaml:6:24: ladder-vacant: 实际为 chief、boss，应为阶梯中至少有一级是协议中的角色、机构或成员"
        in ran.err
    )
    assert ran.err.count("ladder-vacant") == 1
    assert ran.err.count("vacant-role") == 3


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize("agreement", ["nowhere.yaml", "own.yaml"])
def test_an_agreement_that_cannot_be_read_is_bad_input(run: Run, agreement: str) -> None:
    """Without the agreement there is nothing to compare roles with."""
    ran = run("rules", "check", "own.yaml", "--agreement", agreement)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{agreement}:1:")
