"""Makes the vectors of the vocabulary that come with the project: python -m bench.concepts [--store DIR]

To be run when a concept or the default model (its adapter too) has changed; tests/index/test_bridge.py tells when they are behind.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index import bridge  # noqa: E402
from index.encoder import load  # noqa: E402
from index.layout import Layout  # noqa: E402
from settings import load_settings  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path)
    settings = load_settings(store=parser.parse_args().store)
    models = Layout.of(settings).models
    bridge.ship(models, load(settings, models))
    print(f"{bridge.SHIPPED.relative_to(ROOT)}: {bridge.SHIPPED.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
