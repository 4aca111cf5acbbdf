"""Saved questions: read from files with a strict header, found by name or by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postholder import resources
from postholder.errors import ParseError, UnknownNameError
from postholder.queries import catalog

if TYPE_CHECKING:
    from pathlib import Path

HEADER = {
    "summary": "Who holds which post?",
    "description": "One row for each holder.",
    "tags": "[post, holder]",
    "columns": "{post: The post.}",
    "needs": "stated",
    "since": "0.1.0",
}


def write(
    folder: Path,
    name: str = "who-holds",
    topic: str = "posts",
    changes: dict[str, str | None] | None = None,
    **more: str,
) -> Path:
    """Write a query file with a good header, changed as a test wants."""
    lines = [f"#+ {key}: {value}" for key, value in {**HEADER, **(changes or {}), **more}.items() if value is not None]
    path = folder / topic / f"{name}.rq"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, "SELECT ?post { VALUES ?post { UNDEF } }"]) + "\n", encoding="utf-8")
    return path


def test_a_question_carries_its_header(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        parameters="{post: {type: entity, description: The post.}, as_of: {type: date, description: The day.}}",
        empty="no post is recorded",
    )
    question = catalog.read(path)
    assert question.name == "who-holds"
    assert question.topic == "posts"
    assert question.tags == ("post", "holder")
    assert question.columns == (("post", "The post."),)
    assert [(p.name, p.type) for p in question.parameters] == [("post", "entity"), ("as_of", "date")]
    assert question.empty == "no post is recorded"
    assert question.text == path.read_text(encoding="utf-8")
    assert question.as_dict() == {
        "name": "who-holds",
        "topic": "posts",
        "question": "Who holds which post?",
        "description": "One row for each holder.",
        "tags": ["post", "holder"],
        "columns": {"post": "The post."},
        "key": ["post"],
        "over": "",
        "needs": "stated",
        "empty": "no post is recorded",
        "cypher": False,
        "parameters": {
            "post": {"type": "entity", "description": "The post.", "kinds": [], "choices": []},
            "as_of": {"type": "date", "description": "The day.", "kinds": [], "choices": []},
        },
    }


def test_without_parameters_and_reason_there_are_none(tmp_path: Path) -> None:
    question = catalog.read(write(tmp_path))
    assert question.parameters == ()
    assert question.empty == "none stated in the documents at hand"


@pytest.mark.parametrize("key", HEADER)
def test_every_key_is_required(tmp_path: Path, key: str) -> None:
    with pytest.raises(ParseError, match=f"header lacks {key}") as caught:
        catalog.read(write(tmp_path, changes={key: None}))
    assert str(caught.value.place) == "who-holds.rq:1"


def test_a_row_is_known_by_its_key(tmp_path: Path) -> None:
    assert catalog.read(write(tmp_path, columns="{post: A post., holder: A person.}", key="[post]")).key == ("post",)
    assert catalog.read(write(tmp_path, columns="{post: A post., holder: A person.}")).key == ("post", "holder")


@pytest.mark.parametrize("key", ["[]", "[other]", "post", "{post: 1}"])
def test_a_key_names_columns(tmp_path: Path, key: str) -> None:
    with pytest.raises(ParseError, match="`key` is not a list of columns"):
        catalog.read(write(tmp_path, columns="{post: A post.}", key=key))


def test_a_misspelt_key_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="unknown header key parametres"):
        catalog.read(write(tmp_path, parametres="{}"))


@pytest.mark.parametrize(
    "spec",
    [
        "{type: entity}",
        "{description: The post.}",
        "{type: text, description: The post.}",
        "{type: entity, description: The post., default: x}",
        "entity",
        "{type: [entity], description: The post.}",
    ],
)
def test_a_parameter_has_a_type_and_a_description(tmp_path: Path, spec: str) -> None:
    with pytest.raises(ParseError, match="parameter post needs a description and a type out of entity, date"):
        catalog.read(write(tmp_path, parameters=f"{{post: {spec}}}"))


@pytest.mark.parametrize("key", ["parameters", "columns"])
def test_a_list_is_no_mapping(tmp_path: Path, key: str) -> None:
    with pytest.raises(ParseError, match=f"header key {key} is not a mapping"):
        catalog.read(write(tmp_path, changes={key: "[post]"}))


def test_needs_is_stated_or_closed(tmp_path: Path) -> None:
    assert catalog.read(write(tmp_path, needs="closed")).needs == "closed"
    with pytest.raises(ParseError, match="neither stated nor closed"):
        catalog.read(write(tmp_path, needs="everything"))


@pytest.mark.parametrize("tags", ["5", "post", "{a: b}", "null"])
def test_tags_are_a_list(tmp_path: Path, tags: str) -> None:
    with pytest.raises(ParseError, match="tags"):
        catalog.read(write(tmp_path, tags=tags))


def test_questions_are_listed_by_topic_and_name(tmp_path: Path) -> None:
    for topic, name in (("units", "a-unit"), ("posts", "z-post"), ("posts", "b-post")):
        write(tmp_path, name, topic)
    assert [q.name for q in catalog.every(tmp_path)] == ["b-post", "z-post", "a-unit"]
    assert catalog.names(tmp_path) == ["a-unit", "b-post", "z-post"]
    assert catalog.find(tmp_path, "z-post").topic == "posts"


def test_a_misspelt_name_suggests_the_nearest(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(UnknownNameError, match="no question is called 'who-hold'") as caught:
        catalog.find(tmp_path, "who-hold")
    assert caught.value.hint == "did you mean who-holds?"


@pytest.mark.parametrize("name", ["Holder?", "the holder, please", "HOLDER_of"])
def test_a_name_that_is_nowhere_near_is_sought_in_the_questions(tmp_path: Path, name: str) -> None:
    write(tmp_path, "q")
    with pytest.raises(UnknownNameError) as caught:
        catalog.find(tmp_path, name)
    assert caught.value.hint == "did you mean q?"


def test_a_name_that_says_nothing_is_sent_to_the_list(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(UnknownNameError) as caught:
        catalog.find(tmp_path, "xyzzy")
    assert caught.value.hint == "`postholder query` lists them all"


@pytest.mark.parametrize("name", ["../posts/who-holds", "posts/who-holds", "who-holds.rq", ""])
def test_a_path_is_no_name(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    with pytest.raises(UnknownNameError):
        catalog.find(tmp_path, name)


def test_two_topics_may_not_share_a_name() -> None:
    stems = [p.stem for p in resources.queries_folder().glob("*/*.rq")]
    assert stems
    assert len(stems) == len(set(stems))


def test_every_shipped_question_reads() -> None:
    questions = catalog.every(resources.queries_folder())
    assert questions
    for question in questions:
        assert question.summary.endswith("?"), question.name
        assert question.columns, question.name


def test_a_parameter_may_have_kinds_and_choices(tmp_path: Path) -> None:
    spec = "{type: entity, description: The post., kinds: [Post, Unit], choices: [a, b]}"
    [parameter] = catalog.read(write(tmp_path, parameters=f"{{post: {spec}}}")).parameters
    assert parameter.kinds == ("Post", "Unit")
    assert parameter.choices == ("a", "b")


@pytest.mark.parametrize("more", ["kinds: Post", "kinds: [1]", "choices: {a: b}", "choices: [[a]]", "kinds: 3"])
def test_kinds_and_choices_are_lists_of_words(tmp_path: Path, more: str) -> None:
    with pytest.raises(ParseError, match="lists of words"):
        catalog.read(write(tmp_path, parameters=f"{{post: {{type: entity, description: x, {more}}}}}"))


def test_questions_as_rows(tmp_path: Path) -> None:
    write(tmp_path, parameters="{a: {type: date, description: x}, b: {type: date, description: x}}")
    rows = catalog.listed(catalog.every(tmp_path))
    assert rows.to_dicts() == [
        {"topic": "posts", "name": "who-holds", "question": "Who holds which post?", "parameters": "a b"}
    ]


def test_kinds_of_shipped_questions_are_classes_of_ours() -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in (resources.ontology_folder() / "terms").glob("*.ttl"))
    kinds = {k for q in catalog.every(resources.queries_folder()) for p in q.parameters for k in p.kinds}
    assert kinds
    assert {k for k in kinds if f"ph:{k} a owl:Class" not in text} == set()
