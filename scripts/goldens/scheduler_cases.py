"""What schedulers.py runs: samplers crossed with the options that each of them has."""

SDXL = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
CASES: list[dict] = []


# Relative; the first step of these takes a small difference of numbers in the thousands (zero terminal SNR) or divides by
# an alpha of 0.001 (flow), so that the last bit of one operation of diffusers shows.
CLOSE = 1e-5
LOOSE = 5e-5


def case(short: str, steps: int | None = None, begin: int = 0, timesteps=None, sigmas=None, **config) -> None:
    """One golden. Its id is the sampler and what differs from SDXL's usual settings."""
    how = {"num_inference_steps": steps, "timesteps": timesteps, "sigmas": sigmas}
    how = {key: value for key, value in how.items() if value is not None}
    shown = [f"{key}={value}" for key, value in (how | config).items()] + ([f"begin={begin}"] if begin else [])
    base = {} if short.startswith("EDM") else SDXL
    entry = {"id": " ".join([short, *shown]), "class": f"{short}Scheduler", "config": base | config, "set": how}
    thousands = config.get("rescale_betas_zero_snr") and short.startswith("Euler")
    divides = config.get("use_flow_sigmas") and short == "DEISMultistep"
    entry["tolerance"] = LOOSE if thousands or divides else CLOSE
    CASES.append(entry | ({"begin": begin} if begin else {}))


LEADING = {"timestep_spacing": "leading", "steps_offset": 1}
SPACINGS = [LEADING, {"timestep_spacing": "linspace"}, {"timestep_spacing": "trailing"}]
SHAPES = [{"use_karras_sigmas": True}, {"use_exponential_sigmas": True}, {"use_beta_sigmas": True}]
AYS = [999, 845, 730, 587, 443, 310, 193, 116, 53, 13]
AYS_SIGMAS = [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.0]

for spacing in SPACINGS:
    case("EulerDiscrete", 10, **spacing)
    case("EulerDiscrete", 7, **spacing, prediction_type="v_prediction")
    case("DDIM", 10, **spacing, clip_sample=False, set_alpha_to_one=False)
    case("DPMSolverMultistep", 10, **spacing)
    case("DPMSolverMultistep", 16, **spacing, algorithm_type="sde-dpmsolver++", use_karras_sigmas=True)

for shape in SHAPES:
    case("EulerDiscrete", 9, **shape, **LEADING)
    case("EulerDiscrete", 6, **shape, timestep_spacing="linspace", sigma_min=0.05, sigma_max=12.0)
    for steps in (8, 20):
        case("DPMSolverMultistep", steps, **shape, **LEADING)

for short in ("DDIM", "DDPM"):
    case(short, 8, timestep_spacing="trailing", rescale_betas_zero_snr=True, clip_sample=True)

case("EulerDiscrete", 1, timestep_spacing="linspace")
case("EulerDiscrete", 1, timestep_spacing="trailing")
case("EulerDiscrete", 50, **LEADING)
case("EulerDiscrete", 10, **LEADING, prediction_type="sample")
case("EulerDiscrete", 10, **LEADING, begin=6)
case("EulerDiscrete", 10, **LEADING, interpolation_type="log_linear")
case("EulerDiscrete", 10, **LEADING, final_sigmas_type="sigma_min")
case("EulerDiscrete", 8, timestep_spacing="trailing", rescale_betas_zero_snr=True, prediction_type="v_prediction")
case("EulerDiscrete", 8, **LEADING, timestep_type="continuous", prediction_type="v_prediction")
case("EulerDiscrete", 8, beta_schedule="linear", beta_start=0.0001, beta_end=0.02)
case("EulerDiscrete", 8, beta_schedule="squaredcos_cap_v2")
case("EulerDiscrete", 8, trained_betas=[0.001 * (i + 1) for i in range(40)], num_train_timesteps=40)
case("EulerDiscrete", timesteps=AYS, **LEADING)
case("EulerDiscrete", sigmas=AYS_SIGMAS, **LEADING)

