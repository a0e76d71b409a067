package dev.weft.perf.trial;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel has counted of TCP since the machine was started, for all processes of this
 * network namespace: {@code /proc/net/snmp} and {@code /proc/net/netstat}.
 */
final class TcpCounters {
  private static final int PAGE = 4096;

  private final Map<String, Long> values;

  private TcpCounters(Map<String, Long> values) {
    this.values = values;
  }

  static TcpCounters now() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/snmp")));
    lines.addAll(Files.readAllLines(Path.of("/proc/net/netstat")));
    return parse(lines);
  }

  /** Pairs of lines: the names, then the values, each after the group's name and a colon. */
  static TcpCounters parse(List<String> lines) {
    Map<String, Long> values = new HashMap<>();
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      String[] names = lines.get(i).split(" ", -1);
      String[] numbers = lines.get(i + 1).split(" ", -1);
      boolean tcp = names[0].equals("Tcp:") || names[0].equals("TcpExt:");
      for (int k = 1; tcp && k < Math.min(names.length, numbers.length); k++) {
        values.put(names[k], Long.parseLong(numbers[k]));
      }
    }
    return new TcpCounters(values);
  }

  /** By its name there, as {@code OutRsts}; 0 if this kernel does not count it. */
  long get(String name) {
    return values.getOrDefault(name, 0L);
  }

  /** How much each has grown. */
  TcpCounters since(TcpCounters earlier) {
    Map<String, Long> grown = new HashMap<>();
    values.forEach((name, value) -> grown.put(name, value - earlier.get(name)));
    return new TcpCounters(grown);
  }

  /** Memory that all TCP sockets hold now. */
  static long socketBytes() throws IOException {
    return socketBytes(Files.readAllLines(Path.of("/proc/net/sockstat")));
  }

  /** The line is as {@code TCP: inuse 5 orphan 0 tw 0 alloc 7 mem 3}, the last in pages. */
  static long socketBytes(List<String> sockstat) throws IOException {
    for (String line : sockstat) {
      if (line.startsWith("TCP:")) {
        return PAGE * Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    throw new IOException("/proc/net/sockstat has no line TCP:");
  }

  /** From how much memory of all sockets on the kernel begins to take from each. */
  static long socketPressureBytes() throws IOException {
    byte[] text = new byte[256];
    int count;
    // In one read: a second one from a file of /proc/sys is at its end, whatever the first has
    // left.
    try (InputStream in = Files.newInputStream(Path.of("/proc/sys/net/ipv4/tcp_mem"))) {
      count = Math.max(0, in.read(text));
    }
    String[] pages =
        new String(text, 0, count, StandardCharsets.US_ASCII).strip().split("\\s+", -1);
    return PAGE * Long.parseLong(pages[1]);
  }
}
