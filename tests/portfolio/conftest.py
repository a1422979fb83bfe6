"""What all tests of tables and mapping files are held to."""

from __future__ import annotations

from recorded import faults_in_every_language

__all__ = ["faults_in_every_language"]
