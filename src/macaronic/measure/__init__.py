"""How mixed a text is: every usual measure of code-mixing, for sentences and corpora in any number of languages."""
