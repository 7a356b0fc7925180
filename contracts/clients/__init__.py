"""Clients of the interfaces that publish emissions and inhabitants: Klimaatmonitor and CBS."""
