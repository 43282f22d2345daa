"""Writers that are killed amid edits, imports and loads: nothing acknowledged is lost, nothing stored by half.

`python -m tests.kill 200` kills as many on SQLite and as many on PostgreSQL; test_kill.py kills a few.
"""
