package dev.weft.perf.startup;

import dev.weft.perf.Spread;
import dev.weft.perf.startup.StartingServer.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * <b>Question:</b> how long does the echo server take to serve, from the start of its process, with
 * the archive of classes that its build makes, without, and as an image by {@code jlink}; and how
 * long do Tokio's and Node's?
 *
 * <p>Until it says that it listens, and until the first byte of its first connection is back. The
 * echo server is started as its users start it, by {@code echo-server/start}, on each JDK in turn;
 * the shell's time counts. One round starts each server once; the first round is not counted.
 *
 * <p><b>What would change the answer:</b> other options (another collector uses less of the
 * archive); files that are not in the page cache, as after a reboot; a busy machine, on which the
 * JVM's compiler threads take the processor from its main thread.
 *
 * <p><b>What it does not show:</b> how long a server takes until it is as fast as it gets: see
 * {@link WarmUp}.
 *
 * <p>Run by {@code perf/run startup server [ROUNDS]}.
 */
public final class ServerStart {
  private ServerStart() {}

  /**
   * Measures and prints.
   *
   * @param arguments {@code perf/}, the number of rounds, and the homes of the JDKs
   */
  public static void main(String... arguments) throws IOException, InterruptedException {
    Path perf = Path.of(arguments[0]).toAbsolutePath().normalize();
    int rounds = Integer.parseInt(arguments[1]);
    List<StartingServer> servers = new ArrayList<>();
    for (String jdk : List.of(arguments).subList(2, arguments.length)) {
      servers.addAll(StartingServers.ofWeft(perf, Path.of(jdk)));
      servers.add(StartingServers.image(perf, Path.of(jdk)));
    }
    servers.addAll(StartingServers.peers(perf, Path.of(arguments[2])));
    Map<StartingServer, List<Start>> starts = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (StartingServer server : servers) {
        Start start = server.start();
        if (round > 0) {
          starts.computeIfAbsent(server, first -> new ArrayList<>()).add(start);
        }
      }
    }
    System.out.printf("%d rounds; ms from the start of the process: median (quartiles)%n", rounds);
    System.out.printf(
        "%n| %-40s | %-20s | %-20s |%n|---|---|---|%n", "", "listening", "first echo");
    starts.forEach(
        (server, all) ->
            System.out.printf(
                "| %-40s | %-20s | %-20s |%n",
                server.title(), spread(all, Start::listening), spread(all, Start::echoed)));
  }

  private static Spread spread(List<Start> starts, ToDoubleFunction<Start> figure) {
    return Spread.of(starts.stream().mapToDouble(figure));
  }
}
