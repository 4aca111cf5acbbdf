// How many posts does each person hold?
// $person: the id of a person, or null for all.
MATCH (p:Person|UnidentifiedPerson)
WHERE coalesce($person, p.id) = p.id
OPTIONAL MATCH (p)-[sure:HOLDS]->(t)
WHERE sure.accepted
WITH p, count(DISTINCT t.id) AS certain
OPTIONAL MATCH (p)-[perhaps:HOLDS]->(t)
WHERE NOT perhaps.accepted
WITH p, certain, coalesce(perhaps.reading, '') AS reading, count(DISTINCT t.id) AS more
RETURN p.id AS person, p.label AS person_label, certain + more AS posts, reading
ORDER BY p.iri, reading, posts
