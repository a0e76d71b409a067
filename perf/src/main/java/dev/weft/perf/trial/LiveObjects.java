package dev.weft.perf.trial;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server's heap holds of connections, by the class histogram of the JDK, which collects all
 * garbage first. Works with any program on {@code dev.weft.net}, which need not be able to tell.
 *
 * @param calls async calls that are suspended: their frames, which the weaver names {@code
 *     Class$weft$method}
 * @param sockets Netty's channels of connections
 */
record LiveObjects(long calls, long sockets) {
  /** As {@code 12: 345 6789 java.lang.String (java.base@17)}: rank, instances, bytes, class. */
  private static final Pattern LINE = Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+)");

  private static final Pattern CALL = Pattern.compile("[^\\[].*\\$weft\\$\\w+");
  private static final Pattern SOCKET =
      Pattern.compile("io\\.netty\\.channel\\.[\\w.]*\\.\\w*(?<!Server)SocketChannel");

  /**
   * Counts, when all garbage is collected. Stops the server meanwhile, for tens of milliseconds.
   */
  static LiveObjects of(EchoServerProcess server) throws IOException, InterruptedException {
    return parse(server.jcmd("GC.class_histogram"));
  }

  static LiveObjects parse(String histogram) throws IOException {
    long calls = 0;
    long sockets = 0;
    boolean any = false;
    for (Matcher line = LINE.matcher(histogram); line.find(); any = true) {
      long instances = Long.parseLong(line.group(1));
      calls += CALL.matcher(line.group(2)).matches() ? instances : 0;
      sockets += SOCKET.matcher(line.group(2)).matches() ? instances : 0;
    }
    if (!any) {
      throw new IOException("no class histogram: " + histogram.strip());
    }
    return new LiveObjects(calls, sockets);
  }
}
