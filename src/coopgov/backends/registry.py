"""Backends by name: those of the library, and those that other packages bring with an entry point."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from coopgov.errors import BackendError, UnknownNameError

if TYPE_CHECKING:
    from coopgov.backends.ir import Backend

__all__ = ["DEFAULT_BACKEND", "ENTRY_POINTS", "backend_names", "make_backend"]

DEFAULT_BACKEND = "direct"
ENTRY_POINTS = "coopgov.backends"
"""The group of entry points by which a package brings backends: each names a class that is called without arguments."""

_OWN = {
    "direct": ("coopgov.backends.python.backend", "DirectBackend"),
    "interpreter": ("coopgov.backends.interpreter", "ReferenceBackend"),
    "durable": ("coopgov.backends.durable_rules.backend", "DurableBackend"),
}
_FOR_TABLES = "columnar"
"""A backend that has no checker of single records."""


def backend_names() -> list[str]:
    """The names of all backends, the library's own first; not all of them can be used everywhere."""
    others = (point.name for point in entry_points(group=ENTRY_POINTS))
    return list(dict.fromkeys((*_OWN, *sorted(others))))


def make_backend(name: str) -> Backend:
    """Make the backend of a name; what it needs is imported only now.

    Raises:
        UnknownNameError: there is no such backend.
        BackendError: what it needs is not installed, or does not run here.
    """
    if name in _OWN:
        module, kind = _OWN[name]
        backend: Backend = getattr(import_module(module), kind)()
        return backend
    if name == _FOR_TABLES:
        why = "it checks whole tables, with `coopgov.portfolio.check` or `coopgov portfolio check`"
        raise BackendError(name, "", "", why, ("direct", "durable"))
    for point in entry_points(group=ENTRY_POINTS, name=name):
        other: Backend = point.load()()
        return other
    raise UnknownNameError("backend", name, backend_names())
