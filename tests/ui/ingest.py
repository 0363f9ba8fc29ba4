"""python ingest.py …: `python -m ingest` with the quick stand-in for the language model that the app of the tests has too."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

if __name__ == "__main__":
    from fake_encoder import Bags

    from index import encoder
    from ingest.__main__ import main

    encoder.load = lambda settings, models: Bags()
    sys.exit(main())
