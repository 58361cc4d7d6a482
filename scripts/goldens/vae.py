"""The autoencoder: pictures of fixed latents, moments of a fixed picture, whole and in tiles."""

from pathlib import Path

import torch
from diffusers import AutoencoderKL, AutoencoderTiny
from diffusers.image_processor import VaeImageProcessor

from goldens import common

LATENTS = {"square": (1, 4, 16, 16), "wide": (2, 4, 12, 20)}


def noise(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def picture(height: int, width: int) -> torch.Tensor:
    """Smooth colours with one hard edge, [1, 3, height, width] in -1 to 1."""
    y = torch.linspace(-1, 1, height).view(1, 1, height, 1)
    x = torch.linspace(-1, 1, width).view(1, 1, 1, width)
    smooth = torch.cat([torch.sin(3 * x + y), torch.cos(2 * y * x), x * y + 0 * x], 1)
    return torch.where(x * x + y * y < 0.3, -smooth, smooth).contiguous()


def rgb8(decoded: torch.Tensor) -> torch.Tensor:
    """What the pipelines make of a decoded batch, as bytes [n, height, width, 3]."""
    pictures = VaeImageProcessor().postprocess(decoded, output_type="pil")
    return torch.stack(
        [torch.frombuffer(bytearray(p.tobytes()), dtype=torch.uint8).view(p.height, p.width, 3) for p in pictures]
    )


def whole(vae: AutoencoderKL) -> dict[str, torch.Tensor]:
    tensors = {}
    for name, shape in LATENTS.items():
        z = noise(1, *shape)
        tensors[f"{name}.latents"] = z
        tensors[f"{name}.decoded"] = vae.decode(z).sample
        tensors[f"{name}.rgb8"] = rgb8(tensors[f"{name}.decoded"])
    for name, size in {"even": (64, 64), "tall": (80, 48)}.items():
        x = picture(*size)
        posterior = vae.encode(x).latent_dist
        tensors[f"{name}.picture"] = x
        tensors[f"{name}.moments"] = posterior.parameters
        tensors[f"{name}.noise"] = noise(2, *posterior.mean.shape)
        tensors[f"{name}.sample"] = posterior.mean + posterior.std * tensors[f"{name}.noise"]
    return tensors


MEAN, STD, FACTOR = [-1.6574, 1.886, -1.383, 2.5155], [8.4927, 5.9022, 6.5498, 5.2299], 0.5


def scaled() -> dict[str, torch.Tensor]:
    """The lines of SDXL's pipelines around encode and decode, with and without latents_mean and latents_std."""
    z = noise(6, 1, 4, 3, 5)
    mean, std = (torch.tensor(values).view(1, 4, 1, 1) for values in (MEAN, STD))
    return {
        "latents": z,
        "scaled": 0.13025 * z,
        "unscaled": z / 0.13025,
        "mean.scaled": (z - mean) * FACTOR / std,
        "mean.unscaled": z * std / FACTOR + mean,
    }


def tiled(vae: AutoencoderKL) -> dict[str, torch.Tensor]:
    """Tiles of 4 and of 8 latents: rows and columns of three and more, and remainders below the overlap."""
    tensors = {}
    for side, shape in {32: (1, 4, 12, 8), 64: (2, 4, 13, 14)}.items():
        vae.tile_sample_min_size = side
        vae.tile_latent_min_size = side // 8
        z = noise(3, *shape)
        x = picture(8 * shape[2], 8 * shape[3])
        tensors |= {
            f"{side}.latents": z,
            f"{side}.decoded": vae.tiled_decode(z).sample,
            f"{side}.picture": x,
            f"{side}.moments": vae._tiled_encode(x),
        }
    return tensors


# https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0/blob/main/vae/config.json
SDXL = {
    "in_channels": 3, "out_channels": 3, "latent_channels": 4, "layers_per_block": 2, "norm_num_groups": 32,
    "block_out_channels": [128, 256, 512, 512], "down_block_types": ["DownEncoderBlock2D"] * 4,
    "up_block_types": ["UpDecoderBlock2D"] * 4, "act_fn": "silu", "sample_size": 1024, "scaling_factor": 0.13025,
    "force_upcast": True,
}
TOPOLOGIES = {
    "sdxl": SDXL,
    "bare": SDXL | {"mid_block_add_attention": False, "use_quant_conv": False, "use_post_quant_conv": False},
}


def topology(kind: type, config: dict) -> dict:
    with torch.device("meta"):
        model = kind(**config)
    return {name: list(tensor.shape) for name, tensor in model.state_dict().items()}


# TAESD's own shape (madebyollin/taesdxl) is the class's default.
TINY = {
    "encoder_block_out_channels": [8] * 4, "decoder_block_out_channels": [8] * 4, "num_encoder_blocks": [1, 2, 2, 2],
    "num_decoder_blocks": [2, 2, 2, 1],
}

# Makes each side four times smaller.
SHORT = {
    "encoder_block_out_channels": [8] * 3, "decoder_block_out_channels": [8] * 3, "num_encoder_blocks": [1, 2, 2],
    "num_decoder_blocks": [2, 2, 1],
}


def random_tiny(folder: Path, config: dict) -> AutoencoderTiny:
    """A small AutoencoderTiny of random weights, saved as a component in float16 and read back."""
    torch.manual_seed(0)
    AutoencoderTiny(**config).half().save_pretrained(folder)
    return AutoencoderTiny.from_pretrained(folder, torch_dtype=torch.float32).eval()


def tiny(vae: AutoencoderTiny) -> dict[str, torch.Tensor]:
    z = noise(4, 2, 4, 6, 5)
    x = picture(40, 64)
    tensors = {"latents": z, "decoded": vae.decode(z).sample, "picture": x, "encoded": vae.encode(x).latents}
    vae.enable_tiling()
    vae.tile_sample_min_size = 128
    vae.tile_latent_min_size = 16
    z = noise(5, 1, 4, 15, 18)
    x = picture(120, 128)
    return tensors | {
        "tiled.latents": z,
        "tiled.decoded": vae.decode(z).sample,
        "tiled.picture": x,
        "tiled.encoded": vae.encode(x).latents,
    }


def write(out: Path) -> None:
    vae = AutoencoderKL.from_pretrained(common.DEMO / "base" / "vae", torch_dtype=torch.float32).eval()
    common.write_tensors(out / "kl.safetensors", whole(vae))
    common.write_tensors(out / "scaled.safetensors", scaled())
    common.write_tensors(out / "tiled.safetensors", tiled(vae))
    common.write_tensors(out / "tiny.safetensors", tiny(random_tiny(out / "tiny", TINY)))
    random_tiny(out / "short", SHORT)
    for name, config in TOPOLOGIES.items():
        common.write_json(out / f"{name}.json", {"config": {"_class_name": "AutoencoderKL"} | config} | topology(AutoencoderKL, config))
    common.write_json(out / "taesd.json", {"config": {"_class_name": "AutoencoderTiny"}} | topology(AutoencoderTiny, {}))
