"""The measured claims, in one run: `make bench`."""

from benchmarks import (
    allocation,
    change,
    evaluation,
    forecast,
    hotspot,
    nearrepeat,
    pages,
    scan,
    survey,
    trend,
)

if __name__ == "__main__":
    change.run()
    evaluation.run()
    survey.run()
    nearrepeat.run()
    scan.run()
    hotspot.run()
    trend.run()
    forecast.run()
    allocation.run()
    pages.run()
