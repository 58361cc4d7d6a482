  # Weights on their way to a CPU: cast, joined, and laid out as the kernels want them.

  # The weights of a group. `layouts` says how each is laid out (Layout, or int8); `raw` holds them as they are stored, the parts of a
  # joined one under key, key+1, ... int8 weights are in units of their row's largest, up to `levels` units from 0.
  def materialise(self: __torch__.Kernels, raw: Dict[str, Tensor], layouts: Dict[str, str], levels: int, dtype: int) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    for key in layouts.keys():
      layout = layouts[key]
      if layout == "plain":
        out[key] = self.joined_weight(raw, key, dtype)
      elif layout == "linear":
        out[key] = self.packed(self.joined_weight(raw, key, dtype))
      elif layout == "gated":
        values, gates = torch.chunk(self.joined_weight(raw, key, dtype), 2, 0)
        out[key] = self.packed(values)
        out[key + ".gate"] = self.packed(gates)
      elif layout == "int8":
        out = self.quantised(out, key, torch.to(self.joined_weight(raw, key, dtype), 6), levels)
      elif layout == "enlarged" and self.has_phases(dtype):
        out[key + ".phases"] = self.packed_convolution(self.enlarged_phases(raw[key], dtype))
      else:
        out = self.laid_convolution(out, key, layout, self.convolution_weight(raw[key], dtype))
    return out

  # A weight in compute type; the parts of a joined one one below the other.
  def joined_weight(self: __torch__.Kernels, raw: Dict[str, Tensor], key: str, dtype: int) -> Tensor:
    if not ((key + "+1") in raw):
      return torch.to(raw[key], dtype, False, True)
    parts = annotate(List[Tensor], [])
    for part in self.parts(raw, key):
      parts = torch.append(parts, torch.to(part, dtype))
    return torch.cat(parts, 0)

  # The weight [out, in, kh, kw] of a convolution in compute type: row-major in float32, else channels last.
  def convolution_weight(self: __torch__.Kernels, taps: Tensor, dtype: int) -> Tensor:
    if dtype == 6:
      return torch.to(taps, dtype, False, True)
    return torch.to(taps, dtype, False, True, 2)

  # Puts the weight of a convolution into `out`.
  def laid_convolution(self: __torch__.Kernels, out: Dict[str, Tensor], key: str, layout: str, w: Tensor) -> Dict[str, Tensor]:
    products = self.convolves_by_products(w)
    if layout == "tiles_of_2" and products:
      out = self.winograd_packed(out, key, w, 2)
    elif layout == "tiles_of_4" and products:
      out = self.winograd_packed(out, key, w, 4)
    elif layout == "enlarged" and products:
      out = self.enlarged_differences(out, key, w)
    else:
      out[key] = self.packed_convolution(w)
      out = self.packed_beside(out, key, w)
    return out

  # Puts the weight [out, in], float32, into `out` as int8; `scale` [out] is the unit.
  def quantised(self: __torch__.Kernels, out: Dict[str, Tensor], key: str, w: Tensor, levels: int) -> Dict[str, Tensor]:
    scale = torch.clamp_min(torch.amax(torch.abs(w), [1]), 1.e-12) / levels
    out[key] = self.rounded(torch.to(torch.round(w / torch.unsqueeze(scale, 1)), 1))
    out[key + ".scale"] = scale
    out[key + ".zero"] = torch.zeros_like(scale, dtype=3)
    return out
