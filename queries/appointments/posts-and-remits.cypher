// Which posts and remits of a person are known for the day of the view, and does the person still hold them?
// Export the view of that day: postholder export FORMAT --as-of DATE --to PATH
// $person: the id of a person, or null for all.
MATCH (:View)
MATCH (a:Appointment)-[:HAS_STANDING]->(standing), (a)-[held:HELD_BY]->(p), (a)-[filling:IN_POST]->(t)
WHERE coalesce($person, p.id) = p.id AND a.standingReason IS NOT NULL
WITH DISTINCT a, standing, p, t, held.accepted AND filling.accepted AS accepted,
  '<' + a.iri + '> <https://w3id.org/postholder/ns#holder> <' + p.iri + '> .' AS holding,
  '<' + a.iri + '> <https://w3id.org/postholder/ns#post> <' + t.iri + '> .' AS placing
// Readings in play that state the holder, or what the post directs, where that does not hold in every reading.
OPTIONAL MATCH (c:Claim)-[:HAS_READING]->(said:Reading)-[:UNDER_INTERPRETATION]->(choice:Interpretation)
  -[:HAS_INTERPRETATION_STATUS]->(status)
WHERE said.inPlay AND status.id = 'ph:open'
WITH a, standing, p, t, accepted, holding, placing, said, coalesce(said.statements, []) AS statements,
  count(DISTINCT choice.label) AS names, min(choice.label) AS first, max(choice.label) AS last
WITH a, standing, p, t, accepted, statements, holding IN statements AND placing IN statements AS states,
  CASE WHEN names = 0 THEN '' WHEN names = 1 THEN first WHEN names = 2 THEN first + '; ' + last
  ELSE first + '; ' + last + ' and ' + toString(names - 2) + ' more' END AS reading
WITH a, standing, p, t, collect({states: states, statements: statements, reading: reading}) AS said, accepted
UNWIND said + [{states: false, statements: [''], reading: ''}] AS row
WITH DISTINCT a, standing, p, t, accepted, row.states AS states, row.statements AS statements, row.reading AS reading
OPTIONAL MATCH (t)-[directing:DIRECTS]->(d)
WITH a, standing, p, t, accepted, states, statements, reading, d, directing.accepted AS sure, CASE
  WHEN d.id IS NOT NULL AND (
  ('<' + t.iri + '> <https://w3id.org/postholder/ns#directs> <' + d.iri + '> .') IN statements
  OR ('<' + t.iri + '> <https://w3id.org/postholder/ns#heads> <' + d.iri + '> .') IN statements) THEN 1
    ELSE 0 END AS told
// Accepted appointments with what the post is sure to direct; else what this reading says.
WITH a, standing, p, t, reading, CASE
    WHEN accepted AND reading = '' AND (sure IS NULL OR sure) THEN 'all'
    WHEN NOT accepted AND states AND reading <> '' AND (d.id IS NULL OR sure OR told = 1) THEN 'reading'
    WHEN accepted AND reading <> '' AND d.id IS NOT NULL AND NOT sure AND told = 1 THEN 'reading'
    WHEN accepted AND reading = '' THEN 'bare' WHEN NOT accepted AND states AND reading <> '' THEN 'bare'
      ELSE 'no' END AS why, d
WITH a, standing, p, t, reading, collect({why: why, id: d.id, iri: d.iri, label: d.label}) AS found,
  sum(CASE WHEN why IN ['all', 'reading'] THEN 1 ELSE 0 END) AS kept
UNWIND found AS row
WITH DISTINCT a, standing, p, t, reading, CASE WHEN row.why = 'bare' THEN '' ELSE row.id END AS directed,
  CASE WHEN row.why = 'bare' THEN '' ELSE row.iri END AS directed_iri,
  CASE WHEN row.why = 'bare' THEN '' ELSE row.label END AS directed_label, row.why AS why, kept
WHERE why IN ['all', 'reading'] OR (why = 'bare' AND kept = 0)
OPTIONAL MATCH (a)-[:ATTESTED_BY]->(source:Claim)-[:HAS_MODALITY]->(put)
WITH DISTINCT p, t, directed, directed_iri, directed_label, CASE
    WHEN standing.id = 'ph:certain' AND reading = '' THEN 'yes' WHEN put.id = 'ph:planned' THEN 'planned'
    ELSE 'unknown' END AS holds, a.standingReason AS reason, source.identifier AS claim, reading
RETURN p.id AS person, p.label AS person_label, t.id AS post, t.label AS post_label, directed, directed_label, holds,
  reason, claim, reading
ORDER BY p.iri, t.iri, coalesce(directed_iri, ''), coalesce(claim, ''), reading, reason
