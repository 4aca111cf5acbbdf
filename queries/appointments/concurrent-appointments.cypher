// Who holds several posts at the same time?
// $person: the id of a person, or null for all.
// First the pairs that a source calls concurrent, with the claims and passages that do so.
OPTIONAL MATCH (one:Appointment)-[call:STATED_CONCURRENT_WITH]-(other:Appointment),
  (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE one.iri < other.iri AND c.id IN call.claims AND said.inPlay AND (
  ('<' + one.iri + '> <https://w3id.org/postholder/ns#statedConcurrentWith> <' + other.iri + '> .') IN said.statements
  OR ('<' + other.iri + '> <https://w3id.org/postholder/ns#statedConcurrentWith> <' + one.iri + '> .')
    IN said.statements)
// What holds under a reading is looked at in each joint choice of interpretations.
OPTIONAL MATCH (world:InferredGraph)-[:UNDER_INTERPRETATION]->(choice:Interpretation)
WHERE NOT call.accepted
WITH one, other, call, c, said, world, collect(choice.id) AS chosen
OPTIONAL MATCH (said)-[:UNDER_INTERPRETATION]->(own:Interpretation)-[:HAS_INTERPRETATION_STATUS]->(status)
WHERE status.id = 'ph:open' AND NOT call.accepted
WITH one, other, call, c, said, chosen, collect(own.id) AS own
OPTIONAL MATCH (one)-[held:HELD_BY]->(p), (one)-[filling:IN_POST]->(t), (other)-[other_filling:IN_POST]->(o)
WITH p, t, o, c, chosen, coalesce(call.reading, '') AS reading, own + coalesce(call.interpretations, [])
  + coalesce(held.interpretations, []) + coalesce(filling.interpretations, [])
  + coalesce(other_filling.interpretations, []) AS needs
WHERE NOT EXISTS { MATCH (need:Interpretation) WHERE need.id IN needs AND NOT need.id IN chosen }
WITH DISTINCT p, t, o, c, reading
OPTIONAL MATCH (c)-[:HAS_BASIS]->(basis), (c)-[:HAS_MODALITY]->(modality), (c)-[:EVIDENCE]->(passage)
WITH collect({
  id: p.id, iri: p.iri, label: p.label, post: t.id, post_iri: t.iri, other: o.id, other_iri: o.iri, how: 'stated',
  basis: replace(basis.id, 'ph:', ''), modality: replace(modality.id, 'ph:', ''), claim: c.identifier,
  first: passage.start, last: passage.`end`, reading: reading
}) AS called
// Then those that are not called concurrent, but that the dates allow or force.
OPTIONAL MATCH (one:Appointment)-[meeting:POSSIBLY_OVERLAPS]-(other:Appointment)
WHERE one.iri < other.iri
OPTIONAL MATCH (world:InferredGraph)-[:UNDER_INTERPRETATION]->(choice:Interpretation)
WHERE NOT meeting.accepted
WITH called, one, other, meeting, world, collect(choice.id) AS chosen
OPTIONAL MATCH (one)-[call:STATED_CONCURRENT_WITH]-(other), (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE c.id IN call.claims AND said.inPlay AND (
  ('<' + one.iri + '> <https://w3id.org/postholder/ns#statedConcurrentWith> <' + other.iri + '> .') IN said.statements
  OR ('<' + other.iri + '> <https://w3id.org/postholder/ns#statedConcurrentWith> <' + one.iri + '> .')
    IN said.statements)
OPTIONAL MATCH (said)-[:UNDER_INTERPRETATION]->(own:Interpretation)
WHERE own.id IN chosen
WITH called, one, other, meeting, chosen, count(CASE WHEN call.accepted THEN 1 END) AS calls, count(own.id) AS perhaps
WHERE calls = 0 AND perhaps = 0
OPTIONAL MATCH (one)-[held:HELD_BY]->(p), (one)-[filling:IN_POST]->(t), (other)-[other_filling:IN_POST]->(o)
WITH called, one, other, p, t, o, chosen, coalesce(meeting.reading, '') AS reading,
  coalesce(meeting.interpretations, []) + coalesce(held.interpretations, [])
  + coalesce(filling.interpretations, []) + coalesce(other_filling.interpretations, []) AS needs
WHERE NOT EXISTS { MATCH (need:Interpretation) WHERE need.id IN needs AND NOT need.id IN chosen }
OPTIONAL MATCH (one)-[sure:CERTAINLY_OVERLAPS]-(other)
WITH called, p, t, o, chosen, reading, sure.key AS sure, sure.interpretations AS needs
OPTIONAL MATCH (need:Interpretation)
WHERE need.id IN needs AND NOT need.id IN chosen
WITH called, p, t, o, chosen, reading, sure, count(need.id) AS lacking
WITH called, p, t, o, chosen, reading,
  min(CASE WHEN sure IS NULL OR lacking > 0 THEN 'possible from dates' ELSE 'certain from dates' END) AS how
WITH DISTINCT called, p, t, o, reading, how
WITH called, collect({
  id: p.id, iri: p.iri, label: p.label, post: t.id, post_iri: t.iri, other: o.id, other_iri: o.iri, how: how,
  basis: 'inferred', modality: '', claim: '', first: -1, last: -1, reading: reading
}) AS dated
UNWIND called + dated AS row
WITH DISTINCT row.id AS person, row.iri AS iri, row.label AS person_label, row.post AS post, row.post_iri AS post_iri,
  row.other AS other_post, row.other_iri AS other_iri, row.how AS how, row.basis AS basis, row.modality AS modality,
  row.claim AS claim, CASE WHEN row.first >= 0 THEN row.first END AS passage_start,
  CASE WHEN row.last >= 0 THEN row.last END AS passage_end, row.reading AS reading
WHERE person IS NOT NULL AND coalesce($person, person) = person
RETURN person, person_label, post, other_post, how, basis, modality, claim, passage_start, passage_end, reading
ORDER BY iri, post_iri, other_iri, how, claim, coalesce(passage_start, -1), coalesce(passage_end, -1), reading
