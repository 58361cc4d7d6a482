  def lora_merged(self: __torch__.Kernels, stored: Tensor, downs: List[Tensor], ups: List[Tensor], magnitudes: List[Tensor], scales: List[float]) -> Tensor:
    base = torch.to(stored, 6)
    w = base
    for i in range(torch.len(scales)):
      down = torch.flatten(torch.to(downs[i], 6), 1)
      up = torch.flatten(torch.to(ups[i], 6), 1)
      change = torch.reshape(torch.mm(up, down), torch.size(w))
      w = torch.add(w, change, alpha=scales[i])
      if torch.numel(magnitudes[i]) > 0:
        rows = torch.flatten(torch.add(base, change, alpha=scales[i]), 1)
        lengths = torch.sqrt(torch.sum(torch.mul(rows, rows), [1]))
        ratio = torch.div(torch.flatten(torch.to(magnitudes[i], 6)), lengths)
        w = torch.reshape(torch.mul(torch.flatten(w, 1), torch.unsqueeze(ratio, 1)), torch.size(w))
    return w
  def lora_biased(self: __torch__.Kernels, stored: Tensor, biases: List[Tensor], scales: List[float]) -> Tensor:
    b = torch.to(stored, 6)
    for i in range(torch.len(scales)):
      b = torch.add(b, torch.to(biases[i], 6), alpha=scales[i])
    return b
