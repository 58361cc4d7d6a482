"""The parts of scripts/goldens.py, one module each."""
