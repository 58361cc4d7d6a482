package farm.darkroom.sdxl.vision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.TensorView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An IP-Adapter as it is on the hub: a file of its own, and an image encoder in a folder that
 * adapters share. Weights are mapped, nothing is read.
 *
 * @param adapter the file's tensors
 * @param encoder the image encoder's folder
 */
public record IpAdapterFile(
    Component adapter,
    Component encoder,
    TokenProjection projection,
    CLIPVisionModelWithProjection model) {
  private static final String ATTENTION = "ip_adapter.";
  private static final String IMAGE_ENCODER = "image_encoder";

  /**
   * Beside the file, as {@code load_ip_adapter} looks for it; or where h94/IP-Adapter has ViT-H.
   */
  private static final List<String> ENCODERS = List.of(IMAGE_ENCODER, "../models/" + IMAGE_ENCODER);

  /**
   * Opens an adapter, with the first of the image encoders near it that it was made for.
   *
   * @throws SdxlException naming file, found and expected
   */
  public static IpAdapterFile open(Path file) {
    Checkpoint checkpoint = Checkpoint.open(Component.IP_ADAPTER, List.of(file));
    Component adapter =
        new Component(
            Component.IP_ADAPTER, file, JsonNodeFactory.instance.objectNode(), checkpoint);
    TokenProjection projection = TokenProjection.of(checkpoint);
    Component encoder = encoder(file, projection);
    CLIPVisionModelWithProjection model = CLIPVisionModelWithProjection.of(encoder);
    return new IpAdapterFile(adapter, encoder, projection, model);
  }

  private static Component encoder(Path file, TokenProjection projection) {
    List<String> others = new ArrayList<>();
    for (Path folder : encoderPlaces(file).toList()) {
      if (Files.isRegularFile(folder.resolve("config.json"))) {
        Component encoder = Component.open(IMAGE_ENCODER, folder);
        int features = projection.features(CLIPVisionConfig.of(encoder));
        if (features == projection.features()) {
          return encoder;
        }
        others.add("%s has %d".formatted(folder, features));
      } else {
        others.add("%s is not there".formatted(folder));
      }
    }
    throw new SdxlException(
        "%s: no image encoder with %s %d: %s"
            .formatted(
                file, projection.featuresKey(), projection.features(), String.join(", ", others)));
  }

  /** The folders in which an adapter's image encoder may lie, the first one first. */
  public static Stream<Path> encoderPlaces(Path file) {
    return ENCODERS.stream().map(file.toAbsolutePath()::resolveSibling).map(Path::normalize);
  }

  /** Whether a file is one, as far as its tensors' names say. */
  public static boolean isOne(Path file) {
    try {
      Set<String> names = SafetensorsFile.list(file).keySet();
      return Stream.of(ATTENTION, TokenProjection.PATH + ".")
          .allMatch(prefix -> names.stream().anyMatch(name -> name.startsWith(prefix)));
    } catch (SdxlException e) {
      return false;
    }
  }

  /**
   * Opens an adapter and checks what does not depend on the UNet.
   *
   * @throws SdxlException as {@link #open} and {@link #check}
   */
  public static IpAdapterFile sound(Path file) {
    IpAdapterFile adapter = open(file);
    adapter.check();
    return adapter;
  }

  /**
   * Checks the weights of encoder and projection; those of the attention are the UNet's to check.
   *
   * @throws SdxlException naming file, tensor, found and expected
   */
  public void check() {
    WeightCheck.check(encoder.checkpoint(), model.groups());
    SafetensorsFile file = SafetensorsFile.open(adapter.configFile());
    List<TensorView> own =
        file.tensors().values().stream()
            .filter(tensor -> tensor.name().startsWith(TokenProjection.PATH + "."))
            .map(tensor -> new TensorView(tensor, file))
            .toList();
    WeightCheck.check(
        Checkpoint.renamed(Component.IP_ADAPTER, file.file(), own), projection.groups());
  }
}
