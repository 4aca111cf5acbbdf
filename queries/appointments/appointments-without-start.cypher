// Which appointments have no start date?
// $appointment: the id of an appointment, or null for all.
MATCH (a:Appointment)
WHERE coalesce($appointment, a.id) = a.id AND a.earliestStart IS NULL AND a.latestStart IS NULL
// A start that only a reading tells stands in the statements of that reading.
OPTIONAL MATCH (dated:Reading)-[:UNDER_INTERPRETATION]->(:Interpretation)
UNWIND coalesce(dated.statements, ['']) AS statement
WITH a, sum(CASE
  WHEN statement STARTS WITH ('<' + a.iri + '> <https://w3id.org/postholder/ns#earliestStart> ') THEN 1
  WHEN statement STARTS WITH ('<' + a.iri + '> <https://w3id.org/postholder/ns#latestStart> ') THEN 1 ELSE 0
END) AS told
WHERE told = 0
UNWIND CASE WHEN a.accepted THEN [''] ELSE a.readings END AS reading
RETURN a.id AS appointment, a.label AS appointment_label,
  CASE WHEN EXISTS {
    MATCH (gap:Omission)-[about:SILENT_ABOUT]->(a)
    WHERE about.accepted AND (gap.silentOn = 'ph:earliestStart' OR 'ph:earliestStart' IN gap.silentOnOthers)
  } THEN 'not stated' ELSE 'not recorded' END AS answer, reading
ORDER BY reading, a.iri
