"""Signing a version: who is asked, who signed in the portal or on paper, who joined later, who withdrew."""
