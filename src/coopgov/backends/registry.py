"""Finds backends by name: the built-in ones, and those that other packages provide through an entry point."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from coopgov.errors import BackendError, UnknownNameError
from coopgov.locales import phrase

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

    from coopgov.backends.ir import Backend

__all__ = ["DEFAULT_BACKEND", "ENTRY_POINTS", "backend_names", "make_backend"]

DEFAULT_BACKEND = "direct"
ENTRY_POINTS = "coopgov.backends"
"""The entry point group for backends of other packages: each names a class that is called without arguments."""

_OWN = {
    "direct": ("coopgov.backends.python.backend", "DirectBackend"),
    "interpreter": ("coopgov.backends.interpreter", "ReferenceBackend"),
    "durable": ("coopgov.backends.durable_rules.backend", "DurableBackend"),
}
_FOR_TABLES = "columnar"
"""The backend that has no checker for single records."""


def backend_names() -> list[str]:
    """Return the names of all backends, built-in ones first; not all of them work everywhere."""
    return list(dict.fromkeys((*_OWN, *sorted(point.name for point in _points()))))


def make_backend(name: str) -> Backend:
    """Create the backend of a name; its dependencies are imported only now.

    Raises:
        UnknownNameError: the backend does not exist.
        BackendError: a dependency is not installed, or does not run on this system.
    """
    if name in _OWN:
        module, kind = _OWN[name]
        backend: Backend = getattr(import_module(module), kind)()
        return backend
    if name == _FOR_TABLES:
        raise BackendError(name, "", "", phrase("backends.for-tables"), ("direct", "durable"))
    for point in _points().select(name=name):
        other: Backend = point.load()()
        return other
    raise UnknownNameError("backend", name, backend_names())


def _points() -> EntryPoints:
    """The backends of other packages; what finds them is slow to import, and `direct` needs none of it."""
    from importlib.metadata import entry_points

    return entry_points(group=ENTRY_POINTS)
