"""Runs a darkroom job through diffusers: what the contract's fields mean, said in diffusers' own calls."""

import atexit
import functools
import json
import shutil
import tempfile
from pathlib import Path

import diffusers
import numpy
import torch
from diffusers import (
    StableDiffusionXLAdapterPipeline,
    StableDiffusionXLControlNetImg2ImgPipeline,
    StableDiffusionXLControlNetInpaintPipeline,
    StableDiffusionXLControlNetPAGImg2ImgPipeline,
    StableDiffusionXLControlNetPAGPipeline,
    StableDiffusionXLControlNetPipeline,
    StableDiffusionXLControlNetUnionImg2ImgPipeline,
    StableDiffusionXLControlNetUnionInpaintPipeline,
    StableDiffusionXLControlNetUnionPipeline,
    StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLInpaintPipeline,
    StableDiffusionXLInstructPix2PixPipeline,
    StableDiffusionXLPAGImg2ImgPipeline,
    StableDiffusionXLPAGInpaintPipeline,
    StableDiffusionXLPAGPipeline,
    StableDiffusionXLPipeline,
)
from diffusers.schedulers import AysSchedules
from diffusers.utils import load_image
from PIL import Image
from safetensors.torch import load_file

from goldens import adapters, common, t2i, unet, weighted

MODELS = {
    "demo": common.DEMO / "base", "demo-refiner": common.DEMO / "refiner",
    "tiny": common.GOLDENS / "vae" / "tiny", "short": common.GOLDENS / "vae" / "short",
}
SAME_NAME = (
    "prompt prompt_2 negative_prompt negative_prompt_2 num_inference_steps guidance_scale guidance_rescale eta "
    "clip_skip timesteps sigmas denoising_start denoising_end"
).split()
NETS = {
    "control": {}, "pooled": {"global_pool_conditions": True}, "bgr": {"controlnet_conditioning_channel_order": "bgr"}
}
UNION = "union"
CONTROL_PIPELINES = StableDiffusionXLControlNetPipeline, StableDiffusionXLControlNetImg2ImgPipeline, StableDiffusionXLControlNetInpaintPipeline
UNION_PIPELINES = (
    StableDiffusionXLControlNetUnionPipeline, StableDiffusionXLControlNetUnionImg2ImgPipeline, StableDiffusionXLControlNetUnionInpaintPipeline
)
SCORES = ("aesthetic_score", "negative_aesthetic_score")
ADDITIONS = ("loras", "embeddings", "controlnet", "t2i_adapter", "ip_adapter")
PERTURBED = {
    StableDiffusionXLPipeline: StableDiffusionXLPAGPipeline,
    StableDiffusionXLImg2ImgPipeline: StableDiffusionXLPAGImg2ImgPipeline,
    StableDiffusionXLInpaintPipeline: StableDiffusionXLPAGInpaintPipeline,
    StableDiffusionXLControlNetPipeline: StableDiffusionXLControlNetPAGPipeline,
    StableDiffusionXLControlNetImg2ImgPipeline: StableDiffusionXLControlNetPAGImg2ImgPipeline,
}
PAIRS = (
    "original_size crops_coords_top_left target_size negative_original_size negative_crops_coords_top_left "
    "negative_target_size"
).split()


@functools.lru_cache
def load(model: str, kind: type, **given):
    pipe = kind.from_pretrained(MODELS.get(model, model), torch_dtype=torch.float32, add_watermarker=False, **given)
    pipe.set_progress_bar_config(disable=True)
    return pipe, pipe.scheduler


def own_vae(job: dict) -> dict:
    return {"vae": vae(job["vae"])} if "vae" in job else {}


@functools.lru_cache
def vae(name: str):
    folder = MODELS[name]
    kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))["_class_name"]
    return getattr(diffusers, kind).from_pretrained(folder, torch_dtype=torch.float32)


