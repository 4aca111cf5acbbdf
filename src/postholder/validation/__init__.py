"""Checking: SHACL shapes, house rules, the record, and evidence against the document."""
