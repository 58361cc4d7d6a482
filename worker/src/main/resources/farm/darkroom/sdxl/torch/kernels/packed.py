  # Products by oneDNN, from weights that are laid out once (docs/adr/006, docs/adr/007). A libtorch without oneDNN refuses this source:
  # plain.py then takes its place.

  # A linear layer's weight [out, in] in oneDNN's layout: opaque, and for the operators below alone. 128 rows are what it is told to
  # expect.
  def packed(self: __torch__.Kernels, w: Tensor) -> Tensor:
    wide = ops.prim.dtype(w) == 6
    if ops.prim.dtype(w) == 15:
      wide = ops.mkldnn._is_mkldnn_bf16_supported()
    y = w
    if wide:
      y = ops.mkldnn._reorder_linear_weight(w, 128)
    return y

  # x [..., in] by a weight that is packed or plain.
  def product(self: __torch__.Kernels, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    if ops.prim.is_mkldnn(w):
      y = ops.mkldnn._linear_pointwise(x, w, bias, "none", annotate(List[Optional[number]], []), "")
    else:
      y = torch.linear(x, w, bias)
    return y

  # GEGLU: values * gelu(gates), each by a weight of its own; bias [2 * out], values before gates.
  def gated_product(self: __torch__.Kernels, x: Tensor, w: Tensor, gate: Tensor, bias: Tensor) -> Tensor:
    if ops.prim.is_mkldnn(gate):
      n = torch.size(bias, 0) // 2
      none = annotate(List[Optional[number]], [])
      g = ops.mkldnn._linear_pointwise(x, gate, torch.slice(bias, 0, n), "gelu", none, "none")
      y = ops.mkldnn._linear_pointwise(x, g, w, torch.slice(bias, 0, 0, n), "mul")
    else:
      y = self.plain_gated_product(x, w, gate, bias)
    return y

  # In float32 as it is, so that the input's format is the convolution's. Others channels last; in bfloat16 packed for 32 by 32 places, which
  # serve other sizes as well.
  def packed_convolution(self: __torch__.Kernels, w: Tensor) -> Tensor:
    y = w
    if ops.prim.dtype(w) != 6:
      y = torch.contiguous(w, memory_format=2)
    narrow = False
    if ops.prim.dtype(w) == 15:
      narrow = ops.mkldnn._is_mkldnn_bf16_supported()
    if narrow:
      border = [torch.size(w, 2) // 2, torch.size(w, 3) // 2]
      y = ops.mkldnn._reorder_convolution_weight(y, border, [1, 1], [1, 1], 1, [2, torch.size(w, 1), 32, 32])
    return y

  # Puts a float32 weight of more than 1 by 1 into `out` a second time, as oneDNN lays it out for every row-major picture (docs/adr/019).
  def packed_beside(self: __torch__.Kernels, out: Dict[str, Tensor], key: str, w: Tensor) -> Dict[str, Tensor]:
    if ops.prim.dtype(w) == 6 and torch.size(w, 2) * torch.size(w, 3) > 1:
      border = [torch.size(w, 2) // 2, torch.size(w, 3) // 2]
      out[key + ".packed"] = ops.mkldnn._reorder_convolution_weight(w, border, [1, 1], [1, 1], 1, None)
    return out

  # x by a convolution's weight that is packed or plain, in the format of x.
  def convolved(self: __torch__.Kernels, x: Tensor, w: Tensor, bias: Optional[Tensor], stride: int, padding: int) -> Tensor:
    if not ops.prim.is_mkldnn(w):
      y = torch.conv2d(x, w, bias, [stride, stride], [padding, padding])
    elif ops.prim.dtype(x) == 6 and torch.is_contiguous(x):
      y = torch.mkldnn_convolution(x, w, bias, [padding, padding], [stride, stride], [1, 1], 1)
    else:
      none = annotate(List[Optional[number]], [])
      y = ops.mkldnn._convolution_pointwise(x, w, bias, [padding, padding], [stride, stride], [1, 1], 1, "none", none, "")
    return y

  # An int8 weight in oneDNN's layout.
  def rounded(self: __torch__.Kernels, w: Tensor) -> Tensor:
    return ops.onednn.qlinear_prepack(w, None)

  # x, rounded to 8 bits token by token, by an int8 weight; `scale` [out] is a unit of the weight, `unit` one of x.
  def rounded_product(self: __torch__.Kernels, x: Tensor, w: Tensor, scale: Tensor, zero: Tensor, bias: Optional[Tensor]) -> Tensor:
    wide = torch.to(x, 6)
    unit = torch.clamp_min(torch.amax(torch.abs(wide), [-1], True), 1.e-12) / 127.
    q = torch.to(torch.add_(torch.round_(wide / unit), 128.), 0)
    y = ops.onednn.qlinear_pointwise(q, 1., 128, w, scale, zero, None, 1., 0, 6, "none", annotate(List[Optional[number]], []), "")
    y = torch.mul_(y, unit)
    if bias is not None:
      y = torch.add_(y, bias)
    return torch.to(y, x.dtype)

  # Whether convolutions in tiles (docs/adr/014) and by differences (docs/adr/020) are worth it: float32 alone.
  def convolves_by_products(self: __torch__.Kernels, w: Tensor) -> bool:
    return ops.prim.dtype(w) == 6

  # Whether enlargements are convolved phase by phase: bfloat16 alone.
  def has_phases(self: __torch__.Kernels, dtype: int) -> bool:
    return dtype == 15
