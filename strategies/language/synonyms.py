"""What other languages, and other people, call the words of this one."""

from collections.abc import Mapping

_MEANT: Mapping[str, str] = {
    # outputs
    "enter_long": "buy long entry entries enter longentry entrylong golong buysignal "
    "longsignal longcondition entersignal entrysignal openlong",
    "exit_long": "sell exit exits close_long sellsignal exitsignal longexit exitlong",
    "enter_short": "short shortentry entryshort goshort sellshort shortsignal "
    "shortcondition openshort",
    "exit_short": "cover buytocover shortexit exitshort closeshort",
    "stop_loss": "sl stop stoploss stopprice stopdistance",
    "take_profit": "tp target takeprofit profittarget",
    "trailing_stop": "ts trail trailing trailingstop trailstop",
    "size": "qty quantity amount positionsize",
    # functions
    "param": "input parameter inputint inputfloat inputbool inputstring intparameter "
    "decimalparameter booleanparameter categoricalparameter",
    "plot": "print draw show",
    "require": "assert check ensure",
    "htf": "security request requestsecurity mtf timeframe resample",
    "crossover": "crossesabove crossabove crossup crossedabove",
    "crossunder": "crossesbelow crossbelow crossdown crossedbelow",
    "sma": "ma mean average movingaverage rolling",
    "ema": "ewm ewma",
    "rma": "smma wilder",
    "stdev": "std stddev standarddeviation",
    "variance": "var",
    "bb": "bbands bollinger bollingerbands",
    "kc": "keltner keltnerchannel keltnerchannels",
    "wpr": "willr williamsr",
    "highest": "hhv rollingmax",
    "lowest": "llv rollingmin",
    "highestbars": "argmax",
    "lowestbars": "argmin",
    "linreg": "linearreg regression",
    "stoch": "stochastic",
    "stoch_rsi": "stochasticrsi",
    "correlation": "corr correl",
    "percentrank": "rank percentile_rank",
    "percentile": "quantile",
    "cum": "cumsum cumulative",
    "change": "diff delta",
    "roc": "pctchange returns",
    "where": "iff iif",
    "nz": "fillna fixnan",
    "clip": "clamp",
    "sar": "psar parabolic parabolicsar",
    "dmi": "di",
    "tr": "truerange trange",
    "sqrt": "squareroot",
    "log": "ln",
    "falling": "decreasing",
    "rising": "increasing",
    "is_new": "newday isnewday",
    "in_session": "session",
    # inputs
    "open": "o",
    "high": "h",
    "low": "l",
    "close": "c price src source",
    "volume": "v vol",
    "hlc3": "typical typicalprice",
    "hl2": "median_price",
    "dayofweek": "weekday",
    "dayofmonth": "day",
    "bar_index": "barindex index",
    "bar_minutes": "barminutes bar_length timeframe_minutes interval",
    "minute": "minutes",
    "hour": "hours time",
    # arguments
    "length": "period periods window timeperiod span len",
    "mult": "multiplier std stdev nbdev deviations",
    "min": "minimum minval lowest",
    "max": "maximum maxval highest",
    "default": "defval value",
    "description": "title help tooltip",
    "choices": "options",
    "factor": "multiplier",
    # literals
    "True": "true",
    "False": "false",
}
MEANT: Mapping[str, frozenset[str]] = {
    word: frozenset(others.replace("_", "").split()) for word, others in _MEANT.items()
}


def plain(name: str) -> str:
    """Return the name as the lists above have it."""
    return name.lower().replace("_", "")
