"""Writing the graph for others: RDF formats and graph databases."""
