"""What all tests share: how Hypothesis looks for counterexamples."""

import os

from hypothesis import settings

# A shared machine may be slow at any moment, so no deadline; in CI the same examples every time.
settings.register_profile("everywhere", deadline=None, max_examples=50)
settings.register_profile("ci", settings.get_profile("everywhere"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "everywhere")
