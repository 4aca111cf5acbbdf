// Who holds which post on the day of the view, how surely, and by whose word?
// Export the view of that day: postholder export FORMAT --as-of DATE --to PATH
// $person: the id of a person, or null for all.
// $post: the id of a post, or null for all.
MATCH (:View)
MATCH (a:Appointment)-[:HAS_STANDING]->(standing), (a)-[held:HELD_BY]->(p), (a)-[filling:IN_POST]->(t)
WHERE coalesce($person, p.id) = p.id AND coalesce($post, t.id) = t.id AND a.standingReason IS NOT NULL
WITH DISTINCT a, standing, p, t, held.accepted AND filling.accepted AS accepted,
  '<' + a.iri + '> <https://w3id.org/postholder/ns#holder> <' + p.iri + '> .' AS holding,
  '<' + a.iri + '> <https://w3id.org/postholder/ns#post> <' + t.iri + '> .' AS placing
// What does not hold in every reading has a row for each reading in play that states it.
OPTIONAL MATCH (a)-[held:HELD_BY]->(p), (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE NOT accepted AND c.id IN held.claims AND said.inPlay AND holding IN said.statements AND placing IN said.statements
OPTIONAL MATCH (said)-[:UNDER_INTERPRETATION]->(choice:Interpretation)-[:HAS_INTERPRETATION_STATUS]->(status)
WHERE status.id = 'ph:open'
WITH a, standing, p, t, accepted, said, coalesce(said.statements, []) AS statements,
  count(DISTINCT choice.label) AS names,
  min(choice.label) AS first, max(choice.label) AS last
WHERE accepted OR names > 0
OPTIONAL MATCH (a)-[manner:HAS_MODE]->(mode)
WHERE manner.accepted OR ('<' + a.iri + '> <https://w3id.org/postholder/ns#mode> <' + mode.iri + '> .') IN statements
WITH a, standing, p, t, mode, CASE WHEN names = 0 THEN '' WHEN names = 1 THEN first WHEN names = 2
  THEN first + '; ' + last
  ELSE first + '; ' + last + ' and ' + toString(names - 2) + ' more' END AS reading
OPTIONAL MATCH (a)-[:ATTESTED_BY]->(source:Claim)-[:HAS_MODALITY]->(put)
WITH DISTINCT t, p, replace(replace(mode.id, 'ph:', ''), 'Mode', '') AS mode, replace(standing.id, 'ph:',
  '') AS standing,
  a.standingReason AS reason, replace(put.id, 'ph:', '') AS modality, source.identifier AS claim, reading
RETURN t.id AS post, t.label AS post_label, p.id AS person, p.label AS person_label, mode, standing, reason, modality,
  claim, reading
ORDER BY t.iri, p.iri, coalesce(claim, ''), coalesce(mode, ''), reading, reason