UNCLIPPED = {"clip_sample": False}
case("DDIM", 10, **UNCLIPPED, **LEADING, eta=0.7)
case("DDIM", 10, **UNCLIPPED, **LEADING, eta=1.0, begin=5)
case("DDIM", 10, **LEADING)
case("DDIM", 10, **LEADING, clip_sample_range=2.5, prediction_type="v_prediction")
case("DDIM", 10, **UNCLIPPED, **LEADING, prediction_type="sample")
case("DDIM", 10, **LEADING, thresholding=True, sample_max_value=2.0)
case("DDIM", 10, **UNCLIPPED, timestep_spacing="trailing", rescale_betas_zero_snr=True, prediction_type="v_prediction")
case("DDIM", 1, **UNCLIPPED, timestep_spacing="trailing")
case("DDIM", 7, **UNCLIPPED, beta_schedule="squaredcos_cap_v2")

DPM = {"algorithm_type": "dpmsolver", "final_sigmas_type": "sigma_min"}
SDE_DPM = {"algorithm_type": "sde-dpmsolver", "final_sigmas_type": "sigma_min"}
for algorithm in ({}, DPM, {"algorithm_type": "sde-dpmsolver++"}, SDE_DPM):
    for solver in ({"solver_order": 1}, {"solver_type": "heun"}, {"solver_order": 3}):
        if algorithm is not SDE_DPM or solver != {"solver_order": 3}:
            case("DPMSolverMultistep", 10, **LEADING, **algorithm, **solver)
    case("DPMSolverMultistep", 18, **LEADING, **algorithm, use_karras_sigmas=True)
case("DPMSolverMultistep", 16, **LEADING, solver_order=3)
case("DPMSolverMultistep", 16, **LEADING, euler_at_final=True, final_sigmas_type="sigma_min")
case("DPMSolverMultistep", 10, **LEADING, lower_order_final=False)
case("DPMSolverMultistep", 10, **LEADING, use_lu_lambdas=True)
case("DPMSolverMultistep", 10, lambda_min_clipped=-2.1)
case("DPMSolverMultistep", 10, lambda_min_clipped=-5.1, beta_schedule="squaredcos_cap_v2", use_karras_sigmas=True)
case("DPMSolverMultistep", 10, **LEADING, prediction_type="v_prediction")
case("DPMSolverMultistep", 10, **LEADING, prediction_type="v_prediction", **DPM)
case("DPMSolverMultistep", 10, **LEADING, prediction_type="sample")
case("DPMSolverMultistep", 10, **LEADING, prediction_type="sample", **DPM)
case("DPMSolverMultistep", 10, **LEADING, thresholding=True, sample_max_value=3.0)
case("DPMSolverMultistep", 10, **LEADING, thresholding=True, sample_max_value=3.0, **DPM)
case("DPMSolverMultistep", 10, timestep_spacing="trailing", rescale_betas_zero_snr=True, prediction_type="v_prediction")
case("DPMSolverMultistep", 10, use_flow_sigmas=True, flow_shift=3.0, prediction_type="flow_prediction")
case("DPMSolverMultistep", 10, **LEADING, begin=4)
case("DPMSolverMultistep", 20, **LEADING, begin=12, algorithm_type="sde-dpmsolver++", use_karras_sigmas=True)
case("DPMSolverMultistep", timesteps=AYS, **LEADING)
case("DPMSolverMultistep", 1, **LEADING)
case("DPMSolverMultistep", 2, **LEADING)
case("DPMSolverMultistep", 60, **LEADING)

for short in ("EulerAncestralDiscrete", "LMSDiscrete", "HeunDiscrete", "KDPM2Discrete", "KDPM2AncestralDiscrete"):
    for spacing in SPACINGS:
        case(short, 8, **spacing)
    case(short, 8, **LEADING, prediction_type="v_prediction")
    case(short, 2, **LEADING)
    case(short, 10, **LEADING, begin=6)
    if short != "EulerAncestralDiscrete":
        for shape in SHAPES:
            case(short, 9, **shape, **LEADING)
