"""VaeImageProcessor on Pillow images: what farm.darkroom.sdxl.vae must equal to the byte.

Inputs are drawn from a seeded generator and committed; of an output only its SHA-256 is.
"""

import hashlib
from pathlib import Path

import numpy as np
import torch
from diffusers.image_processor import VaeImageProcessor
from PIL import Image

from goldens import common

MODES = {"gray": "L", "rgb": "RGB", "rgba": "RGBA"}
SIZES = [(61, 47), (61, 20), (200, 47), (128, 128), (8, 8), (2, 2), (7, 300), (64, 48), (30, 23), (122, 94), (40, 200)]
CROPS = [None, (5, 3, 40, 30), (0, 0, 61, 10), (20, 10, 30, 47)]
MASKS = {"blob": (20, 15, 35, 28), "corner": (0, 0, 3, 2), "edge": (50, 0, 61, 47), "dot": (60, 46, 61, 47), "all": (0, 0, 61, 47)}


def sources() -> dict[str, Image.Image]:
    """Smooth colours under noise, alpha from clear to opaque; one channel of it in grey."""
    random = np.random.default_rng(5)
    y, x = np.mgrid[0:47, 0:61]
    waves = np.stack([np.sin(x / 9 + c) * np.cos(y / (5 + c)) for c in range(4)], -1) * 90 + 128
    noisy = np.clip(waves + random.normal(0, 60, waves.shape), 0, 255).astype(np.uint8)
    return {"rgba": Image.fromarray(noisy), "rgb": Image.fromarray(noisy[..., :3]), "gray": Image.fromarray(noisy[..., 0])}


def masks() -> dict[str, Image.Image]:
    made = {}
    for name, box in MASKS.items():
        mask = Image.new("L", (61, 47), 0)
        mask.paste(255, box)
        made[name] = mask
    made["soft"] = VaeImageProcessor.blur(made["blob"], 3)
    return made


def digest(pixels: bytes) -> str:
    return hashlib.sha256(pixels).hexdigest()


def picture(image: Image.Image) -> dict:
    return {"width": image.width, "height": image.height, "sha256": digest(image.tobytes())}


def resized(images: dict[str, Image.Image]) -> list[dict]:
    processor = VaeImageProcessor()
    cases = []
    for name, image in images.items():
        for width, height in SIZES:
            for mode in ("default", "fill", "crop"):
                out = processor.resize(image, height, width, resize_mode=mode)
                cases.append({"source": name, "mode": mode} | picture(out))
    return cases


def converted(images: dict[str, Image.Image]) -> list[dict]:
    return [
        {"source": name, "to": to} | picture(image.convert(MODES[to]))
        for name, image in images.items() for to in ("rgb", "gray")
    ]


def regions(made: dict[str, Image.Image]) -> list[dict]:
    return [
        {"mask": name, "width": w, "height": h, "padding": pad}
        | {"box": list(VaeImageProcessor.get_crop_region(mask, w, h, pad=pad))}
        for name, mask in made.items() if name in MASKS for w, h in ((128, 128), (64, 128), (160, 64)) for pad in (0, 4, 32)
    ]


def tensors(images: dict[str, Image.Image]) -> list[dict]:
    """Float32 tensors by the digest of their bytes."""
    cases = []
    processors = {
        "picture": (VaeImageProcessor(do_convert_rgb=True), ("rgb", "gray", "rgba")),
        "mask": (
            VaeImageProcessor(do_normalize=False, do_binarize=True, do_convert_grayscale=True), ("gray", "rgb", "rgba")
        ),
        "control": (VaeImageProcessor(do_convert_rgb=True, do_normalize=False), ("rgb",)),
    }
    for kind, (processor, names) in processors.items():
        for name in names:
            for box in CROPS:
                mode = "default" if box is None else "fill"
                out = processor.preprocess(images[name], height=64, width=48, resize_mode=mode, crops_coords=box)
                case = {"kind": kind, "source": name, "crop": box, "sha256": digest(out.numpy().tobytes())}
                cases.append(case | {"shape": list(out.shape)})
    return cases


def overlaid(images: dict[str, Image.Image], made: dict[str, Image.Image]) -> list[dict]:
    processor = VaeImageProcessor()
    cases = []
    for original in ("rgb", "rgba"):
        for crop in (None, (8, 5, 48, 40)):
            size = (61, 47) if crop is None else (64, 64)
            painted = images["rgb"].transpose(Image.Transpose.ROTATE_180).resize(size, Image.Resampling.LANCZOS)
            for name in ("blob", "soft", "gray"):
                mask = (images | made)[name]
                out = processor.apply_overlay(mask, images[original], painted, crop)
                cases.append({"original": original, "mask": name, "crop": crop} | picture(out))
    return cases


def write(out: Path) -> None:
    images, made = sources(), masks()
    pixels = {name: torch.from_numpy(np.array(image)) for name, image in (images | made).items()}
    common.write_tensors(out / "sources.safetensors", pixels)
    common.write_json(out / "resized.json", resized(images))
    common.write_json(out / "converted.json", converted(images))
    common.write_json(out / "regions.json", regions(made))
    common.write_json(out / "tensors.json", tensors(images))
    common.write_json(out / "overlaid.json", overlaid(images, made))
