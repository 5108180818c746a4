"""Who, where and when: people, roles, areas, places, the cycle, clocks, files, the log."""
