// Does any post report to two posts?
// $post: the id of a post, or null for all.
MATCH (line:ReportingLine)-[low:HAS_SUBORDINATE]->(t), (line)-[high:HAS_SUPERIOR]->(s)
WHERE coalesce($post, t.id) = t.id AND low.accepted AND high.accepted
MATCH (other:ReportingLine)-[other_low:HAS_SUBORDINATE]->(t), (other)-[other_high:HAS_SUPERIOR]->(o)
WHERE other_low.accepted AND other_high.accepted AND s.iri < o.iri
  AND (line.earliestStart IS NULL OR other.latestEnd IS NULL OR line.earliestStart < other.latestEnd)
  AND (other.earliestStart IS NULL OR line.latestEnd IS NULL OR other.earliestStart < line.latestEnd)
OPTIONAL MATCH (line)-[called:HAS_LINE_TYPE]->(type)
WHERE called.accepted
OPTIONAL MATCH (other)-[other_called:HAS_LINE_TYPE]->(other_kind)
WHERE other_called.accepted
WITH DISTINCT t, s, o, coalesce(replace(replace(type.id, 'ph:', ''), 'Line', ''), 'unspecified') AS line_type,
  coalesce(replace(replace(other_kind.id, 'ph:', ''), 'Line', ''), 'unspecified') AS other_type
RETURN t.id AS post, t.label AS post_label, s.id AS superior_post, line_type, o.id AS other_superior, other_type
ORDER BY t.iri, s.iri, o.iri, line_type, other_type
