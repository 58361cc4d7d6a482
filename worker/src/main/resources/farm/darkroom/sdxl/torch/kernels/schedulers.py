  def held_within(self: __torch__.Kernels, x: Tensor, limit: float) -> Tensor:
    return torch.clamp(x, torch.neg(limit), limit)
  def dynamic_threshold(self: __torch__.Kernels, x: Tensor, ratio: float, limit: float) -> Tensor:
    images = torch.reshape(x, [torch.size(x, 0), -1])
    s = torch.clamp(torch.quantile(torch.abs(images), ratio, 1, True), 1., limit)
    return torch.reshape(torch.div(torch.clamp(images, torch.neg(s), s), s), torch.size(x))
  def euler_step(self: __torch__.Kernels, sample: Tensor, output: Tensor, of_sample: float, of_output: float, sigma: float, dt: float) -> Tensor:
    clean = torch.add(torch.mul(sample, of_sample), torch.mul(output, of_output))
    derivative = torch.div(torch.sub(sample, clean), sigma)
    return torch.add(sample, torch.mul(derivative, dt))
  def square_roots(self: __torch__.Kernels, values: List[float]) -> Tensor:
    return torch.sqrt(torch.tensor(values, dtype=6, device=torch.device("cpu")))
