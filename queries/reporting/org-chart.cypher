// What is known of the organisation on a given day?
// $as_of: a day such as '2022-01-06', or null for all time.
// $thing: the id of a unit, post, placement, appointment or reporting line, or null for all.
// Days are compared as text, since claims can contradict each other on one: all are in the lists.
OPTIONAL MATCH (n:Business|Center|Company|Sector|Team|Unit|UnspecifiedUnits)
WHERE n.accepted
OPTIONAL MATCH (starting)-[establishes:ESTABLISHES]->(n)
WHERE establishes.accepted
OPTIONAL MATCH (stopping)-[abolishes:ABOLISHES]->(n)
WHERE abolishes.accepted
WITH collect({
  kind: 'unit', id: n.id, iri: n.iri, label: n.label, readings: [''],
  first: [toString(starting.earliestDate)] + coalesce(starting.earliestDateOthers, []),
  begun: [toString(starting.latestDate)] + coalesce(starting.latestDateOthers, []),
  ending: [toString(stopping.earliestDate)] + coalesce(stopping.earliestDateOthers, []),
  gone: [toString(stopping.latestDate)] + coalesce(stopping.latestDateOthers, []),
  still: [toString(n.ongoingAt)] + coalesce(n.ongoingAtOthers, []), unit_start: ''
}) AS units
OPTIONAL MATCH (n:UnitPlacement)
OPTIONAL MATCH (n)-[end_of:PLACES_UNIT|HAS_PARENT_UNIT]->(unit), (starting)-[establishes:ESTABLISHES]->(unit)
WHERE end_of.accepted AND establishes.accepted
WITH units, n, coalesce(max(toString(starting.earliestDate)), '') AS unit_start
WITH units, collect({
  kind: 'placement', id: n.id, iri: n.iri, label: n.label, readings: CASE WHEN n.accepted THEN [''] ELSE n.readings END,
  first: [toString(n.earliestStart)] + coalesce(n.earliestStartOthers, []),
  begun: [toString(n.latestStart)] + coalesce(n.latestStartOthers, []),
  ending: [toString(n.earliestEnd)] + coalesce(n.earliestEndOthers, []),
  gone: [toString(n.latestEnd)] + coalesce(n.latestEndOthers, []),
  still: [toString(n.ongoingAt)] + coalesce(n.ongoingAtOthers, []), unit_start: unit_start
}) AS placements
OPTIONAL MATCH (n:Appointment)
WITH units, placements, collect({
  kind: 'appointment', id: n.id, iri: n.iri, label: n.label, readings: CASE WHEN n.accepted THEN ['']
    ELSE n.readings END,
  first: [toString(n.earliestStart)] + coalesce(n.earliestStartOthers, []),
  begun: [toString(n.latestStart)] + coalesce(n.latestStartOthers, []),
  ending: [toString(n.earliestEnd)] + coalesce(n.earliestEndOthers, []),
  gone: [toString(n.latestEnd)] + coalesce(n.latestEndOthers, []),
  still: [toString(n.ongoingAt)] + coalesce(n.ongoingAtOthers, []), unit_start: ''
}) AS appointments
OPTIONAL MATCH (n:ReportingLine)
WITH units, placements, appointments, collect({
  kind: 'reporting line', id: n.id, iri: n.iri, label: n.label, readings: CASE WHEN n.accepted THEN ['']
    ELSE n.readings END,
  first: [toString(n.earliestStart)] + coalesce(n.earliestStartOthers, []),
  begun: [toString(n.latestStart)] + coalesce(n.latestStartOthers, []),
  ending: [toString(n.earliestEnd)] + coalesce(n.earliestEndOthers, []),
  gone: [toString(n.latestEnd)] + coalesce(n.latestEndOthers, []),
  still: [toString(n.ongoingAt)] + coalesce(n.ongoingAtOthers, []), unit_start: ''
}) AS lines
OPTIONAL MATCH (n:Post)
WITH units, placements, appointments, lines, collect({
  kind: 'post', id: n.id, iri: n.iri, label: n.label, readings: CASE WHEN n.accepted THEN [''] ELSE n.readings END,
  first: [toString(n.earliestStart)] + coalesce(n.earliestStartOthers, []),
  begun: [toString(n.latestStart)] + coalesce(n.latestStartOthers, []),
  ending: [toString(n.earliestEnd)] + coalesce(n.earliestEndOthers, []),
  gone: [toString(n.latestEnd)] + coalesce(n.latestEndOthers, []),
  still: [toString(n.ongoingAt)] + coalesce(n.ongoingAtOthers, []), unit_start: ''
}) AS posts
UNWIND units + placements + appointments + lines + posts AS row
WITH row, coalesce($as_of, '') AS day
WHERE row.id IS NOT NULL AND coalesce($thing, row.id) = row.id
UNWIND row.readings AS reading
UNWIND row.first AS first
UNWIND row.begun AS begun
UNWIND row.ending AS ending
UNWIND row.gone AS gone
UNWIND row.still AS still
WITH DISTINCT row.kind AS kind, row.id AS thing, row.iri AS iri, row.label AS thing_label,
  coalesce(first, '') AS earliest_start, coalesce(gone, '') AS latest_end, reading, CASE
    WHEN day = '' THEN 'any day'
    WHEN day < first OR day >= gone OR day < row.unit_start THEN 'absent'
    WHEN day >= begun AND (day < ending OR day <= still) THEN 'present'
    ELSE 'unknown' END AS state
RETURN kind, thing, thing_label, state, earliest_start, latest_end, reading
ORDER BY kind, iri, state, earliest_start, latest_end, reading
