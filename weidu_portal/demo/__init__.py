"""Sample data for the embedded mode: Weidu's real chain, made-up people and plausible months. Never in production."""
