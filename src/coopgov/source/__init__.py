"""YAML and JSON that remember their lines: bytes in, nodes with places out."""

from coopgov.source.nodes import Document, Mapping, Node, Scalar, Sequence_, plain
from coopgov.source.read import MAX_BYTES, MAX_DEPTH, MAX_NODES, read_document, read_file

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Document",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence_",
    "plain",
    "read_document",
    "read_file",
]
