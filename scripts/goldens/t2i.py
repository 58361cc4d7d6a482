"""T2I-Adapters for the demo base, small and made by the formula of adapters.py: the tests make the same folders."""

from pathlib import Path

from diffusers import MultiAdapter, T2IAdapter

from goldens import adapters

CONFIG = {"channels": [48, 96, 112, 112], "downscale_factor": 16, "adapter_type": "full_adapter_xl"}
NETS = {"depth": {"in_channels": 3, "num_res_blocks": 2}, "sketch": {"in_channels": 1, "num_res_blocks": 1}}


def net(name: str) -> T2IAdapter:
    model = T2IAdapter(**CONFIG, **NETS[name])
    model.load_state_dict(adapters.made({key: tuple(weight.shape) for key, weight in model.state_dict().items()}))
    return model.eval()


def write(folder: Path) -> None:
    for name in NETS:
        net(name).save_pretrained(folder / name)


def of_choices(choices: list[dict]):
    """What the pipeline takes: one adapter alone, or several as one."""
    nets = [net(choice["model"]) for choice in choices]
    return MultiAdapter(nets) if len(nets) > 1 else nets[0]


def steering(job: dict, picture) -> dict:
    """The pictures with their scales; a sketch is grey. `picture` reads one."""
    choices = job["t2i_adapter"]
    images = [grey(choice, picture(choice["image"])) for choice in choices]
    scales = [choice.get("adapter_conditioning_scale", 1.0) for choice in choices]
    given = {"image": images, "adapter_conditioning_scale": scales}
    given = given if len(choices) > 1 else {name: values[0] for name, values in given.items()}
    return given | {name: job[name] for name in ("adapter_conditioning_factor",) if name in job}


def grey(choice: dict, image):
    return image.convert("L") if NETS[choice["model"]]["in_channels"] == 1 else image
