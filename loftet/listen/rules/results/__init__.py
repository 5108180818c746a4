"""From opened answers to what may be told of them; computed in a job, never in a web process."""

from loftet.listen.rules.results.compiling import compiled
from loftet.listen.rules.results.given import Classes, Drawn, Filled, Given, Limits, Sent, Themed

__all__ = ["Classes", "Drawn", "Filled", "Given", "Limits", "Sent", "Themed", "compiled"]
