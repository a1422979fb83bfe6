"""Register strategies with Hypothesis, so that `st.from_type(Agreement)` works, without slowing down any import.

Hypothesis calls `register` when it is imported (through the entry point `hypothesis`), in every project where coopgov
is installed. So this module imports nothing: the types are registered when `coopgov.model` is imported, earlier or
later, and the strategies are imported when Hypothesis first asks for one.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from hypothesis.strategies import SearchStrategy

__all__ = ["register"]

_MODEL = "coopgov.model"
_STRATEGIES = {"Agreement": "agreements", "Kpi": "kpis", "Phase": "phases", "Reading": "readings"}


def register() -> None:
    """Register the strategies of the model's types, now or as soon as the model is imported."""
    if _MODEL in sys.modules:
        _register(importlib.import_module(_MODEL))
    elif not any(isinstance(finder, _Awaited) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Awaited())


def _register(model: ModuleType) -> None:
    from hypothesis.strategies import register_type_strategy

    for name, plural in _STRATEGIES.items():
        register_type_strategy(getattr(model, name), _resolver(plural))


def _resolver(plural: str) -> Callable[[Any], SearchStrategy[Any]]:
    def resolve(_: Any) -> SearchStrategy[Any]:
        strategy: SearchStrategy[Any] = getattr(importlib.import_module("coopgov.testing"), plural)()
        return strategy

    return resolve


class _Awaited(MetaPathFinder):
    """A finder that finds nothing itself: it waits for the import of the model, then removes itself."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002  # the base class's signature
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """The spec of the model, which registers the strategies once its module is executed."""
        if fullname != _MODEL:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Registering(spec.loader)
        return spec


class _Registering(Loader):
    """A loader that delegates to another, which other modules may share, and then registers the strategies."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Create the module as the other loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module, and register the strategies of its types."""
        self._loader.exec_module(module)
        _register(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)
