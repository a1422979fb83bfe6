"""Files of rule tests → suites, with all faults of the file, of its rules and of its agreements at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.errors import InputError, RuleTestsError, did_you_mean
from coopgov.model import Defect, fault_of
from coopgov.rules.files import BUILT_IN, pack_names
from coopgov.rules.load import load_rules
from coopgov.source import Document, read_document, read_file
from coopgov.testing.rule_tests.names import SUFFIXES
from coopgov.testing.rule_tests.parse import parse_file
from coopgov.testing.rule_tests.resolve import Resolver
from coopgov.testing.rule_tests.suite import Suite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.errors import Fault
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.rule_tests.file import RuleTestsFile

__all__ = ["load_tests", "parse_tests", "rules_beside"]


def load_tests(path: str | Path) -> Suite:
    """Load a file of rule tests with the rules that it is about.

    Raises:
        RuleTestsError: with every fault of the file, of its rule files and of its agreements.
    """
    path = Path(path)
    try:
        document = read_file(path)
    except InputError as error:
        return _loaded(*_what_could_be_read(error), path.parent, rules_beside(path))
    return _loaded(document, (), path.parent, rules_beside(path))


def parse_tests(text: str | bytes, name: str = "<text>") -> Suite:
    """Load a file of rule tests from its text; `name` is what faults call it, and what relative paths start from.

    Raises:
        RuleTestsError: with every fault.
    """
    try:
        document = read_document(text, name)
    except InputError as error:
        return _loaded(*_what_could_be_read(error), Path(name).parent, rules_beside(Path(name)))
    return _loaded(document, (), Path(name).parent, rules_beside(Path(name)))


def rules_beside(path: Path) -> str:
    """The rule file that a file of tests is about when it names none: the one beside it, or the shipped pack."""
    stem = next((path.name.removesuffix(end) for end in SUFFIXES if path.name.endswith(end)), path.stem)
    beside = [path.with_name(stem + end) for end in (".yaml", ".yml", ".json")]
    found = next((each for each in beside if each != path and each.is_file()), beside[0])
    return _as_pack(found)


def _as_pack(path: Path) -> str:
    """The name of a shipped pack for its file, so that it is loaded only once; the path of any other."""
    from importlib.resources import files

    folder = files("coopgov.rules").joinpath("packs")
    names = [*pack_names(), BUILT_IN]
    shipped = path.stem in names and path.resolve().parent == Path(str(folder)).resolve()
    return path.stem if shipped else str(path)


def _what_could_be_read(error: InputError) -> tuple[Document, tuple[Fault, ...]]:
    if not isinstance(error.document, Document):
        raise RuleTestsError(error.faults) from None
    return error.document, error.faults


def _loaded(document: Document, early: tuple[Fault, ...], folder: Path, beside: str) -> Suite:
    parsed = parse_file(document)
    faults = [*early, *parsed.faults]
    if parsed.file is None:
        raise RuleTestsError(faults)
    rules, targets, more = _rules(document, parsed.file, folder, beside)
    faults += more
    if rules is None:
        raise RuleTestsError(faults)
    resolver = Resolver(document, parsed.file, rules, _own(rules, targets), folder)
    tests = [
        resolver.test(number, entry, whole=number not in parsed.partial)
        for number, entry in zip(parsed.positions, parsed.file.tests, strict=True)
    ]
    faults += resolver.faults
    if faults:
        lines = {(fault.place.file, fault.place.line) for fault in early}
        behind = [
            fault for fault in faults[len(early) :] if (fault.place.file, fault.place.line) not in lines
        ]
        raise RuleTestsError(dict.fromkeys([*early, *behind]))
    return Suite(document.file, rules, resolver.own, tuple(filter(None, tests)), targets)


def _rules(
    document: Document, file: RuleTestsFile, folder: Path, beside: str
) -> tuple[RuleSet | None, tuple[str, ...], list[Fault]]:
    """The rules under test, and the files that are tested."""
    faults: list[Fault] = []
    targets: list[str] = []
    for number, name in enumerate(file.rules):
        path = folder / name
        if name in pack_names() or name == BUILT_IN:
            targets.append(name)
        elif path.is_file():
            targets.append(_as_pack(path))
        else:
            hint = did_you_mean(name, pack_names()) or f"shipped packs: {', '.join(pack_names())}"
            defect = Defect(
                ("rules", number),
                "unknown-pack",
                f'"{name}"',
                "a shipped pack or a path relative to this file",
                hint,
            )
            faults.append(fault_of(document, defect))
    if not file.rules:
        targets = [beside]
        if beside not in (*pack_names(), BUILT_IN) and not Path(beside).is_file():
            expected = 'the key "rules", or a rule file beside this one'
            defect = Defect(
                ("coopgov",), "missing-key", f"no rule file {Path(beside).name}", expected, key=True
            )
            faults.append(fault_of(document, defect))
    if faults:
        return None, (), faults
    try:
        return load_rules(*targets), tuple(targets), []
    except InputError as error:
        return None, (), list(error.faults)


def _own(rules: RuleSet, targets: Iterable[str]) -> dict[str, str]:
    """The rules that the tested files themselves write or change, each with the last such file."""
    names = {f"{each}.yaml" if each in (*pack_names(), BUILT_IN) else each for each in targets}
    files = {source.document.file: number for number, source in enumerate(rules.sources)}
    own: dict[str, str] = {}
    for rule in rules.rules:
        homes = {each.source.document.file for each in rule.fields.values()} & names
        if homes:
            own[rule.id] = max(homes, key=files.__getitem__)
    return own
