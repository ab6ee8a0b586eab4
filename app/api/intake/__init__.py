"""An upload on its way from the wire to the disk: streamed, hashed, limited, whatever form it comes in."""

from app.api.intake.receive import Intake, Received, receive

__all__ = ["Intake", "Received", "receive"]
