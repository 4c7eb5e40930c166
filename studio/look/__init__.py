"""Look: colors, fonts, icons and spacing of the whole window."""
