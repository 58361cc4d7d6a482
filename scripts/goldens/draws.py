"""Random jobs, drawn from all of the contract. Fields are there as often as it takes to meet each other."""

import json
import random
import shutil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from goldens import additions, common, jobs, pipeline

KNOWN = json.loads((common.ROOT / "common/src/main/resources/farm/darkroom/common/job/schedulers.json").read_text())
PROMPTS = (
    pipeline.RED, pipeline.CUBE, "", "a", "Ein grüner Würfel, “ÄÖÜ” 1234 ½", "赤い球 и синий куб 🎨👩‍👩‍👧", "a (yellow) cone:1.3, [night], {x}",
    "  spaces\t\tand\nlines  ", "don't we'll <|endoftext|> tail", "red sphere " * 60, "x" * 300, "İstanbul ŉ ǰ ΐ ﬁne ² Ⅷ", "A.B.C. e.g., $5.00!!! ???...",
)
SIZES = ([64, 64], [96, 80], [128, 128], [136, 88], [72, 168], [24, 40], [64, 16])
VALUES = {
    "beta_start": (0.0001, 0.00085), "beta_end": (0.012, 0.02), "num_train_timesteps": (1000, 500), "steps_offset": (0, 1),
    "sigma_min": (0.02, 0.1), "sigma_max": (10.0, 80.0), "clip_sample_range": (1.0, 3.0), "dynamic_thresholding_ratio": (0.9, 0.995),
    "sample_max_value": (1.0, 5.0), "flow_shift": (1.0, 3.0), "lambda_min_clipped": (-2.1, -5.1), "rho": (3.0, 7.0),
    "sigma_data": (0.5, 1.0), "original_inference_steps": (50, 100), "timestep_scaling": (5.0, 10.0), "shift_terminal": (0.1,),
    "solver_order": (1, 2, 3), "use_dynamic_shifting": (False,), "variance_type": (None,), "disable_corrector": ([], [0, 2]), "trained_betas": (None,),
}
# Of diffusers' own: each is rare where fields are drawn one by one.
OPTIONS = ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "rescale_betas_zero_snr", "timestep_spacing", "prediction_type")
ALTERNATIVES = {
    "timesteps": ([999, 700, 400, 100], [901, 333], "StableDiffusionXLTimesteps"), "sigmas": ([14.6, 6.0, 1.5, 0.3], [8.0, 2.0], "StableDiffusionXLSigmas"),
}
LORAS = ("peft", "peft_convolutions", "peft_text", "peft_rslora", "old", "kohya_original_blocks", "kohya_text", "kohya_no_alphas", "dora")
CHANCES = {
    "guidance_scale": (0.8, (0, 0.5, 1, 1.5, 2.5, 8.5)), "prompt_2": (0.2, PROMPTS), "negative_prompt": (0.4, PROMPTS),
    "negative_prompt_2": (0.2, PROMPTS), "clip_skip": (0.2, (0, 1, 2)), "guidance_rescale": (0.2, (0.3, 1.0)), "eta": (0.2, (0.3, 1.0)),
    "original_size": (0.2, SIZES), "target_size": (0.2, SIZES), "negative_original_size": (0.2, SIZES), "negative_target_size": (0.2, SIZES),
    "crops_coords_top_left": (0.2, SIZES), "negative_crops_coords_top_left": (0.2, SIZES), "denoising_end": (0.1, (0.3, 0.8)),
    "num_images_per_prompt": (0.08, (2,)),
}


def files(folder: Path) -> None:
    """What drawn jobs name: pictures, masks, LoRA files, embeddings, and ControlNets under models/."""
    pipeline.init_images(folder)
    additions.edges(folder)
    image, mask = Image.open(folder / "init.png"), Image.open(folder / "mask.png")
    image.resize((97, 131)).save(folder / "odd.png")
    image.convert("L").resize((200, 150)).save(folder / "grey.png")
    mask.filter(ImageFilter.GaussianBlur(6)).save(folder / "soft.png")
    mask.resize((100, 140)).convert("RGB").save(folder / "odd_mask.png")
    corner = Image.new("1", (128, 128))
    ImageDraw.Draw(corner).rectangle((100, 90, 128, 128), fill=1)
    corner.save(folder / "corner.png")
    for file in [*(common.GOLDENS / "additions").glob("*.safetensors"), *(common.GOLDENS / "text").glob("inversion_*")]:
        shutil.copy(file, folder)
    for name in jobs.NETS:
        jobs.controlnet(name).save_pretrained(folder / "models" / name)


