"""Word a change in the language of the reader: "ending by 2026-04-08 (12 days earlier) would clear it"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.texts import gap_figure
from coopgov.counterfactual.variable import as_value
from coopgov.explanation.result import Change
from coopgov.language.types import DATE
from coopgov.locales import text, texts_below

if TYPE_CHECKING:
    from datetime import date

    from coopgov.assessment.figures import Figure, Form
    from coopgov.counterfactual.variable import Point
    from coopgov.explanation.editable_facts import Lever
    from coopgov.explanation.smallest_change import Shift
    from coopgov.facts.subject import Subject
    from coopgov.severities import Severity, Status

__all__ = ["ahead_with_sentence", "change_with_sentence"]


def change_with_sentence(shift: Shift, about: Subject, severity: Severity | None, form: Form) -> Change:
    """A shift in words, for a rule with this severity now; a subject other than the one explained is named."""
    lever, words = shift.lever, texts_below("explanation.change", form.language)
    now = _figure(shift, None if lever.absent else lever.variable.near, form)
    then = _figure(shift, shift.point, form)
    difference, gap = _difference(shift, form)
    phrase = _phrase(shift, then, gap, form)
    if lever.subject is not about:
        label = lever.subject.label.in_language(form.language).rstrip(".。")
        phrase = words["of"].format(label=label, phrase=phrase)
    way = "clear" if shift.outcome == "clear" else "milder" if severity else "trigger"
    sentence = words[way].format(phrase=phrase, severity=form.term(shift.outcome))
    return Change(lever.fact, lever.subject.id, now, then, difference, shift.outcome, _begun(sentence))


def ahead_with_sentence(
    today: date, day: date, before: Severity | None, severity: Status, form: Form
) -> Change:
    """What time alone will do to a rule with this severity now, as a change of `as_of`."""
    now, then = (form.figure(each, DATE) for each in (today, day))
    gap = gap_figure((day - today).days, DATE, "", form)
    sentence = text(
        f"explanation.change.{'worse' if before else 'triggered'}",
        form.language,
        severity=form.term(severity),
        then=then.text,
        gap=gap.text,
    )
    return Change("as_of", "agreement", now, then, gap, severity, sentence)


def _figure(shift: Shift, point: Point | None, form: Form) -> Figure:
    variable = shift.lever.variable
    value = None if point is None else as_value(point)
    return form.figure(value, variable.type, _unit(shift))


def _unit(shift: Shift) -> str:
    return str(shift.lever.subject.record.get("unit") or "")


def _difference(shift: Shift, form: Form) -> tuple[Figure | None, str]:
    """The difference to the present value, and its size without a sign as text."""
    if shift.gap is None:
        return None, ""
    gap, kind, unit = as_value(shift.gap), shift.lever.variable.type, _unit(shift)
    return gap_figure(gap, kind, unit, form), gap_figure(abs(gap), kind, unit, form).text


def _phrase(shift: Shift, then: Figure, gap: str, form: Form) -> str:
    """The changed fact in words, with the difference from now."""
    less = shift.gap is not None and shift.gap < 0
    dates = shift.lever.variable.type.kind == "date"
    words = texts_below("explanation.change", form.language)
    values = {
        "fact": shift.lever.fact,
        "then": then.text,
        "gap": gap,
        "by": words["by" if less or not gap else "on"],
        "more": words[("earlier" if less else "later") if dates else "less" if less else "more"],
        "added": form.term(shift.point[-1]) if isinstance(shift.point, tuple) else "",
    }
    phrase = _template(shift.lever, first=not gap, form=form)
    values["shift"] = words["total" if "{gap}" in phrase else "shift"].format(**values) if gap else ""
    return phrase.format(**values) + (values["shift"] if "{shift}" not in phrase else "")


def _template(lever: Lever, *, first: bool, form: Form) -> str:
    """The phrase of a fact; without a value now, it leaves out how much more or less there would be."""
    other = form.texts["explanation.change.other"]
    own = f"{lever.subject.about}.{lever.fact}"
    name = own if f"explanation.changed.{own}" in form.texts else lever.fact
    known = other if lever.custom else form.texts.get(f"explanation.changed.{name}", other)
    if not first or known is other:
        return known
    without = other if "{gap}" in known else known
    return form.texts.get(f"explanation.first-value.{name}", without)


def _begun(sentence: str) -> str:
    """The text with a capital first letter."""
    return sentence[0].upper() + sentence[1:]
