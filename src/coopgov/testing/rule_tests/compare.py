"""Compare expected with actual outcomes: which of them differ, and both as text."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from coopgov.locales import phrase, verbatim
from coopgov.testing.rule_tests.result import Compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.assessment.figures import Figure
    from coopgov.locales import Phrase
    from coopgov.schema import LocalText
    from coopgov.testing.rule_tests.actual import Got, GotUndetermined, GotWarning
    from coopgov.testing.rule_tests.case import (
        Expected,
        ExpectedUndetermined,
        ExpectedWarning,
    )
    from coopgov.testing.rule_tests.figures import ExpectedFigure

__all__ = ["compared"]

_NONE = verbatim("")


if TYPE_CHECKING:
    _Sides = tuple[Phrase, Phrase, bool]
    """Expected, actual, and whether they agree."""


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
        rows.setdefault(key, []).append((_NONE, _briefly(more), False))
    for key, also in unsure.items():
        rows.setdefault(key, []).append((_NONE, _unsure(also), False))
    return tuple(_row(*key, sides, got) for key, sides in rows.items())


def _row(rule: str, about: str, sides: list[_Sides], got: Got) -> Compared:
    same = all(same for _, _, same in sides)
    wanted = _joined("also", (each for each, _, _ in sides))
    said = _joined("also", (each for _, each, _ in sides))
    if not said:
        said = _joined("and", (_text("nothing"), got.silence(rule, about)))
    return Compared(rule, about, wanted or _text("nothing"), said, same)


def _text(part: str, **values: object) -> Phrase:
    return phrase(f"testing.outcome.{part}", **values)


def _joined(how: str, parts: Iterable[Phrase]) -> Phrase:
    """The parts that say something, as one text."""
    said = [each for each in parts if each]
    return reduce(lambda first, second: _text(how, first=first, second=second), said) if said else _NONE


def _warning(expected: ExpectedWarning, got: GotWarning | None) -> _Sides:
    parts = list(_parts(expected, got))
    said = _joined("and", (each for each, _, _ in parts))
    if got is None:
        return said, _NONE, False
    return said, _joined("and", (each for _, each, _ in parts)), all(same for _, _, same in parts)


def _parts(expected: ExpectedWarning, got: GotWarning | None) -> Iterator[_Sides]:
    """The expected parts of a warning, each beside the actual one; the severity always comes first."""
    same = got is not None and expected.severity in (None, got.severity)
    shown = _NONE if got is None else _severity(got.severity) if same or expected.value else _briefly(got)
    yield _severity(expected.severity) if expected.severity else _text("warning"), shown, same
    if expected.waived is not None:
        waived = got is not None and got.waived
        yield _waived(expected.waived), _waived(waived), got is not None and expected.waived == waived
    if expected.past is not None:
        past = got is not None and got.past
        yield _past(expected.past), _past(past), got is not None and expected.past == past
    if expected.inhibited_by is not None:
        by = got.inhibited_by if got else ""
        same = got is not None and expected.inhibited_by == by
        yield _inhibited(expected.inhibited_by), _inhibited(by), same
    words = got.words("en") if got and (expected.value or expected.threshold or expected.margin) else None
    for name in ("value", "threshold", "margin"):
        figure: ExpectedFigure | None = getattr(expected, name)
        if figure is not None:
            found: Figure | None = getattr(words, "measure" if name == "value" else name, None)
            actual = verbatim(found.text) if found else _text("no-figure")
            same = found is not None and figure.is_met(found)
            yield _text(name, figure=figure.text), _text(name, figure=actual), same
    for name in ("title", "message"):
        texts: LocalText | None = getattr(expected, name)
        for language, text in texts.entries if texts else ():
            shown_text = getattr(got.words(language or "en"), name) if got else ""
            yield _quoted(name, language, text), _quoted(name, language, shown_text), shown_text == text


def _severity(severity: str) -> Phrase:
    return phrase(f"assessment.terms.{severity}")


def _waived(waived: bool) -> Phrase:  # noqa: FBT001  # the value that is put into words
    return _text("waived" if waived else "not-waived")


def _past(past: bool) -> Phrase:  # noqa: FBT001  # the value that is put into words
    return _text("past" if past else "not-past")


def _inhibited(by: str) -> Phrase:
    return _text("inhibited-by", warning=by) if by else _text("not-inhibited")


def _quoted(name: str, language: str, text: str) -> Phrase:
    """A title or message, with its language if it has one."""
    return _text(f"{name}-in", language=language, text=text) if language else _text(name, text=text)


def _undetermined(expected: ExpectedUndetermined, got: GotUndetermined | None) -> _Sides:
    missing = _NONE if expected.missing is None else _missing(expected.missing)
    because = _reason(expected.because) if expected.because else _NONE
    said = _joined("and", (_text("undetermined"), missing, because))
    if got is None:
        return said, _NONE, False
    same = expected.missing is None or set(expected.missing) == set(got.missing)
    return said, _unsure(got), same and expected.because in (None, got.because)


def _briefly(got: GotWarning) -> Phrase:
    measure = got.words("en").measure
    value = _text("value", figure=measure.text) if measure else _NONE
    return _joined("and", (_severity(got.severity), value))


def _unsure(got: GotUndetermined) -> Phrase:
    missing = _missing(got.missing) if got.missing else _NONE
    return _joined("and", (_text("undetermined"), missing, _reason(got.because)))


def _missing(names: tuple[str, ...]) -> Phrase:
    return _text("missing", facts=", ".join(sorted(names)))


def _reason(because: str) -> Phrase:
    return phrase(f"testing.because.{because.replace(' ', '-')}")
