"""Compare expected with actual outcomes: which of them differ, and both as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.testing.rule_tests.result import Compared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.assessment.figures import Figure
    from coopgov.schema import LocalText
    from coopgov.testing.rule_tests.actual import Got, GotUndetermined, GotWarning
    from coopgov.testing.rule_tests.case import (
        Expected,
        ExpectedUndetermined,
        ExpectedWarning,
    )
    from coopgov.testing.rule_tests.figures import ExpectedFigure

__all__ = ["compared"]

_Sides = tuple[str, str, bool]
"""Expected, actual, and whether they agree."""
_NOTHING = "nothing"


def compared(expected: Expected, got: Got) -> tuple[Compared, ...]:
    """Every rule and subject with an expected or an actual outcome."""
    rows: dict[tuple[str, str], list[_Sides]] = {}
    found = {(each.rule, each.about): each for each in got.warnings}
    unsure = {(each.rule, each.about): each for each in got.undetermined}
    for warning in expected.warnings:
        key = (warning.rule, warning.about)
        rows.setdefault(key, []).append(_warning(warning, found.pop(key, None)))
    for entry in expected.undetermined:
        key = (entry.rule, entry.about)
        rows.setdefault(key, []).append(_undetermined(entry, unsure.pop(key, None)))
    for key, more in found.items():
        rows.setdefault(key, []).append(("", _briefly(more), False))
    for key, also in unsure.items():
        rows.setdefault(key, []).append(("", _unsure(also), False))
    return tuple(_row(*key, sides, got) for key, sides in rows.items())


def _row(rule: str, about: str, sides: list[_Sides], got: Got) -> Compared:
    same = all(same for _, _, same in sides)
    wanted = "; ".join(each for each, _, _ in sides if each)
    said = "; ".join(each for _, each, _ in sides if each)
    if not said:
        said = ", ".join(filter(None, (_NOTHING, got.silence(rule, about))))
    return Compared(rule, about, wanted or _NOTHING, said, same)


def _warning(expected: ExpectedWarning, got: GotWarning | None) -> _Sides:
    parts = list(_parts(expected, got))
    said = ", ".join(each for each, _, _ in parts)
    if got is None:
        return said, "", False
    return said, ", ".join(each for _, each, _ in parts), all(same for _, _, same in parts)


def _parts(expected: ExpectedWarning, got: GotWarning | None) -> Iterator[_Sides]:
    """The expected parts of a warning, each beside the actual one; the severity always comes first."""
    same = got is not None and expected.severity in (None, got.severity)
    shown = "" if got is None else got.severity if same or expected.value else _briefly(got)
    yield expected.severity or "a warning", shown, same
    if expected.waived is not None:
        words = {True: "waived", False: "not waived"}
        waived = got is not None and got.waived
        yield words[expected.waived], words[waived], got is not None and expected.waived == waived
    told = got.tell("en") if got and (expected.value or expected.threshold or expected.margin) else None
    for name in ("value", "threshold", "margin"):
        figure: ExpectedFigure | None = getattr(expected, name)
        if figure is not None:
            found: Figure | None = getattr(told, "measure" if name == "value" else name, None)
            text = found.text if found else "none"
            yield f"{name} {figure.text}", f"{name} {text}", found is not None and figure.is_met(found)
    for name in ("title", "message"):
        texts: LocalText | None = getattr(expected, name)
        for language, text in texts.entries if texts else ():
            said = getattr(got.tell(language or "en"), name) if got else ""
            tag = f" ({language})" if language else ""
            yield f'{name}{tag} "{text}"', f'{name}{tag} "{said}"', said == text


def _undetermined(expected: ExpectedUndetermined, got: GotUndetermined | None) -> _Sides:
    said = ", ".join(
        filter(
            None,
            (
                "undetermined",
                None if expected.missing is None else f"missing {_list(expected.missing)}",
                expected.because,
            ),
        )
    )
    if got is None:
        return said, "", False
    same = expected.missing is None or set(expected.missing) == set(got.missing)
    return said, _unsure(got), same and expected.because in (None, got.because)


def _briefly(got: GotWarning) -> str:
    measure = got.tell("en").measure
    return f"{got.severity}, value {measure.text}" if measure else got.severity


def _unsure(got: GotUndetermined) -> str:
    missing = f", missing {_list(got.missing)}" if got.missing else ""
    return f"undetermined{missing}, {got.because}"


def _list(names: tuple[str, ...]) -> str:
    return f"[{', '.join(sorted(names))}]"
