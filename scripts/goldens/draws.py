"""Random jobs, drawn from all of the contract. Fields are there as often as it takes to meet each other."""

import json
import math
import random
from pathlib import Path

from goldens import common, jobs, pipeline, variants

KNOWN = json.loads((common.ROOT / "common/src/main/resources/farm/darkroom/common/job/schedulers.json").read_text())
PROMPTS = (
    pipeline.RED, pipeline.CUBE, "", "a", "Ein grüner Würfel, “ÄÖÜ” 1234 ½", "赤い球 и синий куб 🎨👩‍👩‍👧", "a (yellow) cone:1.3, [night], {x}",
    "  spaces\t\tand\nlines  ", "don't we'll <|endoftext|> tail", "red sphere " * 60, "x" * 300, "İstanbul ŉ ǰ ΐ ﬁne ² Ⅷ", "A.B.C. e.g., $5.00!!! ???...",
)
SIZES = ([64, 64], [96, 80], [128, 128], [136, 88], [72, 168], [24, 40], [64, 16], [192, 104])
SEEDS = (0, 1, 2**32 - 1, 2**32, 2**63 - 3)
PICTURES = (
    "init.png", "odd.png", "grey.png", "palette.png", "clear.png", "clear_palette.png", "grey_alpha.png", "turned.jpg", "sparse.jpg",
    "bits.png", "small.png", "large.png", "plain.bmp", "plain.gif", "inks.jpg", "grey.jpg", "dot.png", "thin.png", "turned_png.png", "restarts.jpg",
    *(f"sized_{number}.png" for number in range(12)), "frames.gif", "grey.bmp", "bits.bmp", "palette_2.png", "grey_clear.png", *(f"turned_{turn}.jpg" for turn in range(2, 9)),
)
MASKS = (
    "mask.png", "soft.png", "corner.png", "odd_mask.png", "mask_palette.png", "mask_clear.png", "mask.jpg", "mask_grey_alpha.png", "mask_colours.png",
    "mask_edge.png", "mask_pixel.png", "mask_full.png", "left.png", "right.png", "dot.png", "thin.png", *(f"sized_{number}.png" for number in range(0, 12, 3)),
)
CROPPED = ("mask.png", "soft.png", "corner.png", "mask_clear.png", "mask_edge.png", "mask_pixel.png", "mask_colours.png")
VALUES = {
    "beta_start": (0.0001, 0.00085), "beta_end": (0.012, 0.02), "num_train_timesteps": (1000, 500), "steps_offset": (0, 1),
    "sigma_min": (0.02, 0.1), "sigma_max": (10.0, 80.0), "clip_sample_range": (1.0, 3.0), "dynamic_thresholding_ratio": (0.9, 0.995),
    "sample_max_value": (1.0, 5.0), "flow_shift": (1.0, 3.0), "lambda_min_clipped": (-2.1, -5.1), "rho": (3.0, 7.0),
    "sigma_data": (0.5, 1.0), "original_inference_steps": (50, 100), "timestep_scaling": (5.0, 10.0), "shift_terminal": (0.1,),
    "solver_order": (1, 2, 3), "use_dynamic_shifting": (False,), "variance_type": (None,), "disable_corrector": ([], [0, 2]), "trained_betas": (None,),
}
# Of diffusers' own: each is rare where fields are drawn one by one.
OPTIONS = ("beta_schedule", "use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "rescale_betas_zero_snr", "timestep_spacing", "prediction_type")
ALTERNATIVES = {
    "timesteps": ([999, 700, 400, 100], [901, 333], [999, 998, 997, 3, 0], "StableDiffusionXLTimesteps"),
    "sigmas": ([14.6, 6.0, 1.5, 0.3], [8.0, 2.0], [30.0, 14.6, 4.0, 0.5, 0.01], "StableDiffusionXLSigmas"),
}
TAKERS = {
    "timesteps": ("DDPM", "DPMSolverMultistep", "DPMSolverSinglestep", "EulerDiscrete", "HeunDiscrete", "LCM", "TCD"),
    "sigmas": ("EulerDiscrete", "EulerDiscrete", "UniPCMultistep"),
}
FLOW = {"use_flow_sigmas": True, "prediction_type": "flow_prediction"}
TEXTS = ("prompt", "prompt_2", "negative_prompt", "negative_prompt_2")
LETTERS = "aabcdeéèñßçøåæœ   ,.:;!?'\"()[]{}<>|#&*0123456789½²Ⅷﬁ赤い球кубहिन्दीعربيעברית한국어\u0301\u200d\u200b\u00a0\u3000\ufeff🎨🧑🏽‍🚀\t\nŉİſΣς"
LORAS = [
    "peft", "peft_convolutions", "peft_text", "peft_metadata", "peft_rslora", "lora_down_up", "old", "kohya_original_blocks", "kohya_text", "kohya_mixed_alphas",
    "kohya_no_alphas", "dora", "peft_bias",
    "mixed_peft_first", "mixed_diffusers_first", "mixed_kohya",
]
# Of variants.py: those whose layers are the demo's, so that LoRA files and ControlNets fit them.
LIKE_DEMO = ("distilled", "inpainting", "inpainting_distilled", "no_zeros", "mean", "legacy_end", "leading")
# Of variants.py: those that refine as well as another.
REFINERS = ("distilled", "no_zeros", "mean", "linear", "convolved", "legacy_end", "leading")
WORDS = {
    "<thing>": ("a <thing> by day, <thing>", "a <THING> and a <thing>", "red<thing>cube, <Thing>", "red " * 72 + "<thing> cube", "<thing>_1, a <thing>_2", "a <thing> by <thing>_1 by <thing>_12"),
    "MyStyle": ("MyStyle, mystyle", "a MYSTYLE cube in MyStyles", "a cube"),
}
WEIGHTED = (
    "a (shiny:1.4) [red sphere", "((a red cube)) BREAK a [[green cone]]", "BREAK", "(a cube:0) [x:-0.3)]", "(red, " * 40 + "tail:0.9)", ", ".join(["a (large:1.2) yellow cone"] * 20),
    "(unclosed [both ((", "\\(literal\\) \\[x\\] \\\\ (a:1.5", "red " * 75 + ", (green:2) cube", "(a: b :1.1 ) c:1.2)", "(a:1.2.3) (b:.5) (c:1e3)",
)
MARKS = ("(", "(", "[", ")", "]", ":1.3)", ":0.7)", ": .05 )", " BREAK ", "\\", "\\(", ", ", ",", ":", " ", " ")
CHANCES = {
    "guidance_scale": (0.8, (0, 0.5, 1, 1.5, 2.5, 8.5)), "prompt_2": (0.2, PROMPTS), "negative_prompt": (0.4, PROMPTS),
    "negative_prompt_2": (0.2, PROMPTS), "clip_skip": (0.2, (0, 1, 2, 5)), "guidance_rescale": (0.2, (0.3, 1.0)), "eta": (0.2, (0.3, 1.0)),
    "original_size": (0.2, SIZES), "target_size": (0.2, SIZES), "negative_original_size": (0.2, SIZES), "negative_target_size": (0.2, SIZES),
    "crops_coords_top_left": (0.2, SIZES), "negative_crops_coords_top_left": (0.2, SIZES), "denoising_end": (0.1, (0.3, 0.8)),
    "num_images_per_prompt": (0.08, (2, 3)), "output_type": (0.3, ("pil",)), "vae": (0.08, variants.VAES),
    "freeu": (0.06, ({"s1": 0.6, "s2": 0.4, "b1": 1.1, "b2": 1.2}, {"s1": 2.5, "s2": 0.01, "b1": 0.3, "b2": 1.9})),
}


def models(folder: Path, draw: random.Random) -> list[str]:
    """Models under models/ that jobs are drawn for; diffusers finds them by the same names."""
    names = variants.write(folder / "models", lambda: scheduler(draw))
    jobs.MODELS.update({name: folder / "models" / name for name in (*names, *variants.VAES)})
    return names


def text(draw: random.Random) -> str:
    return "".join(draw.choices(LETTERS, k=draw.choice((1, 12, 90))))


def marked(draw: random.Random, plain: str) -> str:
    """The text with marks of the weighted syntax anywhere between its words."""
    return "".join(word + "".join(draw.choices(MARKS, k=draw.choice((1, 1, 2)))) for word in plain.split(" "))


def weighted(draw: random.Random, job: dict) -> dict:
    spoken = {field: draw.choice((draw.choice(WEIGHTED), marked(draw, job[field]))) for field in TEXTS if field in job}
    return {"prompt_syntax": "weighted"} | spoken


def value(draw: random.Random, values):
    """One of them; of numbers with a point, as often one between."""
    one = draw.choice(values)
    return round(draw.uniform(min(values), max(values)), 5) if isinstance(one, float) and draw.random() < 0.5 else one


def scheduler(draw: random.Random, name: str | None = None) -> dict:
    name = name or draw.choice(list(KNOWN))
    config = {"name": name} | ({"sigma_min": 0.002, "sigma_max": 80.0} if name.startswith("EDM") else {})
    fields = draw.sample(list(KNOWN[name]), draw.randrange(5))
    fields += draw.sample([field for field in OPTIONS if field in KNOWN[name]] or fields, draw.randrange(2))
    for field in fields:
        words = KNOWN[name][field]
        config[field] = value(draw, words.split("|") if "|" in words else (True, False) if words == "boolean" else VALUES.get(field, (words,)))
    if config.get("use_flow_sigmas"):
        config |= FLOW
    return config


def started(draw: random.Random) -> dict:
    """What img2img and inpainting begin with."""
    strength = draw.choice((0.02, 0.003, 0.3, 0.6, 0.75, 0.99, 1.0, *(round(draw.uniform(0.25, 1), 3) for _ in range(4))))
    fields = {"image": draw.choice(("init.png", draw.choice(PICTURES))), "strength": strength}
    fields["num_inference_steps"] = {0.02: 50, 0.003: draw.choice((998, 999, 1000))}.get(strength, draw.randint(4, 9))
    if draw.random() < 0.5:
        fields["mask_image"] = draw.choice(MASKS)
        if draw.random() < 0.3:
            fields |= {"image": draw.choice(("init.png", "palette.png", "clear.png")), "mask_image": draw.choice(CROPPED)}
            fields |= {"padding_mask_crop": draw.choice((0, 4, 24, 300)), "output_type": "pil"}
        elif draw.random() < 0.1:
            del fields["strength"]
            fields |= {"denoising_start": round(draw.uniform(0.05, 0.8), 3), "num_inference_steps": draw.randint(7, 12)}
    elif draw.random() < 0.15:
        del fields["strength"]
        fields["denoising_start"] = draw.choice((0.2, 0.5, 0.8, round(draw.uniform(0.05, 0.95), 3)))
    if "strength" in fields and fields["num_inference_steps"] > 3 and draw.random() < 0.1:
        del fields["strength"]
    if "strength" not in fields and fields["num_inference_steps"] > 50:
        fields["num_inference_steps"] = 9
    if draw.random() < 0.2:
        fields |= {"aesthetic_score": draw.choice((0, 4.5, 10)), "negative_aesthetic_score": draw.choice((0, 2.5, 7))}
    return fields


NET = {
    "image": lambda draw: draw.choice(("edges.png", "init.png", draw.choice(PICTURES))),
    "controlnet_conditioning_scale": lambda draw: draw.choice((0.0, 0.3, 1.0, 1.7)),
    "control_guidance_start": lambda draw: draw.choice((0, 0, 0.2, 0.5)),
    "control_guidance_end": lambda draw: draw.choice((0.6, 0.8, 1.0)),
}


def net(draw: random.Random, name: str, alone: bool) -> dict:
    """A ControlNet; a union may have several pictures, and if it is alone scales and windows for each."""
    drawn = {"model": name} | {field: given(draw) for field, given in NET.items()}
    if name != jobs.UNION:
        return drawn
    count = draw.choice((1, 1, 2, 3, 5))
    drawn["control_mode"] = draw.randrange(5)
    if count > 1:
        listed = [field for field in NET if field == "image" or alone and draw.random() < 0.5]
        drawn |= {field: [NET[field](draw) for _ in range(count)] for field in listed}
        drawn["control_mode"] = [draw.randrange(5) for _ in range(count)]
    return drawn


def added(draw: random.Random, several: bool) -> dict:
    """LoRA files, embeddings, IP-Adapters and ControlNets; several of these where diffusers takes them."""
    fields = {}
    if draw.random() < 0.5:
        names = draw.sample(LORAS, draw.choice((1, 1, 2, 3)))
        fields["loras"] = [{"path": name + ".safetensors", "weight": draw.choice((1, 0.6, -0.4, 0))} for name in names]
    if draw.random() < 0.3:
        words = draw.sample(list(WORDS), draw.choice((1, 2)))
        files = [{"path": f"inversion_{draw.choice((1, 3))}.safetensors", "token": word} for word in words]
        fields |= {"embeddings": files, "prompt": draw.choice(WORDS[words[0]]), "negative_prompt": draw.choice(WORDS[words[-1]])}
    if draw.random() < 0.6:
        one = [draw.choice(list(jobs.NETS))]
        names = draw.choice((one, ["control", "bgr"], ["bgr", "control"], ["control", "control"], ["bgr", "pooled", "control"])) if several else one
        names = draw.choice((names, names, [jobs.UNION], [jobs.UNION, jobs.UNION])) if several else names
        fields["controlnet"] = [net(draw, name, len(names) == 1) for name in names]
        fields |= {"guess_mode": True} if draw.random() < 0.3 and jobs.UNION not in names else {}
    if draw.random() < 0.3:
        names = draw.choice((["plain"], ["plus"], ["plus", "plain"], ["plain", "plain"]))
        fields["ip_adapter"] = [prompting(draw, name, several) for name in names]
    return fields


SCALES = {"up": {"block_0": [0.0, 1.0, 0.0]}}, {"down": {"block_2": [0.3, 1]}, "mid": 0.5}, {"down": 0.4, "up": [0.2, 0.6, 1]}


def prompting(draw: random.Random, name: str, sized: bool) -> dict:
    pictures = [draw.choice(("edges.png", "init.png", draw.choice(PICTURES))) for _ in range(draw.choice((1, 1, 2, 3)))]
    fields = {"model": name, "image": pictures, "scale": draw.choice((1, 0.6, 0.3, 0, -0.4, *SCALES))}
    if sized and draw.random() < 0.4:
        fields["mask"] = [draw.choice(MASKS) for _ in pictures]
        if draw.random() < 0.4:
            fields["scale"] = [draw.choice((1, 0.5, 0, -0.3, *SCALES)) for _ in pictures]
    return {field: given[0] if isinstance(given, list) and len(given) == 1 else given for field, given in fields.items()}


def adapted(draw: random.Random, job: dict) -> dict:
    """T2I-Adapters, which mostly have a size that they take."""
    names = draw.choice((["depth"], ["sketch"], ["sketch", "depth"], ["depth", "depth", "sketch"]))
    fields = {"t2i_adapter": [adapter(draw, name) for name in names]}
    if draw.random() < 0.5:
        fields["adapter_conditioning_factor"] = draw.choice((0, 0.5, 0.8, round(draw.random(), 3)))
    return fields | {side: -(-job[side] // 16) * 16 for side in ("height", "width") if side in job and draw.random() < 0.95}


def adapter(draw: random.Random, name: str) -> dict:
    picture = draw.choice(("edges.png", "init.png", draw.choice(PICTURES)))
    scale = {"adapter_conditioning_scale": draw.choice((0, 0.4, 1.0, 1.7))} if draw.random() < 0.7 else {}
    return {"model": name, "image": picture} | scale


def untaken(job: dict) -> tuple:
    """What diffusers' ControlNet pipelines do not take, or pass over in silence."""
    if "controlnet" not in job:
        return ()
    if "mask_image" in job:
        return "timesteps", "sigmas", "negative_original_size", "negative_target_size", "negative_crops_coords_top_left"
    return ("guidance_rescale", "timesteps", "sigmas", "denoising_start", "denoising_end") if "image" in job else ("guidance_rescale",)


# Not "attn" alone, which in diffusers is in the resampler of an IP-Adapter Plus too.
LAYERS = ("mid", "up", "down_blocks.1", "attn1", "blocks.(1|2).attentions.0", "up_blocks.[01].attentions.1", "down_blocks.0", ["mid", "up_blocks.0"], ["mid", "nowhere"])


def perturbed(draw: random.Random) -> dict:
    fields = {"pag_scale": draw.choice((3, 0.5, 0, round(draw.uniform(0, 8), 2)))}
    fields |= {"pag_adaptive_scale": draw.choice((0.001, 0.005, 0.5))} if draw.random() < 0.4 else {}
    return fields | ({"pag_applied_layers": draw.choice(LAYERS)} if draw.random() < 0.7 else {})


EDITORS = ("editing", "editing_distilled")
NOT_EDITED = "clip_skip", "negative_original_size", "negative_crops_coords_top_left", "negative_target_size", "timesteps", "sigmas"


def edited(draw: random.Random, job: dict) -> dict:
    """The job as one that edits a picture by instruction."""
    scale = draw.choice((1.5, 1.0, 0.8, 0, round(draw.uniform(0, 8), 2)))
    fields = {"model": draw.choice(EDITORS), "image": draw.choice(("init.png", draw.choice(PICTURES))), "image_guidance_scale": scale}
    return {field: given for field, given in job.items() if field not in NOT_EDITED} | fields


def refined(draw: random.Random) -> dict:
    refiner = {"model": draw.choice(("demo-refiner", "demo-refiner", "demo-refiner", "demo", *REFINERS))}
    start = draw.choice((0.3, 0.6, 0.9, round(draw.uniform(0.05, 0.95), 3)))
    refiner |= {"denoising_start": start} if draw.random() < 0.8 else {"strength": draw.choice((0.3, 1.0, round(draw.uniform(0.2, 1), 3)))}
    refiner |= {"guidance_scale": draw.choice((0, 3)), "num_inference_steps": 9} if draw.random() < 0.5 else {}
    refiner |= {"aesthetic_score": draw.choice((0, 9)), "negative_aesthetic_score": 1.5} if draw.random() < 0.3 else {}
    return refiner | ({"scheduler": scheduler(draw)} if draw.random() < 0.2 else {})


def schedule(draw: random.Random) -> dict:
    """Timesteps or sigmas of the job's own, mostly with a scheduler that takes them."""
    name = draw.choice(list(ALTERNATIVES))
    taker = draw.choice(TAKERS[name]) + "Scheduler"
    steps = draw.choice((draw.choice(ALTERNATIVES[name]), own_steps(draw, name)))
    if taker.startswith("UniPC"):
        config = scheduler(draw, taker) | FLOW
        return {name: sorted((round(draw.uniform(0.01, 1), 3) for _ in range(5)), reverse=True), "scheduler": config}
    return {name: steps} | ({"scheduler": scheduler(draw, taker)} if draw.random() < 0.8 else {})


def own_steps(draw: random.Random, name: str) -> list:
    count = draw.randint(2, 8)
    if name == "timesteps":
        return sorted(draw.sample(range(1000), count), reverse=True)
    return sorted((round(math.exp(draw.uniform(-3.5, 3.5)), 4) for _ in range(count)), reverse=True)


def between(draw: random.Random, job: dict) -> dict:
    """Some of the job's numbers anew, of all that they may be."""
    drawn = {
        "guidance_scale": round(draw.uniform(0, 12), 2), "guidance_rescale": round(draw.random(), 3), "eta": round(draw.random(), 3),
        "denoising_end": round(draw.uniform(0.05, 0.98), 3), "height": 8 * draw.randint(2, 24), "width": 8 * draw.randint(2, 24),
    }
    return {field: number for field, number in drawn.items() if field in job and draw.random() < 0.4}


def job(draw: random.Random, models: list[str]) -> dict:
    """A job; one in five is of one of these models, else of the demo base or refiner."""
    job = {"model": "demo", "prompt": draw.choice(PROMPTS), "seed": draw.choice((draw.randrange(2**40), draw.choice(SEEDS)))}
    job["num_inference_steps"] = draw.randint(1, 8) if draw.random() < 0.9 else draw.randint(9, 25)
    job |= {field: draw.choice(values) for field, (chance, values) in CHANCES.items() if draw.random() < chance}
    job |= {field: text(draw) for field in TEXTS if field in job and draw.random() < 0.2}
    size = draw.choice(([128, 128], draw.choice(SIZES), []))
    job |= dict(zip(("height", "width"), size))
    job |= between(draw, job)
    if draw.random() < 0.8:
        job["scheduler"] = scheduler(draw)
    if draw.random() < 0.15:
        job |= schedule(draw)
    edits = draw.random() < 0.05
    if edits:
        job = edited(draw, job)
    elif draw.random() < 0.45:
        job |= started(draw)
    if not edits and draw.random() < 0.15:
        job |= added(draw, "height" in job and "padding_mask_crop" not in job)
        if draw.random() < 0.35:
            job["model"] = draw.choice([name for name in LIKE_DEMO if name in models])
    elif not edits and draw.random() < 0.2:
        job["model"] = draw.choice(models)
    elif not edits and "image" in job and draw.random() < 0.1:
        job["model"] = "demo-refiner"
    if not edits and draw.random() < 0.1 and jobs.UNION not in [net["model"] for net in job.get("controlnet", [])]:
        job |= perturbed(draw)
        job.pop("guess_mode", None)  # one of diffusers' pipelines passes over it in silence
    plain = not {"image", "controlnet"} & job.keys() and not jobs.is_perturbed(job)
    if plain and job["model"] in ("demo", *LIKE_DEMO) and draw.random() < 0.08:
        job |= adapted(draw, job)
    if "embeddings" not in job and draw.random() < 0.15:
        job |= weighted(draw, job)
    for field in untaken(job):
        job.pop(field, None)
    if draw.random() < 0.2 and "padding_mask_crop" not in job:
        job.pop("denoising_end", None)
        job["refiner"] = refined(draw)
        if job["num_inference_steps"] > 50:
            job["refiner"]["num_inference_steps"] = 9
        if "denoising_end" in untaken(job):
            job["refiner"].pop("denoising_start", None)
    return {"output_type": "latent"} | job
