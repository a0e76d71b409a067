package dev.weft.perf.startup;

import dev.weft.perf.compare.Contender;
import dev.weft.perf.compare.Contenders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The servers whose start is measured, each as its users start it. */
final class StartingServers {
  private StartingServers() {}

  /** The echo server on a JDK, without the archive of classes that its build makes, and with it. */
  static List<StartingServer> ofWeft(Path perf, Path jdk) throws IOException {
    List<String> command =
        List.of(perf.resolveSibling("echo-server/start").toString(), "--port", "0");
    int version = Contenders.featureVersion(jdk);
    String archive = version >= 25 ? "AOT cache" : "CDS archive";
    String title = "Weft, JDK " + version;
    List<StartingServer> servers = new ArrayList<>();
    // To choose what is shared is to do without the server's own archive; this is the JVM's
    // default.
    for (String options : List.of("-Xshare:auto", "")) {
      servers.add(
          new StartingServer(
              title + (options.isEmpty() ? ", " + archive : ""),
              command,
              Map.of("JAVA_HOME", jdk.toString(), "JAVA_OPTS", options)));
    }
    return servers;
  }

  /**
   * The image that {@code echo-server/link} has made of a JDK, in a folder named by its version.
   */
  static StartingServer image(Path perf, Path jdk) throws IOException {
    int version = Contenders.featureVersion(jdk);
    Path server = perf.resolve("target/images").resolve(version + "/bin/echo-server");
    return new StartingServer(
        "Weft, JDK " + version + ", jlink image",
        List.of(server.toString(), "--port", "0"),
        Map.of());
  }

  /** Tokio's and Node's, as far as they are there. */
  static List<StartingServer> peers(Path perf, Path jdk) throws IOException {
    List<StartingServer> servers = new ArrayList<>();
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
    return servers;
  }
}
