"""See the situation: indicators and their readings, incidents, situation pictures, problems."""
