#!/usr/bin/env python3
"""Writes the golden files that the engine's tests are held against, from diffusers itself.

    python3 scripts/goldens.py            every part
    python3 scripts/goldens.py PART...    these parts
    python3 scripts/goldens.py --list     what parts there are

Needs torch, diffusers, transformers and safetensors (versions: scripts/goldens/requirements.txt).
Nothing that is built, run or tested needs Python: the goldens are committed. A part is a module
scripts/goldens/PART.py with a function write(out), which fills the folder `out`; what is common to
parts (paths, compact JSON, tensor files) is in scripts/goldens/common.py.
"""

import argparse
import importlib
import pkgutil

import goldens
from goldens import common


def parts() -> list[str]:
    """Names of the modules that have a write(out)."""
    names = sorted(module.name for module in pkgutil.iter_modules(goldens.__path__))
    return [name for name in names if hasattr(importlib.import_module(f"goldens.{name}"), "write")]


def main() -> None:
    known = parts()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of: {', '.join(known)}")
    parser.add_argument("--list", action="store_true", help="print the parts and stop")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(known))
        return
    unknown = sorted(set(arguments.parts) - set(known))
    if unknown:
        parser.error(f"unknown part {', '.join(unknown)}; there are: {', '.join(known)}")
    common.be_deterministic()
    for name in arguments.parts or known:
        out = common.GOLDENS / name
        out.mkdir(parents=True, exist_ok=True)
        importlib.import_module(f"goldens.{name}").write(out)
        size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
        print(f"{name}: {size / 1024:.0f} KiB in {out.relative_to(common.ROOT)}")


if __name__ == "__main__":
    main()
