  def linear_combination(self: __torch__.Kernels, tensors: List[Tensor], coefficients: List[float]) -> Tensor:
    total = tensors[0] * coefficients[0]
    for i in range(1, len(tensors)):
      total = torch.add(total, tensors[i], alpha=coefficients[i])
    return total
  def joined(self: __torch__.Kernels, tensors: List[Tensor], dim: int) -> Tensor:
    return torch.cat(tensors, dim)
  def cast(self: __torch__.Kernels, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)
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
  def can_cut(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str) -> bool:
    weight = w[name + ".weight"]
    plain = ops.prim.is_cpu(x) and ops.prim.dtype(x) == 6
    whole = not ((name + ".weight.scale") in w or (name + ".weight.gate") in w)
    return plain and whole and not ops.prim.is_mkldnn(weight)
  def cut_linear(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, first: int, end: int) -> Tensor:
    bias = annotate(Optional[Tensor], None)
    if (name + ".bias") in w:
      bias = torch.slice(w[name + ".bias"], 0, first, end)
    return torch.linear(x, torch.slice(w[name + ".weight"], 0, first, end), bias)
  def thirds(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str) -> Tuple[Tensor, Tensor, Tensor]:
    if self.can_cut(x, w, name):
      n = torch.size(w[name + ".weight"], 0) // 3
      a = self.cut_linear(x, w, name, 0, n)
      b = self.cut_linear(x, w, name, n, 2 * n)
      c = self.cut_linear(x, w, name, 2 * n, 3 * n)
    else:
      a, b, c = torch.chunk(self.linear(x, w, name), 3, 2)
    return (a, b, c)
  def plain_gated_product(self: __torch__.Kernels, x: Tensor, w: Tensor, gate: Tensor, bias: Tensor) -> Tensor:
    n = torch.size(bias, 0) // 2
    g = torch.gelu_(torch.linear(x, gate, torch.slice(bias, 0, n)))
    return torch.mul_(g, torch.linear(x, w, torch.slice(bias, 0, 0, n)))
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
    else:
      y = self.convolved(x, w[name + ".weight"], bias, stride, padding)
    return y
  def is_pointwise(self: __torch__.Kernels, x: Tensor, weight: Tensor, stride: int, padding: int) -> bool:
    plain = ops.prim.is_cpu(x) and ops.prim.dtype(x) == 6 and torch.is_contiguous(x, memory_format=2)
    return plain and stride == 1 and padding == 0 and torch.size(weight, 2) * torch.size(weight, 3) == 1
  def group_norm(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, groups: int, eps: float) -> Tensor:
    return torch.group_norm(x, groups, w[name + ".weight"], w[name + ".bias"], eps)
  def layer_norm(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, eps: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], w[name + ".weight"], w[name + ".bias"], eps)
