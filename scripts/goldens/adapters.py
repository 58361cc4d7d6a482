"""IP-Adapters for the demo base with an image encoder, small and made by a formula: the tests make the same files."""

from pathlib import Path

import numpy
import torch
from diffusers.image_processor import IPAdapterMaskProcessor
from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0
from safetensors.torch import save_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from goldens import unet

TEXT = 160
TOKENS = 4
QUERIES = 3
INNER = 128
ENCODER = {
    "hidden_size": 48, "intermediate_size": 96, "projection_dim": 40, "num_hidden_layers": 3, "num_attention_heads": 4,
    "image_size": 56, "patch_size": 14, "hidden_act": "gelu", "layer_norm_eps": 1e-5,
}


def made(shapes: dict[str, tuple]) -> dict[str, torch.Tensor]:
    """Tensors that look random; norms are near 1, the rest has the spread of a layer's weights."""
    return {name: tensor(name, shape, k) for k, (name, shape) in enumerate(sorted(shapes.items()))}


def tensor(name: str, shape: tuple, k: int) -> torch.Tensor:
    i = numpy.arange(numpy.prod(shape), dtype=numpy.int64)
    drawn = ((i * i * 7 + i * 31 + k * 101) % 2003 - 1001) / 1001.0
    fan_in = numpy.prod(shape[1:]) if len(shape) > 1 else 16
    values = 1 + drawn / 10 if is_norm(name) else drawn * numpy.sqrt(3.0 / fan_in)
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


def is_norm(name: str) -> bool:
    return name.endswith("weight") and ("norm" in name or ".1.0." in name)


def attention() -> dict[str, tuple]:
    """The keys and values, numbered as diffusers counts the attentions of a UNet."""
    model = unet.load("base")
    names = [name for name in model.attn_processors if name.endswith("attn2.processor")]
    shapes = {}
    for i, name in enumerate(names):
        width = model.get_submodule(name.removesuffix(".processor")).to_q.weight.shape[0]
        for part in ("to_k_ip", "to_v_ip"):
            shapes[f"ip_adapter.{2 * i + 1}.{part}.weight"] = (width, TEXT)
    return shapes


def plain() -> dict[str, tuple]:
    return attention() | {
        "image_proj.proj.weight": (TOKENS * TEXT, ENCODER["projection_dim"]), "image_proj.proj.bias": (TOKENS * TEXT,),
        "image_proj.norm.weight": (TEXT,), "image_proj.norm.bias": (TEXT,),
    }


def plus() -> dict[str, tuple]:
    shapes = attention() | {
        "image_proj.latents": (1, QUERIES, INNER),
        "image_proj.proj_in.weight": (INNER, ENCODER["hidden_size"]), "image_proj.proj_in.bias": (INNER,),
        "image_proj.proj_out.weight": (TEXT, INNER), "image_proj.proj_out.bias": (TEXT,),
        "image_proj.norm_out.weight": (TEXT,), "image_proj.norm_out.bias": (TEXT,),
    }
    for i in range(4):
        layer = f"image_proj.layers.{i}."
        for norm in ("0.norm1", "0.norm2", "1.0"):
            shapes |= {f"{layer}{norm}.weight": (INNER,), f"{layer}{norm}.bias": (INNER,)}
        shapes |= {
            layer + "0.to_q.weight": (INNER, INNER), layer + "0.to_kv.weight": (2 * INNER, INNER),
            layer + "0.to_out.weight": (INNER, INNER), layer + "1.1.weight": (4 * INNER, INNER),
            layer + "1.3.weight": (INNER, 4 * INNER),
        }
    return shapes


def write(folder: Path) -> None:
    """Both files with the encoder beside them, as on the hub."""
    model = CLIPVisionModelWithProjection(CLIPVisionConfig(**ENCODER))
    shapes = {name: tuple(weight.shape) for name, weight in model.state_dict().items() if "position_ids" not in name}
    model.load_state_dict(made(shapes))
    model.save_pretrained(folder / "image_encoder")
    save_file(made(plain()), folder / "plain.safetensors")
    save_file(made(plus()), folder / "plus.safetensors")


def load(pipe, choices: list[dict], folder: Path) -> None:
    """A job's adapters, onto a pipeline of its own."""
    names = [choice["model"] + ".safetensors" for choice in choices]
    pipe.load_ip_adapter(str(folder), subfolder="", weight_name=names, image_encoder_folder="image_encoder")
    set_scales(pipe, [choice.get("scale", 1.0) for choice in choices])
    assert any(isinstance(processor, IPAdapterAttnProcessor2_0) for processor in pipe.unet.attn_processors.values())


def set_scales(pipe, scales: list) -> None:
    """A list, a scale for each masked picture, is taken as it is, but where scales by block are in it: these are set one by one."""
    lists = {i: scale for i, scale in enumerate(scales) if isinstance(scale, list) and any(isinstance(one, dict) for one in scale)}
    pipe.set_ip_adapter_scale([1.0 if i in lists else scale for i, scale in enumerate(scales)])
    processors = [processor for processor in pipe.unet.attn_processors.values() if isinstance(processor, IPAdapterAttnProcessor2_0)]
    for i, scale in lists.items():
        others = [list(processor.scale) for processor in processors]
        pictures = []
        for one in scale:
            pipe.set_ip_adapter_scale([one if k == i else 0.0 for k in range(len(scales))])
            pictures.append([processor.scale[i] for processor in processors])
        for processor, other, own in zip(processors, others, zip(*pictures)):
            processor.scale = other[:i] + [list(own)] + other[i + 1:]


def masks(choices: list[dict], pictures, height: int, width: int) -> dict:
    """Those of a job's adapters, with None for one that has none; `pictures` reads them."""
    processor = IPAdapterMaskProcessor()
    drawn = [processor.preprocess(pictures(choice["mask"]), height=height, width=width) if "mask" in choice else None for choice in choices]
    each = [None if mask is None else mask.reshape(1, -1, height, width) for mask in drawn]
    return {} if all(mask is None for mask in each) else {"cross_attention_kwargs": {"ip_adapter_masks": each}}
