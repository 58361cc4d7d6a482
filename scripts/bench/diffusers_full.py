"""diffusers_full.py unet|vae FOLDER LATENT[,LATENT...] DTYPE LAYOUT STEPS THREADS: a full-size component through diffusers.
   diffusers_full.py gemm DTYPE THREADS: the machine's best matrix product, GFLOP/s, whoever multiplies.
   diffusers_full.py flops FOLDER LATENT[,LATENT...]: floating-point operations of a UNet step.

Prints the lines that farm.darkroom.sdxl.bench prints. LAYOUT is default or channels_last.
"""

import os
import sys
import threading
import time
from pathlib import Path

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
os.environ |= {"TRANSFORMERS_VERBOSITY": "error", "DIFFUSERS_VERBOSITY": "error"}

import diffusers
import torch
from torch.utils.flop_counter import FlopCounterMode

CLASSES = {"unet": diffusers.UNet2DConditionModel, "vae": diffusers.AutoencoderKL}


class PeakMemory:
    """Anonymous memory of this process (RssAnon), looked at every 20 ms."""

    def __init__(self):
        self.peak = 0
        threading.Thread(target=self.watch, daemon=True).start()

    @staticmethod
    def now() -> int:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
        sys.exit("/proc/self/status: no RssAnon")

    def watch(self):
        while True:
            self.peak = max(self.peak, self.now())
            time.sleep(0.02)

    def take(self) -> int:
        peak, self.peak = max(self.peak, self.now()), 0
        return peak


def best(call, seconds: float = 2) -> float:
    call()
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def gemm(dtype: torch.dtype) -> float:
    rates = []
    for m, k, n in ((2048, 2048, 2048), (4096, 4096, 4096), (2048, 1280, 10240)):
        x, w = torch.randn(m, k, dtype=dtype), torch.randn(n, k, dtype=dtype)
        rates.append(2 * m * k * n / best(lambda: torch.nn.functional.linear(x, w)))
        if dtype == torch.float32 or torch.ops.mkldnn._is_mkldnn_bf16_supported():
            packed = torch.ops.mkldnn._reorder_linear_weight(w, m)
            rates.append(2 * m * k * n / best(lambda: torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], "")))
    return max(rates) / 1e9


def unet_inputs(latent: int, dtype: torch.dtype) -> tuple:
    add = {"text_embeds": torch.randn(2, 1280, dtype=dtype), "time_ids": torch.tensor([[512, 512, 0, 0, 512, 512]] * 2, dtype=dtype)}
    text = torch.randn(2, 77, 2048, dtype=dtype)
    text[0] = 0  # as the pipeline does without a negative prompt
    return torch.randn(2, 4, latent, latent, dtype=dtype), text, add


def flops(folder: str, latent: int) -> int:
    torch.set_default_device("meta")
    unet = diffusers.UNet2DConditionModel.from_config(diffusers.UNet2DConditionModel.load_config(folder))
    sample, text, add = unet_inputs(latent, torch.float32)
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        unet(sample, torch.tensor(999.0), text, added_cond_kwargs=add)
    return counter.get_total_flops()


def measure(what: str, folder: str, latents: list[int], dtype: torch.dtype, layout: str, steps: int):
    memory = PeakMemory()
    model = CLASSES[what].from_pretrained(folder, variant="fp16", dtype=dtype)
    if layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
    for latent in latents:
        if what == "unet":
            sample, text, add = unet_inputs(latent, dtype)
            call, word = lambda i: model(sample, 999 - i, text, added_cond_kwargs=add), "step"
        else:
            z = torch.randn(1, 4, latent, latent, dtype=dtype)
            call, word = lambda i: model.decode(z), "decode"
        for i in range(steps):
            start = time.perf_counter()
            with torch.no_grad():
                call(i)
            print(f"{what} {latent} {word} {i}: {time.perf_counter() - start:.3f} s, peak {memory.take() / 1e9:.2f} GB", flush=True)


def main() -> None:
    what, *rest = sys.argv[1:]
    torch.manual_seed(0)
    if what == "gemm":
        torch.set_num_threads(int(rest[1]))
        print(gemm(getattr(torch, rest[0])))
    elif what == "flops":
        for latent in rest[1].split(","):
            print(flops(rest[0], int(latent)))
    else:
        folder, latents, dtype, layout, steps, threads = rest
        torch.set_num_threads(int(threads))
        measure(what, folder, [int(x) for x in latents.split(",")], getattr(torch, dtype), layout, int(steps))


if __name__ == "__main__":
    main()
