package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.SdxlException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tensors of one component, from one safetensors file or several shards. Thread-safe. */
public final class Checkpoint {
  private final String name;
  private final List<SafetensorsFile> files;
  private final Map<String, TensorInfo> tensors;
  private final Map<String, SafetensorsFile> home;

  private Checkpoint(String name, List<SafetensorsFile> files) {
    this.name = name;
    this.files = files;
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    Map<String, SafetensorsFile> homes = new LinkedHashMap<>();
    for (SafetensorsFile file : files) {
      for (TensorInfo tensor : file.tensors().values()) {
        if (infos.put(tensor.name(), tensor) != null) {
          throw new SdxlException(file.file() + ": " + tensor.name() + " is in two shards");
        }
        homes.put(tensor.name(), file);
      }
    }
    this.tensors = Collections.unmodifiableMap(infos);
    this.home = homes;
  }

  /** Opens the shards of a component; {@code name} is how errors call it, such as {@code unet}. */
  public static Checkpoint open(String name, List<Path> shards) {
    return new Checkpoint(name, shards.stream().map(SafetensorsFile::open).toList());
  }

  public String name() {
    return name;
  }

  /** The files, in shard order. */
  public List<Path> files() {
    return files.stream().map(SafetensorsFile::file).toList();
  }

  /** Every tensor by its name in the file. */
  public Map<String, TensorInfo> tensors() {
    return tensors;
  }

  public Optional<TensorInfo> find(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  /** The mapped bytes of a tensor that {@link #find} gave. */
  public ByteBuffer bytes(TensorInfo tensor) {
    return home.get(tensor.name()).bytes(tensor);
  }

  /** The file that holds {@code tensor}. */
  public Path fileOf(String tensor) {
    return home.get(tensor).file();
  }
}
