package dev.weft.perf.trial;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose fault a failed connection is: the servers' or the kernel's.
 *
 * <p>When a listener is closed, the kernel resets the connections in its queue, which it had
 * completed and the server had not accepted; nothing that the server does can save them. Of such a
 * connection two things are known. It was reset before its first byte came back, and no server has
 * printed that it accepted it. A server that accepts a connection and drops it before it prints
 * that looks the same, but not to the kernel: it counts connections that a program closes with
 * unread bytes (TCPAbortOnClose) or aborts (TCPAbortOnData), and neither of the two for those in
 * the queue of a listener, whose resets it counts only among all that it sends (OutRsts). So at
 * most as many are the kernel's as it sent resets beyond those two.
 *
 * @param kernel how many failures are the kernel's
 * @param servers all others, by kind
 * @param unknown served connections that no server has printed: if there are any, the servers'
 *     output is not complete, and nothing can be told from it
 */
record Blame(int kernel, Map<ShortConnections.Kind, Integer> servers, int unknown) {
  /** How a server prints that it has accepted a connection. */
  static final String ACCEPTED = "Accepted connection from: ";

  /**
   * Tells them apart.
   *
   * @param output all that the servers have printed
   * @param counted by the kernel, from before the first connection to after the last
   */
  static Blame of(
      List<String> served,
      List<ShortConnections.Failure> failures,
      List<String> output,
      TcpCounters counted) {
    Set<String> accepted = new HashSet<>();
    for (String line : output) {
      if (line.startsWith(ACCEPTED)) {
        accepted.add(line.substring(ACCEPTED.length()).strip());
      }
    }
    long resets = resetsBesidesPrograms(counted);
    int kernel = 0;
    Map<ShortConnections.Kind, Integer> servers = new EnumMap<>(ShortConnections.Kind.class);
    for (ShortConnections.Failure failure : failures) {
      if (failure.kind() == ShortConnections.Kind.RESET_EARLY
          && !accepted.contains(failure.from())
          && kernel < resets) {
        kernel++;
      } else {
        servers.merge(failure.kind(), 1, Integer::sum);
      }
    }
    int unknown = (int) served.stream().filter(from -> !accepted.contains(from)).count();
    return new Blame(kernel, servers, unknown);
  }

  /** Resets that the kernel sent without a program's doing. */
  static long resetsBesidesPrograms(TcpCounters counted) {
    return counted.get("OutRsts") - counted.get("TCPAbortOnClose") - counted.get("TCPAbortOnData");
  }

  int serversFailures() {
    return servers.values().stream().mapToInt(Integer::intValue).sum();
  }
}
