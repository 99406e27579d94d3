"""What the options of ``run_backtest`` ask for."""

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management.base import CommandError

from backtests.engine import ExecutionConfig
from backtests.services.request import BacktestRequest
from marketdata.management.choosing import series_named
from marketdata.models import Series

OPTIONS = tuple(field.name for field in fields(ExecutionConfig))
NAMES = ("source", "symbol", "timeframe")
# Any number will do where the strategy is a text: there is no other.
ITS_TEXT = 0


def request_of(options: dict[str, Any]) -> BacktestRequest:
    """Return the request that the options mean; ``CommandError`` for what is none."""
    strategy, library = _strategy(options)
    return BacktestRequest(
        series=_series(options).pk,
        strategy=strategy,
        library=library,
        parameters=dict(_assignments("--param", options["param"])),
        start=_moment("--start", options["start"]),
        end=_moment("--end", options["end"]),
        execution=_execution(options["set"]),
        name=options["name"],
    )


def code_of(path: Path) -> str:
    """Return the text of a file."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not a text in UTF-8.") from error


def owner_of(email: str) -> AbstractBaseUser:
    """Return the user with this address."""
    found = get_user_model()._default_manager.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(f"There is no user {email}.")
    return found


def _strategy(options: dict[str, Any]) -> tuple[int | None, str | None]:
    """Return a strategy's id or a built-in one's slug."""
    name, code = options["strategy"], options["code"]
    if (name is None) == (code is None):
        which = "Say which strategy" if code is None else "Say one strategy, not two"
        raise CommandError(
            f"{which}: a built-in one's slug, the number of a user's, or --code FILE."
        )
    if code is not None:
        return ITS_TEXT, None
    if name.isascii() and name.isdigit() and len(name) < 19:
        return int(name), None
    return None, name


def _series(options: dict[str, Any]) -> Series:
    given = [options[name] for name in NAMES]
    if options["series"] is not None and not any(given):
        return series_named(options["series"])
    if options["series"] is None and all(given):
        return series_named(":".join(given))
    raise CommandError(
        "Say which candles: --series ID, or --source, --symbol and --timeframe."
    )


def _assignments(option: str, given: Iterable[str]) -> Iterable[tuple[str, Any]]:
    """Yield the names and values of NAME=VALUE; a value is JSON, or else a text."""
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise CommandError(f"Give {option} as NAME=VALUE, not “{text}”.")
        try:
            yield name, json.loads(value)
        except ValueError:
            yield name, value


def _execution(given: Iterable[str]) -> dict[str, Any]:
    execution = dict(_assignments("--set", given))
    for name in execution:
        if name not in OPTIONS:
            near = get_close_matches(name, OPTIONS, n=1, cutoff=0.5)
            meant = f"did you mean {near[0]}?" if near else f"use {', '.join(OPTIONS)}."
            raise CommandError(f"There is no option {name} of the execution: {meant}")
    return execution


def _moment(option: str, text: str | None) -> datetime | None:
    """Return a moment; one without an offset is UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CommandError(
            f"Give {option} as 2021-01-31 or 2021-01-31T12:00, not “{text}”."
        ) from error
