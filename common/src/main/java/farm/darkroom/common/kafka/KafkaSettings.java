package farm.darkroom.common.kafka;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Where the broker is and how to speak to it.
 *
 * @param bootstrap {@code host:port}, several separated by commas
 * @param properties Kafka's own client properties (TLS, SASL); they may hold secrets
 * @param patience after how long a call without an answer fails
 */
public record KafkaSettings(String bootstrap, Map<String, String> properties, Duration patience) {
  public static final String DEFAULT_BOOTSTRAP = "localhost:9092";
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(8);
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:]+]|[^\\s:,/\\[\\]]+):(\\d{1,5})");

  public KafkaSettings {
    requireNonNull(bootstrap, "bootstrap");
    properties = Map.copyOf(properties);
    if (patience.isNegative() || patience.isZero()) {
      throw refused("patience must be positive, found " + patience);
    }
    for (String address : bootstrap.split(",", -1)) {
      if (!ADDRESS.matcher(address.strip()).matches()) {
        throw refused("'%s' is no broker address such as localhost:9092".formatted(bootstrap));
      }
    }
  }

  public static KafkaSettings of(String bootstrap) {
    return new KafkaSettings(bootstrap, Map.of(), DEFAULT_PATIENCE);
  }

  /**
   * Settings from flags, then variables, then defaults: {@code kafka} ({@code DARKROOM_KAFKA}) is
   * the address, {@code kafka-properties} ({@code DARKROOM_KAFKA_PROPERTIES}) a properties file,
   * whose {@code bootstrap.servers} counts where no address is given.
   *
   * @param flags what was typed, by those names; a name that was not typed is absent
   * @throws FarmException QUEUE_UNAVAILABLE that says which setting is wrong
   */
  public static KafkaSettings resolve(Map<String, String> flags, Map<String, String> environment) {
    Map<String, String> properties =
        find("kafka-properties", flags, environment)
            .map(name -> read(Path.of(name)))
            .orElse(Map.of());
    String bootstrap =
        find("kafka", flags, environment)
            .or(() -> Optional.ofNullable(properties.get("bootstrap.servers")))
            .orElse(DEFAULT_BOOTSTRAP);
    return new KafkaSettings(bootstrap, properties, DEFAULT_PATIENCE);
  }

  public KafkaSettings withPatience(Duration other) {
    return new KafkaSettings(bootstrap, properties, other);
  }

  /** Omits the properties, which may hold secrets. */
  @Override
  public String toString() {
    return "Kafka at " + bootstrap;
  }

  private static Optional<String> find(
      String name, Map<String, String> flags, Map<String, String> environment) {
    String variable = "DARKROOM_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    return Optional.ofNullable(flags.get(name))
        .or(() -> Optional.ofNullable(environment.get(variable)))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new FarmException(
          FailureKind.QUEUE_UNAVAILABLE,
          "Kafka settings: cannot read the properties file %s: %s"
              .formatted(file, DiskReason.of(e)),
          e);
    }
    Map<String, String> found = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> found.put(name, properties.getProperty(name)));
    return found;
  }

  private static FarmException refused(String what) {
    return new FarmException(FailureKind.QUEUE_UNAVAILABLE, "Kafka settings: " + what);
  }
}
