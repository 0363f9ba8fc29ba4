"""python steps.py STEP …: a stand-in for `python -m ingest`, whose steps say and do what a job may meet."""

import json
import signal
import subprocess
import sys
import time


def tell(label: str, done: int, total: int) -> None:
    print(json.dumps({"progress": label, "done": done, "total": total}), file=sys.stderr, flush=True)


def slow() -> None:
    for done in range(2000):
        tell("Leser dokumenter", done, 2000)
        time.sleep(0.02)


def main(step: str, *rest: str) -> int:
    if step == "fetch":
        return main(*rest)
    if step == "run":
        tell("Leser dokumenter", 1, 2)
        print("ingest: a.pdf: filen er tom", file=sys.stderr)
        print(json.dumps({"added": 1, "failed": [{"path": "a.pdf", "reason": "filen er tom"}], "said": " ".join(rest)}))
    elif step == "refuse":
        print("python -m ingest: En annen kjøring skriver; vent.", file=sys.stderr)
        return 1
    elif step == "die":
        signal.raise_signal(signal.SIGKILL)
    elif step == "slow":
        try:
            slow()
        except KeyboardInterrupt:
            return 130
    elif step == "quiet":
        tell("Leser dokumenter", 0, 1)
        time.sleep(60)
    elif step == "deaf":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        slow()
    elif step == "noisy":
        for number in range(20_000):
            print(f"ingest: {number}.pdf: \x1b[31m æøå", file=sys.stderr)
        sys.stdout.write(json.dumps({"text": "x" * 300_000}))
    elif step == "silent":
        print("ikke JSON")
    elif step == "orphan":  # what a step starts must not keep a job alive that has ended
        subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(3)"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        print("{}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*[arg for arg in sys.argv[1:] if arg not in ("--json", "--progress", "json")]))
