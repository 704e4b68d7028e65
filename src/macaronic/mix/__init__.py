"""Rules that say how much of each to take, and the sampler that takes exactly that."""
