"""The admin: where editors work. Thin edges over the models and comparisons/editing/.

Its modules register with `admin.site`, which is made of `site.py` here; so they are imported by `urls.py`, and not by
this package.
"""
