"""Copies of the whole database: made while the site runs, checked, and put back."""