def with_additions(job: dict, kind: type, folder: Path):
    """A pipeline of the job's own, with its LoRA files, embeddings, ControlNets, T2I-Adapters and perturbed attention."""
    nets = [controlnet(choice["model"]) for choice in job.get("controlnet", [])]
    given = {"controlnet": nets if len(nets) > 1 else nets[0]} if nets else {}
    if "t2i_adapter" in job:
        given["adapter"] = t2i.of_choices(job["t2i_adapter"])
    if is_perturbed(job):
        kind, given["pag_applied_layers"] = PERTURBED[kind], job.get("pag_applied_layers", "mid")
    pipe, original = load.__wrapped__(job["model"], kind, **given, **own_vae(job))
    names = [f"network_{i}" for i in range(len(job.get("loras", [])))]
    for name, lora in zip(names, job.get("loras", [])):
        pipe.load_lora_weights(folder / lora["path"], adapter_name=name)
    if names:
        pipe.set_adapters(names, [lora.get("weight", 1.0) for lora in job["loras"]])
    for embedding in job.get("embeddings", []):
        learned = load_file(folder / embedding["path"])
        for key, encoder, tokenizer in (
            ("clip_l", pipe.text_encoder, pipe.tokenizer), ("clip_g", pipe.text_encoder_2, pipe.tokenizer_2)
        ):
            pipe.load_textual_inversion(learned[key], token=embedding["token"], text_encoder=encoder, tokenizer=tokenizer)
    if "ip_adapter" in job:
        adapters.load(pipe, job["ip_adapter"], adapter_folder())
    if "freeu" in job:
        pipe.enable_freeu(**job["freeu"])
    return pipe, original


def is_perturbed(job: dict) -> bool:
    return job.get("pag_scale", 0) > 0


def perturbing(job: dict) -> dict:
    """What only the first stage is told."""
    return {name: job[name] for name in ("pag_scale", "pag_adaptive_scale") if name in job and is_perturbed(job)}


@functools.lru_cache
def adapter_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="adapters-"))
    atexit.register(shutil.rmtree, folder)
    adapters.write(folder)
    return folder


def of_job(job: dict, kind: type, folder: Path):
    """The pipeline of a job's first stage."""
    own = any(field in job for field in (*ADDITIONS, "freeu")) or is_perturbed(job)
    loaded = with_additions(job, kind, folder) if own else load(job["model"], kind, **own_vae(job))
    return scheduled(*loaded, job.get("scheduler"))


def pipeline(model: str, kind: type, scheduler: dict | None, **given):
    """The pipeline with a fresh scheduler."""
    return scheduled(*load(model, kind, **given), scheduler)


def scheduled(pipe, original, scheduler: dict | None):
    """A fresh scheduler: the snapshot's config, the job's overrides on top."""
    overrides = dict(scheduler or {})
    name = overrides.pop("name", type(original).__name__)
    pipe.scheduler = getattr(diffusers, name).from_config(original.config, **overrides)
    return pipe


def arguments(job: dict, seed: int) -> dict:
    given = {key: job[key] for key in SAME_NAME if key in job}
    # The first pipeline's defaults, for the refiner's pipeline too, whose own may be others.
    given.setdefault("num_inference_steps", 100 if "image_guidance_scale" in job else 50)
    given.setdefault("guidance_scale", 7.5 if "mask_image" in job and "controlnet" not in job else 5.0)
    for key in ("timesteps", "sigmas"):
        if isinstance(given.get(key), str):
            given[key] = AysSchedules[given[key]]
    if "sigmas" in given:
        given["sigmas"] = numpy.array(given["sigmas"])  # UniPC reckons with them as they come
    given.update({key: tuple(job[key]) for key in PAIRS if key in job})
    given.update({key: job[key] for key in SCORES if key in job})
    given["generator"] = torch.Generator().manual_seed(seed)
    return given


def picture(reference: str, folder: Path) -> Image.Image:
    return load_image(str(folder / reference))


