package dev.weft.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says of a connection of this machine: proc(5), /proc/net/tcp. */
final class Kernel {
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int QUEUES = 4;
  private static final int TIMER = 5;

  private Kernel() {}

  /** How many bytes the other end of a client's connection has received that nobody has read. */
  static int unreadByTheOtherEnd(Socket client) {
    return Integer.parseInt(otherEnd(client, QUEUES).split(":")[1], 16);
  }

  /** Whether the other end has a timer of the kind that SO_KEEPALIVE brings. */
  static boolean otherEndProbes(Socket client) {
    return otherEnd(client, TIMER).startsWith("02:");
  }

  private static String otherEnd(Socket client, int column) {
    try {
      for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
        try (BufferedReader lines = Files.newBufferedReader(Path.of(table))) {
          for (String line; (line = lines.readLine()) != null; ) {
            String[] columns = line.trim().split(" +");
            if (columns[LOCAL].endsWith(port(client.getPort()))
                && columns[REMOTE].endsWith(port(client.getLocalPort()))) {
              return columns[column];
            }
          }
        }
      }
      throw new AssertionError("the other end has gone");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String port(int number) {
    return String.format(":%04X", number);
  }
}
