"""Census products, plans and local files, each read into the model."""
