"""Rules that hold for sellers of one country."""
