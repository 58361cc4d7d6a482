"""What scripts/goldens/text.py asks of transformers and diffusers: texts, tokenizer files, calls, configurations."""

RED = "a shiny red sphere on a checkerboard floor at sunset"
LONG = ", ".join(["a highly detailed painting of a small purple cylinder standing next to a huge glossy orange cone"] * 5)

TEXTS = [
    "", " ", "a", "!", "!!", "hello!! world!", RED, RED.upper(), LONG, LONG + " and \U0001f469‍\U0001f469‍\U0001f467 at night!",
    "it's a cube", "they're Don't WE'LL I'd've 's 't", "o'clock ’s ‘quoted’", "it 's", "'''", "''s''",
    "two\nlines\r\nand\ttabs", "  leading and trailing  ", "a\u00a0non\u2003breaking\u3000space", "a\u0085next\u2028line\u2029here",
    "zero\u200bwidth\u200cjoin\u200der\ufeffmark", "\x00", "nul\x00in\x01side\x1f\x7f", "bell\x07 vertical\x0btab form\x0cfeed",
    "é", "e\u0301", "ｆｕｌｌｗｉｄｔｈ", "ﬁ ligature", "Å Å Å", "İstanbul ISPARTA ıi", "ẞ ß STRASSE", "ΑΣ ΌΣΟΣ σς", "Ǆ ǅ ǆ",
    "日本語のプロンプト", "한국어 테스트", "नमस्ते दुनिया", "العربية مرحبا", "עִבְרִית", "ไทย", "русский ЁЖ", "ᏣᎳᎩ ꭰꭱ",
    "\U0001f600", "\U0001f469\U0001f3fd‍\U0001f680 in space", "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", "❤️ ❤", "1️⃣ 2⃣", "\U0001d400\U0001d401 math", "𠜎 𠜱",
    "2024 was ½ ² ٣ Ⅷ", "3.14159, -1e10", "1,000,000", "v1.5-rc2", "snake_case kebab-case camelCase", "a.b.c...d", "#!/bin/sh && echo $HOME",
    "(word:1.3) [less] {more} <lora:x:0.8>", "<|startoftext|>", "<|endoftext|>", "a <|endoftext|> b<|endoftext|>c", "<|STARTOFTEXT|>", "<|endoftext", "end|> of",
    "https://example.org/?a=1&b=2", "email@example.org", "\\ backslash \\n", "\"double\" `back` «guillemets» „low“", "a" * 300, "word " * 100,
    "\u0301starts with a mark", "a\u0301\u0302\u0303 stack", "\ufffd replacement", "\U0010ffff last", "\ue000 private", "x\u00adsoft", "1!2!3!",
    "cube" * 40, ("red " * 75).strip(), ("red " * 76).strip(), "red " * 74 + "!", "!" * 80, "A photo, of; a: BALL. (Best quality)",
]

SPECIAL_TEXTS = ["Hello!! <|endoftext|> a <|STARTOFTEXT|>x <|endoftext|>!", "a  <|EndOfText|>\t! red", "!<|startoftext|>!", "a <pad> b"]


def added(content: str, normalized: bool) -> dict:
    return {"__type": "AddedToken", "content": content, "lstrip": False, "normalized": normalized, "rstrip": False, "single_word": False}


def decoder(content: str, normalized: bool) -> dict:
    return {"content": content, "lstrip": False, "normalized": normalized, "rstrip": False, "single_word": False, "special": True}


