"""Health: how well each layer fares, and the alarms that follow from it."""
