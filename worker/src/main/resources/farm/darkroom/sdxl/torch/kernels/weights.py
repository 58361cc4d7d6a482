  # Weights on their way to a CPU: cast, joined, and laid out as the kernels want them.

  # The weights of a group. The maps say by their keys which layout a weight gets (Layout); what they hold is not looked at. int8 weights
  # are in units of their row's largest, up to `levels` units from 0; `scale` [out] is the unit.
  def materialise(self: __torch__.Kernels, raw: Dict[str, Tensor], linears: Dict[str, Tensor], gated: Dict[str, Tensor], convolutions: Dict[str, Tensor], tiles2: Dict[str, Tensor], tiles4: Dict[str, Tensor], enlarged: Dict[str, Tensor], quantised: Dict[str, Tensor], levels: int, dtype: int) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    for key in raw.keys():
      if not ("+" in key):
        size = 0
        if key in tiles2:
          size = 2
        elif key in tiles4:
          size = 4
        if (key in convolutions or key in enlarged or size > 0) and dtype != 6:
          w = torch.to(raw[key], dtype, False, True, 2)
        else:
          w = self.joined_weight(raw, key, dtype)
        if size > 0 and self.multiplies_tiles(w):
          out = self.winograd_packed(out, key, w, size)
        elif key in enlarged and self.multiplies_differences(w):
          out = self.enlarged_differences(out, key, w)
        elif key in enlarged and self.has_phases(w):
          out[key + ".phases"] = self.packed_convolution(self.enlarged_phases(raw[key], dtype))
        elif key in convolutions or key in enlarged or size > 0:
          out[key] = self.packed_convolution(w)
          out = self.packed_beside(out, key, w)
        elif key in linears:
          out[key] = self.packed(w)
        elif key in gated:
          values, gates = torch.chunk(w, 2, 0)
          out[key] = self.packed(values)
          out[key + ".gate"] = self.packed(gates)
        elif key in quantised:
          scale = torch.clamp_min(torch.amax(torch.abs(torch.to(w, 6)), [1]), 1.e-12) / levels
          out[key] = self.rounded(torch.to(torch.round(torch.to(w, 6) / torch.unsqueeze(scale, 1)), 1))
          out[key + ".scale"] = scale
          out[key + ".zero"] = torch.zeros_like(scale, dtype=3)
        else:
          out[key] = w
    return out

  # A weight in compute type; the parts of a joined one (key, key+1, ...) one below the other.
  def joined_weight(self: __torch__.Kernels, raw: Dict[str, Tensor], key: str, dtype: int) -> Tensor:
    if not ((key + "+1") in raw):
      return torch.to(raw[key], dtype, False, True)
    parts = annotate(List[Tensor], [torch.to(raw[key], dtype)])
    i = 1
    more = True
    while more:
      parts = torch.append(parts, torch.to(raw[key + "+" + str(i)], dtype))
      i = i + 1
      more = (key + "+" + str(i)) in raw
    return torch.cat(parts, 0)
