"""Layers and small networks (torch)."""
