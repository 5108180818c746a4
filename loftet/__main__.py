"""The `loftet` command: every management command, written with hyphens."""

import os
import sys

from django.core.management import execute_from_command_line

DEMO = {"LOFTET_VAR": "var/demo", "LOFTET_DEMO_DAY": "2021-01-21"}  # apart from any real database


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loftet.settings")
    name, *rest = sys.argv[1:] or ["help"]
    command = name if name.startswith("-") else name.replace("-", "_")
    for variable, value in DEMO.items() if command == "demo" else ():
        os.environ.setdefault(variable, value)
    execute_from_command_line(["loftet", command, *rest])


if __name__ == "__main__":
    main()
