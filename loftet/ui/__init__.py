"""How it looks and speaks: pages, components, charts, one stylesheet, formats and sentences."""
