"""The measured claims, in one run: `make bench`."""

from benchmarks import change, pages

if __name__ == "__main__":
    change.run()
    pages.run()
