  # 3 by 3 convolutions in tiles, F(2x2, 3x3) and F(4x4, 3x3) of Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks"
  # (2015), in float32 on a CPU (docs/adr/014). `size` is the side of a tile of outputs, 2 or 4, `side` = size + 2 that of the inputs
  # which it needs. A weight is side * side matrices [out, in], under name.weight.0 and so on. Inside, pictures are [n, height, width, c];
  # `across` and `down` count tiles.

  # The convolution, with stride 1 and padding 1.
  def winograd(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, size: int) -> Tensor:
    return self.tiled(x, w, name, size, annotate(List[Tensor], []), None)

  # By the matrices that are there; 0 for a weight that is not transformed.
  def tile_size(self: __torch__.Kernels, w: Dict[str, Tensor], name: str) -> int:
    size = 0
    if (name + ".weight.35") in w:
      size = 4
    elif (name + ".weight.15") in w:
      size = 2
    return size

  # The convolution and what goes with it in a block: `norm` is empty, or what `moments` gave, and x is then normed and activated; `onto`
  # is added to, and may be written over. Rows of tiles are taken so many at a time that their transforms have 36 MB (TileMemory counts the
  # same).
  def tiled(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, size: int, norm: List[Tensor], onto: Optional[Tensor]) -> Tensor:
    bias = w[name + ".bias"]
    side = size + 2
    x = torch.permute(torch.contiguous(x, memory_format=2), [0, 2, 3, 1])
    n = torch.size(x, 0)
    height = torch.size(x, 1)
    width = torch.size(x, 2)
    down = (height + size - 1) // size
    across = (width + size - 1) // size
    out = torch.size(bias, 0)
    even = height % size == 0 and width % size == 0
    adds = False
    if onto is not None:
      adds = even
    if onto is not None and even:
      y = torch.permute(onto, [0, 2, 3, 1])
    else:
      y = torch.empty([n, size * down, size * across, out], dtype=6, layout=None, device=ops.prim.device(x))
    most = ops.prim.max(1, 9437184 // (side * side * (torch.size(x, 3) + out) * n * across))
    for i in range((down + most - 1) // most):
      first = i * most
      tiles = ops.prim.min(most, down - first)
      part = self.tile_rows(x, first, tiles, across, size, norm)
      v = self.winograd_in(part, tiles, across, size)
      m = annotate(List[Tensor], [])
      for j in range(side * side):
        added = annotate(Optional[Tensor], None)
        if j == side + 1:
          added = bias
        m = torch.append(m, self.product(v[j], w[name + ".weight." + str(j)], added))
      rows = torch.slice(y, 1, size * first, size * (first + tiles))
      if adds:
        z = torch.add_(rows, self.winograd_out(m, torch.empty_like(rows, memory_format=0), [n, tiles, across, out], size))
      else:
        z = self.winograd_out(m, rows, [n, tiles, across, out], size)
    y = torch.slice(torch.slice(y, 1, 0, height), 2, 0, width)
    y = torch.contiguous(torch.permute(y, [0, 3, 1, 2]), memory_format=2)
    if onto is not None and not adds:
      y = torch.add_(y, onto)
    return y

  # The inputs of some rows of tiles, normed, activated and with their border.
  def tile_rows(self: __torch__.Kernels, x: Tensor, first: int, tiles: int, across: int, size: int, norm: List[Tensor]) -> Tensor:
    height = torch.size(x, 1)
    top = size * first - 1
    bottom = size * (first + tiles) + 1
    begin = ops.prim.max(0, top)
    end = ops.prim.min(height, bottom)
    part = torch.slice(x, 1, begin, end)
    if len(norm) > 0:
      part = torch.silu_(torch.addcmul(norm[1], part, norm[0]))
    right = size * across + 1 - torch.size(part, 2)
    return torch.constant_pad_nd(part, [0, 0, 1, right, begin - top, bottom - end])

  # Group norm as one factor and one summand for each channel [n, 1, 1, c]: mean first, then squares about it, as accurate as libtorch's.
  def moments(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, groups: int, eps: float) -> List[Tensor]:
    x = torch.permute(x, [0, 2, 3, 1])
    n, height, width, channels = torch.size(x)
    shape = [n, groups, channels // groups]
    count = float(height * width * (channels // groups))
    mean = torch.sum(torch.view(torch.sum(x, [1, 2]), shape), [2], True) / count
    mean = torch.reshape(torch.expand(mean, shape), [n, 1, 1, channels])
    squares = torch.zeros([n, channels], dtype=6, layout=None, device=ops.prim.device(x))
    most = ops.prim.max(1, 2097152 // (n * width * channels))
    for i in range((height + most - 1) // most):
      d = torch.sub(torch.slice(x, 1, i * most, ops.prim.min(height, (i + 1) * most)), mean)
      squares = torch.add_(squares, torch.sum(torch.mul_(d, d), [1, 2]))
    spread = torch.rsqrt(torch.sum(torch.view(squares, shape), [2], True) / count + eps)
    factor = torch.reshape(torch.expand(spread, shape), [n, 1, 1, channels]) * w[name + ".weight"]
    return [factor, w[name + ".bias"] - mean * factor]

  # B^T d B of each tile: [side * side, tiles, c].
  def winograd_in(self: __torch__.Kernels, part: Tensor, tiles: int, across: int, size: int) -> Tensor:
    n = torch.size(part, 0)
    channels = torch.size(part, 3)
    side = size + 2
    t = torch.empty([side, n, tiles, size * across + 2, channels], dtype=6, layout=None, device=ops.prim.device(part))
    t = self.winograd_spread(part, 1, tiles, t, 0, size)
    v = torch.empty([side, side, n, tiles, across, channels], dtype=6, layout=None, device=ops.prim.device(part))
    v = self.winograd_spread(t, 3, across, v, 1, size)
    return torch.view(v, [side * side, -1, channels])

  # A^T m A of each tile, written to y [n, size * tiles, size * across, out].
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

  # B^T along one dimension: `size + 2` tensors, each every size-th place of x, to the same place of `out` along `at`.
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

  # A^T along one dimension: tensors m to every size-th place of y.
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

  # G g G^T of each pair of channels, [side * side, out, in]; in double precision until it is rounded.
  def winograd_weights(self: __torch__.Kernels, w: Tensor, size: int) -> Tensor:
    g = [1., 0., 0., 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0., 0., 1.]
    if size == 4:
      g = [0.25, 0., 0., -1. / 6., -1. / 6., -1. / 6., -1. / 6., 1. / 6., -1. / 6., 1. / 24., 1. / 12., 1. / 6., 1. / 24., -1. / 12., 1. / 6., 0., 0., 1.]
    g = torch.view(torch.tensor(g, dtype=7, device=ops.prim.device(w)), [size + 2, 3])
    both = torch.to(torch.kron(g, g), 6)
    taps = torch.t(torch.reshape(w, [-1, 9]))
    return torch.view(torch.mm(both, taps), [-1, torch.size(w, 0), torch.size(w, 1)])

  # Puts the matrices into `out`, as products take them.
  def winograd_packed(self: __torch__.Kernels, out: Dict[str, Tensor], key: str, w: Tensor, size: int) -> Dict[str, Tensor]:
    u = self.winograd_weights(w, size)
    for i in range(torch.size(u, 0)):
      out[key + "." + str(i)] = self.packed(u[i])
    return out
