"""The pages are true: every block runs and prints what it shows, every link and path leads somewhere.

Blocks of one page are played in order in a folder of their own. A comment on the line before a block
says what it is for:

* `<!-- file: NAME -->` and `<!-- append: NAME -->` write the block to a file that later blocks use;
* `<!-- prints -->` marks what the Python block before it prints;
* `<!-- no run -->` marks Python that is compiled only;
* `<!-- main -->` and `<!-- test -->` mark the two commands of the README.

In a `console` block a line `$ COMMAND` is run and the lines after it must be its output, where a line
`...` stands for any number of lines and `...` within a line for the rest of it up to what follows. A
command must succeed unless `$ echo $?` comes next.
"""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat

from postholder import errors, resources
from postholder.cli.main import main
from postholder.cli.parser import COMMANDS
from postholder.export.formats import FORMATS
from postholder.queries import catalog
from postholder.queries.rows import Rows
from postholder.sources.rdf import parse_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postholder.api import KnowledgeGraph

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PLAYED = (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
LINKED = (*PLAYED, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "benchmarks").glob("*.md")))

_FENCE = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]+?) -->\n)?^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_MARK = re.compile(r"(file|append): [\w./-]+|prints|no run|main|test")
_PROMPT = "$ "
_STATUS = "echo $?"
_ASIDE = "building the graph of "
"""A note on standard error that appears on the first run only."""
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_PATH = re.compile(r"(?<![\w/.:-])(?:\.ci|benchmarks|docs|ontology|queries|src|tests)/[\w./<>*+-]*[\w/>*]")
_SETTING = re.compile(r"POSTHOLDER_[A-Z]+(?:_[A-Z]+)*")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    line: int
    language: str
    mark: str
    text: str

    @property
    def file(self) -> tuple[str, str] | None:
        """The verb and the file name of a block that stands for a file."""
        verb, _, name = self.mark.partition(": ")
        return (verb, name) if verb in {"file", "append"} else None


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    return [
        Block(text.count("\n", 0, m.start("text")) + 1, m["language"], m["mark"] or "", m["text"])
        for m in _FENCE.finditer(text)
    ]


def commands(block: Block) -> list[tuple[str, list[str]]]:
    """Return the commands of a console block, each with the lines that must follow."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith(_PROMPT):
            found.append((line.removeprefix(_PROMPT), []))
        else:
            assert found, f"line {block.line}: output without a command"
            found[-1][1].append(line.rstrip())
    return found


def agrees(expected: list[str], printed: str) -> bool:
    """Tell whether output is what a page shows; `...` stands for lines, or for a part of its line."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else ".*".join(map(re.escape, line.split("..."))) + "\n"
        for line in expected
    )
    actual = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    return re.fullmatch(pattern, actual) is not None


@dataclass
class Player:
    """Plays the blocks of one page in a folder."""

    graph: KnowledgeGraph
    capture: Callable[[], tuple[str, str]]
    prefixed: Callable[[str], str]
    played: Counter[str] = field(default_factory=Counter)
    status: int = 0
    printed: str = ""
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "__main__"})

    def play(self, block: Block) -> None:
        """Play one block; fail when it does not do what the page shows."""
        if block.file is not None:
            verb, name = block.file
            Path(name).parent.mkdir(exist_ok=True)
            with Path(name).open("w" if verb == "file" else "a", encoding="utf-8", newline="\n") as file:
                file.write(block.text)
        if block.language == "console":
            self._console(block)
        elif block.language == "python":
            self._python(block)
        elif block.language == "sparql":
            answer = self.graph.sparql(block.text)
            assert not isinstance(answer, Rows) or len(answer), f"line {block.line}: no rows"
        elif block.language in {"turtle", "trig"} and block.file is None:
            form = RdfFormat.TRIG if block.language == "trig" else RdfFormat.TURTLE
            assert parse_text(self.prefixed(block.text), f"line {block.line}", form)
        elif block.mark == "prints":
            assert agrees(block.text.splitlines(), self.printed), f"line {block.line}: it prints\n{self.printed}"
        self.played[block.language] += 1

    def _console(self, block: Block) -> None:
        steps = commands(block)
        for number, (command, expected) in enumerate(steps):
            printed = self.run(command)
            assert agrees(expected, printed), f"line {block.line}: $ {command}\n{printed}"
            shown = [line for line in expected if line.strip() != "..."]
            assert shown or not printed, f"line {block.line}: nothing of the output of {command} is shown"
            asked = number + 1 < len(steps) and steps[number + 1][0] == _STATUS
            assert asked or not self.status, f"line {block.line}: $ {command} ends with status {self.status}"

    def run(self, command: str) -> str:
        """Run one line of a console and return what it prints, on both streams."""
        program, *arguments = shlex.split(command)
        if command == _STATUS:
            told, self.status = self.status, 0
            return f"{told}\n"
        if program == "postholder":
            self.capture()
            try:
                self.status = main(arguments)
            except SystemExit as end:  # --help and --version
                self.status = int(end.code or 0)
            out, err = self.capture()
            return out + "".join(line for line in err.splitlines(keepends=True) if not line.startswith(_ASIDE))
        assert program == "python", f"{program} is not a command that pages may show; put it into an sh block"
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
        self.status = done.returncode
        return done.stdout + done.stderr

    def _python(self, block: Block) -> None:
        code = compile("\n" * block.line + block.text, f"line {block.line}", "exec")
        if block.mark != "no run" and block.file is None:
            self.capture()
            exec(code, self.names)  # noqa: S102 - our own pages
            self.printed = self.capture()[0]


