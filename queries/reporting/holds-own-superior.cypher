// Does anyone hold two posts of which one reports to the other?
// $person: the id of a person, or null for all.
MATCH (one:Appointment)-[meeting:POSSIBLY_OVERLAPS]-(other:Appointment)
// What holds under a reading is looked at in each joint choice of interpretations.
OPTIONAL MATCH (world:InferredGraph)-[:UNDER_INTERPRETATION]->(choice:Interpretation)
WHERE NOT meeting.accepted
WITH one, other, meeting, world, collect(choice.id) AS chosen
MATCH (one)-[held:HELD_BY]->(p), (one)-[filling:IN_POST]->(low), (other)-[heading:IN_POST]->(high),
  (low)-[line:REPORTS_TO]->(high)
WHERE line.accepted AND coalesce($person, p.id) = p.id
OPTIONAL MATCH (one)-[sure:CERTAINLY_OVERLAPS]-(other)
WITH p, low, high, chosen, meeting.reading AS reading, sure.key AS sure, sure.interpretations AS sure_needs,
  coalesce(meeting.interpretations, []) + coalesce(held.interpretations, [])
  + coalesce(filling.interpretations, []) + coalesce(heading.interpretations, []) AS needs
WHERE NOT EXISTS { MATCH (need:Interpretation) WHERE need.id IN needs AND NOT need.id IN chosen }
OPTIONAL MATCH (more:Interpretation)
WHERE more.id IN sure_needs AND NOT more.id IN chosen
WITH p, low, high, chosen, reading, sure, count(more.id) AS lacking
WITH p, low, high, chosen, coalesce(reading, '') AS reading,
  min(CASE WHEN sure IS NULL OR lacking > 0 THEN 'possible' ELSE 'certain' END) AS how
WITH DISTINCT p, low, high, how, reading
RETURN p.id AS person, p.label AS person_label, low.id AS post, high.id AS superior_post, how, reading
ORDER BY p.iri, low.iri, high.iri, reading
