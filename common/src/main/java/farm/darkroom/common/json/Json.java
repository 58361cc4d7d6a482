package farm.darkroom.common.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Parses JSON from outside: UTF-8 only, one value, no key twice, no NaN, bounded depth and numbers.
 * Thread-safe.
 */
public final class Json {
  private static final ObjectMapper MAPPER = mapper();

  /** Advice in Jackson's messages that is meant for programmers. */
  private static final Pattern ADVICE =
      Pattern.compile(
          ": enable `.*|, from `[^`]*`| \\(code \\d+(?: / 0x[0-9a-f]+)?\\)| \\(not recognized .*\\)");

  private static final Pattern PLACE =
      Pattern.compile("\\[Source: .*?; (line: \\d+, column: \\d+)]");

  private Json() {}

  /**
   * Parses UTF-8.
   *
   * @throws FarmException INVALID_JOB when {@code bytes} are not one strict JSON value
   */
  public static JsonNode parse(byte[] bytes) {
    return parse(decode(bytes));
  }

  /**
   * Parses text.
   *
   * @throws FarmException INVALID_JOB when {@code text} is not one strict JSON value
   */
  public static JsonNode parse(String text) {
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node == null || node.isMissingNode()) {
        throw FarmException.invalidJob("not JSON: nothing there, allowed: one JSON object");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw FarmException.invalidJob("not JSON" + place(e.getLocation()) + ": " + firstLine(e));
    }
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(400).build())
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw FarmException.invalidJob("not JSON: the bytes are no UTF-8 text");
    }
  }

  private static String place(JsonLocation at) {
    if (at == null) {
      return "";
    }
    String line = at.getLineNr() > 1 ? "line " + at.getLineNr() + ", " : "";
    return " at " + line + "column " + at.getColumnNr();
  }

  private static String firstLine(JsonProcessingException e) {
    String line = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    if (line.startsWith("Trailing token")) {
      return "there is more after the first value, allowed: one";
    }
    String plain = ADVICE.matcher(line).replaceAll("");
    return Found.printable(PLACE.matcher(plain).replaceAll("$1"), 160);
  }
}
