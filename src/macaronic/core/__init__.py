"""The nouns that every room shares, and the floor that every room stands on."""
