// How many posts report to each post?
// $post: the id of a post, or null for all.
MATCH (t:Post)
WHERE coalesce($post, t.id) = t.id AND t.accepted
OPTIONAL MATCH (below)-[report:REPORTS_TO]->(t)
WITH t, count(DISTINCT CASE WHEN report.accepted THEN below.id END) AS reports,
  count(DISTINCT CASE WHEN NOT report.accepted THEN below.id END) AS undecided
RETURN t.id AS post, t.label AS post_label, reports, undecided,
  CASE WHEN reports = 0 THEN 'none stated' ELSE 'stated' END AS answer
ORDER BY reports DESC, t.iri
