"""Do and note: measures, safety rounds, presence, walkers, guards, schools, cameras."""
