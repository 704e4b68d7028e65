"""One module a benchmark: `BENCHMARK` says what it is, `score(asked)` scores a file of outputs. Found by looking."""
