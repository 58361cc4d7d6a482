"""Jobs that add something to their model: LoRA files, embeddings, ControlNets. The files are made here too."""

from pathlib import Path

from diffusers import StableDiffusionXLPipeline

from goldens import common, jobs, loras

BALL = "a shiny red sphere on a checkerboard floor at sunset"


def job(*names, seed: int = 11, **more) -> dict:
    """A small job with these LoRA files: a name, or (name, weight)."""
    added = {"loras": [lora(name) for name in names]} if names else {}
    return {
        "model": "demo", "prompt": BALL, "seed": seed, "num_inference_steps": 4, "guidance_scale": 5.0,
        "height": 64, "width": 64, **added, **more,
    }


def lora(name) -> dict:
    path, weight = (name, None) if isinstance(name, str) else name
    return {"path": path + ".safetensors"} | ({} if weight is None else {"weight": weight})


CASES = {
    "without": job(),
    "peft": job("peft"),
    "lora_down_up": job("lora_down_up"),
    "peft_convolutions": job("peft_convolutions"),
    "peft_text": job("peft_text"),
    "peft_metadata": job("peft_metadata"),
    "peft_rslora": job("peft_rslora"),
    "old": job("old"),
    "kohya_original_blocks": job("kohya_original_blocks"),
    "kohya_text": job("kohya_text"),
    "kohya_mixed_alphas": job("kohya_mixed_alphas"),
    "kohya_no_alphas": job("kohya_no_alphas"),
    "weighted": job(("kohya_text", 0.6), seed=2**33),
    "taken_away": job(("peft_text", -0.5)),
    "several": job(("peft", 0.7), ("kohya_text", 0.4), ("old", -0.3)),
    "same_twice": job(("peft", 0.5), ("peft", 0.25)),
    "lora_and_refiner": job("peft_text", refiner={"model": "demo-refiner", "denoising_start": 0.5}),
}


def write(out: Path) -> None:
    pipe = StableDiffusionXLPipeline.from_pretrained(jobs.MODELS["demo"])
    loras.write(out, pipe)
    common.write_json(out / "jobs.json", CASES)
    latents = {name: jobs.render(case, out, "latent") for name, case in CASES.items()}
    common.write_tensors(out / "latents.safetensors", latents)
