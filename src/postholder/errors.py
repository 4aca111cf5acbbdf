"""Every error that Postholder raises on purpose.

PostholderError
├── UsageError                 exit 2: the call is wrong
│   ├── UnknownNameError       a query, parameter, format or entity that does not exist
│   ├── BadParameterError      a parameter value of the wrong type
│   ├── RefusedQueryError      a query that writes, calls out or reads outside the graph
│   └── WouldOverwriteError    the target exists and nobody said it may be replaced
└── CannotError                exit 3: the call is right, the work could not be done
    ├── UnreadableFileError    missing, too large, not text, of an unknown kind
    ├── ParseError             a syntax error, with file, line and column
    ├── RefusedFileError       a file that could harm the reader (DOCTYPE, remote context)
    ├── QuerySyntaxError       SPARQL that does not parse
    ├── QueryLimitError        a query that needed more time or memory than allowed
    ├── EngineError            a reasoning or validation engine failed
    ├── DocumentMissingError   an evidence check without the document
    └── ServerError            a database server that cannot be reached, refuses or is of another kind

Findings in data (a broken rule, a span that no longer matches) are results, not errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Place:
    """Where something stands: a file and, when known, a 1-based line and column."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return `file:line:column` with the parts that are known."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


class PostholderError(Exception):
    """Base of all errors: a message, a hint on what to do, and the place if there is one."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, hint: str = "", place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.place = place

    @property
    def name(self) -> str:
        """The stable name under which the error is documented."""
        return type(self).__name__.removesuffix("Error")

    def __str__(self) -> str:
        """Return place, message and hint, each on its own line when present."""
        head = f"{self.place}: {self.message}" if self.place else self.message
        return f"{head}\n  hint: {self.hint}" if self.hint else head


class UsageError(PostholderError):
    """The call itself is wrong."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name that does not exist; the hint lists the nearest ones that do."""


class BadParameterError(UsageError):
    """A parameter value that cannot be read as the type its query declares."""


class RefusedQueryError(UsageError):
    """A query that writes, calls a remote service or reads outside the graph."""


class WouldOverwriteError(UsageError):
    """The target exists; nothing is replaced without being asked."""


class CannotError(PostholderError):
    """The call is right but the work could not be done."""


class UnreadableFileError(CannotError):
    """A file that is missing, too large, not UTF-8 text or of an unknown kind."""


class ParseError(CannotError):
    """A file that does not parse; the place names file, line and column."""


class RefusedFileError(CannotError):
    """A file with a construct that could harm its reader or call out."""


class QuerySyntaxError(CannotError):
    """SPARQL text that does not parse."""

    exit_code = 2


class QueryLimitError(CannotError):
    """A query that was stopped at its limit of time or memory."""


class EngineError(CannotError):
    """A closure or validation engine failed or did not finish."""


class DocumentMissingError(CannotError):
    """Evidence cannot be checked because the document is not at hand."""


class ServerError(CannotError):
    """A database server that cannot be reached, refuses the work or is not of the kind it should be."""
