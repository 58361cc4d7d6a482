"""The names in single-file checkpoints of SDXL base and refiner and of a ControlNet, and what diffusers makes of them."""

import gzip
import json
import re
from pathlib import Path

import torch
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from diffusers.loaders import single_file_utils as ldm
from transformers import CLIPTextConfig, CLIPTextModelWithProjection

from goldens import common

UNET = "model.diffusion_model."
VAE = "first_stage_model."
CONTROL = "control_model."
CLIP = "conditioner.embedders.0.transformer."
OPEN_CLIP = {"base": "conditioner.embedders.1.model.", "refiner": "conditioner.embedders.0.model."}
RESNET = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "norm2": "out_layers.0", "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1", "conv_shortcut": "skip_connection",
}
TOP = {
    "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0", "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2",
}


def unet_name(name: str, layers: int, attentions: set[int]) -> str:
    """The LDM name of a tensor of diffusers; `attentions` are the up blocks that have some."""
    layer, leaf = name.rsplit(".", 1)
    if layer in TOP:
        return f"{TOP[layer]}.{leaf}"
    kind, block, part, index, rest = re.fullmatch(r"(down|mid|up)_block(?:s\.(\d+))?\.(\w+)\.(\d+)\.(.*)", name).groups()
    number = int(block or 0) * (layers + 1) + int(index)
    if kind == "mid":
        place = f"middle_block.{1 if part == 'attentions' else 2 * int(index)}"
    elif part == "downsamplers":
        return f"input_blocks.{(int(block) + 1) * (layers + 1)}.0.op.{leaf}"
    elif part == "upsamplers":
        return f"output_blocks.{number + layers}.{2 if int(block) in attentions else 1}.conv.{leaf}"
    else:
        place = f"{'input' if kind == 'down' else 'output'}_blocks.{number + (kind == 'down')}.{int(part == 'attentions')}"
    for new, old in RESNET.items() if part == "resnets" else ():
        rest = re.sub(rf"^{new}\.", f"{old}.", rest)
    return f"{place}.{rest}"


