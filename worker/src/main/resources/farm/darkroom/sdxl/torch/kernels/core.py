  # What all models are made of. Kernels are the methods of one TorchScript class without state (docs/adr/001); every argument is typed.
  #
  # Types are c10::ScalarType's numbers: 0 uint8, 1 int8, 3 int32, 5 float16, 6 float32, 7 float64, 15 bfloat16. memory_format=0 is
  # row-major, 2 channels last. `w` holds the weights of one block by their names in the checkpoint, as `materialise` or `sent` laid them
  # out; `name` is the layer in it. Pictures and latents are [n, c, h, w], channels last in memory but for a UNet's in float32 on a CPU
  # (docs/adr/019); tokens are [n, tokens, width]. An operator whose name ends in _ writes over its first argument: only what the kernel made
  # itself is written over, or what its caller hands over for good.

  # sum of coefficients[i] * tensors[i], in that order: the order of additions decides the last bits.
  def linear_combination(self: __torch__.Kernels, tensors: List[Tensor], coefficients: List[float]) -> Tensor:
    total = tensors[0] * coefficients[0]
    for i in range(1, len(tensors)):
      total = torch.add(total, tensors[i], alpha=coefficients[i])
    return total

  # Tensors side by side along a dimension.
  def joined(self: __torch__.Kernels, tensors: List[Tensor], dim: int) -> Tensor:
    return torch.cat(tensors, dim)

  # x in another type; itself where it has it.
  def cast(self: __torch__.Kernels, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)

  # x [..., in] by the layer's weight [out, in], with its bias if it has one.
  def linear(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
    bias = annotate(Optional[Tensor], None)
    if (name + ".bias") in w:
      bias = w[name + ".bias"]
    key = name + ".weight"
    if (key + ".scale") in w:
      y = self.rounded_product(x, w[key], w[key + ".scale"], w[key + ".zero"], bias)
    else:
      y = self.product(x, w[key], bias)
    return y

  # Whether the layer's weight is plain, so that a part of it is had without a copy: not packed, not in int8.
  def can_cut(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str) -> bool:
    weight = w[name + ".weight"]
    plain = ops.prim.is_cpu(x) and ops.prim.dtype(x) == 6
    whole = not ((name + ".weight.scale") in w or (name + ".weight.gate") in w)
    return plain and whole and not ops.prim.is_mkldnn(weight)

  # The outputs first to end of a layer that can be cut.
  def cut_linear(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, first: int, end: int) -> Tensor:
    bias = annotate(Optional[Tensor], None)
    if (name + ".bias") in w:
      bias = torch.slice(w[name + ".bias"], 0, first, end)
    return torch.linear(x, torch.slice(w[name + ".weight"], 0, first, end), bias)

  # The outputs of a layer that was joined of three (queries, keys, values), each [n, tokens, out / 3]. Three products are the faster ones
  # of a large plain weight, one of a small one.
  def thirds(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str) -> Tuple[Tensor, Tensor, Tensor]:
    if self.can_cut(x, w, name) and torch.numel(w[name + ".weight"]) >= 196608:
      n = torch.size(w[name + ".weight"], 0) // 3
      a = self.cut_linear(x, w, name, 0, n)
      b = self.cut_linear(x, w, name, n, 2 * n)
      c = self.cut_linear(x, w, name, 2 * n, 3 * n)
    else:
      a, b, c = torch.chunk(self.linear(x, w, name), 3, 2)
    return (a, b, c)

  # GEGLU without oneDNN: values * gelu(gates); bias [2 * out], values before gates.
  def plain_gated_product(self: __torch__.Kernels, x: Tensor, w: Tensor, gate: Tensor, bias: Tensor) -> Tensor:
    n = torch.size(bias, 0) // 2
    g = torch.gelu_(torch.linear(x, gate, torch.slice(bias, 0, n)))
    return torch.mul_(g, torch.linear(x, w, torch.slice(bias, 0, 0, n)))

  # x by the layer's weight [out, in, kh, kw]; in tiles where `materialise` transformed it (winograd.py).
  def convolution(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, stride: int, padding: int) -> Tensor:
    bias = annotate(Optional[Tensor], None)
    if (name + ".bias") in w:
      bias = w[name + ".bias"]
    size = self.tile_size(w, name)
    if size > 0:
      y = self.winograd(x, w, name, size)
    elif self.is_pointwise(x, w[name + ".weight"], stride, padding):
      taps = torch.flatten(w[name + ".weight"], 1)
      y = torch.permute(torch.linear(torch.permute(x, [0, 2, 3, 1]), taps, bias), [0, 3, 1, 2])
    elif (name + ".weight.packed") in w and not self.is_small(x):
      y = self.convolved(x, w[name + ".weight.packed"], bias, stride, padding)
    else:
      y = self.convolved(x, w[name + ".weight"], bias, stride, padding)
    return y

  # Whether libtorch, and so diffusers, convolves x without oneDNN, which would round otherwise: one picture of up to 20480 numbers.
  def is_small(self: __torch__.Kernels, x: Tensor) -> bool:
    return torch.size(x, 0) == 1 and torch.numel(x) <= 20480

  # Whether a convolution is a product of pixels, so that it has the same bits on any number of threads; row-major ones stay as diffusers
  # computes them.
  def is_pointwise(self: __torch__.Kernels, x: Tensor, weight: Tensor, stride: int, padding: int) -> bool:
    plain = ops.prim.is_cpu(x) and ops.prim.dtype(x) == 6 and torch.is_contiguous(x, memory_format=2)
    return plain and stride == 1 and padding == 0 and torch.size(weight, 2) * torch.size(weight, 3) == 1

  # x [n, c, h, w]; eps is added to the variance.
  def group_norm(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, groups: int, eps: float) -> Tensor:
    return torch.group_norm(x, groups, w[name + ".weight"], w[name + ".bias"], eps)

  # Over the last dimension.
  def layer_norm(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, eps: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], w[name + ".weight"], w[name + ".bias"], eps)
