"""UNet2DConditionModel on the demo base and refiner: embeddings, blocks and whole steps."""

import gc
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel

from goldens import common

# name: (snapshot, latent height, latent width, timestep)
STEPS = {
    "base_square": ("base", 16, 16, 999.0),
    "base_wide": ("base", 12, 20, 501.0),
    "base_odd": ("base", 17, 13, 20.5),
    "base_tiny": ("base", 4, 2, 0.0),
    "refiner_square": ("refiner", 16, 16, 199.0),
    "refiner_odd": ("refiner", 13, 22, 1.0),
}
TIME_IDS = {
    "base": [[128.0, 128.0, 0.0, 40.0, 128.0, 96.0], [64.0, 64.0, 8.0, 0.0, 128.0, 128.0]],
    "refiner": [[128.0, 128.0, 0.0, 0.0, 6.0], [128.0, 160.0, 4.0, 0.0, 2.5]],
}
TOKENS = {"base": 77, "refiner": 154}


def load(snapshot: str) -> UNet2DConditionModel:
    folder = common.DEMO / snapshot / "unet"
    return UNet2DConditionModel.from_pretrained(folder, torch_dtype=torch.float32).eval()


def conditioning(unet: UNet2DConditionModel, snapshot: str) -> dict[str, torch.Tensor]:
    """For a CFG batch of two; a long prompt for the refiner."""
    generator = torch.Generator().manual_seed(100)
    time_ids = torch.tensor(TIME_IDS[snapshot])
    pooled = unet.config.projection_class_embeddings_input_dim - unet.config.addition_time_embed_dim * time_ids.shape[1]
    return {
        "encoder_hidden_states": torch.randn(2, TOKENS[snapshot], unet.config.cross_attention_dim, generator=generator),
        "text_embeds": torch.randn(2, pooled, generator=generator),
        "time_ids": time_ids,
    }


def step(unet, sample: torch.Tensor, timestep: float, given: dict[str, torch.Tensor], **more) -> torch.Tensor:
    added = {"text_embeds": given["text_embeds"], "time_ids": given["time_ids"]}
    return unet(sample, timestep, given["encoder_hidden_states"], added_cond_kwargs=added, **more).sample


def watch(unet: UNet2DConditionModel, seen: dict[str, torch.Tensor]) -> list:
    """Hooks that keep the output of each block, and of both embeddings."""
    modules = {"time_embedding": unet.time_embedding, "add_embedding": unet.add_embedding, "conv_in": unet.conv_in}
    modules |= {f"down_blocks.{i}": block for i, block in enumerate(unet.down_blocks)}
    modules |= {"mid_block": unet.mid_block}
    modules |= {f"up_blocks.{i}": block for i, block in enumerate(unet.up_blocks)}

    def keep(name: str):
        def hook(module, args, output):
            seen[name] = output[0] if isinstance(output, tuple) else output

        return hook

    return [module.register_forward_hook(keep(name)) for name, module in modules.items()]


def write(out: Path) -> None:
    tensors, timesteps = {}, {}
    for seed, (name, (snapshot, height, width, timestep)) in enumerate(STEPS.items()):
        unet = load(snapshot)
        given = conditioning(unet, snapshot)
        tensors |= {f"{snapshot}.{key}": tensor for key, tensor in given.items()}
        generator = torch.Generator().manual_seed(seed)
        sample = torch.randn(2, unet.config.in_channels, height, width, generator=generator)
        seen = {}
        hooks = watch(unet, seen) if name.endswith("tiny") else []
        seen |= {"sample": sample, "output": step(unet, sample, timestep, given)}
        for hook in hooks:
            hook.remove()
        tensors |= {f"{name}.{key}": tensor for key, tensor in seen.items()}
        timesteps[name] = {"snapshot": snapshot, "timestep": timestep}
        gc.collect()
    common.write_tensors(out / "steps.safetensors", tensors)
    common.write_json(out / "steps.json", timesteps)
