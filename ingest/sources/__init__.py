"""Where documents come from: one small module for each source."""
