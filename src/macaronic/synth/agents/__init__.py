"""Mixed text by language-model agents: a scenario is written out, judged by models and code, refined or rejected."""
