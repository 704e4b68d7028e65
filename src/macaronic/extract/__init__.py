"""Labels of a text together with the entities, relations and events in it: as data, as model output, scored."""
