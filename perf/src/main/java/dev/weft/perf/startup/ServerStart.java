package dev.weft.perf.startup;

import dev.weft.perf.Spread;
import dev.weft.perf.compare.Contender;
import dev.weft.perf.compare.Contenders;
import dev.weft.perf.startup.StartingServer.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

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
 * <p><b>What it does not show:</b> how long a server takes until it is as fast as it gets.
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
      addEchoServer(servers, perf.resolveSibling("echo-server/start"), Path.of(jdk));
      addImage(servers, perf.resolve("target/images"), Path.of(jdk));
    }
    addPeers(servers, perf, Path.of(arguments[2]));
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

  private static void addEchoServer(List<StartingServer> servers, Path start, Path jdk)
      throws IOException {
    List<String> command = List.of(start.toString(), "--port", "0");
    int version = Contenders.featureVersion(jdk);
    String archive = version >= 25 ? "AOT cache" : "CDS archive";
    String title = "Weft, JDK " + version;
    // To choose what is shared is to do without the server's own archive; this is the JVM's
    // default.
    for (String options : List.of("-Xshare:auto", "")) {
      servers.add(
          new StartingServer(
              title + (options.isEmpty() ? ", " + archive : ""),
              command,
              Map.of("JAVA_HOME", jdk.toString(), "JAVA_OPTS", options)));
    }
  }

  /**
   * The image that {@code echo-server/link} has made of a JDK, in a folder named by its version.
   */
  private static void addImage(List<StartingServer> servers, Path images, Path jdk)
      throws IOException {
    int version = Contenders.featureVersion(jdk);
    Path server = images.resolve(version + "/bin/echo-server");
    servers.add(
        new StartingServer(
            "Weft, JDK " + version + ", jlink image",
            List.of(server.toString(), "--port", "0"),
            Map.of()));
  }

  private static void addPeers(List<StartingServer> servers, Path perf, Path jdk)
      throws IOException {
    List<Contender> peers = Contenders.all(jdk, perf.resolve("peers"), 2);
    Stream.of("tokio", "node")
        .flatMap(name -> peers.stream().filter(peer -> peer.name().equals(name)))
        .forEach(
            peer -> {
              if (peer.missing() == null) {
                servers.add(new StartingServer(peer.title(), peer.command(), Map.of()));
              } else {
                System.out.println("skipped: " + peer.name() + ": " + peer.missing());
              }
            });
  }
}
