"""The rule set, a value; and the engine, which holds what is compiled of one."""

from __future__ import annotations

import weakref
from dataclasses import KW_ONLY, InitVar, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_text, an_instance
from coopgov.backends.ir import Program
from coopgov.backends.registry import DEFAULT_BACKEND
from coopgov.display import html
from coopgov.errors import BackendError, UnknownNameError
from coopgov.language.interpreter import Setting
from coopgov.locales import phrase
from coopgov.model import WorkingCalendar
from coopgov.rules.case_settings import CaseSettings
from coopgov.rules.checkers import checker_of
from coopgov.rules.compiled import Compiled
from coopgov.rules.incremental import readers, rechecker
from coopgov.schema import titles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.backends.ir import Backend, Checker, Rechecker
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.interpreter import Interpreter
    from coopgov.language.syntax import Name
    from coopgov.rules.expanded import ExpandedSource
    from coopgov.rules.rule import Action, Inhibition, Mention, Parameter, Rule, Table

__all__ = ["A_RULE_SET", "RULES", "Engine", "RuleSet", "engine_of"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class RuleSet:
    """Checked rules with everything that they need: a value that can be compared, copied and pickled.

    `pack` is the name of the rule file and `version` its version. `digest` is equal for files with the same meaning,
    whatever their order, comments and line breaks. `rules` are all rules in order, those of extended files and the rows
    of decision tables included; `tables` are these decision tables. `actions` are the actions that warnings can
    recommend, `inhibitions` say which warnings hide others, `parameters` are the thresholds that files can set, and
    `catalogue` has the facts that rules can name.

    Rule sets with equal pack, version, digest, rules and facts are equal.
    """

    pack: str
    version: str
    digest: str
    rules: tuple[Rule, ...]
    catalogue: Catalogue
    actions: tuple[Action, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    sources: tuple[ExpandedSource, ...] = ()
    """The files that it was loaded from: extended files first, the file itself last."""
    tables: tuple[Table, ...] = ()
    """The decision tables whose rows are among the rules."""
    inhibitions: tuple[Inhibition, ...] = field(default=(), repr=False)
    """Which warnings hide which others."""
    cases: CaseSettings = field(default_factory=CaseSettings, repr=False)
    """How the cases that follow from warnings behave."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RuleSet):
            return NotImplemented
        # parts of a rule set have its digest, so the rules and facts that are left count, too
        return self._identity == other._identity and self.catalogue == other.catalogue

    def __hash__(self) -> int:
        return hash((self.pack, self.version, self.digest))

    @property
    def _identity(self) -> tuple[Any, ...]:
        return self.pack, self.version, self.digest, tuple(rule.id for rule in self.rules)

    def __repr__(self) -> str:
        return f"<RuleSet {self.pack} {self.version}: {len(self.rules)} rules, {self.digest[:15]}>"

    _repr_html_ = html

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
        called = titles((rule.title, rule.id) for rule in self.rules)
        raise UnknownNameError("rule", id, [rule.id for rule in self.rules], called)

    def program(self, about: str, layer: int | None = None) -> Program:
        """Return the program for a backend: all rules about a type of subject, or those of one layer."""
        checks = (rule.check for rule in self.rules if rule.about == about and layer in (None, rule.layer))
        return Program(about, tuple(checks), self.catalogue)

    def checker(
        self,
        about: str,
        *,
        calendar: WorkingCalendar | None = None,
        currency: str = "",
        backend: Backend | str | None = None,
    ) -> Checker:
        """Compile the rules about one type of subject into a fast function that checks records of base facts.

        Call the checker as `checker(facts, as_of=date)`. `facts` maps the names of base facts to their values:

        - A date is a `datetime.date`, a condition a `bool`, a text a `str`; several texts are a list or tuple.
        - A number is an `int`, `float`, `Decimal` or `Fraction` in the unit of its fact. Money is in whole units of the
          currency. Scalars of NumPy and pandas are accepted for the same types.
        - A share of the shipped catalogue is the number itself: 0.4 is 40 %. A fact that a rule file declares with the
          type `%`, and a KPI in %, hold 92 for 92 %.
        - A collection is a list of such mappings. A parent subject is a mapping under the name of its type.
        - An absent key, None, NaN, NaT and NA are absent: unknown, or not set if the fact is optional. So is anything
          observed after `as_of`: `actual_end`, `met`, a `value` read on `value_on`, ….
        - A number or date that the fact cannot have (infinity, a negative budget, the year 10000) is unknown.
        - Other keys have no effect. Derived facts are always computed, even if the record has a value for them.

        The checker returns two lists in the order of the rules: `Hit` values, with measures in the unit of the fact,
        and `Undetermined` values. Rules about warnings are always undetermined, because a record has no warnings; so
        are those about cases, unless the record has them under `cases`. The checker is thread-safe. It raises
        `FactError` if a value does not have the type of its fact, or if a rule needs a date and `as_of` is missing; and
        `ArgumentError` if the record is not a mapping or `as_of` is not a date.

        Checkers are equal if equal engines made them for the same arguments. They can be copied and pickled: a pickle
        holds the rules and the arguments, and the copy compiles again.

        >>> from datetime import date
        >>> import coopgov
        >>> check_phase = coopgov.load_rules().checker("phase", currency="CNY")
        >>> record = {"planned_start": date(2026, 1, 5), "planned_end": date(2026, 3, 31),
        ...           "actual_end": date(2026, 4, 20), "budget": 300_000, "spent": 310_000}
        >>> hits, undetermined = check_phase(record, as_of=date(2026, 6, 30))
        >>> [(hit.rule, hit.severity, hit.value) for hit in hits]
        [('phase-late', 'major', 0.23529411764705882), ('phase-late-days', 'notice', 20)]
        >>> undetermined
        []

        Args:
            about: a type of subject, such as `phase`, or one that a rule file declares.
            calendar: the calendar for formulas with working days; by default, Saturday and Sunday are off.
            currency: the currency of the host's money, for rules that name a currency.
            backend: the backend that evaluates the rules: a name (`direct`, `interpreter`, `durable`) or an object.

        Raises:
            UnknownNameError: the type of subject or the backend does not exist.
            BackendError: the backend cannot be used here, or cannot express a rule.
        """
        return engine_of(self, backend, calendar, currency).checker(about)

    def readers(self, about: str, *changed: str) -> tuple[str, ...]:
        """Return the ids of the rules about a type of subject that read any of some facts, in the order of the rules.

        A rule reads a fact if its measure, its conditions or its `where` name it, directly or through formulas. A rule
        that reads an observed fact also reads the fact's date and `as_of`. A rule that compares a KPI with a unit also
        reads the KPI's `unit`.

        Args:
            about: a type of subject, such as `phase`.
            changed: names of what changed. `spent` is a fact of the subject itself, or one of its collections;
                `phase.budget` and `task.status` are facts of the parent subject, or of any item of a collection;
                `phase` is any fact of the parent subject, or which subject that is; `as_of` is the date. The name
                of a derived fact means all facts that it reads.

        Raises:
            UnknownNameError: the type of subject or a fact does not exist.

        >>> import coopgov
        >>> coopgov.load_rules().readers("phase", "spent")
        ('phase-overspent', 'spending-without-budget')
        """
        return tuple(check.id for check in readers(self.program(self.known(about)), changed))

    def rechecker(
        self,
        about: str,
        *changed: str,
        calendar: WorkingCalendar | None = None,
        currency: str = "",
        backend: Backend | str | None = None,
    ) -> Rechecker:
        """Compile only the rules that read some facts, for hosts that keep results and change facts of a record.

        Call it as `recheck(facts, before, as_of=date)`, with the whole record as it is now, and the answer of the
        checker or a rechecker from before the change. It returns what the checker would return now, with the same
        values and in the same order, and does not modify `before`. Everything that `changed` does not name must be the
        same as for `before`, including the date.

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
        return engine_of(self, backend, calendar, currency).rechecker(about, *changed)

    def known(self, about: str) -> str:
        """Return a type of subject that rules can be about.

        Raises:
            UnknownNameError: it does not exist.
        """
        if a_text("about", about) not in self.catalogue.subject_types:
            raise UnknownNameError("type of subject", about, self.catalogue.subject_types)
        return about

    def to_dict(self) -> dict[str, Any]:
        """Return name, version and digest, as in the JSON of an assessment."""
        return {"pack": self.pack, "version": self.version, "digest": self.digest}


@dataclass(frozen=True, repr=False)
class Engine:
    """Rules, ready to run: holds what a backend has compiled of them, for hosts that keep it.

    Wherever a function takes rules to assess with, it takes an engine. Everything that does not depend on an agreement
    is prepared when the engine is made, so its first assessment takes no longer than its second. Engines of equal rules
    and settings are equal. A copy or pickle holds the rules and the settings, and compiles again what it is asked for.

    `calendar` and `currency` are those of the host's records, for `checker` and `rechecker`, as there; an assessment
    uses those of its agreement.

    Raises:
        BackendError: the backend cannot be used here, or cannot express a rule.

    >>> from datetime import date
    >>> from coopgov import Engine, assess, load_agreement, load_rules
    >>> engine = Engine(load_rules())
    >>> assess(load_agreement("examples/pilot/agreement.yaml"), engine, as_of=date(2026, 6, 30)).status
    'critical'
    """

    rules: RuleSet
    _: KW_ONLY
    backend: Backend | str = DEFAULT_BACKEND
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    currency: str = ""
    _shared: InitVar[Compiled | None] = None
    _compiled: Compiled = field(init=False, compare=False)

    def __post_init__(self, _shared: Compiled | None) -> None:
        (
            A_RULE_SET("rules", self.rules),
            _A_CALENDAR("calendar", self.calendar),
            a_text("currency", self.currency),
        )
        compiled = Compiled(self.rules.rules, self.rules.catalogue) if _shared is None else _shared
        object.__setattr__(self, "_compiled", compiled)
        if _shared is None:
            compiled.prepare(self._setting, self.backend)

    def __repr__(self) -> str:
        backend = self.backend if isinstance(self.backend, str) else type(self.backend).__name__
        return f"<Engine {self.rules.pack} {self.rules.version}: {backend}>"

    def __getstate__(self) -> dict[str, Any]:
        if not isinstance(self.backend, str):
            _refuse_unless_pickled(self.backend)
        return {name: value for name, value in self.__dict__.items() if name != "_compiled"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _compiled=Compiled(state["rules"].rules, state["rules"].catalogue))

    def __copy__(self) -> Engine:
        return self

    def __deepcopy__(self, _memo: object) -> Engine:
        return self

    def with_backend(self, backend: Backend | str) -> Engine:
        """Return an engine of the same rules with another backend, which compiles what it is asked for."""
        return replace(self, backend=backend, _shared=self._compiled)

    def assessing(self, program: Program, setting: Setting, interpreter: Interpreter) -> Checker:
        """Compile a program of these rules for an assessment, which has its own calendar, currency and interpreter.

        Raises:
            BackendError: as `checker` does.
        """
        return self._compiled.checker(program, setting, self.backend, interpreter)

    def program(self, about: str, layer: int | None = None) -> Program:
        """Return the program for a backend: all rules about a type of subject, or those of one layer.

        It is the same object for each call, so that backends can remember what they compiled of it.
        """
        return self._compiled.program(about, layer)

    @property
    def evidence(self) -> dict[str, tuple[tuple[Name, tuple[str, ...]], ...]]:
        """What is known of the evidence of rules, by their ids; grows with what is asked of it."""
        return self._compiled.evidence

    def endings(self, about: str, layer: int) -> Program:
        """Return the program that finds which warnings of a layer are past: a check for each rule that has `ends`."""
        return self._compiled.endings(about, layer)

    def checker(self, about: str) -> Checker:
        """Compile the rules about one type of subject into a function, as `RuleSet.checker` does.

        Raises:
            UnknownNameError: the type of subject or the backend does not exist.
            BackendError: the backend cannot be used here, or cannot express a rule.
        """
        program = self.program(self.rules.known(about))
        return checker_of(self, "checker", (about,), program, lambda: self._compile(program))

    def rechecker(self, about: str, *changed: str) -> Rechecker:
        """Compile only the rules that read some facts into a function, as `RuleSet.rechecker` does.

        Raises:
            UnknownNameError: the type of subject, a fact or the backend does not exist.
            BackendError: the backend cannot be used here, or cannot express a rule.
        """
        program = self.program(self.rules.known(about))
        read = readers(program, changed)

        def compiled() -> Rechecker:
            return rechecker(program, read, self._compile(self._compiled.of(about, read)))

        return checker_of(self, "rechecker", (about, *changed), program, compiled)

    @property
    def _setting(self) -> Setting:
        return Setting(None, self.calendar, self.currency)

    def _compile(self, program: Program) -> Checker:
        return self._compiled.checker(program, self._setting, self.backend)


def engine_of(
    rules: RuleSet | Engine,
    backend: Backend | str | None = None,
    calendar: WorkingCalendar | None = None,
    currency: str = "",
) -> Engine:
    """Return an engine of some rules, which compiles each part when it is first needed.

    What is compiled of a rule set is kept as long as the rule set exists. For an engine, return the engine itself, or
    one with another backend.
    """
    if isinstance(rules, Engine):
        return rules if backend is None else rules.with_backend(backend)
    return Engine(
        rules,
        backend=DEFAULT_BACKEND if backend is None else backend,
        calendar=WorkingCalendar() if calendar is None else calendar,
        currency=currency,
        _shared=_compiled_of(rules),
    )


_COMPILED: dict[int, Compiled] = {}
"""What is compiled of each rule set that is alive, by the identity of the rule set."""


def _compiled_of(rules: RuleSet) -> Compiled:
    # by identity, not by equality: a lookup must not hash thousands of rules. An id is free for another rule set only
    # after the finalizer has removed this entry, so no rule set finds the code of another one
    key = id(rules)
    if key not in _COMPILED:
        _COMPILED[key] = Compiled(rules.rules, rules.catalogue)
        weakref.finalize(rules, _COMPILED.pop, key, None).atexit = False
    return _COMPILED[key]


def _refuse_unless_pickled(backend: Backend) -> None:
    import pickle  # whoever asks has it

    try:
        pickle.dumps(backend)
    except Exception as error:  # noqa: BLE001  # whatever the backend of a host raises
        why = phrase("backends.not-picklable", error=error)
        raise BackendError(type(backend).__name__, "", "", why, ("direct", "interpreter")) from None


_A_CALENDAR = an_instance(WorkingCalendar, "errors.expected.calendar")
A_RULE_SET = an_instance(RuleSet, "errors.expected.rule-set", "errors.hints.rule-set")
"""The argument of functions that read rules."""
RULES = an_instance((RuleSet, Engine), "errors.expected.rule-set", "errors.hints.rule-set")
"""The argument of functions that run rules: a rule set, or an engine."""
