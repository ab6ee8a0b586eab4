"""An upload on its way from the wire to the disk: streamed, hashed, limited, whatever form it comes in."""

from app.api.intake.receive import Arrival, Intake, arrive

__all__ = ["Arrival", "Intake", "arrive"]
