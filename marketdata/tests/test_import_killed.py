"""A process that is killed in the middle of an import leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from marketdata.models import CandleBlock, ImportRun, Instrument, Series
from marketdata.storage import BLOCK_BARS
from marketdata.tests.candles import candles, csv_file
from marketdata.tests.test_concurrency import database_url

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

# Stands still when it is about to write the third of five blocks.
IMPORT = """
import sys, time
import django
django.setup()
from django.core.management import call_command
from marketdata import storage
encode, blocks = storage.encode, []
def third_waits(ohlcv):
    blocks.append(ohlcv)
    if len(blocks) == 3:
        print("half-way", flush=True)
        time.sleep(60)
    return encode(ohlcv)
storage.encode = third_waits
call_command("import_candles", *sys.argv[1:])
"""


def test_an_import_that_is_killed_half_way_leaves_nothing(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(5 * BLOCK_BARS))
    names = ["--source", "binance", "--symbol", "BTC/USDT"]
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(path), *names],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half-way\n"

    process.send_signal(signal.SIGKILL)

    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    connection.close()
    counts = [m.objects.count() for m in (Instrument, Series, CandleBlock, ImportRun)]
    assert counts == [0, 0, 0, 0]
