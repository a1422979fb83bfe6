"""`coopgov rules doc`: all files or none, and only its own are overwritten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopgov

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

OWN = ("rules", "doc", "own.yaml", "--out", "pages")


@pytest.mark.usefixtures("pier")
def test_the_pages_of_the_library_are_written(run: Run) -> None:
    """Byte for byte; a second run writes them again."""
    for _ in range(2):
        ran = run(*OWN)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == f"wrote 5 rules to {Path('pages/index.md')}\n"
        expected = coopgov.rule_pages(coopgov.load_rules("own.yaml"))
        written = {path.name: path.read_bytes().decode("utf-8") for path in Path("pages").iterdir()}
        assert written == dict(expected)


@pytest.mark.usefixtures("pier")
def test_files_of_others_are_never_overwritten(run: Run) -> None:
    """All of them are named, and nothing is written."""
    folder = Path("pages")
    folder.mkdir()
    (folder / "index.md").write_text("# Mine\n", encoding="utf-8")
    (folder / "late.svg").mkdir()
    ran = run(*OWN)
    assert (ran.code, ran.out) == (2, "")
    said = "was not written by coopgov rules doc; move it, or choose another folder"
    assert ran.err == f"{folder / 'index.md'}: {said}\n{folder / 'late.svg'}: {said}\nnothing was written\n"
    assert sorted(path.name for path in folder.iterdir()) == ["index.md", "late.svg"]
    assert (folder / "index.md").read_text(encoding="utf-8") == "# Mine\n"


@pytest.mark.usefixtures("pier")
def test_pages_of_rules_that_are_gone_are_named(run: Run) -> None:
    """They stay, since another rule set may have written them."""
    run(*OWN)
    rules = Path("own.yaml").read_text(encoding="utf-8").replace("id: loud", "id: noisy")
    Path("own.yaml").write_text(rules, encoding="utf-8")
    ran = run(*OWN)
    assert ran.out.startswith("left from an earlier run: loud.md, loud.svg\n")
    assert Path("pages/loud.md").exists()


@pytest.mark.usefixtures("pier")
def test_bad_input_ends_with_2(run: Run) -> None:
    """Rules or rule tests with faults, and a folder that cannot be made."""
    assert run("rules", "doc", "nowhere.yaml", "--out", "pages").code == 2
    Path("own.tests.yaml").write_text("coopgov: rule-tests/1\ntests: [{name: x}]\n", encoding="utf-8")
    ran = run(*OWN)
    assert ran.code == 2
    assert ran.err.startswith("own.tests.yaml:")
    assert not Path("pages").exists()
    Path("own.tests.yaml").unlink()
    ran = run("rules", "doc", "own.yaml", "--out", "pier.yaml")
    assert ran.code == 2
    assert "pier.yaml" in ran.err


@pytest.mark.usefixtures("pier")
def test_tests_beside_the_rules_are_run(run: Run) -> None:
    """A failing test is shown on the page; the command does not fail."""
    tests = """\
coopgov: rule-tests/1
tests:
  - {name: Silent, rule: loud, kpi: {value: 70 dB, unit: dB}, expect: nothing}
  - {name: Wrong, rule: loud, kpi: {value: 90 dB, unit: dB}, expect: nothing}
"""
    Path("own.tests.yaml").write_text(tests, encoding="utf-8")
    ran = run(*OWN)
    assert (ran.code, ran.err) == (0, "")
    page = Path("pages/loud.md").read_text(encoding="utf-8")
    assert "| Silent | nothing | passed |" in page
    assert "| **failed** |" in page
