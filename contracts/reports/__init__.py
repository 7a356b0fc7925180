"""Reports of contracts: what each holds, one file per report."""
