package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What decides the topology of a T2IAdapter for SDXL ({@code full_adapter_xl}, the only type whose
 * features are of the sizes that SDXL's UNet has).
 *
 * @param inChannels of its picture: 3 for RGB, 1 for grey
 * @param channels of its features, one for each block
 * @param resnets of each block
 * @param downscaleFactor by which its picture is unshuffled; from the third block on features are
 *     half as large again
 */
public record T2iAdapterConfig(
    int inChannels, List<Integer> channels, int resnets, int downscaleFactor) {
  /** The class as diffusers calls it. */
  public static final String CLASS = "T2IAdapter";

  private static final String TYPE = "full_adapter_xl";
  private static final List<Integer> CHANNELS = List.of(320, 640, 1280, 1280);

  /** The block that halves. */
  private static final int HALVING = 2;

  public T2iAdapterConfig {
    channels = List.copyOf(channels);
  }

  /** Reads an adapter's config.json; what is not supported is refused with one line. */
  public static T2iAdapterConfig of(Component component) {
    return of(ConfigReader.of(component));
  }

  static T2iAdapterConfig of(ConfigReader json) {
    json.only("_class_name", CLASS);
    if (!json.text("adapter_type").equals(Optional.of(TYPE))) {
      throw json.refusal("adapter_type", TYPE + ", which is SDXL's");
    }
    json.only("in_channels", 3, 1);
    return new T2iAdapterConfig(
        json.integer("in_channels", 3),
        json.integers("channels", CHANNELS),
        json.layers("num_res_blocks", 2),
        json.integer("downscale_factor", 8));
  }

  /** Whether its picture is grey. */
  public boolean isGrey() {
    return inChannels == 1;
  }

  /** Channels that block {@code i} takes. */
  int in(int i) {
    return channels.get(i == 1 || i == HALVING ? i - 1 : i);
  }

  /** Whether block {@code i} halves height and width. */
  static boolean halves(int i) {
    return i == HALVING;
  }

  /**
   * Checks that its features can be added to a UNet's.
   *
   * @throws SdxlException naming both sides
   */
  public void check(Component component, UNetConfig unet) {
    String own = shape(channels, factors());
    String expected = expected(unet);
    if (!own.equals(expected)) {
      throw new SdxlException(
          "%s: this T2I-Adapter is for %s; the unet has %s"
              .formatted(component.configFile(), own, expected));
    }
  }

  /**
   * Checks that its features have the size of the latents'.
   *
   * @param vaeScaleFactor pixels for one of the latents, along each side
   * @throws SdxlException naming both sides
   */
  public void check(Component component, UNetConfig unet, int vaeScaleFactor) {
    check(component, unet);
    int expected = vaeScaleFactor * factors(unet.encoder()).get(0);
    if (downscaleFactor != expected) {
      throw ConfigReader.of(component)
          .refusal(
              "downscale_factor",
              "%d, since the vae makes each side %d times smaller"
                  .formatted(expected, vaeScaleFactor));
    }
  }

  /**
   * Checks a side of its picture.
   *
   * @param name {@code height} or {@code width}
   * @throws SdxlException where it cannot be unshuffled
   */
  public void checkSide(Component component, String name, int side) {
    if (side % downscaleFactor != 0) {
      throw new SdxlException(
          "%s is %d; this T2I-Adapter takes multiples of %d (downscale_factor in %s)"
              .formatted(name, side, downscaleFactor, component.configFile()));
    }
  }

  private List<Integer> factors() {
    List<Integer> factors = new ArrayList<>();
    for (int i = 0; i < channels.size(); i++) {
      factors.add(i < HALVING ? 1 : 2);
    }
    return factors;
  }

  private static String expected(UNetConfig unet) {
    List<Integer> channels = new ArrayList<>();
    unet.encoder().down().forEach(block -> channels.add(block.channels()));
    channels.add(channels.get(channels.size() - 1));
    List<Integer> factors = factors(unet.encoder());
    int first = factors.get(0);
    boolean whole = factors.stream().allMatch(factor -> factor % first == 0);
    return shape(channels, whole ? factors.stream().map(f -> f / first).toList() : factors);
  }

  /** How much smaller than the latents it is where features are added, last the middle. */
  private static List<Integer> factors(EncoderConfig encoder) {
    List<Integer> factors = new ArrayList<>();
    int last = encoder.down().size() - 1;
    for (int i = 0; i <= last; i++) {
      boolean attends = !encoder.down().get(i).transformerLayers().isEmpty();
      factors.add(1 << (attends || i == last ? i : i + 1));
    }
    factors.add(1 << last);
    return factors;
  }

  private static String shape(List<Integer> channels, List<Integer> factors) {
    return "features of %s channels, smaller by %s".formatted(channels, factors);
  }
}
