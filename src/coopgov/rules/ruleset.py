"""The rule set: checked rules, ready to run, with their actions, parameters and tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_text, an_instance, or_none
from coopgov.backends.ir import Check, Program
from coopgov.backends.registry import DEFAULT_BACKEND, backend_names, make_backend
from coopgov.errors import ArgumentError, BackendError, UnknownNameError
from coopgov.language.interpreter import Setting
from coopgov.locales import listed, phrase
from coopgov.model import WorkingCalendar
from coopgov.rules.checkers import Maker
from coopgov.rules.incremental import readers, rechecker
from coopgov.schema import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.backends.ir import Backend, Checker, Rechecker
    from coopgov.errors import Fault, Place
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.interpreter import Interpreter
    from coopgov.language.syntax import Expr, Literal
    from coopgov.language.types import Type
    from coopgov.rules.messages import Message
    from coopgov.rules.schema import Escalation, HitPolicy
    from coopgov.rules.source import Field, Source
    from coopgov.rules.tables import ExpandedSource
    from coopgov.schema import LocalText, Span

__all__ = ["A_RULE_SET", "Action", "Mention", "Parameter", "Rule", "RuleSet", "Table", "TableRow"]


@dataclass(frozen=True, slots=True)
class Action:
    """A recommended action; `own` actions are contingency plans of the agreement, the others come from packs."""

    id: str
    answers: tuple[str, ...]
    strains: tuple[str, ...]
    title: LocalText
    owner: str | None
    within: Span | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that rules refer to; `text` is its present spelling, and `default` the first declared one."""

    name: str
    text: str
    default: str
    value: Literal
    means: LocalText | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One checked rule; `texts` holds its expressions as written, by key, and `fields` its fields and their places."""

    id: str
    about: str
    kind: str
    title: LocalText
    message: Message
    check: Check
    causes: tuple[str, ...]
    escalate: Mapping[str, Escalation]
    layer: int
    texts: Mapping[str, str]
    place: Place
    means: LocalText | None = None
    pack: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict, repr=False)
    actions: tuple[str, ...] | None = None
    """The only actions that are recommended; None for all actions that answer its kind."""

    @property
    def measured(self) -> Type | None:
        """The type of its measure, if it has a measure."""
        return None if self.check.measure is None else self.check.measure.type

    def condition(self, severity: str) -> Expr:
        """Return the condition of the step with that severity."""
        return next(step.condition for step in self.check.steps if step.severity == severity)


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """A row of a decision table, which is the rule `rule` of the rule set.

    `condition` is the row's own condition, without what the hit policy adds; `cells` are its parts by column, None for
    a cell that any value passes; `field` is the place where it was written.
    """

    rule: str
    condition: Expr
    cells: tuple[Expr | None, ...]
    field: Field
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A decision table, with the rows whose rules are neither overridden nor switched off.

    `columns` are the checked expressions of its headers; `where` selects its subjects.
    """

    id: str
    about: str
    hit: HitPolicy
    columns: tuple[Expr, ...]
    rows: tuple[TableRow, ...]
    where: Expr | None
    field: Field
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A reference to a role, body or member in an escalation or action, and its place."""

    name: str
    source: Source
    path: tuple[str | int, ...]

    def vacant(self) -> Fault:
        """The fault of an agreement in which the name refers to nobody."""
        expected = phrase("rules.vacant-role.expected")
        return self.source.fault(self.path, "vacant-role", quoted(self.name), expected)


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Checked rules with everything that they need; `digest` is equal for files with the same meaning.

    Rule sets with equal pack, version and digest are equal. They can be copied and pickled, even after use.
    """

    pack: str
    version: str
    digest: str
    rules: tuple[Rule, ...] = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    actions: tuple[Action, ...] = field(repr=False)
    parameters: Mapping[str, Parameter] = field(repr=False)
    mentions: tuple[Mention, ...] = field(default=(), repr=False)
    sources: tuple[ExpandedSource, ...] = field(default=(), repr=False)
    """The files that it was loaded from: extended files first, the file itself last."""
    tables: tuple[Table, ...] = field(default=(), repr=False)
    """The decision tables whose rows are among the rules."""
    backend: Backend | str = field(default=DEFAULT_BACKEND, repr=False)
    """The default backend: an object, or the name of one."""
    _backends: dict[str, Backend] = field(default_factory=dict, repr=False)
    _programs: dict[tuple[str, int | tuple[str, ...] | None], Program] = field(
        default_factory=dict, repr=False
    )

    def __eq__(self, other: object) -> bool:
        return self._identity == other._identity if isinstance(other, RuleSet) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[str, str, str]:
        return self.pack, self.version, self.digest

    def __getstate__(self) -> dict[str, Any]:
        """Leave compiled code out of the state: a copy compiles again."""
        return {**self.__dict__, "_backends": {}, "_programs": {}}

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001  # the protocol of IPython
        """Print like `repr`: otherwise, notebooks and Hypothesis would print every field, which takes minutes."""
        printer.text(repr(self))

    def rule(self, id: str) -> Rule:  # noqa: A002  # the field's word
        """Return the rule with an id.

        Raises:
            UnknownNameError: it does not exist, or is switched off.
        """
        a_text("id", id)
        for rule in self.rules:
            if rule.id == id:
                return rule
        raise UnknownNameError("rule", id, [rule.id for rule in self.rules])

    def program(self, about: str, layer: int | None = None) -> Program:
        """Return the program for a backend: all rules about a type of subject, or those of one layer."""
        key = (about, layer)
        if key not in self._programs:
            checks = tuple(
                rule.check for rule in self.rules if rule.about == about and layer in (None, rule.layer)
            )
            self._programs[key] = Program(about, checks, self.catalogue)
        return self._programs[key]

    def compiled(
        self,
        program: Program,
        setting: Setting,
        interpreter: Interpreter | None = None,
        backend: Backend | str | None = None,
    ) -> Checker:
        """Compile a program of these rules; a backend given by name is created once, and caches what it compiles.

        Raises:
            BackendError: the backend cannot be used, or cannot express a rule; in that case, with the rule's place.
        """
        try:
            return self.backend_of(backend).compile(program, setting, interpreter)
        except BackendError as error:
            place = next((rule.place for rule in self.rules if rule.id == error.rule), None)
            raise BackendError(
                error.backend, error.rule, error.part, error.why, error.others, place
            ) from None

    def backend_of(self, backend: Backend | str | None = None) -> Backend:
        """Return the backend of a name, by default that of the rule set; each is created once.

        Raises:
            UnknownNameError: the backend does not exist.
            BackendError: it cannot be used here.
        """
        chosen = self.backend if backend is None else backend
        if not isinstance(chosen, str):
            if not hasattr(chosen, "compile"):
                expected = phrase("backends.backend-or-name", names=listed(backend_names()))
                raise ArgumentError("backend", chosen, expected)
            return chosen
        if chosen not in self._backends:
            self._backends[chosen] = make_backend(chosen)
        return self._backends[chosen]

    def checker(
        self,
        about: str,
        *,
        calendar: WorkingCalendar | None = None,
        currency: str = "",
        backend: Backend | str | None = None,
    ) -> Checker:
        """Compile the rules about one type of subject into a fast function that checks records of base facts.

        The checker takes a mapping of base facts, `checker(facts, as_of=date)`, and returns hits and what is
        undetermined: lists of `(rule, severity, value, threshold)` and of `(rule, missing, because)`. Dates are
        `datetime.date`, money is in whole units of the currency, a fact of type % holds 92 for 92 %. Collections are lists
        of such mappings, a subject above is a mapping under its type's name. Scalars of NumPy and pandas are taken for what
        they are. An absent key, None, NaN, NaT and NA are absent, and so is what was observed after `as_of` (`actual_end`,
        `met`, a `value` read on `value_on`, …). What a fact cannot be is unknown: infinity, a budget below 0, the year 10000.
        The checker raises `FactError` where a value is not of its fact's type, and `ArgumentError` where the record is no mapping or
        `as_of`, which a rule reads, is no date.

        Args:
            about: a type of subject, such as `phase`, or one that a rule file declares.
            calendar: the calendar for formulas with working days; by default, Saturday and Sunday are off.
            currency: the currency of the host's money, for rules that name a currency.
            backend: the backend that evaluates the rules: a name (`direct`, `interpreter`, `durable`) or an object.

        Raises:
            UnknownNameError: the type of subject or the backend does not exist.
            BackendError: the backend cannot be used here, or cannot express a rule.
        """
        setting = _setting(calendar, currency)
        program = self._program_about(about)
        checker = self.compiled(program, setting, backend=backend)
        options = {"calendar": calendar, "currency": currency, "backend": backend}
        return Maker(self, "checker", (about,), options).hand(checker, program)

    def readers(self, about: str, *changed: str) -> tuple[str, ...]:
        """Return the ids of the rules about a type of subject that read any of some facts, in the order of the rules.

        A rule reads a fact if its measure, its conditions or its `where` name it, directly or through formulas. A rule
        that reads an observed fact also reads the fact's date and `as_of`.

        Args:
            about: a type of subject, such as `phase`.
            changed: a fact of the subject (`forecast_end`), of subjects above it or of the items of its collections
                (`phase.budget`, `task.done`), a collection (`tasks`), a type of subject for all its facts and for which
                subject that is (`phase`), or the date `as_of`. A derived fact means all the facts that it reads.

        Raises:
            UnknownNameError: the type of subject or a fact does not exist.
        """
        return tuple(check.id for check in readers(self._program_about(about), changed))

    def rechecker(
        self,
        about: str,
        *changed: str,
        calendar: WorkingCalendar | None = None,
        currency: str = "",
        backend: Backend | str | None = None,
    ) -> Rechecker:
        """Compile only the rules that read some facts, for hosts that keep results and change facts of a record.

        `recheck(facts, before, as_of=date)` takes the whole record as it is now, and the result of the checker or a
        rechecker before the change. It returns what the checker would return now, in the same order, and does not
        modify `before`. Everything that is not named must be unchanged, including the date. The host keeps records and
        results, so the cost of a change does not depend on their number.

        Args:
            about: a type of subject, as for `checker`.
            changed: the facts that change together, as for `readers`.
            calendar: as for `checker`, and the same one.
            currency: as for `checker`, and the same one.
            backend: as for `checker`.

        Raises:
            UnknownNameError: the type of subject, a fact or the backend does not exist. The rechecker raises it if
                `before` names a rule that does not exist.
            BackendError: the backend cannot be used here, or cannot express a rule.
        """
        program = self._program_about(about)
        read = readers(program, changed)
        setting = _setting(calendar, currency)
        part = self.compiled(self._part(program, read), setting, backend=backend)
        recheck = rechecker(program, read, part)
        options = {"calendar": calendar, "currency": currency, "backend": backend}
        return Maker(self, "rechecker", (about, *changed), options).hand(recheck, program)

    def _program_about(self, about: str) -> Program:
        if a_text("about", about) not in self.catalogue.subject_types:
            raise UnknownNameError("type of subject", about, self.catalogue.subject_types)
        return self.program(about)

    def _part(self, program: Program, checks: tuple[Check, ...]) -> Program:
        """A program of some checks; the same object for the same checks, so that backends can reuse compiled code."""
        if len(checks) == len(program.checks):
            return program
        key = (program.about, tuple(check.id for check in checks))
        return self._programs.setdefault(key, replace(program, checks=checks))

    def to_dict(self) -> dict[str, Any]:
        """Return name, version and digest, as in the JSON of an assessment."""
        return {"pack": self.pack, "version": self.version, "digest": self.digest}


def _setting(calendar: WorkingCalendar | None, currency: str) -> Setting:
    """The setting of a checker, from the arguments of a host."""
    _CALENDAR("calendar", calendar)
    return Setting(None, calendar or WorkingCalendar(), a_text("currency", currency))


_CALENDAR = or_none(an_instance(WorkingCalendar, "errors.expected.calendar"))
A_RULE_SET = an_instance(RuleSet, "errors.expected.rule-set", "errors.hints.rule-set")
"""The argument of functions that need rules."""