def vae_name(name: str, levels: int) -> str:
    """The LDM name of a tensor of diffusers."""
    name = re.sub(r"down_blocks\.(\d+)\.resnets", r"down.\1.block", name)
    name = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", name)
    name = re.sub(r"up_blocks\.(\d+)\.resnets", lambda m: f"up.{levels - 1 - int(m[1])}.block", name)
    name = re.sub(r"up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"up.{levels - 1 - int(m[1])}.upsample", name)
    name = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
    name = name.replace("mid_block.attentions.0", "mid.attn_1").replace("group_norm", "norm").replace("to_out.0", "proj_out")
    name = re.sub(r"attn_1\.to_(\w)", r"attn_1.\1", name)
    return name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")


def open_clip_shapes(config: CLIPTextConfig) -> dict[str, list[int]]:
    """What open_clip calls a text model's tensors."""
    width, inner = config.hidden_size, config.intermediate_size
    shapes = {
        "positional_embedding": [config.max_position_embeddings, width], "token_embedding.weight": [config.vocab_size, width],
        "text_projection": [width, config.projection_dim], "logit_scale": [], "ln_final.weight": [width], "ln_final.bias": [width],
    }
    for i in range(config.num_hidden_layers):
        block = {
            "ln_1": [width], "ln_2": [width], "attn.out_proj": [width, width], "mlp.c_fc": [inner, width], "mlp.c_proj": [width, inner],
        }
        for layer, shape in block.items():
            shapes[f"transformer.resblocks.{i}.{layer}.weight"] = shape
            shapes[f"transformer.resblocks.{i}.{layer}.bias"] = shape[:1]
        shapes[f"transformer.resblocks.{i}.attn.in_proj_weight"] = [3 * width, width]
        shapes[f"transformer.resblocks.{i}.attn.in_proj_bias"] = [3 * width]
    return shapes


def checkpoint(shapes: dict[str, list[int]]) -> dict[str, torch.Tensor]:
    return {name: torch.empty(shape, device="meta") for name, shape in shapes.items()}


def shapes_of(model: torch.nn.Module) -> dict[str, list[int]]:
    return {name: list(tensor.shape) for name, tensor in model.state_dict().items()}


def unet_lines(config: dict) -> list[str]:
    with torch.device("meta"):
        expected = shapes_of(UNet2DConditionModel.from_config(config))
    attentions = {i for i, kind in enumerate(config["up_block_types"]) if kind.startswith("CrossAttn")}
    names = {name: UNET + unet_name(name, config["layers_per_block"], attentions) for name in expected}
    file = checkpoint({names[name]: shape for name, shape in expected.items()})
    made = ldm.convert_ldm_unet_checkpoint(dict(file), config)
    assert {name: list(tensor.shape) for name, tensor in made.items()} == expected
    back = {id(tensor): name for name, tensor in file.items()}
    return [line("unet", back[id(tensor)], file[back[id(tensor)]], name) for name, tensor in made.items()]


def control_name(name: str, layers: int, last_hint: int) -> str:
    """The LDM name of a tensor of diffusers."""
    layer, leaf = name.rsplit(".", 1)
    if layer == "controlnet_mid_block":
        return f"middle_block_out.0.{leaf}"
    if layer.startswith("controlnet_down_blocks."):
        return f"zero_convs.{layer.rsplit('.', 1)[1]}.0.{leaf}"
    if layer.startswith("controlnet_cond_embedding."):
        hints = {"conv_in": 0, "conv_out": last_hint}
        part = layer.split(".", 1)[1]
        return f"input_hint_block.{hints[part] if part in hints else 2 * int(part.split('.')[1]) + 2}.{leaf}"
    return unet_name(name, layers, set())


def control_lines(config: dict) -> list[str]:
    with torch.device("meta"):
        expected = shapes_of(ControlNetModel.from_config(config))
    last_hint = 4 * len(config["conditioning_embedding_out_channels"]) - 2
    names = {name: CONTROL + control_name(name, config["layers_per_block"], last_hint) for name in expected}
    file = checkpoint({names[name]: shape for name, shape in expected.items()})
    made = ldm.convert_controlnet_checkpoint(dict(file), config)
    # diffusers leaves these out, so that a network for SDXL does not load; they are named as in the UNet
    sizes = {name: file[names[name]] for name in expected if name.startswith("add_embedding.")}
    assert not sizes.keys() & made.keys()
    made |= sizes
    assert {name: list(tensor.shape) for name, tensor in made.items()} == expected
    back = {id(tensor): name for name, tensor in file.items()}
    return [line("controlnet", back[id(tensor)], file[back[id(tensor)]], name) for name, tensor in made.items()]


def vae_lines(config: dict) -> list[str]:
    with torch.device("meta"):
        expected = shapes_of(AutoencoderKL.from_config(config))
    levels = len(config["block_out_channels"])
    stored = {
        name: shape + [1, 1] if ".attentions." in name and len(shape) == 2 else shape for name, shape in expected.items()
    }
    file = checkpoint({VAE + vae_name(name, levels): shape for name, shape in stored.items()})
    made = ldm.convert_ldm_vae_checkpoint(dict(file), config)
    assert {name: list(tensor.shape) for name, tensor in made.items()} == expected
    assert len({vae_name(name, levels) for name in made}) == len(file)
    return [line("vae", VAE + vae_name(name, levels), file[VAE + vae_name(name, levels)], name) for name in made]


def clip_lines(config: CLIPTextConfig) -> list[str]:
    with torch.device("meta"):
        names = shapes_of(CLIPTextModelWithProjection(config))
    file = checkpoint({CLIP + name: shape for name, shape in names.items() if name.startswith("text_model.")})
    made = ldm.convert_ldm_clip_checkpoint(file)
    assert len(made) == len(file)
    return [line("text_encoder", CLIP + name, tensor, name) for name, tensor in made.items()]


def open_clip_lines(config: CLIPTextConfig, prefix: str) -> list[str]:
    with torch.device("meta"):
        model = CLIPTextModelWithProjection(config)
    file = checkpoint({prefix + name: shape for name, shape in open_clip_shapes(config).items()})
    lines = []
    made = {}
    for name, tensor in file.items():
        # one at a time, so that it is known what became of it
        parts = ldm.convert_open_clip_checkpoint(model, {name: tensor, prefix + "text_projection": file[prefix + "text_projection"]}, prefix)
        if not name.endswith("text_projection"):
            parts.pop("text_projection.weight")
        made |= parts
        lines += [line("text_encoder_2", name, tensor, part) for part in parts] or [line("text_encoder_2", name, tensor, "-")]
    assert {name: list(tensor.shape) for name, tensor in made.items()} == shapes_of(model)
    return lines


def line(component: str, name: str, tensor: torch.Tensor, part: str) -> str:
    return f"{component} {name} {'x'.join(map(str, tensor.shape)) or '-'} {part}"


def write(out: Path) -> None:
    """Lines of component, name in the file, shape there, name in diffusers (three of a joined projection; - if unused)."""
    topology = common.GOLDENS / "unet" / "topology"
    vae = {
        "block_out_channels": [128, 256, 512, 512], "down_block_types": ["DownEncoderBlock2D"] * 4,
        "up_block_types": ["UpDecoderBlock2D"] * 4, "layers_per_block": 2, "latent_channels": 4,
    }
    small = CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768)
    large = CLIPTextConfig(hidden_size=1280, intermediate_size=5120, num_hidden_layers=32, num_attention_heads=20, projection_dim=1280)
    control = json.loads((topology / "controlnet.json").read_text())
    put(out / "controlnet.txt.gz", control_lines(control))
    for model in ("base", "refiner"):
        unet = json.loads((topology / f"{model}.json").read_text())
        lines = unet_lines(unet) + vae_lines(vae) + open_clip_lines(large, OPEN_CLIP[model])
        lines += clip_lines(small) if model == "base" else []
        put(out / f"{model}.txt.gz", lines)


def put(file: Path, lines: list[str]) -> None:
    text = "\n".join(sorted(lines)) + "\n"
    file.write_bytes(gzip.compress(text.encode(), mtime=0))
