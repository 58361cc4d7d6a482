package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads the JSON files of a snapshot, with the bare NaN and Infinity that Python writes. */
public final class JsonFile {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private JsonFile() {}

  /** The fields of an object as plain values: text, numbers, flags, lists, null. */
  static Map<String, Object> values(JsonNode object) {
    return JSON.convertValue(object, new TypeReference<Map<String, Object>>() {});
  }

  /**
   * A config in {@code file}, without the values that diffusers noted there as its defaults:
   * another class or version takes its own.
   *
   * @throws SdxlException as {@link #object}
   */
  static ObjectNode config(Path file) {
    ObjectNode config = object(file);
    config.path("_use_default_values").forEach(key -> config.remove(key.asText()));
    return config;
  }

  /**
   * The object in {@code file}.
   *
   * @throws SdxlException naming the file when there is none
   */
  public static ObjectNode object(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SdxlException(file + ": no such file");
    }
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root == null || !root.isObject()) {
        throw new SdxlException(file + ": not a JSON object");
      }
      return (ObjectNode) root;
    } catch (JsonProcessingException e) {
      throw SdxlException.ofJson(file + ": not JSON", e);
    } catch (IOException e) {
      throw SdxlException.unreadable(file, e);
    }
  }
}
