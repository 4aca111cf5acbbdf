// How deep is the stated reporting tree?
MATCH (t:Post)-[up:ANSWERS_UP_TO]->(above)
WHERE t.accepted AND up.accepted
WITH t, count(DISTINCT above.id) AS level
MATCH (line:ReportingLine)-[low:HAS_SUBORDINATE]->(t)
WHERE low.accepted
WITH max(level) AS deepest_level, count(DISTINCT line.id) AS lines
WHERE lines > 0
RETURN deepest_level, lines
ORDER BY deepest_level
