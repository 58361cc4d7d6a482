  def packed(self: __torch__.Kernels, w: Tensor) -> Tensor:
    wide = ops.prim.dtype(w) == 6
    if ops.prim.dtype(w) == 15:
      wide = ops.mkldnn._is_mkldnn_bf16_supported()
    y = w
    if wide:
      y = ops.mkldnn._reorder_linear_weight(w, 128)
    return y
  def product(self: __torch__.Kernels, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    if ops.prim.is_mkldnn(w):
      y = ops.mkldnn._linear_pointwise(x, w, bias, "none", annotate(List[Optional[number]], []), "")
    else:
      y = torch.linear(x, w, bias)
    return y
