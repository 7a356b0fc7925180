"""Demo data of the contracts app: four published contracts, and on request one for every municipality."""
