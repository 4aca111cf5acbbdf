// Which posts report to a post or its holder?
// $superior: the id of the post reported to or of the person who holds it, or null for all.
// $as_of: a day such as '2022-01-06', or null for all time.
MATCH (line:ReportingLine)-[low:HAS_SUBORDINATE]->(t), (line)-[high:HAS_SUPERIOR]->(s)
WITH DISTINCT line, t, s, low.accepted AND high.accepted AS accepted, coalesce($as_of, '') <> '' AS dated,
  date(coalesce($as_of, '0001-01-01')) AS day,
  '<' + line.iri + '> <https://w3id.org/postholder/ns#subordinate> <' + t.iri + '> .' AS below,
  '<' + line.iri + '> <https://w3id.org/postholder/ns#superior> <' + s.iri + '> .' AS above
// A line that does not hold in every reading has a row for each reading in play that states it.
OPTIONAL MATCH (line)-[low:HAS_SUBORDINATE]->(t), (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE NOT accepted AND c.id IN low.claims AND said.inPlay AND below IN said.statements AND above IN said.statements
WITH DISTINCT line, t, s, accepted, dated, day, below, above, said,
  CASE WHEN line.accepted THEN line.earliestStart END AS first, CASE WHEN line.accepted
    THEN line.latestStart END AS begun,
  CASE WHEN line.accepted THEN line.earliestEnd END AS ending, CASE WHEN line.accepted THEN line.latestEnd END AS gone,
  CASE WHEN line.accepted THEN line.ongoingAt END AS still
WHERE (accepted OR said.id IS NOT NULL) AND (NOT dated OR ((first IS NULL OR first <= day) AND (gone IS NULL
  OR day < gone)))
WITH line, t, s, accepted, dated, day, below, above, said, coalesce(said.statements, []) AS statements,
  CASE WHEN begun <= day AND (day < ending OR day <= still) THEN true ELSE false END AS line_known
OPTIONAL MATCH (line)-[called:HAS_LINE_TYPE]->(type)
WHERE called.accepted
  OR ('<' + line.iri + '> <https://w3id.org/postholder/ns#lineType> <' + type.iri + '> .') IN statements
WITH DISTINCT line, t, s, accepted, dated, day, below, above, line_known, coalesce(said.label, '') AS under,
  coalesce(replace(replace(type.id, 'ph:', ''), 'Line', ''), 'unspecified') AS line_type
OPTIONAL MATCH (line)-[low:HAS_SUBORDINATE]->(t), (c:Claim)-[:HAS_READING]->(told:Reading)
WHERE c.id IN low.claims AND told.inPlay AND below IN told.statements AND above IN told.statements
WITH DISTINCT t, s, accepted, dated, day, line_known, under, line_type, c.identifier AS claim
OPTIONAL MATCH (a:Appointment)-[filling:IN_POST]->(t), (a)-[held:HELD_BY]->(p)
WHERE filling.accepted AND held.accepted
  AND (NOT dated OR ((a.earliestStart IS NULL OR a.earliestStart <= day) AND (a.latestEnd IS NULL
    OR day < a.latestEnd)))
WITH t, s, accepted, dated, day, line_known, under, line_type, claim, p,
  CASE WHEN a.latestStart <= day AND (day < a.earliestEnd OR day <= a.ongoingAt) THEN true
    ELSE false END AS holder_known
OPTIONAL MATCH (:Person|UnidentifiedPerson)-[perhaps:HOLDS]->(t)
WHERE NOT perhaps.accepted
WITH t, s, accepted, dated, day, line_known, under, line_type, claim, p, holder_known, count(perhaps.key) AS candidates
OPTIONAL MATCH (v:Vacancy)-[empty:LEAVES_VACANT]->(t)
WHERE empty.accepted AND (NOT dated OR (v.latestStart <= day AND (day < v.earliestEnd OR day <= v.ongoingAt)))
WITH t, s, accepted, dated, line_known, under, line_type, claim, p, holder_known, candidates, count(v.id) AS vacancies
// A person may be given in place of the post, also one who holds it under a reading only.
OPTIONAL MATCH (boss)-[held:HOLDS]->(s)
WHERE boss.id = coalesce($superior, '')
WITH t, s, accepted, dated, line_known, under, line_type, claim, p, holder_known, candidates, vacancies,
  held.key AS held, coalesce(held.reading, '') AS holding
WHERE coalesce($superior, s.id) = s.id OR held IS NOT NULL
WITH DISTINCT t, s, line_type, claim, p, CASE WHEN p.id IS NOT NULL THEN coalesce(p.label, p.iri)
    WHEN candidates > 0 THEN 'undecided' WHEN vacancies > 0 THEN 'vacant' ELSE 'not recorded' END AS holder_label,
  CASE WHEN dated AND NOT line_known THEN 'unknown on this day'
    WHEN dated AND p.id IS NOT NULL AND NOT holder_known THEN 'holder unknown on this day'
    WHEN accepted THEN 'stated' ELSE 'undecided' END AS answer,
  CASE WHEN holding IN ['', under] THEN under WHEN under = '' THEN holding ELSE under + '; ' + holding END AS reading
RETURN s.id AS superior_post, t.id AS post, t.label AS post_label, p.id AS holder, holder_label, line_type, answer,
  claim, reading
ORDER BY s.iri, t.iri, coalesce(p.iri, ''), line_type, coalesce(claim, ''), reading
