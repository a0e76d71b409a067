package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What works beside a Netty that sockets cannot use, and what a socket says then. Each test runs a
 * {@link Program} in a JVM of its own, with another Netty.
 */
class NettyRequirementTest {
  private static final String[] EXECUTORS = {"shared", "own", "node"};
  private static final String[] SOCKETS = {
    "connect by name",
    "connect by address",
    "bind by name",
    "bind by address",
    "datagrams bind by name",
    "datagrams bind by address",
    "datagrams connect by name",
    "datagrams connect by address",
    "transport of an executor",
    "driver auto",
    "driver nio",
    "driver epoll",
    "driver io_uring",
    "provider",
    "tls acceptor",
    "tls connector"
  };

  @Test
  void besideNetty41EverythingButSocketsWorks() throws Exception {
    List<Path> jars = netty41("");
    String version =
        jars.stream()
            .map(jar -> jar.getFileName().toString())
            .filter(name -> name.startsWith("netty-common-"))
            .map(name -> name.substring("netty-common-".length(), name.length() - ".jar".length()))
            .findFirst()
            .orElseThrow();
    assertThatOnlySocketsFail(
        run(jars),
        "Sockets (dev.weft.net) need Netty NEEDED or a later 4.x, and this application has"
            + " netty-transport "
            + version
            + " on its class path: set the version of all its io.netty artifacts to a later one");
  }

  @Test
  void partsOfNetty41DoNoHarm() throws Exception {
    assertThatOnlySocketsFail(run(netty41("netty-common-")), "has netty-common 4.1.");
  }

  @Test
  void aMixtureIsNoticed() throws Exception {
    List<Path> mixed =
        Stream.concat(netty41("netty-common-").stream(), netty("netty-common-").stream()).toList();
    assertThatOnlySocketsFail(run(mixed), "has netty-common 4.1.");
  }

  @Test
  void withoutNettyEverythingButSocketsWorks() throws Exception {
    assertThatOnlySocketsFail(
        run(List.of()),
        "Sockets (dev.weft.net) need Netty NEEDED or a later 4.x, and this application has no Netty"
            + " on its class path: add io.netty:netty-transport and what it depends on");
  }

  @Test
  void partsOfNettyDoNoHarm() throws Exception {
    List<Path> common =
        netty("nothing").stream()
            .filter(jar -> jar.getFileName().toString().startsWith("netty-common-"))
            .toList();
    assertThatOnlySocketsFail(run(common), ".Final without io.netty.channel.IoEventLoopGroup on");
  }

  @Test
  void withoutTheNativeTransportsThereIsNio() throws Exception {
    Map<String, String> outcomes = run(netty("epoll", "io_uring", "native"));
    assertThat(outcomes).containsEntry("transport of an executor", "nio");
    for (String works : EXECUTORS) {
      assertThat(outcomes).containsEntry(works, "works");
    }
    for (String works :
        List.of(
            "driver auto",
            "driver nio",
            "bind by name",
            "datagrams bind by name",
            "datagrams connect by address",
            "provider")) {
      assertThat(outcomes).containsEntry(works, "works");
    }
    for (String missing : List.of("epoll", "io_uring")) {
      assertThat(outcomes.get("driver " + missing))
          .startsWith("java.lang.IllegalStateException: The driver " + missing)
          .contains("ClassNotFoundException");
    }
  }

  /** What {@code assertThatOnlySocketsFail} is not about: an option of its own. */
  @Test
  void withoutItsHandlersThereAreSocketsAndNoTls() throws Exception {
    Map<String, String> outcomes = run(netty("handler", "codec"));
    for (String works : List.of("own", "node", "driver auto", "bind by name", "provider")) {
      assertThat(outcomes).containsEntry(works, "works");
    }
    for (String tls : List.of("tls acceptor", "tls connector")) {
      assertThat(outcomes.get(tls))
          .startsWith("java.lang.IllegalStateException: TLS (dev.weft.net) needs")
          .contains("io.netty:netty-handler " + NettyRequirement.NEEDED);
    }
    assertThat(run(netty("nothing"))).containsEntry("tls acceptor", "works");
  }

  @Test
  void versionsAreCompared() {
    assertThat(NettyRequirement.problem()).as("of the Netty that this was built with").isNull();
    for (String old : List.of("4.1.119.Final", "3.10.6.Final", "4.2.17.Final", "4.2.0.RC1", "x")) {
      assertThat(NettyRequirement.isEnough(old)).as(old).isFalse();
    }
    for (String enough : List.of("4.2.18.Final", "4.2.20.Final-SNAPSHOT", "4.3.0.Final")) {
      assertThat(NettyRequirement.isEnough(enough)).as(enough).isTrue();
    }
    assertThat(NettyRequirement.isEnough("5.0.0.Final")).as("another API").isFalse();
  }