BOS, EOS = "<|startoftext|>", "<|endoftext|>"
DICTS = {"bos_token": added(BOS, True), "eos_token": added(EOS, True), "unk_token": added(EOS, True)}
NAMES = {"bos_token": BOS, "eos_token": EOS, "unk_token": EOS}
TOKENIZER_FILES = {
    "plain names": {"tokenizer_config.json": {**NAMES, "pad_token": EOS, "model_max_length": 77}},
    "bang pads": {"tokenizer_config.json": {**NAMES, "pad_token": "!", "model_max_length": 77}},
    "token objects": {"tokenizer_config.json": {**DICTS, "pad_token": "!", "model_max_length": 77}},
    "decoder table": {
        "tokenizer_config.json": {
            **NAMES, "pad_token": "!", "model_max_length": 77,
            "added_tokens_decoder": {"0": decoder("!", False), "826": decoder(BOS, True), "827": decoder(EOS, True)},
        }
    },
    "pad in the map": {"tokenizer_config.json": {**NAMES, "model_max_length": 77}, "special_tokens_map.json": {**NAMES, "pad_token": "!"}},
    "config over map": {
        "tokenizer_config.json": {**NAMES, "pad_token": EOS, "model_max_length": 77}, "special_tokens_map.json": {**NAMES, "pad_token": "!"}
    },
    "table over map": {
        "tokenizer_config.json": {
            **NAMES, "model_max_length": 77, "added_tokens_decoder": {"0": decoder("!", False), "827": decoder(EOS, True)},
        },
        "special_tokens_map.json": {**NAMES, "pad_token": "!"},
    },
    "a word beyond the vocabulary": {
        "tokenizer_config.json": {
            **NAMES, "pad_token": "<pad>", "model_max_length": 77,
            "added_tokens_decoder": {"826": decoder(BOS, True), "827": decoder(EOS, True), "828": decoder("<pad>", False)},
        },
    },
    "no pad": {"tokenizer_config.json": {**DICTS, "model_max_length": 77}},
    "map only": {"special_tokens_map.json": {**DICTS, "pad_token": "!"}},
    "no names": {"tokenizer_config.json": {"model_max_length": 77}},
}

ENCODED = {"red": RED, "empty": "", "long": LONG, "eos inside": "a red cube <|endoftext|> at night"}

PROMPTS = {
    "plain": {"prompt": RED},
    "no guidance": {"prompt": RED, "do_classifier_free_guidance": False},
    "negative": {"prompt": RED, "negative_prompt": "blurry, low quality"},
    "negative empty": {"prompt": RED, "negative_prompt": ""},
    "negative long": {"prompt": RED, "negative_prompt": LONG},
    "negative 2 alone": {"prompt": RED, "negative_prompt_2": "grass"},
    "negative 2": {"prompt": RED, "negative_prompt": "night", "negative_prompt_2": "grass"},
    "negative 2 empty": {"prompt": RED, "negative_prompt": "night", "negative_prompt_2": ""},
    "prompt 2": {"prompt": RED, "prompt_2": "a large blue cube in the snow by day", "negative_prompt": "night"},
    "prompt 2 empty": {"prompt": RED, "prompt_2": ""},
    "empty": {"prompt": ""},
    "long": {"prompt": LONG, "negative_prompt": ""},
    "clip skip 0": {"prompt": RED, "clip_skip": 0},
    "clip skip 1": {"prompt": RED, "clip_skip": 1, "negative_prompt": "night"},
    "clip skip 2": {"prompt": RED, "clip_skip": 2, "negative_prompt": "night"},
    "no zeros": {"prompt": RED, "force_zeros": False},
    "no zeros negative 2 alone": {"prompt": RED, "force_zeros": False, "negative_prompt_2": "grass"},
    "refiner": {"model": "refiner", "prompt": RED},
    "refiner negative": {"model": "refiner", "prompt": RED, "negative_prompt": "night"},
    "refiner prompt 2": {"model": "refiner", "prompt": RED, "prompt_2": "ignored", "negative_prompt": "night", "negative_prompt_2": "ignored"},
    "refiner clip skip": {"model": "refiner", "prompt": RED, "clip_skip": 1},
    "refiner zeros": {"model": "refiner", "prompt": RED, "force_zeros": True},
}

