// To whom does a post report?
// $subordinate: the id of the post or of the person who holds it, or null for all.
MATCH (t:Post)
OPTIONAL MATCH (line:ReportingLine)-[low:HAS_SUBORDINATE]->(t), (line)-[high:HAS_SUPERIOR]->(s)
WITH DISTINCT t, line, s, low.accepted AND high.accepted AS accepted,
  '<' + line.iri + '> <https://w3id.org/postholder/ns#subordinate> <' + t.iri + '> .' AS below,
  '<' + line.iri + '> <https://w3id.org/postholder/ns#superior> <' + s.iri + '> .' AS above
// A line that does not hold in every reading has a row for each reading in play that states it.
OPTIONAL MATCH (line)-[low:HAS_SUBORDINATE]->(t), (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE NOT accepted AND c.id IN low.claims AND said.inPlay AND below IN said.statements AND above IN said.statements
WITH DISTINCT t, line, s, accepted, below, above, said, coalesce(said.statements, []) AS statements
WHERE line.id IS NULL OR accepted OR said.id IS NOT NULL
OPTIONAL MATCH (line)-[called:HAS_LINE_TYPE]->(type)
WHERE called.accepted
  OR ('<' + line.iri + '> <https://w3id.org/postholder/ns#lineType> <' + type.iri + '> .') IN statements
WITH DISTINCT t, line, s, accepted, below, above, said, type
OPTIONAL MATCH (line)-[low:HAS_SUBORDINATE]->(t), (c:Claim)-[:HAS_READING]->(told:Reading)
WHERE c.id IN low.claims AND below IN told.statements AND above IN told.statements
OPTIONAL MATCH (gap:Omission)-[about:SILENT_ABOUT]->(t)
WHERE about.accepted AND (gap.silentOn = 'ph:superior' OR 'ph:superior' IN gap.silentOnOthers)
WITH t, line, s, accepted, said, type, c, count(gap.id) AS gaps
UNWIND CASE WHEN line.id IS NOT NULL THEN [coalesce(said.label, '')] WHEN t.accepted THEN ['']
  ELSE t.readings END AS under
// A person may be given in place of the post, also one who holds it under a reading only.
OPTIONAL MATCH (holder)-[held:HOLDS]->(t)
WHERE holder.id = coalesce($subordinate, '')
WITH t, line, s, accepted, type, c, gaps, under, held.key AS held, coalesce(held.reading, '') AS holding
WHERE coalesce($subordinate, t.id) = t.id OR held IS NOT NULL
WITH DISTINCT t, s, c.identifier AS claim, CASE
    WHEN line.id IS NULL AND gaps > 0 THEN 'not stated' WHEN line.id IS NULL THEN 'not recorded'
    WHEN accepted THEN 'stated' ELSE 'undecided' END AS answer,
  CASE WHEN line.id IS NULL THEN '' ELSE coalesce(replace(replace(type.id, 'ph:', ''), 'Line', ''), 'unspecified') END
    AS line_type,
  CASE WHEN holding IN ['', under] THEN under WHEN under = '' THEN holding ELSE under + '; ' + holding END AS reading
RETURN t.id AS post, t.label AS post_label, answer, s.id AS superior_post, s.label AS superior_label, line_type, claim,
  reading
ORDER BY t.iri, answer, coalesce(s.iri, ''), line_type, coalesce(claim, ''), reading
