"""Tables of a contract, whatever their rows live in: reading values, rows, forms, sums and checks."""
