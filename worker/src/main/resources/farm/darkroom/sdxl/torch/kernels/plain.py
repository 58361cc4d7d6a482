  # Products by libtorch's own operators, on GPUs and where libtorch has no oneDNN. The same names as in packed.py, which says what they
  # do.

  def packed(self: __torch__.Kernels, w: Tensor) -> Tensor:
    return w

  def product(self: __torch__.Kernels, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    return torch.linear(x, w, bias)

  def gated_product(self: __torch__.Kernels, x: Tensor, w: Tensor, gate: Tensor, bias: Tensor) -> Tensor:
    return self.plain_gated_product(x, w, gate, bias)

  def packed_convolution(self: __torch__.Kernels, w: Tensor) -> Tensor:
    return torch.contiguous(w, memory_format=2)

  def convolved(self: __torch__.Kernels, x: Tensor, w: Tensor, bias: Optional[Tensor], stride: int, padding: int) -> Tensor:
    return torch.conv2d(x, w, bias, [stride, stride], [padding, padding])

  def rounded(self: __torch__.Kernels, w: Tensor) -> Tensor:
    return w

  # Nothing is packed.
  def packed_beside(self: __torch__.Kernels, out: Dict[str, Tensor], key: str, w: Tensor) -> Dict[str, Tensor]:
    return out

  # The weight is widened first: exact, and slower than in float32.
  def rounded_product(self: __torch__.Kernels, x: Tensor, w: Tensor, scale: Tensor, zero: Tensor, bias: Optional[Tensor]) -> Tensor:
    return torch.linear(x, torch.to(torch.to(w, 6) * torch.unsqueeze(scale, 1), x.dtype), bias)

  def convolves_by_products(self: __torch__.Kernels, w: Tensor) -> bool:
    return False

  def has_phases(self: __torch__.Kernels, dtype: int) -> bool:
    return False
