"""An upload on its way from the wire to the disk: streamed, hashed, limited, whatever form it comes in."""

from app.api.intake.receive import Arrival, Intake, arrive, arrive_bare

__all__ = ["Arrival", "Intake", "arrive", "arrive_bare"]
