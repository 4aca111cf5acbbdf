// Which persons report to a person?
// $superior: the id of the person reported to, or null for all.
MATCH (p:Person|UnidentifiedPerson)-[line:REPORTS_TO]->(s)
WHERE coalesce($superior, s.id) = s.id
OPTIONAL MATCH (p)-[:HAS_REASON_MISSING]->(why)
WITH DISTINCT s, p, why, line.accepted AS accepted, coalesce(line.reading, '') AS reading
RETURN s.id AS superior, s.label AS superior_label, p.id AS person, p.label AS person_label,
  CASE WHEN accepted THEN 'stated' ELSE 'undecided' END AS answer, replace(why.id, 'ph:', '') AS name_missing, reading
ORDER BY s.iri, p.iri, reading
