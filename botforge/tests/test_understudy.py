"""A process waits for its work, gets it or is let go, and outlives nobody."""

import os
import signal
from collections.abc import Callable

import pytest

from botforge.understudy import MAX_MESSAGE, Understudy

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def echo(out: int) -> Callable[[int], None]:
    """Return a body that hands on what it is told."""
    return lambda pipe: void(os.write(out, os.read(pipe, MAX_MESSAGE) or b"nothing"))


def void(_: object) -> None:
    """Drop what a call returns."""


@pytest.fixture
def ends() -> tuple[int, int]:
    return os.pipe()


def test_it_gets_its_work_whole(ends: tuple[int, int]) -> None:
    ours, theirs = ends
    understudy = Understudy(echo(theirs))
    work = b"x" * MAX_MESSAGE

    assert understudy.send(work)

    assert os.read(ours, 2 * MAX_MESSAGE) == work
    assert os.waitpid(understudy.pid, 0)[1] == 0


def test_without_work_it_ends(ends: tuple[int, int]) -> None:
    ours, theirs = ends
    understudy = Understudy(echo(theirs))

    understudy.dismiss()

    assert os.read(ours, 10) == b"nothing"
    with pytest.raises(ProcessLookupError):
        os.kill(understudy.pid, 0)


def test_one_that_has_died_is_found_out_and_leaves_nothing() -> None:
    understudy = Understudy(lambda pipe: void(os.read(pipe, 1)))
    os.kill(understudy.pid, signal.SIGKILL)
    os.waitid(os.P_PID, understudy.pid, os.WEXITED | os.WNOWAIT)

    assert not understudy.send(b"work")

    with pytest.raises(ChildProcessError):
        os.waitpid(understudy.pid, 0)


def test_it_has_a_process_group_of_its_own(ends: tuple[int, int]) -> None:
    ours, theirs = ends
    understudy = Understudy(
        lambda pipe: void(os.write(theirs, b"%d" % os.getpgrp()) and os.read(pipe, 1))
    )

    assert int(os.read(ours, 20)) == understudy.pid
    understudy.dismiss()


def test_a_failure_in_it_is_its_own() -> None:
    def fail(pipe: int) -> None:
        raise SystemExit("not in the process of the caller")

    understudy = Understudy(fail)

    assert os.waitstatus_to_exitcode(os.waitpid(understudy.pid, 0)[1]) == 1


def test_a_message_that_does_not_fit_is_a_mistake() -> None:
    understudy = Understudy(lambda pipe: void(os.read(pipe, 1)))

    with pytest.raises(ValueError, match="at most 512 bytes"):
        understudy.send(b"x" * (MAX_MESSAGE + 1))
    understudy.dismiss()
