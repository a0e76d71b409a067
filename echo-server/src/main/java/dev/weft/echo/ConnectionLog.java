package dev.weft.echo;

import dev.weft.net.TcpStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/** A line on the standard output for what happens to each connection. From any thread. */
final class ConnectionLog {
  private final PrintStream out;
  private final boolean quiet;

  ConnectionLog(PrintStream out, boolean quiet) {
    this.out = out;
    this.quiet = quiet;
  }

  void accepted(TcpStream socket) {
    line("Accepted connection from: " + socket);
  }

  void closed(TcpStream socket) {
    line("Connection closed by " + socket);
  }

  /** The socket's own exceptions begin with its address. */
  void failed(TcpStream socket, Throwable error) {
    if (error instanceof CancellationException || error instanceof RejectedExecutionException) {
      line("Connection closed by this side: " + socket);
    } else if (error instanceof IOException) {
      line("Failed to read from socket " + error.getMessage());
    } else {
      line("Failed to read from socket " + socket + ": " + error);
    }
  }

  private void line(String text) {
    if (!quiet) {
      out.println(text);
    }
  }
}
