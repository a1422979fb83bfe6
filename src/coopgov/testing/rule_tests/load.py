"""Load files of rule tests as suites, and report all faults of the file, its rules and its agreements at once."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.errors import InputError, RuleTestsError
from coopgov.faults import did_you_mean
from coopgov.locales import listed, phrase, verbatim
from coopgov.rules.load import load_rules
from coopgov.rules.pack_names import BUILT_IN, pack_names
from coopgov.schema.whole_file import text_of
from coopgov.source import Document, in_full_width, is_file, read_document, resolved
from coopgov.testing.rule_tests.detect import SUFFIXES
from coopgov.testing.rule_tests.fault_log import Notes
from coopgov.testing.rule_tests.parse import ParsedTests, parse_file
from coopgov.testing.rule_tests.resolve import Resolver
from coopgov.testing.rule_tests.suite import Suite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.faults import Fault
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.rule_tests.schema import RuleTestsFile

__all__ = ["load_tests", "parse_tests"]


def load_tests(path: str | Path) -> Suite:
    """Load a file of rule tests with the rules that it is about.

    Raises:
        RuleTestsError: with every fault of the file, of its rule files and of its agreements.
    """
    return parse_tests(text_of(path, RuleTestsError, "rule-tests"), str(path))


def parse_tests(text: str | bytes, name: str = "<text>") -> Suite:
    """Load a file of rule tests from its text; `name` is what faults call it, and what relative paths start from.

    Raises:
        RuleTestsError: with every fault.
    """
    path = Path(name)
    try:
        document: object = read_document(text, name)
        early: tuple[Fault, ...] = ()
    except InputError as error:
        document, early = error.document, error.faults
    parsed = parse_file(document) if isinstance(document, Document) else ParsedTests(None)
    corrected = (
        in_full_width(text, name, [*early, *parsed.faults], _faults) if early or parsed.faults else None
    )
    if corrected is not None:
        document, early = corrected.document, corrected.faults
        parsed = parse_file(document) if isinstance(document, Document) else ParsedTests(None)
    if not isinstance(document, Document):
        raise RuleTestsError(early)
    return _loaded(document, parsed, early, path.parent, _rules_beside(path))


def _faults(document: Document) -> tuple[Fault, ...]:
    return parse_file(document).faults


def _rules_beside(path: Path) -> str:
    """The rule file that a file of tests is about if it names none: the one beside it, or the shipped pack."""
    stem = next((path.name.removesuffix(end) for end in SUFFIXES if path.name.endswith(end)), path.stem)
    beside = [path.with_name(stem + end) for end in (".yaml", ".yml", ".json")]
    found = next((each for each in beside if each != path and is_file(each)), beside[0])
    return _as_pack(found)


def _as_pack(path: Path) -> str:
    """The name of a shipped pack for its file, so that it is loaded only once; for any other file, its path."""
    folder = Path(str(files("coopgov.rules").joinpath("packs")))
    shipped = _is_pack(path.stem) and Path(resolved(path)).parent == Path(resolved(folder))
    return path.stem if shipped else str(path)


def _is_pack(name: str) -> bool:
    return name == BUILT_IN or name in pack_names()


def _loaded(
    document: Document, parsed: ParsedTests, early: tuple[Fault, ...], folder: Path, beside: str
) -> Suite:
    faults = [*early, *parsed.faults]
    if parsed.file is None:
        raise RuleTestsError(_not_following(early, faults))
    targets, more = _targets(document, parsed.file, folder, beside)
    try:
        rules = load_rules(*targets) if targets and not more else None
    except InputError as error:
        rules, more = None, [*error.faults]
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
        raise RuleTestsError(_not_following(early, faults))
    return Suite(document.file, rules, resolver.tested.own, tuple(filter(None, tests)), targets)


def _not_following(early: tuple[Fault, ...], faults: Iterable[Fault]) -> Iterable[Fault]:
    """The early faults, and later ones that are on other lines."""
    lines = {(fault.place.file, fault.place.line) for fault in early}
    return dict.fromkeys(
        fault for fault in faults if fault in early or (fault.place.file, fault.place.line) not in lines
    )


def _targets(
    document: Document, file: RuleTestsFile, folder: Path, beside: str
) -> tuple[tuple[str, ...], list[Fault]]:
    """The rule files under test, as `load_rules` takes them."""
    notes = Notes(document)
    if not file.rules:
        if not _is_pack(beside) and not is_file(Path(beside)):
            found = phrase("testing.file.no-rules", file=Path(beside).name)
            expected = phrase("testing.file.rules-or-beside")
            notes.defect(("coopgov",), "missing-key", found, expected, key=True)
        return (beside,), notes.faults
    targets = [name if _is_pack(name) else _as_pack(folder / name) for name in file.rules]
    for number, (name, target) in enumerate(zip(file.rules, targets, strict=True)):
        if not _is_pack(target) and not is_file(Path(target)):
            packs = phrase("testing.file.packs", packs=listed(pack_names()))
            hint = did_you_mean(name, pack_names()) or packs
            expected = phrase("testing.file.pack-or-path")
            notes.defect(("rules", number), "unknown-pack", verbatim(f'"{name}"'), expected, hint)
    return tuple(targets), notes.faults


def _own(rules: RuleSet, targets: Iterable[str]) -> dict[str, str]:
    """The rules that the tested files themselves write or change, each with the last such file."""
    names = {f"{each}.yaml" if _is_pack(each) else each for each in targets}
    order = {source.document.file: number for number, source in enumerate(rules.sources)}
    homes = {
        rule.id: names & {each.source.document.file for each in rule.fields.values()} for rule in rules.rules
    }
    return {rule: max(found, key=order.__getitem__) for rule, found in homes.items() if found}
