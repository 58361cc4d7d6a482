package farm.darkroom.common.page;

import java.nio.charset.StandardCharsets;

/** An HTTP response of a {@link PageServer}. Immutable. */
public final class Page {
  private static final int OK = 200;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;
  private static final String LINE = "text/plain; charset=utf-8";
  private static final String PNG = "image/png";
  private final int status;
  private final String type;
  private final byte[] body;
  private final boolean lasting;

  private Page(int status, String type, byte[] body, boolean lasting) {
    this.status = status;
    this.type = type;
    this.body = body;
    this.lasting = lasting;
  }

  /** One line. */
  public static Page line(String line) {
    return text(OK, LINE, line + "\n");
  }

  /** Nothing is there, with what is. */
  public static Page notFound(String line) {
    return text(NOT_FOUND, LINE, line + "\n");
  }

  /** It cannot be said now, with why. */
  public static Page unavailable(String line) {
    return text(UNAVAILABLE, LINE, line + "\n");
  }

  static Page forbidden(String line) {
    return text(FORBIDDEN, LINE, line + "\n");
  }

  static Page notAllowed(String line) {
    return text(NOT_ALLOWED, LINE, line + "\n");
  }

  /** A JSON object. */
  public static Page json(String object) {
    return text(OK, "application/json", object + "\n");
  }

  /** Metrics in Prometheus' text format. */
  public static Page metrics(String scraped) {
    return text(OK, "text/plain; version=0.0.4; charset=utf-8", scraped);
  }

  /** A page for people. */
  public static Page html(String html) {
    return text(OK, "text/html; charset=utf-8", html);
  }

  /** What a page for people does. */
  public static Page script(String javascript) {
    return text(OK, "text/javascript; charset=utf-8", javascript);
  }

  /** A picture; asked for with a query, which names it, it is this one for ever. */
  public static Page png(byte[] png) {
    return new Page(OK, PNG, png.clone(), true);
  }

  /** A picture in whose place another will be, whatever it is asked for with. */
  public static Page passingPng(byte[] png) {
    return new Page(OK, PNG, png.clone(), false);
  }

  private static Page text(int status, String type, String body) {
    return new Page(status, type, body.getBytes(StandardCharsets.UTF_8), false);
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** The body of what is no picture. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  String type() {
    return type;
  }

  /** The array itself, which must not be modified. */
  byte[] body() {
    return body;
  }

  /** Whether a client that asked for it with a query may cache it. */
  boolean isLasting() {
    return lasting;
  }
}
