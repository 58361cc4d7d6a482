"""Small LoRA files in every naming that diffusers reads, with seeded random weights that show in the picture."""

import json
import re
from pathlib import Path

import torch
from safetensors.torch import save_file

DOWN_UP = {"peft": ("lora_A.weight", "lora_B.weight"), "diffusers": ("lora.down.weight", "lora.up.weight")}
SMALL = (
    "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q",
    "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0",
    "down_blocks.2.attentions.1.transformer_blocks.1.attn2.to_k",
    "mid_block.attentions.0.transformer_blocks.0.ff.net.0.proj",
    "mid_block.attentions.0.proj_in",
    "up_blocks.1.attentions.2.transformer_blocks.0.attn2.to_v",
    "up_blocks.1.attentions.0.transformer_blocks.0.ff.net.2",
)
CONVOLUTIONS = (
    "conv_in", "down_blocks.0.resnets.1.conv2", "down_blocks.1.resnets.0.conv_shortcut", "up_blocks.0.upsamplers.0.conv",
    "down_blocks.0.downsamplers.0.conv", "up_blocks.2.resnets.0.time_emb_proj", "conv_out",
)
TEXT = (
    "encoder.layers.0.self_attn.q_proj", "encoder.layers.0.self_attn.out_proj", "encoder.layers.1.self_attn.v_proj",
    "encoder.layers.1.mlp.fc1", "encoder.layers.2.mlp.fc2",
)
LDM_RESNET = {"conv1": "in_layers_2", "conv2": "out_layers_3", "time_emb_proj": "emb_layers_1", "conv_shortcut": "skip_connection"}
LDM_SINGLE = {
    "conv_in": "input_blocks_0_0", "conv_out": "out_2",
    "time_embedding.linear_1": "time_embed_0", "time_embedding.linear_2": "time_embed_2",
    "add_embedding.linear_1": "label_emb_0_0", "add_embedding.linear_2": "label_emb_0_2",
}


class Networks:
    """Draws the pairs of a model's layers, one file after the other."""

    def __init__(self, pipe, seed: int):
        self.modules = {name: dict(getattr(pipe, name).named_modules()) for name in ("unet", "text_encoder", "text_encoder_2")}
        self.generator = torch.Generator().manual_seed(seed)

    def module(self, component: str, path: str):
        plain = path.removeprefix("text_model.")
        return self.modules[component].get(plain) or self.modules[component]["text_model." + plain]

    def pair(self, component: str, path: str, rank: int, strength: float = 1.0):
        """Down and up, so large that their product is a fair part of the weight."""
        weight = self.module(component, path).weight
        down = torch.randn(rank, *weight.shape[1:], generator=self.generator)
        up = torch.randn(weight.shape[0], rank, *[1] * (weight.dim() - 2), generator=self.generator)
        size = strength * 0.5 * weight.float().std() / (rank**0.5)
        return down.half(), (up * size).half()

    def layers(self, component: str) -> list[str]:
        kinds = (torch.nn.Linear, torch.nn.Conv2d)
        return [name for name, module in self.modules[component].items() if isinstance(module, kinds)]


def ldm_name(path: str) -> str:
    """The layer's name in the original UNet, as kohya's SDXL files have it."""
    if path in LDM_SINGLE:
        return LDM_SINGLE[path]
    block, rest = re.fullmatch(r"((?:down|up)_blocks\.\d+|mid_block)\.(.+)", path).groups()
    kind, index, inner = re.fullmatch(r"(\w+)\.(\d+)\.(.+)", rest).groups()
    inner = LDM_RESNET.get(inner, inner) if kind == "resnets" else inner
    tail = inner.replace(".", "_")
    if block == "mid_block":
        return f"middle_block_{1 if kind == 'attentions' else 2 * int(index)}_{tail}"
    number = int(block.split(".")[1])
    if kind == "downsamplers":
        return f"input_blocks_{3 * number + 3}_0_op"
    if kind == "upsamplers":
        return f"output_blocks_{3 * number + 2}_2_{tail}"
    column = 1 if kind == "attentions" else 0
    if block.startswith("down"):
        return f"input_blocks_{3 * number + int(index) + 1}_{column}_{tail}"
    return f"output_blocks_{3 * number + int(index)}_{column}_{tail}"


