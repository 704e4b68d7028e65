"""People label mixed text: the project file, its event log, what is folded out of it, import, export, agreement."""
