"""Decide which rows stay: length, confidence, duplicates, and a person's own rule."""
