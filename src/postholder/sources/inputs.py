"""Find and read the files a graph is made of: vocabulary, shapes and facts, and the documents they cite."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib import metadata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder import resources, terms
from postholder.errors import Place, RefusedFileError, UnreadableFileError
from postholder.sources.rdf import FORMATS, SourceFile, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pyoxigraph import Quad, Triple

_VOCABULARY = ("terms", "alignments", "imports")
_ENGINES = "postholder, else owlrl"
"""The closure engines by name; which of them runs follows from the vocabulary (`closure.choose`)."""
_LAYOUT = (*_VOCABULARY, "shapes", "facts")
_DOCUMENTS = "documents"
"""Folder of an ontology folder that holds the texts of documents."""


@dataclass(frozen=True)
class DocumentFile:
    """The bytes of a document, against which evidence is checked."""

    name: str
    data: bytes = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, as hex."""
        return sha256(self.data).hexdigest()

    @property
    def slug(self) -> str:
        """The name without folder and ending."""
        return PurePosixPath(self.name).stem


@dataclass(frozen=True)
class Inputs:
    """Everything a graph is built from."""

    vocabulary: tuple[SourceFile, ...]
    shapes: tuple[SourceFile, ...]
    facts: tuple[SourceFile, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    """Files that were left aside, each with the reason."""
    documents: tuple[DocumentFile, ...] = ()
    """Texts that lie beside the facts."""
    rules: Path = field(default_factory=lambda: resources.ontology_folder() / "rules")

    @property
    def ontology(self) -> list[Triple]:
        """The vocabulary's triples; raises RefusedFileError when a user's file redefines ours."""
        return self._triples(self.vocabulary)

    @property
    def shape_triples(self) -> list[Triple]:
        """The shapes' triples; raises RefusedFileError when a user's file redefines ours."""
        return self._triples(self.shapes)

    @staticmethod
    def _triples(files: tuple[SourceFile, ...]) -> list[Triple]:
        for file in files:
            if is_shipped(file):
                continue
            for quad in file.quads:
                subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
                if subject.startswith((terms.PH, terms.SHAPES)):
                    spot = file.positions.find(subject)
                    raise RefusedFileError(
                        f"<{subject}> is Postholder's own: redefining it would change what is checked or inferred",
                        hint="make a term or shape in a namespace of your own",
                        place=Place(file.name, spot.line if spot else None),
                    )
        return [q.triple for f in files for q in f.quads]

    @property
    def fact_quads(self) -> list[Quad]:
        """The quads of all facts files."""
        return [q for f in self.facts for q in f.quads]

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that people may use for IRIs in parameters and that writers use."""
        return read_prefixes(resources.ontology_folder() / "prefixes.ttl")

    @cached_property
    def key(self) -> str:
        """A digest of all inputs and of the versions that read them: equal keys mean equal graphs."""
        engines = [f"{name} {metadata.version(name)}" for name in ("owlrl", "pyshacl", "rdflib", "pyoxigraph")]
        digest = sha256("\0".join([terms.VERSION, _ENGINES, *engines]).encode())
        for name, group in (("vocabulary", self.vocabulary), ("shapes", self.shapes), ("facts", self.facts)):
            digest.update(f"\1{name}".encode())
            for file in group:
                digest.update(f"\0{file.name}\0{file.digest}".encode())
        for document in self.documents:
            digest.update(f"\1document\0{document.name}\0{document.digest}".encode())
        root = resources.ontology_folder()
        for path in [*sorted(self.rules.glob("*.rq")), *sorted((root / "checks").glob("*.rq")), root / "prefixes.ttl"]:
            digest.update(f"\0{path.name}\0".encode(errors="backslashreplace") + path.read_bytes())
        digest.update(repr(self.skipped).encode())
        return digest.hexdigest()[:32]


def is_shipped(file: SourceFile) -> bool:
    """Tell whether a file is one of ours."""
    return file.path.is_relative_to(resources.ontology_folder())


def read_prefixes(path: Path) -> dict[str, str]:
    """Return the prefixes that a Turtle file declares."""
    result = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if len(parts) >= 3 and parts[0] == "@prefix":  # noqa: PLR2004 - keyword, name, IRI
            result[parts[1].removesuffix(":")] = parts[2].strip("<>")
    return result


def _rdf_files(folder: Path, skipped: list[tuple[str, str]], root: Path) -> list[tuple[Path, str]]:
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_dir() or any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        if path.suffix.lower() in FORMATS:
            found.append((path, name))
        else:
            skipped.append((name, f"not RDF by its ending; known: {', '.join(FORMATS)}"))
    return found


def _shipped(*folders: str) -> list[tuple[Path, str]]:
    root = resources.ontology_folder()
    found: list[tuple[Path, str]] = []
    for folder in folders:
        found += _rdf_files(root / folder, [], root)
    return found


@dataclass
class _Chosen:
    vocabulary: list[tuple[Path, str]]
    shapes: list[tuple[Path, str]]
    facts: list[tuple[Path, str]]
    skipped: list[tuple[str, str]]
    documents: list[tuple[Path, str]]

    def take(self, path: Path) -> None:
        """Add what a user named: a file of facts, a folder of facts, or an ontology folder."""
        if not path.exists():
            raise UnreadableFileError("no such file or folder", hint="check the path", place=Place(str(path)))
        if path.is_file():
            self.facts.append((path, str(path)))
        elif any((path / name).is_dir() for name in _LAYOUT):
            self._take_layout(path)
        else:
            self.facts += self._under(path, path)

    def _under(self, folder: Path, root: Path) -> list[tuple[Path, str]]:
        aside: list[tuple[str, str]] = []
        found = _rdf_files(folder, aside, root)
        self.skipped += [(str(root / name), why) for name, why in aside]
        return [(path, str(root / name)) for path, name in found]

    def _take_layout(self, root: Path) -> None:
        for name in _LAYOUT:
            group = {"shapes": self.shapes, "facts": self.facts}.get(name, self.vocabulary)
            group += self._under(root / name, root)
        self.take_documents(root, str(root / _DOCUMENTS))
        for name in ("rules", "checks", "queries"):
            if (root / name).is_dir():
                self.skipped.append((str(root / name), "only the shipped ones are run"))

    def take_documents(self, root: Path, name: str) -> None:
        """Add the files of the folder of documents, whatever their ending."""
        folder = root / _DOCUMENTS
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if not path.is_dir() and not any(part.startswith(".") for part in inside.parts):
                self.documents.append((path, f"{name}/{inside.as_posix()}"))

    def read_documents(self, limit: int) -> tuple[DocumentFile, ...]:
        """Read the documents; one that cannot be read is left aside, since the graph does without it."""
        found = []
        total = 0
        for path, name in dict(self.documents).items():
            try:
                if not path.is_file():
                    self.skipped.append((name, "not a regular file"))
                elif (size := path.stat().st_size) > limit:
                    self.skipped.append((name, f"{size} bytes is over the limit of {limit}"))
                elif (total := total + size) > limit:
                    self.skipped.append((name, f"the documents together are over the limit of {limit} bytes"))
                else:
                    found.append(DocumentFile(name, path.read_bytes()))
            except OSError as error:
                self.skipped.append((name, error.strerror or "cannot be read"))
        return tuple(found)


def load(data: Sequence[Path] | None, limit: int) -> Inputs:
    """Read the shipped inputs or, when `data` is given, the user's facts on the shipped vocabulary.

    Raises UnreadableFileError when there are no facts at all.
    """
    root = resources.ontology_folder()
    chosen = _Chosen(
        [(root / "postholder.ttl", "postholder.ttl"), *_shipped(*_VOCABULARY)], _shipped("shapes"), [], [], []
    )
    if data is None:
        chosen.facts += _shipped("facts")
        chosen.take_documents(root, _DOCUMENTS)
    for path in data or ():
        chosen.take(path)
    if not chosen.facts:
        place = Place(str(data[0])) if data else Place("facts")
        raise UnreadableFileError("no facts here", hint=f"facts are RDF files: {', '.join(FORMATS)}", place=place)

    def parsed(group: Iterable[tuple[Path, str]]) -> tuple[SourceFile, ...]:
        return tuple(read(path, name, limit) for path, name in dict(group).items())

    groups = parsed(chosen.vocabulary), parsed(chosen.shapes), parsed(chosen.facts)
    documents = chosen.read_documents(limit)
    return Inputs(*groups, tuple(sorted(chosen.skipped)), documents)
