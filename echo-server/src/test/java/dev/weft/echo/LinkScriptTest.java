package dev.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image that {@code link} makes serves without the JDK that has made it. */
@EnabledOnOs(OS.LINUX)
class LinkScriptTest {
  /** What the server needs of the tests' class path. */
  private static final Pattern NEEDED =
      Pattern.compile("(async-api|async-http|netty-|slf4j-|commons-cli|jspecify).*\\.jar");

  @TempDir static Path home;

  private static Path image;

  @BeforeAll
  static void link() throws Exception {
    Files.copy(Path.of("link"), home.resolve("link"));
    Path lib = Files.createDirectory(home.resolve("lib"));
    Path natives = Files.createDirectory(home.resolve("native"));
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Path path = Path.of(entry);
      if (path.endsWith("echo-server/target/classes")) {
        StartScriptTest.pack(path, home.resolve("echo-server.jar"), new Manifest());
      } else if (path.endsWith("async-api/target/classes")) {
        StartScriptTest.pack(path, lib.resolve("async-api.jar"), new Manifest());
      } else if (path.endsWith("async-http/target/classes")) {
        StartScriptTest.pack(path, lib.resolve("async-http.jar"), new Manifest());
      } else if (NEEDED.matcher(path.getFileName().toString()).matches()) {
        Files.copy(path, lib.resolve(path.getFileName()));
        unpackNatives(path, natives);
      }
    }
    image = home.resolve("image");
    Process linking = run(home.resolve("link").toString(), image.toString());
    String said = StartScriptTest.text(linking);
    assertThat(linking.waitFor(ServerProcess.SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(linking.exitValue()).as(said).isZero();
  }

  private static void unpackNatives(Path jar, Path folder) throws IOException {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (var entry : file.stream().filter(e -> e.getName().endsWith(".so")).toList()) {
        Files.copy(
            file.getInputStream(entry), folder.resolve(Path.of(entry.getName()).getFileName()));
      }
    }
  }

  private static Process run(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.redirectErrorStream(true).start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void itServesAndEnds(String transport) throws Exception {
    Process server =
        run(
            image.resolve("bin/echo-server").toString(),
            "--port",
            "0",
            "--quiet",
            "--transport",
            transport);
    try {
      String line = server.inputReader().readLine();
      assertThat(line).startsWith("Server listening on 127.0.0.1:");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.getOutputStream().write('x');
        assertThat(client.getInputStream().read()).isEqualTo('x');
      }
      server.toHandle().destroy();
      assertThat(server.waitFor(ServerProcess.SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isZero();
      assertThat(server.inputReader().lines()).isEmpty();
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void itHoldsWhatTheServerNeedsAndNoMore() throws Exception {
    Process listing = run(image.resolve("bin/java").toString(), "--list-modules");
    String modules = StartScriptTest.text(listing);
    assertThat(modules.lines().map(line -> line.replaceFirst("@.*", "")))
        .contains("dev.weft", "dev.weft.echo", "io.netty.transport")
        .doesNotContain("java.desktop", "jdk.compiler", "micrometer.core");
  }

  @Test
  void nothingElseIsOverwritten() throws Exception {
    Path folder = Files.createDirectory(home.resolve("mine"));
    Path file = Files.writeString(folder.resolve("file"), "mine");
    Process linking = run(home.resolve("link").toString(), folder.toString());
    assertThat(StartScriptTest.text(linking)).contains("is no image of the echo server");
    assertThat(linking.waitFor()).isEqualTo(2);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
