import pytest

from botforge.redis_urls import redis_url


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("redis://cache:6379", "redis://cache:6379/2"),
        ("redis://cache:6379/5", "redis://cache:6379/7"),
        ("rediss://u:p%40ss@cache/0", "rediss://u:p%40ss@cache/2"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=2"),
        ("unix:///run/redis.sock?db=3", "unix:///run/redis.sock?db=5"),
    ],
)
def test_the_database_number_is_raised_by_the_offset(base: str, expected: str) -> None:
    assert redis_url(base, 2) == expected
