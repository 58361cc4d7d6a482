"""Models that drawn jobs render: the demo base with one thing changed, and small random ones."""

import json
from pathlib import Path

import diffusers
import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel

from goldens import common, unet, vae

BASE = common.DEMO / "base"
WIDE = {"block_out_channels": [32, 64], "norm_num_groups": 16, "attention_head_dim": [2, 4]}
DEMO = {"sample_size": 16, "cross_attention_dim": 160, "projection_class_embeddings_input_dim": 288, "addition_time_embed_dim": 32}
UNETS = {
    "distilled": {"time_cond_proj_dim": 24}, "inpainting": {"in_channels": 9}, "inpainting_distilled": {"in_channels": 9, "time_cond_proj_dim": 8},
    "editing": {"in_channels": 8}, "editing_distilled": {"in_channels": 8, "time_cond_proj_dim": 8},
}
RANDOM_UNETS = {
    "linear": WIDE | {"use_linear_projection": True, "transformer_layers_per_block": [1, 2], "layers_per_block": [1, 2], "freq_shift": 1},
    "convolved": WIDE | {"transformer_layers_per_block": 2, "flip_sin_to_cos": False, "norm_eps": 1e-6, "upcast_attention": True},
    "pruned": WIDE | {"mid_block_type": None, "conv_in_kernel": 5, "time_embedding_dim": 48},
}
MEAN = {"latents_mean": [0.1, -0.2, 0.3, 0.05], "latents_std": [0.9, 1.1, 1.3, 0.8], "scaling_factor": 0.7}
VAES = ("own_vae", "tiny_vae", "flat_vae", "short_vae")
INDEX = "model_index.json"
EDITING = {"_class_name": "StableDiffusionXLInstructPix2PixPipeline"}
SCHEDULER = "scheduler/scheduler_config.json"


def edited(folder: Path, file: str, change: dict) -> None:
    """A JSON file of the model, with these keys on top; a folder that is the demo's becomes a copy first."""
    path = folder / file
    was = json.loads(path.read_text(encoding="utf-8"))
    if path.parent.is_symlink():
        parts = [part.resolve() for part in path.parent.iterdir()]
        path.parent.unlink()
        path.parent.mkdir()
        for part in parts:
            (path.parent / part.name).symlink_to(part)
    path.unlink()
    path.write_text(json.dumps(was | change), encoding="utf-8")


def copy(folder: Path) -> Path:
    """The demo base, by links."""
    folder.mkdir(parents=True)
    for part in BASE.iterdir():
        (folder / part.name).symlink_to(part)
    return folder


def with_part(folder: Path, name: str, part) -> None:
    copy(folder)
    (folder / name).unlink()
    part.save_pretrained(folder / name)


def grown(config: dict) -> UNet2DConditionModel:
    """The demo's UNet with more inputs: what is new is random."""
    base = UNet2DConditionModel.from_pretrained(BASE / "unet", torch_dtype=torch.float32)
    other = UNet2DConditionModel.from_config(dict(base.config) | config)
    given, generator = base.state_dict(), torch.Generator().manual_seed(3)
    for name, weight in other.state_dict().items():
        if weight.ndim > 1:
            weight.copy_(0.05 * torch.randn(weight.shape, generator=generator))
        if name == "conv_in.weight":
            weight[:, :4] = given[name]
        elif name in given:
            weight.copy_(given[name])
    return other


def random_unet(config: dict, seed: int) -> UNet2DConditionModel:
    made = UNet2DConditionModel.from_config(unet.SMALL | DEMO | config)
    unet.randomise(made, seed)
    return made


def own_vae() -> AutoencoderKL:
    """The demo's VAE, slightly off."""
    made = AutoencoderKL.from_pretrained(BASE / "vae", torch_dtype=torch.float32)
    generator = torch.Generator().manual_seed(6)
    for weight in made.parameters():
        weight.data += 0.02 * weight.data.abs().mean() * torch.randn(weight.shape, generator=generator)
    return made


def flat_vae() -> AutoencoderKL:
    """A random one without attention and quantisation layers."""
    torch.manual_seed(8)
    return AutoencoderKL(**vae.SDXL | vae.TOPOLOGIES["bare"] | {"block_out_channels": [16, 16, 32, 32], "layers_per_block": 1, "norm_num_groups": 8, "sample_size": 64})


def short_vae() -> AutoencoderKL:
    """A random one that makes each side four times smaller."""
    torch.manual_seed(9)
    blocks = {"down_block_types": ["DownEncoderBlock2D"] * 3, "up_block_types": ["UpDecoderBlock2D"] * 3, "block_out_channels": [16, 16, 32]}
    return AutoencoderKL(**vae.SDXL | blocks | {"layers_per_block": 1, "norm_num_groups": 8, "sample_size": 32})


def made(scheduler):
    """The first scheduler of those drawn that diffusers takes."""
    while True:
        config = scheduler()
        try:
            return getattr(diffusers, config.pop("name"))(**config)
        except ValueError:
            continue


def write(folder: Path, scheduler) -> list[str]:
    """All of them under the folder, five with schedulers that are drawn; the names of those that are whole."""
    for name, config in UNETS.items():
        with_part(folder / name, "unet", grown(config))
    edited(folder / "editing", INDEX, EDITING)
    edited(folder / "editing_distilled", INDEX, EDITING | {"is_cosxl_edit": True})
    for seed, (name, config) in enumerate(RANDOM_UNETS.items()):
        with_part(folder / name, "unet", random_unet(config, seed))
    edited(copy(folder / "no_zeros"), INDEX, {"force_zeros_for_empty_prompt": False})
    edited(copy(folder / "mean"), "vae/config.json", MEAN)
    edited(copy(folder / "mean_alone"), "vae/config.json", {"latents_mean": MEAN["latents_mean"]})
    edited(copy(folder / "legacy_end"), "text_encoder_2/config.json", {"eos_token_id": 2, "hidden_act": "gelu_new"})
    edited(copy(folder / "leading"), SCHEDULER, {"timestep_spacing": "leading", "steps_offset": 1})
    drawn = [f"sampler_{n}" for n in range(5)]
    for name in drawn:
        with_part(folder / name, "scheduler", made(scheduler))
    own_vae().save_pretrained(folder / "own_vae")
    flat_vae().save_pretrained(folder / "flat_vae")
    short_vae().save_pretrained(folder / "short_vae")
    torch.manual_seed(0)
    AutoencoderTiny(**vae.TINY).save_pretrained(folder / "tiny_vae")
    return [*UNETS, *RANDOM_UNETS, "no_zeros", "mean", "mean_alone", "legacy_end", "leading", *drawn]
