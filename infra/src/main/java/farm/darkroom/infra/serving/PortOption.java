package farm.darkroom.infra.serving;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The port that a command serves its pages on. Each command has its own default. */
public final class PortOption {
  private static final int MOST_PORTS = 65_535;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      order = 2,
      description = "the address to serve on (default ${DEFAULT-VALUE})")
  private String host;

  /**
   * The address to listen on.
   *
   * @param option that the port was typed as
   * @throws FarmException when there is no such host or port
   */
  public InetSocketAddress port(String option, int port) {
    checkPort(option, port);
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw FarmException.invalidJob("--host %s: there is no such host".formatted(host));
    }
    return address;
  }

  /**
   * Checks a port given on the command line; 0 means any free one.
   *
   * @throws FarmException INVALID_JOB for a number that no port has
   */
  public static void checkPort(String option, int port) {
    if (port < 0 || port > MOST_PORTS) {
      throw FarmException.invalidJob(
          "%s: found %d, allowed: 0 to %d".formatted(option, port, MOST_PORTS));
    }
  }

  /**
   * Opens a server on the given port.
   *
   * @throws FarmException WORKER_UNFIT that names the option when the port is taken
   */
  public static <T> T open(String option, Supplier<T> listening) {
    try {
      return listening.get();
    } catch (FarmException e) {
      throw e.kind() == FailureKind.WORKER_UNFIT
          ? new FarmException(
              e.kind(),
              "%s; %s takes another port, --host another address".formatted(e.getMessage(), option),
              e)
          : e;
    }
  }

  /** Says where people find a page. */
  public void say(CommandSpec command, String what, int port, String path) {
    command.commandLine().getOut().printf("%s at %s%n", what, url(port, path)).flush();
  }

  /** The page's address, for people. */
  private String url(int port, String path) {
    boolean bare = host.contains(":") && !host.startsWith("[");
    return "http://%s:%d%s".formatted(bare ? "[" + host + "]" : host, port, path);
  }
}
