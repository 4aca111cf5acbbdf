// Which reporting lines appear or disappear, and are they new?
// $post: the id of the post that reports, or null for all.
OPTIONAL MATCH (line:ReportingLine)-[low:HAS_SUBORDINATE]->(t), (line)-[high:HAS_SUPERIOR]->(s)
WHERE coalesce($post, t.id) = t.id
WITH DISTINCT line, t, s, low.accepted AND high.accepted AS accepted,
  '<' + line.iri + '> <https://w3id.org/postholder/ns#subordinate> <' + t.iri + '> .' AS below,
  '<' + line.iri + '> <https://w3id.org/postholder/ns#superior> <' + s.iri + '> .' AS above
// A line that does not hold in every reading has a row for each reading in play that states it.
OPTIONAL MATCH (line)-[low:HAS_SUBORDINATE]->(t), (c:Claim)-[:HAS_READING]->(said:Reading)
WHERE NOT accepted AND c.id IN low.claims AND said.inPlay AND below IN said.statements AND above IN said.statements
WITH DISTINCT line, t, s, accepted, said,
  CASE WHEN line.accepted THEN line.earliestStart END AS first, CASE WHEN line.accepted THEN line.latestEnd END AS gone
OPTIONAL MATCH (gap:Omission)-[about:SILENT_ABOUT]->(line)
WHERE about.accepted AND (gap.silentOn = 'ph:earliestStart' OR 'ph:earliestStart' IN gap.silentOnOthers)
WITH t, s, accepted, said, first, gone, count(gap.id) AS gaps
WITH DISTINCT t, s, said.id AS reading_id, coalesce(said.label, '') AS reading, accepted,
  CASE WHEN gone IS NOT NULL THEN 'disappears' WHEN first IS NOT NULL THEN 'appears' ELSE 'in the text' END AS change,
  CASE WHEN first IS NOT NULL THEN 'dated' WHEN gaps > 0 THEN 'not stated' ELSE 'not recorded' END AS whether_new,
  coalesce(toString(first), '') AS began, coalesce(toString(gone), '') AS ended
WITH collect({
  kept: accepted OR reading_id IS NOT NULL, change: change, post: t.id, post_iri: t.iri, superior: s.id,
  superior_iri: s.iri, whether_new: whether_new, began: began, ended: ended, reading: reading
}) AS lines
OPTIONAL MATCH (gap:Omission)-[about:SILENT_ABOUT]->(event:Reorganisation)
WHERE about.accepted AND event.accepted AND (gap.silentOn IN ['ph:abolishes', 'ph:before']
  OR 'ph:abolishes' IN gap.silentOnOthers OR 'ph:before' IN gap.silentOnOthers)
WITH lines, count(gap.id) AS gaps
UNWIND lines + [{
  kept: gaps > 0, change: 'disappears', post: coalesce($post, ''), post_iri: '', superior: '', superior_iri: '',
  whether_new: '', began: '', ended: 'not stated', reading: ''
}] AS row
WITH row
WHERE row.kept = true
RETURN row.change AS change, row.post AS post, row.superior AS superior_post, row.whether_new AS whether_new,
  row.began AS began, row.ended AS ended, row.reading AS reading
ORDER BY change, row.post_iri, row.superior_iri, began, ended, reading