@pytest.fixture
def player(
    shipped: KnowledgeGraph,
    prefixed: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Player:
    """Return a player whose working folder is empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")  # argparse wraps its help to the width of the terminal
    return Player(shipped, capsys.readouterr, prefixed)


def _named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PLAYED, ids=_named)
def test_every_block_does_what_the_page_shows(page: Path, player: Player) -> None:
    found = blocks(page.read_text(encoding="utf-8"))
    for block in found:
        player.play(block)
    assert player.played.total() == len(found)


def test_pages_have_blocks_to_play() -> None:
    languages = Counter(b.language for page in PLAYED for b in blocks(page.read_text(encoding="utf-8")))
    assert languages["console"] >= 25
    assert languages["python"] >= 5
    assert languages["sparql"] >= 5
    assert languages["turtle"] + languages["trig"] >= 3


def test_every_fence_is_a_block_with_a_known_language_and_mark() -> None:
    for page in LINKED:
        text = page.read_text(encoding="utf-8")
        found = blocks(text)
        assert text.count("\n```") == 2 * len(found) - text.startswith("```"), page
        assert {b.language for b in found} <= {
            "console",
            "python",
            "sparql",
            "turtle",
            "trig",
            "sh",
            "text",
            "yaml",
            "cypher",
            "mermaid",
        }, page
        assert all(not b.mark or _MARK.fullmatch(b.mark) for b in found), page


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        (["one", "two"], "one  \ntwo\n", True),
        (["one", "...", "four"], "one\ntwo\nthree\nfour\n", True),
        (["..."], "", True),
        ([], "", True),
        (["one"], "one\ntwo\n", False),
        (["...", "two"], "one\n", False),
        (["o.e"], "one\n", False),
        (["one ... three"], "one and two and three\n", True),
        (["one ... three"], "one\nand three\n", False),
        ([], "one\n", False),
    ],
)
def test_output_is_compared_line_by_line(expected: list[str], printed: str, same: bool) -> None:
    assert agrees(expected, printed) is same


@pytest.mark.parametrize(
    "text",
    [
        "```console\n$ postholder --version\npostholder 0.0.0\n```\n",
        "```console\n$ postholder --version\n...\n```\n",
        "```console\n$ postholder query no-such-question\n...\n  hint: `postholder query` lists them all\n```\n",
        "```console\n$ rm -r .\n```\n",
        "```python\nassert False\n```\n",
        "```python\nprint(1)\n```\n\n<!-- prints -->\n```text\n2\n```\n",
        "```sparql\nSELECT ?s { ?s a <urn:nothing> }\n```\n",
    ],
)
def test_a_wrong_block_is_found(text: str, player: Player) -> None:
    (first, *others) = blocks(text)
    with pytest.raises(AssertionError):  # noqa: PT012 - either block may be the wrong one
        player.play(first)
        for other in others:
            player.play(other)


def _links(page: Path) -> Iterator[str]:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return (link for link in _LINK.findall(text) if not re.match(r"[a-z]+:", link))


def _anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings get on the usual code hosts."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in _HEADING.findall(text)}


def _headings(page: Path) -> set[str]:
    return set(_HEADING.findall(page.read_text(encoding="utf-8")))


def test_links_lead_somewhere() -> None:
    count = 0
    for page in LINKED:
        for link in _links(page):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{_named(page)}: {link}"
            assert not anchor or anchor in _anchors(target), f"{_named(page)}: {link}"
            count += 1
    assert count >= 40


def test_paths_exist() -> None:
    count = 0
    for page in LINKED:
        for path in _PATH.findall(page.read_text(encoding="utf-8")):
            wanted = re.sub(r"<[^>]*>", "*", path).rstrip("/")
            assert any(ROOT.glob(wanted)), f"{_named(page)}: {path}"
            count += 1
    assert count >= 20


def test_every_page_can_be_reached() -> None:
    reached = {ROOT / "README.md", DOCS / "index.md"}
    waiting = sorted(reached)
    while waiting:
        page = waiting.pop()
        for link in _links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target not in reached and target.is_file():
                reached.add(target)
                waiting.append(target)
    assert len(PLAYED) > 15
    assert set(PLAYED) - reached == set()


def _error_classes() -> list[type[errors.PostholderError]]:
    members = (m for _, m in inspect.getmembers(errors, inspect.isclass))
    return [m for m in members if issubclass(m, errors.PostholderError) and m is not errors.PostholderError]


def _settings() -> set[str]:
    """Return the environment variables that the source names in its strings."""
    found: set[str] = set()
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(_SETTING.findall(node.value))
    return found


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("commands", list(COMMANDS)),
        ("errors", [c("").name for c in _error_classes()]),
        ("questions", catalog.names(resources.queries_folder())),
        ("formats", list(FORMATS)),
        ("terms", [p.stem.capitalize() for p in (resources.ontology_folder() / "terms").glob("*.ttl")]),
        ("shapes", [p.stem for p in (resources.ontology_folder() / "shapes").glob("*.ttl") if p.stem != "prefixes"]),
        ("settings", sorted(_settings())),
    ],
)
def test_every_name_has_its_heading(page: str, wanted: list[str]) -> None:
    assert len(wanted) >= 4
    assert set(wanted) - _headings(REFERENCE / f"{page}.md") == set()


def test_errors_that_are_gone_have_no_heading() -> None:
    known = {c("").name for c in _error_classes()}
    assert _headings(REFERENCE / "errors.md") - known == {"Errors"}


@pytest.mark.parametrize("name", ["main", "test"])
def test_the_readme_has_its_two_commands(name: str) -> None:
    found = [b for b in blocks((ROOT / "README.md").read_text(encoding="utf-8")) if b.mark == name]
    assert [b.language for b in found] == ["sh"]
    assert len(found[0].text.splitlines()) == 1
