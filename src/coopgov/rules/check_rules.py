"""Checks merged entries and builds rules: names, types, units, ladders, placeholders; each fault has its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.backends.ir import Check, Step
from coopgov.errors import ExpressionError, FollowingError
from coopgov.faults import NO_HINT, did_you_mean
from coopgov.hints import Hints, choice_hint
from coopgov.language import syntax as s
from coopgov.language.parser import parse, parse_band
from coopgov.language.printer import to_text
from coopgov.language.tokens import code
from coopgov.language.type_check import check
from coopgov.locales import listed, phrase, verbatim
from coopgov.rules.clearing import inside
from coopgov.rules.declared import expression_fault
from coopgov.rules.entry_fields import Readings
from coopgov.rules.expanded import RowField
from coopgov.rules.ladder import step_of, wrong_order
from coopgov.rules.layer_check import layers_of
from coopgov.rules.layers import narrowed
from coopgov.rules.messages import Message, check_message
from coopgov.rules.rule import Parameter, Rule
from coopgov.schema import LocalText, Reporting, quoted
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.facts.catalogue import Catalogue
    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.rules.merge import Merged, MergedRule
    from coopgov.rules.source import Field
    from coopgov.rules.table_check import Cells
    from coopgov.severities import Severity

__all__ = ["check_rules"]


def check_rules(
    merged: Merged, catalogue: Catalogue, parameters: Mapping[str, Parameter], cells: Cells
) -> tuple[Rule, ...]:
    """Check all rules, with `cells` those of tables; faults are added to those of the merged files."""
    checkers = [_RuleChecker(rule, merged, catalogue, parameters, cells) for rule in merged.rules.values()]
    for checker in checkers:
        checker.run()
    _unused(merged)
    number = layers_of(merged, {checker.entry.id: checker.checked for checker in checkers})
    return tuple(
        checker.rule(number.get(checker.entry.id, 0))
        for checker in checkers
        if checker.complete and checker.entry.get("enabled") is not False
    )


def _unused(merged: Merged) -> None:
    """A parameter that no extended file declares and no rule names is a slip of the pen."""
    hints = Hints(name for name in merged.declared if name in merged.words)
    for name, field in merged.declared.items():
        if name not in merged.words:
            found = phrase("rules.unknown-parameter.found", name=name)
            expected, hint = phrase("rules.unknown-parameter.expected"), hints.near(name)
            merged.faults.append(
                field.source.fault(field.path, "unknown-parameter", found, expected, hint, key=True)
            )


class _RuleChecker:
    """Checks one rule; `checked` keeps its expressions with their places (for a row, those that read warnings)."""

    def __init__(
        self,
        entry: MergedRule,
        merged: Merged,
        catalogue: Catalogue,
        parameters: Mapping[str, Parameter],
        cells: Cells,
    ) -> None:
        self.entry = entry
        self.cells = cells
        self.actions = merged.actions
        self.faults: list[Fault] = [] if entry.id in merged.partial else merged.faults
        self.catalogue = catalogue
        self.parameters: dict[str, s.Expr] = {name: each.value for name, each in parameters.items()}
        self.fields = {
            name: field for name, field in merged.parameters.items() if field is not merged.declared[name]
        }
        self.checked: list[tuple[Field, s.Expr]] = []
        self.texts: dict[str, str] = {}
        self.steps: tuple[Step, ...] = ()
        self.where: s.Expr | None = None
        self.ends: s.Expr | None = None
        self.measure: s.Expr | None = None
        self.clear: dict[Severity, s.Expr] = {}
        self.message: Message | None = None
        self.sound = True
        self.complete = False

    def run(self) -> None:
        """Check everything about the rule that does not depend on other rules."""
        before = len(self.faults)
        about = self.entry.get("about")
        if about is None:
            self._missing("about")
        elif about not in self.catalogue.subject_types:
            hint = choice_hint(about, self.catalogue.subject_types)
            expected = phrase("rules.unknown-subject.known", types=listed(self.catalogue.subject_types))
            self._fault("about", "unknown-subject", quoted(about), expected, hint)
        else:
            self.where = self._condition("where")
            self.ends = self._condition("ends")
            self._ladder() if self.entry.get("measure") or self.entry.get("bands") else self._when()
            self._message()
        for name in ("kind", "message"):
            if self.entry.get(name) is None:
                self._missing(name)
        self._of_cases()
        self._actions()
        self.complete = self.sound and len(self.faults) == before

    def rule(self, layer: int) -> Rule:
        """Return the checked rule."""
        entry = self.entry
        place = entry.source.document.place(entry.source.document.find((*entry.path, "id")))
        assert self.message is not None
        return Rule(
            id=entry.id,
            about=entry.get("about"),
            kind=entry.get("kind"),
            title=entry.get("title") or LocalText((("", entry.id),)),
            message=self.message,
            check=Check(entry.id, self.steps, self.measure, self.where, self.ends),
            causes=entry.get("causes") or (),
            escalate=_by_severity(entry, "escalate"),
            layer=layer,
            texts=self.texts,
            place=place,
            means=entry.get("means"),
            pack=entry.source.file.pack,
            fields=entry.fields,
            actions=entry.get("actions"),
            holds_for=entry.get("for"),
            clear=self.clear,
            keep=entry.get("keep"),
            acknowledge=entry.get("acknowledge") or "any",
            treat=_by_severity(entry, "treat"),
        )

    def _ladder(self) -> None:
        if self.entry.get("when"):
            found, expected = (
                phrase("rules.measure-and-when.found"),
                phrase("rules.measure-and-when.expected"),
            )
            self._fault("when", "measure-and-when", found, expected)
        elif self.entry.get("severity"):
            found = phrase("rules.measure-and-severity.found")
            expected = phrase("rules.measure-and-severity.expected")
            self._fault("severity", "measure-and-severity", found, expected)
        field, bands = self.entry.fields.get("measure"), self.entry.get("bands")
        if field is None or not bands:
            self._missing("bands" if field else "measure")
            return
        with self._reading(field):
            parsed = parse(field.value)
            self.measure = self._checked(field, parsed)
            if not self.measure.type.numeric:
                raise _mismatch(self.measure, phrase("rules.measure.expected"))
            self.texts["measure"] = field.value
            steps = [self._band(severity, band, parsed) for severity, band in bands.items()]
            self.steps = tuple(
                sorted((step for step in steps if step), key=lambda step: -SEVERITIES.index(step.severity))
            )
            self._check_order(bands)
            for severity, clear in (self.entry.get("clear") or {}).items():
                self._clear(severity, clear, parsed, bands)

    def _band(self, severity: str, band: Field, measure: s.Expr) -> Step | None:
        if severity not in SEVERITIES:
            self._unknown_severity(severity, band)
            return None
        with self._reading(band):
            condition = self._checked(band, parse_band(band.value, measure))
            self.texts[severity] = band.value
            return step_of(severity, condition)
        return None

    def _clear(self, severity: str, field: Field, measure: s.Expr, bands: Mapping[str, Field]) -> None:
        """Check the condition that leaves a band: it must not let a value in which the band or a worse one holds."""
        if severity not in SEVERITIES:
            self._unknown_severity(severity, field)
            return
        if severity not in bands:
            expected = phrase("rules.clear.bands", severities=listed(bands))
            self._without_band(severity, field, expected)
            return
        with self._reading(field):
            condition = self._checked(field, parse_band(field.value, measure))
            self.texts[f"clear.{severity}"] = field.value
            self.clear[severity] = condition
            worse = SEVERITIES[SEVERITIES.index(severity) :]
            for step in self.steps:
                if step.severity in worse and inside(condition, step.condition):
                    expected = phrase(
                        "rules.clear.safe-side", band=_with_values(step.condition), severity=step.severity
                    )
                    found = phrase("rules.clear.found", clear=_with_values(condition), severity=severity)
                    self._inside(self._blamed(field, bands[step.severity]), found, expected)
                    return

    def _inside(self, blamed: Field, found: Phrase, expected: Phrase) -> None:
        self.faults.append(blamed.source.fault(_value_path(blamed), "clear-inside-band", found, expected))

    def _without_band(self, severity: str, field: Field, expected: Phrase) -> None:
        found = phrase("rules.clear.found", clear=code(field.value), severity=severity)
        fault = field.source.fault(field.path, "clear-without-band", found, expected, key=True)
        self.faults.append(fault)

    def _check_order(self, bands: Mapping[str, Field]) -> None:
        wrong = wrong_order(self.steps)
        if wrong is None:
            return
        step, expected = wrong
        band = bands[step.severity]
        found = phrase("rules.ladder-order.found", band=band.value, severity=step.severity)
        if step.threshold is not None:
            value = _shown(step.threshold)
            found = phrase("rules.ladder-order.value", band=band.value, severity=step.severity, value=value)
        others = [each for each in bands.values() if each is not band]
        blamed = self._blamed(band, *others)
        self.faults.append(blamed.source.fault(_value_path(blamed), "ladder-order", found, expected))

    def _blamed(self, *bands: Field) -> Field:
        """Where to report what does not fit: at a parameter or band that another file changed, else at the first."""
        names = [part.name for each in bands for part in _parts(each) if isinstance(part, s.Name)]
        suspects = [*(self.fields[name] for name in names if name in self.fields), *bands]
        return next((field for field in suspects if field.source is not self.entry.source), bands[0])

    def _when(self) -> None:
        condition = self._condition("when")
        severity = self.entry.get("severity")
        if self.entry.get("when") is None:
            self._missing("when", phrase("rules.missing-key.when"))
        elif severity is None:
            self._missing("severity")
        elif condition is not None:
            self.steps = (Step(severity, condition),)

    def _condition(self, name: str) -> s.Expr | None:
        field = self.entry.fields.get(name)
        if field is None or field.value is None:
            return None
        if isinstance(field, RowField):
            return self._row(field)
        with self._reading(field):
            node = self._checked(field, parse(field.value))
            if node.type.kind != "truth":
                raise _mismatch(node, phrase("rules.condition.expected"))
            self.texts[name] = field.value
            return node
        return None

    def _row(self, field: RowField) -> s.Expr | None:
        found = self.cells.condition(field, self.entry.get("about"))
        if found is None:
            self.sound = False
            return None
        node, reading = found
        self.checked += reading
        self.texts["when"] = field.value
        return node

    def _reading(self, field: Field) -> Reporting:
        """The block in which an expression is read; what is wrong with it becomes a fault of the rule."""
        return Reporting(self.faults, field.source.document, *field.path)

    def _checked(self, field: Field, parsed: s.Expr) -> s.Expr:
        try:
            node = check(parsed, self.entry.get("about"), self.catalogue, self.parameters)
        except FollowingError:
            self.sound = False
            raise
        self.checked.append((field, node))
        return narrowed(node)

    def _message(self) -> None:
        title, message = self.entry.fields.get("title"), self.entry.fields.get("message")
        if title is not None and title.value is not None:
            self._plain_title(title)
        if message is None or message.value is None:
            return
        measured = self.entry.get("measure") is not None
        self.message, faults = check_message(
            message.value, self.entry.get("about"), self.catalogue, measured=measured
        )
        for language, error in faults:
            self._report(message, error, *((language,) if language else ()))

    def _plain_title(self, field: Field) -> None:
        for language, text in field.value.entries:
            start = text.find("{")
            if start >= 0:
                found, expected = (
                    phrase("rules.placeholder.title"),
                    phrase("rules.placeholder.title-expected"),
                )
                error = ExpressionError("unknown-placeholder", found, expected, start=start, end=start + 1)
                self._report(field, error, *((language,) if language else ()))

    def _of_cases(self) -> None:
        for key in ("escalate", "treat"):
            for severity, field in (self.entry.get(key) or {}).items():
                if severity not in SEVERITIES:
                    self._unknown_severity(severity, field)
        for key in ("for", "keep"):
            if isinstance(self.entry.get(key), Readings) and self.entry.get("about") not in ("kpi", None):
                found = verbatim(self.entry.get(key))
                self._fault(key, "wrong-unit", found, phrase("rules.lasting.no-readings"))
        if self.entry.get("clear") and not (self.entry.get("measure") or self.entry.get("bands")):
            for severity, field in self.entry.get("clear").items():
                expected = phrase("rules.clear.measure")
                self._without_band(severity, field, expected)

    def _unknown_severity(self, severity: str, field: Field) -> None:
        expected, hint = (
            phrase("errors.one-of", choices=listed(SEVERITIES)),
            choice_hint(severity, SEVERITIES),
        )
        self.faults.append(
            field.source.fault(field.path, "unknown-severity", quoted(severity), expected, hint, key=True)
        )

    def _actions(self) -> None:
        for number, name in enumerate(self.entry.get("actions") or ()):
            if name not in self.actions:
                field, expected = self.entry.fields["actions"], phrase("rules.unknown-action.expected")
                hint = did_you_mean(name, self.actions)
                place = (*field.path, number)
                self.faults.append(field.source.fault(place, "unknown-action", quoted(name), expected, hint))

    def _missing(self, name: str, expected: Phrase | None = None) -> None:
        found = phrase("rules.missing-key.found", rule=self.entry.id)
        expected = expected or phrase("schema.the-key", key=name)
        self.faults.append(self.entry.source.fault(self.entry.path, "missing-key", found, expected))

    def _report(self, field: Field, error: ExpressionError, *below: str) -> None:
        if isinstance(error, FollowingError):
            self.sound = False
        else:
            self.faults.append(expression_fault(field, error, *below))

    def _fault(self, name: str, code: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT) -> None:
        field = self.entry.fields[name]
        self.faults.append(field.source.fault(field.path, code, found, expected, hint))


def _by_severity(entry: MergedRule, key: str) -> dict[Severity, Any]:
    given = entry.get(key) or {}
    return {severity: given[severity].value for severity in SEVERITIES if severity in given}


def _mismatch(node: s.Expr, expected: Phrase) -> ExpressionError:
    return ExpressionError("type-mismatch", node.type.words, expected, start=node.start, end=node.end)


def _value_path(field: Field) -> tuple[str | int, ...]:
    """A parameter with an explanation has its value under `is`."""
    return (*field.path, "is") if field.path[0] == "parameters" else field.path


def _parts(band: Field) -> Iterator[s.Expr]:
    """The parts of a band; empty if it cannot be parsed, which is reported elsewhere."""
    try:
        yield from s.walk(parse_band(band.value, s.Literal(True)))
    except ExpressionError:
        return


def _with_values(condition: s.Expr) -> Phrase:
    """A band as canonical text, with the values of parameters and without the measure."""
    measure = to_text(s.children(condition)[0])
    return code(to_text(condition).removeprefix(f"{measure} "))


def _shown(node: s.Expr) -> Phrase:
    if isinstance(node, s.Literal):
        return verbatim(f"{node.value} {node.unit}".strip())
    return phrase("rules.ladder-order.no-constant")
