"""Writing the standard approach: versions, proposals, going through, and contracts that begin with it."""
