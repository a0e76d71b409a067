package dev.weft.echo;

import dev.weft.AsyncExecutor;
import dev.weft.inspect.Inspector;
import dev.weft.log.LogQueue;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;

/** Runs the server from its start until it is told to end. */
public final class Main {
  private static final int FAILED = 1;
  private static final int CANNOT_START = 2;

  /** Together below the 5 seconds that are promised. */
  static final Duration DRAIN_TIME = Duration.ofSeconds(3);

  static final Duration CANCEL_TIME = Duration.ofMillis(500);
  private static final Duration FLUSH_TIME = Duration.ofMillis(200);
  private static final Duration END_TIME = Duration.ofMillis(4700);

  /** What the process ends with once it serves. */
  private volatile int exitCode;

  private volatile boolean ending;

  private Main() {}

  /** Runs the server until it is told to end. */
  public static void main(String[] args) {
    try {
      Arguments arguments = new Arguments(args);
      if (arguments.has("help")) {
        arguments.explain(System.out);
      } else {
        new Main().run(ServerOptions.of(arguments));
      }
    } catch (ParseException bad) {
      cannotStart(bad.getMessage() + " (--help shows the options)");
    } catch (Exception failure) {
      failure.printStackTrace();
      System.exit(FAILED);
    }
  }

  private static void cannotStart(String why) {
    System.err.println("echo-server: " + why);
    System.exit(CANNOT_START);
  }

  private void run(ServerOptions options) throws Exception {
    AsyncExecutor executor = options.newExecutor();
    TcpListener listener;
    try {
      listener =
          executor.blockOn(
              () -> TcpListener.bind(options.host(), options.port(), options.listen()));
    } catch (IOException e) {
      executor.close();
      cannotStart("Cannot listen on " + e.getMessage() + hint(String.valueOf(e.getMessage())));
      return;
    }
    Inspector inspector = null;
    if (options.inspect() != null) {
      try {
        inspector = Inspector.start(options.inspect());
      } catch (IOException e) {
        executor.close();
        cannotStart(e.getMessage() + "; see --inspect");
        return;
      }
    }
    serve(executor, listener, inspector, new ConnectionLog(System.out, options.quiet()));
  }

  private static String hint(String message) {
    if (message.endsWith("Address already in use")) {
      return " (choose another --port, or 0 for a free one)";
    }
    if (message.endsWith("Permission denied")) {
      return " (ports below 1024 need privileges; choose a --port from 1024 up)";
    }
    return " (see --host)";
  }

  /**
   * @param inspector is not closed: its thread is a daemon, and ends with the process
   */
  private void serve(
      AsyncExecutor executor,
      TcpListener listener,
      @Nullable Inspector inspector,
      ConnectionLog log)
      throws Exception {
    TcpServer server = TcpServer.start(executor, listener, EchoHandler::echo, log);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(executor, server, log), "echo-end"));
    Runtime.getRuntime().addShutdownHook(new Thread(this::endAnyway, "echo-end-anyway"));
    log.say("Server listening on " + listener);
    if (inspector != null) {
      log.say(inspector.toString());
    }
    openJars();
    try {
      executor.blockOn(server::accepting);
    } catch (Exception failure) {
      if (!ending) { // else it is what the end does to who waits
        exitCode = FAILED;
        throw failure;
      }
    }
    new CountDownLatch(1).await(); // the shutdown hook ends the process
  }

  /**
   * Opens all jars of the class path, by the search for what none has: a class that is needed for
   * the first time when there are no descriptors could not be loaded. Not before the server
   * listens, as it would take a tenth of the start.
   */
  private static void openJars() throws IOException {
    Collections.list(ClassLoader.getSystemResources("in-no-jar"));
  }

  /** On SIGTERM or Ctrl-C. */
  private void end(AsyncExecutor executor, TcpServer server, ConnectionLog log) {
    ending = true;
    try {
      server.drainNow(DRAIN_TIME);
      executor.close(CANCEL_TIME);
    } catch (TimeoutException late) {
      // the time is up: the connections end with the process
    } finally {
      log.flush(FLUSH_TIME);
      LogQueue.shared().flush(FLUSH_TIME);
      // The JVM would report 143 for SIGTERM; to have been told to end is no failure.
      Runtime.getRuntime().halt(exitCode);
    }
  }

  /** If that gets stuck, for want of memory, say. Both hooks are made while there is some. */
  private void endAnyway() {
    try {
      TimeUnit.MILLISECONDS.sleep(END_TIME.toMillis());
    } catch (InterruptedException nobodyDoes) {
      // then it ends now
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
