  def room(self: __torch__.Kernels, elements: int, dtype: int, device: str) -> Tensor:
    return torch.empty([elements], dtype=dtype, device=torch.device(device))
  def placed(self: __torch__.Kernels, raw: Dict[str, Tensor], convolutions: Dict[str, Tensor], room: Tensor) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    at = 0
    for key in raw.keys():
      if not ("+" in key):
        rows = 0
        for part in self.parts(raw, key):
          rows = rows + torch.size(part, 0)
        n = rows * self.row(raw[key])
        out[key] = self.shaped(torch.slice(room, 0, at, at + n), raw[key], rows, key in convolutions)
        at = self.after(at + n)
    return out
  def send_own(self: __torch__.Kernels, raw: Dict[str, Tensor], out: Dict[str, Tensor]) -> Dict[str, Tensor]:
    for key in out.keys():
      first = 0
      for part in self.parts(raw, key):
        end = first + torch.size(part, 0)
        if not ops.prim.is_cpu(part):
          y = torch.copy_(torch.slice(out[key], 0, first, end), part)
        first = end
    return out
  def staging_for(self: __torch__.Kernels, raw: Dict[str, Tensor], room: Tensor, least: int) -> Tensor:
    half = least
    for part in raw.values():
      half = ops.prim.max(half, self.row(part))
    return self.staging(2 * half, ops.prim.dtype(room))
  def send_mapped(self: __torch__.Kernels, raw: Dict[str, Tensor], convolutions: Dict[str, Tensor], room: Tensor, staging: Tensor) -> Tensor:
    half = torch.size(staging, 0) // 2
    at, first, used, side = 0, 0, 0, 0
    for key in raw.keys():
      if not ("+" in key):
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
              y = torch.copy_(self.shaped(torch.slice(staging, 0, begin, begin + n), piece, count, key in convolutions), piece)
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
  def send(self: __torch__.Kernels, room: Tensor, staging: Tensor, first: int, used: int, side: int, half: int) -> int:
    end = ops.prim.min(first + used, torch.size(room, 0))
    next = side
    if end > first:
      self.await_copies(room)
      begin = side * half
      y = torch.copy_(torch.slice(room, 0, first, end), torch.slice(staging, 0, begin, begin + end - first), True)
      next = 1 - side
    return next
  def parts(self: __torch__.Kernels, raw: Dict[str, Tensor], key: str) -> List[Tensor]:
    parts = annotate(List[Tensor], [raw[key]])
    i = 1
    more = (key + "+1") in raw
    while more:
      parts = torch.append(parts, raw[key + "+" + str(i)])
      i = i + 1
      more = (key + "+" + str(i)) in raw
    return parts
  def row(self: __torch__.Kernels, x: Tensor) -> int:
    return torch.numel(x) // torch.size(x, 0)
  def after(self: __torch__.Kernels, at: int) -> int:
    return (at + 127) // 128 * 128
  def shaped(self: __torch__.Kernels, place: Tensor, like: Tensor, rows: int, convolution: bool) -> Tensor:
    if convolution:
      y = torch.permute(torch.view(place, [rows, torch.size(like, 2), torch.size(like, 3), torch.size(like, 1)]), [0, 3, 1, 2])
    else:
      sizes = torch.size(like)
      sizes[0] = rows
      y = torch.view(place, sizes)
    return y
