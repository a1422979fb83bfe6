"""Paths as given → files of rule tests: files, rule files, folders, shipped packs."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.errors import InputError
from coopgov.rules.files import BUILT_IN, pack_names
from coopgov.testing.rule_tests.load import load_tests
from coopgov.testing.rule_tests.names import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.errors import Fault
    from coopgov.testing.rule_tests.suite import Suite

__all__ = ["find_tests", "load_suites"]


def find_tests(*given: str | Path) -> tuple[Path, ...]:
    """The files of rule tests that paths lead to, each once.

    A folder stands for all `*.tests.yaml`, `*.tests.yml` and `*.tests.json` in it and below; a rule file, or a shipped
    pack by its name, for the tests beside it; any other file for itself.
    """
    return tuple(dict.fromkeys(path for one in given for path in _of(one)))


def _of(given: str | Path) -> Iterator[Path]:
    path = Path(given)
    if given in (*pack_names(), BUILT_IN):
        yield from _beside(Path(str(files("coopgov.rules").joinpath("packs"))) / f"{given}.yaml")
    elif path.is_dir():
        yield from sorted(each for each in path.rglob("*") if each.name.endswith(SUFFIXES) and each.is_file())
    elif path.name.endswith(SUFFIXES) or not path.exists():
        yield path
    else:
        yield from _beside(path)


def _beside(path: Path) -> Iterator[Path]:
    """The tests beside a rule file."""
    found = (path.with_name(path.stem + end) for end in SUFFIXES)
    yield from (each for each in found if each.is_file())


def load_suites(paths: Iterable[str | Path]) -> tuple[tuple[Suite, ...], tuple[Fault, ...]]:
    """Load files of rule tests; those with faults do not stop the others."""
    suites: list[Suite] = []
    faults: dict[Fault, None] = {}
    for path in paths:
        try:
            suites.append(load_tests(path))
        except InputError as error:
            faults |= dict.fromkeys(error.faults)
    return tuple(suites), tuple(faults)
