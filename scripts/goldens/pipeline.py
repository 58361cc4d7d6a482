"""Whole jobs: the job as a user writes it, diffusers' final latents, and for some the picture."""

from pathlib import Path

from PIL import Image, ImageDraw

from goldens import common, jobs

RED = "a shiny red sphere on a checkerboard floor at sunset"
CUBE = "a large blue cube in the snow by day"


def scheduler(name: str, **config) -> dict:
    return {"name": name + "Scheduler", **config}


def job(prompt: str = RED, seed: int = 42, steps: int = 12, guidance: float = 5.0, **more) -> dict:
    return {
        "model": "demo", "prompt": prompt, "seed": seed, "num_inference_steps": steps, "guidance_scale": guidance, **more
    }


CASES = {
    "plain": job(),
    "defaults_50_steps": {"model": "demo", "prompt": CUBE, "seed": 7},
    "wide": job(height=96, width=160, seed=3),
    "tall": job(CUBE, height=160, width=96, seed=2**40 + 5),
    "odd": job(CUBE, height=104, width=120, steps=7),
    "ddim": job(scheduler=scheduler("DDIM"), seed=0),
    "ddim_eta": job(scheduler=scheduler("DDIM"), eta=0.7),
    "ddim_trailing_v": job(
        scheduler=scheduler(
            "DDIM", timestep_spacing="trailing", rescale_betas_zero_snr=True, prediction_type="v_prediction"
        )
    ),
    "dpm": job(scheduler=scheduler("DPMSolverMultistep")),
    "dpm_karras": job(scheduler=scheduler("DPMSolverMultistep", use_karras_sigmas=True), steps=20),
    "dpm_sde_karras": job(
        scheduler=scheduler("DPMSolverMultistep", use_karras_sigmas=True, algorithm_type="sde-dpmsolver++"), steps=15
    ),
    "euler_karras": job(scheduler=scheduler("EulerDiscrete", use_karras_sigmas=True)),
    "euler_trailing": job(scheduler=scheduler("EulerDiscrete", timestep_spacing="trailing"), steps=4),
    "euler_ancestral": job(scheduler=scheduler("EulerAncestralDiscrete")),
    "heun": job(scheduler=scheduler("HeunDiscrete"), steps=8),
    "heun_large_sigma": job(
        "a red cube", 7, 2, 3.0, height=32, width=32, scheduler=scheduler("HeunDiscrete", beta_schedule="squaredcos_cap_v2", timestep_spacing="linspace"),
    ),
    "lms_large_sigma": job(
        scheduler=scheduler("LMSDiscrete", beta_schedule="squaredcos_cap_v2", timestep_spacing="trailing", prediction_type="sample"),
        steps=3, guidance=1.0,
    ),
    "deis_large_sigma": job(
        scheduler=scheduler("DEISMultistep", beta_schedule="squaredcos_cap_v2", timestep_spacing="trailing", prediction_type="v_prediction", solver_order=1),
        steps=5,
    ),
    "pndm_large_sigma": job(
        scheduler=scheduler("PNDM", beta_schedule="squaredcos_cap_v2", timestep_spacing="trailing", prediction_type="v_prediction"),
        seed=1, steps=4, height=64, width=64,
    ),
    "unipc": job(scheduler=scheduler("UniPCMultistep")),
    "lcm": job(scheduler=scheduler("LCM"), steps=4, guidance=1.0),
    "no_guidance": job(guidance=1.0),
    "guidance_zero": job(guidance=0.0, steps=4),
    "negative": job(negative_prompt="blurry, low quality"),
    "negative_empty": job(negative_prompt=""),
    "two_prompts": job(prompt_2=CUBE, negative_prompt="night", negative_prompt_2="grass"),
    "long_prompt": job(" ".join([RED] * 8)),
    "empty_prompt": job(""),
    "clip_skip": job(clip_skip=1),
    "guidance_rescale": job(guidance=8.0, guidance_rescale=0.7),
    "micro": job(original_size=[64, 64], crops_coords_top_left=[0, 40], target_size=[128, 128]),
    "micro_negative": job(negative_original_size=[32, 32], negative_target_size=[128, 128]),
    "micro_negative_crop": job(
        negative_original_size=[32, 48], negative_crops_coords_top_left=[8, 16], negative_target_size=[96, 128]
    ),
    "sigmas": job(sigmas=[14.6, 6.0, 3.0, 1.5, 0.8, 0.3], steps=6),
    "timesteps": job(timesteps=[999, 800, 600, 400, 200, 50], steps=6),
    "denoising_end": job(denoising_end=0.6, steps=20),
    "one_step": job(steps=1),
    "refiner_handover": job(refiner={"model": "demo-refiner", "denoising_start": 0.8}, steps=20),
    "refiner_handover_heun": job(
        refiner={"model": "demo-refiner", "denoising_start": 0.7}, scheduler=scheduler("HeunDiscrete"), steps=10
    ),
    "refiner_handover_dpm": job(
        refiner={"model": "demo-refiner", "denoising_start": 0.75, "aesthetic_score": 2.0, "guidance_scale": 3.0},
        scheduler=scheduler("DPMSolverMultistep"), steps=15, negative_prompt="night",
    ),
    "refiner_without_steps": job(
        refiner={"model": "demo-refiner", "denoising_start": 0.9}, steps=5,
        scheduler=scheduler("EulerDiscrete", timestep_spacing="trailing"),
    ),
    "refiner_strength": job(refiner={"model": "demo-refiner", "strength": 0.4, "num_inference_steps": 15}),
    "image": job(CUBE, image="init.png", strength=0.6),
    "image_resized": job(CUBE, image="init.png", strength=0.5, height=96, width=160),
    "image_short_vae": job(CUBE, image="uneven.png", strength=0.6, vae="short"),
    "image_heun": job(CUBE, image="init.png", strength=0.55, scheduler=scheduler("HeunDiscrete"), steps=9),
    "image_ancestral": job(CUBE, image="init.png", strength=0.8, scheduler=scheduler("EulerAncestralDiscrete")),
    "image_pndm_no_step": job(CUBE, image="init.png", strength=0.05, scheduler=scheduler("PNDM", skip_prk_steps=True)),
    "image_pndm_runge_kutta": job(CUBE, image="init.png", strength=0.1, steps=5, scheduler=scheduler("PNDM")),
    "image_negative_sizes": job(CUBE, image="init.png", strength=0.6, original_size=[64, 64], negative_original_size=[32, 32]),
    "inpaint": job(CUBE, image="init.png", mask_image="mask.png", strength=0.9),
    "inpaint_full": job(CUBE, image="init.png", mask_image="mask.png", strength=1.0, scheduler=scheduler("DDIM")),
    "inpaint_refiner": job(
        CUBE, image="init.png", mask_image="mask.png", refiner={"model": "demo-refiner", "denoising_start": 0.7}, steps=10,
    ),
    "perturbed": job(CUBE, seed=5, pag_scale=3.0),
    "perturbed_alone": job(steps=6, guidance=1.0, pag_scale=2.5, height=64, width=96),
    "perturbed_adaptive": job(steps=6, guidance_rescale=0.4, pag_scale=4.0, pag_adaptive_scale=0.007, height=64, width=64),
    "perturbed_layers": job(
        steps=6, pag_scale=1.5, pag_applied_layers=["down_blocks.1.attentions.[01]", "up_blocks.(0|1).attentions.0"], height=64, width=64,
        scheduler=scheduler("DPMSolverMultistep"),
    ),
    "perturbed_image": job(CUBE, image="init.png", strength=0.6, pag_scale=3.0, pag_applied_layers="up"),
    "perturbed_inpaint": job(CUBE, image="init.png", mask_image="mask.png", strength=0.7, pag_scale=3.0),
    "perturbed_refiner": job(
        refiner={"model": "demo-refiner", "denoising_start": 0.6}, steps=10, pag_scale=3.0, pag_adaptive_scale=0.002,
        pag_applied_layers=["down", "up"], negative_prompt="night",
    ),
    "perturbed_same_timestep_twice": job(
        steps=6, pag_scale=2.0, height=64, width=64, sigmas=[40.0, 30.0, 14.0, 4.0, 0.5, 0.0], denoising_end=0.3, scheduler=scheduler("EulerDiscrete")
    ),
    "inpaint_padding": job(CUBE, image="init.png", mask_image="mask.png", strength=0.8, padding_mask_crop=8),
}
PICTURES = (
    "perturbed plain wide odd dpm_sde_karras micro refiner_handover refiner_strength image_resized inpaint inpaint_padding"
).split()


def init_images(out: Path) -> None:
    """A picture and a mask that anyone can make again: drawn, not photographed."""
    image = Image.new("RGB", (128, 128), (120, 170, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 80, 128, 128), fill=(90, 150, 70))
    draw.ellipse((40, 44, 92, 96), fill=(200, 40, 40))
    image.save(out / "init.png", optimize=True)
    image.crop((10, 20, 119, 121)).save(out / "uneven.png", optimize=True)
    mask = Image.new("L", (128, 128), 0)
    ImageDraw.Draw(mask).ellipse((30, 34, 100, 104), fill=255)
    mask.save(out / "mask.png", optimize=True)


def write(out: Path) -> None:
    init_images(out)
    common.write_json(out / "jobs.json", CASES)
    latents = {name: jobs.render(case, out, "latent") for name, case in CASES.items() if case.get("padding_mask_crop") is None}
    common.write_tensors(out / "latents.safetensors", latents)
    for name in PICTURES:
        jobs.render(CASES[name], out, "pil").save(out / f"{name}.png", optimize=True)
