// Who holds which post, since when, and on what basis?
// $person: the id of a person, or null for all.
// $post: the id of a post, or null for all.
MATCH (a:Appointment)-[held:HELD_BY]->(p), (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE coalesce($person, p.id) = p.id AND c.id IN held.claims AND said.inPlay
  AND ('<' + a.iri + '> <https://w3id.org/postholder/ns#holder> <' + p.iri + '> .') IN said.statements
// What holds under a reading is looked at in each joint choice of interpretations.
OPTIONAL MATCH (world:InferredGraph)-[:UNDER_INTERPRETATION]->(choice:Interpretation)
WHERE NOT held.accepted
WITH a, p, c, said, held, world, collect(choice.id) AS chosen
MATCH (a)-[filling:IN_POST]->(t)
WHERE coalesce($post, t.id) = t.id
OPTIONAL MATCH (said)-[:UNDER_INTERPRETATION]->(own:Interpretation)-[:HAS_INTERPRETATION_STATUS]->(status)
WHERE status.id = 'ph:open' AND NOT held.accepted
WITH a, p, c, said, held, t, filling, chosen, collect(own.id) AS own
WITH a, p, c, said, held, t, chosen,
  own + coalesce(held.interpretations, []) + coalesce(filling.interpretations, []) AS needs
WHERE NOT EXISTS { MATCH (need:Interpretation) WHERE need.id IN needs AND NOT need.id IN chosen }
WITH DISTINCT a, p, c, said, t, held.accepted AS accepted, coalesce(held.reading, '') AS reading
MATCH (c)-[:HAS_BASIS]->(basis), (c)-[:HAS_MODALITY]->(modality)
OPTIONAL MATCH (a)-[manner:HAS_MODE]->(mode)
WHERE manner.accepted
  OR ('<' + a.iri + '> <https://w3id.org/postholder/ns#mode> <' + mode.iri + '> .') IN said.statements
// The days that this claim tells, out of its own statements.
UNWIND said.statements AS statement
WITH a, p, c, t, accepted, reading, basis, modality, mode, statement,
  '"^^<http://www.w3.org/2001/XMLSchema#date> .' AS tail,
  '<' + a.iri + '> <https://w3id.org/postholder/ns#earliestStart> "' AS start,
  '<' + a.iri + '> <https://w3id.org/postholder/ns#latestEnd> "' AS stop
WITH p, c, t, accepted, reading, basis, modality, mode,
  min(CASE WHEN statement STARTS WITH start THEN replace(replace(statement, start, ''), tail,
    '') END) AS earliest_start,
  min(CASE WHEN statement STARTS WITH stop THEN replace(replace(statement, stop, ''), tail, '') END) AS latest_end
WITH DISTINCT t, p, replace(replace(mode.id, 'ph:', ''), 'Mode', '') AS mode, earliest_start, latest_end,
  CASE WHEN accepted THEN 'stated' ELSE 'undecided' END AS answer, replace(basis.id, 'ph:', '') AS basis,
  replace(modality.id, 'ph:', '') AS modality, c.identifier AS claim, reading
RETURN t.id AS post, t.label AS post_label, p.id AS person, p.label AS person_label, mode, earliest_start,
  latest_end, answer, basis, modality, claim, reading
ORDER BY t.iri, coalesce(earliest_start, ''), coalesce(latest_end, ''), p.iri, claim, coalesce(mode, ''), reading
