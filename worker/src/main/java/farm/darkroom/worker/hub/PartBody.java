package farm.darkroom.worker.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Writes a response body into a file at an offset, without holding it on the heap. */
final class PartBody implements BodySubscriber<Void> {
  private static final int HTTP_OK = 200;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final AtomicLong written = new AtomicLong();
  private final FileChannel file;
  private final long begin;
  private final long length;
  private final LongConsumer received;
  private Flow.Subscription subscription;

  /**
   * @param begin where in the file
   * @param length of what was asked for; more than that is a fault
   * @param received is told how many bytes came, as they come
   */
  PartBody(FileChannel file, long begin, long length, LongConsumer received) {
    this.file = file;
    this.begin = begin;
    this.length = length;
    this.received = received;
  }

  /** Handles the body of responses with this status, and discards all others. */
  BodyHandler<Void> on(int status) {
    return answer -> {
      if (answer.statusCode() == status) {
        return this;
      }
      return answer.statusCode() == HTTP_OK ? new Unread() : BodySubscribers.replacing(null);
    };
  }

  /** A body that may be long and is not wanted: the connection is closed. */
  private static final class Unread implements BodySubscriber<Void> {
    @Override
    public CompletionStage<Void> getBody() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
      begun.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
      // none was asked for
    }

    @Override
    public void onError(Throwable failure) {
      // nobody waits for it
    }

    @Override
    public void onComplete() {
      // nobody waits for it
    }
  }

  /** How many bytes are in the file so far. */
  long written() {
    return written.get();
  }

  @Override
  public CompletionStage<Void> getBody() {
    return end;
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    begun.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer bytes : buffers) {
      if (!write(bytes)) {
        subscription.cancel();
        return;
      }
    }
    subscription.request(1);
  }

  /** Writes the bytes; if that fails, ends the body and returns false. */
  private boolean write(ByteBuffer bytes) {
    int count = bytes.remaining();
    if (written.get() + count > length) {
      end.completeExceptionally(new IOException("more comes than was asked for"));
      return false;
    }
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes, begin + written.get() + count - bytes.remaining());
      }
    } catch (IOException e) {
      end.completeExceptionally(DiskFailure.of("the download", e));
      return false;
    }
    written.addAndGet(count);
    received.accept(count);
    return true;
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    if (written.get() < length) {
      end.completeExceptionally(
          new IOException("cut off after %d of %d bytes".formatted(written.get(), length)));
    } else {
      end.complete(null);
    }
  }
}
