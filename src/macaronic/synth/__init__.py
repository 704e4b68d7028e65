"""Making mixed-language text: alignment, constraint lattices, substitution, spans, views, attacks, model agents."""
