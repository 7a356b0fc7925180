"""Contracts in words: what their pages and papers show, one file per part."""
