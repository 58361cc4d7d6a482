"""The weighted syntax of docs/prompts.md: what a job's texts mean, and what a pipeline's encoders make of them."""

import math
import re

import torch

from goldens import text

PIECES = re.compile(r"\\[()\[\]\\]|\\|[(\[]|:\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))\s*\)|[)\]]|[^\\()\[\]:]+|:")
BREAK = re.compile(r"\s*\bBREAK\b\s*")
STEPS = {"(": 1.1, ")": 1.1, "[": 1 / 1.1, "]": 1 / 1.1}
TEXTS = ("prompt", "prompt_2", "negative_prompt", "negative_prompt_2")


def pieces(prompt: str):
    """Whether a piece is taken as it stands, its text, and the number if it is a weight."""
    at = 0
    while at < len(prompt):
        found = PIECES.match(prompt, at)
        number = found[1] and float(found[1])
        if found[1] and not math.isfinite(torch.tensor(number).item()):
            number, end = None, at + 1  # its colon is text
        else:
            end = found.end()
        piece = prompt[at:end]
        yield piece[0] == "\\", piece[1:] if piece[0] == "\\" else piece, number
        at = end


def parse(prompt: str) -> list:
    """Parts of text and weight, None for a break."""
    runs: list[list] = []
    opened: dict[str, list[int]] = {"(": [], "[": []}

    def multiply(first: int, factor: float) -> None:
        for run in runs[first:]:
            run[1] *= factor

    for literal, piece, number in pieces(prompt):
        kind = "(" if number is not None or piece == ")" else "["
        if literal:
            runs.append([piece, 1.0])
        elif piece in opened:
            opened[piece].append(len(runs))
        elif number is not None and opened["("]:
            multiply(opened["("].pop(), number)
        elif piece in STEPS and opened[kind]:
            multiply(opened[kind].pop(), STEPS[piece])
        elif number is not None:  # a weight of nothing
            runs += [[piece, 1.0]]
        else:
            for i, words in enumerate(BREAK.split(piece)):
                runs += [[None, 1.0]] * (i > 0) + [[words, 1.0]]
    for bracket in "([":
        for first in opened[bracket]:
            multiply(first, STEPS[bracket])
    parts: list = []
    for words, weight in runs:
        if words is None:
            parts.append(None)
        elif words and parts and parts[-1] and parts[-1][1] == weight:
            parts[-1] = [parts[-1][0] + words, weight]
        elif words:
            parts.append([words, weight])
    return parts


def spoken(pipe, job: dict, given: dict) -> dict:
    """The arguments of a pipeline, with embeddings in place of weighted texts."""
    if job.get("prompt_syntax") != "weighted":
        return given
    encoders = [(pipe.tokenizer, pipe.text_encoder), (pipe.tokenizer_2, pipe.text_encoder_2)][pipe.text_encoder is None :]
    pipe._guidance_scale = given["guidance_scale"]  # some pipelines guide distilled models too
    guided = pipe.do_classifier_free_guidance if hasattr(pipe, "do_classifier_free_guidance") else given["guidance_scale"] > 1 and given["image_guidance_scale"] >= 1
    zeros = "negative_prompt" not in given and pipe.config.force_zeros_for_empty_prompt
    sides = {"": (given["prompt"], given.get("prompt_2"), given.get("clip_skip", 0))}
    if guided and not zeros:
        sides["negative_"] = (given.get("negative_prompt", ""), given.get("negative_prompt_2"), 0)
    read = {
        side: [text.chunks(tokenizer, parse(words)) for (tokenizer, _), words in zip(encoders, (first, second or first))]
        for side, (first, second, _) in sides.items()
    }
    longest = max(len(chunks) for lines in read.values() for chunks in lines)
    embeds = {}
    for side, lines in read.items():
        states = []
        for (tokenizer, model), chunks in zip(encoders, lines):
            weighed = [text.weigh(tokenizer, model, chunk, sides[side][2]) for chunk in chunks + [[]] * (longest - len(chunks))]
            states.append(torch.cat([state for state, _ in weighed], dim=1))
            pooled = weighed[0][1]
        embeds |= {f"{side}prompt_embeds": torch.cat(states, dim=-1), f"{side}pooled_prompt_embeds": pooled}
    if guided and zeros:
        embeds |= {f"negative_{name}": torch.zeros_like(embeds[name]) for name in ("prompt_embeds", "pooled_prompt_embeds")}
    return {name: value for name, value in given.items() if name not in (*TEXTS, "clip_skip")} | embeds
