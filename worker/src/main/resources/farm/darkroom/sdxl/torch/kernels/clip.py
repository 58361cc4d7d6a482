  # Text encoders (transformers: CLIPTextModel). x is [n, tokens, width], with 77 tokens in SDXL's.

  # Adds the position embeddings.
  def clip_positions(self: __torch__.Kernels, tokens: Tensor, w: Dict[str, Tensor]) -> Tensor:
    table = w["position_embedding.weight"]
    return tokens + torch.slice(table, 0, 0, torch.size(tokens, 1), 1)

  # ids [n, tokens] to [n, tokens, width].
  def clip_embeddings(self: __torch__.Kernels, ids: Tensor, w: Dict[str, Tensor]) -> Tensor:
    return self.clip_positions(torch.embedding(w["token_embedding.weight"], ids), w)

  # The same where ids past the vocabulary are rows of `added` [words, width], a request's own.
  def clip_embeddings_with(self: __torch__.Kernels, ids: Tensor, w: Dict[str, Tensor], added: Tensor) -> Tensor:
    table = w["token_embedding.weight"]
    known = torch.size(table, 0)
    own = torch.embedding(table, torch.clamp(ids, 0, known - 1))
    extra = torch.embedding(torch.to(added, own.dtype), torch.clamp(ids - known, 0))
    return self.clip_positions(torch.where(torch.unsqueeze(torch.ge(ids, known), -1), extra, own), w)

  # By the name that HiddenActivation has for it.
  def clip_activation(self: __torch__.Kernels, x: Tensor, name: str) -> Tensor:
    y = x
    if name == "quick_gelu":
      y = x * torch.sigmoid(x * 1.702)
    elif name == "gelu":
      y = torch.gelu(x)
    elif name == "gelu_tanh":
      y = torch.gelu(x, approximate="tanh")
    elif name == "relu":
      y = torch.relu(x)
    else:
      y = torch.silu(x)
    return y

  # [n, tokens, width] to [n, heads, tokens, width / heads].
  def clip_heads(self: __torch__.Kernels, x: Tensor, heads: int) -> Tensor:
    return torch.transpose(x.view(torch.size(x, 0), torch.size(x, 1), heads, -1), 1, 2)

  # CLIPAttention; causal in text encoders.
  def clip_attention(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], heads: int, causal: bool) -> Tensor:
    q = self.clip_heads(self.linear(x, w, "self_attn.q_proj"), heads)
    k = self.clip_heads(self.linear(x, w, "self_attn.k_proj"), heads)
    v = self.clip_heads(self.linear(x, w, "self_attn.v_proj"), heads)
    y = torch.scaled_dot_product_attention(q, k, v, None, 0., causal)
    y = torch.reshape(torch.transpose(y, 1, 2), [torch.size(x, 0), torch.size(x, 1), torch.size(x, 2)])
    return self.linear(y, w, "self_attn.out_proj")

  # CLIPEncoderLayer.
  def clip_layer(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], heads: int, activation: str, eps: float, causal: bool) -> Tensor:
    h = x + self.clip_attention(self.layer_norm(x, w, "layer_norm1", eps), w, heads, causal)
    y = self.clip_activation(self.linear(self.layer_norm(h, w, "layer_norm2", eps), w, "mlp.fc1"), activation)
    return h + self.linear(y, w, "mlp.fc2")

  # The pooled text [n, projection], float32: the state at `position`, normed and projected.
  def clip_text_embeds(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], position: int, eps: float) -> Tensor:
    last = self.layer_norm(x, w, "final_layer_norm", eps)
    return torch.to(self.linear(torch.select(last, 1, position), w, "text_projection"), 6)

  # States [n, tokens, width] weighed token by token, and brought back to their mean (A1111: EmphasisOriginal).
  def clip_weigh(self: __torch__.Kernels, x: Tensor, weights: Tensor) -> Tensor:
    y = x * torch.unsqueeze(weights, -1)
    before = torch.mean(x)
    after = torch.mean(y)
    ratio = torch.where(torch.eq(after, 0.), torch.ones_like(after), before / after)
    return y * ratio

  # The vectors of a textual inversion, [words, width].
  def clip_vectors(self: __torch__.Kernels, w: Dict[str, Tensor], key: str, width: int) -> Tensor:
    return w[key].view(-1, width)
