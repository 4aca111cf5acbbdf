// Which post's removal would disconnect most?
// $post: the id of a post, or null for all.
MATCH (line:ReportingLine)-[side:HAS_SUBORDINATE|HAS_SUPERIOR]->(t:Post)
WHERE coalesce($post, t.id) = t.id AND t.accepted AND side.accepted
WITH t, count(DISTINCT line.id) AS lines_lost
OPTIONAL MATCH (below:Post)-[report:REPORTS_TO]->(t)
WHERE report.accepted AND NOT EXISTS {
  MATCH (below)-[other:REPORTS_TO]->(second)
  WHERE other.accepted AND second.id <> t.id
}
WITH t, lines_lost, count(DISTINCT below.id) AS left_alone
RETURN t.id AS post, t.label AS post_label, lines_lost, left_alone
ORDER BY lines_lost DESC, left_alone DESC, t.iri
