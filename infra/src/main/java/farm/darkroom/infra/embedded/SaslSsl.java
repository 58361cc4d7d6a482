package farm.darkroom.infra.embedded;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A broker that speaks TLS only and lets in whom it knows, by SCRAM-SHA-512. It speaks to itself in
 * the same way, as the first of its users.
 *
 * @param keystore PKCS12 with the broker's key and, as a trusted certificate, who signed it
 * @param keystorePassword of the store and the key in it
 * @param users passwords by user name; at least one
 */
public record SaslSsl(Path keystore, String keystorePassword, Map<String, String> users) {
  private static final String MECHANISM = "SCRAM-SHA-512";

  public SaslSsl {
    requireNonNull(keystore, "keystore");
    requireNonNull(keystorePassword, "keystorePassword");
    users = new TreeMap<>(users);
    if (users.isEmpty()) {
      throw new IllegalArgumentException("a broker that lets nobody in");
    }
  }

  /** What the broker's folder is formatted with. */
  List<String> scramArguments() {
    return users.entrySet().stream()
        .map(
            user -> "%s=[name=%s,password=%s]".formatted(MECHANISM, user.getKey(), user.getValue()))
        .toList();
  }

  Map<String, String> brokerProperties() {
    Map<String, String> properties = new HashMap<>();
    properties.put("inter.broker.listener.name", "SASL_SSL");
    properties.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
    properties.put("sasl.enabled.mechanisms", MECHANISM);
    properties.put("listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config", login());
    for (String store : List.of("keystore", "truststore")) {
      properties.put("ssl." + store + ".type", "PKCS12");
      properties.put("ssl." + store + ".location", keystore.toString());
      properties.put("ssl." + store + ".password", keystorePassword);
    }
    properties.put("ssl.key.password", keystorePassword);
    return properties;
  }

  private String login() {
    Map.Entry<String, String> first = users.entrySet().iterator().next();
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
        .formatted(first.getKey(), first.getValue());
  }

  /** Names, never passwords. */
  @Override
  public String toString() {
    return users.keySet().stream().collect(Collectors.joining(", ", "SASL_SSL for ", ""));
  }
}
