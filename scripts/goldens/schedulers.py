"""Every sampler over its options: timesteps, sigmas and the whole way of a small latent.

cases.json holds what was set and what came out as numbers, trajectories.safetensors the latents
before the first and after each step, one tensor [steps + 1, 2, 4, 3, 3] per case. The model is a
formula that Java repeats (see `model`), noise comes from one generator per image. Beside them:
tables.json, quantiles.json and windows.json.
"""

import inspect
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers.utils.torch_utils import randn_tensor

from goldens import common
from goldens.scheduler_cases import CASES
from goldens.scheduler_windows import windows
from goldens.scheduler_tables import quantiles, tables

SHAPE = (2, 4, 3, 3)
SEED = 11


def write(out: Path) -> None:
    tensors = {"original": torch.linspace(-1.5, 1.5, 72).reshape(SHAPE), "pattern": pattern()}
    cases = []
    for case in CASES:
        trajectory, numbers = run(case, tensors["original"])
        tensors[case["id"]] = trajectory
        cases.append(case | numbers)
    common.write_json(out / "cases.json", cases)
    common.write_tensors(out / "trajectories.safetensors", tensors)
    common.write_json(out / "tables.json", tables())
    common.write_json(out / "quantiles.json", quantiles())
    common.write_json(out / "windows.json", windows())


def pattern() -> torch.Tensor:
    """Something that differs from element to element and image to image."""
    return torch.randn(SHAPE, generator=torch.Generator("cpu").manual_seed(2026))


def model(x: torch.Tensor, timestep: float) -> torch.Tensor:
    """Not linear in x, not constant in t, and gentle, so that rounding is not amplified."""
    return 0.5 * torch.sin(x) + 0.3 * float(torch.cos(torch.tensor(timestep * 0.01, dtype=torch.float64))) * pattern()


def run(case: dict, original: torch.Tensor) -> tuple[torch.Tensor, dict]:
    scheduler_class = getattr(diffusers, case["class"])
    parameters = inspect.signature(scheduler_class.__init__).parameters
    config = {key: value for key, value in case["config"].items() if key in parameters}
    arguments = {key: value for key, value in case["config"].items() if key not in parameters}
    scheduler = scheduler_class.from_config(config)
    scheduler.set_timesteps(**{key: how_passed(case, key, value) for key, value in case["set"].items()})
    generators = [torch.Generator("cpu").manual_seed(SEED + i) for i in range(SHAPE[0])]
    if "generator" in inspect.signature(scheduler.step).parameters:
        arguments["generator"] = generators
    begin = case.get("begin", 0)
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin)
    noise = randn_tensor(SHAPE, generator=generators)
    timesteps = scheduler.timesteps
    numbers = {
        "timesteps": exact(timesteps),
        "sigmas": exact(scheduler.sigmas) if hasattr(scheduler, "sigmas") else [],
        "init_noise_sigma": float(f"{float(scheduler.init_noise_sigma):.9g}"),
        "order": scheduler.order,
    }
    if begin:
        latents = scheduler.add_noise(original, noise, timesteps[begin : begin + 1].repeat(SHAPE[0]))
    else:
        latents = noise * scheduler.init_noise_sigma
    trajectory = [latents]
    for timestep in timesteps[begin:]:
        output = model(scheduler.scale_model_input(latents, timestep), float(timestep))
        latents = scheduler.step(output, timestep, latents, return_dict=False, **arguments)[0]
        trajectory.append(latents)
    stacked = torch.stack(trajectory)
    if stacked.dtype != torch.float32 or not stacked.isfinite().all():
        raise ValueError(f"{case['id']}: {stacked.dtype}, finite: {stacked.isfinite().all()}")
    return stacked, numbers


def how_passed(case: dict, key: str, value: object) -> object:
    """UniPC computes with the list of sigmas as it comes, which only an array bears."""
    return np.array(value) if key == "sigmas" and case["class"] == "UniPCMultistepScheduler" else value


def exact(values: torch.Tensor) -> list[float]:
    """Nine digits tell float32 values apart."""
    return [float(f"{value:.9g}") for value in values.tolist()]
