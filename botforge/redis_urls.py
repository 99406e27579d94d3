"""Redis URLs: one server, several database numbers."""

from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from redis.backoff import NoBackoff
from redis.retry import Retry


def redis_cache(base: str, offset: int, **options: object) -> dict[str, object]:
    """Return Django's settings of a cache in a database number of its own."""
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": redis_url(base, offset),
        "KEY_PREFIX": "botforge",
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "SOCKET_CONNECT_TIMEOUT": 2,
            "SOCKET_TIMEOUT": 5,
            # Once, at once: for a connection that a restarted server has forgotten.
            # The library's ten tries take three seconds of whoever waits.
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 1)},
            **options,
        },
    }


def redis_url(base: str, offset: int) -> str:
    """Return ``base`` with its database number raised by ``offset``.

    Understands ``redis[s]://host[:port][/n]`` and ``unix:///path[?db=n]``.
    """
    parts = urlsplit(base)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    path_number = "" if parts.scheme == "unix" else parts.path.strip("/")
    number = int(query.get("db") or path_number or 0) + offset
    if parts.scheme == "unix" or "db" in query:
        # By hand: urlunsplit drops the empty host of unix:///path.
        query["db"] = str(number)
        address = f"{parts.netloc}{parts.path}"
        return f"{parts.scheme}://{address}?{urlencode(query)}"
    return urlunsplit(parts._replace(path=f"/{number}"))
