"""Widgets: small reusable pieces that know no panel."""
