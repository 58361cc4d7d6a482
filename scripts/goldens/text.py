"""Prompts: token ids, hidden states and pooled output of both encoders, encode_prompt, and the real models' tensors."""

import json
import shutil
import tempfile
from pathlib import Path

import torch
from diffusers import StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from goldens import common, text_cases

# Every sixth of the 77 positions: enough to catch a wrong row, small enough to commit.
STRIDE = 6


def load(kind: type, folder: str):
    return kind.from_pretrained(common.DEMO / folder, torch_dtype=torch.float32)


def removed_text(tokenizer: CLIPTokenizer, text: str) -> str | None:
    """What diffusers' encode_prompt names in its warning about a truncated prompt."""
    kept = tokenizer(text, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
    whole = tokenizer(text, padding="longest", return_tensors="pt").input_ids
    if whole.shape[-1] >= kept.shape[-1] and not torch.equal(kept, whole):
        return tokenizer.batch_decode(whole[:, 76:-1])[0]
    return None


def tokens(tokenizer: CLIPTokenizer, text: str) -> dict:
    kept = tokenizer(text, padding="max_length", max_length=77, truncation=True)
    return {
        "ids": tokenizer(text, add_special_tokens=False).input_ids,
        "padded": kept.input_ids,
        "removed": removed_text(tokenizer, text),
    }


def write_tokens(out: Path) -> None:
    tokenizers = [CLIPTokenizer.from_pretrained(common.DEMO / "base" / name) for name in ("tokenizer", "tokenizer_2")]
    cases = [{"text": text, "tokenizers": [tokens(tokenizer, text) for tokenizer in tokenizers]} for text in text_cases.TEXTS]
    common.write_json(out / "tokens.json", cases)


def write_tokenizer_configs(out: Path) -> None:
    """The ways in which the hub's snapshots write their special tokens, over the demo vocabulary."""
    cases = []
    for name, files in text_cases.TOKENIZER_FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            for file in ("vocab.json", "merges.txt"):
                shutil.copy(common.DEMO / "base" / "tokenizer" / file, folder)
            for file, content in files.items():
                Path(folder, file).write_text(json.dumps(content), encoding="utf-8")
            tokenizer = CLIPTokenizer.from_pretrained(folder)
        ids = [tokenizer(text, add_special_tokens=False).input_ids for text in text_cases.SPECIAL_TEXTS]
        cases.append({"name": name, "files": files, "pad": tokenizer.pad_token_id, "texts": text_cases.SPECIAL_TEXTS, "ids": ids})
    common.write_json(out / "tokenizer_configs.json", cases)


def write_encoders(out: Path) -> None:
    tensors = {}
    for folder, kind in (
        ("base/text_encoder", CLIPTextModel),
        ("base/text_encoder_2", CLIPTextModelWithProjection),
        ("refiner/text_encoder_2", CLIPTextModelWithProjection),
    ):
        model = load(kind, folder)
        tokenizer = CLIPTokenizer.from_pretrained(common.DEMO / folder.replace("text_encoder", "tokenizer"))
        for name, text in text_cases.ENCODED.items():
            ids = tokenizer(text, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
            output = model(ids, output_hidden_states=True)
            tensors[f"{folder}/{name}/ids"] = ids
            for i, state in enumerate(output.hidden_states):
                tensors[f"{folder}/{name}/hidden_states.{i}"] = state[:, ::STRIDE]
            if kind is CLIPTextModelWithProjection:
                tensors[f"{folder}/{name}/text_embeds"] = output.text_embeds
    common.write_tensors(out / "encoders.safetensors", tensors)


def write_encode_prompt(out: Path) -> None:
    base = load(StableDiffusionXLPipeline, "base")
    pipes = {"base": base, "refiner": load(StableDiffusionXLImg2ImgPipeline, "refiner")}
    tensors = {}
    for name, case in text_cases.PROMPTS.items():
        pipe = pipes[case.get("model", "base")]
        given = {key: value for key, value in case.items() if key not in ("model", "force_zeros")}
        zeros = pipe.config.force_zeros_for_empty_prompt
        pipe.register_to_config(force_zeros_for_empty_prompt=case.get("force_zeros", zeros))
        embeds = pipe.encode_prompt(**given)
        pipe.register_to_config(force_zeros_for_empty_prompt=zeros)
        for key, tensor in zip(("prompt", "negative_prompt", "pooled", "negative_pooled"), embeds):
            if tensor is not None:
                tensors[f"{name}/{key}"] = tensor[:, ::STRIDE] if tensor.ndim == 3 else tensor
    common.write_json(out / "prompts.json", text_cases.PROMPTS)
    common.write_tensors(out / "prompts.safetensors", tensors)


def chunks(tokenizer: CLIPTokenizer, parts: list) -> list[list[tuple[int, float]]]:
    """The web UI's rule: chunks of 75, a full one cut after a comma among its last twenty tokens."""
    comma = tokenizer.convert_tokens_to_ids(",</w>")
    done, current = [], []
    for part in parts:
        if part is None:
            done, current = [*done, current], []
            continue
        for token in tokenizer(part[0], add_special_tokens=False).input_ids:
            if len(current) == 75:
                commas = [i for i, (known, _) in enumerate(current) if known == comma and i >= 55]
                cut = commas[-1] + 1 if commas and token != comma else 75
                done, current = [*done, current[:cut]], current[cut:]
            if len(current) == 75:
                done, current = [*done, current], []
            current.append((token, part[1]))
    return [*done, current] if current or not done else done


def weigh(tokenizer: CLIPTokenizer, model, chunk: list[tuple[int, float]], skip: int):
    """One chunk's hidden states times the weights, scaled to the mean that they had, and its pooled output."""
    fill = 75 - len(chunk)
    ids = [tokenizer.bos_token_id, *(token for token, _ in chunk), tokenizer.eos_token_id, *[tokenizer.pad_token_id] * fill]
    weights = torch.tensor([1.0, *(weight for _, weight in chunk), 1.0, *[1.0] * fill])
    output = model(torch.tensor([ids]), output_hidden_states=True)
    state = output.hidden_states[-(skip + 2)]
    weighted = state * weights[None, :, None]
    return weighted * (state.mean() / weighted.mean()), output[0]


def write_weighted(out: Path) -> None:
    texts = text_cases.WEIGHTED_TEXTS
    base = load(StableDiffusionXLPipeline, "base")
    pipes = {"base": base, "refiner": load(StableDiffusionXLImg2ImgPipeline, "refiner")}
    counts = [{"text": text, "parts": parts, "tokens": [len(c) for c in chunks(base.tokenizer, parts)]} for text, parts in texts.items()]
    tensors = {}
    for name, case in text_cases.WEIGHTED.items():
        pipe = pipes[case.get("model", "base")]
        encoders = [(pipe.tokenizer, pipe.text_encoder), (pipe.tokenizer_2, pipe.text_encoder_2)][pipe.text_encoder is None :]
        positive = [case["prompt"], case.get("prompt_2", case["prompt"])][: len(encoders)]
        negative = [case.get("negative_prompt", "")] * len(encoders)
        zeros = "negative_prompt" not in case and pipe.config.force_zeros_for_empty_prompt
        read = [[chunks(t, texts[text]) for (t, _), text in zip(encoders, side)] for side in (positive, negative)]
        longest = max(len(chunked) for side in (read[:1] if zeros else read) for chunked in side)
        for key, side, skip in (("", read[0], case.get("clip_skip", 0)), ("negative_", read[1], 0)):
            lines = []
            for (tokenizer, model), chunked in zip(encoders, side):
                padded = chunked + [[]] * (longest - len(chunked))
                states = [weigh(tokenizer, model, chunk, skip) for chunk in padded]
                lines.append(torch.cat([state for state, _ in states], dim=1))
                pooled = states[0][1]
            empty = key and zeros
            embeds = torch.cat(lines, dim=-1)
            tensors[f"{name}/{key}prompt"] = (torch.zeros_like(embeds) if empty else embeds)[:, ::STRIDE]
            tensors[f"{name}/{key}pooled"] = torch.zeros_like(pooled) if empty else pooled
    common.write_json(out / "weighted_texts.json", counts)
    common.write_json(out / "weighted.json", text_cases.WEIGHTED)
    common.write_tensors(out / "weighted.safetensors", tensors)


def write_inversions(out: Path) -> None:
    pipe = load(StableDiffusionXLPipeline, "base")
    generator = torch.Generator().manual_seed(0)
    for token, vectors in text_cases.INVERSIONS.items():
        learned = {
            key: torch.randn(vectors, width, generator=generator).mul(0.05).half() for key, width in (("clip_l", 64), ("clip_g", 96))
        }
        common.write_tensors(out / f"inversion_{vectors}.safetensors", learned)
        sides = (("clip_l", pipe.text_encoder, pipe.tokenizer), ("clip_g", pipe.text_encoder_2, pipe.tokenizer_2))
        for key, encoder, tokenizer in sides:
            pipe.load_textual_inversion(learned[key], token=token, text_encoder=encoder, tokenizer=tokenizer)
    tensors = {}
    for name, case in text_cases.INVERTED.items():
        for key, tensor in zip(("prompt", "negative_prompt", "pooled", "negative_pooled"), pipe.encode_prompt(**case)):
            tensors[f"{name}/{key}"] = tensor[:, ::STRIDE] if tensor.ndim == 3 else tensor
    common.write_json(out / "inverted.json", text_cases.INVERTED)
    common.write_tensors(out / "inverted.safetensors", tensors)


def write_real_topology(out: Path) -> None:
    """Names and shapes of the published SDXL encoders, as their files have them (all under text_model.)."""
    for name, kind in (("text_encoder", CLIPTextModel), ("text_encoder_2", CLIPTextModelWithProjection)):
        config = text_cases.REAL[name]
        with torch.device("meta"):
            state = kind(CLIPTextConfig(**config)).state_dict()
        prefixed = {key if key.startswith("text_") else f"text_model.{key}": list(tensor.shape) for key, tensor in state.items()}
        (out / "real" / name).mkdir(parents=True, exist_ok=True)
        common.write_json(out / "real" / name / "config.json", config)
        common.write_json(out / "real" / name / "tensors.json", dict(sorted(prefixed.items())))


def write(out: Path) -> None:
    write_tokens(out)
    write_tokenizer_configs(out)
    write_encoders(out)
    write_encode_prompt(out)
    write_weighted(out)
    write_inversions(out)
    write_real_topology(out)
