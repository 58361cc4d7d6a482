package farm.darkroom.infra;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** What a {@link FaultyLine} does with one connection. Both sockets are closed afterwards. */
public interface Fault {
  /** Lets everything through. */
  Fault NONE = FaultyLine::joinBothWays;

  /** Hangs up before anything was read. */
  Fault CUT = (client, service) -> {};

  /** Hangs up on what comes with a body; lets everything else through. */
  Fault CUT_PUTS =
      (client, service) -> {
        PushbackInputStream request = new PushbackInputStream(client.getInputStream());
        int method = request.read();
        if (method != 'P') {
          request.unread(method);
          FaultyLine.join(request, service.getOutputStream());
          service.getInputStream().transferTo(client.getOutputStream());
        }
      };

  /** Reads and never answers. */
  Fault SILENT = (client, service) -> drain(client.getInputStream());

  /** Lets the request through and hangs up instead of answering. */
  Fault LOST_ANSWER = Fault::loseAnswer;

  /**
   * Lets so many bytes through, counted both ways, and hangs up in the middle of whatever that is.
   */
  static Fault cutAfter(int bytes) {
    return (client, service) -> {
      Allowance allowance = new Allowance(bytes, client, service);
      FaultyLine.join(client.getInputStream(), allowance.limit(service.getOutputStream()));
      service.getInputStream().transferTo(allowance.limit(client.getOutputStream()));
    };
  }

  /** Lets everything through, each piece a while late. */
  static Fault slow(Duration late) {
    return (client, service) -> {
      FaultyLine.join(client.getInputStream(), service.getOutputStream());
      service.getInputStream().transferTo(new Late(client.getOutputStream(), late));
    };
  }

  /** Lets everything through, with another byte in place of that one of the answers. */
  static Fault damaged(int place) {
    return (client, service) -> {
      FaultyLine.join(client.getInputStream(), service.getOutputStream());
      service.getInputStream().transferTo(new Damaging(client.getOutputStream(), place));
    };
  }

  /** Damages one byte of what it is given. */
  final class Damaging extends FilterOutputStream {
    private int left;

    private Damaging(OutputStream out, int place) {
      super(out);
      this.left = place;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      byte[] passing = Arrays.copyOfRange(bytes, offset, offset + length);
      if (left >= 0 && left < length) {
        passing[left] ^= 1;
      }
      left -= length;
      out.write(passing);
    }
  }

  /** How many bytes may still pass. */
  final class Allowance {
    private final Socket client;
    private final Socket service;
    private int left;

    private Allowance(int left, Socket client, Socket service) {
      this.left = left;
      this.client = client;
      this.service = service;
    }

    private OutputStream limit(OutputStream out) {
      return new FilterOutputStream(out) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          int passing = take(length);
          out.write(bytes, offset, passing);
          if (passing < length) {
            client.close();
            service.close();
          }
        }
      };
    }

    private synchronized int take(int wanted) {
      int taken = Math.min(wanted, left);
      left -= taken;
      return taken;
    }
  }

  /** Writes what it is given a while later. */
  final class Late extends FilterOutputStream {
    private final Duration late;

    private Late(OutputStream out, Duration late) {
      super(out);
      this.late = late;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      LockSupport.parkNanos(late.toNanos());
      out.write(bytes, offset, length);
    }
  }

  void apply(Socket client, Socket service) throws IOException;

  /** Answers every request with this status and an empty body. */
  static Fault answer(int status) {
    return (client, service) -> {
      readHead(client.getInputStream());
      String head =
          "HTTP/1.1 " + status + " Told So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      client.getOutputStream().write(head.getBytes(US_ASCII));
      client.shutdownOutput();
      drain(client.getInputStream());
    };
  }

  private static void loseAnswer(Socket client, Socket service) throws IOException {
    FaultyLine.join(client.getInputStream(), service.getOutputStream());
    InputStream answers = service.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] buffer = new byte[8192];
    int read = answers.read(buffer);
    while (read > 0 && new String(buffer, 0, read, US_ASCII).startsWith("HTTP/1.1 100")) {
      out.write(buffer, 0, read);
      read = answers.read(buffer);
    }
  }

  private static void readHead(InputStream in) throws IOException {
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
    }
  }

  private static void drain(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }
}
