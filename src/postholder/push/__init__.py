"""Loading the graph into a database that runs: property graphs over Bolt, RDF over HTTP."""
