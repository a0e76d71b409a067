package dev.weft.echo;

import dev.weft.log.LogQueue;
import dev.weft.net.TcpServer;
import dev.weft.net.TcpStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A line on the standard output for what happens to each connection. Written by a thread of its
 * own: if nobody takes the lines, some are left out, and the clients are served. From any thread.
 */
final class ConnectionLog implements TcpServer.Observer {
  /** Guessed: what ten thousand connections have to say at once takes 2 MB. */
  private static final int LINES = 10_000;

  private final PrintStream out;
  private final boolean quiet;
  private final LogQueue lines;

  ConnectionLog(PrintStream out, boolean quiet) {
    this.out = out;
    this.quiet = quiet;
    this.lines =
        new LogQueue(
            "echo-log",
            LINES,
            dropped -> out.println(dropped + " lines were left out, as nobody took them in time"));
  }

  /** Says something, whether connections are to be told of or not. */
  void say(String text) {
    lines.offer(() -> out.println(text));
  }

  @Override
  public void onAccepted(TcpStream socket) {
    if (!quiet) {
      say("Accepted connection from: " + socket);
    }
  }

  /** The socket's own exceptions begin with its address. */
  @Override
  public void onEnded(TcpStream socket, @Nullable Throwable error) {
    if (quiet) {
      return;
    }
    if (error == null) {
      say("Connection closed by " + socket);
    } else if (error instanceof CancellationException
        || error instanceof RejectedExecutionException) {
      say("Connection closed by this side: " + socket);
    } else if (error instanceof IOException) {
      say("Failed to read from socket " + error.getMessage());
    } else {
      say("Failed to read from socket " + socket + ": " + error);
    }
  }

  /** Waits until the lines are written, or the time is over. */
  void flush(Duration bound) {
    lines.flush(bound);
  }
}
