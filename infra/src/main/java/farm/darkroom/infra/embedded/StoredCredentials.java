package farm.darkroom.infra.embedded;

import farm.darkroom.common.store.S3Credentials;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** The embedded store's key pair: drawn once, then read from a file that only its owner reads. */
final class StoredCredentials {
  private static final String FILE = "credentials.properties";
  private static final SecureRandom RANDOM = new SecureRandom();

  private StoredCredentials() {}

  static S3Credentials in(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      write(file);
    }
    Properties pair = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      pair.load(reader);
    }
    return S3Credentials.of(pair.getProperty("access-key", ""), pair.getProperty("secret-key", ""));
  }

  /** A temporary file is its owner's alone from the start, where the file system knows owners. */
  private static void write(Path file) throws IOException {
    Properties pair = new Properties();
    pair.setProperty("access-key", "darkroom-" + random(4));
    pair.setProperty("secret-key", random(20));
    Path draft = Files.createTempFile(file.getParent(), FILE, ".tmp");
    try (Writer writer = Files.newBufferedWriter(draft)) {
      pair.store(writer, null);
    }
    Files.move(draft, file);
  }

  private static String random(int bytes) {
    byte[] drawn = new byte[bytes];
    RANDOM.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }
}
