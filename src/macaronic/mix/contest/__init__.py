"""Which method finds the better mixture: worlds whose best mixture is known, one budget for all, and paired tests."""
