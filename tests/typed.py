"""Commands as a user types them, run in this process: a new one for each takes a second to begin."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

from foretell.cli.main import main


def typed(*words: str, folder: Path) -> CompletedProcess[str]:
    """`foretell WORDS` in a folder: how it ended, and what it printed."""
    before, arguments, out, err = Path.cwd(), sys.argv, io.StringIO(), io.StringIO()
    os.chdir(folder)
    sys.argv = ["foretell", *words]
    code: object = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.argv = arguments
        os.chdir(before)
    return CompletedProcess(words, code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())
