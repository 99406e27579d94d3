"""Changing strategies: the only code that writes them."""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import TypedDict

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError, RestrictedError
from django.utils import timezone

from botforge.errors import (
    Conflict,
    FieldError,
    InvalidInput,
    NotFound,
    PreconditionFailed,
)
from strategies.base import Values
from strategies.language.diagnostics import CodeRejected, Diagnosed
from strategies.language.strategy import LanguageStrategy
from strategies.language.validating import resolved
from strategies.limits import language_limits
from strategies.models import Strategy, StrategyVersion
from strategies.selectors import strategies_with_code

STALE = "The strategy has changed since you read it: get it again and repeat."


class StrategyFields(TypedDict, total=False):
    """What a user may set."""

    name: str
    description: str
    code: str
    parameters: Values


def strategy_create(
    *,
    owner: AbstractBaseUser,
    name: str,
    code: str,
    description: str = "",
    parameters: Values | None = None,
) -> Strategy:
    """Create a strategy with version 1 of its code.

    Raises as ``code_check`` does, and ``InvalidInput`` if the owner has a strategy of
    this name.
    """
    strategy = Strategy(
        owner_id=owner.pk,
        name=name,
        description=description,
        parameters=dict(parameters or {}),
    )
    try:
        code_check(code, strategy.parameters)
    except Diagnosed as found:
        raise _with_taken_name(strategy, name, found) from None
    try:
        with transaction.atomic():
            strategy.save(force_insert=True)
            _version_add(strategy, number=1, code=code)
            return strategies_with_code().get(pk=strategy.pk)
    except IntegrityError as error:
        _refuse_taken_name(strategy, name, error)
        raise


def code_check(code: str, parameters: Mapping[str, object]) -> None:
    """Raise ``CodeRejected`` for code that is no program, and ``Diagnosed`` for
    parameters that do not fit it."""
    resolved(LanguageStrategy.of(code, language_limits()), parameters)


def strategy_update(
    *,
    strategy: Strategy,
    fields: StrategyFields,
    revisions: Collection[int] | None = None,
) -> Strategy:
    """Set the fields given; code that differs becomes a new version. Where nothing
    differs nothing is written.

    ``revisions`` are those that the caller accepts as the present state, None for any.
    Raises ``PreconditionFailed`` if it is another one, ``NotFound`` if the strategy is
    gone, ``CodeRejected`` for code that is no program, and ``InvalidInput`` if the
    parameters do not fit the code or the new name is taken.
    """
    if "code" in fields:
        try:
            LanguageStrategy.of(fields["code"], language_limits())
        except CodeRejected as found:
            name = fields.get("name", strategy.name)
            raise _with_taken_name(strategy, name, found) from None
    if not _differs(strategy, fields):
        return _as_it_is(strategy, revisions)
    columns = {name: value for name, value in fields.items() if name != "code"}
    try:
        with transaction.atomic():
            # The write comes first: it locks the row, so that nobody can change the
            # strategy between the reads below and the end of the transaction.
            _claim(strategy, revisions, columns)
            changed = strategies_with_code()
            if "code" not in fields and "parameters" not in fields:
                return changed.get(pk=strategy.pk)
            code = _code_set(strategy, fields.get("code"))
            strategy = changed.get(pk=strategy.pk)
            # One may have come without the other: they must fit as they are now.
            code_check(code, strategy.parameters)
            return strategy
    except IntegrityError as error:
        name = fields.get("name", strategy.name)
        _refuse_misfits(strategy, fields, name)
        _refuse_taken_name(strategy, name, error)
        raise


def strategy_delete(
    *, strategy: Strategy, revisions: Collection[int] | None = None
) -> None:
    """Delete the strategy and its versions.

    Raises as ``strategy_update`` does, and ``Conflict`` while something refers to it.
    """
    try:
        with transaction.atomic():
            _claim(strategy, revisions, {})
            strategy.delete()
    except (ProtectedError, RestrictedError) as error:
        kinds = sorted(
            {
                str(used_by._meta.verbose_name_plural)
                for used_by in getattr(error, "protected_objects", set())
                | getattr(error, "restricted_objects", set())
            }
        )
        detail = f"The strategy is used by {', '.join(kinds)}: delete them first."
        raise Conflict(detail, code="in_use") from error


def _differs(strategy: Strategy, fields: StrategyFields) -> bool:
    """Say whether a field is another than the strategy was read with; JSON tells 1
    from 1.0 and true, which are equal here."""
    if not hasattr(strategy, "code"):
        return True
    return any(
        json.dumps(value, sort_keys=True)
        != json.dumps(getattr(strategy, name), sort_keys=True)
        for name, value in fields.items()
    )


def _as_it_is(strategy: Strategy, revisions: Collection[int] | None) -> Strategy:
    """Return the strategy as it was read: nothing is written, and no other client's
    tag becomes stale."""
    if revisions is not None and strategy.revision not in revisions:
        raise PreconditionFailed(STALE)
    return strategy


def _claim(
    strategy: Strategy, revisions: Collection[int] | None, columns: dict[str, object]
) -> None:
    """Write the columns if the strategy is still as the caller has seen it."""
    rows = Strategy.objects.filter(pk=strategy.pk)
    seen = rows if revisions is None else rows.filter(revision__in=revisions)
    written = seen.update(
        **columns, revision=F("revision") + 1, updated_at=timezone.now()
    )
    if written == 1:
        return
    if rows.exists():
        raise PreconditionFailed(STALE)
    raise NotFound("The strategy has been deleted.")


def _code_set(strategy: Strategy, code: str | None) -> str:
    """Add a version if the code differs, None for no change; return what holds now."""
    current = strategy.versions.order_by("-number")[0]
    if code is None or code == current.code:
        return current.code
    added = _version_add(strategy, number=current.number + 1, code=code)
    Strategy.objects.filter(pk=strategy.pk).update(version=added.number)
    return added.code


def _version_add(strategy: Strategy, *, number: int, code: str) -> StrategyVersion:
    source_hash = hashlib.sha256(code.encode()).hexdigest()
    return StrategyVersion.objects.create(
        strategy=strategy, number=number, code=code, source_hash=source_hash
    )


def _refuse_taken_name(strategy: Strategy, name: str, cause: IntegrityError) -> None:
    """Raise ``InvalidInput`` if the name is what the database refused."""
    taken = _taken_name(strategy, name)
    if taken is not None:
        raise InvalidInput(taken) from cause


def _refuse_misfits(strategy: Strategy, fields: StrategyFields, name: str) -> None:
    """Raise ``Diagnosed`` for parameters that would not have fitted either."""
    code = fields.get("code", getattr(strategy, "code", None))
    if code is None:
        return
    try:
        code_check(code, fields.get("parameters", strategy.parameters))
    except Diagnosed as found:
        raise _with_taken_name(strategy, name, found) from None


def _with_taken_name(strategy: Strategy, name: str, found: Diagnosed) -> Diagnosed:
    """Return what was found, with the name if that could not be had either."""
    taken = _taken_name(strategy, name)
    return found if taken is None else found.beside(taken, detail=taken.detail)


def _taken_name(strategy: Strategy, name: str) -> FieldError | None:
    others = Strategy.objects.filter(owner=strategy.owner_id).exclude(pk=strategy.pk)
    if not others.filter(name=name).exists():
        return None
    detail = f"You have a strategy named {name!r} already; choose another name."
    return FieldError("/name", "not_unique", detail)
