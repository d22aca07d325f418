"""Property tests measure nothing: a busy machine must not fail them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("extremecut", deadline=None, max_examples=60)
settings.load_profile("extremecut")