# Weighted prompts with what they mean, written by hand: parts of text and weight, None for a break.
PHRASE = "a highly detailed painting of a small purple cylinder"
WEIGHTED_TEXTS = {
    "normal text": [["normal text", 1.0]],
    "an (important) word": [["an ", 1.0], ["important", 1.1], [" word", 1.0]],
    "a (shiny:1.4) red sphere": [["a ", 1.0], ["shiny", 1.4], [" red sphere", 1.0]],
    "(unbalanced": [["unbalanced", 1.1]],
    "[unbalanced (twice": [["unbalanced ", 1 / 1.1], ["twice", 1.0]],
    "closed) twice] over:1.3)": [["closed) twice] over:1.3)", 1.0]],
    "\\(literal\\] \\\\ \\x": [["(literal] \\ x", 1.0]],
    "(one)(two)": [["onetwo", 1.1]],
    "((red)) [blue] cube": [["red", 1.1 * 1.1], [" ", 1.0], ["blue", 1 / 1.1], [" cube", 1.0]],
    "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).": [
        ["a ", 1.0], ["house", 1.3 * 1.1 * 1.1], [" ", 1.1], ["on", 1.0], [" a ", 1.1], ["hill", 0.55], [", sun, ", 1.1],
        ["sky", 1.1**4], [".", 1.1],
    ],
    "(a: b:.5) c:d": [["a: b", 0.5], [" c:d", 1.0]],
    "(a:1.2.3) (b: 2 )": [["a:1.2.3", 1.1], [" ", 1.0], ["b", 2.0]],
    "(night:-1)": [["night", -1.0]],
    "a red cube BREAK a (blue:1.2) cone": [["a red cube", 1.0], None, ["a ", 1.0], ["blue", 1.2], [" cone", 1.0]],
    "(red BREAK blue) BREAKFAST break": [["red", 1.1], None, ["blue", 1.1], [" BREAKFAST break", 1.0]],
    "BREAK red BREAK": [None, ["red", 1.0], None],
    "": [],
    ", ".join([PHRASE] * 9): [[", ".join([PHRASE] * 9), 1.0]],
    f"({PHRASE}, " * 4 + "tiny:0.8)": [
        *[[f"{PHRASE}, ", 1.1**depth] for depth in (1, 2, 3)], [f"{PHRASE}, tiny", 0.8 * 1.1**3],
    ],
    "red " * 160: [["red " * 160, 1.0]],
    "red " * 74 + ", green cube": [["red " * 74 + ", green cube", 1.0]],
    "red " * 75 + ", green cube": [["red " * 75 + ", green cube", 1.0]],
}

WEIGHTED = {
    "one chunk": {"prompt": "a (shiny:1.4) red sphere", "negative_prompt": "((red)) [blue] cube"},
    "zeros of three chunks": {"prompt": ", ".join([PHRASE] * 9)},
    "negative is padded": {"prompt": "red " * 160, "negative_prompt": "an (important) word"},
    "prompt is padded": {"prompt": "a (shiny:1.4) red sphere", "negative_prompt": "a red cube BREAK a (blue:1.2) cone", "clip_skip": 1},
    "prompt 2 is longer": {"prompt": "a red cube", "prompt_2": "BREAK red BREAK", "negative_prompt": ""},
    "refiner": {"model": "refiner", "prompt": "((red)) [blue] cube"},
}
for words in ("a red cube", "a shiny red sphere"):
    WEIGHTED_TEXTS[words] = [[words, 1.0]]

# Textual inversion: a token of three vectors, one of one vector in capitals, and one of two.
INVERSIONS = {"<thing>": 3, "MoonStone": 1, "<Glass>": 2}
INVERTED = {
    "both": {"prompt": "a <thing> on a moonstone at night", "negative_prompt": "<thing>"},
    "inside words": {"prompt": "red<thing><thing>cube MoonStones", "negative_prompt": "moonstone!"},
    "another case": {"prompt": "a <THING> beside a <thing>, <Thing><thing>", "negative_prompt": "<THING> MOONSTONE"},
    "capitals": {"prompt": "a <Glass> and a <glass> cube", "negative_prompt": "<GLASS>"},
    "cut": {"prompt": "red " * 73 + "<thing> cube"},
    "one of its vectors": {"prompt": "a <thing>_1 at night, <thing>_2cube <thing>_3", "negative_prompt": "<GLASS>_1 moonstone_1"},
    "beside one of its vectors": {"prompt": "a <thing> and <thing>_1, <thing>_12", "negative_prompt": "<Thing>_2 and <thing>, <Glass>_1 <glass>_12"},
    "without": {"prompt": RED, "negative_prompt": "night"},
}

# stabilityai/stable-diffusion-xl-base-1.0, as published; the refiner's text_encoder_2 is the same.
COMMON = {
    "attention_dropout": 0.0, "bos_token_id": 0, "dropout": 0.0, "eos_token_id": 2, "initializer_factor": 1.0, "initializer_range": 0.02,
    "layer_norm_eps": 1e-05, "max_position_embeddings": 77, "model_type": "clip_text_model", "pad_token_id": 1, "vocab_size": 49408,
}
REAL = {
    "text_encoder": {
        "architectures": ["CLIPTextModel"], **COMMON, "hidden_act": "quick_gelu", "hidden_size": 768, "intermediate_size": 3072,
        "num_attention_heads": 12, "num_hidden_layers": 12, "projection_dim": 768,
    },
    "text_encoder_2": {
        "architectures": ["CLIPTextModelWithProjection"], **COMMON, "hidden_act": "gelu", "hidden_size": 1280, "intermediate_size": 5120,
        "num_attention_heads": 20, "num_hidden_layers": 32, "projection_dim": 1280,
    },
}
