"""Runs diffusers and darkroom in turn on one job and prints seconds per step and per picture of each."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JOB = {"model": "demo", "prompt": "a shiny red sphere on a checkerboard floor at sunset", "seed": 42,
       "height": 128, "width": 128, "guidance_scale": 5.0}


def diffusers(job: Path, threads: int) -> tuple[float, float]:
    script = ROOT / "scripts" / "bench" / "diffusers_steps.py"
    run = subprocess.run([sys.executable, script, job, str(threads)], stdout=subprocess.PIPE, text=True, check=True)
    step, whole = run.stdout.splitlines()[-1].split()
    return float(step), float(whole)


def darkroom(job: Path, threads: int) -> tuple[float, float]:
    out = job.parent / "out"
    command = [ROOT / "scripts" / "darkroom", "render", job, "--output", out, "--threads", str(threads), "--dtype", "float32"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    timings = json.loads((out / "record.json").read_text(encoding="utf-8"))["timings"]
    steps = json.loads(job.read_text(encoding="utf-8"))["num_inference_steps"]
    if timings["steps"] != steps:
        sys.exit(f"darkroom did {timings['steps']} steps, the job asks for {steps}")
    begin, end = (datetime.fromisoformat(timings[key]) for key in ("started_at", "finished_at"))
    return timings["seconds_per_step"], (end - begin).total_seconds()


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"found {value}, allowed: 1 or more")
    return value


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=positive, default=5)
    parser.add_argument("--threads", type=positive, default=os.cpu_count())
    parser.add_argument("--steps", type=positive, default=30)
    return parser.parse_args()


def line(numbers: tuple) -> str:
    step = "diffusers {:.4f} s/step, darkroom {:.4f} s/step, ratio {:.3f}; ".format(*numbers[:3])
    return step + "picture {:.3f} s, {:.3f} s, ratio {:.3f}".format(*numbers[3:])


def main() -> None:
    given = arguments()
    print(f"{given.steps} steps, 128x128, float32, {given.threads} threads; load average {os.getloadavg()[0]:.2f}")
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder) / "job.json"
        job.write_text(json.dumps(JOB | {"num_inference_steps": given.steps}), encoding="utf-8")
        for i in range(given.pairs):
            (theirs, their_whole), (ours, our_whole) = diffusers(job, given.threads), darkroom(job, given.threads)
            pairs.append((theirs, ours, ours / theirs, their_whole, our_whole, our_whole / their_whole))
            print(f"pair {i + 1}: {line(pairs[-1])}", flush=True)
    print(f"median: {line([statistics.median(column) for column in zip(*pairs)])} (median of pairs)")
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
