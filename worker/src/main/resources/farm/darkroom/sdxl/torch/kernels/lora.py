  def lora_merged(self: __torch__.Kernels, stored: Tensor, downs: List[Tensor], ups: List[Tensor], scales: List[float]) -> Tensor:
    w = torch.to(stored, 6)
    for i in range(torch.len(scales)):
      down = torch.flatten(torch.to(downs[i], 6), 1)
      up = torch.flatten(torch.to(ups[i], 6), 1)
      w = torch.add(w, torch.reshape(torch.mm(up, down), torch.size(w)), alpha=scales[i])
    return w
