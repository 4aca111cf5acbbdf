"""The closure of large graphs: the rules of `program` as SQL over numbers, on DuckDB.

The SQL keeps to what DuckDB and Spark SQL share.
"""
