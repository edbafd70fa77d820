"""Run the page: python -m benchmarks.facts."""

import sys

from benchmarks.facts.page import main

sys.exit(main())
