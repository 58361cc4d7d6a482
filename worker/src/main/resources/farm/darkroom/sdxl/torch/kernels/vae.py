  # AutoencoderKL and AutoencoderTiny (diffusers). All blocks of one kind take the same arguments, of which some leave one unused: Java
  # calls them by a list. Pictures are [n, 3, height, width] from -1 to 1; rgb8 is [n, height, width, 3] in uint8.

  # x in the type of the weights, channels last.
  def vae_in(self: __torch__.Kernels, x: Tensor, like: Tensor) -> Tensor:
    return torch.contiguous(torch.to(x, ops.prim.dtype(like)), memory_format=2)

  # A picture to [n, channels, height, width].
  def vae_encoder_in(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int) -> Tensor:
    return self.convolution(self.vae_in(x, w["encoder.conv_in.bias"]), w, "encoder.conv_in", 1, 1)

  # Latents [n, 4, h, w], as the VAE has them, to [n, channels, h, w].
  def vae_decoder_in(self: __torch__.Kernels, w: Dict[str, Tensor], z: Tensor, groups: int) -> Tensor:
    z = self.vae_in(z, w["decoder.conv_in.bias"])
    if "post_quant_conv.bias" in w:
      z = self.convolution(z, w, "post_quant_conv", 1, 0)
    return self.convolution(z, w, "decoder.conv_in", 1, 1)

  # ResnetBlock2D without a time embedding; where both convolutions are in tiles, norm, SiLU and sum are done with them. x may be written
  # over.
  def vae_resnet(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int) -> Tensor:
    size1 = self.tile_size(w, "conv1")
    size2 = self.tile_size(w, "conv2")
    if size1 > 0 and size2 > 0:
      h = self.tiled(x, w, "conv1", size1, self.moments(x, w, "norm1", groups, 1.e-6), None)
      if "conv_shortcut.bias" in w:
        x = self.convolution(x, w, "conv_shortcut", 1, 0)
      return self.tiled(h, w, "conv2", size2, self.moments(h, w, "norm2", groups, 1.e-6), x)
    h = torch.silu_(self.group_norm(x, w, "norm1", groups, 1.e-6))
    h = self.convolution(h, w, "conv1", 1, 1)
    h = torch.silu_(self.group_norm(h, w, "norm2", groups, 1.e-6))
    h = self.convolution(h, w, "conv2", 1, 1)
    if "conv_shortcut.bias" in w:
      x = self.convolution(x, w, "conv_shortcut", 1, 0)
    return torch.add_(h, x)

  # The middle block's Attention, of one head.
  def vae_attention(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int) -> Tensor:
    h = torch.permute(self.group_norm(x, w, "group_norm", groups, 1.e-6), [0, 2, 3, 1])
    sizes = torch.size(h)
    h = torch.flatten(h, 1, 2)
    q = torch.unsqueeze(self.linear(h, w, "to_q"), 1)
    k = torch.unsqueeze(self.linear(h, w, "to_k"), 1)
    v = torch.unsqueeze(self.linear(h, w, "to_v"), 1)
    h = torch.squeeze(torch.scaled_dot_product_attention(q, k, v, None, 0., False), 1)
    h = torch.view(self.linear(h, w, "to_out.0"), sizes)
    return torch.add_(torch.permute(h, [0, 3, 1, 2]), x)

  # Downsample2D with padding at right and bottom: [n, c, h, w] to half the height and width.
  def vae_downsample(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int) -> Tensor:
    return self.convolution(torch.constant_pad_nd(x, [0, 1, 0, 1], 0), w, "conv", 2, 0)

  # Upsample2D: [n, c, h, w] to twice the height and width.
  def vae_upsample(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int) -> Tensor:
    return self.enlarged(x, w, "conv")

  # [n, 3, height, width], float32, row-major.
  def vae_decoder_out(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int) -> Tensor:
    x = torch.silu_(self.group_norm(x, w, "decoder.conv_norm_out", groups, 1.e-6))
    return torch.contiguous(torch.to(self.convolution(x, w, "decoder.conv_out", 1, 1), 6))

  # Moments [n, 8, h, w], float32, row-major.
  def vae_encoder_out(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int) -> Tensor:
    x = torch.silu_(self.group_norm(x, w, "encoder.conv_norm_out", groups, 1.e-6))
    x = self.convolution(x, w, "encoder.conv_out", 1, 1)
    if "quant_conv.bias" in w:
      x = self.convolution(x, w, "quant_conv", 1, 0)
    return torch.contiguous(torch.to(x, 6))

  # diffusers: DiagonalGaussianDistribution.sample, with noise [n, 4, h, w] of the caller's.
  def vae_sample(self: __torch__.Kernels, moments: Tensor, noise: Tensor) -> Tensor:
    mean, logvar = torch.chunk(moments, 2, 1)
    return mean + torch.exp(0.5 * torch.clamp(logvar, -30., 20.)) * noise

  # diffusers: DiagonalGaussianDistribution.mode.
  def vae_mode(self: __torch__.Kernels, moments: Tensor) -> Tensor:
    mean, logvar = torch.chunk(moments, 2, 1)
    return mean

  # Numbers for each channel, [1, c, 1, 1].
  def vae_channels(self: __torch__.Kernels, values: List[float], like: Tensor) -> Tensor:
    return torch.view(torch.tensor(values, dtype=6, device=ops.prim.device(like)), [1, -1, 1, 1])

  # Latents as the UNet takes them: scaling_factor, and latents_mean and latents_std where a model has them.
  def vae_scaled(self: __torch__.Kernels, z: Tensor, factor: float, mean: List[float], std: List[float]) -> Tensor:
    if len(mean) == 0:
      return z * factor
    return (z - self.vae_channels(mean, z)) * factor / self.vae_channels(std, z)

  # The other way.
  def vae_unscaled(self: __torch__.Kernels, z: Tensor, factor: float, mean: List[float], std: List[float]) -> Tensor:
    if len(mean) == 0:
      return z / factor
    return z * self.vae_channels(std, z) / factor + self.vae_channels(mean, z)

  # A picture as bytes, rounded as diffusers rounds; what is no number becomes black.
  def vae_rgb8(self: __torch__.Kernels, x: Tensor) -> Tensor:
    x = torch.clamp(torch.nan_to_num(x * 0.5 + 0.5), 0., 1.)
    return torch.contiguous(torch.permute(torch.to(torch.round(x * 255.), 0), [0, 2, 3, 1]))

  # Latents for a preview, by the mean of the places that each new one covers.
  def vae_reduced(self: __torch__.Kernels, z: Tensor, height: int, width: int) -> Tensor:
    return torch.adaptive_avg_pool2d(z, [height, width])

  # Zeros on the device of `like`.
  def vae_blank(self: __torch__.Kernels, like: Tensor, sizes: List[int], dtype: int) -> Tensor:
    return torch.zeros(sizes, dtype=dtype, layout=None, device=ops.prim.device(like))

  # A part of x [n, c, h, w], without a copy.
  def vae_window(self: __torch__.Kernels, x: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    return torch.slice(torch.slice(x, 2, top, top + height), 3, left, left + width)

  # A copy of the last `extent` rows or columns of a tile.
  def vae_edge(self: __torch__.Kernels, tile: Tensor, dim: int, extent: int) -> Tensor:
    size = torch.size(tile, dim)
    return torch.clone(torch.slice(tile, dim, ops.prim.max(size - extent, 0), size))

  # diffusers: blend_v and blend_h. Writes over the first `extent` rows or columns of the tile.
  def vae_blend(self: __torch__.Kernels, before: Tensor, tile: Tensor, dim: int, extent: int) -> Tensor:
    size = torch.size(before, dim)
    n = ops.prim.min(ops.prim.min(size, torch.size(tile, dim)), extent)
    shape = [1, 1, 1, 1]
    shape[dim] = n
    ramp = torch.view(torch.arange(n, dtype=7, layout=None, device=ops.prim.device(tile)) / n, shape)
    head = torch.slice(tile, dim, 0, n)
    mixed = torch.slice(before, dim, size - n, size) * torch.to(1. - ramp, 6) + head * torch.to(ramp, 6)
    x = torch.copy_(head, mixed)
    return tile

  # Writes a tile to its place.
  def vae_place(self: __torch__.Kernels, out: Tensor, tile: Tensor, top: int, left: int) -> Tensor:
    window = self.vae_window(out, top, left, torch.size(tile, 2), torch.size(tile, 3))
    return torch.copy_(window, tile)

  # The same as bytes.
  def vae_place_rgb8(self: __torch__.Kernels, out: Tensor, tile: Tensor, top: int, left: int) -> Tensor:
    rows = torch.slice(out, 1, top, top + torch.size(tile, 2))
    return torch.copy_(torch.slice(rows, 2, left, left + torch.size(tile, 3)), self.vae_rgb8(tile))

  # rgb8 to [n, 3, height, width] from 0 to 1.
  def vae_control(self: __torch__.Kernels, samples: Tensor) -> Tensor:
    return torch.contiguous(torch.permute(torch.to(samples, 6) / 255., [0, 3, 1, 2]))

  # rgb8 to a picture.
  def vae_picture(self: __torch__.Kernels, samples: Tensor) -> Tensor:
    return self.vae_control(samples) * 2. - 1.

  # White to 1, black to 0 (diffusers: VaeImageProcessor with do_binarize).
  def vae_mask(self: __torch__.Kernels, samples: Tensor) -> Tensor:
    return torch.to(self.vae_control(samples) >= 0.5, 6)

  # EncoderTiny takes pictures from 0 to 1; [n, channels, height, width].
  def tiny_encoder_in(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, argument: int) -> Tensor:
    x = self.vae_in(x, w["conv.bias"])
    return self.convolution((x + 1.) / 2., w, "conv", 1, 1)

  # DecoderTiny holds latents [n, 4, h, w] within 3; [n, channels, h, w].
  def tiny_decoder_in(self: __torch__.Kernels, w: Dict[str, Tensor], z: Tensor, argument: int) -> Tensor:
    z = torch.tanh(self.vae_in(z, w["conv.bias"]) / 3.) * 3.
    return torch.relu_(self.convolution(z, w, "conv", 1, 1))

  # AutoencoderTinyBlock: [n, c, h, w] to the same.
  def tiny_block(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, argument: int) -> Tensor:
    h = torch.relu_(self.convolution(x, w, "conv.0", 1, 1))
    h = torch.relu_(self.convolution(h, w, "conv.2", 1, 1))
    return torch.relu_(torch.add_(self.convolution(h, w, "conv.4", 1, 1), x))

  # [n, c, h, w] to half the height and width.
  def tiny_downsample(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, argument: int) -> Tensor:
    return self.convolution(x, w, "conv", 2, 1)

  # [n, c, h, w] to `factor` times the height and width, nearest.
  def tiny_upsample(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, factor: int) -> Tensor:
    x = torch.upsample_nearest2d(x, [factor * torch.size(x, 2), factor * torch.size(x, 3)], None, None)
    return self.convolution(x, w, "conv", 1, 1)

  # Latents [n, 4, h, w], float32, row-major.
  def tiny_encoder_out(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, argument: int) -> Tensor:
    return torch.contiguous(torch.to(self.convolution(x, w, "conv", 1, 1), 6))

  # A picture, float32, row-major: DecoderTiny gives it from 0 to 1.
  def tiny_decoder_out(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, argument: int) -> Tensor:
    x = torch.to(self.convolution(x, w, "conv", 1, 1), 6)
    return torch.contiguous(x * 2. - 1.)

  # How strongly a tile of AutoencoderTiny counts along a side [length]; the first tile counts whole.
  def tiny_fade(self: __torch__.Kernels, length: int, begin: int, blend: int, like: Tensor) -> Tensor:
    fade = torch.arange(length, dtype=6, layout=None, device=ops.prim.device(like))
    if begin == 0:
      return torch.ones_like(fade)
    return torch.clamp(fade / float(ops.prim.max(blend - 1, 1)), 0., 1.)

  # diffusers: AutoencoderTiny._tiled_decode, over what earlier tiles left.
  def tiny_place(self: __torch__.Kernels, out: Tensor, tile: Tensor, top: int, left: int, blend: int) -> Tensor:
    rows = torch.size(tile, 2)
    columns = torch.size(tile, 3)
    mask = torch.unsqueeze(self.tiny_fade(rows, top, blend, tile), 1) * self.tiny_fade(columns, left, blend, tile)
    window = self.vae_window(out, top, left, rows, columns)
    return torch.copy_(window, mask * tile + (1. - mask) * window)
