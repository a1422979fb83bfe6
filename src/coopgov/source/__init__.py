"""YAML and JSON that remember their lines: bytes in, nodes with places out."""

from coopgov.source.compose import MAX_DEPTH, MAX_NODES
from coopgov.source.delimited import read_cells, read_csv
from coopgov.source.nodes import Document, Listing, Mapping, Node, Scalar, plain, texts_in
from coopgov.source.read import MAX_BYTES, file_bytes, read_document, read_file
from coopgov.source.widths import in_full_width

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Document",
    "Listing",
    "Mapping",
    "Node",
    "Scalar",
    "file_bytes",
    "in_full_width",
    "plain",
    "read_cells",
    "read_csv",
    "read_document",
    "read_file",
    "texts_in",
]
