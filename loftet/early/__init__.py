"""Early intervention alone: own database, own roles, one outlet of counts."""
