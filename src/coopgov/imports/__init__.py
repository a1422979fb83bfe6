"""Reads files of other systems (Jira, Trello, 禅道, MS Project, OCDS, IATI, tables) as parts, and exports plans."""

from coopgov.imports.any_reader import read_import
from coopgov.imports.export_csv import tasks_csv
from coopgov.imports.export_losses import export_losses
from coopgov.imports.export_mspdi import mspdi_text
from coopgov.imports.load import load_import_mapping, parse_import_mapping
from coopgov.imports.mapping import ImportMapping
from coopgov.imports.new import read_new
from coopgov.imports.project import read_mspdi
from coopgov.imports.public_data import read_iati, read_ocds
from coopgov.imports.readers import read_csv_tasks, read_jira, read_trello, read_zentao
from coopgov.imports.result import Import, Lost, Rejected, Remark

__all__ = [
    "Import",
    "ImportMapping",
    "Lost",
    "Rejected",
    "Remark",
    "export_losses",
    "load_import_mapping",
    "mspdi_text",
    "parse_import_mapping",
    "read_csv_tasks",
    "read_iati",
    "read_import",
    "read_jira",
    "read_mspdi",
    "read_new",
    "read_ocds",
    "read_trello",
    "read_zentao",
    "tasks_csv",
]
