"""What the Cypher twins of saved questions name, so that a database that wants its tables made beforehand has it.

`tests/twins` ask every twin of a database that was made by these.
"""

from __future__ import annotations

from postholder.export.values import BOOLEAN, DATE, LONG, STRING, STRINGS

_DAYS = ("earliestStart", "latestStart", "earliestEnd", "latestEnd", "ongoingAt", "earliestDate", "latestDate")
NODE_COLUMNS = {
    **dict.fromkeys(_DAYS, DATE),
    **dict.fromkeys((f"{day}Others" for day in _DAYS), STRINGS),
    **dict.fromkeys(("readings", "interpretations", "claims", "statements", "silentOnOthers"), STRINGS),
    **dict.fromkeys(("identifier", "iri", "key", "label", "reading", "silentOn", "standingReason"), STRING),
    **dict.fromkeys(("start", "end"), LONG),
    **dict.fromkeys(("accepted", "inPlay"), BOOLEAN),
}
"""Properties of nodes that twins read, whether or not a node has them."""
LABELS = (
    "Appointment", "Business", "Center", "Claim", "Company", "InferredGraph", "Interpretation", "Omission", "Person",
    "Post", "Reading", "Reorganisation", "ReportingLine", "Sector", "Team", "UnidentifiedPerson", "Unit",
    "UnitPlacement", "UnspecifiedUnits", "Vacancy", "View",
)  # fmt: skip
TYPES = (
    "ABOLISHES", "ANSWERS_UP_TO", "ATTESTED_BY", "CARRIES_ROLE", "CERTAINLY_OVERLAPS", "DIRECTS", "ESTABLISHES",
    "EVIDENCE", "HAS_BASIS", "HAS_INTERPRETATION_STATUS", "HAS_LINE_TYPE", "HAS_MODALITY", "HAS_MODE",
    "HAS_PARENT_UNIT", "HAS_READING", "HAS_REASON_MISSING", "HAS_STANDING", "HAS_SUBORDINATE", "HAS_SUPERIOR",
    "HELD_BY", "HOLDS", "IN_POST", "IS_SAID_OF", "LEAVES_VACANT", "LIES_WITHIN", "NEVER_OVERLAPS", "PLACES_UNIT",
    "POSSIBLY_OVERLAPS", "POST_IN", "REPORTS_TO", "SILENT_ABOUT", "STATED_CONCURRENT_WITH", "UNDER_INTERPRETATION",
)  # fmt: skip