  private static void assertThatOnlySocketsFail(Map<String, String> outcomes, String sentence) {
    for (String works : EXECUTORS) {
      assertThat(outcomes).containsEntry(works, "works");
    }
    for (String socket : SOCKETS) {
      assertThat(outcomes.get(socket))
          .as(socket)
          .startsWith("java.lang.IllegalStateException: ")
          .contains("Netty " + NettyRequirement.NEEDED)
          .contains(sentence.replace("NEEDED", NettyRequirement.NEEDED));
    }
  }

  // ---- class paths

  /** Of the jars that the build has copied, those that begin so. */
  private static List<Path> netty41(String prefix) throws Exception {
    Path folder = Path.of(System.getProperty("basedir", "."), "target", "netty-4.1");
    assertThat(folder).as("made by mvn generate-test-resources").isDirectory();
    try (Stream<Path> jars = Files.list(folder)) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  /** Of this JVM's jars of Netty, those without one of these words in their names. */
  private static List<Path> netty(String... without) {
    return classPath()
        .filter(NettyRequirementTest::isNetty)
        .filter(jar -> Arrays.stream(without).noneMatch(jar.getFileName().toString()::contains))
        .toList();
  }

  private static Stream<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of);
  }

  private static boolean isNetty(Path entry) {
    return entry.getFileName().toString().startsWith("netty-");
  }

  private static Map<String, String> run(List<Path> netty) throws Exception {
    String classPath =
        Stream.concat(classPath().filter(entry -> !isNetty(entry)), netty.stream())
            .map(Path::toString)
            .reduce((left, right) -> left + File.pathSeparator + right)
            .orElseThrow();
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Program.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(program.waitFor(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
      Map<String, String> outcomes = new LinkedHashMap<>();
      said.lines()
          .filter(line -> line.startsWith("> "))
          .map(line -> line.substring(2).split(" = ", 2))
          .forEach(outcome -> outcomes.put(outcome[0], outcome[1]));
      assertThat(outcomes).as(said).hasSize(EXECUTORS.length + SOCKETS.length);
      return outcomes;
    } finally {
      program.destroyForcibly();
    }
  }

  /** An application. It names no class of Netty. */
  static final class Program {
    public static void main(String[] args) {
      report("shared", () -> useTasks(WorkStealingExecutor.shared()));
      report("own", () -> closing(WorkStealingExecutor.builder().build()));
      report("node", () -> closing(NodeExecutor.builder().build()));
      report("connect by name", () -> get(TcpStream.connect("localhost", freePort())));
      report(
          "connect by address",
          () ->
              get(
                  TcpStream.connect(
                      WorkStealingExecutor.shared(), address(freePort()), TcpOptions.defaults())));
      report("bind by name", () -> get(TcpListener.bind("localhost", 0)));
      report(
          "bind by address",
          () ->
              get(
                  TcpListener.bind(
                      WorkStealingExecutor.shared(), address(0), TcpOptions.defaults())));
      report("datagrams bind by name", () -> get(UdpSocket.bind("localhost", 0)));
      report(
          "datagrams bind by address",
          () ->
              get(
                  UdpSocket.bind(
                      WorkStealingExecutor.shared(), address(0), UdpOptions.defaults())));
      report("datagrams connect by name", () -> get(UdpSocket.connect("localhost", freePort())));
      report(
          "datagrams connect by address",
          () ->
              get(
                  UdpSocket.connect(
                      WorkStealingExecutor.shared(),
                      null,
                      address(freePort()),
                      UdpOptions.defaults())));
      report(
          "transport of an executor", () -> Transport.of(WorkStealingExecutor.shared()).toString());
      report("driver auto", () -> with(Transport.AUTO));
      report("driver nio", () -> with(Transport.NIO));
      report("driver epoll", () -> with(Transport.EPOLL));
      report("driver io_uring", () -> with(Transport.IO_URING));
      report(
          "provider",
          () -> closing(WorkStealingExecutor.builder().driver(new SocketDriverProvider()).build()));
      report("tls acceptor", () -> TlsAcceptor.builder() == null ? "nothing" : "works");
      report("tls connector", () -> TlsConnector.builder() == null ? "nothing" : "works");
      System.exit(0);
    }

    private static void report(String what, Callable<String> use) {
      String outcome;
      try {
        outcome = use.call();
      } catch (ExecutionException e) {
        outcome = String.valueOf(e.getCause());
      } catch (Throwable e) {
        outcome = e.toString();
      }
      System.out.println("> " + what + " = " + outcome);
    }

    private static String with(Transport transport) throws Exception {
      closing(NodeExecutor.builder().driver(transport.driver()).build());
      return closing(WorkStealingExecutor.builder().driver(transport.driver()).build());
    }

    private static String closing(AsyncExecutor executor) throws Exception {
      try (executor) {
        return useTasks(executor);
      }
    }

    private static String useTasks(AsyncExecutor executor) throws Exception {
      get(executor.sleep(Duration.ofMillis(1)));
      return get(executor.spawnBlocking(() -> "works"));
    }

    private static String get(Future<?> future) throws Exception {
      return future.get(Net.SECONDS, TimeUnit.SECONDS) instanceof String said ? said : "works";
    }

    private static int freePort() {
      return 1;
    }

    private static InetSocketAddress address(int port) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
  }
}
