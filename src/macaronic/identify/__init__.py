"""Word- and sentence-level language identification: trained taggers, the shipped model, and what belongs to them."""
