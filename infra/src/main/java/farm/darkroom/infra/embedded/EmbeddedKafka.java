package farm.darkroom.infra.embedded;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real single-node KRaft broker inside this JVM. Its records and the state of its share groups
 * lie in one folder and survive a restart. One broker per folder. Not thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final int NODE = 1;

  private final Path folder;
  private final BrokerAddress address;
  private final int controllerPort;
  private final Map<String, String> overrides;
  private KafkaRaftServer server;

  private EmbeddedKafka(Path folder, BrokerAddress address, Map<String, String> overrides) {
    this.folder = folder.toAbsolutePath();
    this.address = address.port() == 0 ? address.withPort(freePort()) : address;
    this.controllerPort = freePortBut(this.address.port());
    this.overrides = Map.copyOf(overrides);
  }

  /** Starts a broker on a free port of the loopback interface. */
  public static EmbeddedKafka start(Path folder) {
    return start(folder, 0, Map.of());
  }

  /** Starts a broker on the loopback interface. */
  public static EmbeddedKafka start(Path folder, int port, Map<String, String> overrides) {
    return start(folder, BrokerAddress.local(port), overrides);
  }

  /**
   * Starts a broker and returns when it serves.
   *
   * @param folder what it keeps; formatted when it is new. Deleting it under a running broker ends
   *     the whole JVM
   * @param address where clients connect; its users are those of the folder's first start
   * @param overrides broker properties of the caller's own, such as other listeners
   * @throws FarmException QUEUE_UNAVAILABLE when it cannot start: port taken, folder in use
   */
  public static EmbeddedKafka start(
      Path folder, BrokerAddress address, Map<String, String> overrides) {
    EmbeddedKafka kafka = new EmbeddedKafka(folder, address, overrides);
    kafka.requireFolderFree();
    boolean fresh = kafka.format();
    kafka.start();
    if (fresh && address.security().isEmpty()) {
      kafka.createCoordinatorTopics();
    }
    return kafka;
  }

  /**
   * What to do before a broker that cannot write to its folder halts this JVM, for which nothing is
   * closed and no shutdown hook runs. The broker may still be writing.
   */
  public static void beforeHalt(Runnable deed) {
    HaltReason.atLast(deed);
  }

  /** Where clients connect, as {@code host:port}. */
  public String bootstrap() {
    return address.host() + ":" + address.port();
  }

  public int port() {
    return address.port();
  }

  /** Starts a stopped broker again, on the same port with what its folder holds. */
  public void start() {
    requirePortFree();
    requireFolderFree();
    HaltReason.announce(folder);
    KafkaRaftServer next =
        new KafkaRaftServer(KafkaConfig.fromProps(properties().toProperties()), Time.SYSTEM);
    try {
      next.startup();
    } catch (RuntimeException | Error e) {
      next.shutdown(); // without it some 17 threads stay and keep the JVM alive
      throw unavailable("Kafka does not start in " + folder + ": " + e.getMessage(), e);
    }
    server = next;
  }

  /** Stops it cleanly; what it holds stays in the folder. */
  public void stop() {
    if (server != null) {
      server.shutdown();
      server.awaitShutdown();
      server = null;
    }
  }

  @Override
  public void close() {
    stop();
  }

  private BrokerProperties properties() {
    return new BrokerProperties(NODE, folder, address, controllerPort, overrides);
  }

  private void createCoordinatorTopics() {
    try {
      CoordinatorTopics.create(bootstrap());
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  /** Returns whether the folder is a new one. */
  private boolean format() {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return false;
    }
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
            .setNodeId(NODE)
            .setClusterId(Uuid.randomUuid().toString())
            .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
            .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
            .setControllerListenerName(BrokerProperties.CONTROLLER)
            .setDirectories(List.of(folder.toString()))
            .setMetadataLogDirectory(folder.toString());
    address.security().map(SaslSsl::scramArguments).ifPresent(formatter::setScramArguments);
    try {
      formatter.run();
      return true;
    } catch (Exception e) {
      throw unavailable("Kafka cannot format " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Checks that the port is free: Kafka's own bind error would only appear in its log. */
  private void requirePortFree() {
    InetAddress host = address();
    try (ServerSocket socket = new ServerSocket(address.port(), 1, host)) {
      socket.setReuseAddress(true);
    } catch (IOException e) {
      throw unavailable(
          "port %d on %s is taken, or it is no address of this machine; --kafka-port takes another one (%s)"
              .formatted(address.port(), address.host(), e.getMessage()),
          e);
    }
  }

  /** Refuses a folder that another broker uses, for which Kafka would log a whole stack trace. */
  private void requireFolderFree() {
    createFolder();
    try (FileChannel lock =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock free = lock.tryLock()) {
      if (free == null) {
        throw inUse(null);
      }
    } catch (OverlappingFileLockException e) {
      throw inUse(e);
    } catch (IOException e) {
      throw unavailable("Kafka cannot write in " + folder + ": " + DiskReason.of(e), e);
    }
  }

  private void createFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unavailable("Kafka cannot make the folder " + folder + ": " + DiskReason.of(e), e);
    }
  }

  private FarmException inUse(Throwable cause) {
    return unavailable(
        "Kafka does not start in "
            + folder
            + ": another one uses it, such as that of a 'darkroom up' that is still running",
        cause);
  }

  private InetAddress address() {
    try {
      return InetAddress.getByName(address.host());
    } catch (UnknownHostException e) {
      throw unavailable("there is no host " + address.host(), e);
    }
  }

  /** The system may offer the same one twice. */
  private static int freePortBut(int taken) {
    int port = freePort();
    return port == taken ? freePortBut(taken) : port;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FarmException unavailable(String message, Throwable cause) {
    return new FarmException(FailureKind.QUEUE_UNAVAILABLE, message, cause);
  }
}
