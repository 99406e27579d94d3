"""The worker of backtests: it forks with the kernels loaded before the fork."""

from typing import Any

from backtests.engine import warm_up
from backtests.rehearsal import rehearse
from backtests.services.recovery import recover_backtests
from backtests.services.verification_recovery import recover_verifications
from botforge.durability import relax_commits
from botforge.worker import SweepingWorker
from strategies.language.functions.warming import warm_up as warm_up_functions


class PreloadWorker(SweepingWorker):
    """Compile once, fork many: a job finds warm kernels in a process that waits."""

    def __init__(self, *args: Any, **options: Any) -> None:
        warm_up()
        warm_up_functions()
        relax_commits()
        self._rehearse_again = rehearse()
        super().__init__(*args, **options)

    def warm_up_fork(self) -> None:
        self._rehearse_again()

    def sweep(self) -> None:
        recover_backtests()
        recover_verifications()
