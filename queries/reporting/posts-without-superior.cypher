// Which posts have no stated superior?
// $post: the id of a post, or null for all.
MATCH (t:Post)
WHERE coalesce($post, t.id) = t.id AND NOT EXISTS { MATCH (:ReportingLine)-[:HAS_SUBORDINATE]->(t) }
UNWIND CASE WHEN t.accepted THEN [''] ELSE t.readings END AS reading
RETURN t.id AS post, t.label AS post_label,
  CASE WHEN EXISTS {
    MATCH (gap:Omission)-[about:SILENT_ABOUT]->(t)
    WHERE about.accepted AND (gap.silentOn = 'ph:superior' OR 'ph:superior' IN gap.silentOnOthers)
  } THEN 'not stated' ELSE 'not recorded' END AS answer, reading
ORDER BY reading, t.iri
