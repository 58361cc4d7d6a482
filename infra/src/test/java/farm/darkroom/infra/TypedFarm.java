package farm.darkroom.infra;

import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import farm.darkroom.infra.embedded.EmbeddedS3;
import farm.darkroom.submitter.farm.Farm;
import java.io.IOException;
import java.nio.file.Path;

/** A broker and a store in this JVM, and somebody who types commands to them. */
final class TypedFarm implements AutoCloseable {
  private final EmbeddedKafka kafka;
  private final EmbeddedS3 s3;
  private final Farm farm;
  private final Path file;

  TypedFarm(Path folder, String bucket) throws IOException {
    kafka = EmbeddedKafka.start(folder.resolve("kafka"));
    s3 = EmbeddedS3.start(folder.resolve("s3"));
    KafkaSettings settings = KafkaSettings.of(kafka.bootstrap());
    farm = new Farm(settings, s3.settings(bucket), QueueNames.DEFAULT_QUEUE);
    file = Typed.farmFile(folder.resolve("farm.env"), farm);
  }

  Typed type(String... typed) {
    return Typed.on(file, typed);
  }

  /** The same farm as commands see it. */
  Farm farm() {
    return farm;
  }

  KafkaSettings kafka() {
    return farm.kafka();
  }

  @Override
  public void close() {
    s3.close();
    kafka.close();
  }
}
