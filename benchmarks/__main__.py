"""The measured claims, in one run: `make bench`."""

from benchmarks import change, evaluation, pages, survey

if __name__ == "__main__":
    change.run()
    evaluation.run()
    survey.run()
    pages.run()
