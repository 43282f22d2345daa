"""What Crosscheck knows about evidence: plain Python, no Django, no clock, no input or output."""
