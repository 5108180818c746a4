"""Numbers in, numbers out: no Django, usable alone from a notebook."""
