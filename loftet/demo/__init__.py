"""Trollhättan's real 2020 and 2021, told through the actions."""
