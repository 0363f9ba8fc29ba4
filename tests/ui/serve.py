"""python serve.py PORT CONFIG: the app as `streamlit run` serves it, with a quick stand-in for the language model."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

if __name__ == "__main__":
    from fake_encoder import Bags
    from streamlit.web import cli

    from index import encoder
    from upkeep import jobs

    encoder.load = lambda settings, models: Bags()
    jobs.INGEST = (sys.executable, str(ROOT / "tests" / "ui" / "ingest.py"))
    port, config = sys.argv[1:]
    options = ("--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none")
    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), *options, "--", "--config", config]
    cli.main()
