"""Claims proved by running code: the probes of a folder, their environments, their runs and what follows from them."""
