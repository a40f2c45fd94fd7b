"""The report: one self-contained HTML file that opens from disk, reads without a network and prints."""

from foretell.workflow.report.page import report_html

__all__ = ["report_html"]
