package farm.darkroom.common.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads resources that are packaged beside a class. */
public final class Resources {
  private Resources() {}

  /** The resource {@code name} in the package of {@code beside}, which must be there. */
  public static JsonNode json(Class<?> beside, String name) {
    return Json.parse(bytes(beside, name));
  }

  /** A resource as UTF-8 text. */
  public static String text(Class<?> beside, String name) {
    return new String(bytes(beside, name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name + " beside " + beside.getName());
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
