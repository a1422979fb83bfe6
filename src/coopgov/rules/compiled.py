"""What is compiled of rules: a program for each type of subject and layer, and what a backend makes of it.

Nothing here refers to the rule set itself, so that a weak cache can hold it for as long as the rule set lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.backends.ir import Check, Program, Step
from coopgov.backends.registry import backend_names, make_backend
from coopgov.errors import ArgumentError, BackendError
from coopgov.language.units import load_units
from coopgov.locales import listed, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.backends.ir import Backend, Checker
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.interpreter import Interpreter, Setting
    from coopgov.language.syntax import Name
    from coopgov.rules.rule import Rule

__all__ = ["Compiled", "backend_of"]


def backend_of(backend: Backend | str) -> Backend:
    """Return the backend of a name; an object is one already.

    Raises:
        UnknownNameError: the backend does not exist.
        BackendError: it cannot be used here.
        ArgumentError: the object is no backend.
    """
    if isinstance(backend, str):
        return make_backend(backend)
    if not hasattr(backend, "compile"):
        expected = phrase("backends.backend-or-name", names=listed(backend_names()))
        raise ArgumentError("backend", backend, expected)
    return backend


class Compiled:
    """The programs of some rules, and the backends that have compiled them; grows with what is asked of it."""

    def __init__(self, rules: tuple[Rule, ...], catalogue: Catalogue) -> None:
        self.rules = rules
        self.catalogue = catalogue
        self._programs: dict[tuple[str, tuple[str, ...]], Program] = {}
        self._layers: dict[tuple[str, int | None], Program] = {}
        self._endings: dict[tuple[str, int], Program] = {}
        self._backends: dict[str, Backend] = {}
        self.evidence: dict[str, tuple[tuple[Name, tuple[str, ...]], ...]] = {}
        """The facts that are the evidence of each rule, and what places them, as far as they were asked for."""

    def program(self, about: str, layer: int | None = None) -> Program:
        """Return the program of all rules about a type of subject, or of those of one layer.

        It is one object for the same checks, by which backends recognise what they have compiled.
        """
        key = (about, layer)
        if key not in self._layers:
            checks = (
                rule.check for rule in self.rules if rule.about == about and layer in (None, rule.layer)
            )
            self._layers[key] = self.of(about, checks)
        return self._layers[key]

    def endings(self, about: str, layer: int) -> Program:
        """Return the program that decides `ends` of the rules of a layer; its checks have the ids of their rules."""
        key = (about, layer)
        if key not in self._endings:
            mine = (rule.check for rule in self.rules if rule.about == about and rule.layer == layer)
            checks = (Check(each.id, (Step("notice", each.ends),)) for each in mine if each.ends is not None)
            self._endings[key] = Program(about, tuple(checks), self.catalogue)
        return self._endings[key]

    def of(self, about: str, checks: Iterable[Check]) -> Program:
        """Return the program of some checks; one object for the same checks."""
        chosen = tuple(checks)
        key = (about, tuple(check.id for check in chosen))
        return self._programs.setdefault(key, Program(about, chosen, self.catalogue))

    def checker(
        self,
        program: Program,
        setting: Setting,
        backend: Backend | str,
        interpreter: Interpreter | None = None,
    ) -> Checker:
        """Compile a program; a backend given by name is made once, and remembers what it has compiled.

        Raises:
            BackendError: the backend cannot be used, or cannot express a rule; in that case, with the rule's place.
        """
        try:
            return self._backend(backend).compile(program, setting, interpreter)
        except BackendError as error:
            place = next((rule.place for rule in self.rules if rule.id == error.rule), None)
            raise error.at(place) from None

    def prepare(self, setting: Setting, backend: Backend | str) -> None:
        """Compile the programs of all layers and load all units, so that no assessment has to.

        Raises:
            BackendError: as `checker` does.
        """
        load_units()
        for about, layer in dict.fromkeys((rule.about, rule.layer) for rule in self.rules):
            for program in (self.program(about, layer), self.endings(about, layer)):
                if program.checks:
                    self._prepare(program, setting, backend)

    def _prepare(self, program: Program, setting: Setting, backend: Backend | str) -> None:
        self.checker(program, setting, backend)
        prepare = getattr(self._backend(backend), "prepare", None)
        if prepare is not None:
            prepare(program)

    def _backend(self, backend: Backend | str) -> Backend:
        if not isinstance(backend, str):
            return backend_of(backend)
        if backend not in self._backends:
            self._backends[backend] = backend_of(backend)
        return self._backends[backend]
