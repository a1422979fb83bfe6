"""Facts about the subjects of an agreement: the catalogue that defines them, and their derivation on a date."""

from coopgov.facts.catalogue import Catalogue, Fact, SubjectType
from coopgov.facts.derive import Facts, derive
from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.facts.subject import Subject

__all__ = ["Catalogue", "Fact", "Facts", "Subject", "SubjectType", "default_catalogue", "derive"]
