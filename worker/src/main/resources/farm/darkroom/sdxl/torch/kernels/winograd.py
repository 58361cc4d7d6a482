  def winograd(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, size: int) -> Tensor:
    bias = w[name + ".bias"]
    side = size + 2
    x = torch.permute(torch.contiguous(x, memory_format=2), [0, 2, 3, 1])
    n, height, width, channels = torch.size(x)
    down = (height + size - 1) // size
    across = (width + size - 1) // size
    out = torch.size(bias, 0)
    y = torch.empty([n, size * down, size * across, out], dtype=6, layout=None, device=ops.prim.device(x))
    most = ops.prim.max(1, 9437184 // (side * side * (channels + out) * n * across))
    for i in range((down + most - 1) // most):
      first = i * most
      tiles = ops.prim.min(most, down - first)
      v = self.winograd_in(x, first, tiles, across, size)
      m = annotate(List[Tensor], [])
      for j in range(side * side):
        added = annotate(Optional[Tensor], None)
        if j == side + 1:
          added = bias
        m = torch.append(m, self.product(v[j], w[name + ".weight." + str(j)], added))
      rows = torch.slice(y, 1, size * first, size * (first + tiles))
      z = self.winograd_out(m, rows, [n, tiles, across, out], size)
    y = torch.slice(torch.slice(y, 1, 0, height), 2, 0, width)
    return torch.contiguous(torch.permute(y, [0, 3, 1, 2]), memory_format=2)
  def winograd_in(self: __torch__.Kernels, x: Tensor, first: int, tiles: int, across: int, size: int) -> Tensor:
    n, height, width, channels = torch.size(x)
    top = size * first - 1
    bottom = size * (first + tiles) + 1
    part = torch.slice(x, 1, ops.prim.max(0, top), ops.prim.min(height, bottom))
    part = torch.constant_pad_nd(part, [0, 0, 1, size * across + 1 - width, ops.prim.max(0, torch.neg(top)), ops.prim.max(0, bottom - height)])
    side = size + 2
    t = torch.empty([side, n, tiles, size * across + 2, channels], dtype=6, layout=None, device=ops.prim.device(x))
    t = self.winograd_spread(part, 1, tiles, t, 0, size)
    v = torch.empty([side, side, n, tiles, across, channels], dtype=6, layout=None, device=ops.prim.device(x))
    v = self.winograd_spread(t, 3, across, v, 1, size)
    return torch.view(v, [side * side, -1, channels])
  def winograd_out(self: __torch__.Kernels, m: List[Tensor], y: Tensor, sizes: List[int], size: int) -> Tensor:
    side = size + 2
    n, tiles, across, out = sizes
    s = torch.empty([side, size, n, tiles, across, out], dtype=6, layout=None, device=ops.prim.device(y))
    for j in range(side):
      column = annotate(List[Tensor], [])
      for i in range(side):
        column = torch.append(column, torch.view(m[side * i + j], [1, n, tiles, across, out]))
      z = self.winograd_gather(column, s[j], 0, size)
    for k in range(size):
      row = annotate(List[Tensor], [])
      for j in range(side):
        row = torch.append(row, s[j][k])
      z = self.winograd_gather(row, torch.slice(y, 1, k, size * tiles, size), 2, size)
    return y
  def winograd_spread(self: __torch__.Kernels, x: Tensor, dim: int, tiles: int, out: Tensor, at: int, size: int) -> Tensor:
    d = annotate(List[Tensor], [])
    for i in range(size + 2):
      d = torch.append(d, torch.slice(x, dim, i, i + size * (tiles - 1) + 1, size))
    if size == 2:
      z = torch.sub(d[0], d[2], out=torch.select(out, at, 0))
      z = torch.add(d[1], d[2], out=torch.select(out, at, 1))
      z = torch.sub(d[2], d[1], out=torch.select(out, at, 2))
      z = torch.sub(d[1], d[3], out=torch.select(out, at, 3))
    else:
      a = torch.sub(d[4], d[2], alpha=4.)
      b = torch.sub(d[3], d[1], alpha=4.)
      z = torch.add(a, b, out=torch.select(out, at, 1))
      z = torch.sub(a, b, out=torch.select(out, at, 2))
      z = torch.add(torch.sub_(a, d[2]), d[0], alpha=4., out=torch.select(out, at, 0))
      z = torch.sub(d[5], torch.add_(b, d[3], alpha=4.), out=torch.select(out, at, 5))
      a = torch.sub(d[4], d[2], out=a)
      b = torch.sub(d[3], d[1], out=b)
      z = torch.add(a, b, alpha=2., out=torch.select(out, at, 3))
      z = torch.sub(a, b, alpha=2., out=torch.select(out, at, 4))
    return out
  def winograd_gather(self: __torch__.Kernels, m: List[Tensor], y: Tensor, dim: int, size: int) -> Tensor:
    end = torch.size(y, dim)
    y0 = torch.slice(y, dim, 0, end, size)
    y1 = torch.slice(y, dim, 1, end, size)
    if size == 2:
      z = torch.add_(torch.add(m[1], m[2], out=y0), m[0])
      z = torch.sub_(torch.sub(m[1], m[2], out=y1), m[3])
    else:
      y2 = torch.slice(y, dim, 2, end, size)
      y3 = torch.slice(y, dim, 3, end, size)
      p = torch.add(m[1], m[2], out=y2)
      r = torch.add(m[3], m[4])
      z = torch.add_(torch.add(m[0], p, out=y0), r)
      z = torch.add_(p, r, alpha=4.)
      q = torch.sub(m[1], m[2], out=y1)
      r = torch.sub(m[3], m[4], out=r)
      z = torch.add_(torch.add(q, r, alpha=8., out=y3), m[5])
      z = torch.add_(q, r, alpha=2.)
    return y
  def winograd_weights(self: __torch__.Kernels, w: Tensor, size: int) -> Tensor:
    g = [1., 0., 0., 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0., 0., 1.]
    if size == 4:
      g = [0.25, 0., 0., -1. / 6., -1. / 6., -1. / 6., -1. / 6., 1. / 6., -1. / 6., 1. / 24., 1. / 12., 1. / 6., 1. / 24., -1. / 12., 1. / 6., 0., 0., 1.]
    g = torch.view(torch.tensor(g, dtype=7, device=ops.prim.device(w)), [size + 2, 3])
    both = torch.to(torch.kron(g, g), 6)
    taps = torch.t(torch.reshape(w, [-1, 9]))
    return torch.view(torch.mm(both, taps), [-1, torch.size(w, 0), torch.size(w, 1)])
  def winograd_packed(self: __torch__.Kernels, out: Dict[str, Tensor], key: str, w: Tensor, size: int) -> Dict[str, Tensor]:
    u = self.winograd_weights(w, size)
    for i in range(torch.size(u, 0)):
      out[key + "." + str(i)] = self.packed(u[i])
    return out
