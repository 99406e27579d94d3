"""A JSON body that no database could hold is refused, with the place."""

import json
from io import BytesIO
from typing import Any

import pytest

from botforge.api.parsers import BoundedJSONParser
from botforge.errors import InvalidInput

HALF = "\ud800"


def pointer_to(body: Any) -> str:
    with pytest.raises(InvalidInput, match="NUL or half a surrogate") as refused:
        BoundedJSONParser().parse(BytesIO(json.dumps(body).encode()))
    (error,) = refused.value.errors
    assert error.code == "not_storable"
    return error.pointer


@pytest.mark.parametrize("text", ["\0", "a\0b", HALF, f"é{HALF}"])
def test_the_field_that_holds_it_is_named(text: str) -> None:
    assert pointer_to({"name": "fine", "notes": text}) == "/notes"


def test_so_is_a_place_further_down() -> None:
    assert pointer_to({"series": {"tags": ["fine", "\0"]}}) == "/series/tags/1"


def test_a_slash_or_tilde_in_a_name_is_escaped() -> None:
    assert pointer_to({"a/b~c": "\0"}) == "/a~1b~0c"


def test_of_a_name_the_object_is_told_that_it_is_in() -> None:
    assert pointer_to({"parameters": {f"x{HALF}": 1}}) == "/parameters"
    assert pointer_to({"\0": 1}) == ""


def test_text_alone_has_no_place() -> None:
    assert pointer_to("\0") == ""


def test_what_is_whole_is_taken() -> None:
    body = {"name": "𝄞 and é", "tags": ["", "a"]}

    assert BoundedJSONParser().parse(BytesIO(json.dumps(body).encode())) == body
