"""The autoencoder: pictures of fixed latents, moments of a fixed picture, whole and in tiles."""

from pathlib import Path

import torch
from diffusers import AutoencoderKL
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


def write(out: Path) -> None:
    vae = AutoencoderKL.from_pretrained(common.DEMO / "base" / "vae", torch_dtype=torch.float32).eval()
    tensors = {}
    for name, shape in LATENTS.items():
        z = noise(1, *shape)
        tensors[f"{name}.latents"] = z
        tensors[f"{name}.decoded"] = vae.decode(z).sample
        image = VaeImageProcessor.denormalize(tensors[f"{name}.decoded"])
        pictures = VaeImageProcessor.numpy_to_pil(VaeImageProcessor.pt_to_numpy(image))
        tensors[f"{name}.rgb8"] = torch.stack(
            [torch.frombuffer(bytearray(p.tobytes()), dtype=torch.uint8).view(p.height, p.width, 3) for p in pictures]
        )
    for name, size in {"even": (64, 64), "tall": (80, 48)}.items():
        x = picture(*size)
        posterior = vae.encode(x).latent_dist
        tensors[f"{name}.picture"] = x
        tensors[f"{name}.moments"] = posterior.parameters
        tensors[f"{name}.noise"] = noise(2, *posterior.mean.shape)
        tensors[f"{name}.sample"] = posterior.mean + posterior.std * tensors[f"{name}.noise"]
    common.write_tensors(out / "kl.safetensors", tensors)
