"""Runs diffusers and darkroom in turn on full-size components and prints what each took; see scripts/bench/engine."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from pairs import ROOT, at_least

BENCH = ROOT / "scripts" / "bench"
PARTS = ("unet", "vae", "demo", "residency", "int8")
LINE = re.compile(r"(\w+) (\d+) \w+ (\d+): ([\d.]+) s, peak ([\d.]+) GB")
VAE_LATENT = 64
AS_LAUNCHED = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "5000", "MALLOC_ARENA_MAX": "1"}  # by scripts/darkroom


def lines(command: list[str]) -> dict[int, tuple[list[float], float]]:
    """Seconds of all calls but the first, which loads, and the peak in GB, by latent."""
    ours = "-cp" in command
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=(AS_LAUNCHED if ours else {}) | os.environ)
    if run.returncode:
        sys.exit(f"ended with {run.returncode}: {' '.join(command[-7:])}")
    found: dict[int, tuple[list[float], float]] = {}
    for _, latent, call, seconds, peak in LINE.findall(run.stdout):
        times, most = found.setdefault(int(latent), ([], 0.0))
        if int(call) > 0:
            times.append(float(seconds))
        found[int(latent)] = times, max(most, float(peak))
    return found


def python(*arguments) -> list[str]:
    return [sys.executable, str(BENCH / "diffusers_full.py"), *map(str, arguments)]


def java(name: str, *arguments) -> list[str]:
    home = os.environ.get("JAVA_HOME")
    return [f"{home}/bin/java" if home else "java", "-Xmx1g", "-Dai.djl.offline=true", "-DOPT_OUT_TRACKING=true",
            "-cp", os.environ["BENCH_CLASSPATH"], f"farm.darkroom.sdxl.bench.{name}", *map(str, arguments)]


class Engine:
    def __init__(self, given: argparse.Namespace, folder: Path):
        self.given, self.folder = given, folder
        self.best: dict[str, float] = {}

    def runner(self, who: str, part: str, latents: list[int], dtype: str) -> list[str]:
        given, sizes = self.given, ",".join(map(str, latents))
        if who == "darkroom" and part == "unet":
            return java("FullSizeUNet", self.folder / part, sizes, dtype, "resident", given.steps + 1, given.threads)
        if who == "darkroom":
            return java("FullSizeVae", self.folder / part, sizes, dtype, given.steps + 1, given.threads)
        return python(part, self.folder / part, sizes, dtype, who.split()[1], given.steps + 1, given.threads)

    def gemm(self, dtype: str) -> float:
        if dtype not in self.best:
            run = subprocess.run(python("gemm", dtype, self.given.threads), stdout=subprocess.PIPE, text=True, check=True)
            self.best[dtype] = float(run.stdout)
            print(f"{dtype}: best matrix product {self.best[dtype]:.0f} GFLOP/s", flush=True)
        return self.best[dtype]

    def compare(self, part: str, latents: list[int], dtype: str, flops: dict[int, float]):
        self.gemm(dtype)
        who = ["diffusers default", "diffusers channels_last", "darkroom"]
        times: dict[str, dict[int, list[float]]] = {name: {} for name in who}
        for pair in range(self.given.pairs):
            for name in who:
                for latent, (seconds, peak) in lines(self.runner(name, part, latents, dtype)).items():
                    times[name].setdefault(latent, []).extend(seconds)
                    shown = ", ".join(f"{s:.2f}" for s in seconds)
                    print(f"  pair {pair + 1}: {part} {latent} {dtype} {name}: {shown} s, peak RssAnon {peak:.1f} GB", flush=True)
        for latent in latents:
            self.summary(part, latent, dtype, {name: statistics.median(times[name][latent]) for name in who}, flops.get(latent))

    def summary(self, part: str, latent: int, dtype: str, seconds: dict[str, float], flops: float | None):
        ours = seconds["darkroom"]
        for name, taken in seconds.items():
            line = f"{part} {latent}x{latent} {dtype} {name}: {taken:.2f} s"
            if flops:
                rate = flops / taken / 1e9
                line += f", {rate:.0f} GFLOP/s, {100 * rate / self.gemm(dtype):.0f} % of the best matrix product"
            print(line if name == "darkroom" else f"{line}; darkroom is {taken / ours:.2f}x as fast")

    def flops(self) -> dict[int, float]:
        latents = self.given.latents
        command = python("flops", self.folder / "unet", ",".join(map(str, latents)))
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return dict(zip(latents, map(float, run.stdout.split())))

    def residency(self, dtype: str):
        seconds, latent = {}, self.given.latents[-1]
        for residency in ("resident", "sequential"):
            command = java("FullSizeUNet", self.folder / "unet", latent, dtype, residency, self.given.steps + 1, self.given.threads)
            taken, peak = lines(command)[latent]
            seconds[residency] = statistics.median(taken)
            print(f"unet {latent}x{latent} {dtype} {residency}: {seconds[residency]:.2f} s, peak RssAnon {peak:.2f} GB", flush=True)
        print(f"sequential takes {seconds['sequential'] / seconds['resident']:.2f} times as long as resident")

    def int8(self, dtype: str):
        seconds = {}
        for precision in (dtype, f"{dtype}+int8"):
            command = java("FullSizeUNet", self.folder / "unet", ",".join(map(str, self.given.latents)), precision, "resident", self.given.steps + 1,
                           self.given.threads)
            for latent, (taken, peak) in lines(command).items():
                seconds[precision, latent] = statistics.median(taken)
                print(f"unet {latent}x{latent} {precision}: {seconds[precision, latent]:.2f} s, peak RssAnon {peak:.2f} GB", flush=True)
        for latent in self.given.latents:
            print(f"unet {latent}x{latent}: int8 weights are {seconds[dtype, latent] / seconds[f'{dtype}+int8', latent]:.2f}x as fast as {dtype}")


def words(allowed: tuple[str, ...]):
    def parse(text: str) -> list[str]:
        for word in text.split(","):
            if word not in allowed:
                raise argparse.ArgumentTypeError(f"found {word}, allowed: {', '.join(allowed)}")
        return text.split(",")
    return parse


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench/engine", description="diffusers and darkroom in turn on this machine")
    parser.add_argument("--parts", type=words(PARTS), default=list(PARTS), help=",".join(PARTS))
    parser.add_argument("--dtypes", type=words(("float32", "bfloat16")), default=["float32", "bfloat16"], help="float32,bfloat16")
    parser.add_argument("--force-bfloat16", action="store_true", help="bfloat16 on a CPU without hardware for it, too: minutes a step")
    parser.add_argument("--latents", type=lambda text: [at_least(1)(x) for x in text.split(",")], default=[32, 64], help="32,64")
    parser.add_argument("--pairs", type=at_least(1), default=2, help="how often each runs, in turn")
    parser.add_argument("--steps", type=at_least(1), default=2, help="timed calls of each run, after one that loads")
    parser.add_argument("--threads", type=at_least(1), default=os.cpu_count())
    parser.add_argument("--models", type=Path, help="folder for the random weights, kept for the next run")
    return parser.parse_args()


def here(dtypes: list[str], forced: bool) -> list[str]:
    """Without hardware for it, a bfloat16 step takes minutes, and only its memory says something."""
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    if "bfloat16" in dtypes and not forced and not {"avx512_bf16", "amx_bf16"} & set(flags):
        print("bfloat16: left out, this CPU has neither avx512_bf16 nor amx_bf16 (--force-bfloat16 runs it all the same)")
        return [dtype for dtype in dtypes if dtype != "bfloat16"]
    return dtypes


def run(given: argparse.Namespace, folder: Path):
    dtypes = here(given.dtypes, given.force_bfloat16)
    engine = Engine(given, folder)
    print(f"{given.threads} threads, load average {os.getloadavg()[0]:.2f}", flush=True)
    if {"unet", "residency", "int8"} & set(given.parts):
        lines(java("FullSizeUNet", folder / "unet", 8, "float32", "sequential", 1, given.threads))  # makes the weights
    for dtype in dtypes:
        if "unet" in given.parts:
            engine.compare("unet", given.latents, dtype, engine.flops())
        if "vae" in given.parts:
            lines(java("FullSizeVae", folder / "vae", 8, dtype, 1, given.threads))
            engine.compare("vae", [VAE_LATENT], dtype, {})
        if "residency" in given.parts:
            engine.residency(dtype)
        if "int8" in given.parts:
            engine.int8(dtype)
    if "int8" in given.parts:
        subprocess.run([sys.executable, BENCH / "int8.py", "--seeds", "1", "--threads", str(given.threads)], check=True)
    if "demo" in given.parts:
        demo = [sys.executable, BENCH / "pairs.py", "--pairs", str(max(3, given.pairs)), "--threads", str(given.threads)]
        subprocess.run(demo, check=True)
    print(f"load average {os.getloadavg()[0]:.2f}")


def main() -> None:
    given = arguments()
    if given.models:
        run(given, given.models.resolve())
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(given, Path(folder))


if __name__ == "__main__":
    main()
