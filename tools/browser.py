"""Chromium without a window, driven by Playwright, which the virtual environment has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from bootstrap import SetUpError
from office import find_chromium

PATIENCE = 120_000  # milliseconds for a step: much else may run here


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that is installed here. Raises SetUpError where there is none."""
    program = find_chromium()
    if program is None:
        raise SetUpError("Chromium is not installed (Debian: chromium).")
    with sync_playwright() as playwright:
        # Its sandbox does not run for root; what it shows here is our own.
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"], timeout=PATIENCE
        )
        try:
            yield browser
        finally:
            browser.close()
