"""The server behind the annotation page: accounts, sessions, and the desk as JSON."""
