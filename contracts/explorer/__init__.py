"""The pathway of a contract, to explore: what its case is made of, what somebody changed, and what comes out."""
