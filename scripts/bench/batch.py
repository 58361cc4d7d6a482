"""Renders the same jobs with more and more of them side by side and prints seconds per picture."""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BATCHES = (1, 2, 4, 8)
WARM, MEASURED = 8, 16
STAGES = ("text", "denoise", "decode")


def jobs(steps: int, size: int) -> list[dict]:
    common = {"model": "demo", "height": size, "width": size, "guidance_scale": 5, "num_inference_steps": steps}
    return [common | {"prompt": f"a shiny red sphere, number {seed}", "seed": seed} for seed in range(WARM + MEASURED)]


def render(folder: Path, lines: Path, batch: int, threads: int) -> list[Path]:
    """The folders of the jobs that count, in order; those before them warm the engine."""
    out = folder / str(batch)
    command = [ROOT / "scripts" / "darkroom", "render", lines, "--output", out, "--batch", str(batch)]
    command += ["--threads", str(threads), "--dtype", "float32"]
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [Path(line).parent for line in printed.splitlines() if line.endswith("0.png")][WARM:]


def seconds(record: Path) -> float:
    stages = json.loads((record / "record.json").read_text(encoding="utf-8"))["timings"]["stage_seconds"]
    return sum(stages[stage] for stage in STAGES)


def pixels(record: Path) -> numpy.ndarray:
    return numpy.asarray(Image.open(record / "0.png"), dtype=int)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--size", type=int, default=128)
    given = parser.parse_args()
    print(f"{given.size}x{given.size}, {given.steps} steps, {given.threads} threads; load average {os.getloadavg()[0]:.2f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = folder / "jobs.jsonl"
        lines.write_text("\n".join(map(json.dumps, jobs(given.steps, given.size))), encoding="utf-8")
        alone: list[Path] = []
        for batch in BATCHES:
            made = render(folder, lines, batch, given.threads)
            alone = alone or made
            apart = [numpy.abs(pixels(one) - pixels(other)).max() for one, other in zip(made, alone, strict=True)]
            each = sum(map(seconds, made)) / len(made)
            base = sum(map(seconds, alone)) / len(alone)
            print(
                f"batch {batch}: {each:.3f} s per picture ({base / each:.2f}x), {apart.count(0)} of {len(apart)} pictures "
                f"are those of batch 1 to the pixel, the others within {max(apart)} of 255", flush=True,
            )


if __name__ == "__main__":
    main()
