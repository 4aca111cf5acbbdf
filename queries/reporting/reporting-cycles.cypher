// Is the reporting graph free of cycles?
OPTIONAL MATCH (line:ReportingLine)-[low:HAS_SUBORDINATE]->(:Post)
WHERE low.accepted
WITH count(DISTINCT line.id) AS lines
OPTIONAL MATCH (t:Post)-[up:ANSWERS_UP_TO]->(self:Post)
WHERE self.id = t.id AND up.accepted
WITH lines, count(t.id) AS cycles, collect({answer: 'cycle', id: t.id, iri: t.iri, reading: ''}) AS certain
OPTIONAL MATCH (world:InferredGraph)-[:UNDER_INTERPRETATION]->(:Interpretation),
  (t:Post)-[up:ANSWERS_UP_TO]->(self:Post)
WHERE self.id = t.id AND NOT up.accepted
  AND ('<' + t.iri + '> <https://w3id.org/postholder/ns#answersUpTo> <' + t.iri + '> .') IN world.statements
WITH DISTINCT lines, cycles, certain, t, world.label AS label
WITH lines, cycles, certain, collect({answer: 'cycle', id: t.id, iri: t.iri, reading: label}) AS possible
UNWIND certain + possible + [{
  answer: CASE WHEN lines > 0 THEN 'acyclic on every date' ELSE 'none stated' END, id: '', iri: '', reading: ''
}] AS row
WITH row, lines, cycles
WHERE row.id IS NOT NULL AND (row.id <> '' OR cycles = 0)
RETURN row.answer AS answer, row.id AS post, lines, row.reading AS reading
ORDER BY answer, row.iri, reading
