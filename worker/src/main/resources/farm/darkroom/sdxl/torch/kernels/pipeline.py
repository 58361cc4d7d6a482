  # What a pipeline does around its models (diffusers: StableDiffusionXLPipeline and its image to image and inpainting kin). Latents are
  # [n, 4, h, w], float32.

  # Classifier-free guidance of a prediction [2n, 4, h, w], negative half first; `rescale` is phi of arXiv 2305.08891, section 3.4.
  def guided(self: __torch__.Kernels, prediction: Tensor, scale: float, rescale: float) -> Tensor:
    negative, positive = torch.chunk(prediction, 2)
    guided = negative + scale * (positive - negative)
    return self.rescaled(guided, positive, rescale)

  def rescaled(self: __torch__.Kernels, guided: Tensor, positive: Tensor, rescale: float) -> Tensor:
    if rescale > 0.0:
      dims = [1, 2, 3]
      spread = torch.std(positive, dims, keepdim=True) / torch.std(guided, dims, keepdim=True)
      guided = rescale * (guided * spread) + (1.0 - rescale) * guided
    return guided

  # The same of [3n, 4, h, w], led away from its last third, the prediction with perturbed attention (arXiv 2403.17377).
  def guided_away(self: __torch__.Kernels, prediction: Tensor, scale: float, rescale: float, away: float) -> Tensor:
    negative, positive, perturbed = torch.chunk(prediction, 3)
    guided = negative + scale * (positive - negative) + away * (positive - perturbed)
    return self.rescaled(guided, positive, rescale)

  # The same without a negative prompt: of [2n, 4, h, w], led away from its second half.
  def led_away(self: __torch__.Kernels, prediction: Tensor, away: float) -> Tensor:
    positive, perturbed = torch.chunk(prediction, 2)
    return positive + away * (positive - perturbed)

  # [3n, 4, h, w], predicted from prompt and picture, from the picture, and from neither, to [n, 4, h, w] (arXiv 2211.09800, equation 3).
  def guided_edit(self: __torch__.Kernels, prediction: Tensor, scale: float, picture_scale: float, rescale: float) -> Tensor:
    positive, picture, neither = torch.chunk(prediction, 3)
    guided = neither + scale * (positive - picture) + picture_scale * (picture - neither)
    return self.rescaled(guided, positive, rescale)

  # [n, ...] to [n * times, ...]; itself where that is once.
  def repeated(self: __torch__.Kernels, x: Tensor, times: int) -> Tensor:
    if times == 1:
      return x
    parts = annotate(List[Tensor], [])
    for i in range(times):
      parts = torch.append(parts, x)
    return torch.cat(parts)

  # [n, ...] to [n + 1, ...], the last row once more.
  def last_again(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.cat([x, torch.slice(x, 0, -1)])

  # The same of a dict, tensor by tensor.
  def last_again_dict(self: __torch__.Kernels, tensors: Dict[str, Tensor]) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    for key in tensors.keys():
      out[key] = self.last_again(tensors[key])
    return out

  # Two dicts with the same keys, tensor by tensor.
  def joined_dict(self: __torch__.Kernels, first: Dict[str, Tensor], second: Dict[str, Tensor]) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    for key in first.keys():
      out[key] = torch.cat([first[key], second[key]])
    return out

  # `count` rows of x from `first` on, without a copy.
  def rows(self: __torch__.Kernels, x: Tensor, first: int, count: int) -> Tensor:
    return torch.narrow(x, 0, first, count)

  # `painted` where the mask [n, 1, h, w] is 1, `kept` where it is 0.
  def blended(self: __torch__.Kernels, kept: Tensor, painted: Tensor, mask: Tensor) -> Tensor:
    return (1.0 - mask) * kept + mask * painted

  # The picture with what the mask marks set to 0, which is grey.
  def masked_out(self: __torch__.Kernels, image: Tensor, mask: Tensor) -> Tensor:
    return image * torch.to(mask < 0.5, 6)

  # The mask at the latents' size (torch: interpolate, nearest).
  def latent_mask(self: __torch__.Kernels, mask: Tensor, height: int, width: int) -> Tensor:
    return torch.upsample_nearest2d(mask, [height, width])

  # diffusers: get_guidance_scale_embedding. [n] to [n, dim]; 9.21 is ln 10000.
  def guidance_scale_embedding(self: __torch__.Kernels, scales: Tensor, dim: int) -> Tensor:
    half = dim // 2
    frequencies = torch.exp(torch.arange(half, dtype=6, layout=None, device=ops.prim.device(scales)) * (-9.210340371976184 / float(half - 1)))
    angles = torch.unsqueeze(scales * 1000.0, 1) * torch.unsqueeze(frequencies, 0)
    embedding = torch.cat([torch.sin(angles), torch.cos(angles)], 1)
    if dim % 2 == 1:
      embedding = torch.constant_pad_nd(embedding, [0, 1], 0)
    return embedding
