package dev.weft.perf.compare;

import dev.weft.net.Transport;
import dev.weft.perf.peer.PeerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All servers that there are to compare, with what keeps some of them from running here. */
public final class Contenders {
  /** Of every peer in Java: no collector with threads of its own, and few messages to print. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms64m",
          "-Xmx1g",
          "-Dio.netty.leakDetection.level=disabled",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

  /** In the name of one that is recorded by the Flight Recorder, before that of the settings. */
  static final String RECORDED = "-jfr-";

  private static final String THREADS = "--threads";
  private static final String CARRIERS = "-Djdk.virtualThreadScheduler.parallelism=";

  /** At the end of the name of one that may use a single processor. */
  static final String ONE_CPU = "-one-cpu";

  private static final Path SELF = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
  private static final int FIRST_WITH_NATIVE_ACCESS = 22;

  private final Path jdk;
  private final int jdkVersion;
  private final Path peers;
  private final int threads;
  private final List<Contender> all = new ArrayList<>();

  private Contenders(Path jdk, int jdkVersion, Path peers, int threads) {
    this.jdk = jdk;
    this.jdkVersion = jdkVersion;
    this.peers = peers;
    this.threads = threads;
  }

  /**
   * All of them.
   *
   * @param jdk the home of the JDK that those in Java run on
   * @param peers the folder {@code perf/peers}; what it builds is in {@code perf/target/peers}
   * @param threads workers, event loops, carriers; Node has one loop whatever this says
   */
  public static List<Contender> all(Path jdk, Path peers, int threads) throws IOException {
    Contenders contenders = new Contenders(jdk, Machine.featureVersion(jdk), peers, threads);
    contenders.addWeft();
    contenders.addOthers();
    for (String name : List.of("weft-epoll", "tokio")) {
      contenders.all.stream()
          .filter(contender -> contender.name().equals(name))
          .findFirst()
          .map(Contenders::onOneCpu)
          .ifPresent(contenders.all::add);
    }
    return contenders.all;
  }

  /**
   * The same server where it may use a single processor, by {@code taskset}, and with one thread
   * for that, as its users would have it: two would only take turns.
   */
  static Contender onOneCpu(Contender contender) {
    List<String> command = new ArrayList<>(List.of("taskset", "-c", firstProcessor()));
    command.addAll(contender.command());
    command.set(command.indexOf(THREADS) + 1, "1");
    command.replaceAll(option -> option.startsWith(CARRIERS) ? CARRIERS + 1 : option);
    String missing = contender.missing();
    if (missing == null && !canRun("taskset")) {
      missing = "no taskset in the PATH; install util-linux, on Linux";
    }
    return new Contender(
        contender.name() + ONE_CPU,
        contender.title() + ", one processor",
        List.copyOf(command),
        missing);
  }

  /** The first that this process may use, and so the server too: in a container not always 0. */
  private static String firstProcessor() {
    try {
      return Files.exists(SELF) ? firstProcessor(Files.readAllLines(SELF)) : "0";
    } catch (IOException e) {
      return "0";
    }
  }

  /** The first of a list like {@code 2-3,6}, in what {@code /proc} tells of a process. */
  static String firstProcessor(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(ALLOWED))
        .map(line -> line.substring(ALLOWED.length()).strip().split("[-,]", 2)[0])
        .findFirst()
        .orElse("0");
  }

  /** Which Java the JDK in a folder is, as 17. */
  public static int featureVersion(Path jdk) throws IOException {
    return Machine.featureVersion(jdk);
  }

  private void addWeft() {
    for (Transport transport : List.of(Transport.EPOLL, Transport.IO_URING, Transport.NIO)) {
      addJava(
          "weft-" + transport,
          "Weft, " + transport,
          transport.unavailabilityReason(),
          "weft",
          "--transport",
          transport.toString());
    }
  }

  private void addOthers() {
    addJava(
        "weft-epoll-fixed",
        "Weft, epoll, loops stay with their workers",
        Transport.EPOLL.unavailabilityReason(),
        "weft",
        "--transport",
        "epoll");
    for (String settings : List.of("default", "profile", "trace")) {
      addJava(
          "weft-epoll" + RECORDED + settings,
          "Weft, epoll, recorded by its settings weft-" + settings + ".jfc",
          Transport.EPOLL.unavailabilityReason(),
          "weft",
          "--transport",
          "epoll");
    }
    addJava("weft-node", "Weft, node mode", null, "weft-node");
    addJava(
        "weft-node-io_uring",
        "Weft, node mode, io_uring",
        Transport.IO_URING.unavailabilityReason(),
        "weft-node",
        "--transport",
        "io_uring");
    Path tokio = built("tokio-peer");
    add("tokio", "Tokio", notBuilt(tokio), List.of(tokio.toString()));
    add(
        "node",
        "Node",
        canRun("node") ? null : "no node in the PATH; install Node.js",
        List.of("node", peers.resolve("node/server.js").toString()));
    for (Transport transport : List.of(Transport.EPOLL, Transport.IO_URING, Transport.NIO)) {
      addJava(
          "netty-" + transport,
          "Netty, " + transport,
          transport.unavailabilityReason(),
          "netty",
          "--transport",
          transport.toString());
    }
    addJava("netty-pool", "Netty and a pool", null, "netty-pool");
    addJava(
        "virtual-threads",
        "Virtual threads",
        jdkVersion >= FIRST_WITH_VIRTUAL_THREADS
            ? null
            : "virtual threads need JDK 21 or later, and none was found beside JDK " + jdkVersion,
        "virtual-threads");
    Path c = built("c-server");
    add("c", "C, epoll", notBuilt(c), List.of(c.toString()));
  }

  private Path built(String name) {
    return peers.resolveSibling("target").resolve("peers").resolve(name).normalize();
  }

  private static @Nullable String notBuilt(Path program) {
    return Files.isExecutable(program)
        ? null
        : program.getFileName() + " is not built; perf/peers/build says why";
  }

  private void addJava(String name, String title, @Nullable String missing, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.addAll(JVM_OPTIONS);
    if (jdkVersion >= FIRST_WITH_NATIVE_ACCESS) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (name.equals("virtual-threads")) {
      command.add(CARRIERS + threads);
    }
    if (name.equals("weft-epoll-fixed")) {
      command.add("-Ddev.weft.takeover=false");
    }
    int recorded = name.indexOf(RECORDED);
    if (recorded >= 0) {
      command.addAll(recording(name.substring(recorded + RECORDED.length())));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), PeerMain.class.getName()));
    command.addAll(List.of(arguments));
    add(name, title, missing, command);
  }

  /** With Weft's events alone: what the JDK's own cost is the JDK's business. */
  private List<String> recording(String settings) {
    Path folder = peers.resolve("../../async-api/src/main/resources/META-INF/weft").normalize();
    Path file = folder.resolve("weft-" + settings + ".jfc");
    return List.of(
        "-XX:StartFlightRecording:maxsize=64m,settings=" + file,
        "-Xlog:jfr+startup=off"); // it would stand before the line with the port
  }

  private void add(String name, String title, @Nullable String missing, List<String> command) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(THREADS, Integer.toString(threads)));
    all.add(new Contender(name, title, List.copyOf(whole), missing));
  }

  private static boolean canRun(String program) {
    try {
      Process process =
          new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
