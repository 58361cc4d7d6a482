package farm.darkroom.infra.embedded;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Where the embedded broker listens, and how clients speak to it.
 *
 * @param host an address of this machine, which clients are told as well
 * @param port 0 for a free one
 * @param security empty for an open broker without TLS
 */
public record BrokerAddress(String host, int port, Optional<SaslSsl> security) {
  /** The loopback address, out of reach of other machines. */
  public static final String LOOPBACK = "127.0.0.1";

  public BrokerAddress {
    requireNonNull(host, "host");
    requireNonNull(security, "security");
  }

  /** The loopback address, in clear. */
  public static BrokerAddress local(int port) {
    return new BrokerAddress(LOOPBACK, port, Optional.empty());
  }

  BrokerAddress withPort(int other) {
    return new BrokerAddress(host, other, security);
  }

  /** The listener's name, which is its protocol. */
  String listener() {
    return security.isPresent() ? "SASL_SSL" : "PLAINTEXT";
  }
}
