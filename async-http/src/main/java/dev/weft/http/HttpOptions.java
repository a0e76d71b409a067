package dev.weft.http;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What clients of a {@link HttpServer} may send, and how long they may take. Immutable; each method
 * makes a copy with one thing changed:
 *
 * <pre>{@code
 * HttpOptions options =
 *     HttpOptions.defaults().bodyLimit(10 << 20).idleTimeout(Duration.ofSeconds(20));
 * HttpServer server = HttpServer.start(executor, listener, handler, options);
 * }</pre>
 *
 * <p>The defaults suit a server that strangers can reach.
 *
 * @param headLimit how long the request line and the fields may be together, in bytes; the line
 *     half of it. 16 KiB; 414 and 431 beyond. Node has the same, nginx 8 KiB for each line, Go 1
 *     MiB
 * @param bodyLimit how long a body may be, in bytes. 1 MiB, as with nginx; 413 beyond
 * @param headTimeout how long a head may take from its first byte, and the first one of a
 *     connection from its accept on. 10 s; 408 then, if some of it has come, and the end. nginx and
 *     Node have 60 s; Go has none
 * @param bodyTimeout how long a client may send nothing of a body that is being read. 30 s; 408
 *     then, and the end. nginx has 60 s
 * @param idleTimeout how long a connection is kept on which no request comes. 60 s; nginx has 75 s,
 *     Node 5 s
 * @param writeTimeout how long a client may take nothing of an answer that waits for it. 60 s, as
 *     with nginx; it is reset then
 * @param requestLimit how many requests a connection may have: a balancer then spreads clients
 *     anew. 1,000, as with nginx
 * @param streamLimit how many requests an HTTP/2 connection may have at a time. 100, which RFC 9113
 *     calls the least that is sensible
 * @param http2 whether HTTP/2 is spoken with clients that want it
 * @param accessLog is given each exchange when it is over, on a thread of its own, so it may block:
 *     entries are dropped, which is logged, rather than waited for. None by default
 */
public record HttpOptions(
    int headLimit,
    long bodyLimit,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration writeTimeout,
    int requestLimit,
    int streamLimit,
    boolean http2,
    @Nullable Consumer<? super AccessLogEntry> accessLog) {
  /** The least that a head can be limited to: a browser's has about 1 KiB. */
  private static final int LEAST_HEAD = 256;

  private static final HttpOptions DEFAULTS =
      new HttpOptions(
          16 * 1024,
          1 << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          1000,
          100,
          true,
          null);

  /** Checks the values. */
  public HttpOptions {
    atLeast("headLimit", LEAST_HEAD, headLimit);
    atLeast("bodyLimit", 0, bodyLimit);
    moreThanNothing("headTimeout", headTimeout);
    moreThanNothing("bodyTimeout", bodyTimeout);
    moreThanNothing("idleTimeout", idleTimeout);
    moreThanNothing("writeTimeout", writeTimeout);
    atLeast("requestLimit", 1, requestLimit);
    atLeast("streamLimit", 1, streamLimit);
  }

  /** What is said above. */
  public static HttpOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another {@link #headLimit()}. */
  public HttpOptions headLimit(int bytes) {
    return new HttpOptions(
        bytes,
        bodyLimit,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        writeTimeout,
        requestLimit,
        streamLimit,
        http2,
        accessLog);
  }

  /** These options with another {@link #bodyLimit()}. */
  public HttpOptions bodyLimit(long bytes) {
    return new HttpOptions(
        headLimit,
        bytes,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        writeTimeout,
        requestLimit,
        streamLimit,
        http2,
        accessLog);
  }

  /** These options with another {@link #headTimeout()}. */
  public HttpOptions headTimeout(Duration timeout) {
    return new HttpOptions(
        headLimit,
        bodyLimit,
        timeout,
        bodyTimeout,
        idleTimeout,
        writeTimeout,
        requestLimit,
        streamLimit,
        http2,
        accessLog);
  }

  /** These options with another {@link #bodyTimeout()}. */
  public HttpOptions bodyTimeout(Duration timeout) {
    return new HttpOptions(
        headLimit,
        bodyLimit,
        headTimeout,
        timeout,
        idleTimeout,
        writeTimeout,
        requestLimit,
        streamLimit,
        http2,
        accessLog);
  }

  /** These options with another {@link #idleTimeout()}. */
  public HttpOptions idleTimeout(Duration timeout) {
    return new HttpOptions(
        headLimit,
        bodyLimit,
        headTimeout,
        bodyTimeout,
        timeout,
        writeTimeout,
        requestLimit,
        streamLimit,
        http2,
        accessLog);
  }

  /** These options with another {@link #writeTimeout()}. */
  public HttpOptions writeTimeout(Duration timeout) {
    return new HttpOptions(
        headLimit,
        bodyLimit,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        timeout,
        requestLimit,
        streamLimit,
        http2,
        accessLog);
  }

  /** These options with another {@link #requestLimit()}. */
  public HttpOptions requestLimit(int number) {
    return new HttpOptions(
        headLimit,
        bodyLimit,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        writeTimeout,
        number,
        streamLimit,
        http2,
        accessLog);
  }

  /** These options with another {@link #streamLimit()}. */
  public HttpOptions streamLimit(int number) {
    return new HttpOptions(
        headLimit,
        bodyLimit,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        writeTimeout,
        requestLimit,
        number,
        http2,
        accessLog);
  }

  /** These options with or without {@link #http2()}. */
  public HttpOptions http2(boolean on) {
    return new HttpOptions(
        headLimit,
        bodyLimit,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        writeTimeout,
        requestLimit,
        streamLimit,
        on,
        accessLog);
  }

  /** These options with another {@link #accessLog()}. */
  public HttpOptions accessLog(@Nullable Consumer<? super AccessLogEntry> log) {
    return new HttpOptions(
        headLimit,
        bodyLimit,
        headTimeout,
        bodyTimeout,
        idleTimeout,
        writeTimeout,
        requestLimit,
        streamLimit,
        http2,
        log);
  }

  private static void atLeast(String name, long least, long value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }

  private static void moreThanNothing(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be more than nothing, not " + value);
    }
  }
}
