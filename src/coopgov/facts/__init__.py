"""Facts: named, typed values about subjects; the catalogue that names them and how they are read."""

from coopgov.facts.catalogue import Catalogue, Fact, SubjectType
from coopgov.facts.derive import Facts, derive
from coopgov.facts.subject import Subject
from coopgov.facts.vocabulary import default_catalogue

__all__ = ["Catalogue", "Fact", "Facts", "Subject", "SubjectType", "default_catalogue", "derive"]
