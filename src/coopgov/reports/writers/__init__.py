"""The writers of documents, one module for each format: a function from a document to bytes."""
