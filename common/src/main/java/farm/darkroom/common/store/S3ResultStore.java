package farm.darkroom.common.store;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The store on an S3-compatible service. Each object carries the SHA-256 of its bytes and the
 * identity of its writer as metadata, so that a writer whose answer was lost knows its own object
 * again. Thread-safe; one instance per process is enough.
 */
public final class S3ResultStore implements ResultStore {
  private static final int PUT_ATTEMPTS = 8;
  private static final Backoff CONFLICTS =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  /** The object is being written or deleted. */
  private static final int CONFLICT = 409;

  /** An object exists. */
  private static final int PRECONDITION_FAILED = 412;

  private final S3Settings settings;
  private final S3Failures failures;
  private final S3Client client;
  private final HeadAnswers heads;
  private final BucketCalls calls;
  private final Backoff conflicts;
  private final String writer = UUID.randomUUID().toString();

  /** Connects lazily: a wrong address shows at the first call. */
  public S3ResultStore(S3Settings settings) {
    this(settings, CONFLICTS);
  }

  /**
   * @param conflicts the waits before a put that met another writer is tried again
   */
  S3ResultStore(S3Settings settings, Backoff conflicts) {
    this.settings = settings;
    this.conflicts = conflicts;
    this.failures = new S3Failures(settings);
    this.client = failures.during("be set up", () -> S3Clients.build(settings));
    this.heads = new HeadAnswers(client, settings.bucket());
    this.calls = new BucketCalls(bucket(), failures);
  }

  /** The bucket itself: creating it, and checking what it can do. */
  public S3Bucket bucket() {
    return new S3Bucket(settings, failures, client);
  }

  @Override
  public Put putIfAbsent(String key, byte[] bytes, String contentType) {
    StoreKeys.check(key);
    Stamp mine = Stamp.of(writer, bytes);
    int met = 0;
    for (int attempt = 1; attempt <= PUT_ATTEMPTS; attempt++) {
      OptionalInt refusal = create(key, bytes, contentType, mine);
      if (refusal.isEmpty()) {
        return Put.CREATED;
      }
      Optional<Stamp> there = stamp(key);
      if (there.isPresent()) {
        return there.get().equals(mine) ? Put.CREATED : Put.EXISTS;
      }
      if (refusal.getAsInt() == CONFLICT) {
        met++;
        pause(key, conflicts.after(met));
      }
    }
    if (met > 0) {
      bucket().verify();
      throw failures.contested(key);
    }
    throw failures.obstructed(key);
  }

  private void pause(String key, Duration wait) {
    try {
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.failure("put " + key, "interrupted", e);
    }
  }

  @Override
  public void put(String key, byte[] bytes, String contentType) {
    if (StoreKeys.check(key).startsWith(StoreKeys.JOBS)) {
      throw new IllegalArgumentException("objects under jobs/ are immutable: " + key);
    }
    PutObjectRequest request = request(key, bytes, contentType, Stamp.of(writer, bytes)).build();
    calls.put(key, () -> client.putObject(request, RequestBody.fromBytes(bytes)));
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    StoreKeys.check(key);
    return calls
        .read("get " + key, () -> downloadWhole(key, maxBytes))
        .map(download -> checked(key, maxBytes, download));
  }

  @Override
  public boolean exists(String key) {
    return stamp(StoreKeys.check(key)).isPresent();
  }

  @Override
  public List<Entry> list(String prefix) {
    return list(prefix, Integer.MAX_VALUE);
  }

  /** Asks for no more than these, a page at a time. */
  @Override
  public List<Entry> list(String prefix, int most) {
    return failures.during(
        "list " + prefix,
        () ->
            client
                .listObjectsV2Paginator(r -> r.bucket(settings.bucket()).prefix(prefix))
                .contents()
                .stream()
                .limit(most)
                .map(object -> new Entry(object.key(), object.size()))
                .toList());
  }

  @Override
  public void delete(String key) {
    StoreKeys.check(key);
    failures.during(
        "delete " + key, () -> client.deleteObject(r -> r.bucket(settings.bucket()).key(key)));
  }

  @Override
  public void close() {
    client.close();
  }

  /** Empty when it was created; else the status of the refusal, which is of this object alone. */
  private OptionalInt create(String key, byte[] bytes, String contentType, Stamp mine) {
    PutObjectRequest request = request(key, bytes, contentType, mine).ifNoneMatch("*").build();
    return calls.put(
        key,
        () -> {
          try {
            client.putObject(request, RequestBody.fromBytes(bytes));
            return OptionalInt.empty();
          } catch (S3Exception e) {
            boolean met = e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT;
            if (!met || S3Failures.isOfOneObject(e)) {
              throw e;
            }
            return OptionalInt.of(e.statusCode());
          }
        });
  }

  private PutObjectRequest.Builder request(
      String key, byte[] bytes, String contentType, Stamp stamp) {
    return PutObjectRequest.builder()
        .bucket(settings.bucket())
        .key(key)
        .contentType(contentType)
        .checksumSHA256(stamp.checksum())
        .metadata(stamp.metadata())
        .overrideConfiguration(o -> o.apiCallTimeout(S3Clients.budget(settings, bytes.length)));
  }

  private Optional<Stamp> stamp(String key) {
    return calls.read(
        "look for " + key,
        () ->
            heads.of(
                () ->
                    Stamp.from(
                        client.headObject(r -> r.bucket(settings.bucket()).key(key)).metadata())));
  }

  /** Reads again what is not as it was put: it may have been damaged on its way. */
  private Download downloadWhole(String key, long maxBytes) {
    Download first = download(key, maxBytes);
    return first.tooLarge() || first.isWhole() ? first : download(key, maxBytes);
  }

  private Download download(String key, long maxBytes) {
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(settings.bucket())
            .key(key)
            .overrideConfiguration(o -> o.apiCallTimeout(S3Clients.budget(settings, maxBytes)))
            .build();
    return client.getObject(request, (answer, body) -> Download.read(answer, body, maxBytes));
  }

  private byte[] checked(String key, long maxBytes, Download download) {
    if (download.tooLarge()) {
      throw FarmException.invalidJob(
          "%s in %s is larger than %d bytes".formatted(key, settings.display(), maxBytes));
    }
    if (!download.isWhole()) {
      throw failures.corrupt(key);
    }
    return download.bytes();
  }
}
