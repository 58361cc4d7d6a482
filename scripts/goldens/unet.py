"""UNet2DConditionModel on the demo base and refiner: embeddings, blocks and whole steps."""

import gc
import json
from pathlib import Path

import diffusers
import torch
from diffusers import ControlNetModel, ControlNetUnionModel, UNet2DConditionModel

from goldens import common

# Small random models with what the demo models do not use.
SMALL = {
    "block_out_channels": [8, 16], "norm_num_groups": 4, "layers_per_block": 1, "cross_attention_dim": 12,
    "attention_head_dim": [2, 3], "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"], "addition_embed_type": "text_time",
    "addition_time_embed_dim": 4, "projection_class_embeddings_input_dim": 30, "sample_size": 8,
}
VARIANTS = {
    # LCM's guidance embedding, nine channels, 1x1 convolutions around transformers, other sinusoids, a wide conv_in.
    "inpaint_lcm": {
        "in_channels": 9, "time_cond_proj_dim": 6, "use_linear_projection": False, "flip_sin_to_cos": False,
        "freq_shift": 1, "norm_eps": 1e-6, "upcast_attention": True, "conv_in_kernel": 5, "conv_out_kernel": 1,
        "time_embedding_dim": 20, "out_channels": 3, "transformer_layers_per_block": 2,
    },
    # Pruned models: layers for each attention, no mid block.
    "pruned": {
        "use_linear_projection": True, "mid_block_type": None, "layers_per_block": [1, 2],
        "transformer_layers_per_block": [1, [2, 1]], "reverse_transformer_layers_per_block": [[1, 2, 1], 1],
    },
    # The mid block without attention, which the smallest models have.
    "resnet_middle": {"use_linear_projection": True, "mid_block_type": "UNetMidBlock2D"},
}
# name: (snapshot, latent height, latent width, timestep)
STEPS = {
    "base_square": ("base", 16, 16, 999.0),
    "base_wide": ("base", 12, 20, 501.0),
    "base_odd": ("base", 17, 13, 20.5),
    "base_tiny": ("base", 4, 2, 0.0),
    "refiner_square": ("refiner", 16, 16, 199.0),
    "refiner_odd": ("refiner", 13, 22, 1.0),
    "refiner_tiny": ("refiner", 8, 8, 77.0),
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


def steps(out: Path) -> None:
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


def randomise(model: torch.nn.Module, seed: int) -> None:
    """Weights of a size that keeps a signal alive, rounded to the float16 in which they are stored."""
    generator = torch.Generator().manual_seed(seed)
    for name, weight in model.named_parameters():
        fan_in = weight[0].numel() if weight.ndim > 1 else 16
        noise = torch.randn(weight.shape, generator=generator) / fan_in**0.5
        is_norm = "norm" in name and name.endswith("weight")
        weight.data.copy_((noise + 1 if is_norm else noise).half().float())


def save(model, folder: Path) -> None:
    model.save_config(folder)
    half = {name: weight.half() for name, weight in model.state_dict().items()}
    common.write_tensors(folder / "diffusion_pytorch_model.safetensors", half)


def variants(out: Path) -> None:
    tensors = {}
    for seed, (name, config) in enumerate(VARIANTS.items()):
        unet = UNet2DConditionModel.from_config(SMALL | config).eval()
        randomise(unet, seed)
        save(unet, out / name)
        generator = torch.Generator().manual_seed(seed)
        given = {
            "sample": torch.randn(2, unet.config.in_channels, 6, 5, generator=generator),
            "encoder_hidden_states": torch.randn(2, 9, unet.config.cross_attention_dim, generator=generator),
            "text_embeds": torch.randn(2, 6, generator=generator),
            "time_ids": torch.tensor([[8.0, 8.0, 0.0, 0.0, 8.0, 8.0], [4.0, 6.0, 1.0, 2.0, 8.0, 8.0]]),
        }
        more = {}
        if unet.config.time_cond_proj_dim:
            given["timestep_cond"] = torch.randn(2, unet.config.time_cond_proj_dim, generator=generator)
            more = {"timestep_cond": given["timestep_cond"]}
        given["output"] = step(unet, given["sample"], 601.0, given, **more)
        tensors |= {f"{name}.{key}": tensor for key, tensor in given.items()}
    common.write_tensors(out / "variants.safetensors", tensors)


def controlnet(folder: Path) -> ControlNetModel:
    """A ControlNet for the demo base: the UNet's own half, and random weights for the rest."""
    unet = load("base")
    net = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 8, 8, 12)).eval()
    shared = unet.state_dict().keys()
    generator = torch.Generator().manual_seed(7)
    extra = {}
    for name, weight in net.state_dict().items():
        if name not in shared:
            fan_in = weight[0].numel() if weight.ndim > 1 else 16
            extra[name] = (torch.randn(weight.shape, generator=generator) / fan_in**0.5).half()
            weight.copy_(extra[name])
    folder.mkdir(parents=True, exist_ok=True)
    net.save_config(folder)
    common.write_tensors(folder / "extra.safetensors", extra)
    return net


