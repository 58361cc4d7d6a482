  # The convolution behind an enlargement: x [n, c, h, w] is enlarged to twice its sides, each place to four (nearest), and taken by 3 by 3
  # taps with stride 1 and padding 1. On a CPU the four are not computed as if their inputs were four unlike numbers (docs/adr/020). Inside,
  # pictures are [n, height, width, c].

  # The weight is under name.weight as it is, under name.weight.phases, or under name.weight.sum and the like, as materialise left it.
  # libtorch enlarges none to more than 2^31 - 1 elements that is channels last.
  def enlarged(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
    if (name + ".weight.sum") in w:
      y = self.enlarged_by_differences(x, w, name)
    elif (name + ".weight.phases") in w:
      y = self.enlarged_by_phases(x, w[name + ".weight.phases"], w[name + ".bias"])
    else:
      if torch.numel(x) > 536870911:
        x = torch.contiguous(x)
      x = torch.upsample_nearest2d(x, [2 * torch.size(x, 2), 2 * torch.size(x, 3)], None, None)
      y = self.convolution(x, w, name, 1, 1)
    return y

  # bfloat16. Of three taps in a row, two fall on one place of x: a new place at an even (0) or odd (1) row and column, its phase, sees 2 by
  # 2 places, by sums of taps. `taps` [4 * out, in, 2, 2] are those of the phases (0, 0), (0, 1), (1, 0), (1, 1).
  def enlarged_by_phases(self: __torch__.Kernels, x: Tensor, taps: Tensor, bias: Tensor) -> Tensor:
    n = torch.size(x, 0)
    height = torch.size(x, 2)
    width = torch.size(x, 3)
    out = torch.size(bias, 0)
    phases = torch.permute(self.convolved(x, taps, torch.repeat(bias, [4]), 1, 1), [0, 2, 3, 1])
    y = torch.empty([n, height, 2, width, 2, out], dtype=ops.prim.dtype(x), layout=None, device=ops.prim.device(x))
    for i in range(2):
      rows = torch.slice(phases, 1, i, i + height)
      for j in range(2):
        phase = torch.slice(torch.slice(rows, 2, j, j + width), 3, (2 * i + j) * out, (2 * i + j + 1) * out)
        z = torch.copy_(torch.select(torch.select(y, 4, j), 2, i), phase)
    return torch.permute(torch.view(y, [n, 2 * height, 2 * width, out]), [0, 3, 1, 2])

  # float32. In one dimension the two new places of x1, between x0 and x2, are sum * x1 + first * (x0 - x1) and sum * x1 - last * (x1 - x2),
  # where `sum` is that of the three taps: three products for two outputs, nine for four in two dimensions. Rows of x are taken so many at a
  # time that their differences and products have 36 MB (TileMemory counts the same).
  def enlarged_by_differences(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
    bias = w[name + ".bias"]
    out = torch.size(bias, 0)
    x = torch.permute(torch.contiguous(x, memory_format=2), [0, 2, 3, 1])
    n, height, width, channels = torch.size(x)
    y = torch.empty([n, height, 2, width, 2, out], dtype=6, layout=None, device=ops.prim.device(x))
    most = ops.prim.max(1, 9437184 // ((4 * channels + 9 * out) * n * width))
    for k in range((height + most - 1) // most):
      first = k * most
      end = ops.prim.min(height, first + most)
      top = ops.prim.max(0, first - 1)
      bottom = ops.prim.min(height, end + 1)
      part = torch.constant_pad_nd(torch.slice(x, 1, top, bottom), [0, 0, 1, 1, top - first + 1, end + 1 - bottom])
      down = self.differences(part, 1)
      sums = self.product(torch.slice(x, 1, first, end), w[name + ".weight.sum"], bias)
      below = self.product(torch.slice(down, 2, 1, -1), w[name + ".weight.down"], None)
      beside = self.product(self.differences(torch.slice(part, 1, 1, -1), 2), w[name + ".weight.across"], None)
      both = self.product(self.differences(down, 2), w[name + ".weight.both"], None)
      for i in range(2):
        row = sums + self.shifted(below, 1, i, end - first, i, out)
        for j in range(2):
          mixed = self.shifted(self.shifted(both, 1, i, end - first, 0, 4 * out), 2, j, width, 2 * i + j, out)
          mixed = mixed + self.shifted(beside, 2, j, width, j, out)
          z = torch.add(row, mixed, out=torch.select(torch.select(torch.slice(y, 1, first, end), 4, j), 2, i))
    return torch.permute(torch.view(y, [n, 2 * height, 2 * width, out]), [0, 3, 1, 2])

  # Each place less the next one along a dimension.
  def differences(self: __torch__.Kernels, x: Tensor, dim: int) -> Tensor:
    size = torch.size(x, dim)
    return torch.sub(torch.slice(x, dim, 0, size - 1), torch.slice(x, dim, 1, size))

  # `length` places from `begin` on along a dimension, and of their channels the `index`-th so many.
  def shifted(self: __torch__.Kernels, x: Tensor, dim: int, begin: int, length: int, index: int, channels: int) -> Tensor:
    return torch.slice(torch.slice(x, dim, begin, begin + length), 3, index * channels, (index + 1) * channels)

  # Puts the weight [out, in, 3, 3] into `w` as `enlarged` wants it in float32: the first, the sum and the last of the taps (with its sign)
  # in both dimensions, as products take them. Those that multiply the same differences lie one below the other.
  def enlarged_differences(self: __torch__.Kernels, w: Dict[str, Tensor], key: str, taps: Tensor) -> Dict[str, Tensor]:
    above, middle, below = self.combined(taps, 2)
    first, total, last = self.combined(middle, 2)
    w[key + ".sum"] = self.packed(total)
    w[key + ".across"] = self.packed(torch.cat([first, last], 0))
    a, over, b = self.combined(above, 2)
    c, under, d = self.combined(below, 2)
    w[key + ".down"] = self.packed(torch.cat([over, under], 0))
    w[key + ".both"] = self.packed(torch.cat([a, b, c, d], 0))
    return w

  # The first, the sum and the negated last along a dimension of three.
  def combined(self: __torch__.Kernels, taps: Tensor, dim: int) -> Tuple[Tensor, Tensor, Tensor]:
    first = torch.contiguous(torch.select(taps, dim, 0))
    return (first, torch.sum(taps, [dim]), torch.neg(torch.select(taps, dim, 2)))

  # The taps of the four phases, [4 * out, in, 2, 2], summed in float32 before they are rounded.
  def enlarged_phases(self: __torch__.Kernels, taps: Tensor, dtype: int) -> Tensor:
    wide = torch.to(taps, 6)
    phases = annotate(List[Tensor], [])
    for i in range(2):
      for j in range(2):
        phases = torch.append(phases, torch.to(self.phase(self.phase(wide, 2, i), 3, j), dtype))
    return torch.cat(phases, 0)

  # The two taps that a phase has along a dimension.
  def phase(self: __torch__.Kernels, taps: Tensor, dim: int, index: int) -> Tensor:
    first, middle, last = torch.unbind(taps, dim)
    pair = [first, middle + last]
    if index == 1:
      pair = [first + middle, last]
    return torch.stack(pair, dim)
