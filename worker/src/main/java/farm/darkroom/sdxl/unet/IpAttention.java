package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * An IP-Adapter's part in a UNet (diffusers: IPAdapterAttnProcessor2_0): keys and values of a
 * picture's tokens for each cross-attention, which then attends to text and picture and adds the
 * two. The file numbers the attentions as diffusers' {@code attn_processors} lists them: way down,
 * way up, middle; those to the text have the odd numbers.
 */
public final class IpAttention {
  private static final List<String> PARTS = List.of("to_k_ip", "to_v_ip");
  private final List<Layer> layers = new ArrayList<>();

  /** The cross-attentions of one Transformer2DModel. */
  private record Layer(Transformer2DModel transformer, WeightGroup group, int halvings) {}

  /** The attentions of a UNet of this config. */
  public IpAttention(UNetConfig config) {
    UNetTopology topology = new UNetTopology(config);
    int width = config.encoder().crossAttentionDim();
    int number = 1;
    for (Transformer2DModel transformer : inFileOrder(topology)) {
      layers.add(
          new Layer(
              transformer, group(transformer, number, width), halvings(topology, transformer)));
      number += 2 * transformer.depth();
    }
  }

  private static List<Transformer2DModel> inFileOrder(UNetTopology topology) {
    List<Transformer2DModel> all = new ArrayList<>();
    topology.encoder().down().forEach(block -> all.addAll(block.layers().attentions()));
    topology.up().forEach(block -> all.addAll(block.layers().attentions()));
    topology.attentions().stream().filter(each -> !all.contains(each)).forEach(all::add);
    return all;
  }

  /** How often the latents are halved where it works. */
  private static int halvings(UNetTopology topology, Transformer2DModel transformer) {
    List<DownBlock2D> down = topology.encoder().down();
    for (int i = 0; i < down.size(); i++) {
      boolean there =
          down.get(i).layers().attentions().contains(transformer)
              || topology.up().get(down.size() - 1 - i).layers().attentions().contains(transformer);
      if (there) {
        return i;
      }
    }
    return down.size() - 1;
  }

  private static WeightGroup group(Transformer2DModel transformer, int first, long features) {
    List<WeightSpec> weights = new ArrayList<>();
    for (int i = 0; i < transformer.depth(); i++) {
      for (String part : PARTS) {
        weights.add(
            new WeightSpec(
                "transformer_blocks.%d.attn2.%s.weight".formatted(i, part),
                "ip_adapter.%d.%s.weight".formatted(first + 2 * i, part),
                List.of((long) transformer.width(), features),
                Layout.LINEAR));
      }
    }
    return new WeightGroup(transformer.name() + ".ip_adapter", weights);
  }

  /** The weights that the adapter's file must contain for the UNet. */
  public List<WeightGroup> groups() {
    return layers.stream().map(Layer::group).toList();
  }

  /**
   * Checks a scale against the UNet.
   *
   * @throws farm.darkroom.sdxl.SdxlException for a block that it has not, or has with another
   *     number of attentions
   */
  public void check(PictureScale scale) {
    scale.check(names());
  }

  private List<String> names() {
    return layers.stream().map(layer -> layer.transformer().name()).toList();
  }

  /**
   * Lets a job attend to pictures, too.
   *
   * @param weights the adapter's
   * @throws farm.darkroom.sdxl.SdxlException as {@link #check} and {@link PictureMask#at}
   */
  public void addTo(
      UNetConditioning conditioning, Kernels kernels, Weights weights, PictureTokens pictures) {
    PictureScale scale = pictures.scale();
    check(scale);
    List<String> names = names();
    for (Layer layer : layers) {
      Transformer2DModel transformer = layer.transformer();
      if (transformer.depth() == 0) {
        continue;
      }
      try (Weights.Hold hold = weights.hold(layer.group());
          NDManager scope = kernels.manager().newSubManager()) {
        List<NDArray> mask =
            pictures.mask().map(m -> m.at(kernels, scope, layer.halvings())).stream().toList();
        conditioning.replaceKeysValues(
            transformer.name(),
            kernels.dict(
                "picture_keys_values",
                hold.dict(),
                conditioning.keysValues(transformer.name()),
                pictures.tokens(),
                transformer.depth(),
                transformer.heads(),
                conditioning.pictures().size(),
                scale.of(transformer.name(), names),
                mask));
      }
    }
    conditioning.addPictures(
        new UNetConditioning.Pictures(
            pictures.tokens().getShape().get(1), pictures.mask().isPresent()));
  }
}
