"""Near repeats: whether one event raises the risk of the next, how near and for how long.

`knox` compares with chance, `reach` reads the result, `knox_moments` does without permutations.
"""

from loftet.analysis.nearrepeat.knox import Knox, knox
from loftet.analysis.nearrepeat.moments import Moments, knox_moments
from loftet.analysis.nearrepeat.reach import Reach, reach

__all__ = ["Knox", "Moments", "Reach", "knox", "knox_moments", "reach"]