def union(folder: Path) -> ControlNetUnionModel:
    """The ControlNet for several kinds of pictures: its own part random beside the plain one's weights."""
    plain = controlnet(common.GOLDENS / "unet" / "controlnet")
    width = plain.config.block_out_channels[0]
    own = {"num_control_type": 5, "num_trans_channel": width, "num_trans_head": 4, "num_trans_layer": 1, "num_proj_channel": width}
    net = ControlNetUnionModel.from_config({**plain.config, **own}).eval()
    net.load_state_dict(plain.state_dict(), strict=False)
    generator = torch.Generator().manual_seed(8)
    extra = {}
    for name, weight in net.state_dict().items():
        if name not in plain.state_dict():
            noise = torch.randn(weight.shape, generator=generator) / (weight[0].numel() if weight.ndim > 1 else 16) ** 0.5
            extra[name] = (noise + 1 if "ln_" in name and name.endswith("weight") else noise).half()
            weight.copy_(extra[name])
    folder.mkdir(parents=True, exist_ok=True)
    net.save_config(folder)
    common.write_tensors(folder / "extra.safetensors", extra)
    return net


def controlled(unet, sample: torch.Tensor, timestep: float, given: dict[str, torch.Tensor], residuals) -> torch.Tensor:
    down, middle = residuals
    return step(
        unet, sample, timestep, given, down_block_additional_residuals=down, mid_block_additional_residual=middle
    )


def control(out: Path) -> None:
    """A step with residuals: plain, two nets, guess mode, pooled, blue first, attention without layers."""
    net, unet = controlnet(out / "controlnet"), load("base")
    given, timestep = conditioning(unet, "base"), 301.0
    added = {"text_embeds": given["text_embeds"], "time_ids": given["time_ids"]}
    generator = torch.Generator().manual_seed(11)
    sample = torch.randn(2, 4, 5, 6, generator=generator)
    images = [torch.rand(1, 3, 40, 48, generator=generator) for _ in range(2)]

    def run(image: torch.Tensor, scale: float, half: slice = slice(0, 2), guess_mode: bool = False):
        return net(
            sample[half], timestep, given["encoder_hidden_states"][half], image.expand(len(sample[half]), -1, -1, -1),
            conditioning_scale=scale, guess_mode=guess_mode, return_dict=False,
            added_cond_kwargs={name: tensor[half] for name, tensor in added.items()},
        )

    down, middle = run(images[0], 0.8)
    tensors = {"sample": sample, "image.0": images[0], "image.1": images[1], "middle": middle}
    tensors |= {f"down.{i}": residual for i, residual in enumerate(down)}
    tensors["plain"] = controlled(unet, sample, timestep, given, (down, middle))
    second_down, second_middle = run(images[1], 0.3)
    both = [first + second for first, second in zip(down, second_down)], middle + second_middle
    tensors["two"] = controlled(unet, sample, timestep, given, both)
    down, middle = run(images[0], 1.0, slice(1, 2), guess_mode=True)
    padded = [torch.cat([torch.zeros_like(d), d]) for d in down], torch.cat([torch.zeros_like(middle), middle])
    tensors["guess"] = controlled(unet, sample, timestep, given, padded)
    net.register_to_config(global_pool_conditions=True)
    tensors["pooled"] = controlled(unet, sample, timestep, given, run(images[0], 1.0, guess_mode=True))
    net.register_to_config(global_pool_conditions=False, controlnet_conditioning_channel_order="bgr")
    tensors["bgr"] = controlled(unet, sample, timestep, given, run(images[0], 1.0))
    net.register_to_config(controlnet_conditioning_channel_order="rgb")
    # as the published small ones: attention that is projections alone
    for attention in net.down_blocks[1].attentions:
        attention.transformer_blocks = torch.nn.ModuleList()
    tensors["shallow"] = controlled(unet, sample, timestep, given, run(images[0], 1.0))
    common.write_tensors(out / "control.safetensors", tensors)


def topology(out: Path) -> None:
    """Names and shapes of the published full-size models, built without memory from their config.json."""
    base = set()
    for config in sorted(out.glob("*.json")):
        content = json.loads(config.read_text())
        kind = getattr(diffusers, content["_class_name"])
        with torch.device("meta"):
            shapes = kind.from_config(content).state_dict()
        lines = [f"{name} {'x'.join(map(str, weight.shape))}\n" for name, weight in sorted(shapes.items())]
        if config.stem == "base":
            base = set(lines)
        if config.stem == "inpainting":  # the base but for a few, so that is what its list says
            lines = [line for line in lines if line not in base]
        config.with_suffix(".txt").write_text("".join(lines))


def write(out: Path) -> None:
    steps(out)
    variants(out)
    control(out)
    union(out / "union")
    topology(out / "topology")
