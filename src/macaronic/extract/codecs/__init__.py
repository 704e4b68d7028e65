"""What a model is given and what it should answer, for records of text labels, spans, relations and events."""
