"""How much of a result is luck: the statistics of metrics.md section 3."""

from backtests.engine.statistics.bootstrap import stationary_indices
from backtests.engine.statistics.mean import MeanTest, lags_of, mean_test
from backtests.engine.statistics.overfitting import Overfitting, pbo
from backtests.engine.statistics.sharpe import (
    dsr,
    effective_trials,
    expected_max_sharpe,
    min_track_record,
    psr,
)
from backtests.engine.statistics.stepwise import (
    ConfidenceSet,
    Stepwise,
    confidence_set,
    stepwise_superior,
)
from backtests.engine.statistics.superior import (
    RealityCheck,
    SuperiorAbility,
    reality_check,
    superior_ability,
)

__all__ = [
    "ConfidenceSet",
    "MeanTest",
    "Overfitting",
    "RealityCheck",
    "Stepwise",
    "SuperiorAbility",
    "confidence_set",
    "dsr",
    "effective_trials",
    "expected_max_sharpe",
    "lags_of",
    "mean_test",
    "min_track_record",
    "pbo",
    "psr",
    "reality_check",
    "stationary_indices",
    "stepwise_superior",
    "superior_ability",
]
