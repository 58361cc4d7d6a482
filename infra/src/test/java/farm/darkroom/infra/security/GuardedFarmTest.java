package farm.darkroom.infra.security;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.infra.embedded.BrokerAddress;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import farm.darkroom.infra.embedded.EmbeddedS3;
import farm.darkroom.infra.embedded.SaslSsl;
import farm.darkroom.infra.security.Shell.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** TLS and SCRAM to Kafka, TLS to S3, by files and flags as a user writes them. */
@Timeout(240)
class GuardedFarmTest {
  private static final String PASSWORD = "kafka-hush-4711";
  private static final String STORE_PASSWORD = "store-hush-4711";

  @TempDir static Path folder;
  private static SelfSigned trusted;
  private static SelfSigned stranger;
  private static EmbeddedKafka kafka;
  private static EmbeddedS3 s3;
  private static Shell shell;

  @BeforeAll
  static void up() throws Exception {
    trusted = SelfSigned.make(folder, "trusted", STORE_PASSWORD);
    stranger = SelfSigned.make(folder, "stranger", STORE_PASSWORD);
    SaslSsl security = new SaslSsl(trusted.keystore(), STORE_PASSWORD, Map.of("ada", PASSWORD));
    BrokerAddress address = new BrokerAddress("127.0.0.1", 0, Optional.of(security));
    kafka = EmbeddedKafka.start(folder.resolve("kafka"), address, Map.of());
    s3 = EmbeddedS3.start(folder.resolve("s3"), "127.0.0.1", trusted.keystore(), STORE_PASSWORD);
    shell = new Shell(folder, variables(trusted.pem()));
    assertThat(s3.endpoint()).hasScheme("https");
    Answer init = shell.run("init", "--kafka-properties", client(PASSWORD, trusted).toString());
    assertThat(init.code()).as(init.err()).isZero();
  }

  @AfterAll
  static void down() {
    s3.close();
    kafka.close();
  }

  @Test
  void aPictureGoesThroughTlsAndScramFromSubmitToStatus() throws Exception {
    String properties = client(PASSWORD, trusted).toString();
    Answer submit =
        shell.run(
            "submit",
            "--kafka-properties",
            properties,
            "--prompt=a red cube",
            "--steps=2",
            "--width=64",
            "--height=64",
            "--batch=guarded");
    assertThat(submit.code()).as(submit.err()).isZero();
    Process worker =
        shell.start("worker", "worker", "--kafka-properties", properties, "--threads", "1");
    try {
      Answer watch = shell.run("watch", "--kafka-properties", properties, "guarded");
      assertThat(watch.code()).as(watch.err()).isZero();
    } finally {
      worker.destroyForcibly().waitFor();
    }
    Answer status = shell.run("status", "--kafka-properties", properties, "guarded", "--json");
    assertThat(status.out()).as(status.err()).contains("\"stored\":1");
  }

  @Test
  void aWrongPasswordIsOneLine() throws Exception {
    String wrong = client("kafka-guess-0815", trusted).toString();
    for (String command : new String[] {"status", "worker"}) {
      Answer answer = shell.run(command, "--kafka-properties", wrong);
      refused(answer, "the broker refused the connection's credentials");
    }
  }

  @Test
  void anUntrustedBrokerIsOneLine() throws Exception {
    Answer answer =
        shell.run("status", "--kafka-properties", client(PASSWORD, stranger).toString());
    refused(answer, "no trusted TLS connection");
    assertThat(answer.err()).contains("ssl.truststore");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void speakingInClearToATlsBrokerIsOneLine() throws Exception {
    refused(shell.run("status"), "security.protocol");
  }

  @Test
  void aTruststoreThatIsNotThereIsOneLine() throws Exception {
    Path file = client(PASSWORD, trusted);
    String lost = Files.readString(file).replace(trusted.pem().toString(), "/nowhere/ca.pem");
    Files.writeString(file, lost);
    refused(shell.run("status", "--kafka-properties", file.toString()), "/nowhere/ca.pem");
  }

  @Test
  void anUntrustedStoreIsOneLine() throws Exception {
    Shell trusting = new Shell(folder, variables(stranger.pem()));
    String properties = client(PASSWORD, trusted).toString();
    refused(trusting.run("init", "--kafka-properties", properties), "no trusted TLS connection");
    Answer worker = trusting.run("worker", "--kafka-properties", properties);
    refused(worker, "no trusted TLS connection", "--s3-ca");
  }

  @Test
  void aCaFileWithoutCertificatesIsOneLine() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    String properties = client(PASSWORD, trusted).toString();
    Answer answer =
        shell.run("init", "--kafka-properties", properties, "--s3-ca", empty.toString());
    refused(answer, "empty.pem holds no certificates in PEM");
  }

  private static void refused(Answer answer, String... because) {
    String said = answer.out() + answer.err();
    assertThat(answer.err()).hasLineCount(1).contains(because);
    assertThat(answer.code()).as(said).isEqualTo(2);
    assertThat(said).doesNotContain("hush", "guess", "\tat ");
  }

  private static Map<String, String> variables(Path authorities) {
    var credentials = s3.settings("darkroom").credentials().orElseThrow();
    return Map.of(
        "DARKROOM_KAFKA",
        kafka.bootstrap(),
        "DARKROOM_S3_ENDPOINT",
        s3.endpoint().toString(),
        "DARKROOM_S3_CA",
        authorities.toString(),
        "DARKROOM_S3_ACCESS_KEY",
        credentials.accessKey(),
        "DARKROOM_S3_SECRET_KEY",
        credentials.secretKey());
  }

  /** A file as Kafka's own tools take it. */
  private static Path client(String password, SelfSigned trust) throws IOException {
    return Files.writeString(
        Files.createTempFile(folder, "client", ".properties"),
        """
        security.protocol=SASL_SSL
        sasl.mechanism=SCRAM-SHA-512
        sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
          username="ada" password="%s";
        ssl.truststore.type=PEM
        ssl.truststore.location=%s
        """
            .formatted(password, trust.pem()));
  }
}
