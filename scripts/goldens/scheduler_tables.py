"""The tables under the samplers, where the last bit counts: alphas_cumprod, sigmas, their logarithms; quantiles."""

import diffusers
import numpy as np
import scipy.stats

from goldens.scheduler_cases import SDXL

CONFIGS = [
    SDXL,
    {},
    {"beta_schedule": "squaredcos_cap_v2"},
    SDXL | {"rescale_betas_zero_snr": True},
    {"rescale_betas_zero_snr": True},
    SDXL | {"num_train_timesteps": 777},
    {"trained_betas": [0.003, 0.01, 0.2, 0.5, 0.05], "num_train_timesteps": 5},
]


def tables() -> list[dict]:
    cases = []
    for config in CONFIGS:
        scheduler = diffusers.EulerDiscreteScheduler.from_config(config)
        alphas = scheduler.alphas_cumprod.numpy()
        # By numpy: torch takes float32 square roots from MKL, whose last bit depends on the CPU.
        sigmas = ((1 - alphas) / alphas) ** 0.5
        chosen = sorted({*range(0, len(alphas), 23), len(alphas) - 1})
        columns = {"alphas_cumprod": alphas, "sigmas": sigmas, "log_sigmas": np.log(sigmas)}
        cases.append({"config": config, "at": chosen} | {name: column[chosen].tolist() for name, column in columns.items()})
    return cases


def quantiles() -> list[dict]:
    shares = [0.0, 1e-12, 1e-6, 0.001, *(i / 29 for i in range(1, 29)), 0.999, 1 - 1e-6, 1.0]
    return [{"p": p, "x": float(scipy.stats.beta.ppf(p, 0.6, 0.6))} for p in shares]
