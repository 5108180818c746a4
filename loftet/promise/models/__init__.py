from loftet.promise.models.commitment import Commitment
from loftet.promise.models.pledge import Party, Pledge, Signature

__all__ = ["Commitment", "Party", "Pledge", "Signature"]
