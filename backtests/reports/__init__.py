"""The report of a result: one self-contained page, built from plain data.

Nothing here knows rows, users or requests, and nothing asks for the time: the same
result is the same bytes.
"""

from backtests.reports.data import ReportData, Subject
from backtests.reports.page import render_report
from backtests.reports.policy import report_policy

__all__ = ["ReportData", "Subject", "render_report", "report_policy"]
