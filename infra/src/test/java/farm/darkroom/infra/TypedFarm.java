package farm.darkroom.infra;

import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import java.io.IOException;
import java.nio.file.Path;

/** A broker and a store in this JVM, and somebody who types commands to them. */
final class TypedFarm implements AutoCloseable {
  private final EmbeddedKafka kafka;
  private final EmbeddedS3 s3;
  private final S3Settings store;
  private final Path file;

  TypedFarm(Path folder, String bucket) throws IOException {
    kafka = EmbeddedKafka.start(folder.resolve("kafka"));
    s3 = EmbeddedS3.start(folder.resolve("s3"));
    store = s3.settings(bucket);
    file = Typed.farmFile(folder.resolve("farm.env"), kafka.bootstrap(), store);
  }

  Typed type(String... typed) {
    return Typed.on(file, typed);
  }

  KafkaSettings kafka() {
    return KafkaSettings.of(kafka.bootstrap());
  }

  S3Settings s3() {
    return store;
  }

  S3ResultStore store() {
    return new S3ResultStore(store);
  }

  @Override
  public void close() {
    s3.close();
    kafka.close();
  }
}
