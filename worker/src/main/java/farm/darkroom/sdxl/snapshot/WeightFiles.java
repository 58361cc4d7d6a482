package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds a component's safetensors: one file or the shards of an index, full precision first, then
 * the fp16 variant. The names are those of diffusers and transformers.
 */
final class WeightFiles {
  private static final List<String> STEMS = List.of("diffusion_pytorch_model", "model");
  private static final List<String> VARIANTS = List.of("", ".fp16");

  private static final Pattern WEIGHTS =
      Pattern.compile(".*\\.(safetensors|bin|ckpt|pt|pth|msgpack|onnx|gguf)");
  private static final int MOST_NAMED = 3;

  private WeightFiles() {}

  static List<Path> find(Path folder) {
    for (String variant : VARIANTS) {
      for (String stem : STEMS) {
        Path whole = folder.resolve(stem + variant + ".safetensors");
        if (Files.isRegularFile(whole)) {
          return List.of(whole);
        }
        Optional<List<Path>> shards = shards(folder, stem, variant);
        if (shards.isPresent()) {
          return shards.get();
        }
      }
    }
    throw new SdxlException(
        "%s: no weights; expected %s.safetensors or %s.safetensors, whole, sharded or as fp16 variant%s"
            .formatted(folder, STEMS.get(0), STEMS.get(1), others(folder)));
  }

  /** What lies there instead: weights of another format, or under another name. */
  private static String others(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> found =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> WEIGHTS.matcher(name).matches())
              .sorted()
              .limit(MOST_NAMED)
              .toList();
      return found.isEmpty() ? "" : "; found " + String.join(", ", found) + ", which is not read";
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<List<Path>> shards(Path folder, String stem, String variant) {
    for (String name :
        List.of(
            stem + ".safetensors.index" + variant + ".json",
            stem + variant + ".safetensors.index.json",
            stem + ".safetensors" + variant + ".index.json")) {
      Path index = folder.resolve(name);
      if (Files.isRegularFile(index)) {
        return Optional.of(shards(index));
      }
    }
    return Optional.empty();
  }

  private static List<Path> shards(Path index) {
    JsonNode map = JsonFile.object(index).path("weight_map");
    TreeSet<String> names = new TreeSet<>();
    map.forEach(name -> names.add(name.asText()));
    if (names.isEmpty()) {
      throw new SdxlException(index + ": no weight_map");
    }
    return names.stream().map(name -> shard(index, name)).toList();
  }

  private static Path shard(Path index, String name) {
    Path shard = index.resolveSibling(name);
    if (name.contains("/") || name.contains("..") || !Files.isRegularFile(shard)) {
      throw new SdxlException(index + ": shard " + name + " is missing");
    }
    return shard;
  }
}
