"""Jobs that add something to their model: LoRA files, embeddings, ControlNets, adapters. The files are made here too."""

import tempfile
from pathlib import Path

import torch
from diffusers import StableDiffusionXLPipeline
from PIL import Image, ImageDraw

from goldens import common, jobs, loras, pipeline, variants

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


def net(model: str = "control", image: str | list[str] = "edges.png", scale=None, start=None, end=None, mode=None) -> dict:
    options = {
        "controlnet_conditioning_scale": scale, "control_guidance_start": start, "control_guidance_end": end, "control_mode": mode
    }
    return {"model": model, "image": image} | {name: value for name, value in options.items() if value is not None}


def adapter(model: str = "plain", image: str | list[str] = "init.png", scale=None, mask: str | list[str] | None = None) -> dict:
    return {"model": model, "image": image} | ({} if scale is None else {"scale": scale}) | ({} if mask is None else {"mask": mask})


def steered(*nets: str | tuple, **more) -> dict:
    """A job with these T2I-Adapters and their pictures: (name, picture) or (name, picture, scale)."""
    scales = [{} if len(net) == 2 else {"adapter_conditioning_scale": net[2]} for net in nets]
    return job(t2i_adapter=[{"model": net[0], "image": net[1]} | scale for net, scale in zip(nets, scales)], **more)


