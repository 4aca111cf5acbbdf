"""Reading files: RDF from disk, with every hostile construct refused."""
