// Who heads or directs a unit, a business line or a brand?
// $unit: the id of the unit, business line or brand, or null for all.
// $as_of: a day such as '2022-01-06', or null for all time.
// First the holders: of the post, or of what it directs, one may depend on the reading.
OPTIONAL MATCH (p:Person|UnidentifiedPerson)-[held:HOLDS]->(t:Post)-[directing:DIRECTS]->(u)
WHERE coalesce($unit, u.id) = u.id
// What holds under a reading is looked at in each joint choice of interpretations.
OPTIONAL MATCH (world:InferredGraph)-[:UNDER_INTERPRETATION]->(choice:Interpretation)
WHERE NOT held.accepted
WITH p, held, t, directing, u, world, collect(choice.id) AS chosen
WITH p, held, t, directing, u, chosen, CASE
    WHEN held.accepted THEN [''] ELSE coalesce(held.interpretations, []) + coalesce(directing.interpretations,
      []) END AS needs
WHERE NOT EXISTS { MATCH (need:Interpretation) WHERE need.id IN needs AND NOT need.id IN chosen }
WITH DISTINCT p, t, u, held.accepted AS sure, held.accepted AND directing.accepted AS accepted,
  coalesce(CASE WHEN held.accepted THEN directing.reading ELSE held.reading END, '') AS reading
OPTIONAL MATCH (a:Appointment)-[holding:HELD_BY]->(p), (a)-[filling:IN_POST]->(t)
WHERE sure AND holding.accepted AND filling.accepted
OPTIONAL MATCH (p)-[:HAS_REASON_MISSING]->(why)
WITH collect({
  unit: u.id, unit_iri: u.iri, unit_label: u.label, post: t.id, post_iri: t.iri, person: p.id, person_iri: p.iri,
  person_label: p.label, found: CASE WHEN accepted THEN 'stated' ELSE 'undecided' END,
  name_missing: replace(why.id, 'ph:', ''), first: a.earliestStart, begun: a.latestStart, ending: a.earliestEnd,
  gone: a.latestEnd, still: a.ongoingAt, reading: reading
}) AS holders
// Then the posts that are told to be vacant, and those of which nothing is told.
OPTIONAL MATCH (t:Post)-[directing:DIRECTS]->(u)
WHERE directing.accepted AND coalesce($unit, u.id) = u.id
OPTIONAL MATCH (v:Vacancy)-[empty:LEAVES_VACANT]->(t)
OPTIONAL MATCH (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE NOT empty.accepted AND c.id IN empty.claims AND said.inPlay
  AND ('<' + v.iri + '> <https://w3id.org/postholder/ns#vacantPost> <' + t.iri + '> .') IN said.statements
WITH DISTINCT holders, t, u, v, coalesce(said.label, '') AS reading
OPTIONAL MATCH (:Person|UnidentifiedPerson)-[held:HOLDS]->(t)
WITH holders, t, u, v, reading, count(held.key) AS held
OPTIONAL MATCH (gap:Omission)-[about:SILENT_ABOUT]->(t)
WHERE about.accepted AND (gap.silentOn = 'ph:holder' OR 'ph:holder' IN gap.silentOnOthers)
WITH holders, t, u, v, reading, held, count(gap.id) AS gaps
WITH holders, collect({
  unit: u.id, unit_iri: u.iri, unit_label: u.label, post: t.id, post_iri: t.iri, person: '', person_iri: '',
  person_label: '', found: CASE WHEN v.id IS NOT NULL THEN 'vacant' WHEN held > 0 THEN '' WHEN gaps > 0
    THEN 'not stated'
    ELSE 'not recorded' END,
  name_missing: '', first: CASE WHEN v.accepted THEN v.earliestStart END, begun: CASE WHEN v.accepted
    THEN v.latestStart END,
  ending: CASE WHEN v.accepted THEN v.earliestEnd END, gone: CASE WHEN v.accepted THEN v.latestEnd END,
  still: CASE WHEN v.accepted THEN v.ongoingAt END, reading: reading
}) AS others
UNWIND holders + others AS row
WITH row, coalesce($as_of, '') <> '' AS dated, date(coalesce($as_of, '0001-01-01')) AS day
WHERE row.unit IS NOT NULL AND row.found <> ''
  AND (NOT dated OR ((row.first IS NULL OR row.first <= day) AND (row.gone IS NULL OR day < row.gone)))
WITH DISTINCT row.unit AS unit, row.unit_iri AS unit_iri, row.unit_label AS unit_label, row.post AS post,
  row.post_iri AS post_iri, row.person AS person, row.person_iri AS person_iri, row.person_label AS person_label,
  row.name_missing AS name_missing, row.first AS earliest_start, row.gone AS latest_end, row.reading AS reading,
  CASE WHEN NOT dated OR row.found IN ['not stated', 'not recorded'] OR (row.begun <= day
      AND (day < row.ending OR day <= row.still)) THEN row.found
    ELSE 'unknown on this day' END AS answer
RETURN unit, unit_label, post, person, person_label, answer, name_missing, earliest_start, latest_end, reading
ORDER BY unit_iri, post_iri, earliest_start IS NOT NULL, earliest_start, latest_end IS NOT NULL, latest_end, person_iri,
  answer, reading
