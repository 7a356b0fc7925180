"""Everything that the desk writes: the directory, questions, calls with joint applications."""
