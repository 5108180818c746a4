#!/usr/bin/env python3
"""The name that every Django developer tries first; `loftet` is the same command."""

from loftet.__main__ import main

if __name__ == "__main__":
    main()
