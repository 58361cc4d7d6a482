  # CLIP's image encoder (transformers: CLIPVisionModelWithProjection) and what IP-Adapters make of its output.

  # Bytes [n, h, w, 3] to [n, 3, h, w], by CLIP's mean and standard deviation of each colour, [1, 3, 1, 1].
  def clip_pixels(self: __torch__.Kernels, samples: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    x = torch.permute(torch.to(samples, 6) * 0.00392156862745098, [0, 3, 1, 2])
    return torch.contiguous((x - mean) / deviation)

  # Pixels [n, 3, h, w] to [n, 1 + patches, width]: the class, then patches row by row.
  def clip_patches(self: __torch__.Kernels, w: Dict[str, Tensor], pixels: Tensor, patch: int, eps: float) -> Tensor:
    table = w["embeddings.position_embedding.weight"]
    x = self.convolution(torch.to(pixels, table), w, "embeddings.patch_embedding", patch, 0)
    x = torch.transpose(torch.flatten(x, 2), 1, 2)
    first = torch.expand(w["embeddings.class_embedding"], [torch.size(x, 0), 1, -1])
    return self.layer_norm(torch.cat([first, x], 1) + table, w, "pre_layrnorm", eps)

  # image_embeds [n, projection]: the state of the class, normed and projected.
  def clip_image_embeds(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], eps: float) -> Tensor:
    return self.linear(self.layer_norm(torch.select(x, 1, 0), w, "post_layernorm", eps), w, "visual_projection")

  # ImageProjection (diffusers): [n, projection] to [n, tokens, features].
  def image_projection(self: __torch__.Kernels, w: Dict[str, Tensor], embeds: Tensor, tokens: int) -> Tensor:
    x = self.linear(torch.to(embeds, w["norm.bias"]), w, "proj")
    x = torch.reshape(x, [torch.size(embeds, 0), tokens, -1])
    return self.layer_norm(x, w, "norm", 1.e-5)

  # IPAdapterPlusImageProjectionBlock: latents [n, queries, width] look at x [n, tokens, width] and at themselves; heads are 64 wide.
  def resampler_layer(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, latents: Tensor) -> Tensor:
    seen = self.layer_norm(latents, w, "0.norm2", 1.e-5)
    context = torch.cat([self.layer_norm(x, w, "0.norm1", 1.e-5), seen], 1)
    q = self.linear(seen, w, "0.to_q")
    k, v = torch.chunk(self.linear(context, w, "0.to_kv"), 2, 2)
    heads = torch.size(q, 2) // 64
    h = self.attend(self.split_heads(q, heads), self.split_heads(k, heads), self.split_heads(v, heads))
    latents = latents + self.linear(h, w, "0.to_out")
    h = torch.gelu(self.linear(self.layer_norm(latents, w, "1.0", 1.e-5), w, "1.1"))
    return latents + self.linear(h, w, "1.3")

  # IPAdapterPlusImageProjection before its layers: hidden states [n, tokens, width] to the layers' width.
  def resampler_in(self: __torch__.Kernels, w: Dict[str, Tensor], states: Tensor) -> Tensor:
    return self.linear(states, w, "proj_in")

  # What its layers begin with, for n pictures.
  def resampler_latents(self: __torch__.Kernels, w: Dict[str, Tensor], n: int) -> Tensor:
    return torch.contiguous(torch.expand(w["latents"], [n, -1, -1]))

  # Its end: latents to [n, queries, features].
  def resampler_out(self: __torch__.Kernels, w: Dict[str, Tensor], latents: Tensor) -> Tensor:
    return self.layer_norm(self.linear(latents, w, "proj_out"), w, "norm_out", 1.e-5)