def pictures(references: str | list[str], folder: Path) -> list[Image.Image]:
    """One picture that stands alone, or all of a list."""
    return [picture(name, folder) for name in ([references] if isinstance(references, str) else references)]


def prompting(job: dict, folder: Path) -> dict:
    """The pictures of a job's IP-Adapters, and their masks, which need the job's size."""
    choices = job.get("ip_adapter", [])
    if not choices:
        return {}
    masks = adapters.masks(choices, lambda names: pictures(names, folder), job.get("height"), job.get("width"))
    return {"ip_adapter_image": [pictures(choice["image"], folder) for choice in choices]} | masks


def controlnet(name: str):
    """A ControlNet of the unet part; "pooled" averages its residuals, "bgr" sees blue first."""
    if name == UNION:
        return unet.union(common.GOLDENS / "unet" / "union")
    net = unet.controlnet(common.GOLDENS / "unet" / "controlnet")
    net.register_to_config(**NETS[name])
    return net


def controls(job: dict, folder: Path) -> dict:
    """What the ControlNet pipelines take in every form: one value for one network, else lists; of a union's pictures lists again."""
    nets = job["controlnet"]
    scale = 0.8 if "image" in job and "mask_image" not in job else 1.0
    given = {
        "control": [pictures(net["image"], folder) if isinstance(net["image"], list) else picture(net["image"], folder) for net in nets],
        "controlnet_conditioning_scale": [net.get("controlnet_conditioning_scale", scale) for net in nets],
        "control_guidance_start": [net.get("control_guidance_start", 0.0) for net in nets],
        "control_guidance_end": [net.get("control_guidance_end", 1.0) for net in nets],
    }
    if nets[0]["model"] == UNION:
        given["control_mode"] = [net["control_mode"] for net in nets]
    given = {name: values if len(nets) > 1 else values[0] for name, values in given.items()}
    return given | ({"guess_mode": True} if job.get("guess_mode") else {})


def unwrapping(pipe):
    """With several unions, diffusers 0.42.1 puts each one's list into a list of its own, and stumbles over it."""
    check = pipe.check_inputs

    def check_inputs(*given):
        for values in given:
            if isinstance(values, list):
                values[:] = [one[0] if isinstance(one, list) and isinstance(one[0], list) else one for one in values]
        check(*given)

    pipe.check_inputs = check_inputs
    return pipe


def controlled(job: dict, seed: int, folder: Path, output_type: str, denoising_end: float | None):
    given = arguments(job, seed) | prompting(job, folder) | perturbing(job) | controls(job, folder)
    size = {key: job[key] for key in ("height", "width") if key in job}
    control = given.pop("control")
    if denoising_end is not None:
        given["denoising_end"] = denoising_end
    union = job["controlnet"][0]["model"] == UNION
    text, image_to_image, inpainting = UNION_PIPELINES if union else CONTROL_PIPELINES
    kind = text if "image" not in job else inpainting if "mask_image" in job else image_to_image
    pipe = unwrapping(of_job(job, kind, folder)) if union else of_job(job, kind, folder)
    if "image" not in job:
        return run(pipe, job, given, **{"control_image" if union else "image": control}, output_type=output_type, **size)
    image = picture(job["image"], folder)
    if "mask_image" not in job:
        strength = job.get("strength", 0.8)
        return run(pipe, job, given, image=image, control_image=control, strength=strength, output_type=output_type, **size)
    return run(
        pipe, job, given, image=image, mask_image=picture(job["mask_image"], folder), control_image=control,
        strength=job.get("strength", 0.9999), padding_mask_crop=job.get("padding_mask_crop"), output_type=output_type,
        **size,
    )


def run(pipe, job: dict, given: dict, **more):
    return pipe(**weighted.spoken(pipe, job, given), **more).images[0]


