"""Reads of contracts for pages, downloads and other apps, one file per part."""
