package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.WorkStealingExecutor;
import dev.weft.http.HttpOptions;
import dev.weft.http.HttpServer;
import dev.weft.net.ListenOptions;
import dev.weft.net.TcpListener;
import dev.weft.net.Transport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves a page on which one sees, in a browser, what a program's tasks do: which there are, where
 * each waits, and for how long; what the workers do; slow polls and deadlocks.
 *
 * <pre>{@code
 * Inspector.start(9090); // then open http://127.0.0.1:9090/
 * }</pre>
 *
 * <p>Nothing can be changed through the page, but it tells names, lines and addresses of the
 * program. So it is for programs of the same machine, that is, on the loopback, and refuses
 * requests that come by another name. An {@linkplain Builder#host address that others reach} needs
 * a {@linkplain Builder#token token}.
 *
 * <p><b>Costs:</b> nothing runs while no page is open. While one is, the inspector looks at all
 * tasks now and then: after a look that has taken t of CPU time, not before 150 t have passed,
 * however many pages there are; so it takes about 2 % of one processor. What tasks do themselves is
 * not made slower by it.
 *
 * <p><b>Threads:</b> it runs on an executor of its own, with one worker, a daemon: so it answers
 * while all workers of the program are stuck, which is when one wants to know; its own work is in
 * no figure of the program's executors; and it keeps neither these nor the JVM from ending. Without
 * requests that worker sleeps, without a timer. Every method may be called from any thread.
 */
public final class Inspector implements AutoCloseable {
  /** Browsers open six to a host; a few pages, and some that have not been closed yet. Guessed. */
  private static final int CONNECTIONS = 64;

  /** For the buffers of these connections: an answer has some 50 KiB at most. Guessed. */
  private static final long MEMORY = 8 << 20;

  private static final HttpOptions OPTIONS =
      HttpOptions.defaults().headLimit(8 * 1024).bodyLimit(0).http2(false);

  private final WorkStealingExecutor own;
  private final HttpServer server;
  private final URI address;

  private Inspector(WorkStealingExecutor own, HttpServer server, URI address) {
    this.own = own;
    this.server = server;
    this.address = address;
  }

  /**
   * Serves the page about all executors of the program, those that are made later too, on
   * 127.0.0.1.
   *
   * @param port 0 for any that is free
   * @throws IllegalArgumentException if that is no port
   * @throws IOException if the port is in use, or may not be used; the message says what to do
   */
  public static Inspector start(int port) throws IOException {
    return builder().port(port).start();
  }

  /** For another address, or some executors only. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where the page is, without a token: {@code http://127.0.0.1:9090/}. */
  public URI address() {
    return address;
  }

  /**
   * Ends it: the port is closed, and pages that are open say that they are no longer told. Waits
   * until its worker has ended. Does nothing the second time.
   */
  @Override
  public void close() {
    server.drain(Duration.ZERO);
    own.close();
  }

  /** With the address. */
  @Override
  public String toString() {
    return "Inspector at " + address;
  }

  /**
   * What is served, and where.
   *
   * <pre>{@code
   * Inspector inspector =
   *     Inspector.builder()
   *         .host("0.0.0.0")
   *         .port(9090)
   *         .token(System.getenv("INSPECTOR_TOKEN")) // then open http://HOST:9090/?token=...
   *         .executor(executor)
   *         .start();
   * }</pre>
   *
   * <p>For one thread.
   */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port;
    private @Nullable String token;
    private boolean locals;
    private final List<AsyncExecutor> executors = new ArrayList<>();

    private Builder() {}

    /**
     * The port; 0, the default, for any that is free: {@link Inspector#address} tells which.
     *
     * @throws IllegalArgumentException if it is not in 0..65535
     */
    public Builder port(int port) {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException(
            "The inspector's port must be from 0 to 65535, not " + port);
      }
      this.port = port;
      return this;
    }

    /**
     * The address to listen on, or a name of it; 127.0.0.1 by default. All but those of the
     * loopback need a {@link #token}.
     */
    public Builder host(String host) {
      this.host = Objects.requireNonNull(host, "host");
      return this;
    }

    /**
     * A secret without which nobody sees the page: draw it at random. It is given once as {@code
     * /?token=TOKEN}, from where on a cookie has its place, or in each request as {@code
     * Authorization: Bearer TOKEN}. It goes over the network as it is: where others may listen, put
     * a proxy with TLS before the inspector, or reach it by {@code ssh -L}.
     *
     * @param token letters, digits and {@code - . _ ~}, 24 of them or more
     * @throws IllegalArgumentException if it is shorter, or has other characters
     */
    public Builder token(String token) {
      if (token.length() < Access.LEAST_TOKEN || token.length() > Access.MOST_TOKEN) {
        throw new IllegalArgumentException(
            "The inspector's token must have from "
                + Access.LEAST_TOKEN
                + " to "
                + Access.MOST_TOKEN
                + " characters, not "
                + token.length()
                + ". Draw one with  openssl rand -hex 16");
      }
      if (!token.matches("[A-Za-z0-9._~-]*")) {
        throw new IllegalArgumentException(
            "The inspector's token may have letters, digits and - . _ ~ only. Draw one with "
                + " openssl rand -hex 16");
      }
      this.token = token;
      return this;
    }

    /**
     * Whether a task's stack has its {@link dev.weft.AsyncLocal}s beside it, with their values as
     * text. Off by default, as these may be secrets: the user's, say, that a request is for.
     */
    public Builder locals(boolean on) {
      this.locals = on;
      return this;
    }

    /** Adds an executor to those that are shown; without any, all are. */
    public Builder executor(AsyncExecutor executor) {
      executors.add(Objects.requireNonNull(executor, "executor"));
      return this;
    }

    /**
     * Begins to serve. Waits until the port is open, which may take some 100 ms the first time.
     *
     * @throws IllegalStateException if others could reach it, and there is no token
     * @throws IOException if the port is in use, or may not be used; the message says what to do
     */
    public Inspector start() throws IOException {
      return start(
          own ->
              executors.isEmpty()
                  ? LiveProgram.ofAllBut(own)
                  : LiveProgram.of(List.copyOf(executors)));
    }

    /** For tests: of any program. */
    Inspector start(ProgramOf program) throws IOException {
      InetAddress at = checkedAddress();
      WorkStealingExecutor own =
          WorkStealingExecutor.builder()
              .name("weft-inspector")
              .workers(1)
              .driver(Transport.AUTO.driver(MEMORY))
              .slowPollThreshold(
                  Duration.ZERO) // to look at many tasks takes long, and harms nobody
              .build();
      try {
        TcpListener listener = listen(own, at);
        InetSocketAddress bound = listener.localAddress();
        Access access = new Access(token, bound.getPort());
        Pages pages = pages(own, program.seenFrom(own), access);
        return new Inspector(
            own, HttpServer.start(own, listener, pages::answer, OPTIONS), uri(bound));
      } catch (Throwable failure) {
        own.close();
        throw failure;
      }
    }

    private Pages pages(WorkStealingExecutor own, Program program, Access access) {
      Names names = new Names();
      Scans scans = new Scans(own, new Scan(program, names), System::nanoTime, cpuClock());
      return new Pages(
          access,
          new TaskAnswers(program, scans, locals),
          new PulseAnswers(program, names, scans, System::nanoTime));
    }

    /** By the thread that asks, which is always the inspector's worker. */
    private static LongSupplier cpuClock() {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      return threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
          ? threads::getCurrentThreadCpuTime
          : System::nanoTime; // all of the time, then
    }

    private InetAddress checkedAddress() throws IOException {
      InetAddress at;
      boolean loopback = true;
      try {
        InetAddress[] all = InetAddress.getAllByName(host);
        at = all[0];
        for (InetAddress each : all) {
          loopback &= each.isLoopbackAddress();
        }
      } catch (UnknownHostException unknown) {
        throw new IOException("The inspector cannot listen on " + host + ": Unknown host", unknown);
      }
      if (!loopback && token == null) {
        throw new IllegalStateException(
            "The inspector would be open to whoever reaches "
                + host
                + ": give it a token (Inspector.builder().token(..)), or have it listen on 127.0.0.1");
      }
      return at;
    }

    private TcpListener listen(WorkStealingExecutor own, InetAddress at) throws IOException {
      ListenOptions options = ListenOptions.defaults().maxConnections(CONNECTIONS).backlog(64);
      try {
        // Not by blockOn, which refuses the thread of another executor: it waits for this one
        // alone.
        return own.spawn("listen", () -> TcpListener.bind(at.getHostAddress(), port, options))
            .get();
      } catch (ExecutionException failure) {
        Throwable cause = failure.getCause();
        String why = cause == null ? failure.toString() : String.valueOf(cause.getMessage());
        throw new IOException("The inspector cannot listen on " + why + hint(why), cause);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while the inspector was to listen", interrupted);
      }
    }

    private static String hint(String why) {
      if (why.endsWith("Address already in use")) {
        return " (choose another port for it, or 0 for a free one)";
      }
      if (why.endsWith("Permission denied")) {
        return " (ports below 1024 need privileges; choose one from 1024 up)";
      }
      return "";
    }

    private static URI uri(InetSocketAddress bound) {
      String host = bound.getAddress().getHostAddress();
      int zone = host.indexOf('%');
      String name = zone < 0 ? host : host.substring(0, zone);
      return URI.create(
          "http://"
              + (name.indexOf(':') < 0 ? name : "[" + name + "]")
              + ":"
              + bound.getPort()
              + "/");
    }
  }

  /** A program, as the inspector sees it that has an executor of its own. */
  @FunctionalInterface
  interface ProgramOf {
    Program seenFrom(AsyncExecutor own);
  }
}
