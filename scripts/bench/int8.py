"""Renders demo jobs in float32 and with int8 weights and compares the pictures; see scripts/bench/int8."""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from pairs import JOB, ROOT, at_least

PROMPTS = (JOB["prompt"], "a matte blue cube on a wooden floor at noon", "a glossy green cone on a white floor at night")


def render(folder: Path, job: dict, threads: int, *flags: str) -> tuple[np.ndarray, float]:
    file, out = folder / "job.json", folder / "out"
    file.write_text(json.dumps(job), encoding="utf-8")
    command = [ROOT / "scripts" / "darkroom", "render", file, "--output", out, "--threads", str(threads), "--dtype", "float32", *flags]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    record = json.loads((out / "record.json").read_text(encoding="utf-8"))
    with Image.open(next(out.glob("*.png"))) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.float64), record["timings"]["seconds_per_step"]


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return 10 * np.log10(255**2 / max(np.mean((a - b) ** 2), 1e-12))


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench/int8", description="int8 weights beside float32 on the demo model")
    parser.add_argument("--seeds", type=at_least(1), default=2)
    parser.add_argument("--threads", type=at_least(1), default=os.cpu_count())
    given = parser.parse_args()
    likeness = []
    for prompt in PROMPTS:
        for seed in range(given.seeds):
            job = JOB | {"prompt": prompt, "seed": seed, "num_inference_steps": 30}
            with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
                plain, slow = render(Path(one), job, given.threads)
                rounded, quick = render(Path(two), job, given.threads, "--quantize", "int8")
            likeness.append(psnr(plain, rounded))
            print(f"{prompt}, seed {seed}: PSNR {likeness[-1]:.1f} dB, float32 {slow:.4f} s/step, int8 {quick:.4f} s/step", flush=True)
    print(f"PSNR: median {statistics.median(likeness):.1f} dB, least {min(likeness):.1f} dB")


if __name__ == "__main__":
    main()
