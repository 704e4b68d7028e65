"""Learner text with its corrections, made code-switched: choose spans, translate them, put the errors back, score."""
