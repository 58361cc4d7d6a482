package farm.darkroom.infra;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A line to a service that can be made bad: a TCP forwarder on a loopback port. Faults count in
 * connections, so a client should make its first call after they are set.
 */
public final class FaultyLine implements AutoCloseable {
  private static final ExecutorService THREADS = Executors.newCachedThreadPool(FaultyLine::daemon);

  private final ServerSocket door;
  private final URI service;
  private final CountDownLatch accepting = new CountDownLatch(1);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private Fault fault = Fault.NONE;
  private Supplier<Fault> weather = () -> Fault.NONE;
  private int left;
  private int connections;

  private FaultyLine(ServerSocket door, URI service) {
    this.door = door;
    this.service = service;
  }

  public static FaultyLine to(URI service) {
    try {
      ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      FaultyLine line = new FaultyLine(door, service);
      THREADS.execute(line::accept);
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  /** The next {@code times} connections suffer {@code what}; those after them pass. */
  public synchronized void next(int times, Fault what) {
    fault = what;
    left = times;
  }

  /** From now on every connection suffers what {@code weather} gives for it. */
  public synchronized void weather(Supplier<Fault> every) {
    weather = every;
    left = 0;
  }

  /** Cuts the connections that are open now. */
  public void cutAll() {
    open.forEach(FaultyLine::closeQuietly);
  }

  public synchronized int connections() {
    return connections;
  }

  /** Returns when nobody listens any more: a port stays open while a thread waits on it. */
  @Override
  public void close() {
    closeQuietly(door);
    try {
      accepting.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Fault fate() {
    connections++;
    return left-- > 0 ? fault : weather.get();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Fault fate = fate();
        THREADS.execute(() -> serve(client, fate));
      } catch (IOException e) {
        closeQuietly(door);
      }
    }
    accepting.countDown();
  }

  private void serve(Socket client, Fault fate) {
    open.add(client);
    try (client;
        Socket upstream = new Socket(service.getHost(), service.getPort())) {
      fate.apply(client, upstream);
    } catch (IOException e) {
      closeQuietly(client);
    } finally {
      open.remove(client);
    }
  }

  static void joinBothWays(Socket client, Socket upstream) throws IOException {
    join(client.getInputStream(), upstream.getOutputStream());
    upstream.getInputStream().transferTo(client.getOutputStream());
  }

  /** Copies until either side ends, in a thread of its own. */
  static void join(InputStream from, OutputStream to) {
    THREADS.execute(
        () -> {
          try (to) {
            from.transferTo(to);
          } catch (IOException e) {
            closeQuietly(to);
          }
        });
  }

  private static void closeQuietly(AutoCloseable open) {
    try {
      open.close();
    } catch (Exception e) {
      throw new IllegalStateException("a socket that does not close", e);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "faulty-line");
    thread.setDaemon(true);
    return thread;
  }
}
