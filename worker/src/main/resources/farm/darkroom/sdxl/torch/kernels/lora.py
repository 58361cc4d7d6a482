  # LoRA and DoRA networks, merged into a weight in float32 (peft: LoraLayer, DoraLinearLayer). For each network: down [rank, in, ...], up
  # [out, rank, ...], magnitude [out], of which an empty one means none, bias likewise, and the scale: weight * alpha / rank.

  # up by down, in the shape of the weight that they change.
  def lora_change(self: __torch__.Kernels, down: Tensor, up: Tensor, weight: Tensor) -> Tensor:
    rows = torch.flatten(torch.to(up, 6), 1)
    columns = torch.flatten(torch.to(down, 6), 1)
    return torch.reshape(torch.mm(rows, columns), torch.size(weight))

  # The weight with all networks added in order; where one is DoRA, what there is by then is multiplied row by row.
  def lora_merged(self: __torch__.Kernels, stored: Tensor, downs: List[Tensor], ups: List[Tensor], magnitudes: List[Tensor], scales: List[float]) -> Tensor:
    base = torch.to(stored, 6)
    w = base
    for i in range(torch.len(scales)):
      change = self.lora_change(downs[i], ups[i], stored)
      w = torch.add(w, change, alpha=scales[i])
      if torch.numel(magnitudes[i]) > 0:
        ratio = self.lora_lengths(base, change, magnitudes[i], scales[i])
        w = torch.reshape(torch.mul(torch.flatten(w, 1), torch.unsqueeze(ratio, 1)), torch.size(w))
    return w

  # By what DoRA multiplies each row [out]: magnitude over the length of the changed row.
  def lora_lengths(self: __torch__.Kernels, base: Tensor, change: Tensor, magnitude: Tensor, scale: float) -> Tensor:
    rows = torch.flatten(torch.add(base, change, alpha=scale), 1)
    lengths = torch.sqrt(torch.sum(torch.mul(rows, rows), [1]))
    return torch.div(torch.flatten(torch.to(magnitude, 6)), lengths)

  # The bias with those of the networks; `weight` is the stored one of the layer.
  def lora_biased(self: __torch__.Kernels, stored: Tensor, weight: Tensor, downs: List[Tensor], ups: List[Tensor], magnitudes: List[Tensor], biases: List[Tensor], scales: List[float]) -> Tensor:
    before = torch.to(stored, 6)
    b = before
    for i in range(torch.len(scales)):
      if torch.numel(biases[i]) > 0:
        b = torch.add(b, torch.to(biases[i], 6), alpha=scales[i])
      if torch.numel(magnitudes[i]) > 0:
        change = self.lora_change(downs[i], ups[i], weight)
        ratio = self.lora_lengths(torch.to(weight, 6), change, magnitudes[i], scales[i])
        b = torch.add(before, torch.mul(torch.sub(b, before), ratio))
    return b
