  def materialise(self: __torch__.Kernels, raw: Dict[str, Tensor], linears: Dict[str, Tensor], convolutions: Dict[str, Tensor], dtype: int) -> Dict[str, Tensor]:
    out = annotate(Dict[str, Tensor], {})
    for key in raw.keys():
      w = torch.to(raw[key], dtype, False, True)
      if key in convolutions:
        w = torch.contiguous(w, memory_format=2)
      out[key] = w
    return out
