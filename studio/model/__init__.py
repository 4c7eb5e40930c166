"""Model: the open project and everything that changes it. Document is the only writer."""
