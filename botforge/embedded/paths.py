"""Where the embedded services keep their files."""

import hashlib
import tempfile
from pathlib import Path

# The kernel's limit for a socket's path is 108 bytes; leave room for a suffix.
MAX_SOCKET_PATH = 100


def redis_socket(var_dir: Path) -> Path:
    """Return the socket of the embedded Redis server that belongs to ``var_dir``."""
    socket = var_dir / "redis" / "redis.sock"
    if len(bytes(socket)) <= MAX_SOCKET_PATH:
        return socket
    name = hashlib.sha256(bytes(var_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"botforge-{name}" / "redis.sock"
