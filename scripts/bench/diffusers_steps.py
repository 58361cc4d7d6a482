"""diffusers_steps.py JOBS.jsonl THREADS: jobs of the demo model through diffusers, one after the other; prints seconds per
step and of the whole picture, a line for each.

The steps' time runs from the first call of the UNet to the callback after the last step, so what is before the
first step (text, scheduler) and after the last (VAE) is left out, as it is from seconds_per_step in darkroom's
record. The picture's is that of the call of the loaded pipeline, darkroom's from started_at to finished_at.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
os.environ |= {"TRANSFORMERS_VERBOSITY": "error", "DIFFUSERS_VERBOSITY": "error"}

import diffusers
import torch

DEMO = Path(__file__).resolve().parents[2] / "worker" / "demo-model" / "base"


def timed(pipe: diffusers.StableDiffusionXLPipeline, job: dict) -> tuple[float, float]:
    begun, ends = [], []
    hook = pipe.unet.register_forward_pre_hook(lambda *_: begun.append(time.perf_counter()))

    def step_end(_pipe, _step, _timestep, kwargs):
        ends.append(time.perf_counter())
        return kwargs

    seed = job.pop("seed")
    job.pop("model")
    start = time.perf_counter()
    pipe(**job, generator=torch.Generator().manual_seed(seed), callback_on_step_end=step_end)
    whole = time.perf_counter() - start
    hook.remove()
    if len(ends) != job["num_inference_steps"]:
        sys.exit(f"diffusers did {len(ends)} steps, the job asks for {job['num_inference_steps']}")
    return (ends[-1] - begun[0]) / len(ends), whole


def main() -> None:
    torch.set_num_threads(int(sys.argv[2]))
    diffusers.utils.logging.disable_progress_bar()
    pipe = diffusers.StableDiffusionXLPipeline.from_pretrained(DEMO, dtype=torch.float32, add_watermarker=False)
    pipe.set_progress_bar_config(disable=True)
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        print(*timed(pipe, json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
