"""The closure of large graphs: the rules of `program` as SQL over numbers, on DuckDB.

The SQL of the rules keeps to what DuckDB and Spark SQL share.
"""

from postholder.closure.columns.closed import ClosedGraph
from postholder.closure.columns.files import close_file, close_quads

__all__ = ["ClosedGraph", "close_file", "close_quads"]
