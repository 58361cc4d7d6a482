"""Runs diffusers and darkroom in turn on the same jobs and prints seconds per step and per picture of each: of the first
picture of a process, and the median of those that follow it, as in a worker."""

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
JOB = {"model": "demo", "prompt": "a shiny red sphere on a checkerboard floor at sunset",
       "height": 128, "width": 128, "guidance_scale": 5.0}


def diffusers(jobs: Path, threads: int) -> list[tuple[float, float]]:
    script = ROOT / "scripts" / "bench" / "diffusers_steps.py"
    run = subprocess.run([sys.executable, script, jobs, str(threads)], stdout=subprocess.PIPE, text=True, check=True)
    return [tuple(map(float, line.split())) for line in run.stdout.splitlines()]


def darkroom(jobs: Path, threads: int) -> list[tuple[float, float]]:
    with tempfile.TemporaryDirectory() as out:
        command = [ROOT / "scripts" / "darkroom", "render", jobs, "--output", out, "--threads", str(threads), "--dtype", "float32"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        records = [json.loads(record.read_text(encoding="utf-8"))["timings"] for record in Path(out).glob("*/record.json")]
    return [timed(timings) for timings in sorted(records, key=lambda timings: timings["started_at"])]


def timed(timings: dict) -> tuple[float, float]:
    begin, end = (datetime.fromisoformat(timings[key]) for key in ("started_at", "finished_at"))
    return timings["seconds_per_step"], (end - begin).total_seconds()


def at_least(least: int):
    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"found {value}, allowed: {least} or more")
        return value

    return number


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=at_least(1), default=5)
    parser.add_argument("--pictures", type=at_least(2), default=4)
    parser.add_argument("--threads", type=at_least(1), default=os.cpu_count())
    parser.add_argument("--steps", type=at_least(1), default=30)
    return parser.parse_args()


def beside(theirs: tuple[float, float], ours: tuple[float, float]) -> tuple:
    """Seconds a step of both and their ratio, the same of a picture."""
    return tuple(number for their, our in zip(theirs, ours) for number in (their, our, our / their))


def following(pictures: list[tuple[float, float]]) -> tuple:
    return tuple(statistics.median(column) for column in zip(*pictures[1:]))


def line(numbers: tuple) -> str:
    step = "diffusers {:.4f} s/step, darkroom {:.4f} s/step, ratio {:.3f}; ".format(*numbers[:3])
    return step + "picture {:.3f} s, {:.3f} s, ratio {:.3f}".format(*numbers[3:])


def median(pairs: list[tuple]) -> str:
    return line(tuple(statistics.median(column) for column in zip(*pairs))) + " (median of pairs)"


def main() -> None:
    given = arguments()
    print(f"{given.steps} steps, 128x128, float32, {given.threads} threads; load average {os.getloadavg()[0]:.2f}")
    first, later = [], []
    with tempfile.TemporaryDirectory() as folder:
        jobs = Path(folder) / "jobs.jsonl"
        lines = [json.dumps(JOB | {"num_inference_steps": given.steps, "seed": 42 + i}) + "\n" for i in range(given.pictures)]
        jobs.write_text("".join(lines), encoding="utf-8")
        for i in range(given.pairs):
            theirs, ours = diffusers(jobs, given.threads), darkroom(jobs, given.threads)
            first.append(beside(theirs[0], ours[0]))
            later.append(beside(following(theirs), following(ours)))
            print(f"pair {i + 1}, first picture: {line(first[-1])}")
            print(f"pair {i + 1}, those after it: {line(later[-1])}", flush=True)
    print(f"first picture: {median(first)}")
    print(f"those after it: {median(later)}")
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
