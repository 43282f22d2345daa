"""What `manage.py doctor` looks at, one part of the site after another, and what it says about each."""