case("EulerAncestralDiscrete", 8, timestep_spacing="trailing", rescale_betas_zero_snr=True, prediction_type="v_prediction")
case("EulerAncestralDiscrete", 30, **LEADING)
case("LMSDiscrete", 8, **LEADING, prediction_type="sample")
case("HeunDiscrete", 8, **LEADING, prediction_type="sample")
case("HeunDiscrete", 8, **LEADING, clip_sample=True, clip_sample_range=2.0)
case("HeunDiscrete", timesteps=AYS, **LEADING)

for spacing in SPACINGS:
    case("DDPM", 10, **spacing, **UNCLIPPED)
    case("PNDM", 10, **spacing, skip_prk_steps=True)
    case("PNDM", 7, **spacing)
    for short in ("DEISMultistep", "UniPCMultistep"):
        case(short, 10, **spacing)
case("DDPM", 10, **LEADING)
case("DDPM", 10, **LEADING, **UNCLIPPED, variance_type="fixed_large", prediction_type="v_prediction")
case("DDPM", 10, **LEADING, **UNCLIPPED, variance_type="fixed_small_log", prediction_type="sample")
case("DDPM", 10, **LEADING, thresholding=True, sample_max_value=2.0)
case("DDPM", 10, **LEADING, **UNCLIPPED, begin=6)
case("DDPM", timesteps=AYS, **UNCLIPPED)
case("PNDM", 10, **LEADING, skip_prk_steps=True, begin=4)
case("PNDM", 12, **LEADING, prediction_type="v_prediction", set_alpha_to_one=True)
case("PNDM", 10, **LEADING, skip_prk_steps=True, prediction_type="v_prediction")
case("PNDM", 1, **LEADING, skip_prk_steps=True)

for solver_order in (1, 2, 3):
    case("DPMSolverSinglestep", 10, solver_order=solver_order)
    case("DPMSolverSinglestep", 11, solver_order=solver_order, solver_type="heun")
    case("DPMSolverSinglestep", 12, solver_order=solver_order, **DPM)
    case("DPMSolverSinglestep", 12, solver_order=solver_order, solver_type="heun", **DPM)
    case("DPMSolverSinglestep", 9, solver_order=solver_order, algorithm_type="sde-dpmsolver++", lower_order_final=True)
    case("DPMSolverSinglestep", 9, solver_order=solver_order, algorithm_type="sde-dpmsolver++", solver_type="heun")
    case("DEISMultistep", 10, **LEADING, solver_order=solver_order)
    case("DEISMultistep", 30, **LEADING, solver_order=solver_order)
    case("UniPCMultistep", 10, **LEADING, solver_order=solver_order, solver_type="bh1", final_sigmas_type="sigma_min")
    case("UniPCMultistep", 10, **LEADING, solver_order=solver_order, predict_x0=False, final_sigmas_type="sigma_min")
    case("UniPCMultistep", 25, **LEADING, solver_order=solver_order)
for short in ("DPMSolverSinglestep", "DEISMultistep", "UniPCMultistep"):
    for shape in SHAPES:
        case(short, 10, **shape)
    case(short, 10, prediction_type="v_prediction")
    case(short, 10, prediction_type="sample")
    case(short, 10, thresholding=True, sample_max_value=3.0)
    case(short, 10, use_flow_sigmas=True, flow_shift=3.0, prediction_type="flow_prediction")
    case(short, 8, prediction_type="flow_prediction")
    case(short, 10, begin=4)
    case(short, 20, begin=13, use_karras_sigmas=True)
case("DPMSolverSinglestep", timesteps=AYS)
case("DPMSolverSinglestep", timesteps=AYS, use_flow_sigmas=True, flow_shift=3.0, prediction_type="flow_prediction")
case("DPMSolverSinglestep", 10, lambda_min_clipped=-2.1)
case("DPMSolverSinglestep", 3, solver_order=3)
case("DEISMultistep", 20, use_karras_sigmas=True, solver_order=3)
case("UniPCMultistep", 10, use_karras_sigmas=True, final_sigmas_type="sigma_min", sigma_min=0.05, sigma_max=12.0)
case("UniPCMultistep", 10, lower_order_final=False, final_sigmas_type="sigma_min", solver_order=3)
case("UniPCMultistep", 10, disable_corrector=[0, 1, 4])
case("UniPCMultistep", 10, rescale_betas_zero_snr=True, prediction_type="v_prediction", timestep_spacing="trailing")
case("UniPCMultistep", 10, use_flow_sigmas=True, shift_terminal=0.1, prediction_type="flow_prediction")
case("UniPCMultistep", 10, use_flow_sigmas=True, use_karras_sigmas=True, prediction_type="flow_prediction")
case("UniPCMultistep", sigmas=[0.98, 0.8, 0.5, 0.3, 0.1], use_flow_sigmas=True, prediction_type="flow_prediction")
# diffusers takes the last for the largest, whatever the shape
for shape in ("karras", "exponential", "beta"):
    case("UniPCMultistep", sigmas=[0.9, 0.5, 0.3, 0.1], use_flow_sigmas=True, prediction_type="flow_prediction", **{f"use_{shape}_sigmas": True})
