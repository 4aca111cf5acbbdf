"""The Cypher of a push: parameters carry all data, so that only names are part of the text.

Names are labels, types and keys that `postholder.export.names` made of plain letters and digits. Ours
begin with an underscore, which none of those does.
"""

from __future__ import annotations

from postholder.export.cypher import name

GRAPH, PUSH, KEPT = "_postholder", "_push", "_retracted"
"""On every node and edge: the name of its graph and the push that wrote it. On a node that should go: that it stays."""
STATE = "_PostholderPush"
"""The label of the node that says whether a load is whole."""


def constraint(label: str) -> str:
    """Return the statement that makes the ids of a label unique."""
    named = name(f"postholder_{label}_id")
    return f"CREATE CONSTRAINT {named} IF NOT EXISTS FOR (n:{name(label)}) REQUIRE n.`id` IS UNIQUE"


def merge_nodes(labels: tuple[str, ...]) -> list[str]:
    """Return the statements that write nodes with these labels; the last one returns how many are ours.

    A node is looked for by its first label alone, since the others may change; if it is not there it is
    made with all at once: ArcadeDB moves a node that gets another label.
    """
    first, others = name(labels[0]), "".join(f":{name(label)}" for label in labels[1:])
    match = f"(n:{first} {{`id`: row.`id`}})"
    made = f"ON CREATE SET n.{name(GRAPH)} = $graph"
    ours = f"n.{name(GRAPH)} = $graph"
    write = f"SET n += row.`properties`\nSET n.{name(PUSH)} = $push\nRETURN count(n) AS written"
    if not others:
        return [f"UNWIND $rows AS row\nMERGE {match}\n{made}\nWITH row, n WHERE {ours}\n{write}"]
    create = f"CREATE (m:{first}{others} {{`id`: row.`id`, {name(GRAPH)}: $graph}})"
    return [
        f"UNWIND $rows AS row\nOPTIONAL MATCH {match}\nWITH row, n WHERE n IS NULL\n{create}",
        f"UNWIND $rows AS row\nMATCH {match}\nWHERE {ours}\n{write}",
    ]


def misfits(label: str) -> str:
    """Return the query for the nodes of ours whose labels are not those that they should have."""
    return (
        f"UNWIND $rows AS row\nMATCH (n:{name(label)} {{`id`: row.`id`}})\nWHERE n.{name(GRAPH)} = $graph AND "
        "(any(x IN labels(n) WHERE x IN $known AND NOT x IN $labels) OR any(x IN $labels WHERE NOT x IN labels(n)))\n"
        "RETURN n.`id` AS id"
    )


def remove_nodes(label: str) -> list[str]:
    """Return the statements that delete nodes of ours with our edges, so that they can be made anew.

    A node on which edges of others hang stays.
    """
    match = f"MATCH (n:{name(label)} {{`id`: row.`id`}})"
    ours = f"n.{name(GRAPH)} = $graph AND r.{name(GRAPH)} = $graph"
    return [
        f"UNWIND $rows AS row\n{match}-[r]-()\nWHERE {ours}\nWITH DISTINCT r\nDELETE r",
        f"UNWIND $rows AS row\n{match}\nWHERE n.{name(GRAPH)} = $graph AND NOT (n)--()\nDELETE n",
    ]


def add_labels(label: str, labels: tuple[str, ...]) -> str:
    """Return the statement that gives nodes the labels they lack."""
    wanted = "".join(f":{name(x)}" for x in labels)
    match = f"MATCH (n:{name(label)} {{`id`: row.`id`}})"
    return f"UNWIND $rows AS row\n{match}\nWHERE n.{name(GRAPH)} = $graph\nSET n{wanted}"


def extra_labels(label: str) -> str:
    """Return the query for labels of ours that nodes should no longer have."""
    return (
        f"UNWIND $rows AS row\nMATCH (n:{name(label)} {{`id`: row.`id`}})\nWHERE n.{name(GRAPH)} = $graph\n"
        "UNWIND labels(n) AS label\nWITH label WHERE label IN $known AND NOT label IN $labels\n"
        "RETURN DISTINCT label AS label"
    )


def remove_label(label: str, extra: str) -> str:
    """Return the statement that takes a label away."""
    return (
        f"UNWIND $rows AS row\nMATCH (n:{name(label)} {{`id`: row.`id`}})\nWHERE n.{name(GRAPH)} = $graph\n"
        f"REMOVE n:{name(extra)}"
    )


def merge_edges(kind: str, source: str, target: str) -> str:
    """Return the statement that writes edges of a type between two labels and returns how many are ours."""
    return (
        "UNWIND $rows AS row\n"
        f"MATCH (a:{name(source)} {{`id`: row.`source`}})\n"
        f"MATCH (b:{name(target)} {{`id`: row.`target`}})\n"
        f"MERGE (a)-[r:{name(kind)} {{`key`: row.`key`}}]->(b)\n"
        f"ON CREATE SET r.{name(GRAPH)} = $graph\n"
        f"WITH row, r WHERE r.{name(GRAPH)} = $graph\n"
        f"SET r = row.`properties`\nSET r.{name(GRAPH)} = $graph, r.{name(PUSH)} = $push\n"
        "RETURN count(r) AS written"
    )


def old_edges(kind: str) -> str:
    """Return the statement that deletes some edges that this push did not write, and tells how many."""
    return (
        f"MATCH ()-[r:{name(kind)}]->()\nWHERE r.{name(GRAPH)} = $graph AND r.{name(PUSH)} <> $push\n"
        "WITH r LIMIT $most\nDELETE r\nRETURN count(r) AS deleted"
    )


def old_nodes(label: str) -> str:
    """Return the statement that deletes some nodes that this push did not write and that no edge of others needs."""
    return (
        f"MATCH (n:{name(label)})\nWHERE n.{name(GRAPH)} = $graph AND n.{name(PUSH)} <> $push AND NOT (n)--()\n"
        "WITH n LIMIT $most\nDELETE n\nRETURN count(n) AS deleted"
    )


def mark_kept(label: str) -> str:
    """Return the statement that marks the nodes that should have gone, and tells how many."""
    return (
        f"MATCH (n:{name(label)})\nWHERE n.{name(GRAPH)} = $graph AND n.{name(PUSH)} <> $push\n"
        f"SET n.{name(KEPT)} = true\nRETURN count(n) AS kept"
    )


def count_nodes(label: str) -> str:
    """Return the query for the number of nodes of a label that a push has written."""
    return f"MATCH (n:{name(label)}) WHERE n.{name(GRAPH)} = $graph AND n.{name(PUSH)} = $push RETURN count(n) AS found"


def count_edges(kind: str) -> str:
    """Return the query for the number of edges of a type that a push has written."""
    return (
        f"MATCH ()-[r:{name(kind)}]->() WHERE r.{name(GRAPH)} = $graph AND r.{name(PUSH)} = $push "
        "RETURN count(r) AS found"
    )


READ_STATE = f"MATCH (s:{name(STATE)} {{`id`: $graph}}) RETURN properties(s) AS state"
WRITE_STATE = f"MERGE (s:{name(STATE)} {{`id`: $graph}}) SET s += $state"
FINISH_STATE = f"MATCH (s:{name(STATE)} {{`id`: $graph, `run`: $run}}) SET s += $state RETURN count(s) AS found"
