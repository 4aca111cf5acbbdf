// Which reporting lines are stated, and does a source call them direct?
// $called: direct, dotted or unspecified, or null for all.
MATCH (line:ReportingLine)-[low:HAS_SUBORDINATE]->(t), (line)-[high:HAS_SUPERIOR]->(s)
WITH DISTINCT line, t, s, low.accepted AND high.accepted AS accepted,
  '<' + line.iri + '> <https://w3id.org/postholder/ns#subordinate> <' + t.iri + '> .' AS below,
  '<' + line.iri + '> <https://w3id.org/postholder/ns#superior> <' + s.iri + '> .' AS above
// A line that does not hold in every reading has a row for each reading in play that states it.
OPTIONAL MATCH (line)-[low:HAS_SUBORDINATE]->(t), (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE NOT accepted AND c.id IN low.claims AND said.inPlay AND below IN said.statements AND above IN said.statements
WITH DISTINCT line, t, s, accepted, below, above, said, coalesce(said.statements, []) AS statements
WHERE accepted OR said.id IS NOT NULL
OPTIONAL MATCH (line)-[called:HAS_LINE_TYPE]->(type)
WHERE called.accepted
  OR ('<' + line.iri + '> <https://w3id.org/postholder/ns#lineType> <' + type.iri + '> .') IN statements
OPTIONAL MATCH (line)-[about:IS_SAID_OF]->(whom)
WHERE about.accepted
WITH DISTINCT line, t, s, accepted, below, above, coalesce(said.label, '') AS reading, whom,
  coalesce(replace(replace(type.id, 'ph:', ''), 'Line', ''), 'unspecified') AS line_type
WHERE coalesce($called, line_type) = line_type
OPTIONAL MATCH (line)-[low:HAS_SUBORDINATE]->(t), (c:Claim)-[:HAS_READING]->(told:Reading), (c)-[:EVIDENCE]->(passage)
WHERE c.id IN low.claims AND told.inPlay AND below IN told.statements AND above IN told.statements
WITH DISTINCT t, s, line_type, replace(whom.id, 'ph:', '') AS said_of, accepted, c.identifier AS claim,
  passage.start AS passage_start, passage.`end` AS passage_end, reading
RETURN t.id AS post, s.id AS superior_post, line_type, said_of,
  CASE WHEN accepted THEN 'stated' ELSE 'undecided' END AS answer, claim, passage_start, passage_end, reading
ORDER BY t.iri, s.iri, line_type, coalesce(claim, ''), coalesce(passage_start, -1), coalesce(passage_end, -1), reading
