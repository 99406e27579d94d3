"""Rendered pages in Redis."""

import secrets

import pytest
from django.core.cache import cache

from marketdata.cache import MAX_BYTES, cached_page


@pytest.fixture
def key() -> str:
    return secrets.token_hex(8)


def test_a_page_is_rendered_for_the_first_who_asks(key: str) -> None:
    assert cached_page(lambda: key, lambda: b"page") == b"page"
    assert cached_page(lambda: key, lambda: b"another") == b"page"


def test_a_page_is_kept_under_the_key_that_it_has_once_it_is_rendered(key: str) -> None:
    keys = iter([f"{key}:before", f"{key}:after"])

    cached_page(lambda: next(keys), lambda: b"page")

    assert cache.get(f"{key}:before") is None
    assert cache.get(f"{key}:after") == b"page"


def test_a_huge_page_is_not_kept(key: str) -> None:
    cached_page(lambda: key, lambda: b"x" * (MAX_BYTES + 1))

    assert cache.get(key) is None
