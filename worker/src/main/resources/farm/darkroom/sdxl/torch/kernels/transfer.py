  # The way of a group's weights to a GPU, less the streams (docs/adr/018). `raw` and `layouts` are those of `materialise`; of the layouts
  # there are plain and convolution alone. `room` [elements] is the memory that weights go to, one behind the other, each beginning at a
  # multiple of 128 elements. CPUs compile this too, for the tests.

  # Memory for so many elements, not filled.
  def room(self: __torch__.Kernels, elements: int, dtype: int, device: str) -> Tensor:
    return torch.empty([elements], dtype=dtype, device=torch.device(device))

  # The weights' places, as views into the room: convolutions channels last.
  def placed(self: __torch__.Kernels, raw: Dict[str, Tensor], layouts: Dict[str, str], room: Tensor) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    at = 0
    for key in layouts.keys():
      rows = 0
      for part in self.parts(raw, key):
        rows = rows + torch.size(part, 0)
      n = rows * self.row(raw[key])
      out[key] = self.shaped(torch.slice(room, 0, at, at + n), raw[key], rows, layouts[key])
      at = self.after(at + n)
    return out

  # Copies what is on the device already: weights that a network changed.
  def send_own(self: __torch__.Kernels, raw: Dict[str, Tensor], out: Dict[str, Tensor]) -> Dict[str, Tensor]:
    for key in out.keys():
      first = 0
      for part in self.parts(raw, key):
        end = first + torch.size(part, 0)
        if not ops.prim.is_cpu(part):
          y = torch.copy_(torch.slice(out[key], 0, first, end), part)
        first = end
    return out

  # Two halves of memory to copy through, each large enough for a row of any weight.
  def staging_for(self: __torch__.Kernels, raw: Dict[str, Tensor], room: Tensor, least: int) -> Tensor:
    half = least
    for part in raw.values():
      half = ops.prim.max(half, self.row(part))
    return self.staging(2 * half, ops.prim.dtype(room))

  # Copies what is mapped, as many rows at a time as fit into a half: cast and channels last on the way. One half is filled while the
  # other is copied. `first` is where in the room the half's content goes, `used` how much it has, `side` which half it is, `at` the place
  # of the next element.
  def send_mapped(self: __torch__.Kernels, raw: Dict[str, Tensor], layouts: Dict[str, str], room: Tensor, staging: Tensor) -> Tensor:
    half = torch.size(staging, 0) // 2
    at, first, used, side = 0, 0, 0, 0
    for key in layouts.keys():
      for part in self.parts(raw, key):
        row = self.row(part)
        rows = torch.size(part, 0)
        done = 0
        if not ops.prim.is_cpu(part):
          side = self.send(room, staging, first, used, side, half)
          done = rows
          at = at + rows * row
          first, used = at, 0
        more = done < rows
        while more:
          count = ops.prim.min((half - used) // row, rows - done)
          if count == 0:
            side = self.send(room, staging, first, used, side, half)
            first, used = at, 0
          else:
            n = count * row
            begin = side * half + used
            piece = torch.slice(part, 0, done, done + count)
            y = torch.copy_(self.shaped(torch.slice(staging, 0, begin, begin + n), piece, count, layouts[key]), piece)
            done, at, used = done + count, at + n, used + n
          more = done < rows
      padding = self.after(at) - at
      at, used = at + padding, used + padding
      if used >= half:
        side = self.send(room, staging, first, ops.prim.min(used, half), side, half)
        first, used = at, 0
    side = self.send(room, staging, first, used, side, half)
    self.await_copies(room)
    return room

  # Begins to copy the used part of a half; returns which half is to be filled next.
  def send(self: __torch__.Kernels, room: Tensor, staging: Tensor, first: int, used: int, side: int, half: int) -> int:
    end = ops.prim.min(first + used, torch.size(room, 0))
    next = side
    if end > first:
      self.await_copies(room)
      begin = side * half
      y = torch.copy_(torch.slice(room, 0, first, end), torch.slice(staging, 0, begin, begin + end - first), True)
      next = 1 - side
    return next

  # The parts that are joined to one weight, in order.
  def parts(self: __torch__.Kernels, raw: Dict[str, Tensor], key: str) -> List[Tensor]:
    parts = annotate(List[Tensor], [raw[key]])
    i = 1
    more = (key + "+1") in raw
    while more:
      parts = torch.append(parts, raw[key + "+" + str(i)])
      i = i + 1
      more = (key + "+" + str(i)) in raw
    return parts

  # Elements of a row: all dimensions but the first.
  def row(self: __torch__.Kernels, x: Tensor) -> int:
    return torch.numel(x) // torch.size(x, 0)

  # The next place where a weight may begin; as ALIGNED in WeightLoader.
  def after(self: __torch__.Kernels, at: int) -> int:
    return (at + 127) // 128 * 128

  # A piece of the room, or of a half, in the shape of so many rows of `like`.
  def shaped(self: __torch__.Kernels, place: Tensor, like: Tensor, rows: int, layout: str) -> Tensor:
    if layout == "convolution":
      y = torch.permute(torch.view(place, [rows, torch.size(like, 2), torch.size(like, 3), torch.size(like, 1)]), [0, 3, 1, 2])
    else:
      sizes = torch.size(like)
      sizes[0] = rows
      y = torch.view(place, sizes)
    return y
