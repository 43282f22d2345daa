"""The audit of dependencies says what is known, and never that all is well when nothing could be asked."""

from __future__ import annotations

import sys

import pytest

from tests import audit

ONE = '{"name": "one", "version": "1.0", "vulns": []}'
WEAK = '{"name": "two", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}'
SKIPPED = '{"name": "three", "skip_reason": "no source answers"}'


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        (ONE, audit.SOUND, "Nothing is known against the 1 packages"),
        (f"{ONE}, {WEAK}", audit.WEAK, "two 2.0: PYSEC-1"),
        (f"{ONE}, {SKIPPED}", audit.UNKNOWN, "nothing was compared"),
    ],
)
def test_what_the_source_knows_is_said(packages: str, code: int, said: str) -> None:
    found = audit.audit([sys.executable, "-c", f"print('{{\"dependencies\": [{packages}]}}')"])
    assert found[0] == code and said in found[1]


def test_a_source_that_cannot_be_asked_is_said() -> None:
    code, said = audit.audit([sys.executable, "-c", "import sys; sys.exit('a line\\ncannot be reached')"])
    assert code == audit.UNKNOWN
    assert said == "No source of advisories could be asked, so nothing was compared: cannot be reached"
