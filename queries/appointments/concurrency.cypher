// Which posts does one person hold at once, how sure is it, and of what kind?
// $person: the id of the person who holds the posts, or null for all.
// $verdict: certain, possible or excluded, or null for all.
MATCH (one:Appointment)-[meeting:POSSIBLY_OVERLAPS|NEVER_OVERLAPS]-(other:Appointment)
WHERE one.iri < other.iri
// What holds under a reading is looked at in each joint choice of interpretations.
OPTIONAL MATCH (world:InferredGraph)-[:UNDER_INTERPRETATION]->(choice:Interpretation)
WHERE NOT meeting.accepted
WITH one, other, meeting, world, collect(choice.id) AS chosen
MATCH (one)-[held:HELD_BY]->(p), (one)-[filling:IN_POST]->(t), (other)-[other_filling:IN_POST]->(o)
WHERE coalesce($person, p.id) = p.id
WITH one, other, p, t, o, chosen, coalesce(meeting.reading, '') AS reading,
  coalesce(meeting.interpretations, []) + coalesce(held.interpretations, [])
  + coalesce(filling.interpretations, []) + coalesce(other_filling.interpretations, []) AS needs
WHERE NOT EXISTS { MATCH (need:Interpretation) WHERE need.id IN needs AND NOT need.id IN chosen }
WITH DISTINCT one, other, p, t, o, chosen, reading
OPTIONAL MATCH (one)-[never:NEVER_OVERLAPS]-(other)
WITH one, other, p, t, o, chosen, reading, never.key AS never, never.interpretations AS needs
OPTIONAL MATCH (need:Interpretation)
WHERE need.id IN needs AND NOT need.id IN chosen
WITH one, other, p, t, o, chosen, reading, never, count(need.id) AS lacking
WITH one, other, p, t, o, chosen, reading, max(CASE WHEN never IS NOT NULL AND lacking = 0 THEN 1 ELSE 0 END) AS never
OPTIONAL MATCH (one)-[sure:CERTAINLY_OVERLAPS]-(other)
WITH one, other, p, t, o, chosen, reading, never, sure.key AS sure, sure.interpretations AS needs
OPTIONAL MATCH (need:Interpretation)
WHERE need.id IN needs AND NOT need.id IN chosen
WITH one, other, p, t, o, chosen, reading, never, sure, count(need.id) AS lacking
WITH one, other, p, t, o, chosen, reading, never,
  max(CASE WHEN sure IS NOT NULL AND lacking = 0 THEN 1 ELSE 0 END) AS sure
WITH one, other, p, t, o, chosen, reading,
  CASE WHEN never = 1 THEN 'excluded' WHEN sure = 1 THEN 'certain' ELSE 'possible' END AS by_dates
WHERE coalesce($verdict, by_dates) = by_dates
OPTIONAL MATCH (one)-[call:STATED_CONCURRENT_WITH]-(other)
OPTIONAL MATCH (caller:Claim)
WHERE caller.id IN call.claims
WITH one, other, p, t, o, chosen, reading, by_dates, count(call.key) AS calls,
  min(caller.identifier) AS concurrent_claim
OPTIONAL MATCH (some:Appointment)-[:HAS_MODE]->(mode)
WHERE mode.id = 'ph:acting' AND (some.id = one.id OR some.id = other.id)
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, count(some.id) AS acting
// The two posts lie in units of which one lies within the other.
OPTIONAL MATCH (t)-[in_unit:POST_IN]->(unit), (o)-[in_other:POST_IN]->(other_unit),
  (unit)-[within:LIES_WITHIN]-(other_unit)
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, acting, within.key AS nested,
  coalesce(in_unit.interpretations, []) + coalesce(in_other.interpretations, [])
  + coalesce(within.interpretations, []) AS needs
OPTIONAL MATCH (need:Interpretation)
WHERE reading <> '' AND need.id IN needs AND NOT need.id IN chosen
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, acting, nested, needs,
  count(need.id) AS lacking
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, acting,
  sum(CASE WHEN nested IS NOT NULL AND lacking = 0 THEN 1 ELSE 0 END) AS nested
// The two posts carry one role and lie in two units.
OPTIONAL MATCH (t)-[carries:CARRIES_ROLE]->(role), (o)-[other_carries:CARRIES_ROLE]->(role),
  (t)-[in_unit:POST_IN]->(unit), (o)-[in_other:POST_IN]->(other_unit)
WHERE unit.id <> other_unit.id
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, acting, nested, role.id AS role,
  coalesce(carries.interpretations, []) + coalesce(other_carries.interpretations, [])
  + coalesce(in_unit.interpretations, []) + coalesce(in_other.interpretations, []) AS needs
OPTIONAL MATCH (need:Interpretation)
WHERE reading <> '' AND need.id IN needs AND NOT need.id IN chosen
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, acting, nested, role, needs,
  count(need.id) AS lacking
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, acting, nested,
  sum(CASE WHEN role IS NOT NULL AND lacking = 0 THEN 1 ELSE 0 END) AS same
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim,
  CASE WHEN acting > 0 THEN ', acting' ELSE '' END + CASE WHEN nested > 0 THEN ', parent and subsidiary' ELSE '' END
  + CASE WHEN same > 0 THEN ', same role in two bodies' ELSE '' END AS kinds
MATCH (one)-[stating:IN_POST]->(), (c:Claim)-[:HAS_MODALITY]->(put)
WHERE c.id IN stating.claims
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, kinds,
  min(CASE WHEN put.id <> 'ph:planned' THEN c.identifier END) AS firm, min(c.identifier) AS any_claim
MATCH (other)-[stating:IN_POST]->(), (c:Claim)-[:HAS_MODALITY]->(put)
WHERE c.id IN stating.claims
WITH one, other, p, t, o, chosen, reading, by_dates, calls, concurrent_claim, kinds, coalesce(firm, any_claim) AS claim,
  min(CASE WHEN put.id <> 'ph:planned' THEN c.identifier END) AS firm, min(c.identifier) AS any_claim
WITH DISTINCT p, t, o, CASE WHEN calls > 0 THEN 'concurrent' ELSE '' END AS stated, by_dates,
  CASE WHEN kinds = '' THEN 'alongside' ELSE replace('-' + kinds, '-, ', '') END AS kind, one.standingReason AS told,
  other.standingReason AS other_told, claim, coalesce(firm, any_claim) AS other_claim, concurrent_claim, reading
RETURN p.id AS person, p.label AS person_label, t.id AS post, o.id AS other_post, stated, by_dates, kind, told,
  other_told, claim, other_claim, concurrent_claim, reading
ORDER BY p.iri, t.iri, o.iri, reading
