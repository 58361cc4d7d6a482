package farm.darkroom.sdxl.vae;

/**
 * The kernels of {@code vae.py} that compute one block each: they take (weights, x, argument) and
 * return the block's output.
 */
enum BlockKernel {
  VAE_ENCODER_IN("vae_encoder_in"),
  VAE_ENCODER_OUT("vae_encoder_out"),
  VAE_DECODER_IN("vae_decoder_in"),
  VAE_DECODER_OUT("vae_decoder_out"),
  VAE_RESNET("vae_resnet"),
  VAE_ATTENTION("vae_attention"),
  VAE_DOWNSAMPLE("vae_downsample"),
  VAE_UPSAMPLE("vae_upsample"),
  TINY_ENCODER_IN("tiny_encoder_in"),
  TINY_ENCODER_OUT("tiny_encoder_out"),
  TINY_DECODER_IN("tiny_decoder_in"),
  TINY_DECODER_OUT("tiny_decoder_out"),
  TINY_BLOCK("tiny_block"),
  TINY_DOWNSAMPLE("tiny_downsample"),
  TINY_UPSAMPLE("tiny_upsample");

  private final String function;

  BlockKernel(String function) {
    this.function = function;
  }

  /** Its name among the kernels. */
  String function() {
    return function;
  }
}