def peft(nets: Networks, layers, rank, naming: str = "peft", strength: float = 1.0) -> dict:
    """`layers` are (component, path); `rank` a number or one for each."""
    down_name, up_name = DOWN_UP[naming]
    ranks = rank if isinstance(rank, (list, tuple)) else [rank] * len(layers)
    tensors = {}
    for (component, path), r in zip(layers, ranks):
        down, up = nets.pair(component, path, r, strength)
        tensors[f"{component}.{path}.{down_name}"] = down
        tensors[f"{component}.{path}.{up_name}"] = up
    return tensors


def dora(nets: Networks, layers, rank: int) -> dict:
    """As PEFT saves DoRA: how long each row is in the end, here some other than it was."""
    tensors = peft(nets, layers, rank)
    for component, path in layers:
        weight = nets.module(component, path).weight
        lengths = weight.float().flatten(1).norm(dim=1)
        lengths = lengths * (0.8 + 0.4 * torch.rand(len(lengths), generator=nets.generator))
        shape = [1, -1, 1, 1] if weight.dim() == 4 else [-1]
        tensors[f"{component}.{path}.lora_magnitude_vector"] = lengths.reshape(shape)
    return tensors


def biased(nets: Networks, layers, rank: int) -> dict:
    """As PEFT saves lora_bias: what is added to a layer's bias, and is one where it has none."""
    tensors = peft(nets, layers, rank)
    for component, path in layers:
        bias = torch.randn(nets.module(component, path).weight.shape[0], generator=nets.generator)
        tensors[f"{component}.{path}.lora_B.bias"] = (0.1 * bias).half()
    return tensors


