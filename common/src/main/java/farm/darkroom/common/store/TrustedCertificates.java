package farm.darkroom.common.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Loads the user's own certificate authorities from a PEM file. */
final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * Trusts what these certificates signed, and nothing else.
   *
   * @throws farm.darkroom.common.FarmException STORE_UNAVAILABLE when the file holds none
   */
  static TrustManager[] trustManagers(Path pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate authority : read(pem)) {
        store.setCertificateEntry("authority-" + count++, authority);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (NoSuchFileException e) {
      throw S3Settings.refused("certificate authorities: there is no file " + pem);
    } catch (IOException | GeneralSecurityException e) {
      throw S3Settings.refused("%s holds no certificates in PEM (%s)".formatted(pem, reason(e)));
    }
  }

  private static Iterable<? extends Certificate> read(Path pem)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> authorities =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (authorities.isEmpty()) {
        throw new IOException("it is empty");
      }
      return authorities;
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
