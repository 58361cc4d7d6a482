package farm.darkroom.sdxl.lora;

/** The role of a tensor in a LoRA layer. */
enum Part {
  /** {@code [rank, in]} or {@code [rank, in, kernel, kernel]}. */
  DOWN,
  /** {@code [out, rank]} or {@code [out, rank, 1, 1]}. */
  UP,
  /** One number; the layer's scale is alpha / rank. */
  ALPHA,
  /** DoRA's length of each of the {@code out} rows, {@code [out]} and sides of one. */
  MAGNITUDE,
  /** What PEFT's lora_bias adds to the layer's bias, {@code [out]}. */
  BIAS
}
