// How many posts report at each level of the reporting tree?
MATCH (t:Post)
WHERE t.accepted AND EXISTS { MATCH (t)-[line:REPORTS_TO]-(:Post) WHERE line.accepted }
OPTIONAL MATCH (t)-[up:ANSWERS_UP_TO]->(above)
WHERE up.accepted
WITH t, count(DISTINCT above.id) AS level
OPTIONAL MATCH (below)-[report:REPORTS_TO]->(t)
WHERE report.accepted
WITH t, level, count(DISTINCT below.id) AS span
RETURN level, count(t) AS posts, sum(span) AS reports, max(span) AS most
ORDER BY level