case("UniPCMultistep", sigmas=[0.1, 0.3, 0.5, 0.9], use_flow_sigmas=True, use_exponential_sigmas=True, prediction_type="flow_prediction", final_sigmas_type="sigma_min")
case("UniPCMultistep", sigmas=[0.7], use_flow_sigmas=True, prediction_type="flow_prediction")

for short in ("EDMEuler", "EDMDPMSolverMultistep"):
    case(short, 10)
    case(short, 9, sigma_schedule="exponential", prediction_type="v_prediction", sigma_data=1.0)
    case(short, 10, sigma_max=40.0, sigma_min=0.01, rho=5.0)
    case(short, 10, final_sigmas_type="sigma_min")
    case(short, 10, begin=4)
    case(short, 1)
case("EDMDPMSolverMultistep", 18)
case("EDMDPMSolverMultistep", 18, solver_order=3, solver_type="heun")
case("EDMDPMSolverMultistep", 10, algorithm_type="sde-dpmsolver++")
for shape in ("karras", "exponential"):
    case("EDMDPMSolverMultistep", 10, algorithm_type="sde-dpmsolver++", final_sigmas_type="sigma_min", sigma_schedule=shape)
case("EDMDPMSolverMultistep", 10, thresholding=True, sample_max_value=3.0, solver_order=1)

# For some counts, numpy's arange gives trailing spacing one timestep more than asked, -1.
for short in ("EulerDiscrete", "HeunDiscrete"):
    case(short, 61, timestep_spacing="trailing", use_karras_sigmas=True, begin=58)
case("EulerDiscrete", 61, timestep_spacing="trailing", interpolation_type="log_linear", begin=58)
case("KDPM2Discrete", 61, timestep_spacing="trailing", begin=116)
case("DPMSolverMultistep", 61, timestep_spacing="trailing", begin=58)
case("DDIM", 61, timestep_spacing="trailing", **UNCLIPPED, begin=58)
case("DDPM", 61, timestep_spacing="trailing", **UNCLIPPED, begin=58)
case("PNDM", 61, timestep_spacing="trailing", skip_prk_steps=True, begin=58)

case("UniPCMultistep", 10, predict_x0=False, final_sigmas_type="sigma_min", thresholding=True, sample_max_value=3.0)

for short, eta in (("LCM", {}), ("TCD", {"eta": 0.0})):
    for steps in (1, 4, 8):
        case(short, steps, **eta)
    case(short, 6, **eta, original_inference_steps=40, prediction_type="v_prediction")
    case(short, 6, **eta, prediction_type="sample", begin=2)
    case(short, timesteps=[999, 759, 500, 259], **eta)
case("LCM", 4, clip_sample=True, timestep_scaling=5.0)
case("LCM", 4, thresholding=True, sample_max_value=2.0)
case("TCD", 4, eta=0.3)
case("TCD", 8, eta=1.0)

for schedule in ("laplace", "sigmoid"):
    case("DDPM", 8, **UNCLIPPED, beta_schedule=schedule)
case("DDPM", 8, **UNCLIPPED, beta_schedule="laplace", rescale_betas_zero_snr=True, prediction_type="v_prediction", timestep_spacing="trailing")
case("HeunDiscrete", 8, beta_schedule="exp")
case("HeunDiscrete", 8, beta_schedule="exp", use_karras_sigmas=True)
