package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.SdxlException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of one component, from one safetensors file, several shards, or a part of a file that
 * holds several components. Thread-safe.
 */
public final class Checkpoint {
  private final String name;
  private final List<Path> files;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, TensorBytes> home;
  private final boolean whole;

  private Checkpoint(String name, List<Path> files, Collection<TensorView> views, boolean whole) {
    this.name = name;
    this.whole = whole;
    this.files = List.copyOf(files);
    Map<String, StoredTensor> found = new LinkedHashMap<>();
    Map<String, TensorBytes> homes = new LinkedHashMap<>();
    for (TensorView view : views) {
      StoredTensor tensor = view.tensor();
      if (found.put(tensor.name(), tensor) != null) {
        throw new SdxlException(
            "%s: %s is there twice".formatted(view.source().file(), tensor.name()));
      }
      homes.put(tensor.name(), view.source());
    }
    this.tensors = Collections.unmodifiableMap(found);
    this.home = homes;
  }

  /** Opens the shards of a component; {@code name} is how errors call it, such as {@code unet}. */
  public static Checkpoint open(String name, List<Path> shards) {
    List<SafetensorsFile> files = shards.stream().map(SafetensorsFile::open).toList();
    List<TensorView> views =
        files.stream()
            .flatMap(file -> file.tensors().values().stream().map(t -> new TensorView(t, file)))
            .toList();
    return new Checkpoint(name, shards, views, true);
  }

  /** A component that is a part of {@code file}; its tensors have the component's own names. */
  public static Checkpoint of(String name, Path file, List<TensorView> views) {
    return new Checkpoint(name, List.of(file), views, false);
  }

  /** A component that is all of {@code file}, where its tensors may have other names. */
  public static Checkpoint renamed(String name, Path file, Collection<TensorView> views) {
    return new Checkpoint(name, List.of(file), views, true);
  }

  public String name() {
    return name;
  }

  /** Whether it is a file of its own, which holds nothing but the component. */
  public boolean isWhole() {
    return whole;
  }

  /** The files, in shard order. */
  public List<Path> files() {
    return files;
  }

  /** Every tensor by its name in the file. */
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  public Optional<StoredTensor> find(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  /** The mapped bytes of a tensor that {@link #find} gave. */
  public ByteBuffer bytes(StoredTensor tensor) {
    return home.get(tensor.name()).bytes(tensor);
  }

  /** The file that holds {@code tensor}. */
  public Path fileOf(String tensor) {
    return home.get(tensor).file();
  }
}
