"""What drawn jobs name: pictures, masks, LoRA files, embeddings, and ControlNets and IP-Adapters under models/."""

import random
import shutil
from pathlib import Path

from diffusers import StableDiffusionXLPipeline
from PIL import Image, ImageDraw, ImageFilter
from safetensors.torch import save_file

from goldens import adapters, additions, common, jobs, loras, pipeline, t2i

# diffusers reads a kohya file's text encoders only if there is one of the first among their layers.
TEXT_LAYERS = ("mlp.fc1", "mlp.fc2"), ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj")
NAMINGS = ("peft", "peft", "diffusers", "dora", "biased", "kohya", "kohya", "original")


def write(folder: Path, draw: random.Random) -> list[str]:
    """All of them; the names of the LoRA files that are drawn."""
    pipeline.init_images(folder)
    additions.edges(folder)
    additions.halves(folder)
    image, mask = Image.open(folder / "init.png"), Image.open(folder / "mask.png")
    image.resize((97, 131)).save(folder / "odd.png")
    image.convert("L").resize((200, 150)).save(folder / "grey.png")
    mask.filter(ImageFilter.GaussianBlur(6)).save(folder / "soft.png")
    mask.resize((100, 140)).convert("RGB").save(folder / "odd_mask.png")
    corner = Image.new("1", (128, 128))
    ImageDraw.Draw(corner).rectangle((100, 90, 128, 128), fill=1)
    corner.save(folder / "corner.png")
    for file in [*(common.GOLDENS / "additions").glob("*.safetensors"), *(common.GOLDENS / "text").glob("inversion_*")]:
        shutil.copy(file, folder)
    modes(folder, image, mask)
    sized(folder, image, draw)
    for name in (*jobs.NETS, jobs.UNION):
        jobs.controlnet(name).save_pretrained(folder / "models" / name)
    adapters.write(folder / "models")
    t2i.write(folder / "models")
    return networks(folder, draw)


def modes(folder: Path, image: Image.Image, mask: Image.Image) -> None:
    """The same pictures as cameras, painters and scanners store them."""
    image.quantize(16).save(folder / "palette.png")
    image.quantize(8).save(folder / "clear_palette.png", transparency=3)
    clear = image.copy()
    clear.putalpha(mask)
    clear.save(folder / "clear.png")
    clear.convert("LA").resize((80, 72)).save(folder / "grey_alpha.png")
    image.convert("1").save(folder / "bits.png")
    exif = image.getexif()
    exif[0x0112] = 6
    image.crop((0, 0, 104, 128)).save(folder / "turned.jpg", exif=exif, quality=92)
    image.resize((123, 85)).save(folder / "sparse.jpg", quality=60, progressive=True)
    image.resize((11, 9)).save(folder / "small.png")
    image.resize((700, 900)).save(folder / "large.png")
    image.convert("CMYK").save(folder / "inks.jpg", quality=85)
    image.convert("L").resize((90, 120)).save(folder / "grey.jpg")
    image.save(folder / "plain.bmp")
    image.save(folder / "plain.gif")
    mask.convert("P").save(folder / "mask_palette.png")
    Image.merge("RGBA", (mask, mask, mask, mask.point(lambda value: 255 - value // 2))).save(folder / "mask_clear.png")
    mask.filter(ImageFilter.GaussianBlur(3)).save(folder / "mask.jpg", quality=80)
    odd_ones(folder, image, mask)


def sized(folder: Path, image: Image.Image, draw: random.Random) -> None:
    """Pictures of any size and mode; those whose sides are drawn small are as small as there are."""
    for number in range(12):
        most = 40 if number < 3 else 333
        turned = image.rotate(draw.randrange(360)).resize((draw.randint(8, most), draw.randint(8, most)))
        turned.convert(draw.choice(("RGB", "L", "RGBA", "P", "1"))).save(folder / f"sized_{number}.png")


def odd_ones(folder: Path, image: Image.Image, mask: Image.Image) -> None:
    """Pictures at the edge of what there is: one pixel, thin ones, every way to hold a camera, frames, rare files."""
    image.resize((1, 1)).save(folder / "dot.png")
    image.resize((3, 200)).save(folder / "thin.png")
    exif = image.getexif()
    for turn in range(2, 9):
        exif[0x0112] = turn
        image.crop((0, 0, 120, 128)).save(folder / f"turned_{turn}.jpg", exif=exif, quality=90)
    image.crop((0, 0, 120, 128)).save(folder / "turned_png.png", exif=exif)
    image.save(folder / "restarts.jpg", restart_marker_blocks=3, subsampling=0)
    image.save(folder / "frames.gif", save_all=True, append_images=[image.rotate(90), image.rotate(180)], duration=50)
    image.convert("L").save(folder / "grey.bmp")
    image.convert("1").save(folder / "bits.bmp")
    image.quantize(4).save(folder / "palette_2.png", bits=2)
    image.convert("L").save(folder / "grey_clear.png", transparency=90)
    Image.merge("LA", (mask, mask.rotate(180))).save(folder / "mask_grey_alpha.png")
    Image.merge("RGB", (mask, mask.rotate(90), mask.rotate(180))).save(folder / "mask_colours.png")
    for name, box in {"mask_edge.png": (120, 0, 127, 127), "mask_pixel.png": (127, 127, 127, 127), "mask_full.png": (0, 0, 127, 127)}.items():
        drawn = Image.new("L", (128, 128))
        ImageDraw.Draw(drawn).rectangle(box, fill=255)
        drawn.save(folder / name)


def networks(folder: Path, draw: random.Random) -> list[str]:
    """LoRA files whose layers, ranks, alphas and names are drawn."""
    nets = loras.Networks(jobs.load("demo", StableDiffusionXLPipeline)[0], draw.randrange(2**30))
    names = [f"drawn_{number}" for number in range(8)]
    for name in names:
        tensors = network(nets, draw, draw.choice(NAMINGS))
        save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, folder / f"{name}.safetensors", {"format": "pt"})
    return names


def network(nets: loras.Networks, draw: random.Random, naming: str) -> dict:
    layers = draw.sample(nets.layers("unet"), draw.randint(1, 40))
    texts = [f"encoder.layers.{n % 2}.{layer}" for n, layer in enumerate(map(draw.choice, TEXT_LAYERS))]
    texts = texts if draw.random() < 0.4 else []
    rank = draw.randint(1, 5)
    if naming in ("kohya", "original"):
        alphas = draw.choice(([None], [rank], [0.5, 2], [1.0]))
        named = loras.plain if naming == "kohya" else loras.ldm_name
        pairs = [("lora_unet_", "unet", path, named(path), rank, draw.choice(alphas)) for path in layers]
        for prefix, component in (("lora_te1_", "text_encoder"), ("lora_te2_", "text_encoder_2")):
            pairs += loras.kohya_text(prefix, component, rank, alphas[0], texts)
        if texts and draw.random() < 0.5:
            pairs.append(("lora_te2_", "text_encoder_2", "text_projection", "text_projection", rank, alphas[0]))
        return loras.kohya(nets, pairs)
    unet = [("unet", path) for path in layers]
    text = [(component, "text_model." + path) for component in ("text_encoder", "text_encoder_2") for path in texts]
    if naming == "dora":
        return loras.dora(nets, unet, rank)
    if naming == "biased":
        return loras.biased(nets, unet + text, rank)
    ranks = [draw.randint(1, 5) for _ in unet]
    return loras.peft(nets, unet, ranks, naming) if naming == "diffusers" else loras.peft(nets, unet + text, ranks + [rank] * len(text))
