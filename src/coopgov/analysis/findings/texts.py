"""Find texts that say too little: a message without the measured value, a text that lacks a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.scope import fault_at, finding
from coopgov.language import syntax as s
from coopgov.locales import listed, phrase
from coopgov.rules.messages import placeholders
from coopgov.rules.source import Field
from coopgov.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.analysis.scope import Scope
    from coopgov.facts.catalogue import Catalogue
    from coopgov.faults import Fault
    from coopgov.finding import Finding
    from coopgov.rules import Rule
    from coopgov.schema import LocalText

    _Texts = dict[tuple[str, tuple[str | int, ...]], tuple[str, Field]]

__all__ = ["messages_without_measure", "missing_languages"]


def messages_without_measure(scope: Scope) -> Iterator[Finding]:
    """The findings about rules whose message, in one of its languages, does not state the measured value."""
    for rule in scope.own:
        silent = [
            number
            for number, (_, text) in enumerate(rule.message.text.entries)
            if rule.check.measure is not None and not _says(rule, text, scope.rules.catalogue)
        ]
        message, measure = rule.fields["message"], rule.fields.get("measure")
        if scope.owns(message):
            yield from (_silent(rule, number) for number in silent)
        elif silent and measure is not None and scope.owns(measure):
            found = phrase("analysis.message-without-measure.extended")
            expected = phrase("analysis.message-without-measure.extended-expected")
            fault = fault_at(measure, "message-without-measure", found, expected)
            yield finding(fault, rule.id)


def _silent(rule: Rule, number: int) -> Finding:
    """The finding at one language of a message."""
    message = rule.fields["message"]
    language = rule.message.text.entries[number][0]
    part = "in-language" if language else "found"
    found = phrase(f"analysis.message-without-measure.{part}", **({"language": language} if language else {}))
    expected = phrase("analysis.message-without-measure.expected")
    hint = phrase("analysis.message-without-measure.hint", measure=rule.texts["measure"])
    path = _language_path(message, number)
    fault = message.source.fault(path, "message-without-measure", found, expected, hint)
    return finding(fault, rule.id)


def _language_path(field: Field, position: int) -> tuple[str | int, ...]:
    """The path to the text in one of several languages."""
    node = field.source.document.find(field.path)
    return (*field.path, list(node.entries)[position]) if isinstance(node, Mapping) else field.path


def _says(rule: Rule, text: str, catalogue: Catalogue) -> bool:
    """Whether a message contains the measure, or all facts that make up its size."""
    names = {str(name) for name, *_ in placeholders(text)}
    named = [node for name, node in rule.message.facts.items() if name in names]
    measure = rule.check.measure
    return "measure" in names or (measure is not None and _Shown(named, catalogue).shows(measure))


class _Shown:
    """Which facts state an amount: the fact itself, the dividend of a quotient, all parts of a sum or a formula."""

    def __init__(self, named: Iterable[s.Expr], catalogue: Catalogue) -> None:
        self.named = {_fact(node) for node in named if isinstance(node, s.Name)}
        self.catalogue = catalogue
        self.formulas: dict[tuple[str, str], bool] = {}

    def shows(self, node: s.Expr) -> bool:
        """Whether the facts state the size of an expression."""
        match node:
            case s.Name():
                return _fact(node) in self.named or self._formula(node)
            case s.Negative(operand):
                return self.shows(operand)
            case s.Divide(left, _) | s.Else(left, _) | s.Call("known_if", (left, _)):
                return self.shows(left)
            case s.Add() | s.Subtract() | s.Multiply() | s.Call():
                changing = [part for part in s.children(node) if not isinstance(part, s.Literal)]
                return bool(changing) and all(map(self.shows, changing))
        return False

    def _formula(self, node: s.Name) -> bool:
        """Whether facts of the same subject make up a derived fact: `expected - reached` needs both."""
        key = (node.about, node.name)
        if node.parents or self.catalogue.fact(*key) is None:
            return False
        if key not in self.formulas:
            formula = self.catalogue.definition(*key)
            self.formulas[key] = formula is not None and self.shows(formula)
        return self.formulas[key]


def _fact(node: s.Name) -> tuple[str, str, tuple[str, ...]]:
    """The fact and subject that a name means, however it is written."""
    return node.about, node.name, node.parents


def missing_languages(scope: Scope) -> Iterator[Finding]:
    """The findings about texts that lack a language of other texts of the same sort in the same file.

    There are two sorts: texts in reports, and texts in documentation (`means`).
    """
    for texts in (_shown(scope), _documented(scope)):
        known = _widest(language for _, text in texts.values() for language in text.value.languages)
        for rule, text in texts.values():
            missing = [each for each in known if not any(_covers(tag, each) for tag in text.value.languages)]
            if missing and _has_words(text.value):
                yield finding(_lacking(text, missing), rule)


def _lacking(text: Field, missing: Iterable[str]) -> Fault:
    languages = text.value.languages
    name = text.path[-1]
    found = (
        phrase("analysis.missing-language.found", text=name, languages=listed(languages))
        if languages
        else phrase("analysis.missing-language.none", text=name)
    )
    expected = phrase("analysis.missing-language.expected", languages=listed(missing))
    return text.source.fault(text.path, "missing-language", found, expected, key=bool(languages))


def _shown(scope: Scope) -> _Texts:
    """Titles and messages of rules, titles of actions and of the file."""
    found = [("", Field(scope.source.file.title, scope.source, ("title",)))]
    found += _of_rules(scope, "title", "message")
    for position, action in scope.source.entries("actions"):
        found.append(("", Field(action.title, scope.source, ("actions", position, "title"))))
    return _each_once(found)


def _documented(scope: Scope) -> _Texts:
    """The `means` texts of rules, facts and parameters."""
    found = list(_of_rules(scope, "means"))
    for position, fact in scope.source.entries("facts"):
        found.append(("", Field(fact.means, scope.source, ("facts", position, "means"))))
    for name, entry in scope.source.file.parameters.items():
        found.append(("", Field(entry.means, scope.source, ("parameters", name, "means"))))
    return _each_once(found)


def _of_rules(scope: Scope, *names: str) -> Iterator[tuple[str, Field]]:
    for rule in scope.own:
        fields = (rule.fields[name] for name in names if name in rule.fields)
        yield from ((rule.id, field) for field in fields if scope.owns(field))


def _each_once(texts: Iterable[tuple[str, Field]]) -> _Texts:
    """Texts by place, with the rule they belong to; the rows of a table share some."""
    found: _Texts = {}
    for rule, text in texts:
        if text.value is not None:
            found.setdefault((text.source.document.file, text.path), (rule, text))
    return found


def _widest(languages: Iterable[str]) -> list[str]:
    """Languages without those that another one covers: `en` covers `en-GB`."""
    known = list(dict.fromkeys(languages))
    return [each for each in known if not any(each.startswith(f"{other}-") for other in known)]


def _covers(tag: str, language: str) -> bool:
    """Whether a text in one language serves readers of another: `en` those of `en-GB`, and vice versa."""
    short, long = sorted((tag, language), key=len)
    return long == short or long.startswith(f"{short}-")


def _has_words(text: LocalText) -> bool:
    """Whether there is anything to translate besides placeholders and figures."""
    return any(letter.isalpha() for _, written in text.entries for letter in _beside_placeholders(written))


def _beside_placeholders(text: str) -> Iterator[str]:
    end = 0
    for _, start, next_end in placeholders(text):
        yield from text[end:start]
        end = next_end
    yield from text[end:]