THING = {"path": "../text/inversion_3.safetensors", "token": "<thing>"}
MOONSTONE = {"path": "../text/inversion_1.safetensors", "token": "moonstone"}
FREEU = {"s1": 0.6, "s2": 0.4, "b1": 1.1, "b2": 1.2}
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
    "kohya_tied_alphas": job("kohya_tied_alphas"),
    "dora": job("dora"),
    "dora_weighted": job(("peft", 0.7), ("dora", 0.6), ("kohya_text", 0.4)),
    "peft_bias": job(("peft_bias", 0.8)),
    "bias_then_dora": job(("peft_bias", 0.8), ("dora", 0.7), ("peft_bias", -0.3)),
    "mixed_peft_first": job("mixed_peft_first"),
    "mixed_diffusers_first": job("mixed_diffusers_first"),
    "mixed_kohya": job("mixed_kohya"),
    "peft_float8": job("peft_float8"),
    "dora_unsaid": job("dora_unsaid"),
    "bias_unsaid": job("bias_unsaid"),
    "weighted": job(("kohya_text", 0.6), seed=2**33),
    "taken_away": job(("peft_text", -0.5)),
    "several": job(("peft", 0.7), ("kohya_text", 0.4), ("old", -0.3)),
    "same_twice": job(("peft", 0.5), ("peft", 0.25)),
    "lora_and_refiner": job("peft_text", refiner={"model": "demo-refiner", "denoising_start": 0.5}),
    "words": job(
        prompt="a <thing> beside a moonstone at night", negative_prompt="<thing>", embeddings=[THING, MOONSTONE]
    ),
    "one_word": job(prompt="Moonstone, moonstone", embeddings=[MOONSTONE], seed=3, clip_skip=1),
    "control": job(controlnet=[net()]),
    "control_window": job(controlnet=[net(scale=0.6, start=0.25, end=0.75)], num_inference_steps=8),
    "control_heun_window": job(
        controlnet=[net(end=0.5)], num_inference_steps=5, scheduler={"name": "HeunDiscreteScheduler"}
    ),
    "control_no_guidance": job(controlnet=[net()], guidance_scale=1.0, negative_prompt="night"),
    "control_own_size": {name: value for name, value in job(controlnet=[net()]).items() if name not in ("height", "width")},
    "control_several": job(controlnet=[net(scale=0.5, end=0.6), net("bgr", "init.png", scale=0.3, start=0.2)]),
    "control_pooled": job(controlnet=[net("pooled")]),
    "control_guess": job(controlnet=[net()], guess_mode=True),
    "control_guess_several": job(
        controlnet=[net(scale=0.5), net("pooled", scale=0.7, end=0.6)], guess_mode=True, guidance_scale=1.0
    ),
    "control_sigmas_above_training": job(
        controlnet=[net(scale=0.5)], sigmas=[40.0, 30.0, 14.0, 4.0, 0.5, 0.0], denoising_end=0.3,
        scheduler={"name": "EulerDiscreteScheduler"},
    ),
    "control_end": job(controlnet=[net(end=0.5)], denoising_end=0.7, num_inference_steps=8),
    "control_and_refiner": job(controlnet=[net()], refiner={"model": "demo-refiner", "denoising_start": 0.5}),
    "control_image": job(controlnet=[net()], image="init.png"),
    "control_image_window": job(
        controlnet=[net(scale=0.4, start=0.3, end=0.9)], image="init.png", strength=0.6, num_inference_steps=9,
        original_size=[64, 64], negative_original_size=[32, 32],
    ),
    "control_image_pooled": job(controlnet=[net("pooled")], image="init.png", strength=0.5),
    "control_distilled": job(controlnet=[net()]) | {"model": "distilled"},
    "control_distilled_image": job(controlnet=[net()], image="init.png", strength=0.6) | {"model": "distilled"},
    "control_image_guess": job(controlnet=[net("bgr")], guess_mode=True, image="init.png", strength=0.5),
    "control_inpaint": job(controlnet=[net(scale=0.7)], image="init.png", mask_image="mask.png", strength=0.9),
    "control_inpaint_window": job(
        controlnet=[net(start=0.2, end=0.8), net("bgr", scale=0.2)], image="init.png", mask_image="mask.png",
        num_inference_steps=6, guidance_scale=3.0,
    ),
    "control_inpaint_pooled": job(controlnet=[net("pooled")], image="init.png", mask_image="mask.png", strength=0.6),
    "control_inpaint_guess": job(
        controlnet=[net(), net("pooled")], guess_mode=True, image="init.png", mask_image="mask.png", strength=0.6
    ),
    "control_inpaint_padding": job(
        controlnet=[net()], image="init.png", mask_image="mask.png", strength=0.7, padding_mask_crop=8
    ),
    "control_inpaint_own_size": {
        name: value
        for name, value in job(controlnet=[net()], image="edges.png", mask_image="edges.png", strength=0.7).items()
        if name not in ("height", "width")
    },
    "control_inpaint_mean": job(controlnet=[net()], vae="mean_vae", image="init.png", mask_image="mask.png", strength=0.7),
    "union": job(controlnet=[net("union", mode=3)]),
    "union_several": job(
        controlnet=[net("union", scale=0.5, end=0.6, mode=0), net("union", "init.png", scale=0.7, mode=4)], guidance_scale=1.0
    ),
    "union_image_guess": job(controlnet=[net("union", scale=0.6, mode=1)], guess_mode=True, guidance_scale=1.0, image="init.png", strength=0.7),
    "union_inpaint_and_refiner": job(
        controlnet=[net("union", start=0.2, mode=2)], image="init.png", mask_image="mask.png", strength=0.8, num_inference_steps=6,
        refiner={"model": "demo-refiner", "strength": 0.4},
    ),
    "union_pictures": job(controlnet=[net("union", ["edges.png", "init.png"], mode=[3, 0])]),
    "union_pictures_image": job(
        controlnet=[net("union", ["edges.png", "init.png", "mask.png"], scale=[1.3, 0.4, 0.7], start=[0.0, 0.3, 0.0], end=0.8, mode=[2, 4, 2])],
        image="init.png", strength=0.8, num_inference_steps=9,
    ),
    "union_pictures_inpaint_guess": job(
        controlnet=[net("union", ["edges.png", "init.png"], scale=0.6, end=[1.0, 0.5], mode=[1, 4])], image="init.png", mask_image="mask.png",
        strength=0.9, guess_mode=True, guidance_scale=1.0, num_inference_steps=5,
    ),
    "union_several_pictures": job(
        controlnet=[net("union", ["edges.png", "mask.png"], scale=0.6, end=0.7, mode=[0, 4]), net("union", "init.png", scale=0.5, mode=3)],
    ),
    "inpaint_taesd": job(
        vae="tiny", image="init.png", mask_image="mask.png", strength=0.8, scheduler={"name": "EulerAncestralDiscreteScheduler"}
    ),
    "t2i": steered(("depth", "edges.png")),
    "t2i_factor": steered(("sketch", "init.png", 0.6), adapter_conditioning_factor=0.5, num_inference_steps=7, guidance_rescale=0.3),
    "t2i_heun_factor": steered(
        ("sketch", "edges.png"), adapter_conditioning_factor=0.8, num_inference_steps=5, guidance_scale=1.0, scheduler={"name": "HeunDiscreteScheduler"}
    ),
    "t2i_several_narrow": steered(("depth", "init.png", 0.7), ("sketch", "edges.png", 1.4)) | {"height": 112, "width": 80},
    "t2i_own_size": {name: value for name, value in steered(("depth", "edges.png"), vae="mean_vae").items() if name not in ("height", "width")},
    "t2i_prompted_and_refiner": steered(
        ("depth", "edges.png", 0.8), ip_adapter=[adapter(scale=0.4)], adapter_conditioning_factor=0.7, num_inference_steps=8,
        refiner={"model": "demo-refiner", "denoising_start": 0.5},
    ),
    "prompted": job(ip_adapter=[adapter(scale=0.6)]),
    "prompted_plus": job(ip_adapter=[adapter("plus", "edges.png")]),
    "prompted_by_block": job(
        ip_adapter=[adapter(scale={"up": {"block_0": [0.0, 1.0, 0.5], "block_1": 0.4}}), adapter("plus", scale={"down": 0.7, "mid": 0.2})]
    ),
    "prompted_plus_128": job(ip_adapter=[adapter("plus")]) | {"height": 128, "width": 96},
    "prompted_by_two": job(ip_adapter=[adapter("plus", "edges.png", 0.5), adapter(scale=0.7)]),
    "prompted_by_several": job(ip_adapter=[adapter("plus", ["edges.png", "init.png", "mask.png"]), adapter(image=["init.png", "edges.png"], scale=0.4)]),
    "prompted_by_several_no_guidance": job(ip_adapter=[adapter(image=["edges.png", "init.png"])], guidance_scale=1.0),
    "prompted_no_guidance": job(ip_adapter=[adapter("plus", "mask.png", 0.8)], guidance_scale=1.0),
    "prompted_image": job(ip_adapter=[adapter(scale=0.5)], image="init.png", strength=0.6),
    "prompted_inpaint": job(
        ip_adapter=[adapter("plus", scale=0.5)], image="init.png", mask_image="mask.png", strength=0.9
    ),
    "masked_prompt": job(ip_adapter=[adapter("plus", mask="mask.png")]),
    "masked_prompts_split": job(ip_adapter=[adapter("plus", "edges.png", mask="left.png"), adapter(scale=0.7, mask="right.png")])
    | {"height": 128, "width": 128},
    "masked_prompts_one_adapter": job(
        ip_adapter=[adapter(image=["init.png", "edges.png"], scale=[0.9, -0.4], mask=["left.png", "right.png"]), adapter("plus", "edges.png", 0.3)]
    ),
    "masked_prompts_by_block": job(
        ip_adapter=[adapter("plus", scale=0.5), adapter(image=["init.png", "edges.png"], scale=[{"up": {"block_0": [0.0, 1.0, 0.5]}}, 0.5], mask=["mask.png", "right.png"])]
    ),
    "masked_prompt_narrow": job(ip_adapter=[adapter(mask="edges.png")]) | {"height": 128, "width": 40},
    "masked_prompt_inpaint_no_guidance": job(
        ip_adapter=[adapter("plus", mask="left.png")], image="init.png", mask_image="mask.png", strength=0.9, guidance_scale=1.0
    ),
    "masked_prompt_inpaint_padding": job(
        ip_adapter=[adapter("plus", mask="left.png")], image="init.png", mask_image="mask.png", strength=0.7, padding_mask_crop=8
    ),
    "prompted_control_and_refiner": job(
        ip_adapter=[adapter(scale=0.4)], controlnet=[net(scale=0.5)], refiner={"model": "demo-refiner", "denoising_start": 0.5}
    ),
    "freeu": job(freeu=FREEU),
    "freeu_96x72": job(freeu=FREEU, guidance_scale=1.0) | {"height": 96, "width": 72},
    "freeu_inpaint_control_and_refiner": job(
        freeu={"s1": 2.0, "s2": 0.1, "b1": 0.7, "b2": 1.6}, image="init.png", mask_image="mask.png", strength=0.9, controlnet=[net(scale=0.5)],
        refiner={"model": "demo-refiner", "strength": 0.5},
    ),
    "perturbed_control": job(controlnet=[net(scale=0.7)], pag_scale=3.0),
    "perturbed_control_pooled": job(controlnet=[net("bgr", "init.png", scale=0.4), net("pooled")], pag_scale=2.0, pag_applied_layers="down"),
    "perturbed_control_image": job(
        controlnet=[net("pooled", end=0.7)], image="init.png", strength=0.7, num_inference_steps=6, pag_scale=2.0, pag_adaptive_scale=0.001
    ),
    "perturbed_prompted": job(ip_adapter=[adapter("plus", "edges.png", 0.5), adapter(scale=0.7)], pag_scale=3.0, pag_applied_layers=["mid", "up"]),
    "perturbed_prompted_alone": job(ip_adapter=[adapter(scale=0.7)], guidance_scale=1.0, pag_scale=2.0),
    "perturbed_distilled": job(pag_scale=2.0) | {"model": "distilled"},
    "perturbed_everything": job(
        ("peft_text", 0.8), prompt="a <thing> by day", embeddings=[THING], controlnet=[net(scale=0.5)], image="init.png", strength=0.7,
        pag_scale=2.0,
    ),
    "edited": job(image="init.png", image_guidance_scale=1.5) | {"model": "editing"},
    "edited_own_size": {name: value for name, value in job(image="edges.png", image_guidance_scale=1.0).items() if name not in ("height", "width")}
    | {"model": "editing"},
    "edited_unguided": job(image="init.png", image_guidance_scale=0.9) | {"model": "editing"},
    "edited_96x72": job(
        image="init.png", image_guidance_scale=2.5, negative_prompt="night", guidance_rescale=0.6, freeu=FREEU, crops_coords_top_left=[8, 16],
        original_size=[64, 48],
    )
    | {"model": "editing", "height": 96, "width": 72},
    "edited_and_refiner": job(
        "peft_text", image="edges.png", image_guidance_scale=1.2, vae="mean_vae", refiner={"model": "demo-refiner", "denoising_start": 0.5}
    )
    | {"model": "editing"},
    "edited_cosxl": job(image="init.png", image_guidance_scale=1.5, guidance_scale=7.0) | {"model": "editing_cosxl"},
    "everything": job(
        ("peft_text", 0.8), prompt="a <thing> by day", embeddings=[THING],
        controlnet=[net(scale=0.5)], image="init.png", strength=0.7,
    ),
}
PICTURES = ("prompted_plus_128", "masked_prompts_split", "masked_prompt_inpaint_padding", "control_own_size", "t2i_own_size", "control_inpaint_padding", "control_inpaint_mean")
GUIDANCE_FEATURES = 24


