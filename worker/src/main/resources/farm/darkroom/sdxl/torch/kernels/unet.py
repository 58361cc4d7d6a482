  # UNet2DConditionModel and ControlNetModel (diffusers), a kernel for each block. x is [n, c, h, w] in compute type, in the format
  # that conv_in chose.

  # diffusers: get_timestep_embedding. values [n] to [n, width]; `flip` puts cosines first, `shift` is downscale_freq_shift, 9.21 is ln
  # 10000.
  def sinusoidal(self: __torch__.Kernels, values: Tensor, width: int, flip: bool, shift: float) -> Tensor:
    half = width // 2
    steps = torch.arange(0, half, dtype=6, layout=None, device=ops.prim.device(values))
    frequencies = torch.exp(steps * -9.210340371976184 / (half - shift))
    angles = torch.unsqueeze(torch.to(values, 6), 1) * torch.unsqueeze(frequencies, 0)
    halves = [torch.sin(angles), torch.cos(angles)]
    if flip:
      halves = [torch.cos(angles), torch.sin(angles)]
    embedding = torch.cat(halves, 1)
    if width % 2 == 1:
      embedding = torch.constant_pad_nd(embedding, [0, 1])
    return embedding

  # TimestepEmbedding.
  def timestep_mlp(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    return self.linear(torch.silu_(self.linear(x, w, "linear_1")), w, "linear_2")

  # [batch, width of the embedding]; `condition` is empty, or holds the guidance embedding of a distilled model.
  def time_embedding(self: __torch__.Kernels, w: Dict[str, Tensor], batch: int, timestep: float, condition: List[Tensor], width: int, flip: bool, shift: float) -> Tensor:
    bias = w["linear_1.bias"]
    t = torch.full([batch], timestep, dtype=6, layout=None, device=ops.prim.device(bias))
    x = torch.to(self.sinusoidal(t, width, flip, shift), bias)
    if len(condition) > 0:
      x = x + self.linear(torch.to(condition[0], bias), w, "cond_proj")
    return self.timestep_mlp(x, w)

  # What text_embeds [n, pooled] and time_ids [n, ids] add to the time embedding.
  def add_embedding(self: __torch__.Kernels, w: Dict[str, Tensor], text_embeds: Tensor, time_ids: Tensor, width: int, flip: bool, shift: float) -> Tensor:
    ids = self.sinusoidal(torch.flatten(time_ids), width, flip, shift)
    ids = torch.reshape(ids, [torch.size(text_embeds, 0), -1])
    x = torch.cat([torch.to(text_embeds, 6), ids], 1)
    return self.timestep_mlp(torch.to(x, w["linear_1.bias"]), w)

  # The time embedding as resnet blocks take it.
  def activated_sum(self: __torch__.Kernels, a: Tensor, b: Tensor) -> Tensor:
    return torch.silu_(a + b)

  # sample [n, c, h, w], float32, to the first block's channels. The format chosen here is that of all blocks up to the first tiles: in float32
  # on a CPU row-major, where oneDNN adds up a convolution's products in short sums (ADR 019).
  def conv_in(self: __torch__.Kernels, w: Dict[str, Tensor], sample: Tensor, padding: int) -> Tensor:
    x = torch.to(sample, w["conv_in.bias"])
    if ops.prim.is_cpu(x) and ops.prim.dtype(x) == 6:
      x = torch.contiguous(x)
    else:
      x = torch.contiguous(x, memory_format=2)
    return self.convolution(x, w, "conv_in", 1, padding)

  # The prediction, float32, row-major.
  def conv_out(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int, eps: float, padding: int) -> Tensor:
    x = torch.silu_(self.group_norm(x, w, "conv_norm_out", groups, eps))
    return torch.contiguous(torch.to(self.convolution(x, w, "conv_out", 1, padding), 6))

  # ResnetBlock2D; temb [n, embedding] is activated already.
  def resnet_block(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, temb: Tensor, groups: int, eps: float) -> Tensor:
    h = torch.silu_(self.group_norm(x, w, "norm1", groups, eps))
    h = self.convolution(h, w, "conv1", 1, 1)
    t = self.linear(temb, w, "time_emb_proj")
    h = torch.add_(h, torch.unsqueeze(torch.unsqueeze(t, 2), 3))
    h = torch.silu_(self.group_norm(h, w, "norm2", groups, eps))
    h = self.convolution(h, w, "conv2", 1, 1)
    if "conv_shortcut.bias" in w:
      x = self.convolution(x, w, "conv_shortcut", 1, 0)
    return torch.add_(h, x)

  # Downsample2D.
  def downsample(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor) -> Tensor:
    return self.convolution(x, w, "conv", 2, 1)

  # Upsample2D, to the height and width of `like`.
  def upsample_to(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, like: Tensor) -> Tensor:
    x = torch.upsample_nearest2d(x, [torch.size(like, 2), torch.size(like, 3)], None, None)
    return self.convolution(x, w, "conv", 1, 1)

  # diffusers: apply_freeu, and then the channels of both. Half of x's channels are scaled, over x itself, which may be the skip (a UNet without
  # a mid block); of the skip the frequencies 0 and -1 in both directions (fourier_filter, threshold 1).
  def freed_(self: __torch__.Kernels, x: Tensor, skip: Tensor, backbone: float, low: float) -> Tensor:
    scaled = torch.mul_(torch.slice(x, 1, 0, torch.size(x, 1) // 2), backbone)
    return torch.cat([x, self.low_frequencies_scaled(skip, low)], 1)

  # x [n, c, h, w] in its own type and memory format. Of its spectrum four frequencies change: 0 and -1 along both sides. So what is added is
  # their part of x: its products with their cosines and sines, times these.
  def low_frequencies_scaled(self: __torch__.Kernels, x: Tensor, factor: float) -> Tensor:
    waves = self.lowest_waves(x)
    of_all = torch.expand(waves, [torch.size(x, 0), -1, -1])
    t = torch.to(self.tokens(x), 6)
    parts = torch.bmm(of_all, t)
    y = torch.baddbmm(t, torch.transpose(of_all, 1, 2), parts, beta=1, alpha=(factor - 1.) / torch.size(t, 1))
    return torch.copy_(torch.empty_like(x), self.pixels(y, x))

  # The cosines and sines of the frequencies 0 and -1 along both sides of x [n, c, h, w]: [8, h * w], fewer where a side is 1.
  def lowest_waves(self: __torch__.Kernels, x: Tensor) -> Tensor:
    down = torch.view(self.lowest_phases(torch.size(x, 2), x), [-1, 1, torch.size(x, 2), 1])
    across = torch.view(self.lowest_phases(torch.size(x, 3), x), [1, -1, 1, torch.size(x, 3)])
    phases = torch.reshape(torch.add(down, across), [-1, torch.size(x, 2) * torch.size(x, 3)])
    return torch.cat([torch.cos(phases), torch.sin(phases)], 0)

  # The phases of the frequencies 0 and 1 over `size` pixels [2, size], or of 0 over one pixel.
  def lowest_phases(self: __torch__.Kernels, size: int, like: Tensor) -> Tensor:
    pixels = torch.arange(size, dtype=6, layout=None, device=ops.prim.device(like))
    waves = torch.arange(ops.prim.min(size, 2), dtype=6, layout=None, device=ops.prim.device(like))
    return torch.mul(torch.outer(waves, pixels), 6.283185307179586 / size)

  # [n, c, h, w] to [n, h * w, c].
  def tokens(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.flatten(torch.permute(x, [0, 2, 3, 1]), 1, 2)

  # The other way, to the height and width of `like`.
  def pixels(self: __torch__.Kernels, x: Tensor, like: Tensor) -> Tensor:
    sizes = [torch.size(x, 0), torch.size(like, 2), torch.size(like, 3), torch.size(x, 2)]
    return torch.permute(torch.reshape(x, sizes), [0, 3, 1, 2])

  # The beginning of Transformer2DModel: [n, c, h, w] to [n, h * w, inner].
  def transformer_in(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, groups: int, linear: bool) -> Tensor:
    h = self.group_norm(x, w, "norm", groups, 1.e-6)
    if linear:
      return self.linear(self.tokens(h), w, "proj_in")
    return self.tokens(self.convolution(h, w, "proj_in", 1, 0))

  # Its end: [n, h * w, inner] to [n, c, h, w], added to `residual`.
  def transformer_out(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, residual: Tensor, linear: bool) -> Tensor:
    if linear:
      x = self.pixels(self.linear(x, w, "proj_out"), residual)
    else:
      x = self.convolution(self.pixels(x, residual), w, "proj_out", 1, 0)
    return torch.add(residual, x)

  # [n, tokens, width] to [n, heads, tokens, width / heads].
  def split_heads(self: __torch__.Kernels, x: Tensor, heads: int) -> Tensor:
    sizes = [torch.size(x, 0), torch.size(x, 1), heads, torch.size(x, 2) // heads]
    return torch.transpose(torch.view(x, sizes), 1, 2)

  # q, k, v [n, heads, tokens, head] to [n, tokens, width].
  def attend(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    attended = torch.scaled_dot_product_attention(q, k, v, None, 0., False)
    return torch.flatten(torch.transpose(attended, 1, 2), 2, 3)

  # Keys and values of the text for cross attention, for all layers of a Transformer2DModel: they stay the same over the steps of a job.
  def text_keys_values(self: __torch__.Kernels, w: Dict[str, Tensor], text: Tensor, like: Tensor, layers: int, heads: int) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    text = torch.to(text, like)
    for i in range(layers):
      name = "transformer_blocks." + str(i) + ".attn2."
      out[str(i) + ".k"] = torch.contiguous(self.split_heads(self.linear(text, w, name + "to_k"), heads))
      out[str(i) + ".v"] = torch.contiguous(self.split_heads(self.linear(text, w, name + "to_v"), heads))
    return out

  # The same of the tokens [n, tokens, features] that an IP-Adapter makes of its pictures, beside what `text` has; `adapter` is how many were
  # added before. What the adapter adds to the attention is linear in the values, so they bear its scale. `mask` is empty, or holds
  # mask_at_queries.
  def picture_keys_values(self: __torch__.Kernels, w: Dict[str, Tensor], text: Dict[str, Tensor], picture: Tensor, layers: int, heads: int, adapter: int, scale: float, mask: List[Tensor]) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    for key in text.keys():
      out[key] = text[key]
    picture = torch.to(picture, text["0.k"])
    if len(mask) > 0:
      out["mask." + str(adapter)] = torch.contiguous(torch.expand(torch.to(mask[0], picture), [torch.size(picture, 0), -1, -1]))
    for i in range(layers):
      name = "transformer_blocks." + str(i) + ".attn2."
      key = str(i) + "." + str(adapter)
      out[key + ".k"] = torch.contiguous(self.split_heads(self.linear(picture, w, name + "to_k_ip"), heads))
      out[key + ".v"] = torch.contiguous(self.split_heads(self.linear(picture, w, name + "to_v_ip"), heads)) * scale
    return out

  # A mask [1, 1, h, w] at an attention's queries, [1, queries, 1], taken to be `height` by `width`; the queries that are left see nothing.
  def mask_at_queries(self: __torch__.Kernels, mask: Tensor, queries: int, height: int, width: int) -> Tensor:
    x = torch.flatten(torch.upsample_bicubic2d(mask, [height, width], False, None, None))
    return torch.reshape(torch.constant_pad_nd(x, [0, queries - height * width]), [1, queries, 1])

  # Row by row whether any value of the text is not zero: [n].
  def has_values(self: __torch__.Kernels, text: Dict[str, Tensor], layers: int) -> Tensor:
    found = annotate(List[Tensor], [])
    for i in range(layers):
      found = torch.append(found, torch.any(torch.ne(torch.flatten(text[str(i) + ".v"], 1), 0), 1))
    return torch.any(torch.stack(found, 0), 0)

  # Rows `first` to `end` of every `period` of x's rows: a view of one period, a copy of several.
  def of_each(self: __torch__.Kernels, x: Tensor, first: int, end: int, period: int) -> Tensor:
    if end - first == torch.size(x, 0):
      return x
    if period == torch.size(x, 0):
      return torch.narrow(x, 0, first, end - first)
    return torch.flatten(torch.narrow(torch.unflatten(x, 0, [-1, period]), 1, first, end - first), 0, 1)

  # Cross attention of x [n, tokens, width], which it is added to. Of every `period` of rows only those from `first` to `end` have values that
  # are not zero: to others the last layer's bias is added.
  def add_cross_attention(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], text: Dict[str, Tensor], layer: str, heads: int, pictures: int, first: int, end: int, period: int) -> Tensor:
    jobs = torch.unflatten(x, 0, [-1, period])
    if first > 0:
      torch.add_(torch.narrow(jobs, 1, 0, first), w["attn2.to_out.0.bias"])
    if end < period:
      torch.add_(torch.narrow(jobs, 1, end, period - end), w["attn2.to_out.0.bias"])
    part = self.of_each(x, first, end, period)
    q = self.split_heads(self.linear(self.layer_norm(part, w, "norm2", 1.e-5), w, "attn2.to_q"), heads)
    h = self.attend(q, self.of_each(text[layer + ".k"], first, end, period), self.of_each(text[layer + ".v"], first, end, period))
    h = self.with_pictures(h, q, text, layer, pictures)
    h = self.linear(h, w, "attn2.to_out.0")
    torch.add_(torch.narrow(jobs, 1, first, end - first), torch.unflatten(h, 0, [-1, end - first]))
    return x

  # h with the cross attention of q to each picture where its mask lets it be seen.
  def with_pictures(self: __torch__.Kernels, h: Tensor, q: Tensor, text: Dict[str, Tensor], layer: str, pictures: int) -> Tensor:
    for i in range(pictures):
      key = layer + "." + str(i)
      seen = self.attend(q, text[key + ".k"], text[key + ".v"])
      mask = "mask." + str(i)
      if mask in text:
        seen = seen * text[mask]
      h = h + seen
    return h

  # Self attention, [n, tokens, width] all.
  def self_attend(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
    return self.attend(self.split_heads(q, heads), self.split_heads(k, heads), self.split_heads(v, heads))

  # The same row by row: in those that are `perturbed` each token sees itself alone, which leaves its value.
  def perturbed_self_attend(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, heads: int, perturbed: List[int]) -> Tensor:
    rows = annotate(List[Tensor], [])
    for i in range(torch.size(v, 0)):
      row = torch.narrow(v, 0, i, 1)
      if not (i in perturbed):
        row = self.self_attend(torch.narrow(q, 0, i, 1), torch.narrow(k, 0, i, 1), row, heads)
      rows = torch.append(rows, row)
    return torch.cat(rows)

  # BasicTransformerBlock; x is [n, tokens, width]. The feed-forward goes through some rows at a time: what is between its layers then
  # fits into a cache, and a GPU's memory is not filled by it.
  def transformer_block(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, text: Dict[str, Tensor], layer: str, heads: int, pictures: int, first: int, end: int, period: int, perturbed: List[int]) -> Tensor:
    q, k, v = self.thirds(self.layer_norm(x, w, "norm1", 1.e-5), w, "attn1.qkv")
    if len(perturbed) == 0:
      h = self.self_attend(q, k, v, heads)
    else:
      h = self.perturbed_self_attend(q, k, v, heads, perturbed)
    x = torch.add_(self.linear(h, w, "attn1.to_out.0"), x)
    x = self.add_cross_attention(x, w, text, layer, heads, pictures, first, end, period)
    rows = torch.flatten(x, 0, 1)
    cut = self.can_cut(x, w, "ff.net.0.proj")
    most = 4096
    if cut:
      most = 2048
    elif ops.prim.is_cpu(x):
      most = 512
    for i in range((torch.size(rows, 0) + most - 1) // most):
      part = torch.slice(rows, 0, i * most, i * most + most)
      if cut:
        part = self.add_feed_forward(part, w)
      else:
        part = torch.add_(part, self.feed_forward(part, w))
    return x

  # FeedForward with GEGLU, rows [tokens, width].
  def feed_forward(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    y = self.layer_norm(x, w, "norm3", 1.e-5)
    if "ff.net.0.proj.weight.gate" in w:
      h = self.gated_product(y, w["ff.net.0.proj.weight"], w["ff.net.0.proj.weight.gate"], w["ff.net.0.proj.bias"])
    else:
      h, gate = torch.chunk(self.linear(y, w, "ff.net.0.proj"), 2, 1)
      h = torch.mul_(torch.gelu(gate), h)
    return self.linear(h, w, "ff.net.2")

  # The same added to x in its place, 1280 of its inner channels at a time, for a weight that can be cut.
  def add_feed_forward(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    y = self.layer_norm(x, w, "norm3", 1.e-5)
    x = torch.add_(x, w["ff.net.2.bias"])
    back = torch.t(w["ff.net.2.weight"])
    inner = torch.size(back, 0)
    for i in range((inner + 1279) // 1280):
      first = i * 1280
      end = ops.prim.min(inner, first + 1280)
      h = self.cut_linear(y, w, "ff.net.0.proj", first, end)
      gate = torch.gelu_(self.cut_linear(y, w, "ff.net.0.proj", inner + first, inner + end))
      h = torch.mul_(h, gate)
      x = torch.addmm_(x, h, torch.slice(back, 0, first, end))
    return x

  # What a ControlNet adds to the output of a block, or a T2I-Adapter, which is [1 or n, c, h, w].
  def add_residual(self: __torch__.Kernels, x: Tensor, residual: Tensor) -> Tensor:
    return x + torch.to(residual, x)

  # ControlNetConditioningEmbedding; image [n, 3, height, width] from 0 to 1, halved `halvings` times.
  def control_image(self: __torch__.Kernels, w: Dict[str, Tensor], image: Tensor, halvings: int, bgr: bool) -> Tensor:
    if bgr:
      image = torch.flip(image, [1])
    x = torch.contiguous(torch.to(image, w["conv_in.bias"]), memory_format=2)
    x = torch.silu_(self.convolution(x, w, "conv_in", 1, 1))
    for i in range(halvings):
      x = torch.silu_(self.convolution(x, w, "blocks." + str(2 * i), 1, 1))
      x = torch.silu_(self.convolution(x, w, "blocks." + str(2 * i + 1), 2, 1))
    return self.convolution(x, w, "conv_out", 1, 1)

  # ControlNetUnionModel: `embedding` [n, width] with that of the control types `modes`, each of 0 to `types` - 1, added.
  def with_control_types(self: __torch__.Kernels, w: Dict[str, Tensor], embedding: Tensor, modes: List[int], types: int, width: int, flip: bool, shift: float) -> Tensor:
    some = torch.zeros([types], dtype=6, layout=None, device=ops.prim.device(embedding))
    for i in range(len(modes)):
      chosen = torch.fill_(torch.select(some, 0, modes[i]), 1)
    values = torch.reshape(self.sinusoidal(some, width, flip, shift), [1, -1])
    return embedding + self.timestep_mlp(torch.to(values, embedding), w)

  # x [n, c, h, w] with the features [1 or n, c, h, w] of control pictures added, each times its scale, which are shifted by what the layers
  # make of the means of all.
  def fused_control(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, pictures: List[Tensor], modes: List[int], scales: List[float], heads: int, layers: int) -> Tensor:
    latents = torch.mean(x, [2, 3])
    means = annotate(List[Tensor], [])
    for i in range(len(pictures)):
      seen = torch.mean(pictures[i], [2, 3]) + torch.select(w["task_embedding"], 0, modes[i])
      means = torch.append(means, torch.expand_as(seen * scales[i], latents))
    tokens = torch.stack(torch.append(means, latents), 1)
    for i in range(layers):
      tokens = self.fusion_layer(tokens, w, "transformer_layes." + str(i) + ".", heads)
    control = torch.zeros_like(x)
    for i in range(len(pictures)):
      shift = self.linear(torch.select(tokens, 1, i), w, "spatial_ch_projs") * scales[i]
      control = torch.add_(control, pictures[i] * scales[i] + torch.unsqueeze(torch.unsqueeze(shift, 2), 3))
    return x + control

  # ResidualAttentionBlock. x is [n, tokens, width], but its MultiheadAttention takes the first dimension for that of the tokens: each token
  # attends to the same one of the other rows.
  def fusion_layer(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, heads: int) -> Tensor:
    y = torch.transpose(self.layer_norm(x, w, name + "ln_1", 1e-05), 0, 1)
    q, k, v = torch.chunk(self.linear(y, w, name + "attn.in_proj"), 3, 2)
    q = self.split_heads(torch.contiguous(q), heads)
    k = self.split_heads(torch.contiguous(k), heads)
    y = self.attend(q, k, self.split_heads(torch.contiguous(v), heads))
    x = x + torch.transpose(self.linear(y, w, name + "attn.out_proj"), 0, 1)
    y = self.linear(self.layer_norm(x, w, name + "ln_2", 1e-05), w, name + "mlp.c_fc")
    return x + self.linear(y * torch.sigmoid(y * 1.702), w, name + "mlp.c_proj")

  # What a ControlNet adds to each skip connection and, last, to the middle block, times its scale.
  def control_residuals(self: __torch__.Kernels, w: Dict[str, Tensor], outputs: List[Tensor], scales: List[float], pool: bool) -> List[Tensor]:
    residuals = annotate(List[Tensor], [])
    last = len(outputs) - 1
    for i in range(len(outputs)):
      name = "controlnet_down_blocks." + str(i)
      if i == last:
        name = "controlnet_mid_block"
      y = torch.mul_(self.convolution(outputs[i], w, name, 1, 0), scales[i])
      if pool:
        y = torch.mean(y, [2, 3], True)
      residuals = torch.append(residuals, y)
    return residuals

  # The residuals of two ControlNets.
  def pairwise_sums(self: __torch__.Kernels, a: List[Tensor], b: List[Tensor]) -> List[Tensor]:
    sums = annotate(List[Tensor], [])
    for i in range(len(a)):
      sums = torch.append(sums, a[i] + b[i])
    return sums

  # Residuals of the conditional half for both halves: the negative one, which comes first, gets zeros.
  def after_zeros(self: __torch__.Kernels, residuals: List[Tensor]) -> List[Tensor]:
    padded = annotate(List[Tensor], [])
    for i in range(len(residuals)):
      padded = torch.append(padded, torch.cat([torch.zeros_like(residuals[i]), residuals[i]], 0))
    return padded

  # T2I-Adapters: a picture [1, c, height, width] to [1, c * factor ** 2, height / factor, width / factor].
  def pixels_unshuffled(self: __torch__.Kernels, image: Tensor, factor: int) -> Tensor:
    return torch.pixel_unshuffle(image, factor)

  # AdapterBlock, halved first where it is `down`.
  def adapter_block(self: __torch__.Kernels, w: Dict[str, Tensor], x: Tensor, layers: int, down: bool) -> Tensor:
    if down:
      x = torch.avg_pool2d(x, [2, 2], [2, 2], [0, 0], True, True, None)
    if "in_conv.bias" in w:
      x = self.convolution(x, w, "in_conv", 1, 0)
    for i in range(layers):
      name = "resnets." + str(i)
      h = torch.relu_(self.convolution(x, w, name + ".block1", 1, 1))
      x = torch.add_(self.convolution(h, w, name + ".block2", 1, 0), x)
    return x

  # The features of a T2I-Adapter, times its scale.
  def scaled_features(self: __torch__.Kernels, features: List[Tensor], scale: float) -> List[Tensor]:
    scaled = annotate(List[Tensor], [])
    for i in range(len(features)):
      scaled = torch.append(scaled, features[i] * scale)
    return scaled
