package farm.darkroom.infra;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** What a {@link FaultyLine} does with one connection. Both sockets are closed afterwards. */
interface Fault {
  /** Lets everything through. */
  Fault NONE = FaultyLine::joinBothWays;

  /** Hangs up before anything was read. */
  Fault CUT = (client, service) -> {};

  /** Reads and never answers. */
  Fault SILENT = (client, service) -> drain(client.getInputStream());

  /** Lets the request through and hangs up instead of answering. */
  Fault LOST_ANSWER = Fault::loseAnswer;

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