def edges(out: Path) -> None:
    """A control picture that is no multiple of anything: white lines on black."""
    image = Image.new("RGB", (91, 74))
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 12, 70, 62), outline=(255, 255, 255), width=2)
    draw.line((0, 50, 91, 40), fill=(200, 90, 30), width=3)
    image.save(out / "edges.png", optimize=True)


def halves(out: Path) -> None:
    """Masks of the left part of a picture and of the right one, which meet beside its middle."""
    for name, box in {"left": (0, 0, 39, 63), "right": (40, 0, 99, 63)}.items():
        mask = Image.new("L", (100, 64))
        ImageDraw.Draw(mask).rectangle(box, fill=255)
        mask.save(out / f"{name}.png", optimize=True)


def models(folder: Path) -> None:
    """A VAE whose latents have a mean, a base that is told the guidance, and two that edit a picture; the tests make them again."""
    variants.edited(variants.copy(folder / "mean"), "vae/config.json", variants.MEAN)
    unet = variants.grown({"time_cond_proj_dim": GUIDANCE_FEATURES})
    weight = unet.time_embedding.cond_proj.weight.data
    weight.copy_(((torch.arange(weight.numel()) * 7 % 13 - 6) / 60).reshape(weight.shape))
    variants.with_part(folder / "distilled", "unet", unet)
    unet = variants.grown({"in_channels": 8})
    weight = unet.conv_in.weight.data[:, 4:]
    weight.copy_(((torch.arange(weight.numel()) * 7 % 13 - 6) / 64).reshape(weight.shape))
    for name in ("editing", "editing_cosxl"):
        variants.with_part(folder / name, "unet", unet)
        variants.edited(folder / name, variants.INDEX, variants.EDITING | {"is_cosxl_edit": name == "editing_cosxl"})
    models = {name: folder / name for name in ("distilled", "editing", "editing_cosxl")}
    jobs.MODELS.update(models | {"mean_vae": folder / "mean" / "vae"})


def write(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        models(Path(folder))
        write_cases(out)


def write_cases(out: Path) -> None:
    pipe = StableDiffusionXLPipeline.from_pretrained(jobs.MODELS["demo"])
    loras.write(out, pipe)
    common.write_json(out / "jobs.json", CASES)
    pipeline.init_images(out)
    edges(out)
    halves(out)
    latents = {name: jobs.render(case, out, "latent") for name, case in CASES.items() if name not in PICTURES}
    common.write_tensors(out / "latents.safetensors", latents)
    for name in PICTURES:
        jobs.render(CASES[name], out, "pil").save(out / f"{name}.png", optimize=True)