def old(nets: Networks) -> dict:
    """What diffusers wrote before PEFT."""
    tensors = {}
    attention = "down_blocks.1.attentions.1.transformer_blocks.0.attn2"
    for letter, path in (("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("out", "to_out.0")):
        down, up = nets.pair("unet", f"{attention}.{path}", 3)
        tensors[f"unet.{attention}.processor.to_{letter}_lora.down.weight"] = down
        tensors[f"unet.{attention}.processor.to_{letter}_lora.up.weight"] = up
    for path in TEXT:
        down, up = nets.pair("text_encoder", path, 2)
        tensors[f"text_encoder.text_model.{path}.lora_linear_layer.down.weight"] = down
        tensors[f"text_encoder.text_model.{path}.lora_linear_layer.up.weight"] = up
    for letter, path in (("q", "q_proj"), ("v", "v_proj"), ("out", "out_proj")):
        down, up = nets.pair("text_encoder_2", f"encoder.layers.1.self_attn.{path}", 2)
        tensors[f"text_encoder_2.text_model.encoder.layers.1.self_attn.to_{letter}_lora.down.weight"] = down
        tensors[f"text_encoder_2.text_model.encoder.layers.1.self_attn.to_{letter}_lora.up.weight"] = up
    return tensors


def kohya(nets: Networks, layers) -> dict:
    """`layers` are (prefix, component, path, name, rank, alpha)."""
    tensors = {}
    for prefix, component, path, name, rank, alpha in layers:
        down, up = nets.pair(component, path, rank)
        tensors[f"{prefix}{name}.lora_down.weight"] = down
        tensors[f"{prefix}{name}.lora_up.weight"] = up
        if alpha is not None:
            tensors[f"{prefix}{name}.alpha"] = torch.tensor(float(alpha), dtype=torch.float16)
    return tensors


def kohya_text(prefix: str, component: str, rank: int, alpha, paths=TEXT) -> list:
    return [(prefix, component, path, "text_model_" + path.replace(".", "_"), rank, alpha) for path in paths]


def plain(path: str) -> str:
    return path.replace(".", "_")


def write(out: Path, pipe) -> None:
    nets = Networks(pipe, 20)
    unet = [("unet", path) for path in SMALL]
    text = [(name, "text_model." + path) for name in ("text_encoder", "text_encoder_2") for path in TEXT]
    layers = nets.layers("unet")
    some = [path for path in layers if ".transformer_blocks." not in path] + [path for path in layers if ".transformer_blocks." in path][::4]
    files = {
        "peft": (peft(nets, unet, [2, 4, 3, 2, 4, 2, 3]), None),
        "lora_down_up": (peft(nets, unet, 2, "diffusers"), None),
        "peft_convolutions": (peft(nets, [("unet", path) for path in CONVOLUTIONS], 2), None),
        "peft_text": (peft(nets, unet[:2] + text, 3), None),
        "peft_metadata": (
            peft(nets, unet, [4, 4, 2, 4, 4, 4, 4]),
            {
                "unet.r": 4, "unet.lora_alpha": 8, "unet.rank_pattern": {SMALL[2]: 2}, "unet.alpha_pattern": {"to_v": 1},
                "unet.target_modules": [path for _, path in unet],
            },
        ),
        "peft_rslora": (
            peft(nets, unet[:3], 4),
            {"unet.r": 4, "unet.lora_alpha": 4, "unet.use_rslora": True, "unet.target_modules": [path for _, path in unet[:3]]},
        ),
        "old": (old(nets), None),
        "kohya_original_blocks": (
            kohya(nets, [("lora_unet_", "unet", path, ldm_name(path), 1, 0.5) for path in some]), None
        ),
        "kohya_text": (
            kohya(
                nets,
                [("lora_unet_", "unet", path, ldm_name(path), 4, 2) for path in SMALL]
                + kohya_text("lora_te1_", "text_encoder", 3, 1.5)
                + kohya_text("lora_te2_", "text_encoder_2", 2, 2)
                + [("lora_te2_", "text_encoder_2", "text_projection", "text_projection", 2, 2)],
            ),
            None,
        ),
        "kohya_mixed_alphas": (
            kohya(
                nets,
                [
                    ("lora_unet_", "unet", path, plain(path), rank, alpha)
                    for path, rank, alpha in zip(SMALL + CONVOLUTIONS, [2, 4, 3, 2, 4, 2, 3] * 2, [2, 1, 2, 3, 2, 4, None] * 2)
                ]
                + [
                    (prefix, component, path, "text_model_" + plain(path), 2, alpha)
                    for prefix, component in (("lora_te_", "text_encoder"), ("lora_te2_", "text_encoder_2"))
                    for path, alpha in zip(TEXT, (2, 1, 2, 0.5, 2))
                ],
            ),
            None,
        ),
        "kohya_no_alphas": (
            kohya(nets, [("lora_unet_", "unet", path, plain(path), rank, None) for path, rank in zip(SMALL, [2, 4, 3, 2, 4, 2, 3])]),
            None,
        ),
    }
    # Drawn last: the files above stay what they were.
    files["dora"] = (dora(nets, unet[:5] + [("unet", path) for path in CONVOLUTIONS[1:3]], 2), None)
    files["peft_bias"] = (biased(nets, [*unet, ("unet", CONVOLUTIONS[1]), ("unet", CONVOLUTIONS[5]), *text], 2), None)
    first, late, attention = [("unet", CONVOLUTIONS[0])], [("unet", CONVOLUTIONS[3])], [("unet", path) for path in SMALL]
    files["mixed_peft_first"] = (peft(nets, first, 2) | peft(nets, attention, 2, "diffusers"), None)
    files["mixed_diffusers_first"] = (peft(nets, attention, 2, "diffusers") | peft(nets, late, 2), None)
    files["mixed_kohya"] = (
        peft(nets, attention[:4], 2)
        | kohya(nets, [("lora_unet_", "unet", path, plain(path), 2, 0.5) for path in SMALL[4:]] + kohya_text("lora_te1_", "text_encoder", 2, 0.5)),
        None,
    )
    eight_bits = [torch.float8_e4m3fn, torch.float8_e5m2]
    tensors = peft(nets, attention, 2)
    files["peft_float8"] = ({key: tensor.to(eight_bits[i // 3 % 2]) for i, (key, tensor) in enumerate(tensors.items())}, None)
    said = {"unet.r": 2, "unet.lora_alpha": 2, "unet.target_modules": [path for _, path in unet[:2]]}
    files["dora_unsaid"] = (dora(nets, unet[:2], 2), said | {"unet.use_dora": False})
    files["bias_unsaid"] = (biased(nets, unet[:2], 2), said)
    # As many layers have the one alpha as the other: the first counts, conv_out to diffusers, which has the blocks behind it.
    tied = zip((SMALL[0], SMALL[4], CONVOLUTIONS[6], CONVOLUTIONS[3]), (1, 1, 4, 4))
    files["kohya_tied_alphas"] = (kohya(nets, [("lora_unet_", "unet", path, ldm_name(path), 2, alpha) for path, alpha in tied]), None)
    for name, (tensors, metadata) in files.items():
        written = {"format": "pt"}
        if metadata:
            written["lora_adapter_metadata"] = json.dumps(metadata, sort_keys=True)
        file = out / f"{name}.safetensors"
        save_file({key: value.contiguous() for key, value in tensors.items()}, file, written)
        file.chmod(0o644)
