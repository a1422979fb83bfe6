"""`python -m coopgov`: the command line."""

import sys

from coopgov.cli import main

sys.exit(main())
