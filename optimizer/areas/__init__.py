"""Territories from geographic units: nouns (`units`, `contiguity`), the question (`division`), engines."""
