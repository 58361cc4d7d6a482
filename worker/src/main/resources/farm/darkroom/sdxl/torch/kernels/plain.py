  def packed(self: __torch__.Kernels, w: Tensor) -> Tensor:
    return w
  def product(self: __torch__.Kernels, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    return torch.linear(x, w, bias)
