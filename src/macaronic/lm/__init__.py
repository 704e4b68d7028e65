"""Language models behind one face: a script of replies, a server, a local model, and a memory that never pays twice."""
