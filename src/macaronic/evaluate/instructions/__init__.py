"""Instructions that can be checked by looking at the answer, in any language and script."""
