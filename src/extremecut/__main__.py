"""`python -m extremecut` is the `extremecut` command."""

from __future__ import annotations

import sys

from extremecut.cli.main import main

sys.exit(main())
