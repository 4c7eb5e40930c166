"""Views of the data beside the panel: the gallery, own data, painting, a look at the examples."""
