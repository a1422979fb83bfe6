"""Reading YAML, JSON and CSV: bytes in, nodes with lines and columns out."""

from coopgov.source.compose import MAX_DEPTH, MAX_NODES
from coopgov.source.csv_rows import LINE_BREAK, LONGEST_ROW, QuotedRows
from coopgov.source.delimited import read_cells, read_csv
from coopgov.source.files import MAX_BYTES, is_file, resolved
from coopgov.source.full_width import in_full_width
from coopgov.source.merged import Graft, MergedDocument
from coopgov.source.nodes import Document, Listing, Mapping, Node, Scalar, plain, texts_in
from coopgov.source.quick import collecting_later
from coopgov.source.read import own_text, read_document, read_file

__all__ = [
    "LINE_BREAK",
    "LONGEST_ROW",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Document",
    "Graft",
    "Listing",
    "Mapping",
    "MergedDocument",
    "Node",
    "QuotedRows",
    "Scalar",
    "collecting_later",
    "in_full_width",
    "is_file",
    "own_text",
    "plain",
    "read_cells",
    "read_csv",
    "read_document",
    "read_file",
    "resolved",
    "texts_in",
]
