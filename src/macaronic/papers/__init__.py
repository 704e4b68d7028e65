"""One leaf file a paper: its claims, the parts of macaronic that carry it, and a flat script that checks them."""