def first_stage(job: dict, seed: int, folder: Path, output_type: str, denoising_end: float | None):
    if "controlnet" in job:
        return controlled(job, seed, folder, output_type, denoising_end)
    given = arguments(job, seed) | prompting(job, folder) | perturbing(job)
    if denoising_end is not None:
        given["denoising_end"] = denoising_end
    if "image" not in job:
        steered = "t2i_adapter" in job
        given |= t2i.steering(job, lambda name: picture(name, folder)) if steered else {}
        pipe = of_job(job, StableDiffusionXLAdapterPipeline if steered else StableDiffusionXLPipeline, folder)
        size = {key: job[key] for key in ("height", "width") if key in job}
        return run(pipe, job, given, output_type=output_type, **size)
    image = picture(job["image"], folder)
    if "image_guidance_scale" in job:
        return edited(job, given, image, folder, output_type)
    given["strength"] = job.get("strength", 0.9999 if "mask_image" in job else 0.3)
    size = {key: job[key] for key in ("height", "width") if key in job}
    if "mask_image" not in job:
        pipe = of_job(job, StableDiffusionXLImg2ImgPipeline, folder)
        if size and image.size != (size["width"], size["height"]):
            image = pipe.image_processor.resize(image, **size)
        return run(pipe, job, given, image=image, output_type=output_type)
    pipe = of_job(job, StableDiffusionXLInpaintPipeline, folder)
    mask = picture(job["mask_image"], folder)
    given["padding_mask_crop"] = job.get("padding_mask_crop")
    return run(pipe, job, given, image=image, mask_image=mask, output_type=output_type, **size)


def edited(job: dict, given: dict, image: Image.Image, folder: Path, output_type: str):
    given["image_guidance_scale"] = job["image_guidance_scale"]
    size = {key: job[key] for key in ("height", "width") if key in job}
    pipe = of_job(job, StableDiffusionXLInstructPix2PixPipeline, folder)
    return run(pipe, job, given, image=image, output_type=output_type, **size)


def second_stage(job: dict, seed: int, first, folder: Path, output_type: str):
    """The refiner: from the base's latents where it has denoising_start, else from the finished picture."""
    refiner = job["refiner"]
    scheduler = refiner.get("scheduler", job.get("scheduler"))
    sees_masks = load(job["model"], StableDiffusionXLPipeline)[0].unet.config.in_channels == 9
    masked = "mask_image" in job and "denoising_start" in refiner and not sees_masks
    pipe = pipeline(
        refiner["model"], StableDiffusionXLInpaintPipeline if masked else StableDiffusionXLImg2ImgPipeline, scheduler,
        **own_vae(job),
    )
    given = arguments(job, seed)
    for own in ("denoising_start", "denoising_end", *SCORES):
        given.pop(own, None)
    if "num_inference_steps" in refiner:
        given = {key: value for key, value in given.items() if key not in ("timesteps", "sigmas")}
    given.update({key: refiner[key] for key in ("num_inference_steps", "guidance_scale") if key in refiner})
    given.update({key: refiner[key] for key in SCORES if key in refiner})
    if "denoising_start" in refiner:
        given["denoising_start"] = refiner["denoising_start"]
        first = first[None]
        if masked:
            given["mask_image"] = picture(job["mask_image"], folder)
            given["height"], given["width"] = (pipe.vae_scale_factor * side for side in first.shape[-2:])
    else:
        given["strength"] = refiner.get("strength", 0.3)
    return run(pipe, job, given, image=first, output_type=output_type)


def render(job: dict, folder: Path, output_type: str, index: int = 0):
    """Image `index` of the job: PIL for "pil", the latents [4, h/8, w/8] for "latent"."""
    seed = job["seed"] + index
    refiner = job.get("refiner")
    if not refiner:
        return first_stage(job, seed, folder, output_type, None)
    start = refiner.get("denoising_start")
    first = first_stage(job, seed, folder, "pil" if start is None else "latent", start)
    return second_stage(job, seed, first, folder, output_type)
