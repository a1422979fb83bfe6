"""The command line `coopgov`: a thin layer over the library."""

import atexit
import gc

_COLLECTS = gc.isenabled()
gc.disable()  # modules are here to stay: looking for garbage among them takes a tenth of a cold start
try:
    from coopgov.cli.main import main
finally:
    if not gc.get_freeze_count():  # what is there joins the oldest generation, without a look at each of it
        gc.freeze()
        gc.unfreeze()
    if _COLLECTS:
        gc.enable()

atexit.register(gc.freeze)  # nor is there any need to find garbage among all that a process leaves behind

__all__ = ["main"]
