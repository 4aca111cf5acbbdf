// Which appointments of one person overlap, judging by their dates?
// $person: the id of a person, or null for all.
// $overlap: certain or possible, or null for both.
MATCH (one:Appointment)-[meeting:POSSIBLY_OVERLAPS]-(other:Appointment)
WHERE one.iri < other.iri
// What holds under a reading is looked at in each joint choice of interpretations.
OPTIONAL MATCH (world:InferredGraph)-[:UNDER_INTERPRETATION]->(choice:Interpretation)
WHERE NOT meeting.accepted
WITH one, other, meeting, world, collect(choice.id) AS chosen
MATCH (one)-[held:HELD_BY]->(p), (one)-[filling:IN_POST]->(t), (other)-[other_filling:IN_POST]->(o)
WHERE coalesce($person, p.id) = p.id
OPTIONAL MATCH (one)-[sure:CERTAINLY_OVERLAPS]-(other)
OPTIONAL MATCH (one)-[call:STATED_CONCURRENT_WITH]-(other)
WITH p, t, o, chosen, meeting.reading AS reading, sure.key AS sure, sure.interpretations AS sure_needs,
  CASE WHEN call.key IS NULL THEN '' ELSE 'concurrent' END AS stated,
  coalesce(meeting.interpretations, []) + coalesce(held.interpretations, [])
  + coalesce(filling.interpretations, []) + coalesce(other_filling.interpretations, []) AS needs
WHERE NOT EXISTS { MATCH (need:Interpretation) WHERE need.id IN needs AND NOT need.id IN chosen }
OPTIONAL MATCH (more:Interpretation)
WHERE more.id IN sure_needs AND NOT more.id IN chosen
WITH p, t, o, chosen, reading, stated, sure, count(more.id) AS lacking
WITH p, t, o, chosen, coalesce(reading, '') AS reading, stated,
  min(CASE WHEN sure IS NULL OR lacking > 0 THEN 'possible' ELSE 'certain' END) AS overlaps
WITH DISTINCT p, t, o, overlaps, stated, reading
WHERE coalesce($overlap, overlaps) = overlaps
RETURN p.id AS person, p.label AS person_label, t.id AS post, o.id AS other_post, overlaps, stated, reading
ORDER BY p.iri, t.iri, o.iri, overlaps, reading
