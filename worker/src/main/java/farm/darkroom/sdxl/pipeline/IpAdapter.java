package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.IpAttention;
import farm.darkroom.sdxl.unet.PictureTokens;
import farm.darkroom.sdxl.unet.UNetConditioning;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vision.CLIPVisionModelWithProjection;
import farm.darkroom.sdxl.vision.ImageEncoder;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * An open IP-Adapter with its image encoder (diffusers: {@code load_ip_adapter}). Jobs may share
 * it. Not thread-safe.
 */
public final class IpAdapter implements SideModel {
  private static final int KEPT_PICTURES = 16;

  private final IpAdapterFile file;
  private final Kernels kernels;
  private final ImageEncoder encoder;
  private final Weights adapter;
  private final LoadedWeights weights;
  private final Precision precision;
  private final NDManager kept;
  private final Deque<Seen> last = new ArrayDeque<>();
  private Optional<NDArray> empty = Optional.empty();

  /** The tokens of a picture, by the middle of it that the encoder saw. */
  private record Seen(Raster middle, NDArray tokens) {
    boolean isOf(Raster other) {
      return Arrays.equals(middle.samples(), other.samples());
    }
  }

  private IpAdapter(
      IpAdapterFile file,
      Kernels kernels,
      Weights encoder,
      Weights adapter,
      LoadedWeights weights,
      Precision precision) {
    this.file = file;
    this.kernels = kernels;
    this.encoder = new ImageEncoder(file.model(), kernels, encoder);
    this.adapter = adapter;
    this.weights = weights;
    this.precision = precision;
    this.kept = kernels.manager().newSubManager();
  }

  /**
   * Opens an adapter and checks what does not depend on the UNet; weights come when they are used.
   *
   * @throws SdxlException naming file, tensor or key, found and expected
   */
  public static IpAdapter open(IpAdapterFile file, Engine engine) {
    file.check();
    LoadedWeights all = new LoadedWeights(engine, LoraSet.none());
    try {
      Weights encoder = all.open(file.encoder(), engine.precision());
      Weights adapter = all.open(file.adapter(), engine.precision());
      return new IpAdapter(file, engine.kernels(), encoder, adapter, all, engine.precision());
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /**
   * Checks that an adapter is for the UNet, and all there.
   *
   * @throws SdxlException naming file, tensor, found and expected
   */
  static void check(IpAdapterFile file, UNetConfig unet) {
    int expected = unet.encoder().crossAttentionDim();
    if (file.projection().width() != expected) {
      throw new SdxlException(
          "%s: this IP-Adapter is for a cross_attention_dim of %d; the unet has %d"
              .formatted(file.adapter().configFile(), file.projection().width(), expected));
    }
    List<WeightGroup> groups = new ArrayList<>(file.projection().groups());
    groups.addAll(new IpAttention(unet).groups());
    WeightCheck.check(file.adapter().checkpoint(), groups);
  }

  /** Its own, and its encoder's. */
  @Override
  public long weightBytes() {
    long own =
        file.adapter().checkpoint().tensors().values().stream()
            .mapToLong(StoredTensor::elements)
            .sum();
    CLIPVisionModelWithProjection model = file.model();
    return model.groups().stream().mapToLong(precision::bytes).sum()
        + own * precision.dtype().bytes();
  }

  /**
   * Pictures as the UNet attends to them: their tokens, one behind the other.
   *
   * @param unet the one that is to attend
   * @param guided whether a prediction is made for the negative prompt too, which sees no picture
   * @return {@code [n, pictures * tokens, cross_attention_dim]}, the negative half first
   * @throws SdxlException when the adapter is not for the UNet
   */
  NDArray tokens(NDManager owner, UNetConfig unet, List<Raster> pictures, boolean guided) {
    check(file, unet);
    try (NDManager scope = owner.newSubManager()) {
      NDArray seen = kernels.tensor(scope, "joined", pictures.stream().map(this::seen).toList(), 1);
      List<NDArray> rows = guided ? List.of(nothing(scope, pictures.size()), seen) : List.of(seen);
      return kernels.tensor(owner, "joined", rows, 0);
    } finally {
      forget();
      weights.endStage();
    }
  }

  private NDArray seen(Raster picture) {
    Raster middle = file.model().middle(picture);
    return last.stream()
        .filter(seen -> seen.isOf(middle))
        .map(Seen::tokens)
        .findFirst()
        .orElseGet(() -> look(middle));
  }

  private NDArray look(Raster middle) {
    try (NDArray pixels = file.model().preprocess(kernels, kept, middle)) {
      NDArray tokens = file.projection().tokens(encoder, adapter, kept, pixels);
      last.addLast(new Seen(middle, tokens));
      return tokens;
    }
  }

  /** The jobs of a batch often have the same pictures, so the last ones' tokens are kept. */
  private void forget() {
    while (last.size() > KEPT_PICTURES) {
      last.removeFirst().tokens().close();
    }
  }

  private NDArray nothing(NDManager owner, int pictures) {
    return kernels.tensor(owner, "joined", Collections.nCopies(pictures, emptyTokens()), 1);
  }

  private NDArray emptyTokens() {
    if (empty.isEmpty()) {
      empty = Optional.of(file.projection().emptyTokens(encoder, adapter, kept));
    }
    return empty.get();
  }

  /** Lets a job attend to the tokens, too; see {@link IpAttention#addTo}. */
  void addTo(UNetConditioning conditioning, UNetConfig unet, PictureTokens tokens) {
    new IpAttention(unet).addTo(conditioning, kernels, adapter, tokens);
    weights.endStage();
  }

  @Override
  public void close() {
    kept.close();
    weights.close();
  }
}
