"""Which of its timesteps a pipeline walks, from the pipeline's own code: strength, denoising_start and denoising_end."""

from types import SimpleNamespace

import diffusers
from diffusers import StableDiffusionXLImg2ImgPipeline

from goldens.scheduler_cases import LEADING, SDXL

SHORTS = ["EulerDiscrete", "HeunDiscrete", "KDPM2Discrete", "PNDM", "DPMSolverMultistep", "LCM"]


def windows() -> list[dict]:
    cases = []
    for short in SHORTS:
        for steps in (4, 9, 30):
            scheduler = getattr(diffusers, f"{short}Scheduler").from_config(SDXL | LEADING | {"skip_prk_steps": True})
            scheduler.set_timesteps(steps)
            common = {"class": f"{short}Scheduler", "steps": steps}
            for strength in (0.05, 0.3, 0.5, 0.7, 0.99, 1.0):
                cases.append(common | {"strength": strength} | walked(scheduler, steps, strength, None))
            for start in (0.2, 0.5, 0.66, 0.8, 0.95):
                cases.append(common | {"denoising_start": start} | walked(scheduler, steps, 0.3, start))
            for end in (0.2, 0.5, 0.66, 0.8, 0.95):
                cases.append(common | {"denoising_end": end, "from": 0, "length": before(scheduler, end)})
    return cases


def walked(scheduler, steps: int, strength: float, start: float | None) -> dict:
    pipeline = SimpleNamespace(scheduler=scheduler)
    timesteps, _ = StableDiffusionXLImg2ImgPipeline.get_timesteps(pipeline, steps, strength, None, start)
    return {"from": len(scheduler.timesteps) - len(timesteps), "length": len(timesteps)}


def before(scheduler, end: float) -> int:
    """As in the pipelines' __call__, where it is not a method."""
    train = scheduler.config.num_train_timesteps
    cutoff = int(round(train - (end * train)))
    return len(list(filter(lambda timestep: timestep >= cutoff, scheduler.timesteps)))
