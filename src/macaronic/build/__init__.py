"""The main job: from a recipe to measured, balanced shards with a data card and a report."""
