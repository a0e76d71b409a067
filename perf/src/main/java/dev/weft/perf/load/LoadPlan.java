package dev.weft.perf.load;

import java.time.Duration;
import java.util.Locale;

/**
 * What a run is to do.
 *
 * @param host the server's name or address
 * @param port the server's port
 * @param connections all of them, burners included
 * @param size bytes of a message, and of its reply
 * @param depth replies that a connection of the closed loop may wait for at a time
 * @param rate messages per second over all connections that do not burn; 0 is the closed loop
 * @param work what the connections that do not burn ask for
 * @param burners how many connections send {@code burn}, one at a time each, in a closed loop
 * @param burn what the burners ask for
 * @param warmup time before anything is counted
 * @param duration time in which it is counted
 * @param drain how long to wait for the last replies before they count as lost
 * @param threads threads of the generator that read, each with its share of the connections
 */
public record LoadPlan(
    String host,
    int port,
    int connections,
    int size,
    int depth,
    double rate,
    Request work,
    int burners,
    Request burn,
    Duration warmup,
    Duration duration,
    Duration drain,
    int threads) {

  /** 64 connections of 64 bytes in a closed loop, for 3 seconds after 2 of warm-up. */
  public static LoadPlan defaults(int port) {
    return new LoadPlan(
        "127.0.0.1",
        port,
        64,
        64,
        1,
        0,
        Request.ECHO,
        0,
        Request.ECHO,
        Duration.ofSeconds(2),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        1);
  }

  /** Checks that the values make sense together. */
  public LoadPlan {
    require(connections >= 1, "connections", "1 or more", connections);
    require(size >= 1, "message size", "1 byte or more", size);
    require(depth >= 1, "depth", "1 or more", depth);
    require(rate >= 0, "rate", "0 (closed loop) or more", rate);
    require(burners >= 0 && burners <= connections, "burners", "0 to all connections", burners);
    require(threads >= 1 && threads <= connections, "threads", "1 to one a connection", threads);
    if (work.isFramed() || burners > 0) {
      require(
          size >= Request.HEADER,
          "message size",
          Request.HEADER + " bytes or more to carry a command",
          size);
      require(
          burners == 0 || (burn.isFramed() && work.isFramed()),
          "the requests",
          "framed ones on all connections, as some burn",
          work);
    }
  }

  private static void require(boolean holds, String name, String expected, Object actual) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + expected + ", not " + actual);
    }
  }

  /** On another port. */
  public LoadPlan withPort(int port) {
    return new LoadPlan(
        host,
        port,
        connections,
        size,
        depth,
        rate,
        work,
        burners,
        burn,
        warmup,
        duration,
        drain,
        threads);
  }

  /** With other numbers of connections and bytes. */
  public LoadPlan withConnections(int connections, int size) {
    return new LoadPlan(
        host,
        port,
        connections,
        size,
        depth,
        rate,
        work,
        burners,
        burn,
        warmup,
        duration,
        drain,
        threads);
  }

  /** With other times. */
  public LoadPlan withTimes(Duration warmup, Duration duration) {
    return new LoadPlan(
        host,
        port,
        connections,
        size,
        depth,
        rate,
        work,
        burners,
        burn,
        warmup,
        duration,
        drain,
        threads);
  }

  /** With up to {@code depth} messages of each connection under way at a time. */
  public LoadPlan withDepth(int depth) {
    return new LoadPlan(
        host,
        port,
        connections,
        size,
        depth,
        rate,
        work,
        burners,
        burn,
        warmup,
        duration,
        drain,
        threads);
  }

  /** In an open loop of so many messages per second, 0 for the closed loop. */
  public LoadPlan withRate(double rate) {
    return new LoadPlan(
        host,
        port,
        connections,
        size,
        depth,
        rate,
        work,
        burners,
        burn,
        warmup,
        duration,
        drain,
        threads);
  }

  /** With the framed protocol: so many connections send {@code burn}, the others {@code work}. */
  public LoadPlan withRequests(Request work, int burners, Request burn) {
    return new LoadPlan(
        host,
        port,
        connections,
        size,
        depth,
        rate,
        work,
        burners,
        burn,
        warmup,
        duration,
        drain,
        threads);
  }

  /** How many connections do not burn. */
  public int workers() {
    return connections - burners;
  }

  /** In a line, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(connections).append(connections == 1 ? " connection, " : " connections, ");
    text.append(size).append(size == 1 ? " byte, " : " bytes, ");
    if (rate > 0) {
      text.append(String.format(Locale.ROOT, "open loop at %,.0f msg/s", rate));
    } else {
      text.append("closed loop, depth ").append(depth);
    }
    if (work.isFramed()) {
      text.append(", ").append(work);
    }
    if (burners > 0) {
      text.append("; ").append(burners).append(" of them ").append(burn);
    }
    return text.append(
            String.format(
                Locale.ROOT,
                "; %.1f s after %.1f s of warm-up",
                duration.toMillis() / 1e3,
                warmup.toMillis() / 1e3))
        .toString();
  }
}
