  def linear_combination(self: __torch__.Kernels, tensors: List[Tensor], coefficients: List[float]) -> Tensor:
    total = tensors[0] * coefficients[0]
    for i in range(1, len(tensors)):
      total = torch.add(total, tensors[i], alpha=coefficients[i])
    return total
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
  def convolution(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, stride: int, padding: int) -> Tensor:
    bias = annotate(Optional[Tensor], None)
    if (name + ".bias") in w:
      bias = w[name + ".bias"]
    if (name + ".weight.35") in w:
      y = self.winograd(x, w, name, 4)
    elif (name + ".weight.15") in w:
      y = self.winograd(x, w, name, 2)
    else:
      y = torch.conv2d(x, w[name + ".weight"], bias, [stride, stride], [padding, padding])
    return y
  def group_norm(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, groups: int, eps: float) -> Tensor:
    return torch.group_norm(x, groups, w[name + ".weight"], w[name + ".bias"], eps)
  def layer_norm(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, eps: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], w[name + ".weight"], w[name + ".bias"], eps)
