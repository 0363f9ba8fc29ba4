"""make audit: what is weak, what is sound, and that nobody could be asked, are three different answers."""

import importlib.util
import json

import pytest

from settings import ROOT

SPEC = importlib.util.spec_from_file_location("audit_of_packages", ROOT / ".ci" / "audit.py")
audit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(audit)
SOUND = {"name": "a", "version": "1", "vulns": []}
WEAK = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "not on PyPI"}


@pytest.mark.parametrize(
    ("found", "code", "told"),
    [
        ([SOUND], 0, "1 pakker sjekket, 0 med"),
        ([SOUND, WEAK, SKIPPED], 1, "b 2: PYSEC-1 (rettet i: 3)"),
        ([SKIPPED], 3, "kunne nås"),
        (None, 3, "kunne nås"),
    ],
)
def test_three_answers(tmp_path, capsys, found, code, told):
    tool = tmp_path / "tool"
    said = json.dumps({"dependencies": found}) if found is not None else ""
    tool.write_text(f"#!/bin/sh\ncat <<'E'\n{said}\nE\nexit 1\n")
    tool.chmod(0o755)
    assert audit.main(str(tool), str(tmp_path)) == code
    out, err = capsys.readouterr()
    assert told in out + err
