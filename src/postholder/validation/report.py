"""What a check found, and what it looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from postholder.text import count, printable

IDLE_SHAPE = "shape-targets-nothing"
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong, where it is, and how to mend it."""

    file: str
    line: int
    focus: str
    rule: str
    message: str
    severity: Severity = "error"
    path: str = ""
    value: str = ""
    claims: tuple[str, ...] = ()
    reading: str = ""
    """The reading under which it is wrong; empty when it is wrong under all."""

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return {**asdict(self), "claims": list(self.claims)}

    def __str__(self) -> str:
        """Return the finding as one line for people."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        claims = f" [{', '.join(self.claims)}]" if self.claims else ""
        reading = f" (if {self.reading})" if self.reading else ""
        value = f": {self.value}" if self.value else ""
        text = f"{where}: {self.severity}: {self.focus}{claims}{reading}: {self.message}{value} ({self.rule})"
        return printable(text)


@dataclass(frozen=True)
class Step:
    """One part of a validation: what it checked, or why it did not."""

    name: str
    checked: int
    unit: str
    skipped: str = ""

    def __str__(self) -> str:
        """Return the step as one line for people."""
        if self.skipped:
            return f"{self.name}: not checked: {self.skipped}"
        return f"{self.name}: {self.checked} {self.unit} checked"


@dataclass(frozen=True)
class Report:
    """The verdict: findings and an account of what was checked."""

    findings: tuple[Finding, ...]
    steps: tuple[Step, ...] = field(default=())

    @property
    def conforms(self) -> bool:
        """True when something was checked and no finding is an error."""
        return self.checked > 0 and not any(f.severity == "error" for f in self.findings)

    @property
    def checked(self) -> int:
        """How many things were looked at, over all steps."""
        return sum(s.checked for s in self.steps)

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(f.severity == severity for f in self.findings)

    @property
    def verdict(self) -> str:
        """The verdict with the counts, as people read it."""
        counts = [
            count(self.count("error"), "error"),
            count(self.count("warning"), "warning"),
            count(self.count("info"), "note"),
        ]
        return f"{'conforms' if self.conforms else 'does not conform'}: {', '.join(counts)}"

    def text(self) -> str:
        """Return findings and steps as lines; shapes that looked at nothing share one line."""
        idle = [f.focus for f in self.findings if f.rule == IDLE_SHAPE]
        lines = [str(f) for f in self.findings if f.rule != IDLE_SHAPE]
        lines += [str(s) for s in self.steps]
        if idle:
            lines.append(f"shapes that looked at nothing in this data ({len(idle)}): {printable(', '.join(idle))}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "conforms": self.conforms,
            "errors": self.count("error"),
            "warnings": self.count("warning"),
            "notes": self.count("info"),
            "steps": [asdict(s) for s in self.steps],
            "findings": [f.as_dict() for f in self.findings],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """Return the report that `as_dict` described."""
        findings = tuple(Finding(**{**f, "claims": tuple(f["claims"])}) for f in data["findings"])
        return cls(findings, tuple(Step(**s) for s in data["steps"]))
