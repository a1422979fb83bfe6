"""The default backend: compiles all checks about a type of subject to one generated Python function.

Code is generated from the checked tree, never from a user's text: names become numbered variables, and texts and
numbers become literals by `repr` or entries of the function's globals.

There are two functions. The *fast* one assumes that every fact that the checks need is present and of its type.
Anything that proves it wrong (a missing key, None, NaN, a division by zero) hands the record to the *careful* one,
which is three-valued and compiled on first need. Both leave collections and the facts of subjects above to the
interpreter.

Compiling a function takes as long as interpreting a few dozen records. So an assessment, which has an interpreter
anyway, starts with that; a host that asks for a checker gets the function at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from types import MethodType
from typing import TYPE_CHECKING, Any, Literal

from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.python.items import Items, interpreter_with
from coopgov.language.interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from types import CodeType

    from coopgov.backends.ir import Checker, Program
    from coopgov.backends.python.three_valued import Careful
    from coopgov.backends.python.two_valued import Fast
    from coopgov.language.interpreter import Setting

__all__ = ["DirectBackend", "Holds", "interpreters_for"]

_Kind = Literal["fast", "careful", "holding"]
Holds = Callable[[Mapping[str, Any], "date | None"], list[tuple[str, str]]]
"""From a record of facts and a date to the checks that hold and their severities."""

_WORTH = 32
"""The number of records that are interpreted before it pays to compile a program."""


class DirectBackend:
    """Compiles to Python functions; caches the code of a program, so that binding it again is cheap."""

    def __init__(self) -> None:
        self._code: dict[tuple[int, _Kind], tuple[Program, CodeType, dict[str, Any]]] = {}
        self._interpreted: dict[int, tuple[Program, Iterator[int]]] = {}
        self._items = Items()

    def __getstate__(self) -> dict[str, Any]:
        return {"_code": {}, "_interpreted": {}, "_items": Items()}

    def compile(self, program: Program, setting: Setting, interpreter: Interpreter | None = None) -> Checker:
        """Return the checker of a program for a calendar and currency.

        Checkers whose records do not change between them, as in one assessment, can share an `interpreter`.
        """
        if interpreter is not None:
            interpreter = interpreter_with(self._items, interpreter)
        if interpreter is None or (id(program), "fast") in self._code:
            return self._generated(program, setting, interpreter)
        return self._interpreted_at_first(program, setting, interpreter)

    def _interpreted_at_first(self, program: Program, setting: Setting, interpreter: Interpreter) -> Checker:
        reference = ReferenceBackend().compile(program, setting, interpreter)
        _, number = self._interpreted.setdefault(id(program), (program, count()))
        generated: list[Checker] = []

        def check(facts: Any, *, as_of: date | None = None) -> Any:
            if not generated:
                if next(number) < _WORTH:
                    return reference(facts, as_of=as_of)
                generated.append(self._generated(program, setting, interpreter))
            return generated[0](facts, as_of=as_of)

        return check

    def prepare(self, program: Program) -> None:
        """Generate both functions of a program now, so that no checker of it has to."""
        self._generate(program, "fast")
        self._generate(program, "careful")

    def holding(self, program: Program, setting: Setting) -> Holds:
        """Return a function that finds only which checks hold for a record: less than a checker, and faster."""

        def slowly(facts: Any, *, as_of: date | None = None) -> Any:
            hits, _ = ReferenceBackend().compile(program, setting)(facts, as_of=as_of)
            return [(check, severity) for check, severity, _, _ in hits], []

        check = self.scope(program, setting, slowly, interpreters_for(program, setting), "holding")["check"]
        return lambda facts, as_of: check(facts, as_of=as_of)[0]

    def _generated(self, program: Program, setting: Setting, interpreter: Interpreter | None) -> Checker:
        interpreter_for = interpreters_for(program, setting, interpreter)

        def carefully(facts: Any, *, as_of: date | None = None) -> Any:
            reference = ReferenceBackend().compile(program, setting)
            careful = self.scope(program, setting, reference, interpreter_for, "careful")["check"]
            scope["fallback"] = careful  # from now on it is called directly
            return careful(facts, as_of=as_of)

        scope = self.scope(program, setting, carefully, interpreter_for, "fast")
        return MethodType(scope["check"], program)

    def scope(
        self,
        program: Program,
        setting: Setting,
        fallback: Callable[..., Any],
        interpreter_for: Callable[..., Any],
        kind: _Kind,
    ) -> dict[str, Any]:
        """The globals of a generated function, including the function itself under the name `check`."""
        from coopgov.backends.python.runtime import NAMES

        code, names = self._generate(program, kind)
        scope: dict[str, Any] = {
            **NAMES,
            **names,
            "calendar": setting.calendar,
            "currency": setting.currency,
            "default_as_of": setting.as_of,
            "fallback": fallback,
            "interpreter_for": interpreter_for,
            "minor_units": setting.minor_units,
        }
        exec(code, scope)  # noqa: S102  # generated from the checked tree; see the module's docstring
        return scope

    def _generate(self, program: Program, kind: _Kind) -> tuple[CodeType, dict[str, Any]]:
        """The code of a function of a program, and the names that it needs."""
        key = (id(program), kind)
        if key not in self._code:
            writer = _writer(program, kind)
            code = compile(writer.source(), f"<rules about {program.about}>", "exec")
            self._code[key] = (program, code, writer.names)
        _, code, names = self._code[key]
        return code, names


def _writer(program: Program, kind: _Kind) -> Fast | Careful:
    """The writer of a function; heavy, and an assessment of few subjects needs none."""
    from coopgov.backends.python.three_valued import Careful, Holding
    from coopgov.backends.python.two_valued import Fast

    if kind == "fast":
        return Fast(program)
    return (Careful if kind == "careful" else Holding)(program)


def interpreters_for(
    program: Program, setting: Setting, shared: Interpreter | None = None
) -> Callable[[date | None], Interpreter]:
    """Return a function from a date to its interpreter; if one is shared, always that one."""

    def interpreter_for(as_of: date | None) -> Interpreter:
        if shared is not None:
            return shared
        return Interpreter(program.catalogue, replace(setting, as_of=as_of) if as_of else setting)

    return interpreter_for
