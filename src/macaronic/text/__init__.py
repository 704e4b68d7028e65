"""Text as characters, words and scripts: cutting, normalising, romanising, adding noise, reading and writing."""
