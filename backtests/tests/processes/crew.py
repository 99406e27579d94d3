"""Workers and a Redis that are killed again and again, and replaced every time."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.exceptions import RedisError

from backtests.tests.processes.faults import FAULTY, IN_THE_FORK, put
from backtests.tests.processes.own_redis import OwnRedis
from backtests.tests.processes.places import POPPED
from backtests.tests.processes.workers import WorkerProcess

PLACES = (POPPED, *IN_THE_FORK)
VICTIMS = ("horse", "worker", "both", "redis, empty", "redis, as saved")
WORKERS = 2


class Crew:
    """What a supervisor keeps running; ``kills`` counts by victim and place."""

    def __init__(self, server: OwnRedis, folder: Path, chance: random.Random) -> None:
        self.redis, self.folder, self.chance = server, folder, chance
        self.log = folder / "workers.log"
        self.workers = [self._worker() for _ in range(WORKERS)]
        self.kills: Counter[tuple[str, str]] = Counter()
        self._pending: dict[str, str] = {}
        self.replaced = 0

    def hurt(self, victim: str, place: str) -> None:
        """Have the victim killed when somebody comes by; one fault for each place."""
        if place in self._pending or (victim == "horse" and place == POPPED):
            return
        if victim == "redis, as saved":
            self._save()
        if victim == "redis, empty":
            self.redis.forget()
        self._pending[place] = victim
        on_redis = victim.startswith("redis")
        put(self.folder, place, str(self.redis.pid) if on_redis else victim)

    def tend(self) -> None:
        """Count what has happened, and replace what is dead."""
        for place, victim in list(self._pending.items()):
            if not (self.folder / place).exists():
                self.kills[victim, place] += 1
                del self._pending[place]
        if self.redis.process.poll() is not None:
            time.sleep(self.chance.uniform(0, 1))
            self.redis.start()
            self._forget_faults_on_redis()
        for i, worker in enumerate(self.workers):
            if worker.process.poll() is not None:
                self.workers[i] = self._worker()
                self.replaced += 1

    def calm(self) -> None:
        """Take back the faults that nobody has come by."""
        for place in list(self._pending):
            (self.folder / place).unlink(missing_ok=True)
        self._pending.clear()

    def leave(self) -> None:
        """End the workers: what runs from here on, they would take for lost."""
        for worker in self.workers:
            worker.kill()

    def _forget_faults_on_redis(self) -> None:
        """Take back those that name the process that is no more."""
        for place, victim in list(self._pending.items()):
            if victim.startswith("redis"):
                (self.folder / place).unlink(missing_ok=True)
                del self._pending[place]

    def _save(self) -> None:
        client = redis.Redis(unix_socket_path=str(self.redis.socket))
        try:
            client.save()
        except RedisError:
            self.redis.forget()  # It is down just now.
        finally:
            client.close()

    def _worker(self) -> WorkerProcess:
        return WorkerProcess(self.log, "backtests", *FAULTY)


@contextmanager
def crew(server: OwnRedis, folder: Path, chance: random.Random) -> Iterator[Crew]:
    """Yield a crew at work; nothing of it is left afterwards."""
    working = Crew(server, folder, chance)
    try:
        yield working
    finally:
        working.leave()