def scheduler(draw: random.Random) -> dict:
    name = draw.choice(list(KNOWN))
    config = {"name": name} | ({"sigma_min": 0.002, "sigma_max": 80.0} if name.startswith("EDM") else {})
    fields = draw.sample(list(KNOWN[name]), draw.randrange(4))
    fields += draw.sample([field for field in OPTIONS if field in KNOWN[name]] or fields, draw.randrange(2))
    for field in fields:
        words = KNOWN[name][field]
        config[field] = draw.choice(words.split("|") if "|" in words else (True, False) if words == "boolean" else VALUES.get(field, (words,)))
    if config.get("use_flow_sigmas"):
        config["prediction_type"] = "flow_prediction"
    return config


def started(draw: random.Random) -> dict:
    """What img2img and inpainting begin with."""
    fields = {"image": draw.choice(("init.png", "init.png", "odd.png", "grey.png")), "strength": draw.choice((0.02, 0.3, 0.6, 0.75, 0.99, 1.0))}
    fields["num_inference_steps"] = 50 if fields["strength"] == 0.02 else draw.randint(4, 9)
    if draw.random() < 0.5:
        fields["mask_image"] = draw.choice(("mask.png", "soft.png", "odd_mask.png", "corner.png"))
        if draw.random() < 0.3:
            fields |= {"image": "init.png", "mask_image": draw.choice(("mask.png", "soft.png", "corner.png")), "padding_mask_crop": draw.choice((0, 4, 24))}
    elif draw.random() < 0.15:
        del fields["strength"]
        fields["denoising_start"] = draw.choice((0.2, 0.5, 0.8))
    return fields


def added(draw: random.Random) -> dict:
    fields = {}
    if draw.random() < 0.5:
        names = draw.sample(LORAS, draw.choice((1, 1, 2)))
        fields["loras"] = [{"path": name + ".safetensors", "weight": draw.choice((1, 0.6, -0.4))} for name in names]
    if draw.random() < 0.3:
        fields |= {"embeddings": [{"path": "inversion_3.safetensors", "token": "<thing>"}], "prompt": "a <thing> by day, <thing>"}
    if draw.random() < 0.6:
        start = draw.choice((0, 0, 0.2, 0.5))
        nets = [
            {"model": name, "image": draw.choice(("edges.png", "init.png")), "controlnet_conditioning_scale": draw.choice((0.3, 1.0))}
            | {"control_guidance_start": start, "control_guidance_end": draw.choice((0.6, 0.8, 1.0))}
            for name in draw.sample(list(jobs.NETS), draw.choice((1, 1, 2)))
        ]
        fields |= {"controlnet": nets} | ({"guess_mode": True} if draw.random() < 0.3 else {})
    return fields


def untaken(job: dict) -> tuple:
    """What diffusers' ControlNet pipelines do not take, or pass over in silence."""
    if "controlnet" not in job:
        return ()
    if "mask_image" in job:
        return "timesteps", "sigmas", "negative_original_size", "negative_target_size", "negative_crops_coords_top_left"
    return ("guidance_rescale", "timesteps", "sigmas", "denoising_start", "denoising_end") if "image" in job else ("guidance_rescale",)


def refined(draw: random.Random) -> dict:
    refiner = {"model": "demo-refiner"}
    refiner |= {"denoising_start": draw.choice((0.3, 0.6, 0.9))} if draw.random() < 0.8 else {"strength": draw.choice((0.3, 1.0))}
    refiner |= {"guidance_scale": draw.choice((0, 3)), "num_inference_steps": 9} if draw.random() < 0.5 else {}
    refiner |= {"aesthetic_score": draw.choice((0, 9)), "negative_aesthetic_score": 1.5} if draw.random() < 0.3 else {}
    return refiner | ({"scheduler": scheduler(draw)} if draw.random() < 0.2 else {})


def job(draw: random.Random) -> dict:
    job = {"model": "demo", "prompt": draw.choice(PROMPTS), "seed": draw.randrange(2**40), "num_inference_steps": draw.randint(1, 8)}
    job |= {field: draw.choice(values) for field, (chance, values) in CHANCES.items() if draw.random() < chance}
    job |= {"height": 128, "width": 128} if draw.random() < 0.4 else dict(zip(("height", "width"), draw.choice(SIZES)))
    if draw.random() < 0.8:
        job["scheduler"] = scheduler(draw)
    if draw.random() < 0.1:
        name = draw.choice(list(ALTERNATIVES))
        job[name] = draw.choice(ALTERNATIVES[name])
    if draw.random() < 0.45:
        job |= started(draw)
    if draw.random() < 0.15:
        job |= added(draw)
    for field in untaken(job):
        job.pop(field, None)
    if draw.random() < 0.2 and "padding_mask_crop" not in job:
        job.pop("denoising_end", None)
        job["refiner"] = refined(draw)
        if "denoising_end" in untaken(job):
            job["refiner"].pop("denoising_start", None)
    return job
