"""What the parts share: where things lie, and how numbers are written small and exactly."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "worker" / "demo-model"
GOLDENS = ROOT / "worker" / "src" / "test" / "resources" / "goldens"


def be_deterministic() -> None:
    """One thread: the last bits of a sum must not depend on the machine's core count."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.set_grad_enabled(False)


def write_json(path: Path, value: object) -> None:
    """One line of JSON per top-level entry, so that a diff shows which case changed."""
    if isinstance(value, list):
        body = "[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in value) + "\n]\n"
    elif isinstance(value, dict):
        lines = (f"{json.dumps(key)}: {json.dumps(entry, separators=(',', ':'))}" for key, entry in value.items())
        body = "{\n" + ",\n".join(lines) + "\n}\n"
    else:
        raise TypeError(f"a golden is a list or a dict, not {type(value).__name__}")
    path.write_text(body, encoding="utf-8")


def write_tensors(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    """A safetensors file of contiguous CPU tensors."""
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, path)
