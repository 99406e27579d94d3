"""The worker of imports: no kernels, so that it is small and starts at once."""

from botforge.worker import SweepingWorker
from marketdata.services.import_recovery import recover_imports


class DataWorker(SweepingWorker):
    """Runs imports and refreshes, apart from backtests, which they would hold up."""

    def sweep(self) -> None:
        recover_imports()
