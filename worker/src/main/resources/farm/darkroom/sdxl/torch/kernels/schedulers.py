  # Steps of schedulers that are more than a sum of tensors. Coefficients are worked out in Java, in double precision.

  # x between -limit and limit.
  def held_within(self: __torch__.Kernels, x: Tensor, limit: float) -> Tensor:
    return torch.clamp(x, torch.neg(limit), limit)

  # diffusers: _threshold_sample (Imagen, arXiv 2205.11487, section 2.3).
  def dynamic_threshold(self: __torch__.Kernels, x: Tensor, ratio: float, limit: float) -> Tensor:
    images = torch.reshape(x, [torch.size(x, 0), -1])
    s = torch.clamp(torch.quantile(torch.abs(images), ratio, 1, True), 1., limit)
    return torch.reshape(torch.div(torch.clamp(images, torch.neg(s), s), s), torch.size(x))

  # One step of Euler's method from `sigma` by `dt`; the clean picture is of_sample * sample + of_output * output.
  def euler_step(self: __torch__.Kernels, sample: Tensor, output: Tensor, of_sample: float, of_output: float, sigma: float, dt: float) -> Tensor:
    clean = self.sum_of_products(sample, output, of_sample, of_output)
    return torch.add(sample, torch.mul(self.derivative(sample, clean, sigma), dt))

  # a * x + b * y, each product rounded before the sum.
  def sum_of_products(self: __torch__.Kernels, x: Tensor, y: Tensor, a: float, b: float) -> Tensor:
    return torch.add(torch.mul(x, a), torch.mul(y, b))

  # The way from the sample to the clean picture, for each of sigma.
  def derivative(self: __torch__.Kernels, sample: Tensor, clean: Tensor, sigma: float) -> Tensor:
    return torch.div(torch.sub(sample, clean), sigma)

  # DEIS of order 2 and 3, from alpha `here` to alpha `next`.
  def deis_step(self: __torch__.Kernels, sample: Tensor, outputs: List[Tensor], weights: List[float], here: float, next: float) -> Tensor:
    x = torch.div(sample, here)
    for i in range(len(outputs)):
      x = torch.add(x, torch.mul(outputs[i], weights[i]))
    return torch.mul(x, next)

  # One step of PNDM; `denominator` divides what `share` has multiplied.
  def pndm_step(self: __torch__.Kernels, sample: Tensor, noise: Tensor, kept: float, share: float, denominator: float) -> Tensor:
    return torch.sub(torch.mul(sample, kept), torch.div(torch.mul(noise, share), denominator))

  # The geometric mean of two noise levels as torch rounds it in float32, on the CPU whatever the device.
  def geometric_middle(self: __torch__.Kernels, start: float, end: float) -> Tensor:
    logs = torch.log(torch.tensor([start, end], dtype=6, device=torch.device("cpu")))
    return torch.exp(torch.lerp(torch.slice(logs, 0, 0, 1), torch.slice(logs, 0, 1, 2), 0.5))

  # As torch rounds them in float32, on the CPU whatever the device.
  def square_roots(self: __torch__.Kernels, values: List[float]) -> Tensor:
    return torch.sqrt(torch.tensor(values, dtype=6, device=torch.device("cpu")))
